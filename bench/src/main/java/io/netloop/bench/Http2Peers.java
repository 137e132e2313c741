package io.netloop.bench;

import io.helidon.common.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who serves HTTP/2 without TLS. */
final class Http2Peers {
  private final Nodes nodes;
  private final HttpPeers http;

  Http2Peers(Nodes nodes, Path root) {
    this.nodes = nodes;
    this.http = new HttpPeers(nodes, root);
  }

  /** Servers on one loop, with further options of Java's and Node's. */
  List<Peer> serving(List<String> javaOptions, String... nodeOptions) {
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop", javaOptions, Java.NETLOOP, NetloopHttp.class, "1"));
    peers.add(Java.peer("Vert.x", javaOptions, Java.VERTX, VertxHttp.class, "1"));
    peers.add(
        Java.peer("Helidon " + Version.VERSION, javaOptions, HttpPeers.HELIDON, HelidonHttp.class));
    peers.addAll(nodes.peers("http2.js", nodeOptions));
    peers.add(http.nginx("http2"));
    return peers;
  }
}
