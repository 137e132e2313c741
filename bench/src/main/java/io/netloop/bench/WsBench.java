package io.netloop.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./netloop bench ws}: WebSocket servers that send back, or to all. */
final class WsBench {
  private static final int CONNECTIONS = 64;
  private static final int SHORT = 64;
  private static final int LONG = 16 * 1024;
  private static final int LISTENERS = 500;
  private static final int LISTENERS_IN_A_TEST = 20;
  private static final int MANY = 16;
  private static final int IDLE = 10_000;
  private static final int IDLE_IN_A_TEST = 100;

  /** So little that all of it has been touched before the idle connections come. */
  private static final List<String> SMALL_YOUNG = List.of("-Xmn16m");

  private final Options options;
  private final Nodes nodes;

  WsBench(Options options, Nodes nodes) {
    this.options = options;
    this.nodes = nodes;
  }

  /** The rows by their names; each is made when it is its turn. */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put("echo-64", () -> echo("echo-64", "a text of 64 bytes", Frames.TEXT, SHORT));
    rows.put("echo-16k", () -> echo("echo-16k", "16 KiB", Frames.BINARY, LONG));
    rows.put("fanout-500-1", () -> fanOut("fanout-500-1", 1));
    rows.put("fanout-500-16", () -> fanOut("fanout-500-16", MANY));
    rows.put("idle", this::idle);
    return rows;
  }

  private Row echo(String name, String message, int opcode, int length) {
    Map<Peer, Dialect> peers = peers("echo", List.of());
    return new Row(
        name,
        "%s there and back on each of %d WebSockets".formatted(message, CONNECTIONS),
        Trials.underLoad("messages"),
        List.copyOf(peers.keySet()),
        peer ->
            Trials.underLoad(
                peer,
                options.seconds(),
                1,
                port -> new FrameEcho(port, CONNECTIONS, dialect(peers, peer), opcode, length)));
  }

  private Row fanOut(String name, int senders) {
    int listeners = options.small() ? LISTENERS_IN_A_TEST : LISTENERS;
    Map<Peer, Dialect> peers = peers("fanout", List.of());
    return new Row(
        name,
        "texts of 64 bytes to all of %d WebSockets, from %d of them".formatted(listeners, senders),
        Trials.underLoad("deliveries"),
        List.copyOf(peers.keySet()),
        peer ->
            Trials.underLoad(
                peer,
                options.seconds(),
                1,
                port -> FanOut.open(port, listeners, senders, dialect(peers, peer))));
  }

  private Row idle() {
    int count = options.small() ? IDLE_IN_A_TEST : IDLE;
    Map<Peer, Dialect> peers = peers("echo", SMALL_YOUNG, "--expose-gc");
    return new Row(
        "idle",
        "%,d WebSockets, each of which has been answered once".formatted(count),
        List.of(Metric.less("resident KiB per connection", 2)),
        List.copyOf(peers.keySet()),
        peer ->
            Trials.idle(
                peer,
                0,
                count,
                (connections, from) -> Opening.once(connections, from, dialect(peers, peer))));
  }

  private static Dialect dialect(Map<Peer, Dialect> peers, Peer peer) {
    return peers.getOrDefault(peer, Dialect.PLAIN);
  }

  /** Who is asked, in the order of the table, and in which dialect. */
  private Map<Peer, Dialect> peers(String mode, List<String> javaOptions, String... nodeOptions) {
    List<String> node = List.of(nodeOptions);
    Map<Peer, Dialect> peers = new LinkedHashMap<>();
    List<Peer> plain = inJava(mode, javaOptions);
    plain.addAll(nodes.peersOf(Nodes.NpmPackage.WS, "ws.js", node, mode));
    plain.forEach(peer -> peers.put(peer, Dialect.PLAIN));
    nodes
        .peersOf(Nodes.NpmPackage.SOCKET_IO, "socketio.js", node, mode)
        .forEach(peer -> peers.put(peer, Dialect.SOCKET_IO));
    return peers;
  }

  private static List<Peer> inJava(String mode, List<String> options) {
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop", options, Java.NETLOOP, NetloopWebSockets.class, mode));
    peers.add(Java.peer("raw Netty", options, Java.NETTY_HTTP, NettyWebSockets.class, mode));
    if (mode.equals("fanout")) {
      peers.add(
          Java.peer(
              "raw Netty, flushes consolidated",
              options,
              Java.NETTY_HTTP,
              NettyWebSockets.class,
              mode + "-consolidated"));
    }
    peers.add(Java.peer("Vert.x", options, Java.VERTX, VertxWebSockets.class, mode));
    peers.add(
        Java.peer("Java-WebSocket", options, Java.JAVA_WEBSOCKET, JavaWebSocketServer.class, mode));
    return peers;
  }
}
