package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A real terminal, in which a program is started and typed at. */
final class Tmux implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String server =
      "netloop-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

  /** Starts a command of the shell in a terminal of 80 columns and 24 lines. */
  Tmux(String command) {
    assumeTrue(isInstalled(), "tmux is not installed");
    tmux("new-session", "-d", "-x", "80", "-y", "24", command + "; echo status $?; sleep 600");
  }

  private static boolean isInstalled() {
    try {
      return new ProcessBuilder("tmux", "-V").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String tmux(String... args) {
    List<String> command = new ArrayList<>(List.of("tmux", "-u", "-L", server, "-f", "/dev/null"));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().keySet().removeAll(List.of("TMUX", "NO_COLOR"));
    try {
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Types text as it is. */
  Tmux type(String text) {
    tmux("send-keys", "-l", text);
    return this;
  }

  /** Presses a key: {@code Enter}, {@code Tab}, {@code C-c}. */
  Tmux press(String key) {
    tmux("send-keys", key);
    return this;
  }

  /** What is to be seen, without the empty lines at the end. */
  String screen() {
    return tmux("capture-pane", "-p").stripTrailing();
  }

  /** The same with escape sequences for the colours. */
  String colours() {
    return tmux("capture-pane", "-p", "-e").stripTrailing();
  }

  /** Waits until this is to be seen. */
  Tmux sees(String text) {
    await().atMost(Command.PATIENCE).untilAsserted(() -> assertThat(screen()).contains(text));
    return this;
  }

  /** Waits until the last line is this one. */
  Tmux endsWith(String text) {
    await().atMost(Command.PATIENCE).untilAsserted(() -> assertThat(screen()).endsWith(text));
    return this;
  }

  @Override
  public void close() {
    tmux("kill-server");
  }
}
