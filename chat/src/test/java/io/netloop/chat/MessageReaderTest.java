package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netloop.chat.Incoming.Broadcast;
import io.netloop.chat.Incoming.Login;
import io.netloop.chat.Incoming.Unreadable;
import io.netloop.chat.Incoming.Whisper;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageReaderTest {
  private final MessageReader reader = new MessageReader(65_536);

  private Incoming read(String json) {
    return reader.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsTheMessagesOfTheSeed() {
    assertThat(read("{\"type\":\"login\",\"nickname\":\"张三\"}"))
        .isEqualTo(new Login(TypeKind.TEXT, "张三", false));
    assertThat(read("{\"type\":\"broadcast\",\"message\":\"你好\"}"))
        .isEqualTo(new Broadcast(TypeKind.TEXT, "你好"));
    assertThat(read("{\"type\":\"p2p\",\"nickname\":\"b\",\"message\":\"psst\"}"))
        .isEqualTo(new Whisper(TypeKind.TEXT, "b", "psst"));
  }

  @Test
  void readsNumbersForTypes() {
    assertThat(read("{\"type\":0,\"nickname\":\"a\"}"))
        .isEqualTo(new Login(TypeKind.NUMBER, "a", false));
    assertThat(read("{\"type\":1,\"message\":\"x\"}"))
        .isEqualTo(new Broadcast(TypeKind.NUMBER, "x"));
    assertThat(read("{\"type\":2,\"nickname\":\"b\",\"message\":\"x\"}"))
        .isEqualTo(new Whisper(TypeKind.NUMBER, "b", "x"));
  }

  @Test
  void readsKeysInAnyOrderAndIgnoresThoseItDoesNotKnow() {
    assertThat(
            read(" {\"x\":{\"type\":9,\"y\":[[{}]]},\"message\":\"m\" , \"z\":1.5e3,\"type\":1}\n"))
        .isEqualTo(new Broadcast(TypeKind.NUMBER, "m"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{]",
        "{\"type\"}",
        "{\"type\":}",
        "{type:1}",
        "{'type':1}",
        "{\"type\":1,}",
        "{\"type\":1,\"message\":\"a\"",
        "{\"type\":1,\"message\":\"a\"}}",
        "{\"type\":1,\"message\":\"a\"}{}",
        "{\"type\":1,\"message\":\"a\"} x",
        "{\"type\":1,\"message\":\"a\"} 1",
        "{\"type\":1,\"message\":\"a\tb\"}",
        "{\"type\":1,\"message\":\"a\u0000b\"}",
        "{\"type\":1,\"message\":\"\\x\"}",
        "{\"type\":1,\"message\":\"\\u12\"}",
        "{\"type\":1,\"message\":\"a\",\"n\":01}",
        "{\"type\":1,\"message\":\"a\",\"n\":NaN}",
        "{\"type\":1,\"message\":\"a\" /* c */}",
        "[]",
        "[{\"type\":1,\"message\":\"a\"}]",
        "1",
        "null",
        "\"login\"",
        "hello"
      })
  void refusesWhatIsNotOneJsonObject(String text) {
    assertThat(read(text)).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"message\":\"a\"}",
        "{\"type\":\"rooms\",\"message\":\"a\"}",
        "{\"type\":\"pong\"}",
        "{\"type\":\"Login\",\"nickname\":\"a\"}",
        "{\"type\":\"0\",\"nickname\":\"a\"}",
        "{\"type\":\"\",\"nickname\":\"a\"}",
        "{\"type\":4,\"message\":\"a\"}",
        "{\"type\":-1,\"message\":\"a\"}",
        "{\"type\":1.0,\"message\":\"a\"}",
        "{\"type\":null,\"message\":\"a\"}",
        "{\"type\":true,\"message\":\"a\"}",
        "{\"type\":[\"login\"],\"nickname\":\"a\"}",
        "{\"type\":{\"type\":\"login\"},\"nickname\":\"a\"}",
        "{\"type\":\"log\",\"message\":\"a\"}",
        "{\"type\":3,\"message\":\"a\"}"
      })
  void refusesTypesThatAPeerCannotSend(String text) {
    assertThat(read(text)).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"broadcast\"}",
        "{\"type\":\"broadcast\",\"message\":1}",
        "{\"type\":\"broadcast\",\"message\":null}",
        "{\"type\":\"broadcast\",\"message\":[\"a\"]}",
        "{\"type\":\"broadcast\",\"message\":{\"message\":\"a\"}}",
        "{\"type\":\"p2p\",\"nickname\":\"b\"}",
        "{\"type\":\"p2p\",\"nickname\":\"b\",\"message\":true}",
        "{\"type\":\"p2p\",\"message\":\"a\"}",
        "{\"type\":\"p2p\",\"nickname\":7,\"message\":\"a\"}"
      })
  void refusesMessagesWithoutTheirText(String text) {
    assertThat(read(text)).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "null", "true", "[\"a\"]", "{\"nickname\":\"a\"}", "1e999999999"})
  void readsALoginWhoseNicknameIsNotText(String nickname) {
    assertThat(read("{\"type\":\"login\",\"nickname\":" + nickname + "}"))
        .isEqualTo(new Login(TypeKind.TEXT, null, false));
  }

  @Test
  void readsALoginWithoutNickname() {
    assertThat(read("{\"type\":0}")).isEqualTo(new Login(TypeKind.NUMBER, null, false));
  }

  @Test
  void letsTheLastOfDuplicateKeysWin() {
    assertThat(read("{\"type\":\"login\",\"type\":1,\"message\":\"a\",\"message\":\"b\"}"))
        .isEqualTo(new Broadcast(TypeKind.NUMBER, "b"));
    assertThat(read("{\"type\":1,\"type\":\"login\",\"nickname\":\"a\",\"nickname\":2}"))
        .isEqualTo(new Login(TypeKind.TEXT, null, false));
    assertThat(read("{\"type\":1,\"type\":null,\"message\":\"a\"}")).isInstanceOf(Unreadable.class);
    assertThat(read("{\"type\":0,\"features\":[\"presence\"],\"features\":[]}"))
        .isEqualTo(new Login(TypeKind.NUMBER, null, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"presence\"]",
        "[\"future\",\"presence\",\"rooms\"]",
        "[1,null,{\"a\":[]},[\"x\"],\"presence\",\"presence\"]"
      })
  void findsPresenceAmongTheFeatures(String features) {
    assertThat(read("{\"type\":\"login\",\"nickname\":\"a\",\"features\":" + features + "}"))
        .isEqualTo(new Login(TypeKind.TEXT, "a", true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[\"rooms\"]",
        "[[\"presence\"]]",
        "[{\"presence\":\"presence\"}]",
        "\"presence\"",
        "{\"presence\":true}",
        "null",
        "1"
      })
  void ignoresFeaturesItDoesNotKnow(String features) {
    assertThat(read("{\"type\":\"login\",\"features\":" + features + ",\"nickname\":\"a\"}"))
        .isEqualTo(new Login(TypeKind.TEXT, "a", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff", // no UTF-8 byte
        "c3", // cut before the closing quotation mark
        "80", // a continuation of nothing
        "c0af", // an overlong '/'
        "e080af", // and a longer one
        "eda080", // a surrogate
        "f4908080", // beyond U+10FFFF
        "f09f98" // three bytes of an emoji
      })
  void refusesInvalidUtf8(String hex) {
    byte[] bad = HexFormat.of().parseHex(hex);
    byte[] json = "{\"type\":1,\"message\":\"????????\"}".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bad, 0, json, 21, bad.length);
    assertThat(reader.read(json)).isEqualTo(new Unreadable("not UTF-8"));
  }

  @Test
  void doesNotGuessOtherEncodings() {
    String json = "{\"type\":1,\"message\":\"a\"}";
    assertThat(reader.read(json.getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(Unreadable.class);
    assertThat(reader.read(json.getBytes(StandardCharsets.UTF_16BE)))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void readsEscapesWithLoneSurrogates() {
    assertThat(read("{\"type\":1,\"message\":\"\\ud83d\\ude00 \\ud83d \\udc00\\u0000\\u001b\"}"))
        .isEqualTo(new Broadcast(TypeKind.NUMBER, "😀 \ud83d \udc00\0\u001b"));
  }

  @Test
  void neverComputesANumber() {
    String digits = "9".repeat(60_000);
    assertThat(read("{\"n\":1e999999999,\"type\":1,\"message\":\"a\",\"o\":" + digits + "}"))
        .isEqualTo(new Broadcast(TypeKind.NUMBER, "a"));
    assertThat(read("{\"type\":" + digits + ",\"message\":\"a\"}")).isInstanceOf(Unreadable.class);
    assertThat(read("{\"type\":1e999999999,\"message\":\"a\"}")).isInstanceOf(Unreadable.class);
  }

  @Test
  void takesADepthOf64AndNoMore() {
    assertThat(read(deep(64))).isEqualTo(new Broadcast(TypeKind.NUMBER, "a"));
    assertThat(read(deep(65))).isInstanceOf(Unreadable.class);
    assertThat(read(deep(10_000))).isInstanceOf(Unreadable.class);
  }

  @Test
  void takesAMessageOfTheWholeLimit() {
    String text = "x".repeat(65_536 - "{\"type\":1,\"message\":\"\"}".length());
    assertThat(read("{\"type\":1,\"message\":\"" + text + "\"}"))
        .isEqualTo(new Broadcast(TypeKind.NUMBER, text));
    String key = "{\"type\":1,\"message\":\"\",\"" + "k".repeat(60_000) + "\":0}";
    assertThat(read(key)).isEqualTo(new Broadcast(TypeKind.NUMBER, ""));
  }

  @Property(tries = 3000)
  void answersWhateverTheBytesAre(@ForAll byte[] bytes) {
    assertThatCode(() -> reader.read(bytes)).doesNotThrowAnyException();
  }

  @Property(tries = 3000)
  void answersWhateverTheFieldsAre(@ForAll @CharRange(from = ' ', to = '~') String value) {
    assertThatCode(
            () -> {
              read("{\"type\":" + value + "}");
              read("{\"type\":0,\"features\":" + value + "}");
              read("{\"type\":0,\"nickname\":[" + value);
              read("{" + value + "}");
            })
        .doesNotThrowAnyException();
  }

  @Property(tries = 2000)
  void readsBackAnyTextThatWasWritten(@ForAll String text) {
    String json =
        new JsonText().number("type", 2).text("nickname", text).text("message", text).end();
    assertThat(read(json)).isEqualTo(new Whisper(TypeKind.NUMBER, text, text));
  }

  private static String deep(int depth) {
    int arrays = depth - 1;
    return "{\"x\":" + "[".repeat(arrays) + "]".repeat(arrays) + ",\"type\":1,\"message\":\"a\"}";
  }
}
