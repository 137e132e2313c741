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
    return new Row(
        name,
        "%s there and back on each of %d WebSockets".formatted(message, CONNECTIONS),
        Trials.underLoad("messages"),
        peers("echo", List.of()),
        peer ->
            Trials.underLoad(
                peer,
                options.seconds(),
                1,
                port -> new FrameEcho(port, CONNECTIONS, opcode, length)));
  }

  private Row fanOut(String name, int senders) {
    int listeners = options.small() ? LISTENERS_IN_A_TEST : LISTENERS;
    return new Row(
        name,
        "texts of 64 bytes to all of %d WebSockets, from %d of them".formatted(listeners, senders),
        Trials.underLoad("deliveries"),
        peers("fanout", List.of()),
        peer ->
            Trials.underLoad(
                peer, options.seconds(), 1, port -> new FanOut(port, listeners, senders)));
  }

  private Row idle() {
    int count = options.small() ? IDLE_IN_A_TEST : IDLE;
    return new Row(
        "idle",
        "%,d WebSockets, each of which has been answered once".formatted(count),
        List.of(Metric.less("resident KiB per connection", 2)),
        peers("echo", SMALL_YOUNG, "--expose-gc"),
        peer -> Trials.idle(peer, 0, count, Opening::once));
  }

  private List<Peer> peers(String mode, List<String> javaOptions, String... nodeOptions) {
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop", javaOptions, Java.NETLOOP, NetloopWebSockets.class, mode));
    peers.add(Java.peer("raw Netty", javaOptions, Java.NETTY_HTTP, NettyWebSockets.class, mode));
    if (mode.equals("fanout")) {
      peers.add(
          Java.peer(
              "raw Netty, flushes consolidated",
              javaOptions,
              Java.NETTY_HTTP,
              NettyWebSockets.class,
              mode + "-consolidated"));
    }
    peers.add(Java.peer("Vert.x", javaOptions, Java.VERTX, VertxWebSockets.class, mode));
    peers.addAll(nodes.peersOf("ws", "ws.js", List.of(nodeOptions), mode));
    return peers;
  }
}
