package io.netloop.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One row of {@code hostile-requests.txt}.
 *
 * @param name says what is special about it
 * @param found what the parser finds in it
 * @param answers the statuses that go over the wire
 * @param text what is sent, of Latin-1
 */
record HostileRequest(String name, String found, List<Integer> answers, String text) {
  private static final String GET = "GET / HTTP/1.1~Host: a~";
  private static final String POST = "POST / HTTP/1.1~Host: a~";
  private static final Pattern REPEAT = Pattern.compile("\\{(\\d+)\\*([^{}]*)\\}");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|[rnt0\\\\])");

  static List<HostileRequest> all() {
    List<HostileRequest> all = new ArrayList<>();
    String section = "";
    for (String line : file().lines().toList()) {
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        String[] cells = line.split(" \\| ?", 4);
        all.add(
            new HostileRequest(
                section + ": " + cells[0],
                plain(cells[1]),
                answers(cells[1], cells[2]),
                sent(cells[3])));
      }
    }
    return all;
  }

  private static String file() {
    try (InputStream in = HostileRequest.class.getResourceAsStream("/http/hostile-requests.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Integer> answers(String found, String cell) {
    List<Integer> statuses = new ArrayList<>();
    if (cell.equals("=")) {
      for (String part : found.split("; ", -1)) {
        if (part.matches("\\d+")) {
          statuses.add(Integer.parseInt(part));
        } else if (!part.isEmpty() && !part.endsWith(" ...")) {
          statuses.add(200);
        }
      }
    } else if (!cell.equals("none")) {
      for (String status : cell.split(" ", -1)) {
        statuses.add(Integer.parseInt(status));
      }
    }
    return statuses;
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String sent(String cell) {
    String text =
        cell.replace("<get>", GET)
            .replace("<chunked>", POST + "Transfer-Encoding: chunked~~")
            .replace("<post>", POST);
    return plain(text);
  }

  private static String plain(String cell) {
    return unescape(repeat(cell).replace("~", "\r\n"));
  }

  /** From the inside out: repetitions may stand in repetitions. */
  private static String repeat(String text) {
    String result = text;
    for (Matcher found = REPEAT.matcher(result); found.find(); found = REPEAT.matcher(result)) {
      String many = found.group(2).repeat(Integer.parseInt(found.group(1)));
      result = result.substring(0, found.start()) + many + result.substring(found.end());
    }
    return result;
  }

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                switch (found.group(1)) {
                  case "r" -> "\r";
                  case "n" -> "\n";
                  case "t" -> "\t";
                  case "0" -> "\0";
                  case "\\" -> "\\";
                  default ->
                      String.valueOf((char) HexFormat.fromHexDigits(found.group(1).substring(1)));
                }));
  }

  @Override
  public String toString() {
    return name;
  }
}
