package io.netloop.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;

/**
 * The system calls of the load generators, with nothing around them: whoever is to find the limit
 * of a server must be lighter than any server. For one thread.
 */
@SuppressWarnings("restricted")
final class Linux {
  static final int EPOLLIN = 1;
  static final int EPOLLOUT = 4;

  /** Has {@link #receive} drop the bytes and not copy them. */
  static final int MSG_TRUNC = 0x20;

  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  static final int IPPROTO_IP = 0;

  /** Says whose a datagram is. */
  static final int IP_PKTINFO = 8;

  private static final int IPPROTO_UDP = 17;
  private static final int UDP_SEGMENT = 103;
  private static final int SOL_SOCKET = 1;
  private static final int SO_BINDTODEVICE = 25;

  private static final int IP_BIND_ADDRESS_NO_PORT = 24;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ECONNREFUSED = 111;
  private static final int SOCKADDR_BYTES = 16;
  static final int LOCALHOST = 0x7f000001;

  private static final ValueLayout.OfShort BIG_ENDIAN_SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt BIG_ENDIAN_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

  /** On x86 the structure {@code epoll_event} has no gap before its data. */
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  static final int EVENT_BYTES = PACKED ? 12 : 16;
  static final int EVENT_DATA = PACKED ? 4 : 8;

  private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = call("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CONNECT =
      call("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      call("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SEND =
      call("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECV =
      call("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SENDMMSG =
      call("sendmmsg", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle RECVMMSG =
      call("recvmmsg", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle CLOSE = call("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_CREATE = call("epoll_create1", JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_CTL =
      call("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle EPOLL_WAIT =
      call("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

  private static final MemorySegment STATE =
      Arena.global().allocate(Linker.Option.captureStateLayout());
  private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_INT, 1);

  private Linux() {}

  /**
   * Connects to a port of this machine and waits for that.
   *
   * @param source the last number of the own address, {@code 127.0.0.1} and up: each has ports of
   *     its own
   * @return the descriptor, or -1 where nobody listens
   */
  static int connect(int port, int source) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = check("socket", (int) SOCKET.invokeExact(STATE, AF_INET, SOCK_STREAM_CLOEXEC, 0));
      setOne(fd, IPPROTO_TCP, TCP_NODELAY);
      if (source != 1) {
        setOne(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
        MemorySegment own = address(arena, LOCALHOST - 1 + source, 0);
        check("bind", (int) BIND.invokeExact(STATE, fd, own, SOCKADDR_BYTES));
      }
      MemorySegment peer = address(arena, LOCALHOST, port);
      int result = (int) CONNECT.invokeExact(STATE, fd, peer, SOCKADDR_BYTES);
      if (result < 0 && errno() == ECONNREFUSED) {
        close(fd);
        return -1;
      }
      check("connect", result);
      return fd;
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  /** A socket for datagrams to and from a port of this machine. */
  static int connectDatagrams(int port) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = check("socket", (int) SOCKET.invokeExact(STATE, AF_INET, SOCK_DGRAM_CLOEXEC, 0));
      MemorySegment peer = address(arena, LOCALHOST, port);
      check("connect", (int) CONNECT.invokeExact(STATE, fd, peer, SOCKADDR_BYTES));
      return fd;
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  /**
   * A socket for datagrams to and from all addresses of this machine's own network.
   *
   * @param length what is sent in one piece is cut into datagrams of so many bytes
   */
  static int datagrams(int length) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = check("socket", (int) SOCKET.invokeExact(STATE, AF_INET, SOCK_DGRAM_CLOEXEC, 0));
      set(fd, SOL_SOCKET, SO_BINDTODEVICE, arena.allocateFrom("lo"));
      set(fd, IPPROTO_UDP, UDP_SEGMENT, arena.allocateFrom(JAVA_INT, length));
      MemorySegment any = address(arena, 0, 0);
      check("bind", (int) BIND.invokeExact(STATE, fd, any, SOCKADDR_BYTES));
      return fd;
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  /** Sends datagrams, the first {@code count} of an array of {@code mmsghdr}; perhaps 0. */
  static int sendBatch(int fd, MemorySegment headers, int count) throws IOException {
    try {
      return sent("sendmmsg", (int) SENDMMSG.invokeExact(STATE, fd, headers, count, MSG_DONTWAIT));
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  /** Receives as many datagrams as are there, {@code count} at the most; perhaps 0. */
  static int receiveBatch(int fd, MemorySegment headers, int count) throws IOException {
    try {
      int received =
          (int) RECVMMSG.invokeExact(STATE, fd, headers, count, MSG_DONTWAIT, MemorySegment.NULL);
      return sent("recvmmsg", received);
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  /** As many bytes as the system takes now, perhaps 0. */
  static int send(int fd, MemorySegment bytes, int length) throws IOException {
    try {
      return sent(
          "send",
          (long) SEND.invokeExact(STATE, fd, bytes, (long) length, MSG_DONTWAIT | MSG_NOSIGNAL));
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  /** As many bytes as are there, perhaps 0; an exception at the end of the stream. */
  static int receive(int fd, MemorySegment into, int flags) throws IOException {
    try {
      long count = (long) RECV.invokeExact(STATE, fd, into, into.byteSize(), MSG_DONTWAIT | flags);
      if (count == 0) {
        throw new IOException("the server has closed a connection");
      }
      return sent("recv", count);
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  static void close(int fd) throws IOException {
    try {
      check("close", (int) CLOSE.invokeExact(STATE, fd));
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  static int epoll() throws IOException {
    try {
      return check("epoll_create1", (int) EPOLL_CREATE.invokeExact(STATE, EPOLL_CLOEXEC));
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  /** Watches a descriptor, level-triggered; its events carry {@code data}. */
  static void watch(int epoll, int fd, int events, long data) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_BYTES);
      event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, events);
      event.set(ValueLayout.JAVA_LONG_UNALIGNED, EVENT_DATA, data);
      check("epoll_ctl", (int) EPOLL_CTL.invokeExact(STATE, epoll, EPOLL_CTL_ADD, fd, event));
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  /** Waits for events; returns how many there are. */
  static int await(int epoll, MemorySegment events, int millis) throws IOException {
    try {
      int most = (int) (events.byteSize() / EVENT_BYTES);
      int count = (int) EPOLL_WAIT.invokeExact(STATE, epoll, events, most, millis);
      return count < 0 && errno() == EINTR ? 0 : check("epoll_wait", count);
    } catch (Throwable failure) {
      throw sorted(failure);
    }
  }

  private static void setOne(int fd, int level, int option) throws Throwable {
    set(fd, level, option, ONE);
  }

  private static void set(int fd, int level, int option, MemorySegment value) throws Throwable {
    int size = (int) value.byteSize();
    check("setsockopt", (int) SETSOCKOPT.invokeExact(STATE, fd, level, option, value, size));
  }

  /** A {@code sockaddr_in}. */
  static MemorySegment address(Arena arena, int host, int port) {
    MemorySegment address = arena.allocate(SOCKADDR_BYTES, Integer.BYTES);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
    address.set(BIG_ENDIAN_SHORT, 2, (short) port);
    address.set(BIG_ENDIAN_INT, 4, host);
    return address;
  }

  private static int sent(String call, long count) throws IOException {
    return count < 0 && errno() == EAGAIN ? 0 : check(call, (int) count);
  }

  private static int check(String call, int result) throws IOException {
    if (result < 0) {
      throw new IOException("%s failed with the system's error %d".formatted(call, errno()));
    }
    return result;
  }

  private static int errno() {
    return STATE.get(JAVA_INT, 0);
  }

  private static IOException sorted(Throwable failure) {
    return switch (failure) {
      case IOException expected -> expected;
      case RuntimeException unexpected -> throw unexpected;
      case Error unexpected -> throw unexpected;
      default -> new IOException(failure);
    };
  }

  private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }
}
