package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Connections to one server, numbered from 0 and polled together. For one thread. */
final class Connections implements AutoCloseable {
  /** More than one own address has ports for, by the system's default. */
  private static final int PER_ADDRESS = 5_000;

  private static final int EVENTS = 1024;
  private static final int PATIENCE_MILLIS = 10_000;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment events = arena.allocate((long) EVENTS * Linux.EVENT_BYTES);
  private final int epoll = Linux.epoll();
  private final int interest;
  private int[] descriptors = new int[64];
  private int size;

  /**
   * @param interest {@code EPOLLIN}, {@code EPOLLOUT} or both
   */
  Connections(int port, int count, int interest) throws IOException {
    this.interest = interest;
    open(port, count);
  }

  /** Opens more of them. */
  void open(int port, int count) throws IOException {
    descriptors = Arrays.copyOf(descriptors, Math.max(descriptors.length, size + count));
    for (int i = 0; i < count; i++) {
      if (!tryOpen(port)) {
        throw new IOException("nobody listens on port " + port);
      }
    }
  }

  /** Opens one more; returns false where nobody listens. */
  boolean tryOpen(int port) throws IOException {
    int fd = Linux.connect(port, 1 + size / PER_ADDRESS);
    if (fd < 0) {
      return false;
    }
    Linux.watch(epoll, fd, interest, size);
    descriptors[size++] = fd;
    return true;
  }

  int size() {
    return size;
  }

  /** Memory for what is sent and received, as long as the connections live. */
  MemorySegment memory(int bytes) {
    return arena.allocate(bytes);
  }

  /**
   * Waits until something happens.
   *
   * @return how many events there are
   * @throws IOException if nothing happens for ten seconds
   */
  int await() throws IOException {
    int count = Linux.await(epoll, events, PATIENCE_MILLIS);
    if (count == 0) {
      throw new IOException("the server has said nothing for ten seconds");
    }
    return count;
  }

  /** The number of the connection that an event is about. */
  int connection(int event) {
    return (int)
        events.get(
            ValueLayout.JAVA_LONG_UNALIGNED, (long) event * Linux.EVENT_BYTES + Linux.EVENT_DATA);
  }

  /** What has happened: {@code EPOLLIN}, {@code EPOLLOUT} or both. */
  int happened(int event) {
    return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) event * Linux.EVENT_BYTES);
  }

  /** Sends what the system takes now; returns how many bytes that are. */
  int send(int connection, MemorySegment bytes, int length) throws IOException {
    return Linux.send(descriptors[connection], bytes, length);
  }

  /** Sends a message that is small enough to be taken at once. */
  void sendAll(int connection, MemorySegment message) throws IOException {
    int length = (int) message.byteSize();
    if (send(connection, message, length) != length) {
      throw new IOException("the server does not read");
    }
  }

  /** Receives what is there; returns how many bytes that are. */
  int receive(int connection, MemorySegment into) throws IOException {
    return Linux.receive(descriptors[connection], into, 0);
  }

  /** Drops what is there without a copy; returns how many bytes that were. */
  int drop(int connection, MemorySegment most) throws IOException {
    return Linux.receive(descriptors[connection], most, Linux.MSG_TRUNC);
  }

  @Override
  public void close() throws IOException {
    for (int i = 0; i < size; i++) {
      Linux.close(descriptors[i]);
    }
    Linux.close(epoll);
    arena.close();
  }
}
