package io.netloop.http;

import java.util.List;
import java.util.random.RandomGenerator;

/** Makes what clients might send: requests by the rules, and the same with something amiss. */
final class RequestMaker {
  private static final List<String> TARGETS =
      List.of(
          "/", "/a?b#c", "*", "http://h/", "http://h:80", "h:443", "[::1]:1", "x", "/%zz", "//");
  private static final List<String> VALUES =
      List.of("", "1", " a b ", "\t", "\u00e4", "a,b", "\"a\"", "x".repeat(90), "close");
  private static final List<String> HOSTS =
      List.of("a", "", "a:80", "[::1]:8", "a b", "a:x", "%41", "%4", "a:65536", "[a]", "u@a");
  private static final List<String> LENGTHS =
      List.of(
          "0", "3", "03", "+3", "3,3", "-1", "0x3", "", "3 ", "99", "9".repeat(18), "1".repeat(19));
  private static final List<String> CODINGS =
      List.of(
          "chunked",
          "Chunked",
          "chunked ",
          "gzip, chunked",
          "gzip",
          "chunked, gzip",
          ",chunked",
          "chunked,",
          "chunked;q=1",
          "identity",
          "",
          "chunked, chunked",
          "gzip , chunked",
          "gzip,,chunked");
  private static final List<String> SIZES =
      List.of(
          "3",
          "3",
          "0a",
          "0",
          "00",
          "g",
          "",
          "+3",
          "3 ",
          "f".repeat(15),
          "f".repeat(16),
          "3;x",
          "3;x=\"y\"");
  private static final String SPECIAL = "\r\n\0\t :;,%/[]\"x0\u007f\u0080\u00ff\u0001HTTP1.GE";

  private final RandomGenerator random;
  private final StringBuilder out = new StringBuilder();

  RequestMaker(RandomGenerator random) {
    this.random = random;
  }

  /** Some requests in a row, and mostly a few bytes of them changed. */
  String make(List<String> corpus) {
    out.setLength(0);
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      if (random.nextInt(4) == 0) {
        out.append(one(corpus));
      } else {
        request();
      }
    }
    int changes = random.nextInt(3) == 0 ? 0 : random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      change();
    }
    return out.toString();
  }

  private void request() {
    if (random.nextInt(6) == 0) {
      out.append("\r\n".repeat(random.nextInt(11)));
    }
    out.append(random.nextInt(3) == 0 ? one(Http.METHODS) : "POST").append(' ');
    out.append(random.nextInt(3) == 0 ? one(TARGETS) : "/").append(" HTTP/");
    out.append(random.nextInt(12) == 0 ? "1.0" : "1.1").append("\r\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      field("X" + random.nextInt(3), one(VALUES));
    }
    field("Host", random.nextInt(4) == 0 ? one(HOSTS) : "a");
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> chunked("chunked");
      case 3 -> chunked(one(CODINGS));
      case 4, 5 -> {
        field("Content-Length", "3");
        out.append("\r\nabc");
      }
      case 6 -> {
        field("content-length", one(LENGTHS));
        out.append("\r\nabc");
      }
      default -> out.append("\r\n");
    }
  }

  private void chunked(String coding) {
    field(random.nextBoolean() ? "Transfer-Encoding" : "transfer-encodinG", coding);
    if (random.nextInt(12) == 0) {
      field("Transfer-Encoding", one(CODINGS));
    }
    if (random.nextInt(12) == 0) {
      field("Content-Length", one(LENGTHS));
    }
    out.append("\r\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      String size = random.nextInt(5) == 0 ? one(SIZES) : "3";
      out.append(size).append("\r\nabc\r\n");
    }
    out.append("0").append(random.nextInt(4) == 0 ? ";ext" : "").append("\r\n");
    for (int i = random.nextInt(3); i > 0; i--) {
      field("T", one(VALUES));
    }
    out.append("\r\n");
  }

  private void field(String name, String value) {
    out.append(name).append(':').append(random.nextBoolean() ? " " : "").append(value);
    out.append("\r\n");
  }

  /** One byte, or a few: other, more, fewer, or a part of it once more. */
  private void change() {
    if (out.isEmpty()) {
      return;
    }
    int place = random.nextInt(out.length());
    int length = Math.min(1 + random.nextInt(4), out.length() - place);
    char special = SPECIAL.charAt(random.nextInt(SPECIAL.length()));
    switch (random.nextInt(7)) {
      case 0 -> out.setCharAt(place, special);
      case 1 -> out.insert(place, special);
      case 2 -> out.deleteCharAt(place);
      case 3 -> out.delete(place, place + length);
      case 4 -> out.insert(place, out.substring(place, place + length));
      case 5 -> out.setCharAt(place, (char) (out.charAt(place) ^ (1 << random.nextInt(8))));
      default -> out.setLength(place);
    }
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Ascending places at which the bytes come in another piece. */
  int[] cuts(int length) {
    return random.ints(random.nextInt(6), 0, length + 1).sorted().toArray();
  }
}
