package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Each connection sends a message, waits until all of it has come back, and sends the next. */
final class PingPong implements Load {
  private static final int MESSAGE_BYTES = 64;
  private static final int BUFFER_BYTES = 4096;

  private final Connections connections;
  private final MemorySegment message;
  private final MemorySegment buffer;
  private final int[] missing;

  PingPong(int port, int count) throws IOException {
    connections = new Connections(port, count, Linux.EPOLLIN);
    message = connections.memory(MESSAGE_BYTES).fill((byte) 'x');
    buffer = connections.memory(BUFFER_BYTES);
    missing = new int[count];
    Arrays.fill(missing, MESSAGE_BYTES);
    for (int i = 0; i < count; i++) {
      connections.sendAll(i, message);
    }
  }

  @Override
  public long run(long nanos) throws IOException {
    long requests = 0;
    long end = Clock.nanos() + nanos;
    while (Clock.nanos() < end) {
      int events = connections.await();
      for (int event = 0; event < events; event++) {
        int connection = connections.connection(event);
        missing[connection] -= connections.receive(connection, buffer);
        if (missing[connection] == 0) {
          missing[connection] = MESSAGE_BYTES;
          connections.sendAll(connection, message);
          requests++;
        }
      }
    }
    return requests;
  }

  /** One message on every connection, and its answer. */
  static void once(Connections connections, int from) throws IOException {
    MemorySegment bytes = connections.memory(MESSAGE_BYTES);
    for (int i = from; i < connections.size(); i++) {
      connections.sendAll(i, bytes);
    }
    long left = (long) (connections.size() - from) * MESSAGE_BYTES;
    while (left > 0) {
      int events = connections.await();
      for (int event = 0; event < events; event++) {
        left -= connections.receive(connections.connection(event), bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
