package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.Uncaught;
import io.netloop.loop.Loop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dialogues that are held against Node over HTTP/1.1, once over HTTP/1.1 and once over HTTP/2,
 * where the client says one whole request: the same status, headers, body and trailers come back,
 * and the program sees the same, but for what is about connections.
 */
@ExtendWith(NothingLeaks.class)
@Tag("once")
class SideBySideHttp2Test {
  /** What HTTP/2 does in another way by its nature: the dialogue, and how. */
  private static final Map<String, String> OTHERWISE =
      new TreeMap<>(
          Map.of(
              "own Connection: keep-alive",
              "whether a connection is kept is not said: it is",
              "trailers without chunks are lost",
              "there are no chunks: trailers are always sent",
              "Trailer with Content-Length",
              "both may be said together",
              "a target that is a whole URL",
              "a path stands in its own field, and is one",
              "order: a server's time-out, nobody listens",
              "the connection has no time of its own for a stream",
              "order: a server's time-out, somebody listens",
              "the connection has no time of its own for a stream"));

  /** Headers that say how a message is framed, or when it was sent. */
  private static final Set<String> OF_CONNECTION =
      Set.of("connection", "keep-alive", "transfer-encoding", "date", "content-length");

  /** It ends by itself: nothing is waited for in vain. */
  private static final Duration AGES = Duration.ofSeconds(30);

  private static final HttpServerOptions ANY = HttpServerOptions.defaults();

  private final Loop loop = Loop.current();

  /** One request, taken apart. */
  private record Asked(String method, String target, List<String> fields, String body) {}

  /** One answer, without what is about the connection. */
  private record Answered(
      String status, Map<String, String> fields, String body, Map<String, String> trailers) {}

  static Stream<Dialogue> dialogues() {
    return Stream.of(
            AnswerDialogues.all(),
            HeaderDialogues.all(),
            BodyDialogues.all(),
            TalkDialogues.all(),
            OrderDialogues.all())
        .flatMap(List::stream)
        .filter(dialogue -> asked(dialogue) != null && !OTHERWISE.containsKey(dialogue.name));
  }

  @Test
  void theGuideSaysWhichAreOtherwise() throws IOException {
    StringBuilder table = new StringBuilder("| over HTTP/1.1 | over HTTP/2 |\n|---|---|\n");
    OTHERWISE.forEach(
        (name, how) -> table.append("| ").append(name).append(" | ").append(how).append(" |\n"));

    assertThat(Files.readString(Path.of("../docs/guide/http2.md"))).contains(table);
    assertThat(dialogues()).hasSizeGreaterThan(90);
  }

  /** The request of a dialogue that is nothing but one whole request of HTTP/1.1; else null. */
  private static Asked asked(Dialogue dialogue) {
    if (dialogue.steps.size() != 1 || !(dialogue.steps.getFirst() instanceof RawClient.Send sent)) {
      return null;
    }
    String text = sent.latin1();
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return null;
    }
    String[] lines = text.substring(0, end).split("\r\n", -1);
    String[] first = lines[0].split(" ", -1);
    if (first.length != 3 || !first[2].equals("HTTP/1.1") || first[0].equals("CONNECT")) {
      return null;
    }
    String body = text.substring(end + 4);
    List<String> fields = new ArrayList<>();
    int length = 0;
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 0) {
        return null;
      }
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      String value = lines[i].substring(colon + 1).strip();
      switch (name) {
        case "upgrade", "transfer-encoding" -> {
          return null;
        }
        case "content-length" -> length = Integer.parseInt(value);
        case "connection", "keep-alive", "host" -> {}
        default -> fields.addAll(List.of(name, value));
      }
    }
    return body.length() == length ? new Asked(first[0], first[1], fields, body) : null;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dialogues")
  void isAsOverHttp11(Dialogue dialogue) throws Exception {
    Notes oldNotes = new Notes();
    Answered old = overHttp11(dialogue, oldNotes);
    Notes youngNotes = new Notes();
    Answered young = overHttp2(dialogue, youngNotes);

    assertThat(young).isEqualTo(old);
    assertThat(withoutConnection(youngNotes)).isEqualTo(withoutConnection(oldNotes));
  }

  /** The client of HTTP/1.1 asks for an end, to hear it; and writes names as it likes. */
  private static List<String> withoutConnection(Notes notes) {
    return notes.lines().stream()
        .filter(note -> !note.equals("connection close"))
        .map(note -> note.replace("Host|h|Connection|close", "host|h"))
        .toList();
  }

  private HttpServer serving(Dialogue dialogue, Notes notes) throws Exception {
    CompletableFuture<HttpServer> listens = new CompletableFuture<>();
    loop.execute(() -> {
      HttpServer server =
          Http.createServer(dialogue.options.withHttp2(ANY.http2().withPriorKnowledge(true)));
      server.onRequest((request, response) -> dialogue.handler.handle(notes, request, response));
      dialogue.setUp.accept(notes, server);
      server.listen(0, "127.0.0.1", () -> listens.complete(server));
    });
    return listens.get(5, TimeUnit.SECONDS);
  }

  private static void end(HttpServer server) {
    server.closeAllConnections().close();
    while (!Uncaught.isEmpty()) {
      Uncaught.next();
    }
  }

  private static void awaitLast(Dialogue dialogue, Notes notes) {
    if (!dialogue.lastNote.isEmpty()) {
      try {
        await().atMost(dialogue.patience).until(() -> notes.lines().contains(dialogue.lastNote));
      } catch (ConditionTimeoutException missing) {
        notes.log("(never: " + dialogue.lastNote + ")");
      }
    }
  }

  private Answered overHttp11(Dialogue dialogue, Notes notes) throws Exception {
    HttpServer server = serving(dialogue, notes);
    Asked asked = asked(dialogue);
    StringBuilder text = new StringBuilder(asked.method() + " " + asked.target() + " HTTP/1.1\r\n");
    text.append("Host: h\r\nConnection: close\r\n");
    for (int i = 0; i < asked.fields().size(); i += 2) {
      text.append(asked.fields().get(i)).append(": ").append(asked.fields().get(i + 1));
      text.append("\r\n");
    }
    if (!asked.body().isEmpty()) {
      text.append("Content-Length: ").append(asked.body().length()).append("\r\n");
    }
    text.append("\r\n").append(asked.body());
    try (RawClient client = new RawClient(server.address().port(), AGES)) {
      client.send(text.toString());
      String heard = client.hearAll();
      awaitLast(dialogue, notes);
      return parse(heard, asked.method().equals("HEAD"));
    } finally {
      end(server);
    }
  }

  private Answered overHttp2(Dialogue dialogue, Notes notes) throws Exception {
    HttpServer server = serving(dialogue, notes);
    Asked asked = asked(dialogue);
    List<String> fields =
        new ArrayList<>(
            List.of(
                ":method",
                asked.method(),
                ":scheme",
                "http",
                ":path",
                asked.target(),
                ":authority",
                "h"));
    fields.addAll(asked.fields());
    if (!asked.body().isEmpty()) {
      fields.addAll(List.of("content-length", "" + asked.body().length()));
    }
    try (FrameClient client = FrameClient.greet(server.address().port())) {
      client.headers(1, asked.body().isEmpty(), fields.toArray(String[]::new));
      if (!asked.body().isEmpty()) {
        client.data(1, true, asked.body());
      }
      FrameClient.Answer answer = client.ask(1);
      awaitLast(dialogue, notes);
      Map<String, String> all = new TreeMap<>(answer.fields);
      String status = answer.reset > 0 ? "cut" : all.remove(":status");
      all.keySet().removeAll(OF_CONNECTION);
      return new Answered(status, all, answer.text(), answer.trailers);
    } finally {
      end(server);
    }
  }

  /** The last answer that was heard, before which there may be some of 1xx. */
  private static Answered parse(String heard, boolean isHead) throws IOException {
    String rest = heard;
    while (rest.startsWith("HTTP/1.1 1")) {
      rest = rest.substring(rest.indexOf("\r\n\r\n") + 4);
    }
    int end = rest.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Answered("cut", Map.of(), "", Map.of());
    }
    String[] lines = rest.substring(0, end).split("\r\n", -1);
    Map<String, String> fields = fields(lines);
    String body = rest.substring(end + 4);
    Map<String, String> trailers = Map.of();
    if (fields.getOrDefault("transfer-encoding", "").equals("chunked") && !isHead) {
      StringBuilder all = new StringBuilder();
      int at = 0;
      int length;
      do {
        int line = body.indexOf("\r\n", at);
        length = Integer.parseInt(body.substring(at, line), 16);
        all.append(body, line + 2, line + 2 + length);
        at = line + 2 + length + (length > 0 ? 2 : 0);
      } while (length > 0);
      String tail = body.substring(at);
      trailers = tail.length() > 2 ? fields(("\r\n" + tail).split("\r\n", -1)) : Map.of();
      body = all.toString();
    }
    String status = lines[0].substring(9, 12);
    fields.keySet().removeAll(OF_CONNECTION);
    return new Answered(status, fields, body, trailers);
  }

  private static Map<String, String> fields(String[] lines) {
    Map<String, String> fields = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        fields.merge(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            new String(
                lines[i].substring(colon + 1).strip().getBytes(StandardCharsets.ISO_8859_1),
                StandardCharsets.ISO_8859_1),
            (a, b) -> a + ", " + b);
      }
    }
    return fields;
  }
}
