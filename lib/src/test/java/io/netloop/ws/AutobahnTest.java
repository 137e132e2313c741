package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Autobahn's fuzzing client against our server, sections 1 to 7, 9 and 10. It is written for Python
 * 2, and runs on Jython and a JDK 17 in a process of its own; {@code ./netloop test} fetches it. A
 * choice of its cases runs by default, all of them with {@code -Dnetloop.autobahn=all}.
 */
class AutobahnTest extends WsTest {
  /** Some of each section, and few of those that wait for seconds. */
  private static final String SOME =
      "'1.1.1','1.1.2','1.1.6','1.1.8','1.2.3','1.2.7','2.1','2.2','2.5','2.6','2.9','2.10','2.11',"
          + "'3.1','3.3','3.4','3.7','4.1.1','4.1.3','4.2.2','4.2.5','5.1','5.3','5.6','5.8','5.9',"
          + "'5.15','5.19','6.1.2','6.2.3','6.3.1','6.4.3','6.5.1','6.6.2','6.8.1','6.12.1',"
          + "'6.20.1','6.22.1','6.23.1','7.1.1','7.1.3','7.1.5','7.3.1','7.3.2','7.3.5','7.3.6',"
          + "'7.5.1','7.7.1','7.7.10','7.9.1','7.9.9','7.13.1','9.1.1','9.2.1','9.7.1','9.8.1',"
          + "'10.1.1'";

  /** What npm's ws is allowed, too: a wrong UTF-8 found later than could be, or a choice. */
  private static final Set<String> MAY_BE_OTHERWISE = Set.of("NON-STRICT", "INFORMATIONAL");

  private static final Pattern RESULT =
      Pattern.compile(
          "\"(\\d+(?:\\.\\d+)+)\": \\{\\s*\"behavior\": \"([^\"]+)\",\\s*"
              + "\"behaviorClose\": \"([^\"]+)\"");

  private static final boolean ALL = "all".equals(System.getProperty("netloop.autobahn"));
  private static final int PATIENCE_SECONDS = ALL ? 900 : 120;

  @TempDir private Path folder;

  @Test
  void findsNoCaseThatFails() throws IOException {
    Map<String, String> results = run(ALL ? "'*'" : SOME);

    TreeMap<String, TreeSet<String>> byBehaviour = new TreeMap<>();
    results.forEach((id, behaviour) ->
        byBehaviour.computeIfAbsent(behaviour, unknown -> new TreeSet<>()).add(id));
    byBehaviour.remove("OK");
    assertThat(MAY_BE_OTHERWISE).containsAll(byBehaviour.keySet());
    assertThat(byBehaviour.getOrDefault("NON-STRICT", new TreeSet<>())).hasSizeLessThanOrEqualTo(4);
    assertThat(byBehaviour.getOrDefault("INFORMATIONAL", new TreeSet<>()))
        .hasSizeLessThanOrEqualTo(3);
    assertThat(results).hasSize(ALL ? 301 : SOME.split(",", -1).length);
  }

  private Map<String, String> run(String cases) throws IOException {
    Path java = java17();
    assumeTrue(java != null, "Autobahn needs a JDK 17, and there is none in /usr/lib/jvm");
    Path suite = jar("autobahntestsuite-maven-plugin");
    Path jython = jar("jython-standalone");
    assumeTrue(
        suite != null && jython != null,
        "Autobahn is not in " + Peer.cache("autobahn") + ": ./netloop test fetches it");

    WebSocketServer server = echo(options().withMaxPayload(32 << 20));
    Path spec =
        Files.writeString(
            folder.resolve("spec.json"),
            """
            {"options": {"failByDrop": false}, "outdir": "reports",
             "servers": [{"agent": "netloop", "url": "%s", "options": {"version": 18}}],
             "cases": [%s], "exclude-cases": [], "exclude-agent-cases": {}}
            """
                .formatted(url(server), cases.replace('\'', '"')));
    Path script =
        Files.writeString(
            folder.resolve("run.py"),
            """
            import sys
            sys.path.insert(0, '%s')
            sys.argv = ['wstest', '-m', 'fuzzingclient', '-s', '%s']
            from autobahntestsuite import wstest
            wstest.run()
            """
                .formatted(suite, spec));
    List<String> command =
        List.of(
            java.toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dpython.cachedir=" + folder.resolve("python"),
            "-jar",
            jython.toString(),
            script.toString());
    try (Peer autobahn = new Peer(new ProcessBuilder(command).directory(folder.toFile()))) {
      List<String> said = autobahn.rest(PATIENCE_SECONDS);
      Path index = folder.resolve("reports/index.json");
      assertThat(index).describedAs("%s", said).exists();
      return results(Files.readString(index));
    }
  }

  /** Of each case how it went; the worse of the two that Autobahn tells. */
  private static Map<String, String> results(String index) {
    TreeMap<String, String> results = new TreeMap<>();
    Matcher each = RESULT.matcher(index);
    while (each.find()) {
      String close = each.group(3);
      boolean fine = close.equals("OK") || close.equals("INFORMATIONAL");
      results.put(each.group(1), fine ? each.group(2) : "close " + close);
    }
    return results;
  }

  private static Path java17() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(jdk -> jdk.getFileName().toString().contains("17"))
          .map(jdk -> jdk.resolve("bin/java"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElse(null);
    }
  }

  private static Path jar(String name) throws IOException {
    Path folder = Peer.cache("autobahn");
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(jar -> jar.getFileName().toString().matches(name + "-[0-9.]+\\.jar"))
          .findFirst()
          .orElse(null);
    }
  }
}
