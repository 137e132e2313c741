package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * WebSockets to a server that sends each message to all, who sent it included. Some send: each has
 * one message under way and sends the next when its own has come back. The others listen.
 *
 * <p>All messages are equally long, so their bytes are counted and, at those who listen, dropped in
 * the kernel. At a sender a capital letter that nobody else uses is its own message.
 */
final class FanOut implements Load {
  private static final int MESSAGE_BYTES = 64;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Connections connections;
  private final MemorySegment buffer;
  private final byte[] heap = new byte[BUFFER_BYTES];
  private final MemorySegment[] messages;
  private final int frameBytes;

  /**
   * @param senders how many of them send, 1 to 16
   */
  FanOut(int port, int count, int senders) throws IOException {
    connections = Opening.open(port, count);
    buffer = connections.memory(BUFFER_BYTES);
    messages = new MemorySegment[senders];
    frameBytes = Frames.fromServer(Frames.TEXT, payload(0)).length;
    for (int i = 0; i < senders; i++) {
      messages[i] = Opening.copy(connections, Frames.fromClient(Frames.TEXT, payload(i)));
    }
    // The first must reach all, and be nothing but itself.
    connections.sendAll(0, messages[0]);
    Opening.expect(connections, 0, Frames.fromServer(Frames.TEXT, payload(0)));
    for (int i = 0; i < senders; i++) {
      connections.sendAll(i, messages[i]);
    }
  }

  @Override
  public long run(long nanos) throws IOException {
    long bytes = 0;
    long end = Clock.nanos() + nanos;
    while (Clock.nanos() < end) {
      int events = connections.await();
      for (int event = 0; event < events; event++) {
        int connection = connections.connection(event);
        bytes +=
            connection < messages.length ? goOn(connection) : connections.drop(connection, buffer);
      }
    }
    return bytes / frameBytes;
  }

  /** Reads what a sender got, and sends its next message if its own was there. */
  private int goOn(int sender) throws IOException {
    int length = connections.receive(sender, buffer);
    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, heap, 0, length);
    byte own = (byte) mark(sender);
    for (int i = 0; i < length; i++) {
      if (heap[i] == own) {
        connections.sendAll(sender, messages[sender]);
      }
    }
    return length;
  }

  /** No byte of a frame's head is a capital letter: the length is 64, which is {@code @}. */
  private static byte[] payload(int sender) {
    byte[] payload = Frames.payload(MESSAGE_BYTES);
    payload[MESSAGE_BYTES - 1] = (byte) mark(sender);
    return payload;
  }

  private static char mark(int sender) {
    return (char) ('A' + sender);
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
