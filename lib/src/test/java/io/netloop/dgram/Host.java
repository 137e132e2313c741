package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process in a network namespace of its own: another host, as far as the network goes. */
final class Host implements AutoCloseable {
  private final Process process;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Host(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofVirtual().start(this::read);
  }

  /** Our program, on the host of this name. */
  static Host ours(String namespace) throws IOException {
    Host host =
        new Host(
            in(
                namespace,
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.jfr.enabled=false",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                HostProgram.class.getName()));
    while (!host.line().equals("ready")) {
      // A warning of the JVM's.
    }
    return host;
  }

  /** A script of Node's, on the host of this name. */
  static Host node(String namespace, String script) throws IOException {
    return new Host(in(namespace, "node", "-e", script));
  }

  private static List<String> in(String namespace, String... command) {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    words.addAll(List.of(command));
    return words;
  }

  private void read() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line; (line = in.readLine()) != null; ) {
        lines.add(line);
      }
    } catch (IOException closed) {
      // The process has ended.
    }
  }

  /** Has it do something, and expects that it works. */
  Host does(String command) {
    assertThat(answer(command)).as(command).isEqualTo("ok");
    return this;
  }

  String answer(String command) {
    try {
      OutputStream out = process.getOutputStream();
      out.write((command + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line();
  }

  /** Its next line. */
  String line() {
    try {
      String line = lines.poll(10, TimeUnit.SECONDS);
      assertThat(line).describedAs("a line of the other host").isNotNull();
      return line;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
  }
}
