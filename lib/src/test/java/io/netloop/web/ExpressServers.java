package io.netloop.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** One Node that runs the apps of the comparison with Express. */
final class ExpressServers implements AutoCloseable {
  private final Process process;
  private final Map<String, Integer> ports = new HashMap<>();
  private final String versions;

  private ExpressServers(Process process, String line) {
    this.process = process;
    String[] words = line.split(" ", -1);
    versions = "Node " + words[0] + ", Express " + words[1];
    for (int i = 2; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      ports.put(pair[0], Integer.valueOf(pair[1]));
    }
  }

  /** Where {@code ./netloop test} puts npm's packages. */
  static Path packages() {
    return Path.of(System.getProperty("user.home"), ".cache", "netloop", "express");
  }

  /**
   * Starts it.
   *
   * @throws IOException where there is no Node, or no Express
   */
  static ExpressServers start(Path dir) throws IOException {
    if (!Files.isDirectory(packages().resolve("node_modules/express"))) {
      throw new IOException(
          "there is no Express in " + packages() + ": ./netloop test installs it");
    }
    Path script = dir.resolve("side-by-side.js");
    try (InputStream resource = ExpressServers.class.getResourceAsStream("side-by-side.js")) {
      Files.copy(Objects.requireNonNull(resource), script);
    }
    ProcessBuilder builder = new ProcessBuilder("node", script.toString());
    builder.environment().put("NODE_PATH", packages().resolve("node_modules").toString());
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
    return new ExpressServers(
        process, Objects.requireNonNull(in.readLine(), "Express says nothing"));
  }

  String versions() {
    return versions;
  }

  int port(String app) {
    return Objects.requireNonNull(ports.get(app), app);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
