package io.netloop.bench;

import io.netloop.bench.Nodes.NpmPackage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of {@code ./netloop bench web} about files. */
final class FileRows {
  private static final int MANY = 64;
  private static final int FEW = 8;
  private static final int KIB = 1024;

  private final Options options;
  private final Nodes nodes;
  private final Path root;
  private final Path folder;

  FileRows(Options options, Nodes nodes, Path root) {
    this.options = options;
    this.nodes = nodes;
    this.root = root;
    this.folder = root.resolve("bench/target/web");
  }

  /** The rows by their names; each is made when it is its turn. */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put("static-1k", () -> files("static-1k", "1 KiB", KIB, MANY));
    rows.put("static-100k", () -> files("static-100k", "100 KiB", 100 * KIB, MANY));
    rows.put("static-10m", () -> files("static-10m", "10 MiB", 10 * KIB * KIB, FEW));
    return rows;
  }

  private Row files(String name, String size, int length, int connections) {
    Path file = FileLoad.file(folder, name + ".bin", length);
    Cores cores = Cores.OF_ONE_LOOP;
    Wrk wrk =
        new Wrk(root.resolve("bench/peers/load.lua"), cores.generator(), connections, "plain", 1)
            .asking("/" + file.getFileName());
    FileLoad load = new FileLoad(wrk, file);
    return new Row(
        name,
        "a file of %s on each of %d connections".formatted(size, connections),
        HttpTrials.UNDER_LOAD,
        peers(),
        peer -> HttpTrials.underLoad(peer, options, load),
        cores);
  }

  private List<Peer> peers() {
    String served = folder.toString();
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop", Java.NETLOOP_WEB, NetloopFiles.class, served));
    peers.add(Java.peer("Vert.x sendFile", Java.VERTX, VertxFiles.class, served));
    peers.addAll(nodes.peersOf(NpmPackage.EXPRESS, "static.js", List.of(), served));
    peers.add(new HttpPeers(nodes, root).nginx(served));
    return peers;
  }
}
