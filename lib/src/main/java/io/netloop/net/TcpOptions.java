package io.netloop.net;

import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a TCP connection: for those that a server accepts, or for one that a client makes.
 * <i>Immutable.</i>
 *
 * @param allowHalfOpen false by default: when the peer ends, our side ends too after what is
 *     queued. With true we stay writable until {@code end()}
 * @param pauseOnConnect false by default. With true an accepted connection starts paused and
 *     nothing is read from the system until {@code resume()}
 * @param noDelay false by default. With true small pieces are not held back for an acknowledgement
 *     (no Nagle's algorithm)
 * @param keepAlive false by default. With true the system probes a silent peer
 * @param keepAliveInitialDelay the silence before the first probe, in whole seconds; less than a
 *     second, as by default, leaves the system's value (two hours on Linux)
 * @param limits how much may be queued for a peer that reads slowly
 * @param blockList addresses not to talk to, or null: a server closes such a connection at once,
 *     without an event; a client's fails with {@code ERR_IP_BLOCKED}
 */
public record TcpOptions(
    boolean allowHalfOpen,
    boolean pauseOnConnect,
    boolean noDelay,
    boolean keepAlive,
    Duration keepAliveInitialDelay,
    OutboxLimits limits,
    @Nullable BlockList blockList) {

  private static final TcpOptions DEFAULTS =
      new TcpOptions(false, false, false, false, Duration.ZERO, OutboxLimits.defaults(), null);

  public TcpOptions {
    if (keepAliveInitialDelay.isNegative() || keepAliveInitialDelay.toSeconds() > 32_767) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "keepAliveInitialDelay must be from 0 to 32767 seconds, not "
              + keepAliveInitialDelay
              + ".");
    }
  }

  /** What holds where nothing else is said. */
  public static TcpOptions defaults() {
    return DEFAULTS;
  }

  public TcpOptions withAllowHalfOpen(boolean on) {
    return new TcpOptions(
        on, pauseOnConnect, noDelay, keepAlive, keepAliveInitialDelay, limits, blockList);
  }

  public TcpOptions withPauseOnConnect(boolean on) {
    return new TcpOptions(
        allowHalfOpen, on, noDelay, keepAlive, keepAliveInitialDelay, limits, blockList);
  }

  public TcpOptions withNoDelay(boolean on) {
    return new TcpOptions(
        allowHalfOpen, pauseOnConnect, on, keepAlive, keepAliveInitialDelay, limits, blockList);
  }

  /** Turns probes of a silent peer on, the first after this time. */
  public TcpOptions withKeepAlive(Duration initialDelay) {
    return new TcpOptions(
        allowHalfOpen, pauseOnConnect, noDelay, true, initialDelay, limits, blockList);
  }

  public TcpOptions withLimits(OutboxLimits newLimits) {
    return new TcpOptions(
        allowHalfOpen,
        pauseOnConnect,
        noDelay,
        keepAlive,
        keepAliveInitialDelay,
        newLimits,
        blockList);
  }

  public TcpOptions withBlockList(@Nullable BlockList list) {
    return new TcpOptions(
        allowHalfOpen, pauseOnConnect, noDelay, keepAlive, keepAliveInitialDelay, limits, list);
  }
}
