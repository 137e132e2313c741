package io.netloop.web;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body's way to the client: who is told right before the headers leave, and what middleware
 * then puts in the way, such as a compression. Where there is neither, it is the response's own.
 * Methods that act may be called from any thread, as those of {@link WebResponse}.
 */
final class ResponseBody {
  private final HttpResponse raw;
  private final Reactor reactor;

  /** Who is told right before the headers leave; null once they have. */
  private @Nullable List<Runnable> onHead;

  private boolean headTold;
  private long length = -1;
  private @Nullable BodyFilter filter;

  /** The end was called, and is on its way through what is in the body's way. */
  private boolean filterEnded;

  private Listeners<Runnable> onDrain = Listeners.none();
  private boolean drainWatched;

  ResponseBody(HttpResponse raw, Reactor reactor) {
    this.raw = raw;
    this.reactor = reactor;
  }

  // Before the headers leave

  /** Tells right before the headers leave, the latest first. */
  void onHeaders(Runnable listener) {
    reactor.run(() -> {
      List<Runnable> listeners = onHead == null ? new ArrayList<>(2) : onHead;
      listeners.add(listener);
      onHead = listeners;
    });
  }

  /** Sends the headers now. */
  void flushHeaders() {
    reactor.run(() -> {
      open(-1);
      raw.flushHeaders();
    });
  }

  boolean headersSent() {
    return raw.headersSent() || filter != null;
  }

  /**
   * Tells that the headers are about to leave, where that has not been done. Before anything is
   * written to the response beneath; on the loop.
   *
   * @param wholeLength of the whole body, or -1 where only a part of it is there
   * @return what the body has to go through, or null where it goes as it is
   */
  @Nullable BodyFilter open(long wholeLength) {
    length = wholeLength;
    List<Runnable> listeners = onHead;
    if (listeners != null && !headTold && !raw.headersSent()) {
      onHead = null;
      for (int i = listeners.size() - 1; i >= 0; i--) {
        listeners.get(i).run();
      }
    }
    headTold = true;
    return filter;
  }

  /** Of the whole body, for listeners of the headers; -1 where nobody knows. */
  long knownLength() {
    Object set = length < 0 ? raw.getHeader("Content-Length") : null;
    try {
      return set == null ? length : Long.parseLong(set.toString());
    } catch (NumberFormatException wrong) {
      return -1; // Refused when the headers leave.
    }
  }

  /** Puts something in the body's way; called by listeners of the headers only. */
  void filter(BodyFilter wanted) {
    filter = wanted;
    raw.onClose(cause -> wanted.close());
  }

  // What goes

  /** Whether anything has to be done on the loop beside writing. */
  private boolean isPlain() {
    return onHead == null && filter == null;
  }

  boolean write(Buffer data) {
    return isPlain() ? raw.write(data) : writeFiltered(data, null);
  }

  boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
    return isPlain() ? raw.write(data, callback) : writeFiltered(data, callback);
  }

  private boolean writeFiltered(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    if (!reactor.inLoop()) {
      reactor.execute(() -> writeFiltered(data, callback));
      return !needsDrain();
    }
    BodyFilter through = open(-1);
    if (through != null) {
      return through.write(data, callback);
    }
    return callback == null ? raw.write(data) : raw.write(data, callback);
  }

  /** Has what was written so far go out now, where a compression would hold it back. */
  void flush() {
    reactor.run(() -> {
      if (filter != null) {
        filter.flush();
      }
    });
  }

  void end(Buffer data) {
    if (isPlain()) {
      raw.end(data);
    } else {
      reactor.run(() -> endFiltered(data, null));
    }
  }

  void end(Buffer data, Consumer<@Nullable NetException> callback) {
    reactor.run(() -> endFiltered(data, callback));
  }

  private void endFiltered(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    BodyFilter through = open(data.length());
    if (through != null) {
      filterEnded = true;
      through.end(data, callback);
    } else if (callback == null) {
      raw.end(data);
    } else {
      raw.end(data, callback);
    }
  }

  boolean hasEnded() {
    return raw.writableEnded() || filterEnded;
  }

  // How much waits

  void onDrain(Runnable listener) {
    reactor.run(() -> {
      onDrain = onDrain.with(listener);
      if (!drainWatched) {
        drainWatched = true;
        raw.onDrain(this::drained);
      }
    });
  }

  void off(Object listener) {
    reactor.run(() -> onDrain = onDrain.without(listener));
  }

  /** The connection has room again, or what is in the body's way has. */
  void drained() {
    if (!needsDrain()) {
      onDrain.forEach(Runnable::run);
    }
  }

  boolean needsDrain() {
    BodyFilter through = filter;
    return raw.writableNeedDrain() || (through != null && through.isFull());
  }

  long waitingBytes() {
    BodyFilter through = filter;
    return raw.writableLength() + (through == null ? 0 : through.waitingBytes());
  }
}
