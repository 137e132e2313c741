package io.netloop.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;

/** Sends datagrams back, or counts them and answers an empty one with their number. */
final class VertxDatagrams {
  private static long count;

  private VertxDatagrams() {}

  static void main(String[] args) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    DatagramSocket socket = vertx.createDatagramSocket();
    if (args[0].equals("echo")) {
      socket.handler(
          packet -> socket.send(packet.data(), packet.sender().port(), packet.sender().host()));
    } else {
      socket.handler(packet -> count(socket, packet));
    }
    socket
        .listen(Integer.parseInt(args[1]), "127.0.0.1")
        .onSuccess(bound -> Control.listening(bound.localAddress().port()));
  }

  private static void count(DatagramSocket socket, DatagramPacket packet) {
    if (packet.data().length() > 0) {
      count++;
    } else {
      socket.send(Long.toString(count), packet.sender().port(), packet.sender().host());
    }
  }
}
