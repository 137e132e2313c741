package io.netloop.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where one loop's sockets have the system put what was received: one place for all of them, since
 * each datagram is copied before the next call. It has a slot for each datagram of a call, as long
 * as the longest datagram. Loop-confined.
 */
public final class ReceiveBuffer {
  /**
   * The longest datagram and a cache line more: slots at a distance of a power of two would all
   * fall into the same few lines of the processor's cache.
   */
  static final int SLOT_BYTES = 65_536 + 64;

  /** How many calls read from one socket in one turn at the most. */
  private static final int CALLS = 4;

  /** Made with the first call. */
  private @Nullable ByteBuf slots;

  /**
   * What hands out the slots for calls that read up to {@code batch} datagrams. A socket that
   * always has more leaves the turn to others after some calls.
   */
  MaxMessagesRecvByteBufAllocator allocator(int batch) {
    DefaultMaxMessagesRecvByteBufAllocator allocator =
        new DefaultMaxMessagesRecvByteBufAllocator(CALLS * batch) {
          @Override
          @SuppressWarnings("deprecation") // the method that there is returns the old type
          public RecvByteBufAllocator.Handle newHandle() {
            return new Slots(this, batch);
          }
        };
    return allocator;
  }

  /** The loop has ended. */
  void release() {
    if (slots != null) {
      slots.release();
    }
  }

  private ByteBuf slots(int batch) {
    if (slots == null) {
      int bytes = DatagramHandle.MOST_BATCH * SLOT_BYTES;
      slots = ReadMemory.MEMORY.directBuffer(bytes, bytes);
    }
    return slots.retainedSlice(0, batch * SLOT_BYTES).clear();
  }

  private final class Slots extends DefaultMaxMessagesRecvByteBufAllocator.MaxMessageHandle {
    private final int batch;

    Slots(DefaultMaxMessagesRecvByteBufAllocator allocator, int batch) {
      allocator.super();
      this.batch = batch;
    }

    @Override
    public int guess() {
      return batch * SLOT_BYTES;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator pool) {
      return slots(batch);
    }

    /** A call that has not filled all slots has read all there was. */
    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return lastBytesRead() >= attemptedBytesRead() && super.continueReading(maybeMore);
    }
  }
}
