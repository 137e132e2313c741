package io.netloop.net;

import io.netloop.loop.AbortSignal;
import io.netloop.loop.NetException;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a server listens: made by {@link #port}, {@link #path} or {@link #fd}.
 * <i>Immutable.</i>
 *
 * @param port 0 to 65535; 0 has the system choose one
 * @param host an address or a name; null for all addresses of both families
 * @param path the path of a Unix domain socket, 107 bytes of UTF-8 at the most (106 on NIO), or
 *     null. One that begins with NUL is a name of Linux's abstract namespace
 * @param backlog how many connections the system holds ready for us, 511 by default; it may hold
 *     fewer
 * @param exclusive false by default: workers share the port. With true each has to have its own
 * @param ipv6Only false by default. With true {@code ::} leaves IPv4 alone
 * @param reusePort false by default. With true several processes may listen on the port, and the
 *     system spreads the connections among them
 * @param unlinkStale false by default. With true a socket file that nobody listens on is removed
 *     first
 * @param readableAll whether everybody may read from the socket file
 * @param writableAll whether everybody may write to the socket file
 * @param fd a descriptor that listens already, or null
 * @param signal closes the server when it is given, or null
 */
public record ListenOptions(
    int port,
    @Nullable String host,
    @Nullable String path,
    int backlog,
    boolean exclusive,
    boolean ipv6Only,
    boolean reusePort,
    boolean unlinkStale,
    boolean readableAll,
    boolean writableAll,
    @Nullable Integer fd,
    @Nullable AbortSignal signal) {

  /** Node's default. */
  private static final int BACKLOG = 511;

  public ListenOptions {
    if (port < 0 || port > 65535) {
      throw new NetException(
          "ERR_SOCKET_BAD_PORT",
          "options.port should be >= 0 and < 65536. Received type number (" + port + ").");
    }
    if (backlog < 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE", "options.backlog should be >= 0. Received " + backlog + ".");
    }
  }

  /** On this port of all addresses. */
  public static ListenOptions port(int port) {
    return of(port, null, null);
  }

  /** On a Unix domain socket. */
  public static ListenOptions path(String path) {
    return of(0, path, null);
  }

  /** On a descriptor that was bound and listens already, as systemd hands it over. */
  public static ListenOptions fd(int fd) {
    return of(0, null, fd);
  }

  private static ListenOptions of(int port, @Nullable String path, @Nullable Integer fd) {
    return new ListenOptions(
        port, null, path, BACKLOG, false, false, false, false, false, false, fd, null);
  }

  public ListenOptions withHost(@Nullable String newHost) {
    return new ListenOptions(
        port,
        newHost,
        path,
        backlog,
        exclusive,
        ipv6Only,
        reusePort,
        unlinkStale,
        readableAll,
        writableAll,
        fd,
        signal);
  }

  public ListenOptions withBacklog(int connections) {
    return new ListenOptions(
        port,
        host,
        path,
        connections,
        exclusive,
        ipv6Only,
        reusePort,
        unlinkStale,
        readableAll,
        writableAll,
        fd,
        signal);
  }

  public ListenOptions withExclusive(boolean on) {
    return new ListenOptions(
        port,
        host,
        path,
        backlog,
        on,
        ipv6Only,
        reusePort,
        unlinkStale,
        readableAll,
        writableAll,
        fd,
        signal);
  }

  public ListenOptions withIpv6Only(boolean on) {
    return new ListenOptions(
        port,
        host,
        path,
        backlog,
        exclusive,
        on,
        reusePort,
        unlinkStale,
        readableAll,
        writableAll,
        fd,
        signal);
  }

  public ListenOptions withReusePort(boolean on) {
    return new ListenOptions(
        port,
        host,
        path,
        backlog,
        exclusive,
        ipv6Only,
        on,
        unlinkStale,
        readableAll,
        writableAll,
        fd,
        signal);
  }

  public ListenOptions withUnlinkStale(boolean on) {
    return new ListenOptions(
        port,
        host,
        path,
        backlog,
        exclusive,
        ipv6Only,
        reusePort,
        on,
        readableAll,
        writableAll,
        fd,
        signal);
  }

  public ListenOptions withReadableAll(boolean on) {
    return new ListenOptions(
        port,
        host,
        path,
        backlog,
        exclusive,
        ipv6Only,
        reusePort,
        unlinkStale,
        on,
        writableAll,
        fd,
        signal);
  }

  public ListenOptions withWritableAll(boolean on) {
    return new ListenOptions(
        port,
        host,
        path,
        backlog,
        exclusive,
        ipv6Only,
        reusePort,
        unlinkStale,
        readableAll,
        on,
        fd,
        signal);
  }

  public ListenOptions withSignal(AbortSignal newSignal) {
    return new ListenOptions(
        port,
        host,
        path,
        backlog,
        exclusive,
        ipv6Only,
        reusePort,
        unlinkStale,
        readableAll,
        writableAll,
        fd,
        newSignal);
  }
}
