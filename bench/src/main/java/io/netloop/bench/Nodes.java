package io.netloop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Nodes that are measured: the newest, from npm, and the one of this machine. */
final class Nodes {
  private static final String NEWEST = "Node, newest";
  private static final String SYSTEM = "Node of this machine";

  private record Node(String name, String program) {}

  /**
   * A package of npm's. <i>Immutable.</i>
   *
   * @param title how the tables call it
   * @param name how npm calls it
   * @param range of which versions the newest is meant
   */
  record NpmPackage(String title, String name, String range) {
    static final NpmPackage EXPRESS = new NpmPackage("Express", "express", "5");
    static final NpmPackage FASTIFY = new NpmPackage("Fastify", "fastify", "5");
    static final NpmPackage WS = new NpmPackage("ws", "ws", "latest");

    static final NpmPackage ART_TEMPLATE = new NpmPackage("art-template", "art-template", "4");

    /** Those that speak the protocol of {@link Dialect#SOCKET_IO}. */
    static final NpmPackage SOCKET_IO = new NpmPackage("Socket.IO", "socket.io", "4");
  }

  private static final Pattern VERSION = Pattern.compile("\"version\": *\"([^\"]+)\"");

  private final Path scripts;
  private final @Nullable Path cache;
  private final Set<NpmPackage> installed = new HashSet<>();
  private final List<Node> found = new ArrayList<>();
  private final List<Peer> missing = new ArrayList<>();

  /**
   * @param scripts the folder of the servers
   * @param cache where the newest is installed, or null not to look for it
   */
  Nodes(Path scripts, @Nullable Path cache) {
    this.scripts = scripts;
    this.cache = cache;
    String newest = cache == null ? null : find(NEWEST, install(cache));
    String system = Machine.program("node") == null ? null : version("node");
    if (system == null) {
      missing.add(Peer.missing(SYSTEM, "there is no node on the PATH"));
    } else if (!system.equals(newest)) {
      found.add(new Node("Node " + system, "node"));
    }
  }

  /** A peer for each, which runs that script, with options of Node's. */
  List<Peer> peers(String script, String... options) {
    List<Peer> peers = new ArrayList<>();
    for (Node node : found) {
      List<String> command = new ArrayList<>(List.of(node.program));
      command.addAll(List.of(options));
      command.add(scripts.resolve(script).toString());
      peers.add(Peer.of(node.name, command));
    }
    peers.addAll(missing);
    return peers;
  }

  /**
   * A package of npm's, on each Node; the script is told its folder before the arguments. Without
   * npm, what an earlier run has installed is measured.
   */
  List<Peer> peersOf(
      NpmPackage npmPackage, String script, List<String> nodeOptions, String... arguments) {
    if (cache == null) {
      return List.of(Peer.missing(npmPackage.title, "--no-npm leaves it out"));
    }
    if (installed.add(npmPackage) && Machine.program("npm") != null) {
      install(cache, npmPackage.name + "@" + npmPackage.range);
    }
    Path folder = cache.resolve("node_modules").resolve(npmPackage.name);
    String version = packageVersion(folder);
    if (version == null) {
      return List.of(Peer.missing(npmPackage.title, "npm did not install it"));
    }
    List<Peer> peers = new ArrayList<>();
    for (Peer node : peers(script, nodeOptions.toArray(String[]::new))) {
      Peer peer =
          new Peer(
                  "%s %s, %s".formatted(npmPackage.title, version, node.name()),
                  node.command(),
                  node.missing())
              .with(folder.toString());
      for (String argument : arguments) {
        peer = peer.with(argument);
      }
      peers.add(peer);
    }
    return peers;
  }

  private static @Nullable String packageVersion(Path folder) {
    try {
      Matcher found = VERSION.matcher(Files.readString(folder.resolve("package.json")));
      return found.find() ? found.group(1) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private @Nullable String find(String name, Path program) {
    String version = Files.isExecutable(program) ? version(program.toString()) : null;
    if (version == null) {
      String reason =
          Machine.program("npm") == null
              ? "there is no npm to install it"
              : "npm did not install it";
      missing.add(Peer.missing(name, reason));
      return null;
    }
    found.add(new Node("Node " + version, program.toString()));
    return version;
  }

  /** Without a network, what an earlier run has installed stays. */
  private static Path install(Path cache) {
    if (Machine.program("npm") != null) {
      install(cache, "node@latest");
    }
    return cache.resolve("node_modules/node/bin/node");
  }

  private static void install(Path cache, String npmPackage) {
    run("npm", "install", "--no-audit", "--no-fund", "--prefix", cache.toString(), npmPackage);
  }

  private static @Nullable String version(String program) {
    String version = run(program, "--version");
    return version == null ? null : version.strip().replaceFirst("^v", "");
  }

  /** What a program writes, or null where it fails. */
  private static @Nullable String run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? out : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
