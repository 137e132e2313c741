package io.netloop.dgram;

import io.netloop.engine.Errno;
import io.netloop.loop.NetException;
import org.jspecify.annotations.Nullable;

/** The errors of calls that are wrong, and those of the system, in Node's words. */
final class Misuse {
  private static final String TEXT_OR_BYTES =
      "must be of type string or an instance of Buffer, byte[] or List. Received ";

  private Misuse() {}

  static NetException badType() {
    return new NetException(
        "ERR_SOCKET_BAD_TYPE", "Bad socket type specified. Valid types are: udp4, udp6");
  }

  static NetException alreadyBound() {
    return new NetException("ERR_SOCKET_ALREADY_BOUND", "Socket is already bound");
  }

  static NetException notRunning() {
    return new NetException("ERR_SOCKET_DGRAM_NOT_RUNNING", "Not running");
  }

  static NetException connected() {
    return new NetException("ERR_SOCKET_DGRAM_IS_CONNECTED", "Already connected");
  }

  static NetException notConnected() {
    return new NetException("ERR_SOCKET_DGRAM_NOT_CONNECTED", "Not connected");
  }

  static NetException loopEnded() {
    return new NetException(
        "ERR_LOOP_ENDED", "The worker whose loop this belongs to has ended: nothing opens there.");
  }

  static NetException missing(String argument) {
    return new NetException(
        "ERR_MISSING_ARGS", "The \"" + argument + "\" argument must be specified");
  }

  /** Null is what a type of text lets through. */
  static void checkText(String argument, @Nullable String found) {
    if (found == null) {
      throw new NetException(
          "ERR_INVALID_ARG_TYPE",
          "The \"" + argument + "\" argument must be of type string. Received null");
    }
  }

  static NetException badMessage(String argument, @Nullable Object found) {
    return new NetException(
        "ERR_INVALID_ARG_TYPE",
        "The \"" + argument + "\" argument " + TEXT_OR_BYTES + shown(found));
  }

  static NetException outside(String argument) {
    return new NetException(
        "ERR_BUFFER_OUT_OF_BOUNDS", "\"" + argument + "\" is outside of buffer bounds");
  }

  /** What Node says of a port that a datagram can't go to. */
  static NetException badPort(@Nullable Object found) {
    return new NetException(
        "ERR_SOCKET_BAD_PORT",
        "Port should be > 0 and < 65536. Received "
            + (found == null ? "undefined" : shown(found))
            + ".");
  }

  static NetException noBufferYet(String call) {
    return new NetException(
        "ERR_SOCKET_BUFFER_SIZE", "Could not get or set buffer size: " + call + " returned EBADF");
  }

  static void checkBufferSize(int bytes) {
    if (bytes <= 0) {
      throw new NetException(
          "ERR_SOCKET_BAD_BUFFER_SIZE", "Buffer size must be a positive integer, not " + bytes);
    }
  }

  static NetException blocked(String address) {
    return new NetException("ERR_IP_BLOCKED", "IP(" + address + ") is blocked by net.BlockList");
  }

  /** {@code setTTL EINVAL}. */
  static NetException refused(String call, Errno errno) {
    return NetException.system(call, errno.name());
  }

  /** {@code send EMSGSIZE 127.0.0.1:41272}. */
  static NetException at(
      String syscall, Errno errno, String host, int port, @Nullable String more) {
    return NetException.system(syscall, errno.name(), null, host, port, more);
  }

  static NetException unknownName(String name) {
    return NetException.system("getaddrinfo", Errno.ENOTFOUND.name(), null, name, null, null);
  }

  private static String shown(@Nullable Object found) {
    return switch (found) {
      case null -> "null";
      case Number number -> "type number (" + number + ")";
      case Boolean bool -> "type boolean (" + bool + ")";
      case String text -> "type string ('" + text + "')";
      default -> "an instance of " + found.getClass().getSimpleName();
    };
  }
}
