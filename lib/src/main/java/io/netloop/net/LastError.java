package io.netloop.net;

import io.netloop.engine.Reactor;
import io.netloop.loop.NetException;
import org.jspecify.annotations.Nullable;

/**
 * The error that a socket has ended with, until somebody was told: a listener, the count of network
 * noise, or the program's uncaught handler. Loop-confined.
 */
final class LastError {
  /** How long the error of a socket made outside the loop waits for a listener still on its way. */
  private static final long GRACE_NANOS = 100_000_000;

  private final Reactor reactor;
  private final SocketEvents events;
  private final NetException error;
  private boolean due;
  private boolean told;

  LastError(Reactor reactor, SocketEvents events, NetException error) {
    this.reactor = reactor;
    this.events = events;
    this.error = error;
  }

  /**
   * It is its turn among the events.
   *
   * @param server the one that accepted the connection, or null
   * @param waits whether a listener may be on its way from another thread
   * @param toldLate called where the uncaught handler was told, now or after a wait
   */
  void tell(@Nullable TcpServer server, boolean waits, Runnable toldLate) {
    due = true;
    if (!events.error.isEmpty()) {
      told = true;
      events.tell(events.error, error);
    } else if (server != null && Failures.isNoise(error)) {
      told = true;
      server.countNoise();
    } else if (waits) {
      reactor.schedule(() -> tellNobody(toldLate), GRACE_NANOS);
    } else {
      tellNobody(toldLate);
    }
  }

  private void tellNobody(Runnable toldLate) {
    if (!told) {
      told = true;
      reactor.uncaught(error);
      toldLate.run();
    }
  }

  /** The socket connects again: there is no more time to wait for a listener. */
  void giveUp() {
    tellNobody(() -> {});
  }

  /** A listener came late and was told. */
  void toldTo() {
    told = true;
  }

  boolean isDue() {
    return due;
  }

  boolean isTold() {
    return told;
  }

  NetException error() {
    return error;
  }
}
