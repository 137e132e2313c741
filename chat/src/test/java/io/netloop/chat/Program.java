package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program of its own process: a client that we have not written. */
final class Program implements AutoCloseable {
  private final Process process;
  private final Writer in;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Program(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    in = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::readLines);
  }

  /** Starts a program, or skips the test where this machine does not have it. */
  static Program start(String... command) {
    String name = command[0];
    boolean installed =
        List.of(System.getenv("PATH").split(":", -1)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    assumeTrue(installed, name + " is not installed; ./netloop test installs it");
    return new Program(List.of(command));
  }

  /** Starts the client of the course. */
  static Program seedClient(int port) {
    return start("node", "src/test/resources/seed-client.js", String.valueOf(port));
  }

  private void readLines() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException killed) {
      lines.add("");
    }
  }

  /** Types a line. */
  Program types(String line) {
    try {
      in.write(line + "\n");
      in.flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return this;
  }

  /** Ends its standard input. */
  Program inputEnds() {
    try {
      in.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return this;
  }

  /** The next line of its output. */
  String prints() {
    try {
      String line = lines.poll(House.SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(line).as("a line of output").isNotNull();
      return line;
    } catch (InterruptedException stop) {
      throw new AssertionError(stop);
    }
  }

  /** Its exit status. */
  int ends() {
    try {
      assertThat(process.waitFor(House.SOON.toSeconds(), TimeUnit.SECONDS))
          .as("the program ends")
          .isTrue();
      return process.exitValue();
    } catch (InterruptedException stop) {
      throw new AssertionError(stop);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** kill -9. */
  void isKilled() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    isKilled();
    ends();
  }
}
