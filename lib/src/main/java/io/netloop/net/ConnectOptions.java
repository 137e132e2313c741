package io.netloop.net;

import io.netloop.engine.IpText;
import io.netloop.loop.AbortSignal;
import io.netloop.loop.NetException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a client connects to, and how: made by {@link #port} or {@link #path}. <i>Immutable.</i>
 *
 * @param port 0 to 65535
 * @param host a name or an address; this machine by default
 * @param path the path of a Unix domain socket, which then is connected to in place of host and
 *     port
 * @param family 0 for whatever the name resolves to (the default), 4 or 6 for one family only
 * @param localAddress the address to connect from, or null for the system's choice
 * @param localPort the port to connect from; 0, the default, for the system's choice
 * @param autoSelectFamily whether all addresses of a name are tried, the families in turns; null,
 *     the default, for {@link Net#getDefaultAutoSelectFamily}
 * @param attemptTimeout how long one of several addresses is tried before the next, at least 10 ms;
 *     null, the default, for {@link Net#getDefaultAutoSelectFamilyAttemptTimeout}
 * @param timeout sets {@link TcpSocket#setTimeout} before connecting; zero, the default, does not
 * @param lookup resolves names in place of the system, or null
 * @param signal destroys the socket when it is given, or null
 * @param socket what holds for the connection
 */
public record ConnectOptions(
    int port,
    String host,
    @Nullable String path,
    int family,
    @Nullable String localAddress,
    int localPort,
    @Nullable Boolean autoSelectFamily,
    @Nullable Duration attemptTimeout,
    Duration timeout,
    @Nullable NameLookup lookup,
    @Nullable AbortSignal signal,
    TcpOptions socket) {

  /** Resolves names. May block: it is called on a virtual thread. */
  public interface NameLookup {
    /**
     * Gives the addresses of a name as texts, the best first.
     *
     * @throws Exception for a name that has none: connecting fails with {@code ENOTFOUND}
     */
    List<String> lookup(String host) throws Exception;
  }

  private static final Duration LEAST_ATTEMPT = Duration.ofMillis(10);

  public ConnectOptions {
    checkPort(port);
    checkPort(localPort);
    if (family != 0 && family != 4 && family != 6) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "The property 'options.family' must be one of: 0, 4, 6. Received " + family);
    }
    if (localAddress != null && IpText.version(localAddress) == 0) {
      throw new NetException("ERR_INVALID_IP_ADDRESS", "Invalid IP address: " + localAddress);
    }
    if (attemptTimeout != null) {
      attemptTimeout = atLeastTen(attemptTimeout, "options.autoSelectFamilyAttemptTimeout");
    }
  }

  static Duration atLeastTen(Duration time, String name) {
    if (time.isNegative() || time.isZero()) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"%s\" is out of range. It must be >= 1 && <= 2147483647. Received %d"
              .formatted(name, time.toMillis()));
    }
    return time.compareTo(LEAST_ATTEMPT) < 0 ? LEAST_ATTEMPT : time;
  }

  private static void checkPort(int port) {
    if (port < 0 || port > 65535) {
      throw new NetException(
          "ERR_SOCKET_BAD_PORT",
          "Port should be >= 0 and < 65536. Received type number (" + port + ").");
    }
  }

  /** To this port of this machine. */
  public static ConnectOptions port(int port) {
    return new ConnectOptions(
        port,
        "localhost",
        null,
        0,
        null,
        0,
        null,
        null,
        Duration.ZERO,
        null,
        null,
        TcpOptions.defaults());
  }

  /** To a Unix domain socket. */
  public static ConnectOptions path(String path) {
    return new ConnectOptions(
        0,
        "localhost",
        path,
        0,
        null,
        0,
        null,
        null,
        Duration.ZERO,
        null,
        null,
        TcpOptions.defaults());
  }

  public ConnectOptions withHost(String newHost) {
    return new ConnectOptions(
        port,
        newHost,
        path,
        family,
        localAddress,
        localPort,
        autoSelectFamily,
        attemptTimeout,
        timeout,
        lookup,
        signal,
        socket);
  }

  public ConnectOptions withFamily(int newFamily) {
    return new ConnectOptions(
        port,
        host,
        path,
        newFamily,
        localAddress,
        localPort,
        autoSelectFamily,
        attemptTimeout,
        timeout,
        lookup,
        signal,
        socket);
  }

  public ConnectOptions withLocalAddress(String address) {
    return new ConnectOptions(
        port,
        host,
        path,
        family,
        address,
        localPort,
        autoSelectFamily,
        attemptTimeout,
        timeout,
        lookup,
        signal,
        socket);
  }

  public ConnectOptions withLocalPort(int newLocalPort) {
    return new ConnectOptions(
        port,
        host,
        path,
        family,
        localAddress,
        newLocalPort,
        autoSelectFamily,
        attemptTimeout,
        timeout,
        lookup,
        signal,
        socket);
  }

  public ConnectOptions withAutoSelectFamily(boolean on) {
    return new ConnectOptions(
        port,
        host,
        path,
        family,
        localAddress,
        localPort,
        on,
        attemptTimeout,
        timeout,
        lookup,
        signal,
        socket);
  }

  public ConnectOptions withAttemptTimeout(Duration time) {
    return new ConnectOptions(
        port,
        host,
        path,
        family,
        localAddress,
        localPort,
        autoSelectFamily,
        time,
        timeout,
        lookup,
        signal,
        socket);
  }

  public ConnectOptions withTimeout(Duration time) {
    return new ConnectOptions(
        port,
        host,
        path,
        family,
        localAddress,
        localPort,
        autoSelectFamily,
        attemptTimeout,
        time,
        lookup,
        signal,
        socket);
  }

  public ConnectOptions withLookup(NameLookup newLookup) {
    return new ConnectOptions(
        port,
        host,
        path,
        family,
        localAddress,
        localPort,
        autoSelectFamily,
        attemptTimeout,
        timeout,
        newLookup,
        signal,
        socket);
  }

  public ConnectOptions withSignal(AbortSignal newSignal) {
    return new ConnectOptions(
        port,
        host,
        path,
        family,
        localAddress,
        localPort,
        autoSelectFamily,
        attemptTimeout,
        timeout,
        lookup,
        newSignal,
        socket);
  }

  public ConnectOptions withSocket(TcpOptions options) {
    return new ConnectOptions(
        port,
        host,
        path,
        family,
        localAddress,
        localPort,
        autoSelectFamily,
        attemptTimeout,
        timeout,
        lookup,
        signal,
        options);
  }
}
