package io.netloop.bench;

import io.netty.channel.epoll.Epoll;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What stands above the tables: the machine, the versions, and the command that does it again. */
final class Heading {
  private Heading() {}

  static String of(Options options, Path root) {
    String pinned =
        Machine.canPin()
            ? "servers on core 0, load generator on core 1, where a row says nothing else"
            : "not pinned to cores: there is one core only, or no taskset";
    return """
    # ./netloop bench %s, %s

    Medians of %d rounds of %s seconds, each of a new process and after a warm-up of at least as
    long; in parentheses the least and the most. A ratio says how many times better the first line is.

    * command: `./netloop bench %s`
    * commit: %s
    * machine: %s, %d cores, %s; %s
    * TCP congestion control: %s
    * load of the machine before, averaged over a minute: %s
    * Java %s with `%s`, the collector left to Java; Netty %s; Vert.x %s
    """
        .formatted(
            options.what(),
            LocalDate.now(ZoneOffset.UTC),
            options.rounds(),
            options.seconds(),
            options.commandLine(),
            commit(root),
            Machine.model(),
            Machine.cores(),
            Machine.kernel(),
            pinned,
            Machine.congestionControl(),
            Machine.load(),
            System.getProperty("java.version"),
            String.join(" ", Java.OPTIONS),
            version(Epoll.class),
            version(Vertx.class));
  }

  private static String version(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "of an unknown version" : version;
  }

  private static String commit(Path root) {
    try {
      Process git =
          new ProcessBuilder("git", "-C", root.toString(), "describe", "--always", "--dirty")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return text.isBlank() ? "unknown" : text.strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
