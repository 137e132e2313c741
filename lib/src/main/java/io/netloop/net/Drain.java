package io.netloop.net;

import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One drain of a server: goodbyes spread over the first half of the time, then the cut. */
final class Drain {
  /** Few connections need not be spread wide: nobody waits longer for his goodbye than he must. */
  private static final long MOST_BETWEEN_NANOS = 10_000_000;

  private final Loop loop;
  private final Set<TcpSocket> sockets;
  private final Duration within;
  private final Consumer<TcpSocket> goodbye;
  private final CompletableFuture<DrainReport> report;
  private final ArrayDeque<TcpSocket> waiting;
  private final long startNanos;
  private @Nullable Timer cutTimer;
  private @Nullable Timer goodbyeTimer;
  private int left;
  private int cut;
  private long lostBytes;

  Drain(
      Loop loop,
      Set<TcpSocket> sockets,
      Duration within,
      Consumer<TcpSocket> goodbye,
      CompletableFuture<DrainReport> report) {
    this.loop = loop;
    this.sockets = sockets;
    this.within = within;
    this.goodbye = goodbye;
    this.report = report;
    this.waiting = new ArrayDeque<>(sockets);
    this.left = sockets.size();
    this.startNanos = loop.nanoTime();
  }

  /** Begins, and answers whether there is anybody to wait for. */
  boolean start() {
    if (left == 0) {
      report.complete(new DrainReport(0, 0, 0));
      return false;
    }
    cutTimer = loop.setTimeout(within, this::cut);
    sayGoodbyes();
    return true;
  }

  /** A connection has closed, whatever the reason; answers whether it was the last. */
  boolean gone(CloseCause cause) {
    if (cause.code().equals("DRAIN_TIMEOUT")) {
      cut++;
      lostBytes += cause.queuedBytes();
    }
    if (--left > 0) {
      return false;
    }
    stop(cutTimer);
    stop(goodbyeTimer);
    report.complete(new DrainReport(sockets.size() - cut, cut, lostBytes));
    return true;
  }

  private static void stop(@Nullable Timer timer) {
    if (timer != null) {
      timer.clear();
    }
  }

  /** Says all goodbyes that are due by now, and comes back for the next. */
  private void sayGoodbyes() {
    long between = Math.min(MOST_BETWEEN_NANOS, within.toNanos() / 2 / sockets.size());
    long due = 1 + (between == 0 ? sockets.size() : (loop.nanoTime() - startNanos) / between);
    while (!waiting.isEmpty() && sockets.size() - waiting.size() < due) {
      TcpSocket socket = waiting.remove();
      if (!socket.destroyed()) {
        socket.guard(() -> goodbye.accept(socket));
      }
    }
    if (!waiting.isEmpty()) {
      Duration pause = Duration.ofNanos(Math.max(1_000_000, between));
      goodbyeTimer = loop.setTimeout(pause, this::sayGoodbyes);
    }
  }

  private void cut() {
    waiting.clear();
    sockets.forEach(socket -> socket.destroyAs("DRAIN_TIMEOUT"));
  }
}
