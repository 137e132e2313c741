package io.netloop.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The phrases of the status codes, as {@code http.STATUS_CODES} has them. */
final class StatusCodes {
  private static final int MOST = 1000;
  private static final @Nullable String[] PHRASES = new String[MOST];
  private static final byte[] @Nullable [] LINES = new byte[MOST][];

  static {
    String[] known = {
      "100 Continue",
      "101 Switching Protocols",
      "102 Processing",
      "103 Early Hints",
      "200 OK",
      "201 Created",
      "202 Accepted",
      "203 Non-Authoritative Information",
      "204 No Content",
      "205 Reset Content",
      "206 Partial Content",
      "207 Multi-Status",
      "208 Already Reported",
      "226 IM Used",
      "300 Multiple Choices",
      "301 Moved Permanently",
      "302 Found",
      "303 See Other",
      "304 Not Modified",
      "305 Use Proxy",
      "307 Temporary Redirect",
      "308 Permanent Redirect",
      "400 Bad Request",
      "401 Unauthorized",
      "402 Payment Required",
      "403 Forbidden",
      "404 Not Found",
      "405 Method Not Allowed",
      "406 Not Acceptable",
      "407 Proxy Authentication Required",
      "408 Request Timeout",
      "409 Conflict",
      "410 Gone",
      "411 Length Required",
      "412 Precondition Failed",
      "413 Payload Too Large",
      "414 URI Too Long",
      "415 Unsupported Media Type",
      "416 Range Not Satisfiable",
      "417 Expectation Failed",
      "418 I'm a Teapot",
      "421 Misdirected Request",
      "422 Unprocessable Entity",
      "423 Locked",
      "424 Failed Dependency",
      "425 Too Early",
      "426 Upgrade Required",
      "428 Precondition Required",
      "429 Too Many Requests",
      "431 Request Header Fields Too Large",
      "451 Unavailable For Legal Reasons",
      "500 Internal Server Error",
      "501 Not Implemented",
      "502 Bad Gateway",
      "503 Service Unavailable",
      "504 Gateway Timeout",
      "505 HTTP Version Not Supported",
      "506 Variant Also Negotiates",
      "507 Insufficient Storage",
      "508 Loop Detected",
      "509 Bandwidth Limit Exceeded",
      "510 Not Extended",
      "511 Network Authentication Required"
    };
    for (String line : known) {
      int code = Integer.parseInt(line.substring(0, 3));
      PHRASES[code] = line.substring(4);
      LINES[code] = ("HTTP/1.1 " + line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
  }

  private StatusCodes() {}

  /** The phrase of a code from 100 to 999, or {@code unknown}. */
  static String phrase(int code) {
    String phrase = PHRASES[code];
    return phrase == null ? "unknown" : phrase;
  }

  /** The status line with the code's own phrase. */
  static void putLine(HeadWriter head, int code) {
    byte @Nullable [] line = LINES[code];
    if (line != null) {
      head.put(line);
    } else {
      putLine(head, code, "unknown");
    }
  }

  static void putLine(HeadWriter head, int code, String phrase) {
    head.put("HTTP/1.1 ");
    head.put((long) code);
    head.put(' ');
    head.put(phrase);
    head.putLineEnd();
  }

  static Map<Integer, String> all() {
    Map<Integer, String> all = new TreeMap<>();
    for (int code = 0; code < MOST; code++) {
      String phrase = PHRASES[code];
      if (phrase != null) {
        all.put(code, phrase);
      }
    }
    return all;
  }
}
