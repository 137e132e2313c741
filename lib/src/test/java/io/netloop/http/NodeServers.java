package io.netloop.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One Node that runs all servers of the comparison. The system property {@code netloop.node} or the
 * environment's {@code NETLOOP_NODE} names another than the one on the path.
 */
final class NodeServers implements AutoCloseable {
  private final Process process;
  private final BufferedReader in;
  private final String version;
  private final Map<String, Notes> running = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Integer>> ports = new ConcurrentHashMap<>();
  private final Semaphore caughtUp = new Semaphore(0);
  private int begun;

  private NodeServers(Process process) throws IOException {
    this.process = process;
    in = process.inputReader(StandardCharsets.UTF_8);
    version = Objects.requireNonNull(in.readLine(), "Node says nothing").split("\t", -1)[2];
    Thread.ofVirtual().start(this::read);
  }

  /**
   * Starts it.
   *
   * @throws IOException where there is none
   */
  static NodeServers start(Path dir) throws IOException {
    String node =
        System.getProperty(
            "netloop.node", Objects.requireNonNullElse(System.getenv("NETLOOP_NODE"), "node"));
    Path script = dir.resolve("side-by-side.js");
    try (InputStream resource = NodeServers.class.getResourceAsStream("side-by-side.js")) {
      Files.copy(Objects.requireNonNull(resource), script);
    }
    return new NodeServers(
        new ProcessBuilder(node, script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** For example {@code v26.10.0}. */
  String version() {
    return version;
  }

  int major() {
    return Integer.parseInt(version.substring(1, version.indexOf('.')));
  }

  /** Starts a server; what it tells goes into the notes. */
  String begin(Dialogue dialogue, Notes notes) {
    String id = "s" + begun++;
    running.put(id, notes);
    ports.put(id, new CompletableFuture<>());
    tell(
        id,
        "begin",
        base64(dialogue.nodeOptions),
        base64(dialogue.nodeSetUp),
        base64(dialogue.nodeHandler));
    return id;
  }

  int port(String id) {
    return ports.get(id).orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Waits until all has been noted that the server has told by now. */
  void catchUp(String id) {
    tell(id, "sync");
    caughtUp.acquireUninterruptibly();
  }

  void end(String id) {
    running.remove(id);
    tell(id, "end");
  }

  private void tell(String... fields) {
    try {
      OutputStream out = process.getOutputStream();
      out.write((String.join("\t", fields) + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try {
      for (String line; (line = in.readLine()) != null; ) {
        String[] fields = line.split("\t", -1);
        Notes notes = running.get(fields[0]);
        if (notes == null) {
          continue;
        }
        if (fields[1].equals("synced")) {
          caughtUp.release();
        } else if (fields[1].equals("log")) {
          byte[] text = Base64.getDecoder().decode(fields[2]);
          notes.log(new String(text, StandardCharsets.UTF_8));
        } else {
          ports.get(fields[0]).complete(Integer.valueOf(fields[2]));
        }
      }
    } catch (IOException closed) {
      // The process has ended.
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
