package io.netloop.ws;

import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.net.DrainReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One drain: closes spread over the first half of the time, then the cut. Loop-confined. */
final class SocketDrain {
  /** A few need not be spread wide: nobody waits longer for his goodbye than he must. */
  private static final long MOST_BETWEEN_NANOS = 10_000_000;

  private final Loop loop;
  private final List<WebSocketConnection> all;
  private final Duration within;
  private final Consumer<WebSocketConnection> goodbye;
  private final CompletableFuture<DrainReport> report;
  private final ArrayDeque<WebSocketConnection> waiting;
  private final long startNanos;
  private @Nullable Timer cutTimer;
  private @Nullable Timer nextTimer;
  private boolean cutting;
  private int left;
  private int cut;
  private long lostBytes;

  SocketDrain(
      Loop loop,
      List<WebSocketConnection> all,
      Duration within,
      Consumer<WebSocketConnection> goodbye,
      CompletableFuture<DrainReport> report) {
    this.loop = loop;
    this.all = all;
    this.within = within;
    this.goodbye = goodbye;
    this.report = report;
    this.waiting = new ArrayDeque<>(all);
    this.left = all.size();
    this.startNanos = loop.nanoTime();
  }

  void start() {
    if (left == 0) {
      report.complete(new DrainReport(0, 0, 0));
      return;
    }
    all.forEach(connection -> connection.onClose(event -> gone(event.cause())));
    cutTimer = loop.setTimeout(within, this::cut);
    closeNext();
  }

  private void gone(CloseCause cause) {
    if (cutting) {
      cut++;
      lostBytes += cause.queuedBytes();
    }
    if (--left == 0) {
      stop(cutTimer);
      stop(nextTimer);
      report.complete(new DrainReport(all.size() - cut, cut, lostBytes));
    }
  }

  private static void stop(@Nullable Timer timer) {
    if (timer != null) {
      timer.clear();
    }
  }

  /** Closes all that are due by now, and comes back for the next. */
  private void closeNext() {
    long between = Math.min(MOST_BETWEEN_NANOS, within.toNanos() / 2 / all.size());
    long due = 1 + (between == 0 ? all.size() : (loop.nanoTime() - startNanos) / between);
    while (!waiting.isEmpty() && all.size() - waiting.size() < due) {
      goodbye.accept(waiting.remove());
    }
    if (!waiting.isEmpty()) {
      Duration pause = Duration.ofNanos(Math.max(1_000_000, between));
      nextTimer = loop.setTimeout(pause, this::closeNext);
    }
  }

  private void cut() {
    waiting.clear();
    cutting = true;
    all.forEach(WebSocketConnection::terminate);
  }
}
