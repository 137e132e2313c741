package io.netloop.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Moments as HTTP writes them (RFC 9110 §5.6.7), and reads them: in three forms. */
final class HttpDates {
  /** What is no moment. */
  static final long NONE = Long.MIN_VALUE;

  private static final int LONGEST = 40;

  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  /** Of RFC 850, whose year of two digits is of this century; and of C's asctime. */
  private static final List<DateTimeFormatter> READ =
      List.of(
          FORM,
          DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US));

  private HttpDates() {}

  /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  static String text(Instant moment) {
    return FORM.format(moment);
  }

  /** Seconds since 1970, or {@link #NONE} for what is no date of HTTP. */
  static long seconds(String text) {
    String date = text.strip();
    if (date.length() > LONGEST) {
      return NONE;
    }
    for (DateTimeFormatter form : READ) {
      try {
        return LocalDateTime.parse(date, form.withZone(null)).toEpochSecond(ZoneOffset.UTC);
      } catch (DateTimeException another) {
        // Perhaps one of the other forms.
      }
    }
    return NONE;
  }
}
