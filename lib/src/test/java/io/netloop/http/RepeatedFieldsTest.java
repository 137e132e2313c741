package io.netloop.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatedFieldsTest {
  private static final String LINES =
      "Host: a\r\nAccept: */*\r\nConnection: keep-alive\r\nCookie: id=1\r\n\r\n";

  private final List<Headers> seen = new ArrayList<>();
  private final List<String> targets = new ArrayList<>();
  private int kept;

  private final MessageParser.Sink sink =
      new MessageParser.Sink() {
        @Override
        public void head() {
          seen.add(parser().fields());
          MessageHead head = parser().head;
          targets.add(
              new String(head.bytes, head.targetFrom, head.targetTo - head.targetFrom, ISO_8859_1));
          assertThat(head.contentLength >= 0 || head.chunked || head.close).isFalse();
          assertThat(head.hosts).isEqualTo(1);
          kept += head.keepAlive ? 1 : 0;
        }

        @Override
        public void body(byte[] bytes, int from, int to) {}

        @Override
        public void end() {}
      };

  private MessageParser parser = new MessageParser(sink, true, 4096, 100);

  private MessageParser parser() {
    return parser;
  }

  private void ask(String target, String lines) throws BadMessage {
    byte[] bytes = ("GET " + target + " HTTP/1.1\r\n" + lines).getBytes(ISO_8859_1);
    assertThat(parser.parse(bytes, 0, bytes.length)).isEqualTo(bytes.length);
  }

  @Test
  void areMadeOnceForAllRequestsAfterTheSecond() throws BadMessage {
    for (int i = 1; i <= 5; i++) {
      ask("/" + i, LINES);
    }

    assertThat(targets).containsExactly("/1", "/2", "/3", "/4", "/5");
    assertThat(kept).isEqualTo(5);
    assertThat(seen)
        .allSatisfy(headers -> {
          assertThat(headers.get("cookie")).isEqualTo("id=1");
          assertThat(headers.names()).containsExactly("host", "accept", "connection", "cookie");
        });
    assertThat(seen.get(3)).isSameAs(seen.get(2)).isSameAs(seen.get(4));
    assertThat(seen.get(1)).isNotSameAs(seen.get(0));
  }

  @Test
  void areReadAgainWhereOneByteDiffers() throws BadMessage {
    ask("/", LINES);
    ask("/", LINES);
    ask("/", LINES.replace("id=1", "id=2"));
    ask("/", LINES);

    assertThat(seen)
        .extracting(headers -> headers.get("cookie"))
        .containsExactly("id=1", "id=1", "id=2", "id=1");
  }

  @Test
  void areReadAgainWhereMoreOrLessComes() throws BadMessage {
    ask("/", LINES);
    ask("/", LINES);
    ask("/", "Host: a\r\nAccept: */*\r\n\r\n");
    ask("/", LINES.replace("\r\n\r\n", "\r\nX: y\r\n\r\n"));

    assertThat(seen.get(2).lines()).isEqualTo(2);
    assertThat(seen.get(3).get("x")).isEqualTo("y");
  }

  @Test
  void areFoundInPiecesAsWell() throws BadMessage {
    ask("/", LINES);
    ask("/", LINES);
    byte[] bytes = ("GET /pieces HTTP/1.1\r\n" + LINES).getBytes(ISO_8859_1);
    for (int cut = 1; cut < bytes.length; cut++) {
      parser.parse(bytes, 0, cut);
      parser.parse(bytes, cut, bytes.length);
    }

    assertThat(targets).hasSize(1 + bytes.length).endsWith("/pieces");
    assertThat(seen).allMatch(headers -> headers.lines() == 4 && "a".equals(headers.get("host")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: close",
        "Connection: upgrade",
        "Upgrade: x",
        "Expect: 100-continue",
        "Content-Length: 0",
        "Transfer-Encoding: chunked"
      })
  void thatSayHowAMessageIsReadAreReadEachTime(String line) throws BadMessage {
    List<MessageHead> heads = new ArrayList<>();
    List<Headers> each = new ArrayList<>();
    parser =
        new MessageParser(
            new MessageParser.Sink() {
              @Override
              public void head() {
                heads.add(parser().head);
                each.add(parser().fields());
                assertThat(parser().head.fieldsConcernReading()).isTrue();
              }

              @Override
              public void body(byte[] bytes, int from, int to) {}

              @Override
              public void end() {}
            },
            true,
            4096,
            100);
    String end = line.startsWith("Transfer") ? "0\r\n\r\n" : "";
    for (int i = 0; i < 4; i++) {
      ask("/", "Host: a\r\n" + line + "\r\n\r\n" + end);
    }

    assertThat(heads).hasSize(4);
    assertThat(each).doesNotHaveDuplicates();
  }

  @Test
  void countTowardsTheLimitOfAHead() throws BadMessage {
    parser = new MessageParser(sink, true, LINES.length() + 20, 100);
    ask("/", LINES);
    ask("/", LINES);

    assertThatThrownBy(() -> ask("/" + "a".repeat(30), LINES))
        .isInstanceOf(BadMessage.class)
        .hasMessageContaining("longer than the limit");
  }

  @Test
  void areNotKeptWhereTheyAreLong() throws BadMessage {
    String lines = "Host: a\r\nX: " + "y".repeat(1_100) + "\r\n\r\n";
    for (int i = 0; i < 4; i++) {
      ask("/", lines);
    }

    assertThat(seen).doesNotHaveDuplicates().allMatch(headers -> headers.lines() == 2);
  }

  @Test
  void areNotSoughtForEverWhereNoneComesAgain() throws BadMessage {
    for (int i = 0; i < 20; i++) {
      ask("/", "Host: a\r\nX: " + i + "\r\n\r\n");
    }
    ask("/", LINES);
    ask("/", LINES);
    ask("/", LINES);

    assertThat(seen)
        .doesNotHaveDuplicates()
        .extracting(headers -> headers.get("x"))
        .startsWith("0", "1", "2")
        .endsWith(null, null, null);
  }
}
