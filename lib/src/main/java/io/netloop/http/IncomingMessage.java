package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Encoding;
import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.engine.TextDecoder;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Pipes;
import io.netloop.loop.Readable;
import io.netloop.net.TcpSocket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A message that comes in: its headers are there when it is handed out, its body follows as a
 * stream. Nothing of the body flows until there is a 'data' listener, a pipe or a call of {@link
 * #resume}; while nobody takes it, the sender is held back by the connection. <i>Loop-confined:</i>
 * listeners run on the loop of the connection; methods may be called from any thread.
 *
 * @see <a href="https://nodejs.org/api/http.html#class-httpincomingmessage">Node:
 *     http.IncomingMessage</a>
 */
public abstract sealed class IncomingMessage implements Readable
    permits HttpRequest, ClientResponse {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** What a waiting piece costs beside its bytes: a body may come in chunks of one byte. */
  private static final int PIECE_BYTES = 64;

  /** Pieces shorter than this are put together, up to so many bytes. */
  private static final int SMALL_PIECE = 512;

  private static final int GATHERED_BYTES = 1024;
  private static final byte[] NOTHING = {};

  static final int HTTP_1_1 = 11;
  static final int HTTP_2 = 20;
  private static final int FLOWING = 1;
  private static final int PAUSED = 2;
  private static final int RECEIVED = 4; // all of it has come
  private static final int ENDED = 8; // 'end' was told
  private static final int ABORTED = 16;
  private static final int DESTROYED = 32;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(IncomingMessage.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Reactor reactor;
  final TcpSocket socket;
  private final Headers headers;

  /** Major and minor, as one number: 11 for HTTP/1.1. */
  private final int version;

  private final int highWaterMark;
  private @Nullable Headers trailers;

  private @Nullable ArrayDeque<Buffer> waiting;
  private int waitingBytes;

  /** The last that waits, where small pieces were put together. */
  private @Nullable Buffer gathered;

  private byte[] gatheredBytes = NOTHING;
  private @Nullable TextDecoder decoder;
  private @Nullable Pipes pipes;

  private boolean flowScheduled;
  private boolean dumped;
  private @Nullable CloseCause overWhenReceived;
  private @Nullable NetException error;
  private @Nullable CloseCause cause;
  private boolean closed;

  /** How far it is; other threads may read it. */
  private volatile int state;

  private Listeners<Consumer<Buffer>> onData = Listeners.none();
  private Listeners<Runnable> onEnd = Listeners.none();
  private Listeners<Runnable> onPause = Listeners.none();
  private Listeners<Runnable> onResume = Listeners.none();
  private Listeners<Runnable> onAborted = Listeners.none();
  private Listeners<Consumer<NetException>> onError = Listeners.none();
  private Listeners<Consumer<CloseCause>> onClose = Listeners.none();

  IncomingMessage(
      Reactor reactor, TcpSocket socket, Headers headers, int version, int highWaterMark) {
    this.reactor = reactor;
    this.socket = socket;
    this.headers = headers;
    this.version = version;
    this.highWaterMark = highWaterMark;
  }

  private boolean is(int what) {
    return (state & what) != 0;
  }

  /**
   * Only the loop changes the state. A plain volatile write would wait for all that was written
   * before to reach the other cores, and a message has some ten of them.
   */
  private void becomes(int what) {
    STATE.setRelease(this, state | what);
  }

  private void becomesNot(int what) {
    STATE.setRelease(this, state & ~what);
  }

  /** The loop that everything of this message runs on. */
  abstract Loop loop();

  /** There is room for more of the body. */
  abstract void wantsMore();

  /** Everything was delivered, and 'end' told. */
  abstract void wasRead();

  /** A listener threw. */
  abstract void listenerFailed(Throwable failure);

  /** Ends the connection at once, where it is still this message's. */
  abstract void cut(@Nullable NetException failure);

  // What the connection says

  /** A part of the body. Returns whether more may follow at once. */
  final boolean body(byte[] bytes, int from, int to) {
    if (overWhenReceived != null) {
      dumpIfUnread();
    }
    if (dumped || is(DESTROYED)) {
      return true;
    }
    if (decoder == null) {
      deliver(BYTES.wrap(bytes, from, to - from));
    } else {
      byte[] part = Arrays.copyOfRange(bytes, from, to);
      String text = decoder.decode(part);
      if (!text.isEmpty()) {
        deliver(Buffer.from(text));
      }
    }
    return !isOverMark();
  }

  private void deliver(Buffer data) {
    if (is(FLOWING) && waitingBytes == 0) {
      tellData(data);
      return;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>(4);
    }
    if (isOverMark() && data.length() < SMALL_PIECE) {
      gather(waiting, data);
    } else {
      waiting.add(data);
    }
    waitingBytes += data.length();
  }

  private boolean isOverMark() {
    return waiting != null && waitingBytes + waiting.size() * PIECE_BYTES >= highWaterMark;
  }

  /**
   * Where much waits, small pieces are copied behind each other: the sender may be held back by
   * bytes alone, as in HTTP/2, and a piece of one byte costs a hundred.
   */
  @SuppressWarnings("ReferenceEquality") // another of the same bytes is not ours to go on with
  private void gather(ArrayDeque<Buffer> to, Buffer data) {
    int length = data.length();
    Buffer last = to.peekLast();
    int at = last == null || last != gathered ? GATHERED_BYTES : last.length();
    if (at + length > GATHERED_BYTES) {
      gatheredBytes = new byte[GATHERED_BYTES];
      at = 0;
    } else {
      to.removeLast();
    }
    System.arraycopy(BYTES.array(data), BYTES.offset(data), gatheredBytes, at, length);
    gathered = BYTES.wrap(gatheredBytes, 0, at + length);
    to.add(gathered);
  }

  /** The hot one: no object is made. */
  private void tellData(Buffer data) {
    Listeners<Consumer<Buffer>> listeners = onData;
    try {
      for (int i = 0; i < listeners.size(); i++) {
        listeners.get(i).accept(data);
      }
    } catch (Throwable failure) {
      listenerFailed(failure);
    }
  }

  /** All of it has come. */
  final void received(Headers newTrailers) {
    trailers = newTrailers;
    if (decoder != null) {
      String tail = decoder.finish();
      if (!tail.isEmpty() && !dumped) {
        deliver(Buffer.from(tail));
      }
    }
    becomes(RECEIVED);
    if (overWhenReceived != null && (dumped || !isRead())) {
      over(overWhenReceived);
    } else if (is(FLOWING)) {
      flowLater();
    }
  }

  private boolean isRead() {
    return !onData.isEmpty() || pipes != null;
  }

  /** Whether nobody takes the body. */
  final boolean isUnread() {
    return dumped || !isRead();
  }

  private void dumpIfUnread() {
    if (!isRead()) {
      dump();
    }
  }

  /** Nobody will want the rest: it is read and thrown away. */
  final void dump() {
    if (!is(ENDED) && !dumped) {
      dumped = true;
      waiting = null;
      waitingBytes = 0;
      wantsMore();
    }
  }

  /** The connection is lost: what has not been read by now never will be. */
  final void abort() {
    if (!is(DESTROYED | ABORTED) && !(is(ENDED) && is(RECEIVED))) {
      becomes(ABORTED);
      tell(onAborted);
    }
  }

  /** After {@link #abort}: an error where something is missing, then 'close'. */
  final void lost(CloseCause why) {
    NetException failure = is(RECEIVED) ? null : new NetException("ECONNRESET", "aborted");
    String code = failure == null ? why.code() : failure.code();
    over(new CloseCause(why.by(), "http", code, 0, failure));
  }

  /** Its response has finished: over, at once or when the rest of it has been thrown away. */
  final void overAfterFinish(CloseCause why) {
    if (is(RECEIVED) && (is(ENDED) || !isRead())) {
      over(why);
      return;
    }
    overWhenReceived = why;
    if (waitingBytes > 0) {
      reactor.nextTick(this::dumpIfUnread);
    }
  }

  /** It is done with, for this reason: 'error' where there is one, then 'close'. */
  final void over(CloseCause why) {
    if (is(DESTROYED)) {
      return;
    }
    cause = why;
    becomes(DESTROYED);
    waiting = null;
    waitingBytes = 0;
    if (onError.isEmpty() && onClose.isEmpty() && pipes == null) {
      closed = true; // Nobody to tell: who comes late is told then.
      error = why.error();
      return;
    }
    reactor.nextTick(() -> {
      NetException failure = why.error();
      error = failure;
      if (failure != null) {
        onError.forEach(listener -> guard(() -> listener.accept(failure)));
      }
      reactor.nextTick(() -> {
        closed = true;
        onClose.forEach(listener -> guard(() -> listener.accept(why)));
      });
    });
  }

  final void guard(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable failure) {
      listenerFailed(failure);
    }
  }

  private void tell(Listeners<Runnable> listeners) {
    listeners.forEach(this::guard);
  }

  final boolean hasCloseListeners() {
    return !onClose.isEmpty() || !onError.isEmpty() || pipes != null;
  }

  final boolean isReceived() {
    return is(RECEIVED);
  }

  final boolean isClosed() {
    return closed;
  }

  // The flow

  @Override
  public IncomingMessage pause() {
    reactor.run(() -> {
      boolean news = !is(PAUSED);
      becomes(PAUSED);
      becomesNot(FLOWING);
      if (news) {
        tell(onPause);
      }
    });
    return this;
  }

  @Override
  public IncomingMessage resume() {
    reactor.run(() -> {
      becomesNot(PAUSED);
      if (!is(FLOWING)) {
        becomes(FLOWING);
        flowLater();
      }
    });
    return this;
  }

  @Override
  public boolean isPaused() {
    return is(PAUSED);
  }

  /** Whether the body flows to listeners: false before the first of them, and while paused. */
  public boolean readableFlowing() {
    return is(FLOWING);
  }

  /** Bytes that have come and wait for a listener. */
  public int readableLength() {
    return waitingBytes;
  }

  private void flowLater() {
    if (!flowScheduled) {
      flowScheduled = true;
      reactor.nextTick(() -> {
        flowScheduled = false;
        flow();
      });
    }
  }

  private void flow() {
    if (!is(FLOWING) || is(DESTROYED) || dumped) {
      return;
    }
    tell(onResume);
    Buffer data;
    while (is(FLOWING) && !is(DESTROYED) && waiting != null && (data = waiting.poll()) != null) {
      waitingBytes -= data.length();
      tellData(data);
    }
    if (!is(FLOWING) || is(DESTROYED)) {
      return;
    }
    if (!is(RECEIVED)) {
      wantsMore();
    } else if (!is(ENDED)) {
      becomes(ENDED);
      tell(onEnd);
      wasRead();
      if (overWhenReceived != null) {
        over(overWhenReceived);
      }
    }
  }

  /** Has 'data' deliver whole characters of UTF-8. */
  public IncomingMessage setEncoding() {
    return setEncoding("utf8");
  }

  /**
   * Has 'data' deliver text: each buffer's {@code toString()} is the text decoded so far, and a
   * character that came in pieces is in one of them whole. For the names see {@link Buffer}.
   *
   * @throws NetException {@code ERR_UNKNOWN_ENCODING}
   */
  public IncomingMessage setEncoding(String name) {
    Encoding encoding = Encoding.of(name);
    if (encoding == null) {
      throw new NetException("ERR_UNKNOWN_ENCODING", "Unknown encoding: " + name);
    }
    reactor.run(() -> decoder = new TextDecoder(encoding));
    return this;
  }

  @Override
  public Pipes pipes() {
    synchronized (this) {
      if (pipes == null) {
        pipes = new Pipes(this, loop());
      }
      return pipes;
    }
  }

  // Ending

  /** Ends the connection at once. */
  public IncomingMessage destroy() {
    reactor.run(() -> cut(null));
    return this;
  }

  @Override
  public IncomingMessage destroy(NetException failure) {
    reactor.run(() -> cut(failure));
    return this;
  }

  /**
   * Tells 'timeout' of the connection's socket after this long without activity; 0 turns it off.
   */
  public IncomingMessage setTimeout(long millis, Runnable listener) {
    socket.setTimeout(millis, listener);
    return this;
  }

  // Listeners

  @Override
  public IncomingMessage onData(Consumer<Buffer> listener) {
    reactor.run(() -> {
      onData = onData.with(listener);
      if (!is(PAUSED)) {
        resume();
      }
    });
    return this;
  }

  @Override
  public IncomingMessage onEnd(Runnable listener) {
    return add(() -> onEnd = onEnd.with(listener), () -> is(ENDED), listener);
  }

  /** The flow was stopped. */
  public IncomingMessage onPause(Runnable listener) {
    reactor.run(() -> onPause = onPause.with(listener));
    return this;
  }

  /** The flow begins, or goes on. */
  public IncomingMessage onResume(Runnable listener) {
    reactor.run(() -> onResume = onResume.with(listener));
    return this;
  }

  /** The connection was lost before the message was read to its end. */
  public IncomingMessage onAborted(Runnable listener) {
    return add(() -> onAborted = onAborted.with(listener), () -> is(ABORTED), listener);
  }

  /** The connection was lost before all had come; without a listener nothing is told. */
  @Override
  public IncomingMessage onError(Consumer<NetException> listener) {
    return add(
        () -> onError = onError.with(listener),
        () -> error != null,
        () -> listener.accept(Objects.requireNonNull(error)));
  }

  @Override
  public IncomingMessage onClose(Consumer<CloseCause> listener) {
    return add(
        () -> onClose = onClose.with(listener),
        () -> closed,
        () -> listener.accept(Objects.requireNonNull(cause)));
  }

  /** Adds a listener; one that comes too late for what happens once is told, later. */
  private IncomingMessage add(Runnable add, BooleanSupplier happened, Runnable tellLate) {
    reactor.run(() -> {
      add.run();
      if (happened.getAsBoolean()) {
        reactor.nextTick(() -> guard(tellLate));
      }
    });
    return this;
  }

  @Override
  public IncomingMessage off(Object listener) {
    reactor.run(() -> {
      onData = onData.without(listener);
      onEnd = onEnd.without(listener);
      onPause = onPause.without(listener);
      onResume = onResume.without(listener);
      onAborted = onAborted.without(listener);
      onError = onError.without(listener);
      onClose = onClose.without(listener);
    });
    return this;
  }

  // What can be asked

  /** The headers. */
  public Headers headers() {
    return headers;
  }

  /** The same as {@code headers().get(name)}. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Name, value, name, value …, as they came. */
  public List<String> rawHeaders() {
    return headers.raw();
  }

  /** The headers that came behind a chunked body; none before 'end'. */
  public Headers trailers() {
    Headers all = is(RECEIVED) ? trailers : null;
    return all == null ? Headers.NONE : all;
  }

  /** {@code "1.1"}, {@code "1.0"} or {@code "2.0"}. */
  public String httpVersion() {
    return switch (version) {
      case HTTP_2 -> "2.0";
      case HTTP_1_1 -> "1.1";
      default -> "1.0";
    };
  }

  /** 1 or 2. */
  public int httpVersionMajor() {
    return version / 10;
  }

  final boolean isHttp11() {
    return version == HTTP_1_1;
  }

  /** 1 or 0. */
  public int httpVersionMinor() {
    return version % 10;
  }

  /** Whether all of the message has come. */
  public boolean complete() {
    return is(RECEIVED);
  }

  /** Whether the connection was lost before the message was read to its end. */
  public boolean aborted() {
    return is(ABORTED);
  }

  /** Whether it is done with: read and answered, or lost. */
  public boolean destroyed() {
    return is(DESTROYED);
  }

  /** The connection. */
  public TcpSocket socket() {
    return socket;
  }
}
