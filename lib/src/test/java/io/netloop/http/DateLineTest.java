package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The form of RFC 9110 §5.6.7. */
class DateLineTest {
  @Test
  void writesTheExampleOfTheStandard() {
    assertThat(DateLine.text(Instant.parse("1994-11-06T08:49:37Z")))
        .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }

  @Test
  void writesEachDayOfTwoYearsInTheSameLength() {
    DateTimeFormatter form =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    Instant moment = Instant.parse("2027-12-31T23:59:59.999Z");
    for (int i = 0; i < 731; i++) {
      assertThat(DateLine.text(moment)).isEqualTo(form.format(moment)).hasSize(29);
      moment = moment.plus(Duration.ofDays(1).plusSeconds(61));
    }
  }
}
