package io.netloop.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The parser by itself. What hostile clients send it is in {@link HostileRequestsTest}. */
class MessageParserTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private final List<String> told = new ArrayList<>();
  private final List<byte[]> arrays = new ArrayList<>();
  private Runnable atHead = () -> {};
  private Runnable atBody = () -> {};

  private final MessageParser.Sink sink =
      new MessageParser.Sink() {
        @Override
        public void head() {
          told.add("head");
          atHead.run();
        }

        @Override
        public void body(byte[] bytes, int from, int to) {
          told.add(new String(bytes, from, to - from, ISO_8859_1));
          arrays.add(bytes);
          atBody.run();
        }

        @Override
        public void end() {
          told.add("end");
        }
      };

  private MessageParser parser = new MessageParser(sink, true, 16_384, 2_000);

  private int parse(String text) throws BadMessage {
    return parser.parse(text.getBytes(ISO_8859_1), 0, text.length());
  }

  private void responses() {
    parser = new MessageParser(sink, false, 16_384, 2_000);
  }

  @Test
  void saysWhatAHeadSays() throws BadMessage {
    parse(
        """
        POST /x HTTP/1.0
        Host: a
        Connection: Upgrade , keep-alive
        Upgrade: y
        Expect: 100-continue
        Content-Length: 7

        """
            .replace("\n", "\r\n"));

    assertThat(parser.head.method).isSameAs("POST");
    assertThat(parser.head.minorVersion).isZero();
    assertThat(parser.head.hosts).isEqualTo(1);
    assertThat(parser.head.contentLength).isEqualTo(7);
    assertThat(parser.head.chunked).isFalse();
    assertThat(parser.head.connectionUpgrade && parser.head.upgrade && parser.head.keepAlive)
        .isTrue();
    assertThat(parser.head.expects && parser.head.expectsContinue).isTrue();
    assertThat(parser.head.close).isFalse();
  }

  @Test
  void remembersNothingOfTheMessageBefore() throws BadMessage {
    parse(
        """
        POST /x HTTP/1.1
        Host: a
        Connection: close, upgrade, keep-alive
        Upgrade: y
        Expect: z
        Transfer-Encoding: chunked

        0

        """
            .replace("\n", "\r\n"));
    parse("GET / HTTP/1.1\r\n\r\n");

    assertThat(parser.head.method).isSameAs("GET");
    assertThat(parser.head.hosts).isZero();
    assertThat(parser.head.contentLength).isEqualTo(-1);
    assertThat(parser.head.chunked || parser.head.close || parser.head.keepAlive).isFalse();
    assertThat(parser.head.connectionUpgrade || parser.head.upgrade || parser.head.expects)
        .isFalse();
    assertThat(parser.fields().isEmpty() && parser.trailers().isEmpty()).isTrue();
  }

  @Test
  void onlyWholeElementsOfConnectionCount() throws BadMessage {
    parse("GET / HTTP/1.1\r\nConnection: closed, x-close\r\nConnection: up grade\r\n\r\n");

    assertThat(parser.head.close || parser.head.connectionUpgrade).isFalse();
  }

  @Test
  void passesTheBodyOnWhereItStands() throws BadMessage {
    byte[] read = "POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nabc".getBytes(ISO_8859_1);
    parser.parse(read, 0, read.length);
    byte[] more = "xdefGET".getBytes(ISO_8859_1);

    assertThat(parser.parse(more, 1, 4)).isEqualTo(4);
    assertThat(told).containsExactly("head", "abc", "def", "end");
    assertThat(arrays).containsExactly(read, more);
  }

  @Test
  void stopsWhereItIsToldTo() throws BadMessage {
    atBody = () -> parser.stop();
    String text =
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n";

    int first = parse(text);
    assertThat(told).containsExactly("head", "a");
    int second = first + parse(text.substring(first));
    assertThat(told).containsExactly("head", "a", "b");
    assertThat(second + parse(text.substring(second))).isEqualTo(text.length());
    assertThat(told).containsExactly("head", "a", "b", "end");
  }

  @Test
  void leavesWhatFollowsAnUpgradeAlone() throws BadMessage {
    atHead = () -> parser.leave();
    int next = parse(GET + "\0\1\2");

    assertThat(next).isEqualTo(GET.length());
    assertThat(parse(GET)).isZero();
    assertThat(told).containsExactly("head");
    assertThat(parser.isInside()).isFalse();
    parser.finish();
  }

  @Test
  void aHeadMayBeAsLongAsTheLimitAndNoLonger() throws BadMessage {
    for (int split = 0; split < 128; split++) {
      parser = new MessageParser(sink, true, 128, 8);
      String head = "GET / HTTP/1.1\r\nX: " + "a".repeat(128 - 16 - 3 - 4) + "\r\n\r\n";
      parse(head.substring(0, split));
      parse(head.substring(split));
      assertThat(told).hasSize(2 * split + 2);

      parser = new MessageParser(sink, true, 128, 8);
      String longer = head.replace("X:", "XX:");
      int at = split;
      assertThatThrownBy(
              () -> {
                parse(longer.substring(0, at));
                parse(longer.substring(at));
              })
          .isInstanceOfSatisfying(BadMessage.class, bad -> assertThat(bad.status()).isEqualTo(431));
    }
  }

  @Test
  void emptyLinesDoNotCountAsPartOfTheHead() throws BadMessage {
    parser = new MessageParser(sink, true, 64, 8);
    parse("\r");
    parse("\n");
    assertThat(parser.isInside()).isFalse();
    parse("GET / HTTP/1.1\r\nX: " + "a".repeat(64 - 16 - 3 - 4) + "\r\n\r\n");

    assertThat(told).containsExactly("head", "end");
  }

  @Test
  void emptyLinesWithoutEndAreRefusedAndDoNotKeepItBusy() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          parse("\r");
          assertThatThrownBy(() -> parse("\n\r".repeat(20_000)))
              .isInstanceOf(BadMessage.class)
              .hasMessage("More than 8 empty lines come before a message.");
        });
  }

  @Test
  void aLimitOfFieldsHoldsForTheTrailersToo() throws BadMessage {
    parser = new MessageParser(sink, true, 16_384, 2);
    parse("POST / HTTP/1.1\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r\nB: 2\r\n");

    assertThatThrownBy(() -> parse("C: 3\r\n"))
        .isInstanceOfSatisfying(BadMessage.class, bad -> assertThat(bad.status()).isEqualTo(431))
        .hasMessage("There are more than 2 headers.");
  }

  @Test
  void knowsWhetherItIsInAMessageOrItsHead() throws BadMessage {
    assertThat(parser.isInside() || parser.isInHead()).isFalse();
    parse("P");
    assertThat(parser.isInside() && parser.isInHead()).isTrue();
    parse("OST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    assertThat(parser.isInside() && !parser.isInHead()).isTrue();
    parse("0\r\nX:");
    assertThat(parser.isInside() && !parser.isInHead()).isTrue();
    parse("\r\n\r\n");
    assertThat(parser.isInside() || parser.isInHead()).isFalse();
    parse("\r");
    assertThat(parser.isInside()).isTrue();
  }

  @Test
  void aMistakeNamesTheByteAndTheRule() {
    assertThatThrownBy(() -> parse("GET / HTTP/1.1\r\nX\u0001: 1\r\n\r\n"))
        .isInstanceOfSatisfying(
            BadMessage.class, bad -> assertThat(bad.code()).isEqualTo("HPE_INVALID_HEADER_TOKEN"))
        .hasMessage("A header's name holds the byte 0x01, or is missing.");
    parser = new MessageParser(sink, true, 16_384, 2_000);
    assertThatThrownBy(() -> parse("GET / HTTP/1.1\r\nX: 1\r\n 2\r\n\r\n"))
        .hasMessage("A header goes on in a second line (RFC 9112 §5.2).");
  }

  @Test
  void nothingFollowsAMistakeThatWasSeenAtTheEnd() throws BadMessage {
    parse("GET");
    assertThatThrownBy(() -> parser.finish())
        .isInstanceOf(BadMessage.class)
        .hasMessage("The connection ended within a message.");
    assertThat(parse(" / HTTP/1.1\r\n\r\n")).isZero();
    assertThat(told).isEmpty();
  }

  @Test
  void aResponseWithoutLengthLastsUntilTheEnd() throws BadMessage {
    responses();
    parse("HTTP/1.1 200 OK\r\n\r\nabc");
    parse("def");
    parser.finish();

    assertThat(parser.head.status).isEqualTo(200);
    assertThat(told).containsExactly("head", "abc", "def", "end");
  }

  @Test
  void aResponseOfWhichNoBodyIsExpectedHasNoTrailersEither() throws BadMessage {
    responses();
    atHead = () -> parser.expectNoBody();
    parse("HTTP/1.1 200 OK\r\nX: 1\r\nTransfer-Encoding: chunked\r\n\r\n");

    assertThat(told).containsExactly("head", "end");
    assertThat(parser.trailers().isEmpty()).isTrue();
  }

  @Test
  void statusLinesAreReadStrictlyHoweverTheyAreCut() throws BadMessage {
    String good = "HTTP/1.1 404 Not\tF\u00f6und\r\nContent-Length: 0\r\n\r\n";
    for (int cut = 0; cut <= good.length(); cut++) {
      responses();
      told.clear();
      parse(good.substring(0, cut));
      parse(good.substring(cut));
      assertThat(parser.head.status).isEqualTo(404);
      assertThat(told).containsExactly("head", "end");
    }
    for (String bad :
        List.of(
            "HTTP/1.1 99 X\r\n\r\n\r\n",
            "HTTP/1.1 099 X\r\n\r\n",
            "HTTP/1.1 2000 X\r\n\r\n",
            "HTTP/1.1 20x X\r\n\r\n",
            "HTTP/1.1  200 X\r\n\r\n",
            "HTTP/2.0 200 X\r\n\r\n",
            "HTTP/1.1 200 X\n\r\n\r\n",
            "ICY 200 OKOKOKO\r\n\r\n",
            "HTTP/1.1 200\nOK\r\n\r\n",
            "HTTP/1.1 200 X\0\r\n\r\n")) {
      for (int cut = 0; cut <= bad.length(); cut++) {
        responses();
        int at = cut;
        assertThatThrownBy(
                () -> {
                  parse(bad.substring(0, at));
                  parse(bad.substring(at));
                })
            .describedAs("%s cut at %s", bad, at)
            .isInstanceOf(BadMessage.class);
      }
    }
  }
}
