package io.netloop.dgram;

import io.netloop.loop.NetException;
import org.jspecify.annotations.Nullable;

/**
 * Where a socket is bound: made by {@link #port} or {@link #fd}. <i>Immutable.</i>
 *
 * @param port 0 to 65535; 0 has the system choose one
 * @param address an own address or a name; null for all addresses of the socket's family
 * @param exclusive false by default: workers that bind the same port share it, and the system
 *     spreads what comes by its sender. With true each has to have its own
 * @param fd a UDP descriptor that is open and bound already, or null
 */
public record BindOptions(
    int port, @Nullable String address, boolean exclusive, @Nullable Integer fd) {
  public BindOptions {
    if (port < 0 || port > 65535) {
      throw new NetException(
          "ERR_SOCKET_BAD_PORT",
          "options.port should be >= 0 and < 65536. Received type number (" + port + ").");
    }
  }

  /** At this port of all addresses. */
  public static BindOptions port(int port) {
    return new BindOptions(port, null, false, null);
  }

  /** At a descriptor that is open and bound already. */
  public static BindOptions fd(int fd) {
    return new BindOptions(0, null, false, fd);
  }

  public BindOptions withAddress(@Nullable String newAddress) {
    return new BindOptions(port, newAddress, exclusive, fd);
  }

  public BindOptions withExclusive(boolean on) {
    return new BindOptions(port, address, on, fd);
  }
}
