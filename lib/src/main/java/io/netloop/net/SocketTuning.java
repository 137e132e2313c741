package io.netloop.net;

import io.netloop.engine.Transport;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What the system is asked for on a TCP connection. Sockets with the same wishes share one.
 * <i>Immutable.</i>
 *
 * @param noDelay whether Nagle's algorithm is off
 * @param keepAlive whether the system probes a silent peer
 * @param delaySeconds the silence before the first probe; each number that is 0 leaves the system's
 * @param intervalSeconds the time between two probes
 * @param probes how many may go unanswered
 */
record SocketTuning(
    boolean noDelay, boolean keepAlive, long delaySeconds, long intervalSeconds, int probes) {

  private static final SocketTuning DEFAULT = new SocketTuning(false, false, 0, 0, 0);

  static SocketTuning of(TcpOptions options) {
    long delay = options.keepAliveInitialDelay().toSeconds();
    boolean byDefault = !options.noDelay() && !options.keepAlive() && delay == 0;
    return byDefault
        ? DEFAULT
        : new SocketTuning(options.noDelay(), options.keepAlive(), delay, 0, 0);
  }

  SocketTuning withNoDelay(boolean on) {
    return new SocketTuning(on, keepAlive, delaySeconds, intervalSeconds, probes);
  }

  SocketTuning withKeepAlive(boolean on, long delay, long interval, int count) {
    return new SocketTuning(noDelay, on, delay, interval, count);
  }

  /** A connection begins. One over a Unix domain socket knows none of this. */
  void begin(DuplexChannel channel) {
    if (channel instanceof SocketChannel) {
      applyNoDelay(channel);
      if (keepAlive) {
        applyKeepAlive(channel);
      }
    }
  }

  void applyNoDelay(@Nullable DuplexChannel channel) {
    if (channel instanceof SocketChannel) {
      channel.config().setOption(ChannelOption.TCP_NODELAY, noDelay);
    }
  }

  void applyKeepAlive(@Nullable DuplexChannel channel) {
    if (channel instanceof SocketChannel) {
      Transport.chosen().keepAlive(channel, keepAlive, delaySeconds, intervalSeconds, probes);
    }
  }
}
