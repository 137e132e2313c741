package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.NothingLeaks;
import io.netloop.Uncaught;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same programs in Node and here, in all roles. What each side records must be what it records
 * where both sides are Node's, but for the {@link Differences}.
 */
@ExtendWith(NothingLeaks.class)
@Tag("once") // the other transports can't tell at once what the system takes
class SideBySideTest {
  private static final long LONGEST_SECONDS = 10;

  /**
   * Programs wait for some milliseconds where the other side is to have acted. On a busy machine
   * that can be too short; what really differs differs each time.
   */
  private static final int TRIES = 3;

  @TempDir static Path dir;
  private static NodeProcess node;
  private static int runs;

  private final Loop loop = Loop.current();

  @BeforeAll
  static void startNode() {
    try {
      node = NodeProcess.start(dir);
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

  static Stream<Program> programs() {
    return Stream.of(
            OrderPrograms.all(),
            SocketPrograms.all(),
            WritingPrograms.all(),
            ServerPrograms.all(),
            ErrorPrograms.all())
        .flatMap(List::stream);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void isAsInNode(Program program) throws Exception {
    assumeTrue(node != null, "there is no node on the path");
    assumeTrue(
        node.major() >= program.sinceNode,
        () -> "Node " + node.version() + " is too old: " + program.sinceNode + " has it");
    String differences = differences(program);
    for (int again = 1; again < TRIES && !differences.isEmpty(); again++) {
      System.out.println("Once more, since time may have been short: " + program + differences);
      differences = differences(program);
    }
    assertThat(differences).describedAs(program.name).isEmpty();
  }

  private String differences(Program program) throws Exception {
    Map<String, List<String>> model = new Run(program, false, false).lines();
    Map<String, List<String>> nodes = Differences.asNewest(program.name, model, node.major());
    Map<String, List<String>> ours = Differences.apply(program.name, nodes);
    StringBuilder differences = new StringBuilder();
    if (program.nodeServer == null) {
      compare("ours", new Run(program, true, true), ours, differences);
    } else {
      compare("both ours", new Run(program, true, true), ours, differences);
      compare(
          "the server ours", new Run(program, true, false), mixed(ours, model, true), differences);
      compare(
          "the client ours", new Run(program, false, true), mixed(ours, model, false), differences);
    }
    return differences.toString();
  }

  @Test
  void theManualHasTheTableOfDifferences() throws IOException {
    String manual = Files.readString(Path.of("../docs/manual/net.md"));

    assertThat(manual).contains(Differences.table());
    assertThat(programs().map(program -> program.name))
        .doesNotHaveDuplicates()
        .containsAll(Differences.programs());
  }

  private static void compare(
      String roles, Run run, Map<String, List<String>> expected, StringBuilder differences) {
    Map<String, List<String>> lines = run.lines();
    TreeSet<String> all = new TreeSet<>(expected.keySet());
    all.addAll(lines.keySet());
    for (String who : all) {
      List<String> wanted = expected.getOrDefault(who, List.of());
      List<String> got = lines.getOrDefault(who, List.of());
      if (!wanted.equals(got)) {
        differences.append(
            "%n%s, %s:%n  as in Node:%n    %s%n  was:%n    %s%n"
                .formatted(roles, who, String.join("\n    ", wanted), String.join("\n    ", got)));
      }
    }
  }

  /** The accepted socket is S, the server's own lines too; all else is the client's. */
  private static Map<String, List<String>> mixed(
      Map<String, List<String>> ours, Map<String, List<String>> nodes, boolean serverIsOurs) {
    Map<String, List<String>> mixed = new TreeMap<>();
    ours.forEach((who, list) -> {
      if (who.startsWith("S") == serverIsOurs) {
        mixed.put(who, list);
      }
    });
    nodes.forEach((who, list) -> {
      if (who.startsWith("S") != serverIsOurs) {
        mixed.put(who, list);
      }
    });
    return mixed;
  }

  /** One run of a program, its parts in Node or here. */
  private final class Run {
    private final Program program;
    private final List<Transcript> transcripts = new ArrayList<>();
    private final List<Part> ours = new ArrayList<>();
    private final List<String> nodes = new ArrayList<>();

    Run(Program program, boolean serverIsOurs, boolean clientIsOurs) throws Exception {
      this.program = program;
      String target = "";
      if (program.nodeServer != null) {
        Transcript server = start("server", serverIsOurs, "");
        target = server.listening.get(LONGEST_SECONDS, TimeUnit.SECONDS);
      }
      start(program.nodeAlone != null ? "alone" : "client", clientIsOurs, target);
      waitForTheEnd(serverIsOurs, clientIsOurs);
    }

    private Transcript start(String kind, boolean isOurs, String target) throws IOException {
      Transcript transcript = new Transcript();
      transcripts.add(transcript);
      String id = "r" + runs++;
      Path own = Files.createDirectory(dir.resolve(id));
      if (isOurs) {
        loop.execute(() -> {
          Part part = new Part(transcript, own, target);
          ours.add(part);
          begin(kind, part);
        });
      } else {
        nodes.add(id);
        boolean server = kind.equals("server");
        node.run(
            id,
            kind,
            own,
            target,
            server
                ? program.json(program.serverOptions, program.serverReads)
                : program.json(program.clientOptions, program.clientReads),
            server
                ? program.nodeServer
                : program.nodeAlone != null ? program.nodeAlone : program.nodeClient,
            transcript);
      }
      return transcript;
    }

    private void begin(String kind, Part part) {
      part.hold();
      switch (kind) {
        case "server" -> beginServer(part);
        case "client" -> {
          TcpSocket client = Net.createConnection(part.target().withSocket(program.clientOptions));
          part.watch("C", client, program.clientReads);
          program.ourClient.accept(part, client);
        }
        default -> program.ourAlone.accept(part);
      }
      part.release();
    }

    private void beginServer(Part part) {
      part.hold();
      int[] accepted = {0};
      TcpServer server =
          Net.createServer(
              program.serverOptions,
              socket -> {
                accepted[0]++;
                String who = accepted[0] == 1 ? "S" : "S" + accepted[0];
                part.watch(who, socket, program.serverReads);
                program.ourServer.accept(part, socket);
                if (accepted[0] == 1) {
                  part.release();
                }
              });
      part.closeAtEnd(server);
      server.onListening(() -> part.listening(server));
      if (program.overPath) {
        server.listen(part.path("s.sock"));
      } else {
        server.listen(0, "127.0.0.1");
      }
    }

    private void waitForTheEnd(boolean serverIsOurs, boolean clientIsOurs) throws Exception {
      CompletableFuture<?> done =
          CompletableFuture.allOf(
              transcripts.stream().map(t -> t.done).toArray(CompletableFuture[]::new));
      CompletableFuture<?> stopped =
          CompletableFuture.anyOf(
              transcripts.stream().map(t -> t.stopped).toArray(CompletableFuture[]::new));
      try {
        CompletableFuture.anyOf(done, stopped).get(LONGEST_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        fail(
            "%s, server %s, client %s: no end. So far:%n%s",
            program, whose(serverIsOurs), whose(clientIsOurs), lines());
      } finally {
        takeUncaught();
        transcripts.forEach(Transcript::end);
        nodes.forEach(node::end);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        loop.execute(() -> {
          ours.forEach(Part::end);
          ended.complete(null);
        });
        ended.get(LONGEST_SECONDS, TimeUnit.SECONDS);
      }
    }

    private void takeUncaught() {
      while (!Uncaught.isEmpty()) {
        Throwable failure = Uncaught.next();
        transcripts
            .getLast()
            .log(
                "program",
                "uncaught " + (failure instanceof NetException e ? Part.error(e) : failure));
      }
    }

    private String whose(boolean isOurs) {
      return isOurs ? "ours" : "Node's";
    }

    /** What all parts have told. */
    Map<String, List<String>> lines() {
      Map<String, List<String>> all = new TreeMap<>();
      transcripts.forEach(transcript -> all.putAll(transcript.lines()));
      return all;
    }
  }
}
