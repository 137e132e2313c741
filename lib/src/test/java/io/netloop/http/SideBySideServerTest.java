package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.NothingLeaks;
import io.netloop.Uncaught;
import io.netloop.loop.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same bytes are sent to the same server, once in Node and once here. What comes back must be
 * the same, byte by byte but for the date, and so must what the server sees, but for the {@link
 * ServerDifferences}.
 */
@ExtendWith(NothingLeaks.class)
@Tag("once")
class SideBySideServerTest {
  private static final Pattern DATE =
      Pattern.compile("Date: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");

  private static final Pattern LONE_LINE_FEED = Pattern.compile("(?<!\r)\n");

  /** Some wait for a time-out, and a busy machine can be late; what really differs does always. */
  private static final int TRIES = 3;

  @TempDir static Path dir;
  private static NodeServers node;

  private final Loop loop = Loop.current();

  @BeforeAll
  static void startNode() {
    try {
      node = NodeServers.start(dir);
      System.out.println("Side by side with Node " + node.version());
    } catch (IOException none) {
      System.out.println("The comparison with Node is skipped: " + none.getMessage());
    }
  }

  @AfterAll
  static void endNode() {
    if (node != null) {
      node.close();
    }
  }

  static Stream<Dialogue> dialogues() {
    return Stream.of(
            AnswerDialogues.all(),
            HeaderDialogues.all(),
            BodyDialogues.all(),
            TalkDialogues.all(),
            RefusalDialogues.all(),
            OrderDialogues.all())
        .flatMap(List::stream);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dialogues")
  void isAsInNode(Dialogue dialogue) throws Exception {
    assumeTrue(node != null, "there is no node on the path");
    assumeTrue(node.major() >= dialogue.sinceNode, "Node " + node.version() + " is too old");
    assumeTrue(node.major() < dialogue.beforeNode, "Node " + node.version() + " does it otherwise");
    for (int attempt = 1; ; attempt++) {
      String told = ofNode(dialogue);
      String expected = ServerDifferences.apply(dialogue.name, told, node.major());
      String ours = ofOurs(dialogue);
      if (ours.equals(expected) || attempt == TRIES) {
        assertThat(ours).describedAs(dialogue.name).isEqualTo(expected);
        return;
      }
      System.out.println("Once more, since time may have been short: " + dialogue);
    }
  }

  @Test
  void theManualHasTheTableOfDifferences() throws IOException {
    assertThat(Files.readString(Path.of("../docs/manual/http.md")))
        .contains(ServerDifferences.table());
    assertThat(dialogues().map(dialogue -> dialogue.name))
        .hasSizeGreaterThan(80)
        .doesNotHaveDuplicates()
        .containsAll(ServerDifferences.dialogues());
  }

  private static String ofNode(Dialogue dialogue) throws IOException {
    Notes notes = new Notes();
    String id = node.begin(dialogue, notes);
    try (RawClient client = new RawClient(node.port(id), dialogue.patience)) {
      String heard = talk(dialogue, client, notes);
      node.catchUp(id);
      return lines(heard, notes);
    } finally {
      node.end(id);
    }
  }

  private String ofOurs(Dialogue dialogue) throws Exception {
    Notes notes = new Notes();
    HttpServer server = onLoop(dialogue, notes);
    try (RawClient client = new RawClient(server.address().port(), dialogue.patience)) {
      return lines(talk(dialogue, client, notes), notes);
    } finally {
      server.closeAllConnections().close();
      while (!Uncaught.isEmpty()) {
        Uncaught.next();
      }
    }
  }

  private HttpServer onLoop(Dialogue dialogue, Notes notes) throws Exception {
    CompletableFuture<HttpServer> listens = new CompletableFuture<>();
    loop.execute(() -> {
      HttpServer server = Http.createServer(dialogue.options);
      server.onRequest((request, response) -> {
        if (request.url().equals("/probe")) {
          response.end("probe!");
        } else {
          dialogue.handler.handle(notes, request, response);
        }
      });
      dialogue.setUp.accept(notes, server);
      server.listen(0, "127.0.0.1", () -> listens.complete(server));
    });
    return listens.get(5, TimeUnit.SECONDS);
  }

  private static String talk(Dialogue dialogue, RawClient client, Notes notes) throws IOException {
    String heard = client.run(dialogue.steps, dialogue.probes, notes);
    if (!dialogue.lastNote.isEmpty()) {
      try {
        await().atMost(dialogue.patience).until(() -> notes.lines().contains(dialogue.lastNote));
      } catch (ConditionTimeoutException missing) {
        notes.log("(never: " + dialogue.lastNote + ")");
      }
    }
    return heard;
  }

  /** What the client heard, line by line, then what the server has noted. */
  private static String lines(String heard, Notes notes) {
    String masked = DATE.matcher(heard).replaceAll("Date: …");
    List<String> lines = new ArrayList<>();
    lines.add(LONE_LINE_FEED.matcher(masked).replaceAll("\\\\n").replace("\r\n", "\n"));
    notes.lines().forEach(note -> lines.add("# " + note));
    return String.join("\n", lines);
  }
}
