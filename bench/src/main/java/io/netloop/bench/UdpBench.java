package io.netloop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ./netloop bench udp}: servers that answer datagrams, or only count them. */
final class UdpBench {
  private static final String NATIVE = "C, recvmmsg and sendmmsg";
  private static final int MANY = 64;

  /** Not more: the receive buffers of most systems have room for some 240 short datagrams. */
  private static final int FEW = 2;

  private final Options options;
  private final Nodes nodes;
  private final Path root;

  UdpBench(Options options, Nodes nodes, Path root) {
    this.options = options;
    this.nodes = nodes;
    this.root = root;
  }

  /** The rows by their names; each is made when it is its turn. */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put("echo-1", () -> echo("echo-1", 1, MANY));
    rows.put("echo-64", () -> echo("echo-64", MANY, FEW));
    rows.put("receive", this::receive);
    return rows;
  }

  private Row echo(String name, int clients, int ahead) {
    return new Row(
        name,
        "64 bytes there and back, with %d under way from each of %d client addresses"
            .formatted(ahead, clients),
        Trials.underLoad("requests"),
        peers("echo"),
        peer ->
            Trials.underLoad(
                peer, options.seconds(), 1, port -> new DatagramEcho(port, clients, ahead)));
  }

  private Row receive() {
    return new Row(
        "receive",
        "64 bytes at a time, as fast as one socket sends them; counted where they arrive",
        Trials.underLoad("datagrams"),
        peers("count"),
        peer -> Trials.underLoad(peer, options.seconds(), 1, DatagramFlood::new));
  }

  private List<Peer> peers(String mode) {
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop", Java.NETLOOP, NetloopDatagrams.class, mode));
    peers.add(Java.peer("raw Netty", Java.NETTY, NettyDatagrams.class, "single", mode));
    peers.add(Java.peer("raw Netty, batches", Java.NETTY, NettyDatagrams.class, "batches", mode));
    peers.add(Java.peer("Vert.x", Java.VERTX, VertxDatagrams.class, mode));
    for (Peer node : nodes.peers("udp.js")) {
      peers.add(node.with(mode));
    }
    peers.add(inC(mode));
    return peers;
  }

  /** Compiled here, for this machine. */
  private Peer inC(String mode) {
    if (Machine.program("gcc") == null) {
      return Peer.missing(NATIVE, "there is no gcc on the PATH to compile it");
    }
    Path program = root.resolve("bench/target/peers/udp");
    try {
      Files.createDirectories(program.resolveSibling("."));
      String trouble = compile(root.resolve("bench/peers/udp.c").toString(), program.toString());
      return trouble == null
          ? Peer.of(NATIVE, List.of(program.toString(), mode))
          : Peer.missing(NATIVE, "gcc does not compile it: " + trouble);
    } catch (IOException e) {
      return Peer.missing(NATIVE, String.valueOf(e.getMessage()));
    }
  }

  /** What gcc has to complain of, or null. */
  private static @Nullable String compile(String source, String program) throws IOException {
    Process gcc =
        new ProcessBuilder("gcc", "-O2", "-pthread", "-o", program, source)
            .redirectErrorStream(true)
            .start();
    String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return gcc.onExit().join().exitValue() == 0
        ? null
        : said.lines().findFirst().orElse("it says nothing");
  }
}
