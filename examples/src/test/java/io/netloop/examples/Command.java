package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./netloop} with some arguments, as a process of its own with pipes. */
@SuppressWarnings("JdkObsolete") // two threads use the text: a StringBuffer it must be
final class Command implements AutoCloseable {
  /** The first start after a build also trains the AOT cache. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Path LAUNCHER = Path.of(System.getProperty("netloop.root"), "netloop");

  private final Process process;
  private final List<Thread> readers = new ArrayList<>();
  private final StringBuffer out;
  private final StringBuffer err;

  Command(String... args) {
    this(List.of(), args);
  }

  /** On a host of its own, as far as the network goes. */
  static Command on(String namespace, String... args) {
    return new Command(List.of("ip", "netns", "exec", namespace), args);
  }

  private Command(List<String> before, String... args) {
    List<String> command = new ArrayList<>(before);
    command.add(LAUNCHER.toString());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C.UTF-8");
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out = collect(process.getInputStream());
    err = collect(process.getErrorStream());
  }

  /** A chat room on a free port. */
  static Command room() {
    return new Command("chat", "--port", "0", "--web-port", "0", "--lang", "en");
  }

  private StringBuffer collect(InputStream stream) {
    StringBuffer text = new StringBuffer();
    Thread reading =
        Thread.startVirtualThread(() -> {
          try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            char[] piece = new char[1024];
            for (int length = reader.read(piece); length >= 0; length = reader.read(piece)) {
              text.append(piece, 0, length);
            }
          } catch (IOException gone) {
            // The process has ended.
          }
        });
    readers.add(reading);
    return text;
  }

  /** The port that the room has told. */
  int port() {
    Pattern told = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
    says("Ctrl-C");
    Matcher port = told.matcher(out);
    assertThat(port.find()).isTrue();
    return Integer.parseInt(port.group(1));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Types a text, with its line end. */
  Command type(String text) {
    try {
      OutputStream in = process.getOutputStream();
      in.write(text.getBytes(StandardCharsets.UTF_8));
      in.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Command endInput() {
    try {
      process.getOutputStream().close();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends it a signal, such as {@code TERM}. */
  Command signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, "" + pid()).start().waitFor();
      return this;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the standard output has this in it. */
  Command says(String text) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(out + "\n--\n" + err).contains(text));
    return this;
  }

  /** Waits for the end. */
  int status() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("it ends; so far it said: %s\n--\n%s", out, err)
          .isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** All of the standard output, once it has ended. */
  String out() {
    return whole(out);
  }

  /** All of the standard error, once it has ended. */
  String err() {
    return whole(err);
  }

  /** What was said last may still be on its way when the process has ended. */
  private String whole(StringBuffer text) {
    status();
    try {
      for (Thread reader : readers) {
        reader.join(PATIENCE);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return text.toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
