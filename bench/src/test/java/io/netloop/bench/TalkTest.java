package io.netloop.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** That deliveries are counted, and only those, in a room of one who talks to itself. */
@EnabledOnOs(OS.LINUX)
final class TalkTest {
  private static final String LET_IN = "{\"type\":\"login\",\"success\":true}\n";
  private static final String RECEIPT = "{\"type\":\"ack\"}\n";

  /** How many messages the room answers at all. */
  private static final int ANSWERED = 100;

  private final AtomicInteger delivered = new AtomicInteger();

  @Test
  void countsDeliveriesAndNoReceipts() throws Exception {
    try (Script room = new Script((in, out) -> talk(in, out, RECEIPT, ""))) {
      // The first message is compared and not counted.
      assertThat(deliveries(room)).isPositive().isLessThan(delivered.get());
    }
  }

  @Test
  void countsOneDeliveryForEachMessage() throws Exception {
    try (Script room = new Script((in, out) -> talk(in, out, "", RECEIPT));
        Crowd crowd = Talk.open(room.port(), 1, 1, 1, Speech.LINES)) {
      long deliveries = 0;
      while (deliveries < ANSWERED - 1) {
        deliveries += crowd.run(1);
      }
      assertThat(deliveries).isEqualTo(ANSWERED - 1);
    }
    assertThat(delivered).hasValue(ANSWERED);
  }

  @Test
  void refusesARoomThatLetsAUserNotIn() throws Exception {
    String refusal = LET_IN.replace("true", "false");
    try (Script room =
        new Script((in, out) -> {
          lines(in).readLine();
          out.write(bytes(refusal));
        })) {
      assertThatIOException()
          .isThrownBy(() -> deliveries(room))
          .withMessage("it does not let a user in: " + refusal.strip());
    }
  }

  private static long deliveries(Script room) throws IOException {
    try (Crowd crowd = Talk.open(room.port(), 1, 1, 1, Speech.LINES)) {
      return crowd.run(1);
    }
  }

  /** Lets one user in and says to it what it says, with something before or behind. */
  private void talk(InputStream in, OutputStream out, String before, String behind)
      throws IOException {
    BufferedReader lines = lines(in);
    assertThat(lines.readLine()).isEqualTo("{\"type\":\"login\",\"nickname\":\"user-0000\"}");
    out.write(bytes(LET_IN));
    while (delivered.get() < ANSWERED) {
      String line = lines.readLine();
      if (line == null) {
        return;
      }
      delivered.incrementAndGet();
      out.write(bytes(before + line + "\n" + behind));
    }
  }

  private static BufferedReader lines(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, US_ASCII));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
