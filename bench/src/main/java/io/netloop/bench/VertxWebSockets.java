package io.netloop.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.LinkedHashSet;
import java.util.Set;

/** Sends each message back, or to all in a loop, on one event loop and epoll. */
final class VertxWebSockets {
  private VertxWebSockets() {}

  static void main(String[] args) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    HttpServer server = vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true));
    if (args[0].equals("echo")) {
      server.webSocketHandler(VertxWebSockets::echo);
    } else {
      // There is one loop, so nobody else touches it.
      Set<ServerWebSocket> all = new LinkedHashSet<>();
      server.webSocketHandler(socket -> join(all, socket));
    }
    server
        .listen(Integer.parseInt(args[1]), "127.0.0.1")
        .onSuccess(listening -> Control.listening(listening.actualPort()));
  }

  private static void echo(ServerWebSocket socket) {
    socket.textMessageHandler(socket::writeTextMessage);
    socket.binaryMessageHandler(socket::writeBinaryMessage);
  }

  private static void join(Set<ServerWebSocket> all, ServerWebSocket socket) {
    all.add(socket);
    socket.closeHandler(closed -> all.remove(socket));
    socket.textMessageHandler(text -> all.forEach(each -> each.writeTextMessage(text)));
  }
}
