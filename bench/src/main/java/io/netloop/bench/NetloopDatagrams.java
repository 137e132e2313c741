package io.netloop.bench;

import io.netloop.dgram.Dgram;
import io.netloop.dgram.UdpSocket;

/** Sends datagrams back, or counts them and answers an empty one with their number. */
final class NetloopDatagrams {
  private static long count;

  private NetloopDatagrams() {}

  static void main(String[] args) {
    UdpSocket socket = Dgram.createSocket("udp4");
    if (args[0].equals("echo")) {
      socket.onMessage((message, remote) -> socket.send(message, remote.port(), remote.host()));
    } else {
      socket.onMessage((message, remote) -> {
        if (message.length() > 0) {
          count++;
        } else {
          socket.send(Long.toString(count), remote.port(), remote.host());
        }
      });
    }
    socket.bind(
        Integer.parseInt(args[1]), "127.0.0.1", () -> Control.listening(socket.address().port()));
  }
}
