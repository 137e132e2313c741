package io.netloop.net;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Encryption;
import io.netloop.engine.FileCutShort;
import io.netloop.engine.FilePart;
import io.netloop.engine.Outbox;
import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.OutboxLimits.AtLimit;
import io.netloop.loop.Readable;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a socket has to say: its queue, its end, and what happens to a peer that does not listen.
 */
final class WriteSide implements Outbox.Owner {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  private final TcpSocket socket;
  private final Reactor reactor;
  private final SocketEvents events;
  private final OutboxLimits limits;

  /** Bytes of writes from other threads that have not reached the loop. */
  private final AtomicLong onTheWay = new AtomicLong();

  private volatile Outbox outbox;
  private @Nullable DuplexChannel channel;
  private volatile boolean ending;
  private boolean finSent;
  private volatile boolean finished;

  /** Whether a 'drain' is about to be told. */
  private boolean drainDue;

  private @Nullable List<Consumer<@Nullable NetException>> endCallbacks;
  private @Nullable List<Readable> sources;

  WriteSide(TcpSocket socket, Reactor reactor, SocketEvents events, OutboxLimits limits) {
    this.socket = socket;
    this.reactor = reactor;
    this.events = events;
    this.limits = limits;
    this.outbox = newOutbox();
  }

  private Outbox newOutbox() {
    return new Outbox(
        reactor,
        this,
        limits.highWaterMark(),
        limits.hardLimitBytes(),
        limits.softLimitBytes(),
        limits.softLimitFor().toNanos());
  }

  /** What was queued for the connection can go. */
  void open(DuplexChannel to) {
    channel = to;
    outbox.open(to, socket.encryption() == null);
  }

  /** What is written waits again: for a handshake. */
  void reopen() {
    if (!outbox.isEmpty()) {
      throw new NetException(
          "ERR_INVALID_STATE",
          "A connection can only be encrypted while nothing is queued on it, and %d bytes are."
              .formatted(outbox.queuedBytes()));
    }
    channel = null;
    outbox = newOutbox();
  }

  /** As new, for another connection. */
  void reset() {
    outbox = newOutbox();
    channel = null;
    ending = false;
    finSent = false;
    finished = false;
  }

  /** Drops what is queued; each callback is told of this failure, later. */
  void close(NetException unsent) {
    outbox.close(unsent);
    if (endCallbacks != null) {
      for (Consumer<@Nullable NetException> callback : endCallbacks) {
        refuse(callback, unsent);
      }
      endCallbacks = null;
    }
  }

  /** A write, from any thread. */
  boolean write(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    return reactor.inLoop() ? writeHere(data, callback) : handIn(data, callback);
  }

  /** A write from another thread: what is on its way to the loop counts as queued. */
  private boolean handIn(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    long before = onTheWay.getAndAdd(data.length()) + outbox.queuedBytes();
    boolean full = before >= outbox.highWaterMark();
    reactor.execute(() -> {
      onTheWay.addAndGet(-data.length());
      writeHere(data, callback);
      if (full) {
        outbox.promiseDrain();
      }
    });
    return !full && !socket.destroyed();
  }

  private boolean writeHere(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    if (!mayWrite(callback)) {
      return false;
    }
    byte[] bytes = BYTES.array(data);
    int offset = BYTES.offset(data);
    trace(bytes, offset, data.length());
    return outbox.write(
        bytes,
        offset,
        data.length(),
        callback == null ? null : failure -> answer(callback, (NetException) failure));
  }

  /** See {@link io.netloop.engine.SocketAccess#writeNow}. */
  void writeNow(byte[] bytes, int offset, int length) {
    if (mayWrite(null)) {
      trace(bytes, offset, length);
      outbox.writeNow(bytes, offset, length);
    }
  }

  private void trace(byte[] bytes, int offset, int length) {
    TcpTrace trace = socket.trace();
    if (trace != null) {
      trace.sent(bytes, offset, length);
    }
  }

  /** Whether a write may go on; else it is a mistake, which the callback is told and ends all. */
  private boolean mayWrite(@Nullable Consumer<@Nullable NetException> callback) {
    NetException wrong = whatIsWrong();
    if (wrong != null) {
      refuse(callback, wrong);
      if (!socket.destroyed()) {
        socket.shut(By.US, "app", wrong.code(), wrong, true);
      }
      return false;
    }
    socket.touch();
    return true;
  }

  /** Why nothing can be written now, or null. */
  private @Nullable NetException whatIsWrong() {
    if (ending && socket.endedByPeer()) {
      return new NetException("EPIPE", "This socket has been ended by the other party");
    }
    if (socket.destroyed()) {
      return Failures.destroyed("write");
    }
    if (ending) {
      return new NetException("ERR_STREAM_WRITE_AFTER_END", "write after end");
    }
    return channel == null && !socket.connecting() && !socket.isSecuring()
        ? Failures.notConnected()
        : null;
  }

  /** Passes on what another socket of this loop has read; its memory stays the other's. */
  boolean relay(ByteBuf data) {
    if (socket.destroyed() || ending || channel == null) {
      byte[] bytes = new byte[data.readableBytes()];
      data.readBytes(bytes);
      return writeHere(BYTES.wrap(bytes), null);
    }
    socket.touch();
    TcpTrace trace = socket.trace();
    if (trace != null) {
      trace.sent(data);
    }
    return outbox.write(data);
  }

  /** A part of a file, on the loop. */
  void writeFile(
      FileChannel file, long position, long length, Consumer<@Nullable NetException> whenUnused) {
    if (!mayWrite(whenUnused)) {
      return;
    }
    TcpTrace trace = socket.trace();
    if (trace != null && length > 0) {
      trace.fileBegins();
    }
    outbox.write(new FilePart(file, position, length, failure -> fileUnused(whenUnused, failure)));
  }

  /** A reading thread is the last to let go of a file where the loop has ended meanwhile. */
  private void fileUnused(
      Consumer<@Nullable NetException> whenUnused, @Nullable Throwable failure) {
    NetException why = (NetException) failure;
    if (reactor.inLoop()) {
      reactor.nextTick(() -> answer(whenUnused, why));
    } else {
      whenUnused.accept(why);
    }
  }

  private void refuse(@Nullable Consumer<@Nullable NetException> callback, NetException why) {
    if (callback != null) {
      reactor.nextTick(() -> answer(callback, why));
    }
  }

  private void answer(Consumer<@Nullable NetException> callback, @Nullable NetException failure) {
    events.guard(() -> callback.accept(failure));
  }

  // The end

  /** No more will be written; the callback is told when all is with the system, or why not. */
  void end(@Nullable Consumer<@Nullable NetException> callback) {
    if (callback != null) {
      if (socket.destroyed()) {
        refuse(callback, Failures.destroyed("end"));
        return;
      }
      if (finished) {
        refuse(
            callback,
            new NetException(
                "ERR_STREAM_ALREADY_FINISHED", "Cannot call end after a stream was finished"));
        return;
      }
      if (endCallbacks == null) {
        endCallbacks = new ArrayList<>(1);
      }
      endCallbacks.add(callback);
    }
    if (!socket.destroyed()) {
      ending = true;
      // A second end too, as in Node: a cork after the first would hold the rest back for ever.
      outbox.uncorkFully();
      if (channel == null && !socket.connecting() && !socket.isSecuring()) {
        reactor.nextTick(this::finish);
      }
      finishIfDone();
    }
  }

  /** Sends our FIN once all that was written is with the system. */
  void finishIfDone() {
    if (!ending || finSent || socket.destroyed() || channel == null || !outbox.isEmpty()) {
      return;
    }
    finSent = true;
    TcpTrace trace = socket.trace();
    if (trace != null) {
      trace.ended();
    }
    // That it fails means that the peer has gone: the reading side tells.
    Encryption encryption = socket.encryption();
    if (encryption == null) {
      channel.shutdownOutput().addListener(done -> reactor.nextTick(this::finish));
    } else {
      encryption.end(() -> reactor.nextTick(this::finish));
    }
  }

  private void finish() {
    if (socket.destroyed() || finished) {
      return;
    }
    finished = true;
    if (endCallbacks != null) {
      List<Consumer<@Nullable NetException>> callbacks = endCallbacks;
      endCallbacks = null;
      for (Consumer<@Nullable NetException> callback : callbacks) {
        answer(callback, null);
      }
    }
    events.tell(events.finish);
    socket.finished();
  }

  boolean isEnding() {
    return ending;
  }

  boolean isFinSent() {
    return finSent;
  }

  boolean isFinished() {
    return finished;
  }

  Outbox outbox() {
    return outbox;
  }

  // What the outbox says

  @Override
  public void drained() {
    if (drainDue) {
      return;
    }
    drainDue = true;
    reactor.nextTick(() -> {
      drainDue = false;
      // Who was told "full" again meanwhile has another one to come.
      if (!socket.destroyed() && !ending && !outbox.wantsDrain()) {
        events.tell(events.drain);
      }
    });
  }

  @Override
  public void emptied() {
    socket.touch();
    finishIfDone();
  }

  @Override
  public void failed(Throwable failure) {
    if (failure instanceof FileCutShort) {
      NetException cut = new NetException("ERR_FILE_CUT_SHORT", FileCutShort.WHAT, failure);
      socket.shut(By.US, "app", cut.code(), cut, true);
      return;
    }
    socket.broken("write", failure);
  }

  @Override
  public boolean copiesFiles() {
    return socket.encrypted() || socket.trace() != null;
  }

  @Override
  public void copied(byte[] block) {
    TcpTrace trace = socket.trace();
    if (trace != null) {
      trace.fileSent(block);
    }
  }

  @Override
  public void progressed() {
    socket.touch();
  }

  @Override
  public void fileLeft() {
    TcpTrace trace = socket.trace();
    if (trace != null) {
      trace.fileEnds();
    }
  }

  @Override
  public boolean limitReached(long heldBytes, long limitBytes, long nanos) {
    boolean soft = nanos > 0;
    if (limits.atLimit() == AtLimit.PAUSE_SOURCE && holdSources(soft)) {
      return true;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    String time = millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    String soFar = soft ? " for " + time : "";
    long queued = outbox.queuedBytes();
    String small =
        queued > limitBytes
            ? ""
            : " in pieces so small that they take " + heldBytes + " bytes of memory";
    NetException limit =
        new NetException(
            "ERR_OUTBOX_LIMIT",
            "The peer reads too slowly: %d bytes are queued%s, more than the limit of %d%s."
                .formatted(queued, small, limitBytes, soFar));
    socket.shut(By.US, "tcp", limit.code(), limit, true);
    return false;
  }

  /**
   * A source begins or ends to write here through a pipe. One on another loop may have seen a full
   * queue that has drained before its listener came.
   */
  void piped(Readable source, boolean begins) {
    if (sources == null) {
      sources = new ArrayList<>(1);
    }
    if (begins) {
      sources.add(source);
      if (!outbox.wantsDrain()) {
        source.pipes().release(socket);
      }
    } else {
      sources.remove(source);
    }
  }

  /**
   * Pauses the sources of the pipes to here until the queue is empty.
   *
   * @param again whether those count that are paused already; else one of them must have been
   *     flowing, since a write that comes while all are paused comes from no pipe
   */
  private boolean holdSources(boolean again) {
    boolean held = false;
    if (sources != null) {
      for (Readable source : sources) {
        held |= again || !source.isPaused();
        source.pipes().hold(socket);
      }
    }
    if (held) {
      outbox.promiseDrain();
    }
    return held;
  }
}
