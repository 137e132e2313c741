package io.netloop.template;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** npm's art-template in a process of Node, asked line by line. */
final class ArtTemplate implements AutoCloseable {
  /** Each line is a JSON text of a template, its data and its files; each answer one too. */
  private static final String SCRIPT =
      """
      process.env.NODE_ENV = 'development';
      const template = require('art-template');
      const fs = require('fs'), path = require('path');
      console.warn = () => {};
      template.defaults.imports.upper = s => String(s).toUpperCase();
      template.defaults.imports.add = (a, b) => a + b;
      template.defaults.imports.wrap = (s, l, r) => l + s + r;
      template.defaults.root = process.argv.at(-1);
      require('readline').createInterface({input: process.stdin}).on('line', line => {
        const {source, data, options} = JSON.parse(line);
        let answer;
        try {
          answer = {text: template.render(source, data, options || {})};
        } catch (e) {
          answer = {error: e.message};
        }
        process.stdout.write(JSON.stringify(answer) + '\\n');
      });
      """;

  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  ArtTemplate(Path root) {
    try {
      process =
          new ProcessBuilder(List.of("node", "-e", SCRIPT, "--", root.toString()))
              .directory(folder().toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static Path folder() {
    return Path.of(System.getProperty("user.home"), ".cache", "netloop", "art-template");
  }

  /** Why it can't take part, or null where it can. */
  static String missing() {
    if (!Files.isDirectory(folder().resolve("node_modules/art-template"))) {
      return "there is no npm package art-template in " + folder() + ": ./netloop test installs it";
    }
    for (String one : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(one, "node"))) {
        return null;
      }
    }
    return "there is no node on the PATH";
  }

  /** Sends one to be rendered; {@link #answer} takes the answers in order. */
  void ask(String source, Object data) {
    try {
      in.write(Json.text(Map.of("source", source, "data", data)));
      in.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void flush() {
    try {
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was printed, under {@code text}, or why not, under {@code error}. */
  Map<?, ?> answer() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new AssertionError("Node has ended");
      }
      return (Map<?, ?>) Json.parse(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
  }
}
