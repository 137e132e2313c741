package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Bytes in, answers out: section 8 as far as it needs no socket. */
final class ScannerToRoomTest {
  private static final String LOGGED_IN =
      "{\"type\":\"login\",\"success\":true,\"message\":\"登录成功\",\"nickname\":\"a\",\"sumUsers\":1}";

  private final TestRoom test = new TestRoom();
  private final Guest guest = test.stranger();
  private final JsonScanner scanner = new JsonScanner(65_536, guest.member);

  private void arrives(String text) {
    scanner.feed(Buffer.from(text));
  }

  @Test
  void handlesALoginInSingleBytes() {
    byte[] bytes =
        "\ufeff{\"type\":\"login\",\"nickname\":\"a\"}\r\n".getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      scanner.feed(Buffer.from(new byte[] {b}));
    }
    assertThat(guest.heard()).containsExactly(LOGGED_IN);
  }

  @Test
  void handlesALoginAndABroadcastInOneWrite() {
    arrives("{\"type\":\"login\",\"nickname\":\"a\"}{\"type\":\"broadcast\",\"message\":\"x\"}");
    assertThat(guest.heard()).containsExactly(LOGGED_IN, Outgoing.broadcast("a", "x").toString());
  }

  @Test
  void keepsAnEmojiThatIsSplitOverPackets() {
    arrives("{\"type\":\"login\",\"nickname\":\"a\"}");
    guest.forget();
    Buffer all = Buffer.from("{\"type\":\"broadcast\",\"message\":\"😀\"}");
    int emoji = all.indexOf(0xf0, 0);
    scanner.feed(all.slice(0, emoji + 2));
    scanner.feed(all.slice(emoji + 2));
    assertThat(guest.heard()).containsExactly(Outgoing.broadcast("a", "😀").toString());
  }

  @Test
  void takesNoBraceInTextForTheEnd() {
    arrives("{\"type\":\"login\",\"nickname\":\"a\"}");
    guest.forget();
    arrives("{\"type\":\"broadcast\",\"message\":\"\\\"}\"}{\"type\":1,\"message\":\"\\\\\\\"\"}");
    assertThat(guest.heard())
        .containsExactly(
            Outgoing.broadcast("a", "\"}").toString(), Outgoing.broadcast("a", "\\\"").toString());
  }

  @Test
  void answersBadJsonOnceAndServesTheNext() {
    arrives("{\"type\":\"login\" \"nickname\"}\n{\"type\":\"login\",\"nickname\":\"a\"}\n");
    assertThat(guest.heard()).containsExactly(Outgoing.BAD_MESSAGE.toString(), LOGGED_IN);
  }

  @Test
  void ignoresTheRestOfAPieceAfterTheEnd() {
    arrives("x\n".repeat(50) + "{\"type\":\"login\",\"nickname\":\"a\"}");
    assertThat(guest.heard()).hasSize(10);
    assertThat(guest.ends()).hasSize(1);
    assertThat(guest.member.isLoggedIn()).isFalse();
  }

  @Test
  void endsAConnectionThatSendsTenMegabytesWithoutALineEnd() {
    scanner.feed(Buffer.from(new byte[10_000_000]));
    assertThat(guest.heard())
        .containsExactly(Outgoing.BAD_MESSAGE.toString(), Outgoing.MESSAGE_TOO_LONG.toString());
    assertThat(guest.ends()).hasSize(1);
  }

  @Test
  void answersAnObjectThatHangsAndServesTheNext() {
    arrives("{\"type\":\"login\",");
    scanner.dropUnfinished();
    arrives("{\"type\":\"login\",\"nickname\":\"a\"}");
    assertThat(guest.heard()).containsExactly(Outgoing.BAD_MESSAGE.toString(), LOGGED_IN);
  }
}
