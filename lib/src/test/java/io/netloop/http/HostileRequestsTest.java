package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** All rows of {@code hostile-requests.txt}, before the parser and over the wire. */
class HostileRequestsTest extends ServingTest {
  private static final int SHORT = 2_000;

  private final List<HostileRequest> corpus = HostileRequest.all();

  @Test
  void theCorpusIsLargeAndNoRowIsThereTwice() {
    Set<String> names = new HashSet<>();
    corpus.forEach(row -> names.add(row.name()));

    assertThat(corpus).hasSizeGreaterThan(300);
    assertThat(names).hasSameSizeAs(corpus);
  }

  @Test
  void theParserFindsWhatTheRulesSay() {
    List<String> wrong = new ArrayList<>();
    for (HostileRequest row : corpus) {
      compare(row, Recorder.read(row.bytes(), 16_384, 2_000), "whole", wrong);
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void itFindsTheSameHoweverTheBytesAreCutInTwo() {
    List<String> wrong = new ArrayList<>();
    for (HostileRequest row : corpus) {
      for (int cut : cuts(row.bytes().length)) {
        compare(row, Recorder.read(row.bytes(), 16_384, 2_000, cut), "cut at " + cut, wrong);
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void itFindsTheSameInSingleBytes() {
    List<String> wrong = new ArrayList<>();
    for (HostileRequest row : corpus) {
      int[] cuts = new int[row.bytes().length];
      for (int i = 0; i < cuts.length; i++) {
        cuts[i] = i;
      }
      compare(row, Recorder.read(row.bytes(), 16_384, 2_000, cuts), "in single bytes", wrong);
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void itFindsTheSameInThreePieces() {
    List<String> wrong = new ArrayList<>();
    for (HostileRequest row : corpus) {
      int length = row.bytes().length;
      if (length < 200) {
        for (int first = 0; first < length; first += 3) {
          for (int second = first; second < length; second += 2) {
            compare(
                row,
                Recorder.read(row.bytes(), 16_384, 2_000, first, second),
                "cut at " + first + " and " + second,
                wrong);
          }
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  /** Every place, and of what repeats itself thousands of times the begin, the end and some. */
  private static Set<Integer> cuts(int length) {
    Set<Integer> cuts = new TreeSet<>();
    for (int i = 0; i <= length; i++) {
      if (length < SHORT || i < 150 || length - i < 50 || i % 509 == 0 || (i & (i - 1)) == 0) {
        cuts.add(i);
      }
    }
    return cuts;
  }

  private static void compare(
      HostileRequest row, Recorder recorder, String how, List<String> wrong) {
    if (!recorder.toString().equals(row.found())) {
      wrong.add(row + ", " + how + ": " + recorder + ", not " + row.found());
    }
  }

  @Test
  void theServerAnswersWhatTheRulesSayAndEndsTheConnection() {
    HttpServer server = serve(ServingTest::echoPath);
    List<String> wrong = new ArrayList<>();
    for (HostileRequest row : corpus) {
      try (RawPeer peer = new RawPeer(server)) {
        String answers = peer.send(row.bytes()).endOutput().rest();
        if (!RawPeer.statuses(answers).equals(row.answers())) {
          wrong.add(row + ": " + answers + ", not " + row.answers());
        }
      }
    }

    assertThat(wrong).isEmpty();
    serves(server);
  }

  @Test
  void theServerAnswersTheSameToSingleBytes() {
    HttpServer server = serve(ServingTest::echoPath);
    List<String> wrong = new ArrayList<>();
    for (HostileRequest row : corpus) {
      if (row.bytes().length < 100) {
        try (RawPeer peer = new RawPeer(server)) {
          for (byte each : row.bytes()) {
            // After a refusal the server reads on for a while: nothing that is sent then may fail.
            peer.send(new byte[] {each});
          }
          String answers = peer.endOutput().rest();
          if (!RawPeer.statuses(answers).equals(row.answers())) {
            wrong.add(row + ": " + answers + ", not " + row.answers());
          }
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void aRefusalIsShortAndSaysTheEnd() {
    HttpServer server = serve(ServingTest::echoPath);

    assertThat(answer(server, "nonsense\r\n\r\n"))
        .isEqualTo("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    assertThat(answer(server, "GET / HTTP/3.0\r\n\r\n"))
        .isEqualTo("HTTP/1.1 505 HTTP Version Not Supported\r\nConnection: close\r\n\r\n");
    assertThat(answer(server, "GET / HTTP/1.1\r\nHost: " + "a".repeat(20_000)))
        .isEqualTo("HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n");
    assertThat(answer(server, POST + "Transfer-Encoding: gzip, chunked\r\n\r\n"))
        .isEqualTo("HTTP/1.1 501 Not Implemented\r\nConnection: close\r\n\r\n");
    assertThat(server.stats().errors())
        .containsOnlyKeys(
            "HPE_INVALID_METHOD",
            "HPE_INVALID_VERSION",
            "HPE_HEADER_OVERFLOW",
            "HPE_INVALID_TRANSFER_ENCODING");
  }

  /** The server ends by itself: the client keeps its side open. */
  private String answer(HttpServer server, String request) {
    return connect(server).send(request).rest();
  }
}
