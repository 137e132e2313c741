package io.netloop.template;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.util.Locale;

/** JavaScript's Date, as far as templates read it; NaN is the date that is none. */
record Moment(double millis) {
  private static final double MOST = 8.64e15;
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);

  /** Takes whole milliseconds since 1970. */
  Moment {
    millis = Math.abs(millis) <= MOST ? (double) (long) millis : Double.NaN;
  }

  /** Reads ISO text; a date alone is UTC, a time without a zone is local, as in JavaScript. */
  static Moment parse(String text) {
    String iso = Texts.trim(text);
    try {
      if (iso.length() == 10) {
        return new Moment(OffsetDateTime.parse(iso + "T00:00:00Z").toInstant().toEpochMilli());
      }
      boolean zoned = iso.matches(".*(Z|[+-]\\d\\d:\\d\\d)");
      return new Moment(
          zoned
              ? OffsetDateTime.parse(iso).toInstant().toEpochMilli()
              : java.time.LocalDateTime.parse(iso.replace(' ', 'T'))
                  .atZone(ZoneId.systemDefault())
                  .toInstant()
                  .toEpochMilli());
    } catch (DateTimeParseException e) {
      return new Moment(Double.NaN);
    }
  }

  boolean isValid() {
    return !Double.isNaN(millis);
  }

  Instant toInstant() {
    if (!isValid()) {
      throw Failure.range("Invalid time value");
    }
    return Instant.ofEpochMilli((long) millis);
  }

  String iso() {
    Instant instant = toInstant();
    int year = instant.atOffset(ZoneOffset.UTC).getYear();
    String text = ISO.format(instant.atOffset(ZoneOffset.UTC));
    if (year >= 0 && year <= 9999) {
      return text;
    }
    int end = text.indexOf('-', 1);
    return "%s%06d%s".formatted(year < 0 ? "-" : "+", Math.abs(year), text.substring(end));
  }

  /** A method of Date; null where there is none of that name. */
  @org.jspecify.annotations.Nullable
  Object call(String method) {
    switch (method) {
      case "getTime", "valueOf" -> {
        return isValid() ? Numbers.narrow(millis) : (Object) millis;
      }
      case "toISOString" -> {
        return iso();
      }
      case "toJSON" -> {
        return isValid() ? iso() : Nothing.NULL;
      }
      case "toString" -> {
        return toString();
      }
      default -> {}
    }
    if (!method.startsWith("get")) {
      return null;
    }
    boolean utc = method.startsWith("getUTC");
    if (!isValid()) {
      return Double.NaN;
    }
    ZonedDateTime time = toInstant().atZone(utc ? ZoneOffset.UTC : ZoneId.systemDefault());
    return switch (method.substring(utc ? 6 : 3)) {
      case "FullYear" -> time.getYear();
      case "Month" -> time.getMonthValue() - 1;
      case "Date" -> time.getDayOfMonth();
      case "Day" -> time.getDayOfWeek().getValue() % 7;
      case "Hours" -> time.getHour();
      case "Minutes" -> time.getMinute();
      case "Seconds" -> time.getSecond();
      case "Milliseconds" -> time.getNano() / 1_000_000;
      case "TimezoneOffset" -> -time.getOffset().getTotalSeconds() / 60;
      default -> null;
    };
  }

  /** As JavaScript prints it, in the zone of the machine. */
  @Override
  public String toString() {
    if (!isValid()) {
      return "Invalid Date";
    }
    ZonedDateTime time = toInstant().atZone(ZoneId.systemDefault());
    String zone =
        time.getZone().equals(ZoneOffset.UTC)
                || time.getZone().getId().equals("UTC")
                || time.getZone().getId().equals("Etc/UTC")
            ? "Coordinated Universal Time"
            : time.getZone().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    return DateTimeFormatter.ofPattern("EEE MMM dd uuuu HH:mm:ss 'GMT'xx", Locale.ENGLISH)
            .format(time)
        + " ("
        + zone
        + ")";
  }
}
