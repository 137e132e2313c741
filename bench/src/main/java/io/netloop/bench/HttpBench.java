package io.netloop.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code ./netloop bench http}: servers that greet, or send back a body. */
final class HttpBench {
  private static final int FEW = 64;
  private static final int MANY = 256;
  private static final int DEEP = 16;
  private static final int TWO = 2;
  private static final int IDLE = 10_000;
  private static final int IDLE_IN_A_TEST = 100;

  /** So little that all of it has been touched before the idle connections come. */
  private static final List<String> SMALL_YOUNG = List.of("-Xmn16m");

  private final Options options;
  private final HttpPeers peers;
  private final Path script;

  HttpBench(Options options, Nodes nodes, Path root) {
    this.options = options;
    this.peers = new HttpPeers(nodes, root);
    this.script = root.resolve("bench/peers/load.lua");
  }

  /**
   * The rows by their names; each is made when it is its turn. A test has no two that are alike.
   */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put("plain-64", () -> plain("plain-64", FEW, 1));
    if (!options.small()) {
      rows.put("plain-256", () -> plain("plain-256", MANY, 1));
      rows.put("plain-2-loops", () -> twoLoops("plain-2-loops", MANY, 1));
    }
    rows.put("pipelined", () -> plain("pipelined", FEW, DEEP));
    rows.put("json", this::json);
    rows.put("pipelined-2-loops", () -> twoLoops("pipelined-2-loops", FEW, DEEP));
    rows.put("idle", this::idle);
    rows.put("start", this::start);
    return rows;
  }

  private Row plain(String name, int connections, int depth) {
    return loaded(
        name,
        title(connections, depth),
        peers.greeting(List.of()),
        Cores.OF_ONE_LOOP,
        new Wrk(script, Cores.OF_ONE_LOOP.generator(), connections, "plain", depth));
  }

  private static String title(int connections, int depth) {
    return depth == 1
        ? "a greeting of 13 bytes on each of %d connections".formatted(connections)
        : "the same on %d connections, each with %d requests sent in a row"
            .formatted(connections, depth);
  }

  private Row json() {
    return loaded(
        "json",
        "a body of 10 KiB there and back on each of %d connections".formatted(FEW),
        peers.echoing(),
        Cores.OF_ONE_LOOP,
        new Wrk(script, Cores.OF_ONE_LOOP.generator(), FEW, "echo", 1));
  }

  /** With two cores they would share one with the generator, which says nothing about loops. */
  private Row twoLoops(String name, int connections, int depth) {
    boolean measurable = Machine.cores() > TWO || options.small();
    String reason =
        "two loops need a core each besides the generator's, and there are %d cores"
            .formatted(Machine.cores());
    Cores cores = Cores.ofTwoLoops(Machine.cores());
    List<Peer> asked =
        measurable
            ? peers.greeting(TWO).stream().map(peer -> peer.on(cores.servers())).toList()
            : List.of(Peer.missing("All", reason));
    return loaded(
        name,
        title(connections, depth)
            + ", two loops on cores %s, load generator on %s"
                .formatted(list(cores.servers()), list(cores.generator())),
        asked,
        cores,
        new Wrk(script, cores.generator(), connections, "plain", depth));
  }

  private static String list(List<Integer> cores) {
    return cores.stream().map(String::valueOf).collect(Collectors.joining(" and "));
  }

  private Row loaded(String name, String title, List<Peer> asked, Cores cores, Wrk wrk) {
    return new Row(
        name,
        title,
        HttpTrials.UNDER_LOAD,
        asked,
        peer -> HttpTrials.underLoad(peer, options, wrk),
        cores);
  }

  private Row idle() {
    int count = options.small() ? IDLE_IN_A_TEST : IDLE;
    return new Row(
        "idle",
        "%,d kept connections, each of which has been answered once".formatted(count),
        List.of(Metric.less("resident KiB per connection", 2)),
        peers.greeting(SMALL_YOUNG, "--expose-gc"),
        peer -> Trials.idle(peer, Trials.freePort(), count, HttpCheck::greet));
  }

  private Row start() {
    return new Row(
        "start",
        "from the start of the program to its first answer; Java with an AOT cache",
        List.of(Metric.less("ms", 0)),
        peers.packaged(),
        peer -> Trials.start(peer, HttpCheck::greet));
  }
}
