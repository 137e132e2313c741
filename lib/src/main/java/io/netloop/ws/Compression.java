package io.netloop.ws;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * A big message that is compressed on another thread, so that the loop does not stand still for it.
 * No more than {@link #MOST_AT_ONCE} of the whole program are compressed at once, others wait: that
 * bounds the memory of their compressors. <i>Thread-safe.</i>
 */
final class Compression {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** From this length on: at the usual level of 6 a text of it takes a little under 1 ms. */
  static final int BIG_BYTES = 48 * 1024;

  /** As npm's ws has it. */
  static final int MOST_AT_ONCE = 10;

  /** Taken while one is compressed, in the order in which they were asked for. */
  static final Semaphore PLACES = new Semaphore(MOST_AT_ONCE, true);

  /** After so much input it is seen whether somebody still wants the rest. */
  private static final int PIECE_BYTES = 256 * 1024;

  private static final int WHOLE_WINDOW = 1 << 15;

  /** What ends each message, and is left out on the wire: 00 00 ff ff. */
  private static final int TAIL_BYTES = 4;

  /** An empty message, compressed. */
  private static final Buffer EMPTY = BYTES.wrap(new byte[] {0});

  private enum State {
    WAITING,
    WORKING,
    DONE,
    GIVEN_UP
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final CompletableFuture<Buffer> result = new CompletableFuture<>();
  private final Buffer data;
  private final int level;
  private final int window;

  /** The connection's own compressor, or null where the message gets one for itself. */
  private final @Nullable Deflater own;

  private Compression(Buffer data, int level, int window, @Nullable Deflater own) {
    this.data = data;
    this.level = level;
    this.window = window;
    this.own = own;
  }

  /**
   * Begins to compress a message.
   *
   * @param own which nobody may touch until the result is there, or {@link #giveUp} has said so
   */
  static Compression start(Buffer data, int level, int window, @Nullable Deflater own) {
    Compression compression = new Compression(data, level, window, own);
    Loop.offload(compression::run);
    return compression;
  }

  /** What comes out, on the thread that compresses; or that there was no memory for it. */
  CompletableFuture<Buffer> result() {
    return result;
  }

  /**
   * Nobody wants the result any more.
   *
   * @return whether the connection's own compressor is free; else it is given back from here
   */
  boolean giveUp() {
    return state.getAndSet(State.GIVEN_UP) != State.WORKING;
  }

  @SuppressWarnings("ThreadPriorityCheck") // a virtual thread does give way
  private boolean isWanted() {
    Thread.yield(); // Others that were offloaded, to read a file, say, have the same few threads.
    return state.get() == State.WORKING;
  }

  private boolean run() {
    PLACES.acquireUninterruptibly();
    try {
      if (state.compareAndSet(State.WAITING, State.WORKING)) {
        work();
      } else {
        result.completeExceptionally(new CancellationException());
      }
    } finally {
      PLACES.release();
    }
    return true;
  }

  private void work() {
    Deflater deflater = null;
    Buffer made = null;
    Throwable failure = null;
    try {
      deflater = own == null ? new Deflater(level, true) : own;
      made = run(deflater, window, data, this::isWanted);
    } catch (Throwable noMemory) {
      failure = noMemory;
    }
    boolean givenUp = !state.compareAndSet(State.WORKING, State.DONE);
    if (deflater != null && (own == null || givenUp)) {
      deflater.end();
    }
    if (made != null && !givenUp) {
      result.complete(made);
    } else {
      result.completeExceptionally(failure == null ? new CancellationException() : failure);
    }
  }

  /**
   * Compresses a message, here and now. The platform's compressor always looks 32 KiB back. Where a
   * peer has asked for less, the message is cut into pieces of that length, each of which begins
   * with nothing to look back to.
   *
   * @return null where it is not wanted any more
   */
  static @Nullable Buffer run(
      Deflater deflater, int window, Buffer data, BooleanSupplier isWanted) {
    byte[] in = BYTES.array(data);
    int at = BYTES.offset(data);
    int end = at + data.length();
    int most = window == WHOLE_WINDOW ? PIECE_BYTES : window;
    int between = window == WHOLE_WINDOW ? Deflater.NO_FLUSH : Deflater.FULL_FLUSH;
    byte[] out = new byte[Math.max(64, data.length() / 2)];
    int length = 0;
    do {
      int piece = Math.min(most, end - at);
      deflater.setInput(in, at, piece);
      at += piece;
      int flush = at == end ? Deflater.SYNC_FLUSH : between;
      int made;
      do {
        if (!isWanted.getAsBoolean()) {
          return null;
        }
        if (out.length - length < 16) {
          out = Arrays.copyOf(out, out.length * 2);
        }
        int room = out.length - length;
        made = deflater.deflate(out, length, room, flush);
        length += made;
        if (made < room) {
          break;
        }
      } while (true);
    } while (at < end);
    if (length <= TAIL_BYTES) {
      return EMPTY; // Nothing to compress, and nothing to flush: RFC 7692 §7.2.3.6.
    }
    return BYTES.wrap(out, 0, length - TAIL_BYTES);
  }
}
