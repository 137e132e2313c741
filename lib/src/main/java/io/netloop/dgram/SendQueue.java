package io.netloop.dgram;

import io.netloop.engine.DatagramHandle;
import io.netloop.engine.Errno;
import io.netloop.engine.Reactor;
import io.netloop.loop.NetException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.io.IOException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The one way out for datagrams. What was sent during a turn of the loop leaves at its end, in as
 * few calls as the system allows: one for all, and inside it one piece for each row of datagrams to
 * the same peer that have the same length, where the system can split such a piece (Linux's
 * UDP_SEGMENT).
 *
 * <p>Until the system has taken what was handed over, the rest waits here, where it can be counted
 * and bounded. The queue's places are used again and again: a datagram in it costs no object.
 *
 * <p>Loop-confined.
 */
final class SendQueue implements Reactor.Sender {
  /** As much as is handed over at once; past it the queue doesn't wait for the end of the turn. */
  private static final int BATCH_BYTES = 256 * 1024;

  /** As many as one call takes (Linux's UIO_MAXIOV). */
  private static final int BATCH_COUNT = 1024;

  /** Linux's UDP_MAX_SEGMENTS. */
  private static final int MOST_JOINED = 64;

  private static final int MOST_JOINED_BYTES = 65_000;

  /** What a datagram costs beside its bytes, so that empty ones are bounded too. */
  private static final int COST = 64;

  /** How long a socket that closes waits for the system to take what was sent. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private static final int FIRST_PLACES = 16;
  private static final int KEPT_PLACES = 4096;

  /** The longest datagram: an IP packet's length less its headers (RFC 768, RFC 791, RFC 8200). */
  private static final int LONGEST_IPV4 = 65_507;

  private static final int LONGEST_IPV6 = 65_527;

  /** Whose datagrams these are. */
  interface Owner {
    /** The system has refused a datagram that has no callback. */
    void sendFailed(NetException failure);

    /** A datagram was dropped, since too much is queued. */
    void dropped(String host, int port, int size);
  }

  private final Reactor reactor;
  private final Owner owner;
  private final boolean ipv6;
  private final long maxQueued;

  private @Nullable DatagramHandle handle;
  private @Nullable Receipts receipts;
  private int longestSegment;

  // A ring: from head to handed is under way, from handed to tail waits. Its size is a power of 2.
  private SendPlace[] places = {};
  private long head;
  private long handed;
  private long tail;

  private long queuedBytes;
  private long waitingBytes;
  private int reserved;
  private boolean atEndOfTurn;
  private boolean sending;
  private boolean closed;
  private @Nullable Runnable whenEmpty;
  private @Nullable UdpTrace trace;

  SendQueue(Reactor reactor, Owner owner, boolean ipv6, long maxQueued) {
    this.reactor = reactor;
    this.owner = owner;
    this.ipv6 = ipv6;
    this.maxQueued = maxQueued;
  }

  /** The socket is bound: what was queued for it can go. */
  void open(DatagramHandle bound) {
    handle = bound;
    receipts = new Receipts(bound.channel(), this::taken);
    longestSegment = bound.longestSegment();
    sendLater();
  }

  /** Has what the system takes from now on captured. */
  void traceTo(UdpTrace to) {
    trace = to;
  }

  /** Bytes that wait or are under way. */
  long bytes() {
    return queuedBytes;
  }

  /** Datagrams that wait or are under way. */
  int count() {
    return (int) (tail - head) + reserved;
  }

  /**
   * Counts a datagram whose target is still being looked up; {@link #add} follows {@link
   * #unreserve}.
   *
   * @return whether there is room: else it was dropped
   */
  boolean reserve(String host, int port, int length, @Nullable SendCallback callback) {
    if (!hasRoom(length)) {
      drop(host, port, length, callback);
      return false;
    }
    reserved++;
    queuedBytes += length;
    return true;
  }

  void unreserve(int length) {
    reserved--;
    queuedBytes -= length;
  }

  /** Queues bytes, which nobody may change from now on. */
  void add(Peer to, byte[] bytes, int offset, int length, @Nullable SendCallback callback) {
    if (length > (ipv6 ? LONGEST_IPV6 : LONGEST_IPV4)) {
      tell(callback, Misuse.at("send", Errno.EMSGSIZE, to.host, to.port, null), 0);
      return;
    }
    if (!hasRoom(length)) {
      drop(to.host, to.port, length, callback);
      return;
    }
    SendPlace place = next();
    place.bytes = bytes;
    place.offset = offset;
    place.length = length;
    place.to = to;
    place.callback = callback;
    queuedBytes += length;
    waitingBytes += length;
    if (waitingBytes >= BATCH_BYTES || tail - handed >= BATCH_COUNT) {
      send();
    } else {
      sendLater();
    }
  }

  private boolean hasRoom(int length) {
    return cost() + length + COST <= maxQueued;
  }

  private long cost() {
    return queuedBytes + (long) COST * count();
  }

  private void drop(String host, int port, int length, @Nullable SendCallback callback) {
    owner.dropped(host, port, length);
    if (callback != null) {
      String why =
          "%d bytes are queued already, and maxQueuedBytes allows %d; send fewer, or wait for callbacks"
              .formatted(queuedBytes, maxQueued);
      NetException failure = Misuse.at("send", Errno.ENOBUFS, host, port, why);
      reactor.nextTick(() -> callback.done(failure, 0));
    }
  }

  /** Tells the sender, later than the call: its callback, or where there is none, the owner. */
  void tell(@Nullable SendCallback callback, @Nullable NetException failure, int length) {
    if (callback != null) {
      reactor.nextTick(() -> callback.done(failure, failure == null ? length : 0));
    } else if (failure != null) {
      reactor.nextTick(() -> owner.sendFailed(failure));
    }
  }

  /**
   * Sends what is queued, and tells when it is with the system, or when that takes too long. Called
   * once, and nothing is added any more.
   */
  void finish(Runnable done) {
    send();
    if (head == tail || handle == null) {
      done.run();
      return;
    }
    Future<?> patience = reactor.schedule(this::finished, PATIENCE_NANOS);
    whenEmpty =
        () -> {
          patience.cancel(false);
          done.run();
        };
  }

  private void finished() {
    Runnable done = whenEmpty;
    whenEmpty = null;
    if (done != null) {
      reactor.call(done);
    }
  }

  /** Drops what is queued; its callbacks are told of the failure, later and in order. */
  void close(NetException failure) {
    closed = true;
    failAll(failure);
  }

  /** As {@link #close}, but for this: what comes after is queued again. */
  void failAll(NetException failure) {
    while (head < tail) {
      SendPlace place = place(head++);
      SendCallback callback = place.callback;
      if (callback != null) {
        tell(callback, failure, 0);
      }
      queuedBytes -= place.length;
      place.clear();
    }
    handed = head;
    waitingBytes = 0;
  }

  @Override
  public void endOfTurn() {
    atEndOfTurn = false;
    send();
  }

  /** Sends what is queued now and not at the end of the turn, as far as the system takes it. */
  void flush() {
    send();
  }

  private void sendLater() {
    if (!atEndOfTurn && !closed && handle != null && handed < tail) {
      atEndOfTurn = true;
      reactor.sendAtEndOfTurn(this);
    }
  }

  /** Hands over batch after batch until the system takes no more, or nothing is left. */
  private void send() {
    if (handle == null || receipts == null || sending || closed) {
      return;
    }
    sending = true;
    try {
      while (handed == head && handed < tail) {
        if (place(handed).length == 0) {
          handOverEmpty(handle);
        } else {
          handOver(handle.channel(), receipts);
        }
      }
    } catch (Throwable noMemory) {
      failAll(Misuse.refused("send", Errno.of(noMemory)));
    } finally {
      sending = false;
    }
    if (head == tail && places.length > KEPT_PLACES) {
      places = new SendPlace[0];
      head = 0;
      handed = 0;
      tail = 0;
    }
  }

  private void handOverEmpty(DatagramHandle handle) {
    SendPlace place = place(handed++);
    place.joined = 1;
    Throwable refused = null;
    try {
      if (place.to != null) {
        handle.sendEmpty(place.to.socketAddress);
      }
    } catch (IOException | RuntimeException e) {
      refused = e;
    }
    taken(refused);
  }

  /** Copies as many datagrams as one call takes into one buffer, and hands over its parts. */
  private void handOver(Channel channel, ChannelPromise receipt) {
    int bytes = 0;
    long end = handed;
    while (end < tail && end - handed < BATCH_COUNT) {
      int length = place(end).length;
      if (length == 0 || (bytes > 0 && bytes + length > BATCH_BYTES)) {
        break;
      }
      bytes += length;
      end++;
    }
    ByteBuf all = channel.alloc().directBuffer(bytes, bytes);
    try {
      for (long i = handed; i < end; i++) {
        SendPlace place = place(i);
        all.writeBytes(place.bytes, place.offset, place.length);
      }
      int at = 0;
      while (handed < end) {
        SendPlace first = place(handed);
        int partBytes = join(first, end);
        DatagramPacket packet = packet(all.retainedSlice(at, partBytes), first);
        at += partBytes;
        handed += first.joined;
        channel.write(packet, receipt);
      }
      waitingBytes -= bytes;
    } finally {
      all.release();
    }
    channel.flush();
  }

  /** Sees how many datagrams go out in one piece with the first, and gives the bytes of all. */
  private int join(SendPlace first, long end) {
    first.joined = 1;
    int bytes = first.length;
    if (first.length > longestSegment || first.alone) {
      return bytes;
    }
    boolean more = true;
    for (long i = handed + 1; more && i < end && first.joined < MOST_JOINED; i++) {
      SendPlace place = place(i);
      boolean fits =
          isSame(place.to, first.to)
              && !place.alone
              && place.length <= first.length
              && bytes + place.length <= MOST_JOINED_BYTES;
      if (fits) {
        bytes += place.length;
        first.joined++;
      }
      more = fits && place.length == first.length; // only the last may be shorter
    }
    return bytes;
  }

  @SuppressWarnings("ReferenceEquality") // one peer is one object, as a rule; if not, no harm
  private static boolean isSame(@Nullable Peer one, @Nullable Peer other) {
    return one == other;
  }

  private static DatagramPacket packet(ByteBuf bytes, SendPlace first) {
    Peer to = first.to;
    if (to == null) {
      throw new IllegalStateException("a place without a target");
    }
    return first.joined == 1
        ? new DatagramPacket(bytes, to.socketAddress)
        : new SegmentedDatagramPacket(bytes, first.length, to.socketAddress);
  }

  /** The system has taken, or refused, the piece that was handed over first. */
  private void taken(@Nullable Throwable refused) {
    if (closed || head == handed) {
      return;
    }
    int joined = place(head).joined;
    if (refused != null && joined > 1) {
      separate(joined, refused);
    } else {
      for (int i = 0; i < joined; i++) {
        taken(place(head++), refused);
      }
    }
    if (!sending && handed == head) {
      sendLater();
    }
    if (head == tail) {
      finished();
    }
  }

  private void taken(SendPlace place, @Nullable Throwable refused) {
    Peer to = place.to;
    int length = place.length;
    queuedBytes -= length;
    if (trace != null && refused == null && to != null) {
      trace.sent(place.bytes, place.offset, length, to.socketAddress);
    }
    if (refused != null && to != null) {
      tell(place.callback, Misuse.at("send", Errno.of(refused), to.host, to.port, null), 0);
    } else if (place.callback != null) {
      tell(place.callback, null, length);
    }
    place.clear();
  }

  /**
   * Not every network card and tunnel can split a piece. The datagrams go out one by one then, and
   * each gets an error of its own.
   */
  private void separate(int joined, Throwable refused) {
    switch (Errno.of(refused)) {
      case EINVAL, EIO, EMSGSIZE, ENOTSUP, ENOPROTOOPT -> longestSegment = 0;
      default -> {}
    }
    for (int i = 0; i < joined; i++) {
      SendPlace old = place(head++);
      SendPlace again = next();
      again.bytes = old.bytes;
      again.offset = old.offset;
      again.length = old.length;
      again.to = old.to;
      again.callback = old.callback;
      again.alone = true;
      waitingBytes += old.length;
      old.clear();
    }
  }

  private SendPlace place(long index) {
    return places[(int) index & (places.length - 1)];
  }

  private SendPlace next() {
    if (tail - head == places.length) {
      grow();
    }
    return place(tail++);
  }

  private void grow() {
    SendPlace[] more = new SendPlace[Math.max(FIRST_PLACES, places.length * 2)];
    for (int i = 0; i < more.length; i++) {
      long index = head + i;
      more[(int) index & (more.length - 1)] = index < tail ? place(index) : new SendPlace();
    }
    places = more;
  }
}
