package io.netloop.net;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A small program, written for Node and for us. Either of two parts, a server's and a client's,
 * each of which may run in Node or here; or of one part that stands alone.
 */
final class Program {
  final String name;
  TcpOptions serverOptions = TcpOptions.defaults();
  TcpOptions clientOptions = TcpOptions.defaults();
  boolean serverReads = true;
  boolean clientReads = true;
  boolean overPath;
  int sinceNode;
  String nodeServer;
  BiConsumer<Part, TcpSocket> ourServer;
  String nodeClient;
  BiConsumer<Part, TcpSocket> ourClient;
  String nodeAlone;
  Consumer<Part> ourAlone;

  private Program(String name) {
    this.name = name;
  }

  static Program program(String name) {
    return new Program(name);
  }

  /** What is done when a connection is accepted, which is {@code s} and recorded as S. */
  Program server(String node, BiConsumer<Part, TcpSocket> ours) {
    nodeServer = node;
    ourServer = ours;
    return this;
  }

  /** What is done right after the call of connect, which has made {@code c}, recorded as C. */
  Program client(String node, BiConsumer<Part, TcpSocket> ours) {
    nodeClient = node;
    ourClient = ours;
    return this;
  }

  /** A client's part that connects by itself to {@code t.port}, or a whole program. */
  Program alone(String node, Consumer<Part> ours) {
    nodeAlone = node;
    ourAlone = ours;
    return this;
  }

  Program servers(TcpOptions options) {
    serverOptions = options;
    return this;
  }

  Program clients(TcpOptions options) {
    clientOptions = options;
    return this;
  }

  /** Nobody listens to the accepted connection's data. */
  Program serverDoesNotRead() {
    serverReads = false;
    return this;
  }

  /** Nobody listens to the client's data. */
  Program clientDoesNotRead() {
    clientReads = false;
    return this;
  }

  /** By a Unix domain socket. */
  Program overPath() {
    overPath = true;
    return this;
  }

  /** Older ones know nothing of the kind: there is nothing to compare with. */
  Program since(int nodeMajor) {
    sinceNode = nodeMajor;
    return this;
  }

  /** Options as Node takes them. */
  String json(TcpOptions options, boolean reads) {
    return """
    {"allowHalfOpen": %s, "pauseOnConnect": %s, "noDelay": %s, "keepAlive": %s,
     "keepAliveInitialDelay": %d, "highWaterMark": %d, "silent": %s, "unix": %s}\
    """
        .formatted(
            options.allowHalfOpen(),
            options.pauseOnConnect(),
            options.noDelay(),
            options.keepAlive(),
            options.keepAliveInitialDelay().toMillis(),
            options.limits().highWaterMark(),
            !reads,
            overPath);
  }

  @Override
  public String toString() {
    return name;
  }
}
