package io.netloop.bench;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * How servers in Java are started: all with the same options, each with those jars of the bench's
 * own class path that it needs.
 */
final class Java {
  static final List<String> NETTY =
      List.of("netty-common", "netty-buffer", "netty-transport", "netty-resolver-4");

  static final List<String> NETTY_HTTP =
      Stream.concat(NETTY.stream(), Stream.of("netty-codec-", "netty-handler-")).toList();

  /** Netloop as an application has it, with a log. */
  static final List<String> NETLOOP =
      Stream.concat(
              NETTY.stream(),
              Stream.of(
                  "netloop",
                  "slf4j-",
                  "logback-",
                  "jspecify-",
                  "netty-codec-",
                  "netty-handler-",
                  "netty-tcnative-",
                  "bcp",
                  "bcutil"))
          .toList();

  static final List<String> ROOM =
      Stream.concat(
              NETLOOP.stream(),
              Stream.of(
                  "jackson-annotations",
                  "jackson-databind",
                  "jackson-core-3",
                  "micrometer-",
                  "prometheus-"))
          .toList();

  /** With the same log. */
  static final List<String> JAVA_WEBSOCKET = List.of("Java-WebSocket", "slf4j-", "logback-");

  private static final List<String> JACKSON =
      List.of("jackson-annotations", "jackson-databind", "jackson-core-3");

  /** Netloop with what its web layer needs. */
  static final List<String> NETLOOP_WEB =
      Stream.of(NETLOOP, JACKSON).flatMap(List::stream).toList();

  static final List<String> JAVALIN =
      Stream.concat(
              JACKSON.stream(),
              Stream.of("javalin-", "jetty-", "kotlin-", "jakarta.", "slf4j-", "logback-"))
          .toList();

  static final List<String> VERTX = List.of("vertx-", "netty-", "jackson-core-2");

  /** The launcher's options, and a heap of a size. */
  static final List<String> OPTIONS =
      List.of(
          "-Xmx512m",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "-Dio.netty.jfr.enabled=false",
          "-Xlog:aot*=off,cds*=off");

  private static final Path HOME = Path.of(System.getProperty("java.home", ""));

  private Java() {}

  /**
   * A peer in Java.
   *
   * @param jars how the names of the jars that it needs begin
   * @param main its class, and what it is told before the port
   */
  static Peer peer(String name, List<String> jars, Class<?> main, String... arguments) {
    return peer(name, List.of(), jars, main, arguments);
  }

  /** A peer with further options, such as the size of a part of the heap. */
  static Peer peer(
      String name, List<String> options, List<String> jars, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/java").toString()));
    command.addAll(OPTIONS);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(jars), main.getName()));
    command.addAll(List.of(arguments));
    return Peer.of(name, command);
  }

  /**
   * The same with an AOT cache, which is made by a run that answers one connection; without one
   * where classes are not in jars, since Java makes none of folders.
   */
  static Peer withCache(
      Path folder,
      Trials.Question question,
      String name,
      List<String> jars,
      Class<?> main,
      String... arguments) {
    if (Arrays.stream(classPath(jars).split(File.pathSeparator, -1))
        .anyMatch(entry -> !entry.endsWith(".jar"))) {
      return peer(name + " (no AOT cache: the bench is not packaged)", jars, main, arguments);
    }
    Path cache = folder.resolve(main.getSimpleName() + ".aot");
    Peer training = peer(name, List.of("-XX:AOTCacheOutput=" + cache), jars, main, arguments);
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(cache);
      train(training, question);
    } catch (IOException e) {
      return Peer.missing(name, "its AOT cache could not be made: " + e.getMessage());
    }
    if (!Files.exists(cache)) {
      return Peer.missing(name, "Java made no AOT cache for it");
    }
    return peer(name, List.of("-XX:AOTCache=" + cache), jars, main, arguments);
  }

  private static void train(Peer peer, Trials.Question question) throws IOException {
    int port = Trials.freePort();
    try (ServerProcess server = new ServerProcess(peer, Redirect.DISCARD, port)) {
      try (Connections connections = new Connections(server.port(), 1, Linux.EPOLLIN)) {
        question.ask(connections, 0);
      }
      server.end();
    }
  }

  private static String classPath(List<String> jars) {
    String all = System.getProperty("java.class.path", "");
    return String.join(
        File.pathSeparator,
        Arrays.stream(all.split(File.pathSeparator, -1))
            .filter(entry -> isNeeded(Path.of(entry), jars))
            .toList());
  }

  /** Folders are modules of this build, which has packaged nothing yet. */
  private static boolean isNeeded(Path entry, List<String> jars) {
    String name = String.valueOf(entry.getFileName());
    return !name.endsWith(".jar")
        || name.startsWith("netloop-bench-")
        || jars.stream().anyMatch(name::startsWith);
  }
}
