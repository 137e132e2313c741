package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.net.DrainReport;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Ends that are chosen: of servers, of connections, of clients that have said all they wanted. */
class HttpClosingTest extends ServingTest {
  private final List<HttpResponse> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger closes = new AtomicInteger();

  private HttpServer holding() {
    return holding(HttpServerOptions.defaults());
  }

  /** Answers nothing but "/now" by itself. */
  private HttpServer holding(HttpServerOptions options) {
    HttpServer server =
        serve(
            options,
            (request, response) -> {
              if (request.url().equals("/now")) {
                response.end("now");
              } else {
                open.add(response);
              }
            });
    server.onUpgrade((request, socket, head) -> {
      socket.write("switched");
      socket.onEnd(socket::end).resume();
    });
    return server.onClose(closes::incrementAndGet);
  }

  private RawPeer idle(HttpServer server) {
    RawPeer peer = connect(server).send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n");
    peer.until("now");
    return peer;
  }

  private RawPeer active(HttpServer server) {
    int before = open.size();
    RawPeer peer = connect(server).send(GET);
    await().until(() -> open.size() > before);
    return peer;
  }

  private RawPeer upgraded(HttpServer server) {
    RawPeer peer = connect(server).send(POST + "Connection: upgrade\r\nUpgrade: x\r\n\r\n");
    peer.until("switched");
    return peer;
  }

  private RawPeer fresh(HttpServer server) {
    long before = server.stats().accepted();
    RawPeer peer = connect(server);
    await().until(() -> server.stats().accepted() > before);
    return peer;
  }

  @Test
  void closeEndsIdleConnectionsAndSaysCloseWithTheLastAnswers() {
    HttpServer server = holding();
    RawPeer idle = idle(server);
    RawPeer fresh = fresh(server);
    RawPeer active = active(server);
    server.close();

    assertThat(idle.lastWords()).isEmpty();
    assertThat(fresh.lastWords()).isEmpty();
    assertThat(closes).hasValue(0);
    loop.execute(() -> open.getFirst().end("last"));
    assertThat(active.lastWords()).contains("Connection: close\r\n").endsWith("last");
    await().until(() -> closes.get() == 1);
  }

  @Test
  void closeEndsAConnectionWhoseAnswerHadBegunToSayOtherwise() {
    HttpServer server = holding();
    RawPeer active = active(server);
    loop.execute(() -> open.getFirst().write("begun"));
    assertThat(active.until("begun")).contains("Connection: keep-alive");
    server.close();
    loop.execute(() -> open.getFirst().end("last"));

    assertThat(active.lastWords()).contains("last");
    await().until(() -> closes.get() == 1);
  }

  @Test
  void closeIdleConnectionsLeavesTheOthers() {
    HttpServer server = holding();
    RawPeer idle = idle(server);
    RawPeer active = active(server);
    RawPeer begun = fresh(server).send("GET /no");
    RawPeer upgraded = upgraded(server);
    await().until(() -> server.stats().connections() == 4);
    onLoop(() -> null);
    server.closeIdleConnections();

    assertThat(idle.lastWords()).isEmpty();
    begun.send("w HTTP/1.1\r\nHost: a\r\n\r\n").until("now");
    loop.execute(() -> open.getFirst().end("still"));
    assertThat(active.until("still")).contains("Connection: keep-alive");
    upgraded.send("x");
    assertThat(server.listening()).isTrue();
  }

  @Test
  void closeAllConnectionsLeavesOnlyThoseThatWereUpgraded() {
    HttpServer server = serve((request, response) -> open.add(response));
    server.onUpgrade((request, socket, head) -> {
      socket.write("switched");
      socket.onData(data -> socket.end("still here"));
    });
    RawPeer active = active(server);
    RawPeer upgraded = upgraded(server);
    server.closeAllConnections();

    assertThat(RawPeer.statuses(active.lastWords())).isEmpty();
    assertThat(upgraded.send("?").rest()).isEqualTo("still here");
    await().until(() -> open.getFirst().destroyed());
  }

  @Test
  void drainEndsIdleWaitsForActiveAndCutsWhatDoesNotEnd() {
    HttpServer server = holding();
    RawPeer idle = idle(server);
    RawPeer active = active(server);
    RawPeer never = active(server);
    RawPeer upgraded = upgraded(server);
    CompletableFuture<DrainReport> report = server.drain(Duration.ofSeconds(2));
    loop.execute(() -> open.getFirst().end("last"));

    assertThat(active.lastWords()).contains("Connection: close\r\n").endsWith("last");
    assertThat(idle.lastWords()).isEmpty();
    assertThat(upgraded.lastWords()).isEmpty();
    DrainReport drained = report.orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(drained.ended()).isEqualTo(3);
    assertThat(drained.cut()).isEqualTo(1);
    assertThat(RawPeer.statuses(never.rest())).isEmpty();
    assertThat(server.stats().connections()).isZero();
  }

  @Test
  void aRequestThatHasComeWhenTheDrainBeginsIsAnswered() {
    HttpServer server = holding();
    RawPeer idle = idle(server);
    AtomicReference<CompletableFuture<DrainReport>> report = new AtomicReference<>();
    // The request is with the system while the loop is busy, and the drain is its next thought.
    onLoop(() -> {
      idle.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n");
      report.set(server.drain(Duration.ofSeconds(5)));
      return null;
    });

    assertThat(idle.lastWords()).contains("HTTP/1.1 200 OK", "Connection: close").endsWith("now");
    assertThat(report.get().orTimeout(10, TimeUnit.SECONDS).join().cut()).isZero();
  }

  @Test
  void closeAnswersAllRequestsThatHaveComeAndSaysItWithTheLast() {
    HttpServer server = holding();
    RawPeer peer = connect(server).send(GET.repeat(3));
    await().until(() -> open.size() == 3);
    server.close();
    loop.execute(() -> open.reversed().forEach(response -> response.end("answered")));

    String answers = peer.lastWords();
    assertThat(RawPeer.statuses(answers)).containsExactly(200, 200, 200);
    assertThat(answers).containsOnlyOnce("Connection: close");
    await().until(() -> closes.get() == 1);
  }

  @Test
  void aConnectionBringsNoMoreRequestsThanItMay() {
    HttpServer server = holding(HttpServerOptions.defaults().withMaxRequestsPerSocket(2));
    List<String> dropped = new CopyOnWriteArrayList<>();
    server.onDropRequest((request, socket) -> dropped.add(request.url()));
    RawPeer peer = connect(server).send(GET.repeat(3));
    await().until(() -> dropped.size() == 1);
    loop.execute(() -> open.getFirst().end("one"));
    loop.execute(() -> open.get(1).end("two"));

    String answers = peer.rest();
    assertThat(answers).contains("Keep-Alive: timeout=5, max=2", "one", "two");
    // The second answer says that it is the last, and then no third is sent.
    assertThat(RawPeer.statuses(answers)).startsWith(200, 200);
    assertThat(answers.substring(answers.indexOf("one"))).contains("Connection: close");
    assertThat(open).hasSize(2);
  }

  @Test
  void anIdleConnectionIsKeptForItsTime() {
    HttpServer server =
        holding(
            HttpServerOptions.defaults()
                .withKeepAliveTimeout(Duration.ofMillis(300))
                .withKeepAliveTimeoutBuffer(Duration.ZERO));
    long begin = loop.nanoTime();

    assertThat(idle(server).rest()).isEmpty();
    assertThat(Duration.ofNanos(loop.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(250));
  }

  @Test
  void emptyLinesDoNotKeepAnIdleConnectionForEver() {
    HttpServer server =
        holding(
            HttpServerOptions.defaults()
                .withKeepAliveTimeout(Duration.ofMillis(300))
                .withKeepAliveTimeoutBuffer(Duration.ZERO));
    RawPeer peer = idle(server);
    AtomicInteger sent = new AtomicInteger();
    loop.execute(() -> sendEmptyLines(peer, sent));

    peer.rest();
    assertThat(sent.get()).isLessThan(20);
    sent.set(1_000);
  }

  private void sendEmptyLines(RawPeer peer, AtomicInteger sent) {
    if (sent.incrementAndGet() < 1_000 && peer.trySend("\r\n")) {
      loop.setTimeout(50, () -> sendEmptyLines(peer, sent));
    }
  }

  @Test
  void aClientThatEndsItsSideGetsTheAnswersThatAreReadyAndEndsTheOthers() {
    HttpServer server = holding();
    String now = "GET /now HTTP/1.1\r\nHost: a\r\n\r\n";

    assertThat(RawPeer.statuses(connect(server).send(now.repeat(3)).endOutput().rest()))
        .containsExactly(200, 200, 200);
    AtomicReference<String> cause = new AtomicReference<>();
    RawPeer peer = active(server);
    onLoop(() -> open.getFirst().onClose(end -> cause.set(end.code())));
    assertThat(peer.endOutput().rest()).isEmpty();
    await().until(() -> "ECONNRESET".equals(cause.get()));
  }

  @Test
  void aRefusedClientThatDoesNotEndIsCutAfterAWhile() {
    AtomicReference<TcpSocket> socket = new AtomicReference<>();
    HttpServer server = holding();
    onLoop(() -> server.onConnection(socket::set));
    RawPeer peer = connect(server).send("nonsense\r\n");
    long begin = loop.nanoTime();
    peer.rest();

    assertThat(socket.get().destroyed()).isFalse();
    await().until(() -> socket.get().destroyed());
    assertThat(Duration.ofNanos(loop.nanoTime() - begin))
        .isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(6));
  }
}
