package io.netloop.http;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.loop.Writable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A message that goes out: first its headers, with the first write or the end, then its body as a
 * stream. <i>Loop-confined:</i> listeners run on the loop of the connection; methods that act may
 * be called from any thread and take effect in the order of the calls.
 *
 * @param <M> the message itself: what its methods return
 * @see <a href="https://nodejs.org/api/http.html#class-httpoutgoingmessage">Node:
 *     http.OutgoingMessage</a>
 */
public abstract sealed class OutgoingMessage<M extends OutgoingMessage<M>> implements Writable
    permits HttpResponse, ClientRequest {
  /** The body's length where the headers leave before anything of it is there. */
  static final long NOT_BEGUN = -2;

  private static final int MOST_LENGTH_DIGITS = 18;

  private static final int HEADERS_SENT = 1;
  private static final int ENDED = 2; // end() was called
  private static final int FINISHED = 4; // everything is with the system
  private static final int DESTROYED = 8;
  private static final int NEED_DRAIN = 16;
  private static final VarHandle STATE;
  private static final VarHandle ON_THE_WAY;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(OutgoingMessage.class, "state", int.class);
      ON_THE_WAY = lookup.findVarHandle(OutgoingMessage.class, "onTheWay", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Reactor reactor;
  final OutgoingHeaders headers = new OutgoingHeaders();
  Wire wire;

  /** Bytes of writes from other threads that have not reached the loop. */
  private volatile long onTheWay;

  // What the head has said about the rest.
  boolean hasBody = true;
  boolean chunked;
  boolean last;

  /** What the program's own Content-Length says, or -1. */
  long declaredLength = -1;

  private boolean strictLength;
  private long bodyBytes;
  private @Nullable OutgoingHeaders trailers;

  /** How far it is; other threads may read it. */
  private volatile int state;

  private boolean finishWatched;
  private boolean closed;
  private int corks;

  /** The file that is being read into the body, or null. */
  private @Nullable FileCopy copy;

  private @Nullable NetException error;
  private boolean errorDue;
  private @Nullable CloseCause cause;
  private @Nullable List<Consumer<@Nullable NetException>> endCallbacks;

  private Listeners<Runnable> onDrain = Listeners.none();
  private Listeners<Runnable> onFinish = Listeners.none();
  private Listeners<Consumer<NetException>> onError = Listeners.none();
  private Listeners<Consumer<CloseCause>> onClose = Listeners.none();

  OutgoingMessage(Reactor reactor, Wire wire) {
    this.reactor = reactor;
    this.wire = wire;
  }

  private boolean is(int what) {
    return (state & what) != 0;
  }

  /** Only the loop changes the state; in release mode, as {@link IncomingMessage} says why. */
  private void becomes(int what) {
    STATE.setRelease(this, state | what);
  }

  @SuppressWarnings("unchecked")
  private M self() {
    return (M) this;
  }

  /**
   * Puts the head of HTTP/1.1 together, and sets {@link #hasBody}, {@link #chunked} and {@link
   * #last}.
   *
   * @param bodyLength the length of the whole body where it is known, -1 where only a part of it is
   *     there, {@link #NOT_BEGUN} where nothing is
   */
  abstract void putHead(HeadWriter head, long bodyLength);

  /** Puts the head of HTTP/2 together; as {@link #putHead}, but for the framing. */
  abstract void putFields(OutgoingFields fields, HeadWriter to, long bodyLength);

  /** {@link #end} was called, and everything handed over. */
  abstract void wasEnded();

  /** Everything is with the system. */
  abstract void wasFinished();

  /** A listener threw. */
  abstract void listenerFailed(Throwable failure);

  /** Ends the connection at once. */
  abstract void cut(@Nullable NetException failure);

  // Headers

  /**
   * Sets a header, in place of one of that name.
   *
   * @throws NetException {@code ERR_INVALID_HTTP_TOKEN}, {@code ERR_INVALID_CHAR}, or {@code
   *     ERR_HTTP_HEADERS_SENT}
   */
  public M setHeader(String name, String value) {
    OutgoingHeaders.checkName(name);
    OutgoingHeaders.checkValue(name, value);
    return put(name, value);
  }

  /** As {@link #setHeader(String, String)}; {@link #getHeader} returns the number. */
  public M setHeader(String name, Number value) {
    OutgoingHeaders.checkName(name);
    return put(name, value);
  }

  /** As {@link #setHeader(String, String)}; each value makes a line of its own. */
  public M setHeader(String name, List<String> values) {
    return put(name, OutgoingHeaders.checked(name, values));
  }

  private M put(String name, Object value) {
    requireUnsent("set");
    if (reactor.inLoop()) {
      headers.set(name, value);
    } else {
      reactor.execute(() -> headers.set(name, value));
    }
    return self();
  }

  /** Sets all these headers: texts, numbers, or lists of texts. */
  public M setHeaders(Map<String, ?> all) {
    Map<String, Object> checked = new LinkedHashMap<>();
    all.forEach((name, value) -> checked.put(name, OutgoingHeaders.checked(name, value)));
    checked.forEach(this::put);
    return self();
  }

  /** Adds a line to those that a header has. */
  public M appendHeader(String name, String... values) {
    requireUnsent("append");
    Object lines = OutgoingHeaders.checked(name, List.of(values));
    reactor.run(() -> headers.append(name, OutgoingHeaders.texts(lines)));
    return self();
  }

  /** What was set: a text, a number, a list of texts, or null. */
  public @Nullable Object getHeader(String name) {
    return headers.get(name);
  }

  /** All headers that were set, the names in small letters. */
  public Map<String, Object> getHeaders() {
    Map<String, Object> all = new LinkedHashMap<>();
    for (int i = 0; i < headers.size(); i++) {
      all.put(headers.name(i).toLowerCase(Locale.ROOT), headers.value(i));
    }
    return all;
  }

  /** The names of the headers that were set, in small letters. */
  public List<String> getHeaderNames() {
    return headers.lowerNames();
  }

  /** The names of the headers that were set, as they will be sent. */
  public List<String> getRawHeaderNames() {
    return headers.names();
  }

  /** Whether a header of this name was set. */
  public boolean hasHeader(String name) {
    return headers.has(name);
  }

  /**
   * Takes a header out. Also keeps {@code Date}, {@code Connection}, {@code Content-Length} and
   * {@code Transfer-Encoding} from being added.
   *
   * @throws NetException {@code ERR_HTTP_HEADERS_SENT}
   */
  public M removeHeader(String name) {
    requireUnsent("remove");
    reactor.run(() -> {
      headers.remove(name);
      removed(name.toLowerCase(Locale.ROOT));
    });
    return self();
  }

  /** A program wants no such header, not even one of ours. */
  abstract void removed(String lowerName);

  /** The headers behind a chunked body; without one they are lost. Call it before the end. */
  public M addTrailers(Map<String, ?> more) {
    OutgoingHeaders checked = new OutgoingHeaders();
    more.forEach((name, value) -> checked.add(name, OutgoingHeaders.checkedTrailer(name, value)));
    reactor.run(() -> {
      OutgoingHeaders all = trailers == null ? new OutgoingHeaders() : trailers;
      for (int i = 0; i < checked.size(); i++) {
        all.add(checked.name(i), checked.value(i));
      }
      trailers = all;
    });
    return self();
  }

  final void requireUnsent(String verb) {
    if (is(HEADERS_SENT)) {
      throw new NetException(
          "ERR_HTTP_HEADERS_SENT", "Cannot " + verb + " headers after they are sent to the client");
    }
  }

  /** Sends the headers now and not with the body. */
  public M flushHeaders() {
    reactor.run(() -> {
      if (!is(HEADERS_SENT | DESTROYED)) {
        sendHead(NOT_BEGUN);
        wire.written();
      }
    });
    return self();
  }

  private void sendHead(long bodyLength) {
    try {
      wire.head(this, bodyLength);
    } catch (NetException unsendable) {
      headRefused();
      throw unsendable;
    }
    becomes(HEADERS_SENT);
  }

  /** The head can't be sent as it is; the program may set it right, and it is put together anew. */
  void headRefused() {}

  /** Has {@link #write} and {@link #end} hold the body to the program's own Content-Length. */
  final void strictLength(boolean on) {
    strictLength = on;
  }

  // The body

  @Override
  public boolean write(Buffer data) {
    return reactor.inLoop() ? writeHere(data, null) : handIn(data, null);
  }

  @Override
  public boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
    return reactor.inLoop() ? writeHere(data, callback) : handIn(data, callback);
  }

  /** Writes text in a named encoding; for the names see {@link Buffer}. */
  public boolean write(String text, String encoding) {
    return write(Buffer.from(text, encoding));
  }

  /** A write from another thread: what is on its way to the loop counts as queued. */
  private boolean handIn(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    long before = (long) ON_THE_WAY.getAndAdd(this, (long) data.length());
    boolean full = before + data.length() >= highWaterMark() || is(NEED_DRAIN);
    reactor.execute(() -> {
      ON_THE_WAY.getAndAdd(this, (long) -data.length());
      boolean room = writeHere(data, callback);
      if (full && room) {
        becomes(NEED_DRAIN);
        reactor.nextTick(this::drained);
      }
    });
    return !full;
  }

  private boolean writeHere(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    if (copy != null) {
      copy.then(() -> writeHere(data, callback));
      becomes(NEED_DRAIN);
      return false;
    }
    return writeNow(data, callback);
  }

  private boolean writeNow(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    NetException wrong = whatIsWrong(data.length());
    if (wrong != null) {
      refuse(callback, wrong);
      return false;
    }
    checkLength(data.length(), false);
    if (!is(HEADERS_SENT)) {
      sendHead(-1);
    }
    bodyBytes += data.length();
    if (hasBody && !data.isEmpty()) {
      wire.body(this, data, false);
    }
    if (corks == 0) {
      wire.written();
    }
    if (callback != null) {
      wire.whenSent(failure -> guard(() -> callback.accept(failure)));
    }
    boolean full = wire.isFull();
    if (full) {
      becomes(NEED_DRAIN);
    }
    return !full;
  }

  /**
   * Writes a part of a file, which the system sends without it passing through this program where
   * the connection allows that: {@link io.netloop.net.TcpSocket#writeFile} says how. Elsewhere it
   * is read in blocks, on another thread, as there is room for it. The program's own {@code
   * Content-Length} counts it; without one it is a chunk. Not in Node.
   *
   * @param file open for reading; its own position is neither used nor changed
   * @param position where the part begins, in bytes
   * @param length how many bytes there are in it
   * @param whenUnused told once, later and on the loop, when the file is not needed any more and
   *     may be closed: with null when all was handed on, or none of it was to be sent, or with what
   *     prevented it
   * @throws NetException {@code ERR_OUT_OF_RANGE} for a negative number
   */
  public M writeFile(
      FileChannel file, long position, long length, Consumer<@Nullable NetException> whenUnused) {
    if (position < 0 || length < 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "A part of a file begins at 0 or later and is not shorter than nothing, not %d bytes from %d on."
              .formatted(length, position));
    }
    Consumer<@Nullable NetException> unused = failure -> guard(() -> whenUnused.accept(failure));
    reactor.run(() -> writeFileHere(file, position, length, unused));
    return self();
  }

  private void writeFileHere(
      FileChannel file, long position, long length, Consumer<@Nullable NetException> unused) {
    if (copy != null) {
      copy.then(() -> writeFileHere(file, position, length, unused));
      return;
    }
    NetException wrong;
    try {
      wrong = whatIsWrong(length);
      if (wrong == null) {
        checkLength(length, false);
        if (!is(HEADERS_SENT)) {
          sendHead(-1);
        }
      }
    } catch (NetException mistake) {
      reactor.nextTick(() -> unused.accept(mistake));
      throw mistake;
    }
    if (wrong != null) {
      refuse(unused, wrong);
    } else if (!hasBody || length == 0) {
      bodyBytes += length;
      wire.written();
      reactor.nextTick(() -> unused.accept(null));
    } else if (wire.sendsFiles()) {
      bodyBytes += length;
      wire.file(this, file, position, length, unused);
      if (corks == 0) {
        wire.written();
      }
      if (wire.isFull()) {
        becomes(NEED_DRAIN);
      }
    } else {
      FileCopy begun = new FileCopy(this, file, position, length, unused);
      copy = begun;
      becomes(NEED_DRAIN);
      begun.goOn();
    }
  }

  /** Takes a block of a file that is copied. Returns whether there is room for the next. */
  final boolean writeCopied(Buffer block) {
    return writeNow(block, null);
  }

  /** All of the file was written. */
  final void copied() {
    copy = null;
    if (is(NEED_DRAIN) && !wire.isFull()) {
      reactor.nextTick(this::drained);
    }
  }

  private @Nullable NetException whatIsWrong(long length) {
    if (is(DESTROYED)) {
      return new NetException(
          "ERR_STREAM_DESTROYED", "Cannot call write after a stream was destroyed");
    }
    if (is(ENDED)) {
      return new NetException("ERR_STREAM_WRITE_AFTER_END", "write after end");
    }
    if (length > 0 && refusesBody()) {
      throw new NetException(
          "ERR_HTTP_BODY_NOT_ALLOWED",
          "Adding content for this request method or response status is not allowed.");
    }
    return null;
  }

  /** Whether a body is a mistake, and not just dropped where none may be. */
  abstract boolean refusesBody();

  /** Before anything is sent or changed, so that a program may still say what is right. */
  private void checkLength(long more, boolean isAll) {
    if (!strictLength || !hasBody) {
      return;
    }
    Object set = headers.get("content-length");
    long declared = is(HEADERS_SENT) ? declaredLength : set == null ? -1 : lengthOf(set);
    long length = bodyBytes + more;
    if (declared >= 0 && (isAll ? length != declared : length > declared)) {
      throw new NetException(
          "ERR_HTTP_CONTENT_LENGTH_MISMATCH",
          "Response body's content-length of %d byte(s) does not match the content-length of %d"
                  .formatted(length, declared)
              + " byte(s) set in header");
    }
  }

  /** The number that a Content-Length holds. */
  static long lengthOf(Object value) {
    String digits = value.toString();
    if (digits.isEmpty()
        || digits.length() > MOST_LENGTH_DIGITS
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new NetException(
          "ERR_HTTP_INVALID_HEADER_VALUE",
          "Invalid value \"" + value + "\" for header \"Content-Length\": a number of bytes.");
    }
    return Long.parseLong(digits);
  }

  /** Refused after the end, as a mistake that the message's listeners hear of too. */
  private void refuse(@Nullable Consumer<@Nullable NetException> callback, NetException why) {
    reactor.nextTick(() -> {
      if (callback != null) {
        guard(() -> callback.accept(why));
      }
      if (!is(DESTROYED) || is(ENDED)) {
        onError.forEach(listener -> guard(() -> listener.accept(why)));
      }
    });
  }

  @Override
  public M end() {
    reactor.run(() -> endHere(Buffer.empty()));
    return self();
  }

  @Override
  public M end(Buffer data) {
    if (reactor.inLoop()) {
      endHere(data);
    } else {
      reactor.execute(() -> endHere(data));
    }
    return self();
  }

  @Override
  public M end(String text) {
    return end(Buffer.from(text));
  }

  /** Ends; the callback is told before the 'finish' listeners, or gets what prevented it. */
  public M end(Consumer<@Nullable NetException> callback) {
    return end(Buffer.empty(), callback);
  }

  /** Writes and ends, as one: the callback is told as {@link #end(Consumer)} says. */
  public M end(Buffer data, Consumer<@Nullable NetException> callback) {
    reactor.run(() -> {
      if (is(ENDED | DESTROYED)) {
        String code = is(DESTROYED) ? "ERR_STREAM_DESTROYED" : "ERR_STREAM_ALREADY_FINISHED";
        NetException why = new NetException(code, "Cannot call end after a stream was finished");
        reactor.nextTick(() -> guard(() -> callback.accept(why)));
        return;
      }
      endCallbacks = new ArrayList<>(1);
      endCallbacks.add(callback);
      endHere(data);
    });
    return self();
  }

  private void endHere(Buffer data) {
    if (copy != null) {
      copy.then(() -> endHere(data));
      return;
    }
    if (is(ENDED | DESTROYED)) {
      if (!data.isEmpty()) {
        refuse(null, Objects.requireNonNull(whatIsWrong(0)));
      }
      return;
    }
    whatIsWrong(data.length());
    checkLength(data.length(), true);
    if (!is(HEADERS_SENT)) {
      sendHead(data.length());
    }
    bodyBytes += data.length();
    if (hasBody && !data.isEmpty()) {
      wire.body(this, data, trailers == null);
    }
    wire.end(this);
    becomes(ENDED);
    corks = 0;
    wire.written();
    if (endCallbacks != null || !onFinish.isEmpty() || !onClose.isEmpty() || isWatched()) {
      watchFinish();
    }
    wasEnded();
  }

  /** What follows the body; null for nothing. */
  final @Nullable OutgoingHeaders trailers() {
    return trailers;
  }

  /** Whether somebody else wants to know when it has finished. */
  abstract boolean isWatched();

  /** Sees to it that 'finish' is told; where nobody listens, it is not worth the while. */
  private void watchFinish() {
    if (!finishWatched) {
      finishWatched = true;
      wire.whenSent(failure -> {
        if (failure == null) {
          finish();
        } else {
          couldNotBeSent(failure);
        }
      });
    }
  }

  /** The connection was lost before everything was with the system. */
  void couldNotBeSent(NetException failure) {
    over(new CloseCause(CloseCause.By.NETWORK, "http", failure.code(), 0, null));
  }

  private void finish() {
    if (is(FINISHED | DESTROYED)) {
      return;
    }
    becomes(FINISHED);
    List<Consumer<@Nullable NetException>> callbacks = endCallbacks;
    endCallbacks = null;
    if (callbacks != null) {
      callbacks.forEach(callback -> guard(() -> callback.accept(null)));
    }
    onFinish.forEach(this::guard);
    wasFinished();
  }

  /** Holds back what is written until {@link #uncork} has been called as often, or the end. */
  public M cork() {
    reactor.run(() -> corks++);
    return self();
  }

  /** Takes back one {@link #cork}. */
  public M uncork() {
    reactor.run(() -> {
      if (corks > 0 && --corks == 0) {
        wire.written();
      }
    });
    return self();
  }

  /** How many corks hold writes back. */
  public int writableCorked() {
    return corks;
  }

  // Ending

  /** Ends the connection at once. */
  public M destroy() {
    reactor.run(() -> cut(null));
    return self();
  }

  @Override
  public M destroy(NetException failure) {
    reactor.run(() -> cut(failure));
    return self();
  }

  /**
   * It is over: done, or its connection is lost. 'close' follows, after 'error' if there is one.
   */
  final void over(CloseCause why) {
    if (is(DESTROYED)) {
      return;
    }
    cause = why;
    error = why.error();
    becomes(DESTROYED);
    wasOver();
    NetException unsent =
        why.error() != null
            ? why.error()
            : new NetException("ERR_STREAM_DESTROYED", "The connection closed before the end.");
    if (wire instanceof Backlog backlog) {
      backlog.drop(unsent);
    }
    FileCopy stopped = copy;
    if (stopped != null) {
      copy = null;
      stopped.stop(unsent);
    }
    if (endCallbacks != null && !is(FINISHED)) {
      List<Consumer<@Nullable NetException>> callbacks = endCallbacks;
      endCallbacks = null;
      reactor.nextTick(() -> callbacks.forEach(each -> guard(() -> each.accept(unsent))));
    }
    if (error != null) {
      NetException failure = error;
      reactor.nextTick(() -> {
        errorDue = true;
        tellError(failure);
      });
    }
    if (onClose.isEmpty()) {
      closed = true;
      return;
    }
    reactor.nextTick(() -> {
      closed = true;
      onClose.forEach(listener -> guard(() -> listener.accept(why)));
    });
  }

  /** It is over; nothing has been told of it yet. */
  void wasOver() {}

  /** By default an error without a listener is told nobody: the close event carries it. */
  void tellError(NetException failure) {
    onError.forEach(listener -> guard(() -> listener.accept(failure)));
  }

  final boolean hasErrorListeners() {
    return !onError.isEmpty();
  }

  /** The wire has room again. */
  final void drained() {
    if (copy != null) {
      copy.goOn();
      return;
    }
    if (is(NEED_DRAIN) && !is(ENDED | DESTROYED)) {
      STATE.setRelease(this, state & ~NEED_DRAIN);
      onDrain.forEach(this::guard);
    }
  }

  final void guard(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable failure) {
      listenerFailed(failure);
    }
  }

  // Listeners

  @Override
  public M onDrain(Runnable listener) {
    reactor.run(() -> onDrain = onDrain.with(listener));
    return self();
  }

  @Override
  public M onFinish(Runnable listener) {
    reactor.run(() -> {
      if (is(FINISHED)) {
        reactor.nextTick(() -> guard(listener));
        return;
      }
      onFinish = onFinish.with(listener);
      if (is(ENDED) && !is(DESTROYED)) {
        watchFinish();
      }
    });
    return self();
  }

  @Override
  public M onError(Consumer<NetException> listener) {
    return add(
        () -> onError = onError.with(listener),
        () -> errorDue,
        () -> listener.accept(Objects.requireNonNull(error)));
  }

  @Override
  public M onClose(Consumer<CloseCause> listener) {
    return add(
        () -> {
          onClose = onClose.with(listener);
          if (is(ENDED) && !is(DESTROYED)) {
            watchFinish();
          }
        },
        () -> closed,
        () -> listener.accept(Objects.requireNonNull(cause)));
  }

  /** Adds a listener; one that comes too late for what happens once is told, later. */
  final M add(Runnable add, BooleanSupplier happened, Runnable tellLate) {
    reactor.run(() -> {
      boolean late = happened.getAsBoolean();
      add.run();
      if (late) {
        reactor.nextTick(() -> guard(tellLate));
      }
    });
    return self();
  }

  @Override
  public M off(Object listener) {
    reactor.run(() -> {
      onDrain = onDrain.without(listener);
      onFinish = onFinish.without(listener);
      onError = onError.without(listener);
      onClose = onClose.without(listener);
    });
    return self();
  }

  // What can be asked

  /** Whether the headers are on their way, and can't be changed any more. */
  public boolean headersSent() {
    return is(HEADERS_SENT);
  }

  /** Whether {@link #end} was called. */
  public boolean writableEnded() {
    return is(ENDED);
  }

  /** Whether everything, up to the end, is with the system. */
  public boolean writableFinished() {
    return is(FINISHED) || (is(ENDED) && !finishWatched && wire.queuedBytes() == 0);
  }

  /** Whether it is over: done, or its connection lost. */
  public boolean destroyed() {
    return is(DESTROYED);
  }

  @Override
  public long writableLength() {
    return is(DESTROYED) ? 0 : wire.queuedBytes() + onTheWay;
  }

  /** The queued bytes from which {@link #write} returns false. */
  public int writableHighWaterMark() {
    return highWaterMark();
  }

  abstract int highWaterMark();

  @Override
  public boolean writableNeedDrain() {
    return is(NEED_DRAIN);
  }

  /** Bytes of the body that were written so far, without what frames them. */
  public final long bodyBytes() {
    return bodyBytes;
  }

  final boolean isCorked() {
    return corks > 0;
  }
}
