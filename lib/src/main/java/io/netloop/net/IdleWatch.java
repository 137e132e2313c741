package io.netloop.net;

import io.netloop.engine.Reactor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Finds quiet periods of one connection. Activity costs no timer: the check that is due looks when
 * the last was.
 */
final class IdleWatch {
  private final Reactor reactor;
  private final Runnable onIdle;
  private long idleNanos;
  private long lastActivity;

  /** Once per quiet period: not again before there was activity. */
  private boolean told;

  private @Nullable Future<?> check;

  IdleWatch(Reactor reactor, Runnable onIdle) {
    this.reactor = reactor;
    this.onIdle = onIdle;
  }

  /** Tells after this long without activity; 0 turns it off. */
  void set(long nanos) {
    idleNanos = nanos;
    if (check != null) {
      check.cancel(false);
      check = null;
    }
    if (nanos > 0) {
      lastActivity = reactor.now();
      told = false;
      check = reactor.schedule(this::look, nanos);
    }
  }

  /** Something was read or written. */
  void touch() {
    if (idleNanos > 0) {
      lastActivity = reactor.now();
      if (told) {
        told = false;
        check = reactor.schedule(this::look, idleNanos);
      }
    }
  }

  private void look() {
    check = null;
    long left = lastActivity + idleNanos - reactor.now();
    if (left > 0) {
      check = reactor.schedule(this::look, left);
      return;
    }
    told = true;
    onIdle.run();
  }
}
