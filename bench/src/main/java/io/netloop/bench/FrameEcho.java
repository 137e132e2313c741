package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@link PingPong} over WebSockets: each sends a message, waits until all of it has come back, and
 * sends the next. The first answer of each is compared; of the others the bytes are counted.
 */
final class FrameEcho implements Load {
  private static final int MOST_BYTES = 64 * 1024;

  private final Connections connections;
  private final MemorySegment message;
  private final MemorySegment most;
  private final int answerBytes;
  private final int[] missing;

  /**
   * @param opcode text or binary
   * @param length of a message, in bytes
   */
  FrameEcho(int port, int count, Dialect dialect, int opcode, int length) throws IOException {
    connections = Opening.open(port, count, dialect);
    byte[] payload = Frames.payload(length);
    Opening.echo(connections, 0, dialect, opcode, payload);
    message = Opening.copy(connections, dialect.fromClient(opcode, payload));
    most = connections.memory(MOST_BYTES);
    answerBytes = dialect.fromServer(opcode, payload).length;
    missing = new int[count];
    Arrays.fill(missing, answerBytes);
    for (int i = 0; i < count; i++) {
      connections.sendAll(i, message);
    }
  }

  @Override
  public long run(long nanos) throws IOException {
    long messages = 0;
    long end = Clock.nanos() + nanos;
    while (Clock.nanos() < end) {
      int events = connections.await();
      for (int event = 0; event < events; event++) {
        int connection = connections.connection(event);
        missing[connection] -= connections.drop(connection, most);
        if (missing[connection] <= 0) {
          if (missing[connection] < 0) {
            throw new IOException("it sent more than was asked for");
          }
          missing[connection] = answerBytes;
          connections.sendAll(connection, message);
          messages++;
        }
      }
    }
    return messages;
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
