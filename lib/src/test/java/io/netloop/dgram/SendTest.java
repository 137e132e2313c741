package io.netloop.dgram;

import org.junit.jupiter.api.Test;

/** Sending and receiving. */
class SendTest extends UdpTest {
  @Test
  void aDatagramIsReceivedAndAnswered() {
    UdpSocket server =
        bound(socket ->
            socket.onMessage((message, remote) -> {
              log.add("server got " + message);
              socket.send("world", remote.port(), remote.host());
            }));
    UdpSocket client = socket(logged("client"));

    client.send("hello", port(server), LOCALHOST);

    awaitLog("server got hello", "client: world");
  }
}
