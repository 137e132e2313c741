package io.netloop.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.FileRegion;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one way out for the bytes of a connection, in every protocol.
 *
 * <p>A write keeps a reference to the bytes, no copy: a message to a thousand receivers exists
 * once, however slow they are. At the end of the loop's turn everything that was written to this
 * connection is gathered into one chunk and handed to the system in one call. Past the high-water
 * mark a write does not wait for the end of the turn: what the system takes at once never counts as
 * queued, and so the answer "not full" is true whatever the size of the write. Nor does it where
 * the caller knows that nothing will follow, and wants its array back.
 *
 * <p>Only one chunk is under way at a time. Until the system has taken it, the rest stays here,
 * where it can be counted and bounded: by a hard limit, and by a soft limit that may be passed for
 * some seconds only (as Redis has them for its clients). Both are about memory: each piece counts
 * with what keeping it costs. All else that is told of the queue counts the bytes alone.
 *
 * <p>A part of a file waits as what it is, and takes no memory. When its turn comes the system
 * sends it without a copy; where the bytes have to be seen on their way it is read, on another
 * thread, a block at a time. However fast its receiver is, it leaves the rest of the turn to
 * others.
 *
 * <p>Loop-confined.
 */
public final class Outbox implements ChannelFutureListener, Reactor.Sender {
  /**
   * As much as is handed over at once; more would keep that much native memory for a slow reader.
   */
  private static final int CHUNK_BYTES = 256 * 1024;

  /**
   * As much as one system call is given where the system took all of the last one: the larger the
   * calls, the less a byte costs it, and its receiver is woken for less often.
   */
  private static final int MOST_CALL_BYTES = 1024 * 1024;

  /**
   * From this length on bytes that pass through are worth a system call of their own, and need not
   * wait for the end of the turn: the copy that it saves costs more.
   */
  private static final int WORTH_A_CALL_BYTES = 16 * 1024;

  /**
   * What a piece costs besides its bytes: the header of its array and what that is rounded up by,
   * and a place in a queue that is twice as long as it need be just after it has grown.
   */
  private static final int PIECE_BYTES = 64;

  /** As much of a file as is handed over at once, and as much as one turn sends of it. */
  private static final int FILE_CHUNK_BYTES = 512 * 1024;

  private static final int FILE_TURN_BYTES = 1024 * 1024;

  /** As much of a file as is in memory, where it has to be read. */
  private static final int BLOCK_BYTES = 128 * 1024;

  /** What a part of a file costs while it waits: itself, and its place. */
  private static final int FILE_PART_BYTES = 160;

  /** What a receipt costs: itself, what it holds, and its place in a queue. */
  private static final int RECEIPT_BYTES = 96;

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
     * @param heldBytes what the queue takes of memory: the bytes, and what keeping them costs
     * @param limitBytes the limit passed
     * @param nanos for how long, or 0 for the hard limit
     * @return whether to take the write all the same; where not, the outbox has been closed
     */
    boolean limitReached(long heldBytes, long limitBytes, long nanos);

    /**
     * Whether the bytes of files have to be read, and not only sent: the one place that says so.
     */
    default boolean copiesFiles() {
      return false;
    }

    /** This much of a file was read, and is handed over now. */
    default void copied(byte[] block) {}

    /** Some of a file is with the system. */
    default void progressed() {}

    /** All of a file was handed over: what was queued behind it is next. */
    default void fileLeft() {}
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

  /** The way past the channel to the system, or null where there is none. */
  private @Nullable Socket straight;

  private final Pieces pieces = new Pieces();
  private @Nullable ArrayDeque<Due> receipts;
  private long accepted;
  private long handedOver;
  private int underWay;

  /** As much as the next system call is given. */
  private int callBytes = CHUNK_BYTES;

  /** Whether the system has not taken at once all that it was given last. io_uring never does. */
  private boolean heldUp;

  /** What is queued of files; null where there was never one. */
  private @Nullable FileQueue files;

  /** What the channel is sending of a file, or null. */
  private @Nullable FileRegion region;

  private boolean reading;

  /** Whether the system holds back what a file is to follow. */
  private boolean corked;

  private int corks;
  private boolean wantsDrain;
  private boolean atEndOfTurn;
  private boolean sending;

  /** Why it is closed; null while it is not. */
  private @Nullable Throwable closedBy;

  private @Nullable Future<?> softTimer;

  /**
   * @param highWaterMark from how many queued bytes on a write is told "full"
   * @param hardLimit the most bytes of memory that the queue may take before a write
   * @param softLimit the most that it may take for longer than {@code softNanos}
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
    open(channel, true);
  }

  /**
   * The connection is there: what was queued for it can go.
   *
   * @param plain false where the channel's pipeline does something to the bytes: then nothing goes
   *     past it
   */
  public void open(Channel channel, boolean plain) {
    this.channel = channel;
    straight = plain ? Transport.chosen().straightTo(channel) : null;
    sendLater();
  }

  /**
   * Queues bytes, which nobody may change from now on.
   *
   * @return whether there is room for more: less than the high-water mark is queued
   */
  public boolean write(byte[] bytes, int offset, int length, @Nullable Receipt receipt) {
    if (isOverLimit()) {
      return refuse(receipt);
    }
    settleBorrowed();
    if (length > 0) {
      pieces.add(bytes, offset, offset + length);
      accepted += length;
    }
    if (receipt != null) {
      receiptAt(accepted, receipt);
    }
    return written();
  }

  /**
   * Queues bytes that need not wait for others: where nothing is between here and the system they
   * leave at once. The array is the caller's again; what does not leave is copied.
   */
  public void writeNow(byte[] bytes, int offset, int length) {
    if (straight == null) {
      write(Arrays.copyOfRange(bytes, offset, offset + length), 0, length, null);
      return;
    }
    if (isOverLimit()) {
      return;
    }
    settleBorrowed();
    pieces.add(bytes, offset, offset + length);
    accepted += length;
    send();
    if (pieces.size() > 0) {
      pieces.copyLast();
    }
    noteQueued();
  }

  /**
   * Whether a write finds more than may be held, and the owner does not have it taken all the same.
   */
  private boolean isOverLimit() {
    return heldBytes() > hardLimit && !owner.limitReached(heldBytes(), hardLimit, 0);
  }

  private boolean refuse(@Nullable Receipt receipt) {
    Throwable why = closedBy;
    if (receipt != null && why != null) {
      reactor.nextTick(() -> receipt.done(why));
    }
    return false;
  }

  /** Queues a part of a file; the answer is that of {@link #write(byte[], int, int, Receipt)}. */
  public boolean write(FilePart part) {
    boolean over = isOverLimit();
    Throwable why = closedBy;
    if (over || why != null) {
      if (why != null) {
        part.fail(why);
      }
      part.release();
      return false;
    }
    settleBorrowed();
    if (part.left() == 0) {
      part.release();
      return written();
    }
    if (files == null) {
      files = new FileQueue();
    }
    files.add(accepted, part);
    accepted += part.left();
    return written();
  }

  /**
   * Queues bytes that only pass through. Where they are many and nothing waits before them they
   * stay in the loop's memory until their channel has read all that is there, see {@link
   * ReadMemory}; else they are copied.
   */
  public boolean write(ByteBuf bytes) {
    if (isOverLimit()) {
      return false;
    }
    int length = bytes.readableBytes();
    if (borrow(bytes)) {
      accepted += length;
      return true;
    }
    settleBorrowed();
    byte[] copy = new byte[length];
    bytes.readBytes(copy);
    pieces.add(copy, 0, length);
    accepted += length;
    return written();
  }

  private boolean borrow(ByteBuf bytes) {
    ReadMemory memory = reactor.readMemory();
    if (memory == null || straight == null || isClosed()) {
      return false;
    }
    boolean more = memory.isLentTo(this);
    boolean begin = bytes.readableBytes() >= WORTH_A_CALL_BYTES && corks == 0 && isEmpty();
    return (more || begin) && memory.lend(bytes, this);
  }

  /** What is borrowed comes before what follows. */
  private void settleBorrowed() {
    ReadMemory memory = reactor.readMemory();
    if (memory != null && memory.isLentTo(this)) {
      memory.settle();
    }
  }

  /** Sends what was borrowed, and copies what the system does not take. */
  void sendBorrowed(ByteBuf bytes) {
    if (isClosed()) {
      return;
    }
    try {
      handedOver += send(Objects.requireNonNull(straight), bytes);
    } catch (IOException failure) {
      owner.failed(failure);
      return;
    }
    if (bytes.isReadable()) {
      byte[] rest = new byte[bytes.readableBytes()];
      bytes.readBytes(rest);
      pieces.add(rest, 0, rest.length);
      written();
    } else {
      settle();
    }
  }

  private boolean written() {
    if (queuedBytes() >= highWaterMark) {
      send();
    } else {
      sendLater();
    }
    return noteQueued();
  }

  /** What is queued may be more than should be: returns whether there is room for more. */
  private boolean noteQueued() {
    if (softTimer == null && heldBytes() > softLimit) {
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
    settleBorrowed();
    corks++;
  }

  public void uncork() {
    if (corks > 0 && --corks == 0) {
      if (queuedBytes() >= highWaterMark) {
        send();
      } else {
        sendLater();
      }
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
    if (!isClosed()) {
      wantsDrain = true;
      sendLater();
    }
  }

  /** Bytes that were accepted and are not yet with the system. */
  public long queuedBytes() {
    return accepted - handedOver - (region == null ? 0 : region.transferred());
  }

  /**
   * What the queue takes of memory, for the limits: many small writes cost more than their bytes.
   * Of bytes that wait in several queues at once each counts all. Those of files are not in memory.
   */
  private long heldBytes() {
    int due = receipts == null ? 0 : receipts.size();
    long ofFiles = files == null ? 0 : (long) files.size() * FILE_PART_BYTES - files.bytes();
    return accepted
        - handedOver
        + (long) pieces.size() * PIECE_BYTES
        + (long) due * RECEIPT_BYTES
        + ofFiles;
  }

  /**
   * Shows what waits and is not under way, in order: bytes, to be read at once, and where parts of
   * files stand among them.
   */
  public void eachWaiting(Consumer<ByteBuf> onBytes, Runnable onFile) {
    if (files == null) {
      pieces.views().forEach(onBytes);
    } else {
      long from = region == null ? handedOver + underWay : handedOver;
      files.eachAmong(pieces.views(), from, onBytes, onFile);
    }
  }

  /**
   * Whether enough is queued for the next call of the system: the high-water mark, and more where
   * it took all of the last. For a sender that gathers under a {@link #cork} what it has at hand,
   * and goes on at 'drain'.
   */
  public boolean isFull() {
    long queued = queuedBytes();
    return queued >= highWaterMark
        && (heldUp || queued >= callBytes || heldBytes() >= Math.min(hardLimit, softLimit) / 2);
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

  private boolean isClosed() {
    return closedBy != null;
  }

  /** Drops what is queued; every write not yet done is told of the failure, later and in order. */
  public void close(Throwable failure) {
    if (isClosed()) {
      return;
    }
    closedBy = failure;
    ReadMemory memory = reactor.readMemory();
    if (memory != null && memory.isLentTo(this)) {
      memory.forget();
    }
    stopSoftTimer();
    pieces.clear();
    region = null;
    if (files != null) {
      files.drop(failure);
    }
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
      if (isClosed()) {
        return;
      }
      if (failure != null) {
        boolean cutShort = files != null && region != null && files.first().isCutShort();
        owner.failed(cutShort ? new FileCutShort() : failure);
        return;
      }
      if (region != null) {
        tookOfFile(underWay);
      }
      handedOver += underWay;
      underWay = 0;
      send();
    } finally {
      reactor.exit(outermost);
    }
  }

  private void sendLater() {
    if (!atEndOfTurn && !isClosed() && channel != null) {
      atEndOfTurn = true;
      reactor.sendAtEndOfTurn(this);
    }
  }

  /** Hands over chunk after chunk until the system takes no more, or nothing is left. */
  private void send() {
    if (channel == null || sending || isClosed()) {
      return;
    }
    settleBorrowed();
    sending = true;
    try {
      sendAll(channel);
    } catch (Throwable refused) {
      owner.failed(refused);
    } finally {
      sending = false;
    }
    if (!isClosed()) {
      settle();
    }
  }

  private void sendAll(Channel channel) throws IOException {
    sendMost(channel);
    if (corked && underWay == 0 && !isClosed()) {
      corked = false;
      Transport.chosen().cork(channel, false);
    }
  }

  private void sendMost(Channel channel) throws IOException {
    int ofFiles = 0;
    while (underWay == 0 && !reading && corks == 0 && !isClosed()) {
      int room = bytesBeforeFile();
      if (files != null && room == 0) {
        if (ofFiles >= FILE_TURN_BYTES) {
          sendLater(); // Others have their turn first.
          return;
        }
        ofFiles += sendFile(channel, files.first());
        continue;
      }
      if (files != null && !files.isEmpty()) {
        cork(channel);
      }
      if (pieces.size() == 0) {
        return;
      } else if (straight == null || !sendChunk(straight, room)) {
        handOver(channel, room);
      }
    }
  }

  /** How many bytes may be sent before a file's turn. */
  private int bytesBeforeFile() {
    if (files == null || files.isEmpty()) {
      return callBytes;
    }
    return (int) Math.min(callBytes, files.position() - handedOver);
  }

  /** What comes before a file leaves with it, in packets that are full. */
  private void cork(Channel channel) {
    if (!corked && !owner.copiesFiles()) {
      corked = true;
      Transport.chosen().cork(channel, true);
    }
  }

  // Files

  /** Hands over some of the first file; returns how much. */
  private int sendFile(Channel channel, FilePart part) {
    if (owner.copiesFiles()) {
      readBlock(channel, part);
      return 0;
    }
    FileRegion next = part.region(FILE_CHUNK_BYTES);
    region = next;
    underWay = (int) next.count();
    int length = underWay;
    channel.writeAndFlush(next).addListener(this);
    return length;
  }

  /** So much of the first file is with the system, or in memory and on its way there. */
  private void tookOfFile(int bytes) {
    region = null;
    FileQueue queue = Objects.requireNonNull(files);
    FilePart part = queue.first();
    boolean all = queue.took(bytes);
    owner.progressed();
    if (all) {
      owner.fileLeft();
      part.release();
    }
  }

  private void readBlock(Channel channel, FilePart part) {
    reading = true;
    part.readLater(reactor, BLOCK_BYTES, (block, failure) -> blockRead(channel, block, failure));
  }

  private void blockRead(Channel channel, byte @Nullable [] block, @Nullable Throwable failure) {
    reading = false;
    if (isClosed()) {
      return;
    }
    if (block == null) {
      owner.failed(Objects.requireNonNull(failure));
      return;
    }
    owner.copied(block);
    tookOfFile(block.length);
    underWay = block.length;
    channel.writeAndFlush(Unpooled.wrappedBuffer(block)).addListener(this);
  }

  /** Sends a chunk past the channel. Returns whether the system took all of it. */
  private boolean sendChunk(Socket socket, int room) throws IOException {
    ByteBuf chunk = pieces.gather(reactor.sendMemory(MOST_CALL_BYTES), room);
    int length = chunk.readableBytes();
    int sent = send(socket, chunk);
    pieces.take(sent);
    handedOver += sent;
    heldUp = sent < length;
    if (heldUp) {
      callBytes = CHUNK_BYTES;
    } else if (length == callBytes) {
      callBytes = Math.min(MOST_CALL_BYTES, 2 * callBytes);
    }
    return !heldUp;
  }

  /**
   * One system call; returns how many bytes it took. A channel that was closed has a descriptor
   * that may be another connection's by now.
   */
  private static int send(Socket socket, ByteBuf bytes) throws IOException {
    if (!socket.isOpen()) {
      throw new ClosedChannelException();
    }
    int sent = socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
    bytes.skipBytes(sent);
    return sent;
  }

  /** Hands over a chunk to the channel, which waits until the system takes it. */
  private void handOver(Channel channel, int most) {
    int room = (int) Math.min(Math.min(most, CHUNK_BYTES), queuedBytes());
    ByteBuf chunk = pieces.gather(channel.alloc().directBuffer(room, room), room);
    underWay = chunk.readableBytes();
    pieces.take(underWay);
    channel.writeAndFlush(chunk).addListener(this);
    if (straight == null) {
      heldUp = underWay > 0; // else the call before it has told
    }
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
    if (heldBytes() <= softLimit) {
      stopSoftTimer();
    }
    if (accepted != handedOver) {
      return;
    }
    pieces.trim();
    owner.emptied();
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
              if (!isClosed() && owner.limitReached(heldBytes(), softLimit, softNanos)) {
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
