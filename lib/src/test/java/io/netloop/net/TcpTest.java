package io.netloop.net;

import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all tests over real sockets need. What they open is closed after each. */
@ExtendWith(NothingLeaks.class)
abstract class TcpTest {
  final Loop loop = Loop.current();
  private final List<TcpServer> servers = Collections.synchronizedList(new ArrayList<>());
  private final List<TcpSocket> sockets = Collections.synchronizedList(new ArrayList<>());

  /** The two ends of one connection. */
  record Pair(TcpSocket client, TcpSocket accepted) {}

  @AfterEach
  void closeWhatIsOpen() {
    servers.forEach(TcpServer::close);
    sockets.forEach(TcpSocket::destroy);
  }

  /** A server that listens on a free port of the loopback address. */
  TcpServer listen(Consumer<TcpSocket> onConnection) {
    return listen(TcpOptions.defaults(), onConnection);
  }

  TcpServer listen(TcpOptions options, Consumer<TcpSocket> onConnection) {
    TcpServer server =
        Net.createServer(
            options,
            socket -> {
              sockets.add(socket);
              onConnection.accept(socket);
            });
    return listen(server, "127.0.0.1");
  }

  TcpServer listen(TcpServer server, String host) {
    closedLater(server).listen(0, host);
    await().until(server::listening);
    return server;
  }

  TcpServer closedLater(TcpServer server) {
    servers.add(server);
    return server;
  }

  TcpSocket closedLater(TcpSocket socket) {
    sockets.add(socket);
    return socket;
  }

  static int port(TcpServer server) {
    return server.address().port();
  }

  /** A connection to the server that is made, and listened to, on the loop. */
  TcpSocket connect(TcpServer server, Consumer<TcpSocket> listen) {
    return connect(server, TcpOptions.defaults(), listen);
  }

  TcpSocket connect(TcpServer server, TcpOptions options, Consumer<TcpSocket> listen) {
    ConnectOptions to = ConnectOptions.port(port(server)).withHost("127.0.0.1").withSocket(options);
    return onLoop(() -> {
      TcpSocket socket = closedLater(Net.createConnection(to));
      listen.accept(socket);
      return socket;
    });
  }

  TcpSocket connect(TcpServer server) {
    return connect(server, socket -> {});
  }

  /** Both ends of a new connection, once it is there. */
  Pair pair(TcpOptions clients, TcpOptions servers) {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    TcpServer server = listen(servers, accepted::complete);
    TcpSocket client = connect(server, clients, socket -> {});
    Pair pair = new Pair(client, accepted.orTimeout(5, TimeUnit.SECONDS).join());
    await().until(() -> !client.pending());
    return pair;
  }

  Pair pair() {
    return pair(TcpOptions.defaults(), TcpOptions.defaults());
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
    return result.orTimeout(5, TimeUnit.SECONDS).join();
  }

  void onLoop(Runnable work) {
    onLoop(() -> {
      work.run();
      return null;
    });
  }

  /** Waits until the loop has dealt with what is on its way to it now. */
  void settle() {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> turned = new CompletableFuture<>();
      loop.execute(() -> loop.setImmediate(() -> loop.setImmediate(() -> turned.complete(null))));
      turned.orTimeout(5, TimeUnit.SECONDS).join();
    }
  }

  static Buffer bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return Buffer.from(bytes);
  }
}
