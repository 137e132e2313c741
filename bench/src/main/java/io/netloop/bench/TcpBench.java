package io.netloop.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./netloop bench tcp}: echo servers. */
final class TcpBench {
  private static final int CONNECTIONS = 64;
  private static final int IDLE = 10_000;
  private static final int IDLE_IN_A_TEST = 100;

  /** So little that all of it has been touched before the idle connections come. */
  private static final List<String> SMALL_YOUNG = List.of("-Xmn16m");

  private static final double MB = 1e6;

  private final Options options;
  private final Nodes nodes;
  private final Path root;

  TcpBench(Options options, Nodes nodes, Path root) {
    this.options = options;
    this.nodes = nodes;
    this.root = root;
  }

  /** The rows by their names; each is made when it is its turn. */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put("ping", this::ping);
    rows.put("bulk", this::bulk);
    rows.put("idle", this::idle);
    rows.put("start", this::start);
    return rows;
  }

  private Row ping() {
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop, pipe", Java.NETLOOP, NetloopEcho.class, "pipe"));
    peers.add(Java.peer("Netloop, onData(write)", Java.NETLOOP, NetloopEcho.class, "write"));
    peers.add(Java.peer("raw Netty", Java.NETTY, NettyEcho.class));
    peers.add(Java.peer("Vert.x, handler(write)", Java.VERTX, VertxEcho.class, "write"));
    peers.addAll(nodes.peers("echo.js"));
    return new Row(
        "ping",
        "64 bytes there and back on each of %d connections".formatted(CONNECTIONS),
        Trials.underLoad("requests"),
        peers,
        peer -> Trials.underLoad(peer, options.seconds(), 1, this::ping));
  }

  private Load ping(int port) throws IOException {
    return new PingPong(port, CONNECTIONS);
  }

  private Row bulk() {
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop, pipe", Java.NETLOOP, NetloopEcho.class, "pipe"));
    peers.add(Java.peer("Netloop, onData(write)", Java.NETLOOP, NetloopEcho.class, "write"));
    peers.add(Java.peer("raw Netty", Java.NETTY, NettyEcho.class));
    peers.add(Java.peer("Vert.x, pipeTo", Java.VERTX, VertxEcho.class, "pipe"));
    peers.addAll(nodes.peers("echo.js"));
    return new Row(
        "bulk",
        "one connection, written to in pieces of 64 KiB as fast as it is read, and back",
        Trials.underLoad("MB"),
        peers,
        peer -> Trials.underLoad(peer, options.seconds(), MB, Bulk::new));
  }

  private Row idle() {
    int count = options.small() ? IDLE_IN_A_TEST : IDLE;
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop, pipe", SMALL_YOUNG, Java.NETLOOP, NetloopEcho.class, "pipe"));
    peers.add(Java.peer("raw Netty", SMALL_YOUNG, Java.NETTY, NettyEcho.class));
    peers.add(Java.peer("Vert.x, pipeTo", SMALL_YOUNG, Java.VERTX, VertxEcho.class, "pipe"));
    peers.addAll(nodes.peers("echo.js", "--expose-gc"));
    return new Row(
        "idle",
        "%,d connections, each of which has been answered once".formatted(count),
        List.of(Metric.less("resident KiB per connection", 2)),
        peers,
        peer -> Trials.idle(peer, count));
  }

  private Row start() {
    List<Peer> peers = new ArrayList<>();
    peers.add(cached("Netloop, packaged", Java.NETLOOP, NetloopEcho.class, "pipe"));
    peers.add(launched());
    peers.add(cached("raw Netty", Java.NETTY, NettyEcho.class));
    peers.add(cached("Vert.x", Java.VERTX, VertxEcho.class, "pipe"));
    peers.addAll(nodes.peers("echo.js"));
    return new Row(
        "start",
        "from the start of the program to its first answer; Java with an AOT cache",
        List.of(Metric.less("ms", 0)),
        peers,
        Trials::start);
  }

  private Peer cached(String name, List<String> jars, Class<?> main, String... arguments) {
    Path folder = root.resolve("bench/target/aot");
    return Java.withCache(folder, PingPong::once, name, jars, main, arguments);
  }

  /** What the launcher needs it builds at its first start, which nobody measures. */
  private Peer launched() {
    String name = "Netloop, ./netloop run";
    String app = System.getenv("NETLOOP_APP");
    if (app != null && !Files.isDirectory(Path.of(app))) {
      return Peer.missing(name, "there is no " + app);
    }
    Path launcher = root.resolve("netloop");
    Path file = root.resolve("bench/peers/Echo.java");
    Peer peer = Peer.of(name, List.of(launcher.toString(), "run", file.toString()));
    try {
      Trials.start(peer);
      return peer;
    } catch (IOException e) {
      return Peer.missing(name, String.valueOf(e.getMessage()));
    }
  }
}
