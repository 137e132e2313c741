package io.netloop.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for a batch of datagrams, that one system call sends or receives: the {@code mmsghdr}s of
 * Linux on 64 bits, each with one piece of bytes. For one thread.
 */
final class Datagrams {
  /** {@code struct mmsghdr}: a {@code msghdr} of 56 bytes, and the length of what has come. */
  private static final int HEADER_BYTES = 64;

  private static final int PIECES = 16;
  private static final int PIECE_COUNT = 24;
  private static final int PIECE_BYTES = 16;

  private final MemorySegment headers;
  private final MemorySegment bytes;
  private final int count;

  /** So many datagrams, of the same number of bytes each. */
  Datagrams(Arena arena, int count, int length) {
    this.count = count;
    headers = arena.allocate((long) count * HEADER_BYTES, Long.BYTES);
    bytes = arena.allocate((long) count * length).fill((byte) 'x');
    MemorySegment pieces = arena.allocate((long) count * PIECE_BYTES, Long.BYTES);
    for (int i = 0; i < count; i++) {
      MemorySegment piece = pieces.asSlice((long) i * PIECE_BYTES, PIECE_BYTES);
      piece.set(ADDRESS, 0, bytes.asSlice((long) i * length, length));
      piece.set(JAVA_LONG, Long.BYTES, length);
      headers.set(ADDRESS, (long) i * HEADER_BYTES + PIECES, piece);
      headers.set(JAVA_LONG, (long) i * HEADER_BYTES + PIECE_COUNT, 1);
    }
  }

  int count() {
    return count;
  }

  /** Sends the first of them; returns how many the system took. */
  int send(int socket, int first) throws IOException {
    return Linux.sendBatch(socket, headers, first);
  }

  /** Receives as many as are there and have room; returns how many. */
  int receive(int socket) throws IOException {
    return Linux.receiveBatch(socket, headers, count);
  }

  /** The length of a datagram that has come. */
  int length(int index) {
    return headers.get(JAVA_INT, (long) index * HEADER_BYTES + HEADER_BYTES - Long.BYTES);
  }

  /** The bytes of all, one behind the other. */
  MemorySegment bytes() {
    return bytes;
  }
}
