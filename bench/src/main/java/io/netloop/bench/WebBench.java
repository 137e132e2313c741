package io.netloop.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./netloop bench web}: what web frameworks add to a server. */
final class WebBench {
  private static final int FEW = 64;

  private final Options options;
  private final Nodes nodes;
  private final Path root;
  private final Path script;

  WebBench(Options options, Nodes nodes, Path root) {
    this.options = options;
    this.nodes = nodes;
    this.root = root;
    this.script = root.resolve("bench/peers/load.lua");
  }

  /** The rows by their names; each is made when it is its turn. */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put("routes", this::routes);
    rows.putAll(new FileRows(options, nodes, root).rows());
    return rows;
  }

  private Row routes() {
    Cores cores = Cores.OF_ONE_LOOP;
    Wrk wrk = new Wrk(script, cores.generator(), FEW, "routes", 1);
    return new Row(
        "routes",
        "JSON from one of %d routes with a parameter, on each of %d connections"
            .formatted(2 * WebRoutes.RESOURCES, FEW),
        HttpTrials.UNDER_LOAD,
        peers(),
        peer -> HttpTrials.underLoad(peer, options, wrk),
        cores);
  }

  private List<Peer> peers() {
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop", Java.NETLOOP_WEB, NetloopWeb.class, "routes"));
    peers.add(Java.peer("Netloop, no ETag", Java.NETLOOP_WEB, NetloopWeb.class, "no-etag"));
    peers.add(Java.peer("Netloop, plain handler", Java.NETLOOP_WEB, NetloopWeb.class, "plain"));
    peers.add(Java.peer("Vert.x-web", Java.VERTX, VertxWeb.class));
    peers.add(Java.peer("Javalin", Java.JAVALIN, JavalinWeb.class));
    peers.addAll(nodes.peersOf(Nodes.NpmPackage.FASTIFY, "fastify.js", List.of()));
    peers.addAll(nodes.peersOf(Nodes.NpmPackage.EXPRESS, "express.js", List.of()));
    return peers;
  }
}
