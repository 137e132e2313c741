package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a datagram of the discovery may be, and that nothing else is taken. */
class SignalReaderTest {
  private final SignalReader reader = new SignalReader();

  private Signal read(String text) {
    return reader.read(Buffer.from(text));
  }

  private static String room(String name) {
    return new JsonText()
        .number("netloop", 1)
        .text("type", "room")
        .text("name", name)
        .number("port", 3000)
        .number("users", 2)
        .end();
  }

  @Test
  void readsWhatItWrites() {
    Signal.Announcement announcement = new Signal.Announcement("小安's \"room\" \\", 65_535, 0);

    assertThat(reader.read(announcement.bytes())).isEqualTo(announcement);
    assertThat(reader.read(new Signal.Query().bytes())).isEqualTo(new Signal.Query());
  }

  @Test
  void isWrittenAsTheGuideSays() {
    assertThat(new Signal.Announcement("Ann's", 3000, 2).bytes())
        .hasToString(
            "{\"netloop\":1,\"type\":\"room\",\"name\":\"Ann's\",\"port\":3000,\"users\":2}");
    assertThat(new Signal.Query().bytes().toString())
        .matches("\\{\"netloop\":1,\"type\":\"query\",\"pad\":\" +\"}");
  }

  /** Or a room would send more than it was sent. */
  @Test
  void noAnnouncementIsLongerThanAQuery() {
    for (String longest : new String[] {"😀".repeat(64), "\"".repeat(64), "\\".repeat(64)}) {
      assertThat(Announcer.isName(longest)).isTrue();
      assertThat(new Signal.Announcement(longest, 65_535, 1_000_000).bytes().length())
          .isLessThanOrEqualTo(new Signal.Query().bytes().length());
    }
    assertThat(new Signal.Query().bytes().length()).isEqualTo(Signal.MAX_BYTES);
  }

  @Test
  void skipsFieldsOfLaterDays() {
    assertThat(
            read(
                "{\"web\":{\"port\":[8080]},\"netloop\":1,\"type\":\"room\",\"name\":\"a\","
                    + "\"port\":1,\"users\":1000000,\"x\":null}"))
        .isEqualTo(new Signal.Announcement("a", 1, 1_000_000));
  }

  @Test
  void makesNamesHarmless() {
    assertThat(read(room("\u001b[2Jred\n\u202e")))
        .isEqualTo(new Signal.Announcement("␛[2Jred␊\\u202e", 3000, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[]",
        "{",
        "{}",
        "{\"type\":\"query\"}",
        "{\"netloop\":2,\"type\":\"query\"}",
        "{\"netloop\":\"1\",\"type\":\"query\"}",
        "{\"netloop\":1.0,\"type\":\"query\"}",
        "{\"netloop\":4294967297,\"type\":\"query\"}",
        "{\"netloop\":1}",
        "{\"netloop\":1,\"type\":\"gone\"}",
        "{\"netloop\":1,\"type\":[\"query\"]}",
        "{\"netloop\":1,\"type\":\"query\"}{}",
        "{\"netloop\":1,\"type\":\"query\"} x",
        "{\"netloop\":1,\"type\":\"room\"}",
        "{\"netloop\":1,\"type\":\"room\",\"port\":1,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"\",\"port\":1,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\" \",\"port\":1,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":7,\"port\":1,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":null,\"port\":1,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":0,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":-1,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":65536,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":\"1\",\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":1e3,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":99999999999999999999,\"users\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":1,\"users\":-1}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":1,\"users\":1000001}",
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"a\",\"port\":1,\"users\":true}",
      })
  void takesNothingElse(String text) {
    assertThat(read(text)).isNull();
  }

  @Test
  void takesNoNameThatIsTooLong() {
    assertThat(read(room("n".repeat(64)))).isNotNull();
    assertThat(read(room("n".repeat(65)))).isNull();
  }

  @Test
  void takesNothingLongerThanADatagramMayBe() {
    String query = "{\"netloop\":1,\"type\":\"query\"}";
    assertThat(read(query + " ".repeat(Signal.MAX_BYTES - query.length()))).isNotNull();
    assertThat(read(query + " ".repeat(Signal.MAX_BYTES - query.length() + 1))).isNull();
  }

  @Test
  void takesNoBrokenUtf8AndNoPartOfADatagram() {
    byte[] whole = room("小安").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length++) {
      assertThat(reader.read(Buffer.from(whole, 0, length))).isNull();
    }
    whole[room("").indexOf("\"name\":\"") + 8] = (byte) 0xff;
    assertThat(reader.read(Buffer.from(whole))).isNull();
  }
}
