package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Another process, which the tests talk to: Node's own net, nc, or another JVM. */
final class Peer implements AutoCloseable {
  private static final String END = "\0";

  private final Process process;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Peer(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::read);
  }

  /** A script of Node, whose console.log is what {@link #line} gives. */
  static Peer node(String script, Object... arguments) {
    List<String> command = new ArrayList<>(List.of("node", "-e", script, "--"));
    for (Object argument : arguments) {
      command.add(String.valueOf(argument));
    }
    return new Peer(command);
  }

  static Peer of(String... command) {
    return new Peer(List.of(command));
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
    try {
      String line = lines.poll(10, TimeUnit.SECONDS);
      assertThat(line).describedAs("a line of the other process").isNotNull().isNotEqualTo(END);
      return line;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** All lines until its end. */
  List<String> rest() {
    List<String> rest = new ArrayList<>();
    try {
      for (String line; (line = lines.poll(10, TimeUnit.SECONDS)) != null && !line.equals(END); ) {
        rest.add(line);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return rest;
  }

  void type(String text) {
    try {
      OutputStream out = process.getOutputStream();
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** As kill -9 does it. */
  void kill() {
    process.destroyForcibly();
  }

  CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  @Override
  public void close() {
    kill();
    exit().orTimeout(5, TimeUnit.SECONDS).join();
  }
}
