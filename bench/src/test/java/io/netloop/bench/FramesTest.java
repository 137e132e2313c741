package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The frames against the examples of RFC 6455, section 5.7. */
final class FramesTest {
  private static final byte[] HELLO = "Hello".getBytes(StandardCharsets.US_ASCII);

  @Test
  void masksATextAsTheExampleOfTheRfc() {
    assertThat(hex(Frames.fromClient(Frames.TEXT, HELLO))).isEqualTo("818537fa213d7f9f4d5158");
  }

  @Test
  void expectsATextUnmaskedAsTheExampleOfTheRfc() {
    assertThat(hex(Frames.fromServer(Frames.TEXT, HELLO))).isEqualTo("810548656c6c6f");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8200, 8280",
    "125, 827d, 82fd",
    "126, 827e007e, 82fe007e",
    "256, 827e0100, 82fe0100",
    "16384, 827e4000, 82fe4000",
    "65535, 827effff, 82feffff"
  })
  void choosesTheShortestHead(int length, String fromServer, String fromClient) {
    byte[] payload = Frames.payload(length);

    String served = hex(Frames.fromServer(Frames.BINARY, payload));
    String sent = hex(Frames.fromClient(Frames.BINARY, payload));

    assertThat(served).startsWith(fromServer).hasSize(fromServer.length() + 2 * length);
    assertThat(sent)
        .startsWith(fromClient + "37fa213d")
        .hasSize(fromClient.length() + 8 + 2 * length);
  }

  @Test
  void readsWhatATextSays() throws Exception {
    byte[] text =
        Frames.fromServer(Frames.TEXT, "x".repeat(126).getBytes(StandardCharsets.US_ASCII));

    assertThat(Frames.text(text, 0)).isEqualTo("x".repeat(126));
    assertThat(Frames.text(Frames.fromServer(Frames.BINARY, HELLO), 0)).isEmpty();
  }

  @Test
  void hasNoFrameThatNeedsALongHead() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Frames.fromServer(Frames.BINARY, Frames.payload(65_536)))
        .withMessage("a frame of the bench has no 65536 bytes");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
