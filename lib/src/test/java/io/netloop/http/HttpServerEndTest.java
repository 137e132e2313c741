package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.net.DrainReport;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a server and its connections come to their end: because it is asked to, or with time. */
class HttpServerEndTest extends ServerTest {
  private static final Duration SHORT = Duration.ofMillis(40);

  // Closing

  @Test
  void endsIdleConnectionsWhenItCloses() throws Exception {
    HttpServer server = serve((q, r) -> r.end("hi"));
    RawClient fresh = connect(server);
    RawClient used = connect(server);
    used.send(GET);
    used.hear("hi");
    await().until(() -> server.stats().connections() == 2);

    server.onClose(() -> told.add("close")).close(failure -> told.add("callback " + failure));

    assertThat(fresh.hearAll()).isEmpty();
    assertThat(used.hearAll()).endsWith("hi");
    fresh.close();
    used.close();
    await()
        .untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder("close", "callback null"));
    assertThat(server.address()).isNull();
  }

  @Test
  void answersWhatIsUnderWayBeforeItCloses() throws Exception {
    CompletableFuture<HttpResponse> held = new CompletableFuture<>();
    HttpServer server = serve((q, r) -> held.complete(r));
    RawClient client = connect(server);
    client.send(GET);
    HttpResponse response = held.get(5, TimeUnit.SECONDS);
    server.close(failure -> told.add("closed"));
    assertThat(told).isEmpty();

    response.end("late");

    assertThat(client.hearAll()).contains("Connection: close").endsWith("late");
    client.close();
    tells("closed");
  }

  @Test
  void closesAllButWhatWasUpgraded() throws Exception {
    CompletableFuture<TcpSocket> upgraded = new CompletableFuture<>();
    HttpServer server = serve((q, r) -> told.add("request"));
    server.onUpgrade((q, socket, head) -> upgraded.complete(socket));
    RawClient http = connect(server);
    RawClient other = connect(server);
    http.send(GET);
    other.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
    TcpSocket socket = upgraded.get(5, TimeUnit.SECONDS);
    tells("request");

    server.closeAllConnections();

    assertThat(http.hearAll()).isEmpty();
    socket.end("still here");
    assertThat(other.hearAll()).isEqualTo("still here");
    other.close();
  }

  @Test
  void closesOnlyIdleConnectionsWhereThatIsAsked() throws Exception {
    CompletableFuture<HttpResponse> held = new CompletableFuture<>();
    HttpServer server = serve((q, r) -> held.complete(r));
    RawClient busy = connect(server);
    RawClient idle = connect(server);
    busy.send(LAST);
    HttpResponse response = held.get(5, TimeUnit.SECONDS);
    await().until(() -> server.stats().connections() == 2);

    server.closeIdleConnections();

    assertThat(idle.hearAll()).isEmpty();
    response.end("hi");
    assertThat(busy.hearAll()).endsWith("hi");
    assertThat(server.listening()).isTrue();
  }

  @Test
  void drainsWithinATime() throws Exception {
    CompletableFuture<HttpResponse> held = new CompletableFuture<>();
    HttpServer server = serve((q, r) -> held.complete(r));
    RawClient client = connect(server);
    client.send(GET);
    HttpResponse response = held.get(5, TimeUnit.SECONDS);

    CompletableFuture<DrainReport> drained = server.drain(Duration.ofSeconds(10));
    response.end("last");
    assertThat(client.hearAll()).contains("Connection: close").endsWith("last");
    client.close();

    assertThat(drained.get(10, TimeUnit.SECONDS)).isEqualTo(new DrainReport(1, 0, 0));
  }

  // Time

  @Test
  void endsAConnectionThatIsKeptForTooLong() throws Exception {
    HttpServer server =
        serve(
            DEFAULTS.withKeepAliveTimeout(SHORT).withKeepAliveTimeoutBuffer(Duration.ZERO),
            (q, r) -> r.end("hi"));

    assertThat(ask(server, GET)).contains("Keep-Alive: timeout=0\r\n").endsWith("hi");
  }

  @Test
  void keepsAConnectionForEverWhereThatIsSaid() throws Exception {
    HttpServer server = serve(DEFAULTS.withKeepAliveTimeout(Duration.ZERO), (q, r) -> r.end("hi"));
    RawClient client = connect(server);
    client.send(GET);

    assertThat(client.hear("hi")).contains("Connection: keep-alive").doesNotContain("Keep-Alive:");
  }

  @Test
  void answersARequestThatTakesTooLongWith408() throws Exception {
    HttpServer server =
        serve(
            DEFAULTS.withHeadersTimeout(SHORT).withRequestTimeout(SHORT),
            (q, r) -> q.onData(data -> told.add("data")));
    String late = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n";

    assertThat(ask(server, "")).isEqualTo(late);
    assertThat(ask(server, "GET / HT")).isEqualTo(late);
    assertThat(ask(server, post("a", "Content-Length: 2"))).isEqualTo(late);
    assertThat(server.stats().errors()).containsEntry("ERR_HTTP_REQUEST_TIMEOUT", 3L);
  }

  @Test
  void destroysASilentConnectionWhereNobodyListens() throws Exception {
    HttpServer server = serve(DEFAULTS.withTimeout(SHORT), (q, r) -> told.add("request"));

    assertThat(ask(server, GET)).isEmpty();
    tells("request");
  }

  @Test
  void tellsOfASilentConnectionWhereSomebodyListens() throws Exception {
    HttpServer server = serve(DEFAULTS.withTimeout(SHORT), (q, r) -> {});
    server.onTimeout(socket -> {
      told.add("timeout");
      socket.destroy();
    });

    assertThat(ask(server, GET)).isEmpty();
    tells("timeout");
  }
}
