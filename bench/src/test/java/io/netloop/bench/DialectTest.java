package io.netloop.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is around a message, in the words of Socket.IO's protocol 5. */
final class DialectTest {
  private static final byte[] HELLO = "hello".getBytes(US_ASCII);

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "ROOM"})
  void putsNothingAroundAMessage(Dialect dialect) {
    assertThat(dialect.fromServer(Frames.TEXT, HELLO))
        .isEqualTo(Frames.fromServer(Frames.TEXT, HELLO));
    assertThat(dialect.fromClient(Frames.BINARY, HELLO))
        .isEqualTo(Frames.fromClient(Frames.BINARY, HELLO));
  }

  @Test
  void makesAnEventOfAText() {
    byte[] event = "42[\"m\",\"hello\"]".getBytes(US_ASCII);

    assertThat(Dialect.SOCKET_IO.fromServer(Frames.TEXT, HELLO))
        .isEqualTo(Frames.fromServer(Frames.TEXT, event));
    assertThat(Dialect.SOCKET_IO.fromClient(Frames.TEXT, HELLO))
        .isEqualTo(Frames.fromClient(Frames.TEXT, event));
  }

  @Test
  void sendsBytesInAFrameOfTheirOwnBehindTheEventThatAnnouncesThem() {
    String frames = HexFormat.of().formatHex(Dialect.SOCKET_IO.fromServer(Frames.BINARY, HELLO));
    String announced = hex("451-[\"m\",{\"_placeholder\":true,\"num\":0}]".getBytes(US_ASCII));

    assertThat(frames).isEqualTo("8127" + announced + "8205" + hex(HELLO));
  }

  @Test
  void asksForAWebSocketFromTheStart() {
    assertThat(Dialect.SOCKET_IO.path()).isEqualTo("/socket.io/?EIO=4&transport=websocket");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
