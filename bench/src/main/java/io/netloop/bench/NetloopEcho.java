package io.netloop.bench;

import io.netloop.net.HostPort;
import io.netloop.net.Net;
import io.netloop.net.TcpServer;
import java.util.Objects;

/** Sends back what comes, by {@code pipe} or by {@code write}. */
final class NetloopEcho {
  private NetloopEcho() {}

  static void main(String[] args) {
    TcpServer server =
        args[0].equals("pipe")
            ? Net.createServer(socket -> socket.pipe(socket))
            : Net.createServer(socket -> socket.onData(socket::write));
    server.listen(
        Integer.parseInt(args[1]),
        "127.0.0.1",
        () -> {
          HostPort address = Objects.requireNonNull(server.address());
          Control.listening(address.port());
        });
  }
}
