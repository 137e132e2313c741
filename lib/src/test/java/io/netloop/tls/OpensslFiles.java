package io.netloop.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keys and certificates as openssl, which most people have them from, writes them. */
record OpensslFiles(Path folder) {
  /** Runs openssl in the folder, and returns what it printed. The words are parted by blanks. */
  String run(String words) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words.split(" ")));
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("openssl %s: %s", words, printed).isZero();
      return printed;
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError("openssl " + words, failure);
    }
  }

  /** A certificate for {@code <name>.test} in {@code <name>.pem} for the key in a file. */
  Path certificate(String name, String key) {
    run(
        "req -x509 -new -key "
            + key
            + " -subj /CN="
            + name
            + ".test -days 30 -out "
            + name
            + ".pem"
            + " -addext subjectAltName=DNS:"
            + name
            + ".test");
    return file(name + ".pem");
  }

  Path file(String name) {
    return folder.resolve(name);
  }
}
