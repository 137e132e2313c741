package io.netloop.net;

import io.netloop.engine.Errno;
import io.netloop.loop.NetException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Makes errors in Node's form out of what the transports throw. */
final class Failures {
  private Failures() {}

  /** {@code read ECONNRESET}: an error of a connection, whose address is the connection's own. */
  static NetException of(String syscall, Throwable failure) {
    return NetException.system(syscall, Errno.of(failure).name());
  }

  /** {@code connect ECONNREFUSED 127.0.0.1:1}. */
  static NetException of(String syscall, Throwable failure, String host, @Nullable Integer port) {
    return NetException.system(syscall, Errno.of(failure).name(), null, host, port, null);
  }

  /** {@code listen EADDRINUSE: address already in use 127.0.0.1:3000 (held by java, pid 4711)}. */
  static NetException listen(Throwable failure, String host, int port, @Nullable String more) {
    Errno errno = Errno.of(failure);
    return NetException.system("listen", errno.name(), errno.words(), host, port, more);
  }

  /** {@code getaddrinfo ENOTFOUND no.such.host}. */
  static NetException lookup(String name) {
    return NetException.system("getaddrinfo", Errno.ENOTFOUND.name(), null, name, null, null);
  }

  /** For a call that declares an exception which it cannot throw with these arguments. */
  static <T> T unchecked(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static NetException destroyed(String call) {
    return new NetException(
        "ERR_STREAM_DESTROYED", "Cannot call " + call + " after a stream was destroyed");
  }

  static void checkFilePart(long position, long length) {
    if (position < 0 || length < 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "A part of a file begins at 0 or later and is not shorter than nothing, not %d bytes from %d on."
              .formatted(length, position));
    }
  }

  static NetException notConnected() {
    return new NetException("ERR_SOCKET_CLOSED", "Socket is closed");
  }

  static NetException loopEnded() {
    return new NetException(
        "ERR_LOOP_ENDED", "The worker whose loop this belongs to has ended: nothing opens there.");
  }

  /** Whether it is what networks do to every server all day long. */
  static boolean isNoise(NetException error) {
    return switch (error.code()) {
      case "ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED", "EHOSTUNREACH", "ENETUNREACH" ->
          true;
      default -> error.code().startsWith("ERR_SSL_");
    };
  }
}
