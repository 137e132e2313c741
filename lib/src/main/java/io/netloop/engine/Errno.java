package io.netloop.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The system's error numbers by the names that Node gives them (Linux values). <i>Immutable.</i>
 */
public enum Errno {
  EPERM(-1, "operation not permitted"),
  ENOENT(-2, "no such file or directory"),
  EIO(-5, "i/o error"),
  EBADF(-9, "bad file descriptor"),
  EACCES(-13, "permission denied"),
  EAGAIN(-11, "resource temporarily unavailable"),
  ENODEV(-19, "no such device"),
  ENOTDIR(-20, "not a directory"),
  EISDIR(-21, "illegal operation on a directory"),
  EINVAL(-22, "invalid argument"),
  ENFILE(-23, "file table overflow"),
  EMFILE(-24, "too many open files"),
  EPIPE(-32, "broken pipe"),
  EMSGSIZE(-90, "message too long"),
  ENOPROTOOPT(-92, "protocol not available"),
  ENOTSUP(-95, "operation not supported"),
  EADDRINUSE(-98, "address already in use"),
  EADDRNOTAVAIL(-99, "address not available"),
  EAFNOSUPPORT(-97, "address family not supported"),
  ENETDOWN(-100, "network is down"),
  ENETUNREACH(-101, "network is unreachable"),
  ECONNABORTED(-103, "software caused connection abort"),
  ECONNRESET(-104, "connection reset by peer"),
  ENOBUFS(-105, "no buffer space available"),
  ENOTCONN(-107, "socket is not connected"),
  ETIMEDOUT(-110, "connection timed out"),
  ECONNREFUSED(-111, "connection refused"),
  EHOSTUNREACH(-113, "host is unreachable"),
  ENOTFOUND(-3008, "no such host");

  private static final Pattern NUMBER = Pattern.compile("failed with error\\((-\\d{1,6})\\)");

  /** Those that the system describes by the same words as we do. */
  private static final List<Errno> PLAIN =
      List.of(
          EPERM,
          EBADF,
          ENODEV,
          ENOTDIR,
          EINVAL,
          EMSGSIZE,
          ENOPROTOOPT,
          ENOTSUP,
          EADDRNOTAVAIL,
          EAFNOSUPPORT,
          ENETDOWN,
          ENOBUFS);

  private static final Map<Integer, Errno> BY_NUMBER = new HashMap<>();

  static {
    for (Errno errno : values()) {
      BY_NUMBER.put(errno.number, errno);
    }
  }

  private final int number;
  private final String words;

  Errno(int number, String words) {
    this.number = number;
    this.words = words;
  }

  /** The negative number that the system gives. */
  public int number() {
    return number;
  }

  /** What the number means. */
  public String words() {
    return words;
  }

  /** The number of that name, or 0 for a code that is not the system's. */
  public static int numberOf(String code) {
    for (Errno errno : values()) {
      if (errno.name().equals(code)) {
        return errno.number;
      }
    }
    return 0;
  }

  /**
   * Finds the system's error in what a transport threw. The native transports carry its number; the
   * JDK's own carries words only, which do not depend on the locale.
   */
  public static Errno of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof io.netty.channel.unix.Errors.NativeIoException nativeFailure) {
        Errno known = BY_NUMBER.get(nativeFailure.expectedErr());
        if (known != null) {
          return known;
        }
      }
      String message = String.valueOf(t.getMessage());
      Errno known = ofNumberIn(message);
      if (known == null) {
        known = ofWords(message);
      }
      if (known != null) {
        return known;
      }
      if (t instanceof java.nio.channels.UnresolvedAddressException
          || t instanceof java.net.UnknownHostException) {
        return ENOTFOUND;
      }
      if (t instanceof java.net.PortUnreachableException) {
        return ECONNREFUSED;
      }
      if (t instanceof java.io.FileNotFoundException) {
        return ENOENT; // of a Unix domain socket, without a word
      }
      if (t instanceof OutOfMemoryError) {
        return ENOBUFS;
      }
      if (t instanceof java.nio.channels.ClosedChannelException) {
        return ECONNABORTED;
      }
    }
    return EIO;
  }

  /** Some exceptions of the native transports carry the number in their text only. */
  private static @Nullable Errno ofNumberIn(String message) {
    Matcher number = NUMBER.matcher(message);
    return number.find() ? BY_NUMBER.get(Integer.valueOf(number.group(1))) : null;
  }

  private static @Nullable Errno ofWords(String message) {
    String m = message.toLowerCase(Locale.ROOT);
    if (m.contains("connection refused")) {
      return ECONNREFUSED;
    }
    if (m.contains("connection reset")) {
      return ECONNRESET;
    }
    if (m.contains("broken pipe")) {
      return EPIPE;
    }
    if (m.contains("address already in use")) {
      return EADDRINUSE;
    }
    if (m.contains("cannot assign requested address") || m.contains("can't assign requested")) {
      return EADDRNOTAVAIL;
    }
    if (m.contains("permission denied")) {
      return EACCES;
    }
    if (m.contains("timed out")) {
      return ETIMEDOUT;
    }
    if (m.contains("network is unreachable")) {
      return ENETUNREACH;
    }
    if (m.contains("no route to host")) {
      return EHOSTUNREACH;
    }
    if (m.contains("too many open files")) {
      return EMFILE;
    }
    if (m.contains("resource temporarily unavailable")) {
      return EAGAIN;
    }
    if (m.contains("no such file")) {
      return ENOENT;
    }
    if (m.contains("connection abort")) {
      return ECONNABORTED;
    }
    for (Errno errno : PLAIN) {
      if (m.contains(errno.words)) {
        return errno;
      }
    }
    return null;
  }
}
