package io.netloop.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** That whole messages are heard, however they come. */
@EnabledOnOs(OS.LINUX)
final class HearingTest {
  private static final List<String> MESSAGES = List.of("", "one", "x".repeat(125), "y".repeat(300));

  @Test
  void cutsLines() throws Exception {
    String lines = String.join("\n", MESSAGES) + "\n";

    List<String> wanted = MESSAGES.stream().map(line -> line + "\n").toList();
    assertThat(heard(Units.LINES, wanted.size(), lines.getBytes(UTF_8))).isEqualTo(wanted);
  }

  @Test
  void cutsFramesWithShortAndWithLongHeads() throws Exception {
    assertThat(heard(Units.FRAMES, MESSAGES.size(), frames())).isEqualTo(wantedFrames());
  }

  @Test
  void findsTheEndOfAFrameFromItsLastByteOnAndNotBefore() throws Exception {
    byte[] all = frames();
    int from = 0;
    for (String message : MESSAGES) {
      int length = Frames.fromServer(Frames.TEXT, message.getBytes(UTF_8)).length;
      for (int to = from; to < from + length; to++) {
        assertThat(Frames.end(all, from, to)).as("%d to %d", from, to).isNegative();
      }
      for (int to = from + length; to <= all.length; to++) {
        assertThat(Frames.end(all, from, to)).as("%d to %d", from, to).isEqualTo(from + length);
      }
      from += length;
    }
  }

  @Test
  void hearsAMessageThatIsLongerThanAnyRead() throws Exception {
    String line = "z".repeat(200_000) + "\n";

    assertThat(heard(Units.LINES, 1, line.getBytes(UTF_8))).containsExactly(line);
  }

  @Test
  void hearsMessagesThatComeByteByByte() throws Exception {
    byte[] all = frames();
    List<String> heard = new ArrayList<>();
    try (Script server =
            new Script((in, out) -> {
              for (byte each : all) {
                out.write(each);
                in.read(); // until the generator has heard that one
              }
            });
        Connections connections = new Connections(server.port(), 1, Linux.EPOLLIN)) {
      Hearing hearing = new Hearing(connections, Units.FRAMES);
      for (int i = 0; i < all.length; i++) {
        hearing.await((connection, bytes, from, to) -> heard.add(string(bytes, from, to)));
        connections.sendAll(0, Opening.copy(connections, new byte[1]));
      }
    }
    assertThat(heard).isEqualTo(wantedFrames());
  }

  @Test
  void refusesAMaskedFrame() {
    byte[] masked = Frames.fromClient(Frames.TEXT, "hello".getBytes(UTF_8));

    assertThatIOException()
        .isThrownBy(() -> heard(Units.FRAMES, 1, masked))
        .withMessage("it sent a frame that is masked, or far too long");
  }

  private static byte[] frames() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String message : MESSAGES) {
      all.write(Frames.fromServer(Frames.TEXT, message.getBytes(UTF_8)));
    }
    return all.toByteArray();
  }

  private static List<String> wantedFrames() {
    return MESSAGES.stream()
        .map(message -> Frames.fromServer(Frames.TEXT, message.getBytes(UTF_8)))
        .map(frame -> string(frame, 0, frame.length))
        .toList();
  }

  private static List<String> heard(Units units, int count, byte[] sent) throws Exception {
    List<String> heard = new ArrayList<>();
    try (Script server = new Script((in, out) -> out.write(sent));
        Connections connections = new Connections(server.port(), 1, Linux.EPOLLIN)) {
      Hearing hearing = new Hearing(connections, units);
      while (heard.size() < count) {
        hearing.await((connection, bytes, from, to) -> heard.add(string(bytes, from, to)));
      }
    }
    return heard;
  }

  private static String string(byte[] bytes, int from, int to) {
    return new String(Arrays.copyOfRange(bytes, from, to), UTF_8);
  }
}
