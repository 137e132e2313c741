package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests of the server need. What they open is closed after each. */
@ExtendWith(NothingLeaks.class)
abstract class ServerTest {
  static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  static final String LAST = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  static final HttpServerOptions DEFAULTS = HttpServerOptions.defaults();

  final Loop loop = Loop.current();

  /** What listeners have told, in order. */
  final List<String> told = new CopyOnWriteArrayList<>();

  private final List<HttpServer> servers = Collections.synchronizedList(new ArrayList<>());
  private final List<RawClient> clients = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeWhatIsOpen() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    servers.forEach(server -> server.closeAllConnections().close());
  }

  HttpServer serve(RequestListener onRequest) {
    return serve(DEFAULTS, onRequest);
  }

  HttpServer serve(HttpServerOptions options, RequestListener onRequest) {
    return listen(Http.createServer(options, onRequest));
  }

  HttpServer listen(HttpServer server) {
    closedLater(server).listen(0, "127.0.0.1");
    await().until(server::listening);
    return server;
  }

  HttpServer closedLater(HttpServer server) {
    servers.add(server);
    return server;
  }

  /** Connects once the loop has what the test has told the server. */
  RawClient connect(HttpServer server) throws IOException {
    onLoop(() -> null);
    RawClient client = new RawClient(server.address().port(), Duration.ofSeconds(5));
    clients.add(client);
    return client;
  }

  /** Everything that the server says to these bytes before it ends the connection. */
  String ask(HttpServer server, String bytes) throws IOException {
    RawClient client = connect(server);
    client.send(bytes);
    return client.hearAll();
  }

  static String post(String body, String... lines) {
    return "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
        + String.join("", List.of(lines).stream().map(line -> line + "\r\n").toList())
        + "\r\n"
        + body;
  }

  static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
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
    return result.orTimeout(5, TimeUnit.SECONDS).join();
  }

  void tells(String... lines) {
    await().untilAsserted(() -> assertThat(told).containsExactly(lines));
  }

  static void refuses(ThrowingCallable work, String code, String text) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(NetException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(text);
  }
}
