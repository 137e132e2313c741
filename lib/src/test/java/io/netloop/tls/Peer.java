package io.netloop.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Another program that speaks TLS: openssl, curl or Node. */
final class Peer implements AutoCloseable {
  private final Process process;

  @SuppressWarnings("JdkObsolete") // one thread writes it, another reads
  private final StringBuffer output = new StringBuffer();

  private final CompletableFuture<String> ended = new CompletableFuture<>();

  private Peer(Path dir, List<String> command) {
    try {
      process =
          new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::read);
  }

  static Peer of(Path dir, String... command) {
    return new Peer(dir, List.of(command));
  }

  static Peer node(Path dir, String script, Object... arguments) {
    List<String> command = new ArrayList<>(List.of("node", "-e", script, "--"));
    for (Object argument : arguments) {
      command.add(String.valueOf(argument));
    }
    return new Peer(dir, command);
  }

  private void read() {
    byte[] some = new byte[8192];
    try {
      for (int count; (count = process.getInputStream().read(some)) >= 0; ) {
        output.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException closed) {
      // The process has ended.
    }
    ended.complete(output.toString());
  }

  Peer type(String text) {
    try {
      OutputStream out = process.getOutputStream();
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Peer endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** What it has said so far. */
  String output() {
    return output.toString();
  }

  /** Everything it says until its end. */
  String all() {
    return ended.orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
  }
}
