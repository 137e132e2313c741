package io.netloop.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * WebSockets to a server that sends each message to all, who sent it included. Some send: each has
 * one message under way.
 */
final class FanOut {
  private static final int MESSAGE_BYTES = 64;

  private FanOut() {}

  /**
   * Opens them. The first message must reach all, and be nothing but itself.
   *
   * @param senders how many of them send, 1 to 16
   */
  static Crowd open(int port, int count, int senders, Dialect dialect) throws IOException {
    Connections connections = Opening.open(port, count, dialect);
    try {
      List<Utterance> messages = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        messages.add(Utterance.of(connections, dialect.fromClient(Frames.TEXT, payload(i))));
      }
      byte[] wanted = dialect.fromServer(Frames.TEXT, payload(0));
      connections.sendAll(0, messages.getFirst().next());
      Opening.expect(connections, 0, wanted);
      int mark = Arrays.mismatch(wanted, dialect.fromServer(Frames.TEXT, payload(1)));
      Crowd.Delivery delivery = new Crowd.Delivery(wanted.length, mark);
      Hearing hearing = new Hearing(connections, Units.FRAMES);
      return new Crowd(connections, hearing, messages, 1, delivery, new byte[0]);
    } catch (IOException e) {
      connections.close();
      throw e;
    }
  }

  private static byte[] payload(int sender) {
    byte[] payload = Frames.payload(MESSAGE_BYTES);
    payload[MESSAGE_BYTES - 1] = (byte) Crowd.mark(sender);
    return payload;
  }
}
