package io.netloop.bench;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** What every HTTP server of the bench answers to a GET. */
final class Greeting {
  static final String TEXT = "Hello, World!";
  static final byte[] BYTES = TEXT.getBytes(StandardCharsets.US_ASCII);

  private Greeting() {}

  /** The value of a Date header. Servers whose library adds none make it anew each second. */
  static String date() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
  }
}
