package io.netloop.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What talkers say, time and again. */
@EnabledOnOs(OS.LINUX)
final class UtteranceTest {
  private Connections connections;

  @BeforeEach
  void open() throws IOException {
    connections = new Connections(1, 0, Linux.EPOLLIN);
  }

  @AfterEach
  void close() throws IOException {
    connections.close();
  }

  @Test
  void saysTheSameEachTime() {
    Utterance utterance = Utterance.of(connections, bytes("hello\n"));

    assertThat(next(utterance)).isEqualTo(bytes("hello\n"));
    assertThat(next(utterance)).isEqualTo(bytes("hello\n"));
  }

  @Test
  void countsInsideOfAMaskedFrameWhereverTheNumberIs() {
    for (int from = 0; from < 8; from++) {
      String text = "x".repeat(from) + "%03d.";
      Utterance utterance = Utterance.counting(connections, bytes(text.formatted(7)), from, 3);
      for (int number = 8; number < 120; number++) {
        assertThat(next(utterance))
            .as("%d from %d", number, from)
            .isEqualTo(Frames.fromClient(Frames.TEXT, bytes(text.formatted(number))));
      }
    }
  }

  @Test
  void beginsAnewBehindTheHighestNumber() {
    Utterance utterance = Utterance.counting(connections, bytes("[99]"), 1, 2);

    assertThat(next(utterance)).isEqualTo(Frames.fromClient(Frames.TEXT, bytes("[00]")));
    assertThat(next(utterance)).isEqualTo(Frames.fromClient(Frames.TEXT, bytes("[01]")));
  }

  @Test
  void countsInAFrameWithALongHead() {
    byte[] payload = Frames.payload(200);
    payload[199] = '1';
    Utterance utterance = Utterance.counting(connections, payload, 199, 1);
    byte[] wanted = Arrays.copyOf(payload, 200);
    wanted[199] = '2';

    assertThat(next(utterance)).isEqualTo(Frames.fromClient(Frames.TEXT, wanted));
  }

  private static byte[] next(Utterance utterance) {
    return utterance.next().toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
