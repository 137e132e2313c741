package io.netloop.web;

import io.netloop.engine.Reactor;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A response that events are sent with, as they happen: what the browser's {@code EventSource}
 * reads. While nothing is sent, a comment goes out every 15 seconds, so that neither side takes the
 * other for lost. A client that does not read as fast as it is sent to is cut at a limit: it comes
 * back by itself and says where it was. <i>Loop-confined:</i> methods may be called from any thread
 * and take effect in the order of the calls.
 *
 * @see WebResponse#eventStream
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML standard:
 *     server-sent events</a>
 */
public final class EventStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** What waits for a slow client at most, in bytes. */
  private static final long MOST_WAITING = 1024 * 1024;

  private final WebResponse response;
  private final Reactor reactor;
  private final @Nullable String lastEventId;
  private @Nullable Timer heartbeat;

  EventStream(WebResponse response) {
    this.response = response;
    this.reactor = response.request().reactor();
    String id = response.request().header("Last-Event-ID");
    this.lastEventId = id == null || id.isEmpty() ? null : id;
  }

  /** Sends the headers, so that the client knows that it is connected. On the loop. */
  void begin() {
    response.statusCode(200);
    response.setHeader("Content-Type", "text/event-stream");
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("X-Accel-Buffering", "no"); // nginx, as a proxy, would gather
    response.raw().onClose(cause -> stop());
    response.flushHeaders();
    heartbeat(HEARTBEAT);
  }

  /** The id of the latest event that the client has seen before it lost the connection, or null. */
  public @Nullable String lastEventId() {
    return lastEventId;
  }

  /** Sends an event: lines of text, as {@code onmessage} gets them. */
  public EventStream send(String data) {
    return send(null, data, null);
  }

  /** Sends an event of a kind, for which the client adds a listener of its own. */
  public EventStream send(String event, String data) {
    return send(event, data, null);
  }

  /**
   * Sends an event.
   *
   * @param event its kind, or null for {@code message}
   * @param data any text; its lines arrive as lines
   * @param id what the client says as {@link #lastEventId} when it comes back, or null for none
   * @throws IllegalArgumentException for a line's end in the kind or the id, or a NUL in the id
   */
  public EventStream send(@Nullable String event, String data, @Nullable String id) {
    StringBuilder text = new StringBuilder(data.length() + 32);
    if (event != null) {
      text.append("event: ").append(checked("kind", event)).append('\n');
    }
    if (id != null) {
      text.append("id: ").append(checked("id", id)).append('\n');
    }
    putLines(text, "data: ", data);
    write(text.append('\n').toString());
    return this;
  }

  /** Sends a value as JSON. */
  public EventStream sendJson(@Nullable Object value) {
    byte[] json = response.app().json().write(value);
    return send(new String(json, StandardCharsets.UTF_8));
  }

  /** Sends what the client does not see: a sign of life. */
  public EventStream comment(String text) {
    StringBuilder lines = new StringBuilder();
    putLines(lines, ": ", text);
    write(lines.append('\n').toString());
    return this;
  }

  /** Has the client wait so long before it comes back after a loss. */
  public EventStream retry(Duration time) {
    write("retry: " + time.toMillis() + "\n\n");
    return this;
  }

  /** Sends a comment after so much silence, 15 seconds by default; zero for never. */
  public EventStream heartbeat(Duration time) {
    reactor.run(() -> {
      stop();
      if (time.isPositive() && !response.destroyed()) {
        heartbeat =
            Loop.current()
                .setInterval(
                    time,
                    () -> {
                      if (response.raw().writableLength() == 0) {
                        comment("");
                      }
                    });
        heartbeat.unref();
      }
    });
    return this;
  }

  /** Ends the response. The client comes back, unless it is told otherwise by 204. */
  public EventStream close() {
    reactor.run(() -> {
      stop();
      response.end();
    });
    return this;
  }

  /** The connection is over, by whomever. */
  public EventStream onClose(Runnable listener) {
    response.onClose(cause -> listener.run());
    return this;
  }

  /** Whether it is over. */
  public boolean closed() {
    return response.destroyed();
  }

  private void write(String text) {
    reactor.run(() -> {
      if (response.destroyed() || response.writableEnded()) {
        return;
      }
      if (response.writableLength() > MOST_WAITING) {
        response.destroy(
            new NetException(
                "ERR_OUTBOX_LIMIT",
                "The client does not read its events: %d bytes wait, more than the limit of %d."
                    .formatted(response.writableLength(), MOST_WAITING)));
        return;
      }
      response.write(text);
    });
  }

  private void stop() {
    Timer running = heartbeat;
    heartbeat = null;
    if (running != null) {
      running.clear();
    }
  }

  /** Whatever ends a line ends it there too: nothing in the text can become a field. */
  private static void putLines(StringBuilder text, String before, String data) {
    for (String line : data.split("\r\n|\r|\n", -1)) {
      text.append(before).append(line).append('\n');
    }
  }

  private static String checked(String what, String value) {
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0 || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "The %s of an event is one line, not \"%s\".".formatted(what, value));
    }
    return value;
  }
}
