package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Another process that takes part: npm's ws, Autobahn, a browser. */
final class Peer implements AutoCloseable {
  private static final String END = "\0";

  private final Process process;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  Peer(ProcessBuilder how) {
    try {
      process = how.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::read);
  }

  /** Where {@code ./netloop test} puts what only the tests need. */
  static Path cache(String name) {
    return Path.of(System.getProperty("user.home"), ".cache", "netloop", name);
  }

  /** Why npm's ws can't take part, or null where it can. */
  static String missingWs() {
    if (!Files.isDirectory(cache("ws").resolve("node_modules/ws"))) {
      return "there is no npm package ws in " + cache("ws") + ": ./netloop test installs it";
    }
    return program("node") == null ? "there is no node on the PATH" : null;
  }

  /** The first of these programs that there is, or null. */
  static Path program(String... names) {
    for (String name : names) {
      for (String folder : System.getenv("PATH").split(":", -1)) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
    }
    return null;
  }

  /** A script of Node that finds npm's ws; what it logs is what {@link #line} gives. */
  static Peer ws(String script, Object... arguments) {
    List<String> command = new ArrayList<>(List.of("node", "-e", script, "--"));
    for (Object argument : arguments) {
      command.add(String.valueOf(argument));
    }
    return new Peer(new ProcessBuilder(command).directory(cache("ws").toFile()));
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = in.readLine()) != null; ) {
        lines.add(line);
      }
    } catch (IOException closed) {
      // The process has ended.
    }
    lines.add(END);
  }

  /** The next line of its output. */
  String line() {
    String line = next(20);
    assertThat(line).describedAs("a line of the other process").isNotNull().isNotEqualTo(END);
    return line;
  }

  private String next(long seconds) {
    try {
      return lines.poll(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** All lines until its end, which comes within that time. */
  List<String> rest(long seconds) {
    List<String> rest = new ArrayList<>();
    for (String line = next(seconds); !END.equals(line); line = next(seconds)) {
      assertThat(line).describedAs("an end of the other process; it said %s", rest).isNotNull();
      rest.add(line);
    }
    return rest;
  }

  void type(String text) {
    try {
      OutputStream out = process.getOutputStream();
      out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
  }
}
