package io.netloop.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./netloop bench tls}: servers that greet over TLS, or send a large body. */
final class TlsBench {
  private static final int CONNECTIONS = 64;

  private static final String VERTX_JDK = "Vert.x, the JDK's TLS";

  private final Options options;
  private final Nodes nodes;
  private final Path root;
  private final Path folder;

  TlsBench(Options options, Nodes nodes, Path root) {
    this.options = options;
    this.nodes = nodes;
    this.root = root;
    this.folder = root.resolve("bench/target/tls");
  }

  /** The rows by their names; each is made when it is its turn. */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put(
        "full",
        () ->
            handshakes(
                "full",
                "whole handshakes of TLS 1.3 with ECDSA on P-256, and nothing else",
                false));
    rows.put(
        "resumed",
        () ->
            handshakes(
                "resumed", "connections that resume a session and ask for a greeting", true));
    rows.put("requests", this::requests);
    rows.put("transfer", this::transfer);
    return rows;
  }

  private Row handshakes(String name, String title, boolean resumed) {
    return new Row(
        name,
        title,
        TlsTrials.HANDSHAKES,
        peers(),
        peer -> TlsTrials.handshakes(peer, options, resumed));
  }

  private Row requests() {
    Wrk wrk =
        new Wrk(
                root.resolve("bench/peers/load.lua"),
                Cores.OF_ONE_LOOP.generator(),
                CONNECTIONS,
                "plain",
                1)
            .overTls();
    return new Row(
        "requests",
        "a greeting of 13 bytes on each of %d kept connections".formatted(CONNECTIONS),
        HttpTrials.UNDER_LOAD,
        peers(),
        peer -> HttpTrials.overTls(peer, options, wrk));
  }

  private Row transfer() {
    return new Row(
        "transfer",
        "a body of 1 GiB on one connection",
        TlsTrials.TRANSFER,
        peers(),
        peer -> TlsTrials.transfer(peer, options));
  }

  private List<Peer> peers() {
    try {
      OpenSsl.makeCertificate(folder);
    } catch (IOException refused) {
      return List.of(Peer.missing("All", String.valueOf(refused.getMessage())));
    }
    String where = folder.toString();
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop", Java.NETLOOP, NetloopHttps.class, where));
    peers.add(
        Java.peer(
            "Netloop, the JDK's TLS",
            List.of("-Dnetloop.tls=jdk"),
            Java.NETLOOP,
            NetloopHttps.class,
            where));
    peers.add(Java.peer("Vert.x, BoringSSL", Java.VERTX, VertxHttps.class, where, "openssl"));
    peers.add(Java.peer(VERTX_JDK, Java.VERTX, VertxHttps.class, where, "jdk"));
    for (Peer node : nodes.peers("https.js")) {
      peers.add(node.missing() == null ? node.with(where) : node);
    }
    peers.add(nginx(where));
    return peers;
  }

  private Peer nginx(String certificates) {
    if (Machine.program("nginx") == null) {
      return Peer.missing(
          "nginx", "there is no nginx on the PATH (Debian: 'apt-get install nginx-light')");
    }
    return Peer.of(
        HttpPeers.nginxVersion(),
        List.of(
            "sh",
            root.resolve("bench/peers/nginx-tls.sh").toString(),
            root.resolve("bench/target/nginx-tls").toString(),
            certificates));
  }
}
