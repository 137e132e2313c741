package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** What comes on connections, cut into whole messages however it was split. For one thread. */
final class Hearing {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final byte[] NOTHING = {};

  private final Connections connections;
  private final Units units;
  private final MemorySegment buffer;
  private byte[] heap = new byte[BUFFER_BYTES];
  private final byte[][] rests;

  /** Told of each message: its bytes are in the array until it returns. */
  interface Listener {
    void heard(int connection, byte[] bytes, int from, int to) throws IOException;
  }

  Hearing(Connections connections, Units units) {
    this.connections = connections;
    this.units = units;
    buffer = connections.memory(BUFFER_BYTES);
    rests = new byte[connections.size()][];
    Arrays.fill(rests, NOTHING);
  }

  /** Waits until something has come, and hears it. */
  void await(Listener listener) throws IOException {
    int events = connections.await();
    for (int event = 0; event < events; event++) {
      receive(connections.connection(event), listener);
    }
  }

  /** Hears what has come on a connection; what is incomplete is kept for the next time. */
  void receive(int connection, Listener listener) throws IOException {
    byte[] rest = rests[connection];
    int length = connections.receive(connection, buffer);
    int to = rest.length + length;
    if (heap.length < to) {
      heap = new byte[to];
    }
    System.arraycopy(rest, 0, heap, 0, rest.length);
    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, heap, rest.length, length);
    int from = 0;
    for (int end = units.end(heap, 0, to); end > 0; end = units.end(heap, from, to)) {
      listener.heard(connection, heap, from, end);
      from = end;
    }
    rests[connection] = from == to ? NOTHING : Arrays.copyOfRange(heap, from, to);
  }
}
