package io.netloop.chat;

import static io.netloop.chat.Findings.BAD;
import static io.netloop.chat.Findings.TOO_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4 of the wire protocol, row by row. */
final class JsonScannerTest {
  private static final String LOGIN = "{\"type\":\"login\",\"nickname\":\"张三\"}";
  private static final String HELLO = "{\"type\":\"broadcast\",\"message\":\"你好 😀\"}";

  private final Findings findings = new Findings();

  private List<String> found(String... pieces) {
    for (String piece : pieces) {
      findings.feed(piece);
    }
    return findings.found;
  }

  @Nested
  final class BetweenMessages {
    @Test
    void findsABareObject() {
      assertThat(found(LOGIN)).containsExactly(LOGIN);
    }

    @Test
    void findsTwoObjectsInOnePiece() {
      assertThat(found(LOGIN + HELLO)).containsExactly(LOGIN, HELLO);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", "\r", "\n", "\r\n", " \t\r\n \n\n"})
    void skipsWhiteSpace(String space) {
      assertThat(found(space + LOGIN + space + HELLO + space)).containsExactly(LOGIN, HELLO);
    }

    @Test
    void skipsAByteOrderMarkAtTheStart() {
      assertThat(found("\ufeff" + LOGIN)).containsExactly(LOGIN);
    }

    @Test
    void skipsAByteOrderMarkThatIsSplit() {
      findings.feedEachByte(("\ufeff" + LOGIN).getBytes(StandardCharsets.UTF_8));
      assertThat(findings.found).containsExactly(LOGIN);
    }

    @Test
    void skipsAByteOrderMarkOnlyOnce() {
      assertThat(found("\ufeff\ufeff" + LOGIN + "\n" + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void skipsAByteOrderMarkOnlyAtTheStart() {
      assertThat(found(LOGIN + "\ufeff" + LOGIN + "\n" + HELLO)).containsExactly(LOGIN, BAD, HELLO);
    }

    @Test
    void takesHalfAByteOrderMarkForABadStretch() {
      findings.feed(new byte[] {(byte) 0xef}).feed(new byte[] {(byte) 0xbb});
      assertThat(found(LOGIN)).containsExactly(BAD, LOGIN);
    }

    @Test
    void skipsTheRestOfAnEventThatBeganWithHalfAByteOrderMark() {
      findings.feed(new byte[] {(byte) 0xef, '{', '}', '\n', '{', '}'});
      assertThat(findings.found).containsExactly(BAD, "{}");
    }

    @Test
    void endsTheStretchOfHalfAByteOrderMarkAtALineEnd() {
      findings.feed(new byte[] {(byte) 0xef, '\n', '{', '}'});
      assertThat(findings.found).containsExactly(BAD, "{}");
    }

    @Test
    void takesNoCommas() {
      assertThat(found(LOGIN + "," + LOGIN + "\n" + HELLO)).containsExactly(LOGIN, BAD, HELLO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "[{}]", "\"{}\"", "}", "]", "1", "null", "\\", "\u0000", "é"})
    void skipsABadStretchToTheLineEndAndReportsItOnce(String bad) {
      assertThat(found(bad + " " + bad + "\n" + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void reportsABadStretchAsSoonAsItBegins() {
      assertThat(found("h")).containsExactly(BAD);
    }

    @Test
    void takesNoObjectInTheMiddleOfABadEvent() {
      assertThat(found("GET / " + LOGIN)).containsExactly(BAD);
    }

    @Test
    void endsABadStretchAtABraceThatOpensALaterEvent() {
      assertThat(found("hello", HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void goesOnWithABadStretchOverEventsThatOpenWithAnotherByte() {
      assertThat(found("hello", " {}", "x{}", "", HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void reportsEachStretch() {
      assertThat(found("a\nb\n" + HELLO + "c")).containsExactly(BAD, BAD, HELLO, BAD);
    }
  }

  @Nested
  final class InAnObject {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{ }",
          "{\"a\":{}}",
          "{\"a\" : \n {\"b\":[{},{}]} }",
          "{\"a\":[[],[{}]]}",
          "{\"a\":[1, {\"b\":2}]}"
        })
    void countsTheDepth(String json) {
      assertThat(found(json + json)).containsExactly(json, json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"}", "{", "]", "[", "\\\"", "\\\\", "\\\\\\\"}", "\\u007d", ":{", "😀"})
    void takesWhatStandsInTextForText(String text) {
      String json = "{\"m\":\"" + text + "\"}";
      assertThat(found(json + json)).containsExactly(json, json);
    }

    @Test
    void takesBracesInKeysForText() {
      assertThat(found("{\"}{\":1}")).containsExactly("{\"}{\":1}");
    }

    @Test
    void handsMismatchedBracketsToTheParser() {
      assertThat(found("{\"a\":[}]{]")).containsExactly("{\"a\":[}]", "{]");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"type\":\"login\"",
          "{\"type\":\"login\"\n",
          "{",
          "{\n",
          "{\"a\":1",
          "{\"a\":true \r\n",
          "{\"a\":{}",
          "{\"a\":[]\n",
          "{\"a\"\t"
        })
    void startsAnewAtABraceThatNoJsonAllows(String cut) {
      assertThat(found(cut + HELLO + LOGIN)).containsExactly(BAD, HELLO, LOGIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "{\"a\":\n", "{\"a\":1,", "{\"a\":[", "{\"a\":[1,\n"})
    void losesOneMessageWhereTheBraceWouldBeAllowed(String cut) {
      // The first HELLO is a value of the cut message; the second cannot be.
      assertThat(found(cut + HELLO + "\n" + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void reportsEachMessageThatLostItsEnd() {
      assertThat(found("{\"a\"{\"b\"" + HELLO)).containsExactly(BAD, BAD, HELLO);
    }

    @Test
    void startsAnewInALaterPiece() {
      assertThat(found("{\"type\":", "\"login\"", "\n", HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void endsAtTheByteAndKeepsNothing() {
      found("{\"a\":", "1}");
      assertThat(findings.scanner.kept()).isZero();
      assertThat(findings.scanner.unfinishedObject()).isZero();
    }

    @Test
    void dropsWhatIsIncompleteWhenItIsStopped() {
      found("{\"a\":");
      findings.scanner.stop();
      assertThat(found("1}", HELLO)).isEmpty();
      assertThat(findings.scanner.kept()).isZero();
      assertThat(findings.scanner.unfinishedObject()).isZero();
    }
  }

  @Nested
  final class InText {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r"})
    void endsTheStretchAtARawLineEnd(String lineEnd) {
      assertThat(found("{\"message\":\"abc" + lineEnd + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void endsTheStretchOnceAtCrLf() {
      assertThat(found("{\"message\":\"abc\r\n" + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void endsTheStretchAtARawLineEndAfterABackslash() {
      assertThat(found("{\"message\":\"abc\\\n" + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void takesWhatFollowsTheRawLineEndForANewStretch() {
      assertThat(found("{\"message\":\"a\nb\"}\n" + HELLO)).containsExactly(BAD, BAD, HELLO);
    }

    @Test
    void leavesOtherControlCharactersToTheParser() {
      assertThat(found("{\"a\":\"\u0000\t\"}")).containsExactly("{\"a\":\"\u0000\t\"}");
    }
  }

  @Nested
  final class Limits {
    private final Findings small = new Findings(16);

    @Test
    void takesAnObjectOfTheLimit() {
      String json = "{\"a\":\"12345678\"}";
      assertThat(json).hasSize(16);
      assertThat(small.feed(json + json).found).containsExactly(json, json);
    }

    @Test
    void stopsAtAnObjectOverTheLimit() {
      assertThat(small.feed("{\"a\":\"123456789\"}{}\n{}").feed("{}").found)
          .containsExactly(TOO_LONG);
    }

    @Test
    void countsBytesNotCharacters() {
      assertThat(small.feed("{\"a\":\"1234567é\"}").found).containsExactly(TOO_LONG);
    }

    @Test
    void countsTheWhiteSpaceInAnObject() {
      assertThat(small.feed("{               }").found).containsExactly(TOO_LONG);
    }

    @Test
    void countsOverPieces() {
      for (int i = 0; i < 16; i++) {
        small.feed(i == 0 ? "{" : " ");
        assertThat(small.found).isEmpty();
      }
      assertThat(small.feed(" ").feed("}{}").found).containsExactly(TOO_LONG);
    }

    @Test
    void countsEachObjectAlone() {
      for (int i = 0; i < 100; i++) {
        small.feed("{\"a\":1}  {\"a\"").feed(":2}\n");
      }
      assertThat(small.found).hasSize(200).doesNotContain(TOO_LONG, BAD);
    }

    @Test
    void stopsAtABadStretchOverTheLimit() {
      assertThat(small.feed("x".repeat(16)).found).containsExactly(BAD);
      assertThat(small.feed("x").feed("\n{}").found).containsExactly(BAD, TOO_LONG);
    }

    @Test
    void doesNotCountWhiteSpaceBetweenMessages() {
      assertThat(small.feed(" ".repeat(1000)).feed("{}").found).containsExactly("{}");
    }

    @Test
    void startsCountingAnewWhereAMessageLostItsEnd() {
      assertThat(small.feed("{\"12345678901\"{\"a\":\"12345678\"}").found)
          .containsExactly(BAD, "{\"a\":\"12345678\"}");
    }

    @Test
    void takesADepthOf64() {
      String json = nested(64);
      assertThat(found(json)).containsExactly(json);
    }

    @Test
    void skipsAnObjectThatIsDeeper() {
      assertThat(found(nested(65) + HELLO)).containsExactly(BAD, HELLO);
      assertThat(found(nested(5000) + HELLO)).containsExactly(BAD, HELLO, BAD, HELLO);
    }

    @Test
    void countsArraysInTheDepth() {
      String json = "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}";
      assertThat(found(json + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void keepsNothingOfAnObjectThatIsTooDeep() {
      found("{\"a\":" + "[".repeat(64));
      found("1".repeat(1000));
      assertThat(findings.scanner.kept()).isZero();
      assertThat(findings.scanner.unfinishedObject()).isEqualTo(1);
    }

    @Test
    void reportsADeepObjectOnceWhenItHasNoEnd() {
      assertThat(found("{\"a\":" + "[".repeat(64) + "1" + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void reportsADeepObjectOnceWhenItsTextHasARawLineEnd() {
      assertThat(found("{\"a\":" + "[".repeat(64) + "\"\n" + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void stopsAtADeepObjectOverTheLimit() {
      assertThat(found("{\"a\":" + "[".repeat(70_000))).containsExactly(BAD, TOO_LONG);
    }

    private static String nested(int depth) {
      return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }
  }

  @Nested
  final class UnfinishedObjects {
    @Test
    void tellsAnObjectFromTheNext() {
      found("{\"a\"");
      assertThat(findings.scanner.unfinishedObject()).isEqualTo(1);
      found(":1");
      assertThat(findings.scanner.unfinishedObject()).isEqualTo(1);
      found("}{\"b\"");
      assertThat(findings.scanner.unfinishedObject()).isEqualTo(2);
      found(":1}");
      assertThat(findings.scanner.unfinishedObject()).isZero();
    }

    @Test
    void dropsTheObjectAndReportsIt() {
      found("{\"message\":\"ab");
      findings.scanner.dropUnfinished();
      assertThat(findings.found).containsExactly(BAD);
      assertThat(findings.scanner.unfinishedObject()).isZero();
      assertThat(findings.scanner.kept()).isZero();
    }

    @Test
    void countsTheRestOfADroppedObjectToTheSameStretch() {
      found("{\"message\":\"ab");
      findings.scanner.dropUnfinished();
      assertThat(found("cd\"}\n" + HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void servesTheNextEventAfterADroppedObject() {
      found("{\"message\":\"ab");
      findings.scanner.dropUnfinished();
      assertThat(found(HELLO)).containsExactly(BAD, HELLO);
    }

    @Test
    void dropsADeepObjectWithoutASecondReport() {
      found("{\"a\":" + "[".repeat(64));
      findings.scanner.dropUnfinished();
      assertThat(findings.found).containsExactly(BAD);
    }

    @Test
    void hasNothingToDropBetweenMessages() {
      found(HELLO + "\n");
      findings.scanner.dropUnfinished();
      assertThat(found("bad")).containsExactly(HELLO, BAD);
      findings.scanner.dropUnfinished();
      assertThat(findings.found).containsExactly(HELLO, BAD);
    }
  }

  @Nested
  final class LineEnds {
    @ParameterizedTest
    @ValueSource(strings = {"{}\n", "{}\r\n", "{} \n", "{}\n{}", "hello\n", "{}{}\r\n"})
    void seesThatAMessageEndsWithOne(String input) {
      found(input);
      assertThat(findings.scanner.framesByLine()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "\n{}", "\r\n\n", "{\n}", "{}{}", "{}\r{}", "{\"a\":\"\n"})
    void seesThatNoMessageDoes(String input) {
      found(input);
      assertThat(findings.scanner.framesByLine()).isFalse();
    }

    @Test
    void seesOneInALaterPieceAndRemembersIt() {
      found("{}");
      assertThat(findings.scanner.framesByLine()).isFalse();
      found("\n");
      assertThat(findings.scanner.framesByLine()).isTrue();
      found("{}{}");
      assertThat(findings.scanner.framesByLine()).isTrue();
    }
  }

  @Nested
  final class Stopping {
    @Test
    void stopsInTheMiddleOfAPieceWhenTheSinkSaysSo() {
      assertThat(foundUntil(1, "{\"a\":1}{\"a\":2}")).containsExactly("{\"a\":1}");
      assertThat(foundUntil(1, "bad\n{}")).containsExactly(BAD);
      assertThat(foundUntil(1, "{\"a\"{}")).containsExactly(BAD);
      assertThat(foundUntil(1, "{\"a\":" + "[".repeat(64) + "x".repeat(70_000)))
          .containsExactly(BAD);
      assertThat(foundUntil(1, "\u00ef{}\n{}")).containsExactly(BAD);
      assertThat(foundUntil(2, "{}{}{}")).containsExactly("{}", "{}");
    }

    @Test
    void stopsInsideHalfAByteOrderMark() {
      assertThat(foundUntil(1, new byte[] {(byte) 0xef, '\n', '{', '}'})).containsExactly(BAD);
    }

    private static List<String> foundUntil(int count, String input) {
      return foundUntil(count, input.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> foundUntil(int count, byte[] input) {
      List<String> found = new ArrayList<>();
      JsonScanner[] scanner = new JsonScanner[1];
      scanner[0] =
          new JsonScanner(
              65_536,
              new JsonScanner.Sink() {
                private void add(String finding) {
                  found.add(finding);
                  if (found.size() == count) {
                    scanner[0].stop();
                  }
                }

                @Override
                public void receive(byte[] json) {
                  add(new String(json, StandardCharsets.UTF_8));
                }

                @Override
                public void badMessage() {
                  add(BAD);
                }

                @Override
                public void tooLong() {
                  add(TOO_LONG);
                }
              });
      scanner[0].feed(Buffer.from(input));
      scanner[0].feed(Buffer.from(input));
      assertThat(scanner[0].unfinishedObject()).isZero();
      return found;
    }
  }
}
