package io.netloop.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;

/** Sends back what comes, by {@code pipeTo} or by {@code write}, on one event loop and epoll. */
final class VertxEcho {
  private VertxEcho() {}

  static void main(String[] args) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    NetServer server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true));
    if (args[0].equals("pipe")) {
      server.connectHandler(socket -> socket.pipeTo(socket));
    } else {
      server.connectHandler(socket -> socket.handler(socket::write));
    }
    server
        .listen(Integer.parseInt(args[1]), "127.0.0.1")
        .onSuccess(listening -> Control.listening(listening.actualPort()));
  }
}
