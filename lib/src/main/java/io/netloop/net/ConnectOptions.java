package io.netloop.net;

import io.netloop.loop.NetException;
import java.time.Duration;

/**
 * Where a client connects to, and how. <i>Immutable.</i>
 *
 * @param port 1 to 65535 (0 is taken, and refused by the system)
 * @param host a name or an address; {@code localhost} by default
 * @param family 0 for whatever the name resolves to (the default), 4 or 6 for one family only
 * @param attemptTimeout where a name has several addresses: how long one is tried before the next;
 *     500 ms by default; less than 10 ms counts as 10
 * @param socket what holds for the connection
 */
public record ConnectOptions(
    int port, String host, int family, Duration attemptTimeout, TcpOptions socket) {

  private static final Duration LEAST_ATTEMPT = Duration.ofMillis(10);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(500);

  public ConnectOptions {
    if (port < 0 || port > 65535) {
      throw new NetException(
          "ERR_SOCKET_BAD_PORT", "Port should be >= 0 and < 65536. Received " + port + ".");
    }
    if (family != 0 && family != 4 && family != 6) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "The property 'options.family' must be one of: 0, 4, 6. Received " + family);
    }
    if (attemptTimeout.isNegative() || attemptTimeout.isZero()) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "attemptTimeout must be a positive time, not " + attemptTimeout + ".");
    }
    if (attemptTimeout.compareTo(LEAST_ATTEMPT) < 0) {
      attemptTimeout = LEAST_ATTEMPT;
    }
  }

  /** To this port of this machine. */
  public static ConnectOptions port(int port) {
    return new ConnectOptions(port, "localhost", 0, ATTEMPT_TIMEOUT, TcpOptions.defaults());
  }

  public ConnectOptions withHost(String newHost) {
    return new ConnectOptions(port, newHost, family, attemptTimeout, socket);
  }

  public ConnectOptions withFamily(int newFamily) {
    return new ConnectOptions(port, host, newFamily, attemptTimeout, socket);
  }

  public ConnectOptions withAttemptTimeout(Duration time) {
    return new ConnectOptions(port, host, family, time, socket);
  }

  public ConnectOptions withSocket(TcpOptions options) {
    return new ConnectOptions(port, host, family, attemptTimeout, options);
  }
}
