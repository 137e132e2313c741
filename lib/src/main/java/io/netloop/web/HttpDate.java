package io.netloop.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Moments as HTTP writes them, and the two forms that are obsolete but read (RFC 9110 §5.6.7). */
final class HttpDate {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter[] READ = {
    FORM,
    new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.US)
        .withZone(ZoneOffset.UTC),
    DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US).withZone(ZoneOffset.UTC)
  };

  private HttpDate() {}

  static String text(Instant moment) {
    return FORM.format(moment);
  }

  /** The moment, in whole seconds; null where the text is none. */
  static @Nullable Instant parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (DateTimeFormatter form : READ) {
      try {
        return form.parse(text, ZonedDateTime::from).toInstant();
      } catch (DateTimeException another) {
        // Perhaps it has the next form.
      }
    }
    return null;
  }
}
