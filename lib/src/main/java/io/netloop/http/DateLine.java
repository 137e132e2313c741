package io.netloop.http;

import io.netloop.engine.Clock;
import io.netloop.engine.Reactor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The Date header, put together once a second (RFC 9110 §5.6.7), and what mostly follows it: that
 * the connection is kept, and for how long. Loop-confined.
 */
final class DateLine {
  private static final int TEXT_LENGTH = 29;
  private static final int DAY = 5;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Reactor reactor;
  private long validUntil;
  private boolean made;
  private String value = "";
  private byte[] date = {};
  private byte[] dateAndKept = {};
  private int keptSeconds = Integer.MIN_VALUE;

  DateLine(Reactor reactor) {
    this.reactor = reactor;
  }

  /**
   * A moment as HTTP writes it: {@code Sun, 06 Nov 1994 08:49:37 GMT}. Java's own form has the
   * names in it, where those of a locale would cost the first answer 20 ms; but it writes no 0.
   */
  static String text(Instant moment) {
    String text = DateTimeFormatter.RFC_1123_DATE_TIME.format(moment.atOffset(ZoneOffset.UTC));
    return text.length() == TEXT_LENGTH ? text : text.substring(0, DAY) + '0' + text.substring(DAY);
  }

  /** The date alone; the same string for a second. */
  String value() {
    refresh();
    return value;
  }

  /** {@code Date: …} and its line's end. */
  byte[] date() {
    refresh();
    return date;
  }

  /**
   * The same, then {@code Connection: keep-alive} and {@code Keep-Alive: timeout=…}.
   *
   * @param seconds -1 leaves the last line out
   */
  byte[] dateAndKept(int seconds) {
    refresh();
    if (keptSeconds != seconds) {
      keep(seconds);
    }
    return dateAndKept;
  }

  private void keep(int seconds) {
    keptSeconds = seconds;
    String kept = seconds >= 0 ? "Keep-Alive: timeout=" + seconds + "\r\n" : "";
    dateAndKept = bytes(text(date) + "Connection: keep-alive\r\n" + kept);
  }

  private void refresh() {
    long now = reactor.now();
    if (made && now - validUntil < 0) {
      return;
    }
    long millis = Clock.SYSTEM.epochMillis();
    made = true;
    validUntil = now + (1000 - millis % 1000) * NANOS_PER_MILLI;
    value = text(Instant.ofEpochMilli(millis));
    date = bytes("Date: " + value + "\r\n");
    keptSeconds = Integer.MIN_VALUE;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] ascii) {
    return new String(ascii, StandardCharsets.US_ASCII);
  }
}
