package io.netloop.net;

import io.netloop.engine.IpText;
import io.netloop.loop.NetException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * TCP: servers and connections, as Node's module {@code net}. <i>Thread-safe.</i>
 *
 * <pre>{@code
 * Net.createServer(socket -> socket.pipe(socket)).listen(8124);
 * }</pre>
 *
 * @see <a href="https://nodejs.org/api/net.html">Node: net</a>
 */
public final class Net {
  private static volatile boolean autoSelectFamily = true;
  private static volatile long attemptTimeoutMillis = 500;
  private static List<Inherited> inherited =
      SystemdSockets.read(System.getenv(), ProcessHandle.current().pid());

  private Net() {}

  /** A server that does not listen yet. */
  public static TcpServer createServer() {
    return createServer(TcpOptions.defaults());
  }

  /** A server that does not listen yet, and a 'connection' listener for it. */
  public static TcpServer createServer(Consumer<TcpSocket> onConnection) {
    return createServer().onConnection(onConnection);
  }

  /** A server that does not listen yet; the options hold for the connections that it accepts. */
  public static TcpServer createServer(TcpOptions options) {
    return new TcpServer(options);
  }

  /** A server that does not listen yet, and a 'connection' listener for it. */
  public static TcpServer createServer(TcpOptions options, Consumer<TcpSocket> onConnection) {
    return createServer(options).onConnection(onConnection);
  }

  /** Begins to connect to a port of this machine. */
  public static TcpSocket createConnection(int port) {
    return createConnection(ConnectOptions.port(port));
  }

  /** Begins to connect to a port of this machine; the listener is told once, when it is done. */
  public static TcpSocket createConnection(int port, Consumer<TcpSocket> onConnect) {
    return createConnection(ConnectOptions.port(port), onConnect);
  }

  /** Begins to connect. */
  public static TcpSocket createConnection(int port, String host) {
    return createConnection(ConnectOptions.port(port).withHost(host));
  }

  /** Begins to connect; the listener is told once, when it is done. */
  public static TcpSocket createConnection(int port, String host, Consumer<TcpSocket> onConnect) {
    return createConnection(ConnectOptions.port(port).withHost(host), onConnect);
  }

  /** Begins to connect. */
  public static TcpSocket createConnection(ConnectOptions options) {
    return new TcpSocket(options.socket()).connect(options);
  }

  /** Begins to connect; the listener is told once, when it is done. */
  public static TcpSocket createConnection(ConnectOptions options, Consumer<TcpSocket> onConnect) {
    TcpSocket socket = new TcpSocket(options.socket());
    return socket.connect(options, () -> onConnect.accept(socket));
  }

  /** The same as {@link #createConnection(int, Consumer)}. */
  public static TcpSocket connect(int port, Consumer<TcpSocket> onConnect) {
    return createConnection(port, onConnect);
  }

  /** The same as {@link #createConnection(int, String, Consumer)}. */
  public static TcpSocket connect(int port, String host, Consumer<TcpSocket> onConnect) {
    return createConnection(port, host, onConnect);
  }

  /** The same as {@link #createConnection(ConnectOptions, Consumer)}. */
  public static TcpSocket connect(ConnectOptions options, Consumer<TcpSocket> onConnect) {
    return createConnection(options, onConnect);
  }

  /**
   * The version of the IP address that this is the text of: 4, 6, or 0 for anything else, null
   * included. The forms are those of {@code inet_pton}, and IPv6 may carry a zone: {@code
   * fe80::1%eth0}.
   */
  public static int isIP(@Nullable Object input) {
    return IpText.version(String.valueOf(input));
  }

  /** Whether this is the text of an IPv4 address. */
  public static boolean isIPv4(@Nullable Object input) {
    return isIP(input) == 4;
  }

  /** Whether this is the text of an IPv6 address. */
  public static boolean isIPv6(@Nullable Object input) {
    return isIP(input) == 6;
  }

  /** Begins to connect to a Unix domain socket. */
  public static TcpSocket createConnection(String path) {
    return createConnection(ConnectOptions.path(path));
  }

  /** Begins to connect to a Unix domain socket; the listener is told once, when it is done. */
  public static TcpSocket createConnection(String path, Consumer<TcpSocket> onConnect) {
    return createConnection(ConnectOptions.path(path), onConnect);
  }

  /** Whether all addresses of a name are tried where nothing else is said; true at first. */
  public static boolean getDefaultAutoSelectFamily() {
    return autoSelectFamily;
  }

  public static void setDefaultAutoSelectFamily(boolean on) {
    autoSelectFamily = on;
  }

  /**
   * How many milliseconds one of several addresses is tried where nothing else is said; 500 at
   * first.
   */
  public static long getDefaultAutoSelectFamilyAttemptTimeout() {
    return attemptTimeoutMillis;
  }

  /**
   * Sets it; less than 10 ms count as 10.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE} for less than 1
   */
  public static void setDefaultAutoSelectFamilyAttemptTimeout(long millis) {
    attemptTimeoutMillis = ConnectOptions.atLeastTen(Duration.ofMillis(millis), "value").toMillis();
  }

  /**
   * The listening descriptors that systemd handed to this process. They are given once: a second
   * call, like a process started by other means, gets an empty list.
   *
   * @see <a
   *     href="https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html">sd_listen_fds</a>
   */
  public static synchronized List<Inherited> inheritedDescriptors() {
    List<Inherited> given = inherited;
    inherited = List.of();
    return given;
  }
}
