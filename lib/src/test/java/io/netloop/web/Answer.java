package io.netloop.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A response as a client of plain bytes sees it; its body is taken out of its chunks. */
record Answer(int status, String phrase, List<String> lines, String body, String raw) {

  static Answer parse(String raw) {
    int end = raw.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new AssertionError("This is no response: " + raw);
    }
    List<String> head = List.of(raw.substring(0, end).split("\r\n"));
    String[] status = head.getFirst().split(" ", 3);
    String body = raw.substring(end + 4);
    boolean chunked = head.contains("Transfer-Encoding: chunked");
    return new Answer(
        Integer.parseInt(status[1]),
        status.length > 2 ? status[2] : "",
        head.subList(1, head.size()),
        chunked ? joined(body) : body,
        raw);
  }

  private static String joined(String chunks) {
    StringBuilder body = new StringBuilder();
    int at = 0;
    while (at < chunks.length()) {
      int line = chunks.indexOf("\r\n", at);
      int length = Integer.parseInt(chunks.substring(at, line), 16);
      body.append(chunks, line + 2, line + 2 + length);
      at = line + 2 + length + 2;
    }
    return body.toString();
  }

  /** The body as UTF-8. */
  String text() {
    return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** The value of a header, or null. */
  String header(String name) {
    List<String> all = headers(name);
    return all.isEmpty() ? null : all.getFirst();
  }

  /** All values of a header. */
  List<String> headers(String name) {
    List<String> values = new ArrayList<>();
    for (String line : lines) {
      if (line.regionMatches(true, 0, name + ": ", 0, name.length() + 2)) {
        values.add(line.substring(name.length() + 2));
      }
    }
    return values;
  }
}
