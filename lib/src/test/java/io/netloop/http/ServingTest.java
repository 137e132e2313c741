package io.netloop.http;

import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.loop.Loop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What tests need in which raw clients meet a server. What they open is closed after each. */
@ExtendWith(NothingLeaks.class)
abstract class ServingTest {
  static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";
  static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

  final Loop loop = Loop.current();
  private final List<HttpServer> servers = Collections.synchronizedList(new ArrayList<>());
  private final List<RawPeer> peers = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeWhatIsOpen() {
    peers.forEach(RawPeer::close);
    servers.forEach(server -> server.close().closeAllConnections());
  }

  HttpServer serve(RequestListener listener) {
    return serve(HttpServerOptions.defaults(), listener);
  }

  /** A server that listens on a free port of the loopback address. */
  HttpServer serve(HttpServerOptions options, RequestListener listener) {
    HttpServer server = onLoop(() -> new HttpServer(options).onRequest(listener));
    servers.add(server);
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
    return server;
  }

  /** Answers a request with its path, when all of it has come. */
  static void echoPath(HttpRequest request, HttpResponse response) {
    request.onEnd(() -> response.end(request.url()));
    request.resume();
  }

  /** Connects when all that was asked of the server before has reached its loop. */
  RawPeer connect(HttpServer server) {
    onLoop(() -> null);
    return closedLater(new RawPeer(server));
  }

  RawPeer closedLater(RawPeer peer) {
    peers.add(peer);
    return peer;
  }

  /** Whether somebody else is served. */
  void serves(HttpServer server) {
    try (RawPeer other = new RawPeer(server)) {
      other.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n").until("/other");
    }
  }

  <T> T onLoop(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        result.complete(work.call());
      } catch (Throwable failure) {
        result.completeExceptionally(failure);
      }
    });
    return result.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
