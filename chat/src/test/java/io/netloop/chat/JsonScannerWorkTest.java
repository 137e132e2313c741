package io.netloop.chat;

import static io.netloop.chat.Findings.BAD;
import static io.netloop.chat.Findings.TOO_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What the scanner costs: looked-at and copied bytes, and memory, held against the input. */
final class JsonScannerWorkTest {
  private static final int LIMIT = 65_536;
  private static final int TEN_MEGABYTES = 10_000_000;

  private final Findings findings = new Findings(LIMIT);

  @Test
  void worksInLineWithAnObjectFedByteByByte() {
    byte[] json = objectOf(LIMIT);
    findings.feedEachByte(json);
    assertThat(findings.found).hasSize(1);
    // Looked at once, collected once, grown by doubling (at most once more in all), handed out
    // once.
    assertThat(findings.scanner.work()).isLessThanOrEqualTo(4L * LIMIT);
  }

  @Test
  void worksInLineWithManyObjectsInOnePiece() {
    byte[] many = "{\"a\":1}".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    findings.feed(many);
    assertThat(findings.found).hasSize(100_000);
    assertThat(findings.scanner.work()).isLessThanOrEqualTo(2L * many.length + 1);
  }

  @Test
  void copiesAnObjectInOnePieceOnce() {
    byte[] json = objectOf(LIMIT);
    findings.feed(json);
    assertThat(findings.scanner.work()).isEqualTo(2L * LIMIT);
  }

  @Test
  void looksAtNoMoreThanTheLimitOfAnEndlessObject() {
    byte[] endless = new byte[TEN_MEGABYTES];
    Arrays.fill(endless, (byte) 'x');
    endless[0] = '{';
    endless[1] = '"';
    findings.feed(endless);
    assertThat(findings.found).containsExactly(TOO_LONG);
    assertThat(findings.scanner.work()).isEqualTo(LIMIT + 1L);
    assertThat(findings.scanner.kept()).isZero();
  }

  @Test
  void looksAtNoMoreThanTheLimitOfTenMegabytesWithoutALineEnd() {
    byte[] garbage = new byte[TEN_MEGABYTES];
    findings.feed(garbage).feed(garbage);
    assertThat(findings.found).containsExactly(BAD, TOO_LONG);
    assertThat(findings.scanner.work()).isEqualTo(LIMIT + 1L);
  }

  @Test
  void keepsAtMostTheLimitOfAnObjectInManyPieces() {
    byte[] json = objectOf(LIMIT);
    for (int from = 0; from < json.length; from += 1000) {
      findings.feed(Arrays.copyOfRange(json, from, Math.min(json.length, from + 1000)));
      assertThat(findings.scanner.kept()).isLessThanOrEqualTo(LIMIT);
    }
    assertThat(findings.found).hasSize(1);
    assertThat(findings.scanner.kept()).isZero();
  }

  @Test
  void keepsOnlyTheLastObjectOfAPieceThatIsCut() {
    findings.feed("{\"a\":1}".repeat(100_000) + "{\"a\"");
    assertThat(findings.scanner.kept()).isLessThanOrEqualTo(256);
    assertThat(findings.feed(":2}").found).last().isEqualTo("{\"a\":2}");
  }

  @Test
  void worksInLineWithMessagesThatAllLoseTheirEnds() {
    int count = 20_000;
    findings.feed(String.join("", Collections.nCopies(count, "{\"a\"")));
    assertThat(findings.found).hasSize(count - 1).containsOnly(BAD);
    assertThat(findings.scanner.work()).isLessThanOrEqualTo(4L * count + 8);
  }

  private static byte[] objectOf(int size) {
    String json = "{\"m\":\"" + "x".repeat(size - 8) + "\"}";
    assertThat(json).hasSize(size);
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
