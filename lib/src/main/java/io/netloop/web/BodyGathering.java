package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the body of one request in one array, up to a limit: pieces of one byte, kept as they
 * come, would cost many times what they hold. Loop-confined.
 */
final class BodyGathering {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final int FIRST_BYTES = 1024;

  /** No client has more memory taken than this by a header alone. */
  private static final int MOST_AT_ONCE = 64 * 1024;

  private final WebRequest request;
  private final long limit;
  private final Next next;

  /** Who takes it; what it throws goes where a handler's errors go. */
  private @Nullable Consumer<Buffer> done;

  private final Consumer<Buffer> onData = this::add;
  private final Runnable onEnd = this::ended;
  private final Consumer<CloseCause> onClose = cause -> lost();

  private byte[] bytes = {};
  private int length;

  BodyGathering(WebRequest request, long limit, Next next, Consumer<Buffer> done) {
    this.request = request;
    this.limit = limit;
    this.next = next;
    this.done = done;
  }

  void start() {
    long announced = announcedLength(request);
    if (announced > limit) {
      tooLarge();
      return;
    }
    if (announced > 0) {
      bytes = new byte[(int) Math.min(announced, MOST_AT_ONCE)];
    }
    request.onData(onData).onEnd(onEnd).onClose(onClose);
  }

  /** What {@code Content-Length} says; -1 where there is none, and more than all for no number. */
  static long announcedLength(WebRequest request) {
    String text = request.header("Content-Length");
    try {
      return text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException beyond) {
      return Long.MAX_VALUE;
    }
  }

  private void add(Buffer data) {
    if (length + (long) data.length() > limit) {
      tooLarge();
      return;
    }
    if (bytes.length - length < data.length()) {
      long wanted = Math.max(length + (long) data.length(), bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(FIRST_BYTES, wanted), limit));
    }
    System.arraycopy(BYTES.array(data), BYTES.offset(data), bytes, length, data.length());
    length += data.length();
  }

  /** The rest is not read: the connection ends with the answer. */
  private void tooLarge() {
    WebException why = tooLarge(limit);
    leave();
    request.response().raw().shouldKeepAlive(false);
    request.resume();
    next.fail(why);
  }

  static WebException tooLarge(long limit) {
    return new WebException(
        413, "ERR_BODY_TOO_LARGE", "The body is longer than the limit of " + limit + " bytes.");
  }

  private void ended() {
    Consumer<Buffer> taker = leave();
    if (taker != null) {
      try {
        taker.accept(BYTES.wrap(bytes, 0, length));
      } catch (RuntimeException wrong) {
        next.fail(wrong);
      }
    }
  }

  private void lost() {
    if (leave() != null) {
      next.fail(
          new WebException(
              400, "ERR_BODY_ABORTED", "The connection was lost before the whole body had come."));
    }
  }

  /** Once: there is nothing more to gather. */
  private @Nullable Consumer<Buffer> leave() {
    Consumer<Buffer> taker = done;
    done = null;
    request.off(onData).off(onEnd).off(onClose);
    return taker;
  }
}
