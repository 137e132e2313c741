package io.netloop.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the tests that each run in a JVM of their own. */
final class Jvm {
  private Jvm() {}

  /** What the program prints, and how it ends. */
  static List<String> run(Class<?> program, String... options) {
    try (Peer peer = start(program, options)) {
      List<String> lines = new ArrayList<>(peer.rest());
      lines.add("exit " + peer.exit().orTimeout(10, TimeUnit.SECONDS).join());
      return lines;
    }
  }

  static Peer start(Class<?> program, String... options) {
    return Peer.of(command(program, options).toArray(new String[0]));
  }

  static List<String> command(Class<?> program, String... options) {
    List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dnetloop.stallMillis=0");
    command.add("-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", classPath(), program.getName()));
    return command;
  }

  private static String java() {
    return ProcessHandle.current().info().command().orElse("java");
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }
}
