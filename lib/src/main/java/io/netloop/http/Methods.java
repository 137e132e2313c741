package io.netloop.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The methods that Node knows, so that a request's method is one of these strings and no new one.
 */
final class Methods {
  /** In alphabetical order, as {@code http.METHODS} has them. */
  static final List<String> ALL =
      List.of(
          "ACL",
          "BIND",
          "CHECKOUT",
          "CONNECT",
          "COPY",
          "DELETE",
          "GET",
          "HEAD",
          "LINK",
          "LOCK",
          "M-SEARCH",
          "MERGE",
          "MKACTIVITY",
          "MKCALENDAR",
          "MKCOL",
          "MOVE",
          "NOTIFY",
          "OPTIONS",
          "PATCH",
          "POST",
          "PROPFIND",
          "PROPPATCH",
          "PURGE",
          "PUT",
          "QUERY",
          "REBIND",
          "REPORT",
          "SEARCH",
          "SOURCE",
          "SUBSCRIBE",
          "TRACE",
          "UNBIND",
          "UNLINK",
          "UNLOCK",
          "UNSUBSCRIBE");

  /** The longest has so many letters: a longer run is none of them. */
  static final int LONGEST = 11;

  private static final byte[][] BYTES =
      ALL.stream().map(name -> name.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);

  private Methods() {}

  /** Whether a client of HTTP/2 says hello with it: nobody else has this method. */
  static boolean isPreface(byte[] bytes, int from, int to) {
    return to - from == 3 && bytes[from] == 'P' && bytes[from + 1] == 'R' && bytes[from + 2] == 'I';
  }

  /** The method whose name these bytes are, or null. */
  static @Nullable String of(byte[] bytes, int from, int to) {
    if (to - from == 3 && bytes[from] == 'G' && bytes[from + 1] == 'E' && bytes[from + 2] == 'T') {
      return "GET";
    }
    if (to - from == 4
        && bytes[from] == 'P'
        && bytes[from + 1] == 'O'
        && bytes[from + 2] == 'S'
        && bytes[from + 3] == 'T') {
      return "POST";
    }
    for (int i = 0; i < BYTES.length; i++) {
      byte[] name = BYTES[i];
      if (name.length == to - from
          && name[0] == bytes[from]
          && Arrays.equals(name, 0, name.length, bytes, from, to)) {
        return ALL.get(i);
      }
    }
    return null;
  }
}
