package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * One connection sends as fast as the server takes it, and reads all that comes back. What has come
 * is dropped in the kernel, so that the generator copies half as much as the server.
 */
final class Bulk implements Load {
  private static final int WRITE_BYTES = 64 * 1024;
  private static final int READ_BYTES = 1024 * 1024;

  private final Connections connections;
  private final MemorySegment bytes;
  private final MemorySegment buffer;

  Bulk(int port) throws IOException {
    connections = new Connections(port, 1, Linux.EPOLLIN | Linux.EPOLLOUT);
    bytes = connections.memory(WRITE_BYTES).fill((byte) 'x');
    buffer = connections.memory(READ_BYTES);
  }

  @Override
  public long run(long nanos) throws IOException {
    long received = 0;
    long end = Clock.nanos() + nanos;
    while (Clock.nanos() < end) {
      connections.await();
      int happened = connections.happened(0);
      if ((happened & Linux.EPOLLIN) != 0) {
        received += connections.drop(0, buffer);
      }
      if ((happened & Linux.EPOLLOUT) != 0) {
        connections.send(0, bytes, WRITE_BYTES);
      }
    }
    return received;
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
