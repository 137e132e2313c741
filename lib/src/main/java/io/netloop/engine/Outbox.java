package io.netloop.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The one way out for the bytes of a connection, in every protocol.
 *
 * <p>A write keeps a reference to the bytes, no copy: a message to a thousand receivers exists
 * once, however slow they are. At the end of the loop's turn everything that was written to this
 * connection is gathered into one chunk and handed to the system in one call. Past the high-water
 * mark a write does not wait for the end of the turn: what the system takes at once never counts as
 * queued, and so the answer "not full" is true whatever the size of the write.
 *
 * <p>Only one chunk is under way at a time. Until the system has taken it, the rest stays here,
 * where it can be counted and bounded: by a hard limit in bytes, and by a soft limit that may be
 * passed for some seconds only (as Redis has them for its clients).
 *
 * <p>Loop-confined.
 */
public final class Outbox implements ChannelFutureListener, Reactor.Sender {
  /**
   * As much as is handed over at once; more would keep that much native memory for a slow reader.
   */
  private static final int CHUNK_BYTES = 256 * 1024;

  /** From this length on a buffer that passes through is kept as it is. */
  private static final int WORTH_KEEPING_BYTES = 1024;

  private static final int FIRST_SLOTS = 4;
  private static final int KEPT_SLOTS = 64;
  private static final Object NO_PIECE = new Object();
  private static final Object[] NO_PIECES = {};
  private static final int[] NO_PLACES = {};

  /** The connection that the bytes leave by. All calls come on the loop, inside an entry. */
  public interface Owner {
    /** The queue has become empty, after a write that was told "full". */
    void drained();

    /** Everything is with the system. */
    void emptied();

    /** The system refused a write. */
    void failed(Throwable failure);

    /**
     * A limit is reached.
     *
     * @param queuedBytes what is queued
     * @param limitBytes the limit passed
     * @param nanos for how long, or 0 for the hard limit
     * @return whether to take the write all the same
     */
    boolean limitReached(long queuedBytes, long limitBytes, long nanos);
  }

  /** Told when the bytes of one write are with the system, or never will be. */
  public interface Receipt {
    void done(@Nullable Throwable failure);
  }

  private record Due(long position, Receipt receipt) {}

  private final Reactor reactor;
  private final Owner owner;
  private final int highWaterMark;
  private final long hardLimit;
  private final long softLimit;
  private final long softNanos;

  private @Nullable Channel channel;

  // The queue: a ring of pieces, parts of byte[] or whole ByteBufs. Its slots are a power of two.
  private Object[] pieces = NO_PIECES;
  private int[] from = NO_PLACES;
  private int[] to = NO_PLACES;
  private int head;
  private int size;

  private @Nullable ArrayDeque<Due> receipts;
  private long accepted;
  private long handedOver;
  private int underWay;

  private int corks;
  private boolean wantsDrain;
  private boolean atEndOfTurn;
  private boolean sending;
  private boolean closed;
  private @Nullable Future<?> softTimer;

  /**
   * @param highWaterMark from how many queued bytes on a write is told "full"
   * @param hardLimit the most bytes that may be queued before a write
   * @param softLimit the most bytes that may be queued for longer than {@code softNanos}
   */
  public Outbox(
      Reactor reactor,
      Owner owner,
      int highWaterMark,
      long hardLimit,
      long softLimit,
      long softNanos) {
    this.reactor = reactor;
    this.owner = owner;
    this.highWaterMark = highWaterMark;
    this.hardLimit = hardLimit;
    this.softLimit = softLimit;
    this.softNanos = softNanos;
  }

  /** The connection is there: what was queued for it can go. */
  public void open(Channel channel) {
    this.channel = channel;
    sendLater();
  }

  /**
   * Queues bytes, which nobody may change from now on.
   *
   * @return whether there is room for more: less than the high-water mark is queued
   */
  public boolean write(byte[] bytes, int offset, int length, @Nullable Receipt receipt) {
    if (queuedBytes() > hardLimit && !owner.limitReached(queuedBytes(), hardLimit, 0)) {
      return false;
    }
    if (length > 0) {
      add(bytes, offset, offset + length);
      accepted += length;
    }
    if (receipt != null) {
      receiptAt(accepted, receipt);
    }
    return written();
  }

  /**
   * Queues a buffer of Netty's, which belongs to the outbox from now on: bytes that only pass
   * through need no copy. What is small is copied all the same where something waits already, since
   * its memory may be much larger than itself.
   */
  public boolean write(ByteBuf bytes) {
    int length = bytes.readableBytes();
    if (closed || (queuedBytes() > hardLimit && !owner.limitReached(queuedBytes(), hardLimit, 0))) {
      bytes.release();
      return false;
    }
    if (length >= WORTH_KEEPING_BYTES || accepted == handedOver) {
      add(bytes, 0, length);
    } else {
      byte[] copy = new byte[length];
      bytes.readBytes(copy);
      bytes.release();
      add(copy, 0, length);
    }
    accepted += length;
    return written();
  }

  private boolean written() {
    if (queuedBytes() >= highWaterMark) {
      send();
    } else {
      sendLater();
    }
    if (softTimer == null && queuedBytes() > softLimit) {
      startSoftTimer();
    }
    boolean full = queuedBytes() >= highWaterMark;
    wantsDrain |= full;
    return !full;
  }

  /** Sends what is queued now and not at the end of the turn, as far as the system takes it. */
  public void flush() {
    send();
  }

  /** Holds writes back until {@link #uncork} has been called as often. */
  public void cork() {
    corks++;
  }

  public void uncork() {
    if (corks > 0 && --corks == 0) {
      sendLater();
    }
  }

  /** Ends all corks. */
  public void uncorkFully() {
    corks = 0;
    sendLater();
  }

  public int corks() {
    return corks;
  }

  /**
   * Somebody was told "full" who asked before the loop could answer, or a source was paused:
   * 'drain' is to follow even where nothing is queued by now.
   */
  public void promiseDrain() {
    if (!closed) {
      wantsDrain = true;
      sendLater();
    }
  }

  /** Bytes that were accepted and are not yet with the system. */
  public long queuedBytes() {
    return accepted - handedOver;
  }

  /** Bytes accepted so far. */
  public long acceptedBytes() {
    return accepted;
  }

  public int highWaterMark() {
    return highWaterMark;
  }

  /** Whether the last write was told "full" and the queue has not been empty since. */
  public boolean wantsDrain() {
    return wantsDrain;
  }

  public boolean isEmpty() {
    return accepted == handedOver && (receipts == null || receipts.isEmpty());
  }

  /** Drops what is queued; every write not yet done is told of the failure, later and in order. */
  public void close(Throwable failure) {
    if (closed) {
      return;
    }
    closed = true;
    stopSoftTimer();
    for (Object piece : pieces) {
      if (piece instanceof ByteBuf buffer) {
        buffer.release();
      }
    }
    pieces = NO_PIECES;
    from = NO_PLACES;
    to = NO_PLACES;
    size = 0;
    handedOver = accepted;
    wantsDrain = false;
    if (receipts != null) {
      for (Due due : receipts) {
        reactor.nextTick(() -> due.receipt.done(failure));
      }
      receipts = null;
    }
  }

  @Override
  public void endOfTurn() {
    atEndOfTurn = false;
    send();
  }

  /** The system has taken the chunk, or refused it. Netty calls this, on the loop. */
  @Override
  public void operationComplete(ChannelFuture future) {
    boolean outermost = reactor.enter();
    try {
      Throwable failure = future.cause();
      if (closed) {
        return;
      }
      if (failure != null) {
        owner.failed(failure);
        return;
      }
      handedOver += underWay;
      underWay = 0;
      send();
    } finally {
      reactor.exit(outermost);
    }
  }

  private void sendLater() {
    if (!atEndOfTurn && !closed && channel != null) {
      atEndOfTurn = true;
      reactor.sendAtEndOfTurn(this);
    }
  }

  /** Hands over chunk after chunk until the system takes no more, or nothing is left. */
  private void send() {
    if (channel == null || sending || closed) {
      return;
    }
    sending = true;
    try {
      while (underWay == 0 && size > 0 && corks == 0 && !closed) {
        handOver(channel);
      }
    } catch (Throwable noMemory) {
      owner.failed(noMemory);
    } finally {
      sending = false;
    }
    if (!closed) {
      settle();
    }
  }

  /**
   * Hands over a chunk's worth, in one system call: buffers as they are, arrays gathered into one.
   */
  private void handOver(Channel channel) {
    int bytes = 0;
    while (size > 0 && bytes < CHUNK_BYTES && pieces[head] instanceof ByteBuf buffer) {
      int length = to[head];
      remove();
      bytes += length;
      if (size == 0 || bytes >= CHUNK_BYTES || !(pieces[head] instanceof ByteBuf)) {
        underWay = bytes;
        channel.writeAndFlush(buffer).addListener(this);
        return;
      }
      channel.write(buffer);
    }
    ByteBuf chunk = gather(channel);
    underWay = chunk.readableBytes();
    channel.writeAndFlush(chunk).addListener(this);
  }

  /** Copies arrays from the queue into one chunk, up to the next buffer. */
  private ByteBuf gather(Channel channel) {
    int room = 0;
    for (int i = 0; i < size && room < CHUNK_BYTES; i++) {
      int slot = (head + i) & (pieces.length - 1);
      if (pieces[slot] instanceof ByteBuf) {
        break;
      }
      room = (int) Math.min(CHUNK_BYTES, (long) room + to[slot] - from[slot]);
    }
    ByteBuf chunk = channel.alloc().directBuffer(room, room);
    while (room > 0) {
      int length = Math.min(room, to[head] - from[head]);
      chunk.writeBytes((byte[]) pieces[head], from[head], length);
      room -= length;
      from[head] += length;
      if (from[head] == to[head]) {
        remove();
      }
    }
    return chunk;
  }

  private void remove() {
    pieces[head] = NO_PIECE;
    head = (head + 1) & (pieces.length - 1);
    size--;
  }

  /** Tells those whose bytes are with the system, and the owner where nothing is left. */
  private void settle() {
    if (wantsDrain && accepted == handedOver) {
      wantsDrain = false;
      owner.drained();
    }
    if (receipts != null) {
      Due due;
      while ((due = receipts.peek()) != null && due.position <= handedOver) {
        receipts.remove();
        Receipt receipt = due.receipt;
        reactor.nextTick(() -> receipt.done(null));
      }
    }
    if (queuedBytes() <= softLimit) {
      stopSoftTimer();
    }
    if (accepted != handedOver) {
      return;
    }
    if (pieces.length > KEPT_SLOTS) {
      pieces = NO_PIECES;
      from = NO_PLACES;
      to = NO_PLACES;
    }
    owner.emptied();
  }

  private void add(Object bytes, int start, int end) {
    if (size == pieces.length) {
      grow();
    }
    int slot = (head + size) & (pieces.length - 1);
    pieces[slot] = bytes;
    from[slot] = start;
    to[slot] = end;
    size++;
  }

  private void grow() {
    int slots = Math.max(FIRST_SLOTS, pieces.length * 2);
    Object[] morePieces = new Object[slots];
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

  private void receiptAt(long position, Receipt receipt) {
    if (receipts == null) {
      receipts = new ArrayDeque<>(2);
    }
    receipts.add(new Due(position, receipt));
  }

  private void startSoftTimer() {
    softTimer =
        reactor.schedule(
            () -> {
              softTimer = null;
              if (!closed && owner.limitReached(queuedBytes(), softLimit, softNanos)) {
                startSoftTimer();
              }
            },
            softNanos);
  }

  private void stopSoftTimer() {
    if (softTimer != null) {
      softTimer.cancel(false);
      softTimer = null;
    }
  }
}
