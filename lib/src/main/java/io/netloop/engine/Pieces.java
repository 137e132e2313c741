package io.netloop.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parts of arrays in a row, for bytes that wait to be sent: a ring that grows, and that copies
 * nothing before it is gathered. Loop-confined.
 */
final class Pieces {
  private static final int FIRST_SLOTS = 4;
  private static final int KEPT_SLOTS = 64;
  private static final byte[] NO_PIECE = {};
  private static final byte[][] NO_PIECES = {};
  private static final int[] NO_PLACES = {};

  // Slots are a power of two.
  private byte[][] pieces = NO_PIECES;
  private int[] from = NO_PLACES;
  private int[] to = NO_PLACES;
  private int head;
  private int size;

  /** How many pieces there are. */
  int size() {
    return size;
  }

  /**
   * Appends the part of this array from {@code start} to before {@code end}, which is not empty.
   */
  void add(byte[] bytes, int start, int end) {
    if (size == pieces.length) {
      grow();
    }
    int slot = (head + size) & (pieces.length - 1);
    pieces[slot] = bytes;
    from[slot] = start;
    to[slot] = end;
    size++;
  }

  /** Copies what is left of the last piece: its array will be used for something else. */
  void copyLast() {
    int slot = (head + size - 1) & (pieces.length - 1);
    pieces[slot] = Arrays.copyOfRange(pieces[slot], from[slot], to[slot]);
    to[slot] -= from[slot];
    from[slot] = 0;
  }

  /** Copies as much as there is room for. */
  ByteBuf gather(ByteBuf chunk, int room) {
    for (int i = 0; i < size && room > 0; i++) {
      int slot = (head + i) & (pieces.length - 1);
      int length = Math.min(room, to[slot] - from[slot]);
      chunk.writeBytes(pieces[slot], from[slot], length);
      room -= length;
    }
    return chunk;
  }

  /** Each piece, as it is: nothing is copied. */
  List<ByteBuf> views() {
    List<ByteBuf> views = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int slot = (head + i) & (pieces.length - 1);
      views.add(Unpooled.wrappedBuffer(pieces[slot], from[slot], to[slot] - from[slot]));
    }
    return views;
  }

  /** Takes so many bytes out, from the first on. */
  void take(int bytes) {
    int left = bytes;
    while (left > 0) {
      int length = Math.min(left, to[head] - from[head]);
      from[head] += length;
      left -= length;
      if (from[head] == to[head]) {
        removeFirst();
      }
    }
  }

  private void removeFirst() {
    pieces[head] = NO_PIECE;
    head = (head + 1) & (pieces.length - 1);
    size--;
  }

  /** Takes everything out. */
  void clear() {
    pieces = NO_PIECES;
    from = NO_PLACES;
    to = NO_PLACES;
    head = 0;
    size = 0;
  }

  /** Gives back the room of a queue that was long once, where it is empty. */
  void trim() {
    if (size == 0 && pieces.length > KEPT_SLOTS) {
      clear();
    }
  }

  private void grow() {
    int slots = Math.max(FIRST_SLOTS, pieces.length * 2);
    byte[][] morePieces = new byte[slots][];
    int[] moreFrom = new int[slots];
    int[] moreTo = new int[slots];
    Arrays.fill(morePieces, NO_PIECE);
    for (int i = 0; i < size; i++) {
      int slot = (head + i) & (pieces.length - 1);
      morePieces[i] = pieces[slot];
      moreFrom[i] = from[slot];
      moreTo[i] = to[slot];
    }
    pieces = morePieces;
    from = moreFrom;
    to = moreTo;
    head = 0;
  }
}
