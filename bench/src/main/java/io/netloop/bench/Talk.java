package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Users in a chat room, who frame by line. Some talk: each has a number of messages under way and
 * sends the next when one of its own has come back. The others listen.
 *
 * <p>What is received is not parsed, only counted: a line end is a delivery, and a capital letter
 * that nobody else uses is the talker's own message.
 */
final class Talk implements Load {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final String TEXT = "hello everybody in this room, how are you doing today? ";

  private final Connections connections;
  private final MemorySegment buffer;
  private final byte[] heap = new byte[BUFFER_BYTES];
  private final MemorySegment[] messages;

  /**
   * @param talkers how many of the users talk, 1 to 16
   * @param ahead how many messages each has under way
   */
  Talk(int port, int users, int talkers, int ahead) throws IOException {
    connections = new Connections(port, users, Linux.EPOLLIN);
    buffer = connections.memory(BUFFER_BYTES);
    messages = new MemorySegment[talkers];
    login();
    for (int i = 0; i < talkers; i++) {
      messages[i] = line("{\"type\":\"broadcast\",\"message\":\"" + TEXT + mark(i) + "\"}");
      for (int j = 0; j < ahead; j++) {
        connections.sendAll(i, messages[i]);
      }
    }
  }

  /** All come in one after the other; each is answered, and those who came before are told. */
  private void login() throws IOException {
    for (int i = 0; i < connections.size(); i++) {
      connections.sendAll(i, line("{\"type\":\"login\",\"nickname\":\"user-%04d\"}".formatted(i)));
      int lines = i + 1;
      while (lines > 0) {
        lines -= receive(false);
      }
    }
  }

  @Override
  public long run(long nanos) throws IOException {
    long deliveries = 0;
    long end = Clock.nanos() + nanos;
    while (Clock.nanos() < end) {
      deliveries += receive(true);
    }
    return deliveries;
  }

  /** Reads from all where something is to be read, and has the talkers go on; returns the lines. */
  private int receive(boolean talking) throws IOException {
    int lines = 0;
    int events = connections.await();
    for (int event = 0; event < events; event++) {
      int user = connections.connection(event);
      int length = connections.receive(user, buffer);
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, heap, 0, length);
      lines += count(heap, length, (byte) '\n');
      if (talking && user < messages.length) {
        for (int own = count(heap, length, (byte) mark(user)); own > 0; own--) {
          connections.sendAll(user, messages[user]);
        }
      }
    }
    return lines;
  }

  private static int count(byte[] bytes, int length, byte wanted) {
    int count = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == wanted) {
        count++;
      }
    }
    return count;
  }

  private static char mark(int talker) {
    return (char) ('A' + talker);
  }

  private MemorySegment line(String json) {
    byte[] bytes = (json + "\n").getBytes(StandardCharsets.UTF_8);
    return connections.memory(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
