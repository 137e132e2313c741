package io.netloop.bench;

import io.helidon.common.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who serves HTTP, by what is asked of them. */
final class HttpPeers {
  static final String YARDSTICK = "yardstick over Netty";

  private static final String NGINX = "nginx";
  static final List<String> HELIDON = List.of("helidon-");
  private static final List<String> UNDERTOW =
      List.of("undertow-", "xnio-", "wildfly-", "jboss-", "smallrye-");

  private final Nodes nodes;
  private final Path root;

  HttpPeers(Nodes nodes, Path root) {
    this.nodes = nodes;
    this.root = root;
  }

  /** Makes a peer in Java of what starts it. */
  private interface Maker {
    Peer make(String name, List<String> jars, Class<?> main, String... arguments);
  }

  /** Servers that greet, on one loop, with further options of Java's and Node's. */
  List<Peer> greeting(List<String> javaOptions, String... nodeOptions) {
    List<Peer> peers =
        java(
            (name, jars, main, arguments) -> Java.peer(name, javaOptions, jars, main, arguments),
            "plain",
            1);
    peers.addAll(nodes.peers("http.js", nodeOptions));
    peers.add(nginx(1));
    return peers;
  }

  /** The same, on several loops. */
  List<Peer> greeting(int loops) {
    List<Peer> peers = java(Java::peer, "plain", loops);
    peers.addAll(nodes.peers("http-cluster.js"));
    peers.add(nginx(loops));
    return peers;
  }

  /** Servers that send back a body, on one loop. */
  List<Peer> echoing() {
    List<Peer> peers = java(Java::peer, "echo", 1);
    peers.removeIf(peer -> peer.name().equals(YARDSTICK));
    peers.addAll(nodes.peers("http.js"));
    peers.add(Peer.missing(YARDSTICK, "it knows no bodies"));
    peers.add(Peer.missing(NGINX, "by itself it sends no body back"));
    return peers;
  }

  /** Servers as they would be packaged: in Java, with an AOT cache. */
  List<Peer> packaged() {
    Path folder = root.resolve("bench/target/aot");
    List<Peer> peers =
        java(
            (name, jars, main, arguments) ->
                Java.withCache(folder, HttpCheck::greet, name, jars, main, arguments),
            "plain",
            1);
    peers.removeIf(peer -> peer.name().equals(YARDSTICK));
    peers.addAll(nodes.peers("http.js"));
    peers.add(nginx(1));
    return peers;
  }

  private static List<Peer> java(Maker maker, String mode, int count) {
    String loops = Integer.toString(count);
    List<Peer> peers = new ArrayList<>();
    peers.add(maker.make("Netloop", Java.NETLOOP, NetloopHttp.class, loops));
    peers.add(maker.make("raw Netty", Java.NETTY_HTTP, NettyHttp.class, mode, loops));
    peers.add(maker.make(YARDSTICK, Java.NETTY, Yardstick.class, loops));
    peers.add(maker.make("Vert.x", Java.VERTX, VertxHttp.class, loops));
    peers.add(maker.make("Helidon " + Version.VERSION, HELIDON, HelidonHttp.class));
    peers.add(
        maker.make(
            "Undertow " + io.undertow.Version.getVersionString(),
            UNDERTOW,
            UndertowHttp.class,
            loops));
    return peers;
  }

  private Peer nginx(int workers) {
    return nginx(Integer.toString(workers));
  }

  /**
   * nginx with so many workers, or one that serves a folder, or one that speaks HTTP/2.
   *
   * @param how as {@code nginx.sh} has it
   */
  Peer nginx(String how) {
    if (Machine.program(NGINX) == null) {
      return Peer.missing(
          NGINX, "there is no nginx on the PATH (Debian: 'apt-get install nginx-light')");
    }
    return Peer.of(
        nginxVersion(),
        List.of(
            "sh",
            root.resolve("bench/peers/nginx.sh").toString(),
            root.resolve("bench/target/nginx").toString(),
            how));
  }

  /** It says {@code nginx version: nginx/1.22.1}, as an error. */
  static String nginxVersion() {
    try {
      Process process = new ProcessBuilder(NGINX, "-v").redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return NGINX + " " + text.substring(text.indexOf('/') + 1).strip();
    } catch (IOException e) {
      return NGINX;
    }
  }
}
