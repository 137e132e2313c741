package io.netloop.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One Node for all programs of the comparison. The system property {@code netloop.node} or the
 * environment's {@code NETLOOP_NODE} names another than the one on the path.
 */
final class NodeProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader in;
  private final String version;
  private final Map<String, Transcript> running = new ConcurrentHashMap<>();

  private NodeProcess(Process process) throws IOException {
    this.process = process;
    in =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    version = Objects.requireNonNull(in.readLine(), "Node says nothing").split("\t", -1)[1];
    Thread.ofVirtual().start(this::read);
  }

  /**
   * Starts it.
   *
   * @throws IOException where there is none
   */
  static NodeProcess start(Path dir) throws IOException {
    String node =
        System.getProperty(
            "netloop.node", Objects.requireNonNullElse(System.getenv("NETLOOP_NODE"), "node"));
    Path script = dir.resolve("side-by-side.js");
    try (InputStream resource = NodeProcess.class.getResourceAsStream("side-by-side.js")) {
      Files.copy(Objects.requireNonNull(resource), script);
    }
    return new NodeProcess(
        new ProcessBuilder(node, script.toString())
            .directory(dir.toFile())
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

  /** Runs one part; what it tells goes into the transcript. */
  void run(
      String id,
      String kind,
      Path dir,
      String target,
      String options,
      String code,
      Transcript transcript) {
    running.put(id, transcript);
    tell(id, kind, dir.toString(), target, base64(options), base64(code));
  }

  /** Closes what the part has left open. */
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
        Transcript transcript = running.get(fields[0]);
        if (transcript != null) {
          take(transcript, fields);
        }
      }
    } catch (IOException closed) {
      // The process has ended.
    }
  }

  private static void take(Transcript transcript, String[] fields) {
    switch (fields[1]) {
      case "log" ->
          transcript.log(
              fields[2], new String(Base64.getDecoder().decode(fields[3]), StandardCharsets.UTF_8));
      case "data" -> transcript.data(fields[2], Base64.getDecoder().decode(fields[3]));
      case "listening" -> transcript.listening.complete(fields[2]);
      case "done" -> transcript.done.complete(null);
      case "stop" -> transcript.stopped.complete(null);
      default -> throw new AssertionError(fields[1]);
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
