package io.netloop.chat;

import io.netloop.loop.Buffer;
import io.netloop.net.Net;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A server that answers each piece of bytes as the test says. */
final class ScriptedServer implements AutoCloseable {
  private final TcpServer server;
  private final Set<TcpSocket> open = new HashSet<>();
  private final int port;

  /**
   * Listens.
   *
   * @param port 0 for any
   * @param answer is told each 'data' event, as the programs of the course are
   */
  ScriptedServer(int port, BiConsumer<TcpSocket, String> answer) {
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    server =
        ClientProbe.onLoop(() -> {
          TcpServer made = Net.createServer();
          made.onConnection(
                  socket -> {
                    open.add(socket);
                    socket
                        .onData(data -> answer.accept(socket, data.toString()))
                        .onError(error -> {})
                        .onClose(cause -> open.remove(socket));
                  })
              .onError(listening::completeExceptionally)
              .listen(
                  port,
                  "127.0.0.1",
                  () -> listening.complete(Objects.requireNonNull(made.address()).port()));
          return made;
        });
    this.port = listening.orTimeout(10, TimeUnit.SECONDS).join();
  }

  int port() {
    return port;
  }

  /** Sends the same to all who are connected. */
  void send(Buffer bytes) {
    ClientProbe.onLoop(() -> {
      open.forEach(socket -> socket.write(bytes));
      return null;
    });
  }

  void send(String text) {
    send(Buffer.from(text));
  }

  /** Goes away with all its connections, as a program that is killed. */
  @Override
  public void close() {
    CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    ClientProbe.onLoop(() -> {
      server.onClose(() -> closed.complete(null)).close();
      Set.copyOf(open).forEach(TcpSocket::resetAndDestroy);
      return null;
    });
    closed.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
