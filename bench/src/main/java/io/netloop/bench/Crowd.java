package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Connections that all get what each of some says: these are the first of them, and each has a
 * number of messages under way and says the next when one of its own has come back.
 *
 * <p>What is delivered is equally long each time. So at those who only listen its bytes are
 * counted, and dropped in the kernel. At those who talk it is cut into messages; a capital letter
 * at a place that is always the same tells whose one is. Messages of another length, such as
 * receipts, are no deliveries.
 */
final class Crowd implements Load {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Shorter than a server waits for a sign of life. */
  private static final long LIFE_NANOS = 20 * Clock.SECOND;

  /**
   * What reaches each when somebody has said something.
   *
   * @param bytes how long it is
   * @param mark where in it the letter of who said it is
   */
  record Delivery(int bytes, int mark) {}

  private final Connections connections;
  private final Hearing hearing;
  private final List<Utterance> talkers;
  private final Delivery delivery;
  private final MemorySegment lifeSign;
  private final MemorySegment buffer;
  private long listenedBytes;
  private long heard;
  private long lifeSigned = Clock.nanos();

  /**
   * Begins to talk.
   *
   * @param hearing cuts what those who talk receive
   * @param talkers what each of them says, 1 to 16
   * @param ahead how many messages each has under way
   * @param lifeSign what each sends now and then so as not to be taken for dead; perhaps nothing
   */
  Crowd(
      Connections connections,
      Hearing hearing,
      List<Utterance> talkers,
      int ahead,
      Delivery delivery,
      byte[] lifeSign)
      throws IOException {
    this.connections = connections;
    this.hearing = hearing;
    this.talkers = talkers;
    this.delivery = delivery;
    this.lifeSign = Opening.copy(connections, lifeSign);
    buffer = connections.memory(BUFFER_BYTES);
    for (int talker = 0; talker < talkers.size(); talker++) {
      for (int i = 0; i < ahead; i++) {
        connections.sendAll(talker, talkers.get(talker).next());
      }
    }
  }

  /** The letter of a talker. */
  static char mark(int talker) {
    return (char) ('A' + talker);
  }

  @Override
  public long run(long nanos) throws IOException {
    listenedBytes = 0;
    heard = 0;
    long now = Clock.nanos();
    long end = now + nanos;
    // On a machine that is busy with others, a short time may pass before anything is delivered.
    while (now < end || deliveries() == 0) {
      int events = connections.await();
      for (int event = 0; event < events; event++) {
        int connection = connections.connection(event);
        if (connection < talkers.size()) {
          hearing.receive(connection, this::heard);
        } else {
          listenedBytes += connections.drop(connection, buffer);
        }
      }
      now = Clock.nanos();
      if (now - lifeSigned > LIFE_NANOS) {
        lifeSigned = now;
        signLife();
      }
    }
    return deliveries();
  }

  private long deliveries() {
    return heard + listenedBytes / delivery.bytes;
  }

  private void heard(int talker, byte[] bytes, int from, int to) throws IOException {
    if (to - from == delivery.bytes) {
      heard++;
      if (bytes[from + delivery.mark] == mark(talker)) {
        connections.sendAll(talker, talkers.get(talker).next());
      }
    }
  }

  private void signLife() throws IOException {
    if (lifeSign.byteSize() > 0) {
      for (int i = 0; i < connections.size(); i++) {
        connections.sendAll(i, lifeSign);
      }
    }
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
