package io.netloop.engine;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
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
    public boolean isAvailable() {
      return Epoll.isAvailable();
    }

    @Override
    IoHandlerFactory ioHandlerFactory() {
      return EpollHandler.newFactory();
    }

    @Override
    public ServerSocketChannel newServerChannel() {
      return new EpollServerSocketChannel();
    }

    @Override
    public ServerSocketChannel newIpv4ServerChannel() {
      return new EpollServerSocketChannel(SocketProtocolFamily.INET);
    }

    @Override
    public ServerChannel newPathServerChannel() {
      return new EpollServerDomainSocketChannel();
    }

    @Override
    public SocketChannel newSocketChannel() {
      return new EpollSocketChannel();
    }

    @Override
    public DuplexChannel newPathChannel() {
      return new EpollDomainSocketChannel();
    }

    @Override
    @Nullable Socket straightTo(Channel channel) {
      return socketOf(channel);
    }

    @Override
    boolean readsWhenReady() {
      return true;
    }

    @Override
    DatagramHandle newDatagrams(boolean ipv6) {
      return new NativeDatagrams(new EpollDatagramChannel(family(ipv6)), ipv6);
    }

    @Override
    DatagramHandle adoptDatagrams(int fd, boolean ipv6) {
      return new NativeDatagrams(new EpollDatagramChannel(fd), ipv6);
    }

    @Override
    void cork(Channel channel, boolean on) {
      if (channel instanceof EpollSocketChannel tcp) {
        tcp.config().setTcpCork(on);
      }
    }

    @Override
    public ServerChannel adoptServer(int fd, boolean unix) {
      return unix ? new EpollServerDomainSocketChannel(fd, true) : new EpollServerSocketChannel(fd);
    }
  },

  IO_URING {
    // The kernel says with what it has read whether the socket is empty now, and means by that no
    // reset. Netty believes it, and then waits for a poll that has told of the reset already, where
    // that poll is one for all: the socket would never end. A poll for each read tells again. Netty
    // reads this when its own class is loaded.
    private static final String ONE_POLL = "io.netty.iouring.pollAddMultishotEnabled";

    @Override
    public boolean isAvailable() {
      if (System.getProperty(ONE_POLL) == null) {
        System.setProperty(ONE_POLL, "false");
      }
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
    public ServerChannel newPathServerChannel() {
      return new IoUringServerDomainSocketChannel();
    }

    @Override
    public SocketChannel newSocketChannel() {
      return new IoUringSocketChannel();
    }

    @Override
    public DuplexChannel newPathChannel() {
      return new IoUringDomainSocketChannel();
    }

    @Override
    DatagramHandle newDatagrams(boolean ipv6) {
      return new NativeDatagrams(new IoUringDatagramChannel(family(ipv6)), ipv6);
    }

    // A close waits for the write under way. Where the channel begins another read meanwhile, the
    // kernel keeps the connection for it, and the peer hears of no end until it says something.
    @Override
    public void prepareClose(Channel channel) {
      channel.config().setAutoRead(false);
    }
  },

  KQUEUE {
    @Override
    public boolean isAvailable() {
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
    public ServerChannel newPathServerChannel() {
      return new KQueueServerDomainSocketChannel();
    }

    @Override
    public SocketChannel newSocketChannel() {
      return new KQueueSocketChannel();
    }

    @Override
    public DuplexChannel newPathChannel() {
      return new KQueueDomainSocketChannel();
    }

    @Override
    @Nullable Socket straightTo(Channel channel) {
      return socketOf(channel);
    }

    @Override
    boolean readsWhenReady() {
      return true;
    }

    @Override
    DatagramHandle newDatagrams(boolean ipv6) {
      return new NativeDatagrams(new KQueueDatagramChannel(family(ipv6)), ipv6);
    }
  },

  NIO {
    @Override
    public boolean isAvailable() {
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
    public ServerSocketChannel newIpv4ServerChannel() {
      return new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET);
    }

    @Override
    public ServerChannel newPathServerChannel() {
      return new NioServerDomainSocketChannel();
    }

    @Override
    public SocketChannel newSocketChannel() {
      return new NioSocketChannel();
    }

    @Override
    public DuplexChannel newPathChannel() {
      return new NioDomainSocketChannel();
    }

    @Override
    boolean readsWhenReady() {
      return true;
    }

    @Override
    DatagramHandle newDatagrams(boolean ipv6) {
      return NioDatagrams.ofFamily(ipv6);
    }
  };

  /** Linux's number; there is no option of Netty's for it. */
  private static final ChannelOption<Integer> IPV6_V6ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

  static final String PROPERTY = "netloop.transport";

  private static volatile @Nullable Transport chosen;

  /**
   * The transport of this process. Chosen once, by the first loop.
   *
   * @throws IllegalArgumentException for a wish that is none
   * @throws IllegalStateException for one that does not load
   */
  public static Transport chosen() {
    Transport known = chosen;
    if (known == null) {
      known = choose(System.getProperty(PROPERTY, ""), System.getProperty("os.name", ""));
      chosen = known;
    }
    return known;
  }

  /** Whether it loads on this machine. */
  public abstract boolean isAvailable();

  abstract IoHandlerFactory ioHandlerFactory();

  /** Whether memory to read into is asked for when there is something to read, and not before. */
  boolean readsWhenReady() {
    return false;
  }

  /** The socket under a channel, for system calls past the channel, or null where there is none. */
  @Nullable Socket straightTo(Channel channel) {
    return null;
  }

  /**
   * Has the system hold back what does not fill a packet, until it is told otherwise: what comes
   * before a file leaves with it. Without effect where the system knows no such thing.
   */
  void cork(Channel channel, boolean on) {}

  /** To be called before a channel is closed that reads. */
  public void prepareClose(Channel channel) {}

  private static @Nullable Socket socketOf(Channel channel) {
    return channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket
        ? socket
        : null;
  }

  /** A listening channel, not yet registered. */
  public abstract ServerSocketChannel newServerChannel();

  /**
   * A listening channel for {@code 0.0.0.0}, not yet registered. One of both families would listen
   * on {@code ::} instead; io_uring and kqueue have no other.
   */
  public ServerSocketChannel newIpv4ServerChannel() {
    return newServerChannel();
  }

  /** A channel to listen on a Unix domain socket, not yet registered. */
  public abstract ServerChannel newPathServerChannel();

  /** A connecting channel, not yet registered. */
  public abstract SocketChannel newSocketChannel();

  /** A channel to connect to a Unix domain socket, not yet registered. */
  public abstract DuplexChannel newPathChannel();

  /** Keeps a registered channel open when its peer ends. To be called before it reads. */
  public void allowHalfOpen(DuplexChannel channel) {
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    if (channel instanceof IoUringDomainSocketChannel
        || channel instanceof NioDomainSocketChannel) {
      EndWatch.over(channel);
    }
  }

  /**
   * A channel over a descriptor that listens already, not yet registered.
   *
   * @throws UnsupportedOperationException where this transport can't adopt one: epoll can
   */
  public ServerChannel adoptServer(int fd, boolean unix) {
    throw new UnsupportedOperationException("Only epoll can adopt a descriptor.");
  }

  /** A datagram socket, neither bound nor registered. */
  abstract DatagramHandle newDatagrams(boolean ipv6);

  /**
   * A datagram socket over a descriptor that is open and bound already, not registered.
   *
   * @throws UnsupportedOperationException where this transport can't adopt one: epoll can
   */
  DatagramHandle adoptDatagrams(int fd, boolean ipv6) {
    throw new UnsupportedOperationException("Only epoll can adopt a descriptor.");
  }

  private static SocketProtocolFamily family(boolean ipv6) {
    return ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
  }

  /** The address of a Unix domain socket, in this transport's form. */
  public SocketAddress pathAddress(String path) {
    return this == NIO ? UnixDomainSocketAddress.of(path) : new DomainSocketAddress(path);
  }

  /** How long a path may be, in bytes: what Linux takes, of which the JDK leaves one more free. */
  public int mostPathBytes() {
    return this == NIO ? 106 : 107;
  }

  /** Whether a path that begins with NUL is a name of Linux's abstract namespace. */
  public boolean knowsAbstractNames() {
    return this == EPOLL;
  }

  /**
   * Has the system take IPv6 only on a channel for {@code ::}. Returns whether it can be asked to.
   */
  public boolean ipv6Only(Channel channel) {
    return this != NIO && channel.config().setOption(IPV6_V6ONLY, 1);
  }

  /** Lets other sockets listen on the same port. Returns whether the system knows that. */
  public boolean reusePort(Channel channel) {
    if (this == NIO) {
      return channel
          .config()
          .setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
    }
    return channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
  }

  /** Whether a channel that was closed holds its port until the loop asks the kernel again. */
  public boolean closesInTheNextTurn() {
    return this == IO_URING || this == NIO;
  }

  /**
   * Has the system probe a silent peer, or no more. Each number that is 0 leaves the system's own.
   *
   * @param delaySeconds the silence before the first probe
   * @param intervalSeconds the time between two probes
   * @param count how many probes may go unanswered
   */
  public void keepAlive(
      Channel channel, boolean on, long delaySeconds, long intervalSeconds, int count) {
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, on);
    if (on) {
      set(
          channel,
          delaySeconds,
          EpollChannelOption.TCP_KEEPIDLE,
          IoUringChannelOption.TCP_KEEPIDLE,
          ExtendedSocketOptions.TCP_KEEPIDLE);
      set(
          channel,
          intervalSeconds,
          EpollChannelOption.TCP_KEEPINTVL,
          IoUringChannelOption.TCP_KEEPINTVL,
          ExtendedSocketOptions.TCP_KEEPINTERVAL);
      set(
          channel,
          count,
          EpollChannelOption.TCP_KEEPCNT,
          IoUringChannelOption.TCP_KEEPCNT,
          ExtendedSocketOptions.TCP_KEEPCOUNT);
    }
  }

  private void set(
      Channel channel,
      long value,
      ChannelOption<Integer> epoll,
      ChannelOption<Integer> ioUring,
      SocketOption<Integer> nio) {
    ChannelOption<Integer> option =
        switch (this) {
          case EPOLL -> epoll;
          case IO_URING -> ioUring;
          case KQUEUE -> null;
          case NIO -> NioChannelOption.of(nio);
        };
    if (value > 0 && option != null) {
      channel.config().setOption(option, (int) value);
    }
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
}
