package io.netloop.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A program that {@code ./netloop run} has started, with what it has printed so far. */
final class Program implements AutoCloseable {
  static final Path ROOT = Path.of(System.getProperty("netloop.root"));

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final String name;
  private final Process process;
  private final Thread reader;

  /** Written by the reading thread only. */
  private volatile String output = "";

  private Program(Path file) throws IOException {
    this(file.getFileName().toString(), ROOT.resolve("netloop").toString(), "run", file.toString());
  }

  private Program(String name, String... command) throws IOException {
    this.name = name;
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    reader = new Thread(this::read, "output of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts an example on another port than the one that it names, so that nothing is in its way.
   */
  static Program example(String name, int itsPort, int port) throws IOException {
    String source = Files.readString(ROOT.resolve("examples").resolve(name + ".java"));
    return source(name, source.replace(String.valueOf(itsPort), String.valueOf(port)));
  }

  /** Starts a source text as a file of this name. */
  static Program source(String name, String source) throws IOException {
    Path directory = Files.createTempDirectory(Path.of("target"), "run-");
    return new Program(Files.writeString(directory.resolve(name + ".java"), source));
  }

  /** Starts a script in Node. */
  static Program node(String name, String script) throws IOException {
    return new Program(name, "node", "-e", script);
  }

  /** A port that was free a moment ago. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until it has printed this. */
  Program prints(String text) {
    return prints(text, () -> output.contains(text));
  }

  /** Waits until it has printed a whole line that begins so. */
  Program printsLine(String beginning) {
    return prints(beginning, () -> wholeLines().anyMatch(line -> line.startsWith(beginning)));
  }

  private Program prints(String text, BooleanSupplier isThere) {
    Awaitility.await(name + " prints " + text)
        .atMost(PATIENCE)
        .failFast(() -> {
          // What it has printed last may come to us after its end.
          if (!reader.isAlive() && !isThere.getAsBoolean()) {
            throw new AssertionError(name + " ended without printing " + text + ":\n" + output);
          }
        })
        .until(isThere::getAsBoolean);
    return this;
  }

  private Stream<String> wholeLines() {
    String printed = output;
    return printed.substring(0, printed.lastIndexOf('\n') + 1).lines();
  }

  /** Types a line. */
  Program types(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return this;
  }

  /** Ends its input. */
  Program endsInput() throws IOException {
    process.getOutputStream().close();
    return this;
  }

  /** Waits for its end by itself, with all that it has printed, and gives its status. */
  int status() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || !reader.join(PATIENCE)) {
      throw new AssertionError(name + " does not end:\n" + output);
    }
    return process.exitValue();
  }

  /** All that it has printed so far, to the blank. */
  String output() {
    return output;
  }

  /** The lines printed so far that are not empty; the last may not be whole yet. */
  List<String> lines() {
    return output.lines().filter(line -> !line.isBlank()).toList();
  }

  /**
   * The lines printed so far that tell of an exception or an error. On a busy machine a program
   * also tells of turns that took long, and where they were: those lines of a stack are no
   * failures.
   */
  List<String> failures() {
    return lines().stream()
        .filter(line -> line.contains("Exception") || line.contains("ERROR"))
        .filter(line -> !line.startsWith("\tat "))
        .toList();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      char[] chars = new char[4096];
      for (int length; (length = reader.read(chars)) >= 0; ) {
        append(new String(chars, 0, length));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void append(String text) {
    output = output.concat(text);
  }
}
