package io.netloop.tls;

import io.netloop.engine.SocketAccess;
import io.netloop.loop.NetException;
import io.netloop.net.ConnectOptions;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * TLS over TCP: servers and connections, as Node's module {@code tls}, for any protocol above it.
 * <i>Thread-safe.</i>
 *
 * <pre>{@code
 * var tls = TlsOptions.pem(Path.of("server.pem"), Path.of("server.key"));
 * Tls.createServer(tls, socket -> socket.pipe(socket)).listen(8000);
 * }</pre>
 *
 * @see <a href="https://nodejs.org/api/tls.html">Node: tls</a>
 */
public final class Tls {
  private static final SocketAccess<TcpSocket> SOCKETS = SocketAccess.of(TcpSocket.class);

  private Tls() {}

  /**
   * A server that does not listen yet.
   *
   * @throws NetException where TLS can't be set up with these options
   */
  public static TlsServer createServer(TlsOptions options) {
    return new TlsServer(options, TcpOptions.defaults());
  }

  /** A server that does not listen yet, and a 'secureConnection' listener for it. */
  public static TlsServer createServer(TlsOptions options, Consumer<TcpSocket> onSecureConnection) {
    return createServer(options).onSecureConnection(onSecureConnection);
  }

  /** Begins to connect; the server's certificate must be for this host, and be trusted. */
  public static TcpSocket connect(int port, String host) {
    return connect(port, host, TlsOptions.client());
  }

  /** As {@link #connect(int, String)}; the listener is told once, at 'secureConnect'. */
  public static TcpSocket connect(int port, String host, Consumer<TcpSocket> onSecureConnect) {
    return connect(port, host, TlsOptions.client(), onSecureConnect);
  }

  /** As {@link #connect(int, String)}, with rules of its own. */
  public static TcpSocket connect(int port, String host, TlsOptions options) {
    return connect(ConnectOptions.port(port).withHost(host), options);
  }

  /** As {@link #connect(int, String, TlsOptions)}, with a listener that is told once. */
  public static TcpSocket connect(
      int port, String host, TlsOptions options, Consumer<TcpSocket> onSecureConnect) {
    return connect(ConnectOptions.port(port).withHost(host), options, onSecureConnect);
  }

  /** Begins to connect. */
  public static TcpSocket connect(ConnectOptions to, TlsOptions options) {
    return connect(to, options, socket -> {});
  }

  /** Begins to connect; the listener is told once, when the connection is encrypted. */
  public static TcpSocket connect(
      ConnectOptions to, TlsOptions options, Consumer<TcpSocket> onSecureConnect) {
    TcpSocket socket = new TcpSocket(to.socket());
    SOCKETS.encrypt(socket, () -> new ClientLink(options, to.host(), to.port()));
    return socket.onSecureConnect(() -> onSecureConnect.accept(socket)).connect(to);
  }

  /**
   * Encrypts a connection that is there, as its client: after a protocol's own word for it
   * (STARTTLS), or at the end of a proxy's tunnel. Nothing may be queued on it, and nothing that
   * has come may wait on it to be read; what its listeners are told from now on was decrypted. What
   * stands behind the peer's go-ahead in the same piece of data was not encrypted: a program must
   * refuse it, since anybody in between could have added it (CVE-2011-0411).
   *
   * @param host whom the certificate must be for
   * @param onSecureConnect told once, when it is encrypted. Where it can't be, the socket's 'error'
   *     is: {@code ERR_SOCKET_CLOSED} for one that is not connected or encrypted already, {@code
   *     ERR_INVALID_STATE} where something is queued or unread, or what the handshake has failed
   *     with
   */
  public static TcpSocket connect(
      TcpSocket socket, String host, TlsOptions options, Consumer<TcpSocket> onSecureConnect) {
    socket.onSecureConnect(() -> onSecureConnect.accept(socket));
    SOCKETS.encryptNow(socket, () -> new ClientLink(options, host, socket.remotePort()));
    return socket;
  }

  /**
   * What is wrong with a certificate for this host, or null: what clients ask where nothing else is
   * said.
   */
  public static @Nullable NetException checkServerIdentity(
      String host, X509Certificate certificate) {
    return HostCheck.check(host, certificate);
  }
}
