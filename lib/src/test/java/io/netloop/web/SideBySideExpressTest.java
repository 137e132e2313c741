package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.Log;
import io.netloop.NothingLeaks;
import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same requests are sent to the same apps, once in Express and once here: status, headers and
 * body have to be the same, but for the {@link ExpressDifferences}.
 */
@ExtendWith(NothingLeaks.class)
@Tag("once")
class SideBySideExpressTest {
  /** What says how a message is framed and not what it means, and what changes each time. */
  private static final List<String> LEFT_OUT =
      List.of("date", "connection", "keep-alive", "transfer-encoding");

  @TempDir static Path dir;
  private static ExpressServers express;

  private final Map<String, HttpServer> servers = new HashMap<>();
  private Log log;

  @BeforeAll
  static void startExpress() {
    try {
      express = ExpressServers.start(dir);
      System.out.println("Side by side with " + express.versions());
    } catch (IOException none) {
      System.out.println("The comparison with Express is skipped: " + none.getMessage());
    }
  }

  @AfterAll
  static void endExpress() {
    if (express != null) {
      express.close();
    }
  }

  @BeforeEach
  void startOurs() {
    log = new Log(LastResort.class);
    ExpressApps.all()
        .forEach((name, app) -> {
          servers.put(name, Http.createServer(app).listen(0, "127.0.0.1"));
        });
    await().until(() -> servers.values().stream().allMatch(HttpServer::listening));
  }

  @AfterEach
  void endOurs() {
    servers.values().forEach(server -> server.closeAllConnections().close());
    log.close();
  }

  @Test
  void answersAsExpressDoes() throws IOException {
    assumeTrue(express != null, "there is no Express");
    List<String> different = new ArrayList<>();
    List<Question> all = Question.all();
    for (Question question : all) {
      String theirs = ask(express.port(question.app()), question);
      String expected =
          ExpressDifferences.mask(question, ExpressDifferences.change(question, theirs));
      String ours =
          ExpressDifferences.mask(
              question, ask(servers.get(question.app()).address().port(), question));
      if (!ours.equals(expected)) {
        different.add(question + "\n--- Express\n" + expected + "\n--- ours\n" + ours + "\n");
      }
    }
    assertThat(all).hasSizeGreaterThan(400).doesNotHaveDuplicates();
    assertThat(different).describedAs("%d of %d", different.size(), all.size()).isEmpty();
  }

  @Test
  void theManualHasTheTableOfDifferences() throws IOException {
    assertThat(Files.readString(Path.of("../docs/manual/web.md")))
        .contains(ExpressDifferences.table());
  }

  private static String ask(int port, Question question) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      WebTest.send(socket, question.bytes());
      return normal(Answer.parse(WebTest.hearAll(socket)));
    }
  }

  /** Status, headers in alphabetical order, and the body, taken out of its coding. */
  private static String normal(Answer answer) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean coded = answer.header("Content-Encoding") != null;
    for (String line : answer.lines()) {
      String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
      if (!LEFT_OUT.contains(name) && !(coded && name.equals("content-length"))) {
        lines.add(name + line.substring(line.indexOf(':')));
      }
    }
    lines.sort(null);
    return answer.status()
        + " "
        + answer.phrase()
        + "\n"
        + String.join("\n", lines)
        + "\n\n"
        + plain(answer);
  }

  private static String plain(Answer answer) throws IOException {
    String coding = answer.header("Content-Encoding");
    if (coding == null || answer.body().isEmpty()) {
      return answer.body();
    }
    ByteArrayInputStream in =
        new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.ISO_8859_1));
    try (InputStream plain =
        switch (coding) {
          case "gzip" -> new GZIPInputStream(in);
          case "deflate" -> new InflaterInputStream(in);
          default -> Brotli.inflating(in);
        }) {
      return new String(plain.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
