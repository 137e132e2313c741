package io.netloop.engine;

import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The ways to the kernel: the only place that knows which there are. The best that loads is taken,
 * and the system property {@code netloop.transport} ({@code epoll}, {@code io_uring}, {@code
 * kqueue}, {@code nio}) forces one. io_uring is taken on request only: with 64 echoing connections
 * it equals epoll.
 */
public enum Transport {
  EPOLL {
    @Override
    boolean isAvailable() {
      return Epoll.isAvailable();
    }

    @Override
    IoHandlerFactory ioHandlerFactory() {
      return EpollIoHandler.newFactory();
    }

    @Override
    public ServerSocketChannel newServerChannel() {
      return new EpollServerSocketChannel();
    }

    @Override
    public SocketChannel newSocketChannel() {
      return new EpollSocketChannel();
    }
  },

  IO_URING {
    @Override
    boolean isAvailable() {
      return IoUring.isAvailable();
    }

    @Override
    IoHandlerFactory ioHandlerFactory() {
      return IoUringIoHandler.newFactory();
    }

    @Override
    public ServerSocketChannel newServerChannel() {
      return new IoUringServerSocketChannel();
    }

    @Override
    public SocketChannel newSocketChannel() {
      return new IoUringSocketChannel();
    }
  },

  KQUEUE {
    @Override
    boolean isAvailable() {
      return KQueue.isAvailable();
    }

    @Override
    IoHandlerFactory ioHandlerFactory() {
      return KQueueIoHandler.newFactory();
    }

    @Override
    public ServerSocketChannel newServerChannel() {
      return new KQueueServerSocketChannel();
    }

    @Override
    public SocketChannel newSocketChannel() {
      return new KQueueSocketChannel();
    }
  },

  NIO {
    @Override
    boolean isAvailable() {
      return true;
    }

    @Override
    IoHandlerFactory ioHandlerFactory() {
      return NioIoHandler.newFactory();
    }

    @Override
    public ServerSocketChannel newServerChannel() {
      return new NioServerSocketChannel();
    }

    @Override
    public SocketChannel newSocketChannel() {
      return new NioSocketChannel();
    }
  };

  static final String PROPERTY = "netloop.transport";

  /** The transport of this process. Chosen once, by the first loop. */
  public static Transport chosen() {
    return Chosen.TRANSPORT;
  }

  abstract boolean isAvailable();

  abstract IoHandlerFactory ioHandlerFactory();

  /** A listening channel, not yet registered. */
  public abstract ServerSocketChannel newServerChannel();

  /** A connecting channel, not yet registered. */
  public abstract SocketChannel newSocketChannel();

  /** Has the system probe a silent peer, first after this many seconds; 0 leaves its own value. */
  public void keepAlive(SocketChannel channel, long delaySeconds) {
    channel.config().setKeepAlive(true);
    ChannelOption<Integer> delay = keepAliveDelay();
    if (delaySeconds > 0 && delay != null) {
      channel.config().setOption(delay, (int) delaySeconds);
    }
  }

  /** Whether a channel that was closed holds its port until the loop asks the kernel again. */
  public boolean closesInTheNextTurn() {
    return this == IO_URING || this == NIO;
  }

  /** The option for the silence before the first probe, or null where there is none. */
  @Nullable ChannelOption<Integer> keepAliveDelay() {
    return switch (this) {
      case EPOLL -> EpollChannelOption.TCP_KEEPIDLE;
      case IO_URING -> IoUringChannelOption.TCP_KEEPIDLE;
      case KQUEUE -> null;
      case NIO -> NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
    };
  }

  static Transport choose(String wish, String system) {
    if (wish.isEmpty()) {
      boolean mac = system.toLowerCase(Locale.ROOT).contains("mac");
      Transport best = mac ? KQUEUE : EPOLL;
      return best.isAvailable() ? best : NIO;
    }
    for (Transport transport : values()) {
      if (transport.name().equalsIgnoreCase(wish)) {
        if (transport.isAvailable()) {
          return transport;
        }
        throw new IllegalStateException(
            "The transport '%s' asked for by -D%s does not load on this machine; leave the property out to take the best that does."
                .formatted(wish, PROPERTY));
      }
    }
    throw new IllegalArgumentException(
        "-D%s must be epoll, io_uring, kqueue or nio, not '%s'.".formatted(PROPERTY, wish));
  }

  private static final class Chosen {
    static final Transport TRANSPORT =
        choose(System.getProperty(PROPERTY, ""), System.getProperty("os.name", ""));
  }
}
