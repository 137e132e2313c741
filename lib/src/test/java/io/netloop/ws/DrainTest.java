package io.netloop.ws;

import static io.netloop.ws.Frames.close;
import static io.netloop.ws.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.http.HttpServer;
import io.netloop.net.DrainReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Going away politely. */
class DrainTest extends WsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private List<RawClient> many(WebSocketServer server, int count) {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(connect(server));
    }
    await().until(() -> server.connections() == count);
    return clients;
  }

  private static void answer(RawClient client, int code) {
    assertThat(client.frame().code()).isEqualTo(code);
    client.send(close(code, ""));
    assertThat(client.isEnded()).isTrue();
    client.close();
  }

  @Test
  void closesAllWithGoingAwayAndReports() {
    WebSocketServer server = serve(socket -> socket.onClose(event -> add(told(event))));
    List<RawClient> clients = many(server, 5);
    CompletableFuture<DrainReport> report = server.drain(LONG);
    clients.forEach(client -> answer(client, 1001));

    assertThat(get(report)).isEqualTo(new DrainReport(5, 0, 0));
    assertThat(events).hasSize(5).containsOnly("1001 clean");
    assertThat(server.isClosing()).isTrue();
    assertThat(bare(port(server)).send(RawClient.request("/")).rest()).startsWith("HTTP/1.1 503 ");
  }

  @Test
  void closesWithTheCodeThatIsAskedFor() {
    WebSocketServer server = serve(socket -> {});
    List<RawClient> clients = many(server, 2);
    CompletableFuture<DrainReport> report = server.drain(LONG, 1012);
    clients.forEach(client -> answer(client, 1012));
    assertThat(get(report).ended()).isEqualTo(2);
  }

  @Test
  void isDoneAtOnceWhereNobodyIsThere() {
    assertThat(get(serve(socket -> {}).drain(LONG))).isEqualTo(new DrainReport(0, 0, 0));
  }

  @Test
  void spreadsTheClosesOverTheFirstHalfOfTheTime() {
    List<Long> closed = new ArrayList<>();
    WebSocketServer server = serve(socket -> socket.onClose(event -> closed.add(loop.nanoTime())));
    List<RawClient> clients = many(server, 40);
    long start = onLoop(loop::nanoTime);
    CompletableFuture<DrainReport> report = server.drain(Duration.ofMillis(600));
    for (RawClient client : clients) {
      answer(client, 1001);
    }
    assertThat(get(report).cut()).isZero();
    // One every 7.5 ms: the last some 290 ms after the first, and none of them late.
    long spread = closed.getLast() - closed.getFirst();
    assertThat(spread / 1_000_000).isBetween(200L, 600L);
    assertThat(closed.getLast() - start).isLessThan(600_000_000L);
  }

  @Test
  void cutsWhoIsStillThereWhenTheTimeIsUp() {
    WebSocketServer server = serve(socket -> socket.onClose(event -> add(told(event))));
    List<RawClient> clients = many(server, 3);
    CompletableFuture<DrainReport> report = server.drain(Duration.ofMillis(300));
    answer(clients.getFirst(), 1001);
    for (RawClient stays : clients.subList(1, 3)) {
      assertThat(stays.frame().code()).isEqualTo(1001);
      assertThat(stays.isEnded()).isTrue();
    }
    assertThat(get(report)).isEqualTo(new DrainReport(1, 2, 0));
    assertThat(events).containsExactly("1001 clean", "1006", "1006");
  }

  @Test
  void closesAllAtOnceWhereThereIsNoTime() {
    WebSocketServer server = serve(socket -> {});
    many(server, 3);
    assertThat(get(server.drain(Duration.ZERO)).cut()).isEqualTo(3);
  }

  @Test
  void reportsWhatWasStillQueuedForThoseWhoWereCut() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    WebSocketServer server = serve(opened::complete);
    many(server, 1);
    doOnLoop(() -> get(opened).send(io.netloop.loop.Buffer.from(new byte[12 << 20])));
    DrainReport report = get(server.drain(Duration.ofMillis(100)));
    assertThat(report.cut()).isEqualTo(1);
    assertThat(report.lostBytes()).isBetween(1L << 20, 13L << 20);
  }

  @Test
  void countsWhoLeavesByItself() {
    WebSocketServer server = serve(socket -> {});
    List<RawClient> clients = many(server, 2);
    CompletableFuture<DrainReport> report = server.drain(LONG);
    await().until(server::isClosing);
    clients.forEach(RawClient::close);
    assertThat(get(report)).isEqualTo(new DrainReport(2, 0, 0));
  }

  @Test
  void drainsWithTheHttpServerThatItIsAttachedTo() {
    HttpServer http = http();
    WebSocketServer first =
        attach(http, options().withPath("/a"), socket -> socket.onMessage(socket::send));
    WebSocketServer second = attach(http, options().withPath("/b"), socket -> {});
    int port = http.address().port();
    RawClient a = connect(port, "/a");
    RawClient b = connect(port, "/b");
    CompletableFuture<DrainReport> report = http.drain(LONG);
    answer(a, 1001);
    answer(b, 1001);
    DrainReport told = get(report);
    assertThat(told.cut()).isZero();
    assertThat(told.ended()).isEqualTo(2);
    assertThat(first.isClosing() && second.isClosing()).isTrue();
  }

  @Test
  void cutsWithTheHttpServerThatItIsAttachedTo() {
    HttpServer http = http();
    attach(http, options(), socket -> socket.onClose(event -> add(told(event))));
    RawClient client = connect(http.address().port(), "/");
    CompletableFuture<DrainReport> report = http.drain(Duration.ofMillis(200));
    assertThat(client.frame().code()).isEqualTo(1001);
    assertThat(client.isEnded()).isTrue();
    assertThat(get(report).ended() + get(report).cut()).isEqualTo(1);
    happens("1006");
  }

  @Test
  void leavesOpenConnectionsAloneWhenItOnlyCloses() {
    WebSocketServer server = echo(options());
    RawClient client = connect(server);
    server.close();
    server.http().close();
    settle();
    assertThat(client.send(text("still")).text()).isEqualTo("still");
  }
}
