package io.netloop.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory that all sockets of a loop read into, one after the other: it stays in the processor's
 * cache, an idle connection has none of it, and since it is large, one read mostly shows that
 * nothing more has come. Who wants to keep what was read copies it.
 *
 * <p>Bytes that only pass through to another connection stay here while their channel reads on, the
 * next read behind them, and leave with one system call when it has read: half as many wake-ups of
 * both peers as with a call for each read, and no copy.
 *
 * <p>For transports that read when something is there. One that hands its memory over to the kernel
 * beforehand can't share it. Loop-confined.
 */
final class ReadMemory extends DefaultMaxMessagesRecvByteBufAllocator {
  /** As much as the first read of a turn brings at most; libuv's number. */
  private static final int READ_BYTES = 64 * 1024;

  /**
   * As much as each further one: where the first has not brought all, much is there, and what is
   * read at once is mostly sent on at once. A send costs the kernel more than its bytes do.
   */
  private static final int MORE_BYTES = 256 * 1024;

  /** So that one busy connection leaves the others their turn. */
  private static final int BYTES_PER_TURN = 1024 * 1024;

  private static final int READS_PER_TURN = 16;

  /** For memory that lives as long as its loop. */
  static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true, true);

  private final ByteBuf memory = MEMORY.directBuffer(BYTES_PER_TURN, BYTES_PER_TURN);
  private final ByteBuf first = memory.slice(0, READ_BYTES);

  /** One for all channels, since they read one after the other. */
  private final Reads reads = new Reads();

  /** Whose bytes stand at the beginning, and how many. */
  private @Nullable Outbox borrower;

  private int lentBytes;

  ReadMemory() {
    super(READS_PER_TURN);
  }

  /** The loop has ended. */
  void release() {
    memory.release();
  }

  /**
   * Leaves what was read last where it is, for the outbox to send when the channel has read all, in
   * {@link Outbox#sendBorrowed}. Returns false where that is not possible.
   */
  @SuppressWarnings("ReferenceEquality")
  boolean lend(ByteBuf bytes, Outbox to) {
    boolean here =
        bytes.hasMemoryAddress()
            && bytes.memoryAddress() + bytes.readerIndex() == memory.memoryAddress() + lentBytes;
    if (!here || (borrower != null && borrower != to)) {
      return false;
    }
    borrower = to;
    lentBytes += bytes.readableBytes();
    return true;
  }

  @SuppressWarnings("ReferenceEquality")
  boolean isLentTo(Outbox outbox) {
    return borrower == outbox;
  }

  /** Has the borrower send now, or copy what the system does not take. */
  void settle() {
    Outbox from = borrower;
    if (from != null) {
      ByteBuf lent = memory.setIndex(0, lentBytes);
      forget();
      from.sendBorrowed(lent);
    }
  }

  /** The borrower needs its bytes no more. */
  void forget() {
    borrower = null;
    lentBytes = 0;
  }

  @Override
  @SuppressWarnings("deprecation") // the type is, the method is not
  public Handle newHandle() {
    return reads;
  }

  /** How one channel's reads go on in one turn: as new with the reset before each row of them. */
  private final class Reads extends MaxMessageHandle {
    @Override
    public void reset(ChannelConfig config) {
      super.reset(config);
      settle();
    }

    @Override
    public int guess() {
      return READ_BYTES;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier mayBeMore) {
      return totalBytesRead() < BYTES_PER_TURN && super.continueReading(mayBeMore);
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator others) {
      if (memory.refCnt() != 1) {
        return others.directBuffer(READ_BYTES, READ_BYTES);
      }
      if (memory.capacity() - lentBytes < READ_BYTES) {
        settle();
      }
      if (totalBytesRead() == 0 && lentBytes == 0) {
        return first.clear().retain();
      }
      int bytes = Math.min(MORE_BYTES, memory.capacity() - lentBytes);
      return memory.slice(lentBytes, bytes).clear().retain();
    }
  }
}
