package io.netloop.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./netloop bench http2}: servers that greet over HTTP/2, or send 100 KiB. */
final class Http2Bench {
  private static final int CONNECTIONS = 32;
  private static final int STREAMS = 10;
  private static final int IDLE = 10_000;
  private static final int IDLE_IN_A_TEST = 100;

  /** So little that all of it has been touched before the idle connections come. */
  private static final List<String> SMALL_YOUNG = List.of("-Xmn16m");

  private final Options options;
  private final Http2Peers peers;

  Http2Bench(Options options, Nodes nodes, Path root) {
    this.options = options;
    this.peers = new Http2Peers(nodes, root);
  }

  /** The rows by their names; each is made when it is its turn. */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put(
        "plain",
        () ->
            loaded(
                "plain",
                "a greeting of 13 bytes, %d connections with %d streams each"
                    .formatted(CONNECTIONS, STREAMS),
                "/"));
    rows.put(
        "large",
        () ->
            loaded(
                "large",
                "a body of 100 KiB, %d connections with %d streams each"
                    .formatted(CONNECTIONS, STREAMS),
                "/large"));
    rows.put("idle", this::idle);
    return rows;
  }

  private Row loaded(String name, String title, String path) {
    H2Load load = new H2Load(CONNECTIONS, STREAMS, path);
    return new Row(
        name,
        title,
        HttpTrials.UNDER_LOAD,
        peers.serving(List.of()),
        peer -> HttpTrials.underLoad(peer, options, load));
  }

  private Row idle() {
    int count = options.small() ? IDLE_IN_A_TEST : IDLE;
    return new Row(
        "idle",
        "%,d connections, each of which has been answered once".formatted(count),
        List.of(Metric.less("resident KiB per connection", 2)),
        peers.serving(SMALL_YOUNG, "--expose-gc"),
        peer -> Trials.idle(peer, Trials.freePort(), count, Http2Check::greet));
  }
}
