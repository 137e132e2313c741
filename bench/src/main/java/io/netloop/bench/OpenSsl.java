package io.netloop.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The program openssl: makes the certificate, and the connections of handshakes, one after another.
 */
final class OpenSsl {
  private static final String NAME = "openssl";
  private static final int AT_ONCE = 3;
  private static final Pattern COUNT = Pattern.compile("(\\d+) connections in (\\d+) real seconds");

  private OpenSsl() {}

  /** How to get it, where there is none; else null. */
  static @Nullable String missing() {
    return Machine.program(NAME) != null
        ? null
        : "bench tls makes its handshakes with openssl, and there is none on the PATH:"
            + " install it (Debian: 'apt-get install openssl').";
  }

  /** Writes {@code server.pem} and {@code server.key} into a folder: P-256, as most have today. */
  static void makeCertificate(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> command =
        List.of(
            NAME,
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "server.key",
            "-out",
            "server.pem",
            "-days",
            "30",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1");
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("openssl made no certificate: " + text.strip());
    }
  }

  /**
   * Connects again and again, by several processes, and gives the number of connections.
   *
   * @param resumed whether each goes on with an earlier session, and asks for a greeting
   */
  static long handshakes(int port, int seconds, boolean resumed) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                NAME,
                "s_time",
                "-connect",
                "127.0.0.1:" + port,
                "-tls1_3",
                "-time",
                Integer.toString(seconds)));
    command.addAll(resumed ? List.of("-reuse", "-www", "/") : List.of("-new"));
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < AT_ONCE; i++) {
        processes.add(new ProcessBuilder(command).redirectError(Redirect.DISCARD).start());
      }
      long all = 0;
      for (Process each : processes) {
        String text = new String(each.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        each.onExit().join();
        all += count(text);
      }
      return all;
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  /** The last count: with sessions the first is that of getting one. */
  static long count(String text) throws IOException {
    Matcher found = COUNT.matcher(text);
    long count = -1;
    while (found.find()) {
      count = Long.parseLong(found.group(1));
    }
    if (count < 0) {
      throw new IOException("openssl s_time failed and said: " + text.strip());
    }
    return count;
  }
}
