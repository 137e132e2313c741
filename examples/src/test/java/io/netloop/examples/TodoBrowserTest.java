package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The list of things to do in a real Chromium, driven by Playwright; where one of them, or Node, is
 * missing, the test is skipped. {@code ./netloop test} installs them.
 */
class TodoBrowserTest {
  private static final Path PACKAGES =
      Path.of(System.getProperty("user.home"), ".cache", "netloop", "browser");

  private static final long PATIENCE_MINUTES = 5;

  @Test
  void whatOneVisitorDoesTheOthersSeeAtOnce() throws Exception {
    Optional<Path> chromium = program("chromium");
    assumeTrue(chromium.isPresent(), "Chromium is not installed; ./netloop test installs it");
    assumeTrue(program("node").isPresent(), "Node is not installed; ./netloop test installs it");
    assumeTrue(
        Files.isDirectory(PACKAGES.resolve("node_modules/playwright-core")),
        "playwright-core is not in " + PACKAGES + "; ./netloop test installs it");
    int port = Program.freePort();
    Path output = Files.createTempFile(Path.of("target"), "todo-", ".txt");
    try (Program server = TemplateExamplesTest.todoApp(port)) {
      Process visitors =
          new ProcessBuilder(
                  "node",
                  Program.ROOT
                      .resolve("examples/src/test/resources/browser-todo/run.mjs")
                      .toString(),
                  "http://127.0.0.1:" + port + "/",
                  PACKAGES.toString(),
                  chromium.get().toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = visitors.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
      visitors.descendants().forEach(ProcessHandle::destroyForcibly);
      visitors.destroyForcibly();
      String said = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(ended).as("the visitors end in time; they said: %s", said).isTrue();
      assertThat(said).isEqualTo("ok\n");
      assertThat(server.failures()).isEmpty();
    }
  }

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
