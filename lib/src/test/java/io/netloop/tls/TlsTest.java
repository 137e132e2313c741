package io.netloop.tls;

import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.ConnectOptions;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all tests of TLS over real sockets need. What they open is closed after each. */
@ExtendWith(NothingLeaks.class)
abstract class TlsTest {
  static final TestCertificates CERTIFICATES = TestCertificates.SHARED;
  static final KeyAndChain SERVER = CERTIFICATES.server();

  final Loop loop = Loop.current();
  private final List<TlsServer> servers = Collections.synchronizedList(new ArrayList<>());
  private final List<TcpSocket> sockets = Collections.synchronizedList(new ArrayList<>());

  /** What the server's 'tlsClientError' listener was told. */
  final List<NetException> refused = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeWhatIsOpen() {
    servers.forEach(TlsServer::close);
    sockets.forEach(TcpSocket::destroy);
  }

  /** The two ends of one connection. */
  record Pair(TcpSocket client, TcpSocket accepted) {}

  /** How a client's connection came out: there, or with an error. */
  record Outcome(TcpSocket socket, NetException error, CloseCause cause) {}

  static TlsOptions serverOptions(TlsProvider provider) {
    return TlsOptions.of(SERVER).withProvider(provider);
  }

  static TlsOptions clientOptions(TlsProvider provider) {
    return TlsOptions.client().withCa(List.of(CERTIFICATES.authority)).withProvider(provider);
  }

  TlsServer listen(TlsOptions options, Consumer<TcpSocket> onSecureConnection) {
    return listen(
        Tls.createServer(options)
            .onSecureConnection(socket -> {
              sockets.add(socket);
              socket.onError(error -> {});
              onSecureConnection.accept(socket);
            }));
  }

  TlsServer listen(TlsServer server) {
    servers.add(server);
    server.tcp().onConnection(sockets::add);
    server.onTlsClientError((error, socket) -> refused.add(error));
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
    return server;
  }

  static int port(TlsServer server) {
    return server.address().port();
  }

  TcpSocket closedLater(TcpSocket socket) {
    sockets.add(socket);
    return socket;
  }

  /** A connection that is made, and listened to, on the loop. */
  TcpSocket connect(TlsServer server, TlsOptions options, Consumer<TcpSocket> listen) {
    return connect(port(server), options, TcpOptions.defaults(), listen);
  }

  TcpSocket connect(int port, TlsOptions options, TcpOptions tcp, Consumer<TcpSocket> listen) {
    ConnectOptions to =
        ConnectOptions.port(port).withHost("localhost").withFamily(4).withSocket(tcp);
    return onLoop(() -> {
      TcpSocket socket = closedLater(Tls.connect(to, options));
      listen.accept(socket);
      return socket;
    });
  }

  /** Connects, and waits for 'secureConnect' or 'close'. */
  Outcome outcome(TlsServer server, TlsOptions options) {
    return outcome(port(server), options);
  }

  Outcome outcome(int port, TlsOptions options) {
    CompletableFuture<Outcome> done = new CompletableFuture<>();
    connect(
        port,
        options,
        TcpOptions.defaults(),
        socket ->
            socket
                .onSecureConnect(() -> done.complete(new Outcome(socket, null, null)))
                .onError(error -> {})
                .onClose(why -> done.complete(new Outcome(socket, why.error(), why))));
    return join(done);
  }

  /** Both ends of a connection whose handshake is done. */
  Pair pair(TlsOptions servers, TlsOptions clients, TcpOptions tcp) {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    CompletableFuture<TcpSocket> connected = new CompletableFuture<>();
    TlsServer server =
        listen(
            new TlsServer(servers, tcp)
                .onSecureConnection(socket -> {
                  socket.onError(error -> {});
                  accepted.complete(socket);
                }));
    connect(
        port(server),
        clients,
        tcp,
        socket ->
            socket
                .onSecureConnect(() -> connected.complete(socket))
                .onError(connected::completeExceptionally));
    return new Pair(join(connected), join(accepted));
  }

  Pair pair(TlsProvider provider) {
    return pair(serverOptions(provider), clientOptions(provider), TcpOptions.defaults());
  }

  static <T> T join(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** All that a socket reads until its end. */
  static CompletableFuture<String> all(TcpSocket socket) {
    StringBuilder text = new StringBuilder();
    CompletableFuture<String> done = new CompletableFuture<>();
    socket.onData(text::append).onEnd(() -> done.complete(text.toString()));
    socket.onClose(why -> done.complete(text + " [closed: " + why + "]"));
    return done;
  }

  <T> T onLoop(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        result.complete(work.call());
      } catch (Throwable failure) {
        result.completeExceptionally(failure);
      }
    });
    return join(result);
  }

  void onLoop(Runnable work) {
    onLoop(() -> {
      work.run();
      return null;
    });
  }

  static Buffer bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return Buffer.from(bytes);
  }
}
