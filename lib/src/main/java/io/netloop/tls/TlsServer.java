package io.netloop.tls;

import io.netloop.engine.ServerAccess;
import io.netloop.loop.NetException;
import io.netloop.net.DrainReport;
import io.netloop.net.HostPort;
import io.netloop.net.ListenOptions;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP server whose connections are encrypted. <i>Loop-confined:</i> its listeners run on the loop
 * that it was made on; its methods may be called from any thread.
 *
 * <p>A connection costs next to nothing before the client has said which certificate it wants, and
 * the time of its whole handshake is bounded. What else may come in, {@link #tcp} knows: how many,
 * from where, and how fast.
 *
 * @see <a href="https://nodejs.org/api/tls.html#class-tlsserver">Node: tls.Server</a>
 */
public final class TlsServer {
  private static final ServerAccess<TcpServer> SERVERS = ServerAccess.of(TcpServer.class);

  private final TcpServer tcp;
  private final Hosts hosts;
  private final HandshakeCount handshakes = new HandshakeCount();
  private final boolean http;

  /**
   * A server that does not listen yet.
   *
   * @throws NetException where TLS can't be set up with these options
   */
  public TlsServer(TlsOptions options, TcpOptions tcp) {
    this(options, tcp, false);
  }

  /**
   * As {@link #TlsServer(TlsOptions, TcpOptions)}.
   *
   * @param http whether a client that speaks plain HTTP is told so in HTTP
   */
  public TlsServer(TlsOptions options, TcpOptions tcp, boolean http) {
    this.hosts = new Hosts(options);
    this.http = http;
    this.tcp = new TcpServer(tcp);
    SERVERS.encrypt(this.tcp, () -> new ServerLink(this));
    this.tcp.onListening(hosts::listening);
  }

  Hosts hosts() {
    return hosts;
  }

  HandshakeCount handshakes() {
    return handshakes;
  }

  boolean speaksHttp() {
    return http;
  }

  /** The server of connections beneath: all that {@code net} offers holds for it. */
  public TcpServer tcp() {
    return tcp;
  }

  // Listening

  /** Listens on this port of all addresses, both families; 0 has the system choose one. */
  public TlsServer listen(int port) {
    return listen(ListenOptions.port(port), () -> {});
  }

  /** Listens on this port of all addresses, both families; the listener is told once. */
  public TlsServer listen(int port, Runnable listener) {
    return listen(ListenOptions.port(port), listener);
  }

  /** Listens on this port of one address; a name is resolved first. */
  public TlsServer listen(int port, String host) {
    return listen(ListenOptions.port(port).withHost(host), () -> {});
  }

  /** Listens on this port of one address; the listener is told once. */
  public TlsServer listen(int port, String host, Runnable listener) {
    return listen(ListenOptions.port(port).withHost(host), listener);
  }

  /** Listens; see {@link TcpServer#listen(ListenOptions, Runnable)}. */
  public TlsServer listen(ListenOptions where, Runnable listener) {
    tcp.listen(where, listener);
    return this;
  }

  /** Whether it listens: true from 'listening' on. */
  public boolean listening() {
    return tcp.listening();
  }

  /** Where it listens; null before 'listening' and after {@link #close()}. */
  public @Nullable HostPort address() {
    return tcp.address();
  }

  /** Accepts no more; see {@link TcpServer#close()}. */
  public TlsServer close() {
    tcp.close();
    return this;
  }

  /** As {@link #close()}; the listener is told once at 'close'. */
  public TlsServer close(Consumer<@Nullable NetException> listener) {
    tcp.close(listener);
    return this;
  }

  /** Closes politely within a time; see {@link TcpServer#drain(Duration)}. */
  public CompletableFuture<DrainReport> drain(Duration within) {
    return tcp.drain(within);
  }

  // Certificates

  /**
   * Has these options hold for new connections; those that are open go on with the old ones. So do
   * the old sources of certificates, which other servers may have as well: who has no more use for
   * {@linkplain TlsOptions#sources() them} {@linkplain CertificateSource#close() closes} them.
   *
   * @throws NetException where TLS can't be set up with them: then the old ones stay
   */
  public TlsServer setSecureContext(TlsOptions options) {
    hosts.replace(options);
    return this;
  }

  /**
   * Has these options hold for clients that ask for this name; see {@link TlsOptions#withContext}.
   */
  public TlsServer addContext(String servername, TlsOptions options) {
    hosts.add(servername, options);
    return this;
  }

  /**
   * Where the certificates of new connections come from: the options' sources, and those of the
   * names that were added. Any thread.
   */
  public List<CertificateSource> sources() {
    return hosts.sources();
  }

  // Listeners

  /** A connection's handshake is done: from now on bytes go. */
  public TlsServer onSecureConnection(Consumer<TcpSocket> listener) {
    tcp.onSecureConnection(listener);
    return this;
  }

  /** A connection's handshake has failed, and the connection is closed. */
  public TlsServer onTlsClientError(BiConsumer<NetException, TcpSocket> listener) {
    tcp.onTlsClientError(listener);
    return this;
  }

  /** It listens; {@link #address} is known. */
  public TlsServer onListening(Runnable listener) {
    tcp.onListening(listener);
    return this;
  }

  /** Listening or accepting failed. No 'close' follows; the server may listen again. */
  public TlsServer onError(Consumer<NetException> listener) {
    tcp.onError(listener);
    return this;
  }

  /** After {@link #close()}: it no longer listens, and its last connection has closed. */
  public TlsServer onClose(Runnable listener) {
    tcp.onClose(listener);
    return this;
  }

  /** Takes out a listener that was added to any event, the same object. */
  public TlsServer off(Object listener) {
    tcp.off(listener);
    return this;
  }

  /** Its handshakes so far. Any thread. */
  public TlsStats stats() {
    return handshakes.stats();
  }

  @Override
  public String toString() {
    return "TlsServer " + (address() == null ? "not listening" : address());
  }
}
