package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.OutboxLimits;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Clients that are slow, greedy or gone: what they cost, and that others are served meanwhile. */
class HttpAbuseTest extends ServingTest {
  private static final Duration SHORT = Duration.ofMillis(400);

  private final HttpServerOptions defaults = HttpServerOptions.defaults();

  @Test
  void headersThatComeTooSlowlyAreAnsweredWith408() {
    HttpServer server = serve(defaults.withHeadersTimeout(SHORT), ServingTest::echoPath);
    RawPeer peer = connect(server);
    peer.send("GET / HTTP/1.1\r\n");
    AtomicInteger sent = new AtomicInteger();
    // A byte now and then does not help: the time is that of the whole head.
    loop.execute(() -> drip(peer, sent));

    assertThat(peer.rest()).isEqualTo("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
    assertThat(sent.get()).isGreaterThan(2);
    assertThat(server.stats().errors()).containsOnlyKeys("ERR_HTTP_REQUEST_TIMEOUT");
    serves(server);
    sent.set(-1);
  }

  private void drip(RawPeer peer, AtomicInteger sent) {
    if (sent.get() >= 0 && sent.incrementAndGet() < 100 && peer.trySend("X")) {
      loop.setTimeout(20, () -> drip(peer, sent));
    }
  }

  @Test
  void theHeadersOfASecondRequestHaveTheSameTime() {
    HttpServer server =
        serve(
            defaults.withHeadersTimeout(SHORT).withKeepAliveTimeout(Duration.ZERO),
            ServingTest::echoPath);
    RawPeer peer = connect(server).send(GET + "GET /");

    assertThat(RawPeer.statuses(peer.rest())).containsExactly(200, 408);
  }

  @Test
  void aBodyThatComesTooSlowlyEndsItsRequest() {
    List<String> told = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve(
            defaults.withHeadersTimeout(SHORT).withRequestTimeout(SHORT),
            (request, response) -> {
              request.onData(data -> told.add("data " + data)).onEnd(() -> told.add("end"));
              request.onAborted(() -> told.add("aborted"));
              request.onError(error -> told.add(error.code()));
              request.onClose(cause -> told.add("close"));
              response.onClose(cause -> told.add("response " + cause.code()));
            });
    RawPeer peer = connect(server).send(POST + "Content-Length: 5\r\n\r\nab");

    assertThat(RawPeer.statuses(peer.rest())).containsExactly(408);
    await().untilAsserted(() -> assertThat(told).hasSize(5));
    assertThat(told).first().isEqualTo("data ab");
    assertThat(told)
        .contains("aborted", "ECONNRESET", "close", "response ERR_HTTP_REQUEST_TIMEOUT");
    serves(serve(ServingTest::echoPath));
  }

  @Test
  void aBodyThatNobodyReadsIsNotTheClientsFault() {
    Duration second = Duration.ofSeconds(1);
    HttpServer server =
        serve(
            defaults.withHeadersTimeout(second).withRequestTimeout(second),
            (request, response) -> {
              if (request.url().equals("/other")) {
                response.end("/other");
              } else {
                loop.setTimeout(2_500, () -> response.end("late"));
              }
            });
    RawPeer peer = connect(server).send(POST + "Content-Length: 1000000\r\n\r\n");
    peer.send("a".repeat(1_000_000));

    assertThat(peer.until("late")).startsWith("HTTP/1.1 200 OK");
    peer.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n").until("/other");
  }

  @Test
  void tenThousandConnectionsThatSendNothingAreEndedInTimeAndHinderNobody() throws Exception {
    int count = 10_000;
    HttpServer server =
        serve(defaults.withHeadersTimeout(Duration.ofSeconds(4)), ServingTest::echoPath);
    Process clients =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                SilentClients.class.getName(),
                String.valueOf(server.address().port()),
                String.valueOf(count))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said = clients.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).isEqualTo("open");
      serves(server);
      // Who came last may be there still when the first have gone, or not any more.
      assertThat(server.stats().accepted()).isGreaterThanOrEqualTo(count);
      assertThat(said.readLine()).isEqualTo(String.valueOf(count));
      assertThat(clients.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      clients.destroyForcibly();
    }
    await().until(() -> server.stats().connections() == 0);
    serves(server);
  }

  @Test
  void whoPipelinesTenThousandRequestsAndReadsNothingCostsLittleAndIsAnsweredInOrder() {
    int count = 10_000;
    String padding = "p".repeat(2_000);
    AtomicLong most = new AtomicLong();
    AtomicReference<TcpSocket> connection = new AtomicReference<>();
    HttpServer server =
        serve((request, response) -> {
          if (request.url().startsWith("/n")) {
            connection.set(request.socket());
            most.accumulateAndGet(request.socket().writableLength(), Math::max);
          }
          response.end(request.url() + ":" + padding);
        });
    RawPeer peer = closedLater(new RawPeer(server, 8_192));
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < count; i++) {
            peer.send("GET /n" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
          }
        });
    await().until(() -> connection.get() != null && connection.get().isPaused());
    long before = server.stats().requests();

    serves(server);
    assertThat(before).isLessThan(count);
    assertThat(connection.get().writableLength()).isLessThan(200_000);
    for (int i = 0; i < count; i++) {
      String answer = peer.until(padding);
      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\n\r\n/n" + i + ":");
    }
    sent.orTimeout(5, TimeUnit.SECONDS).join();
    // The high-water mark, and the answers to one read on top of it.
    assertThat(most).hasValueLessThan(200_000);
  }

  @Test
  void whatWaitsForASlowReaderIsNotTouchedByAnswersToOthers() {
    AtomicReference<TcpSocket> slow = new AtomicReference<>();
    HttpServer server =
        serve((request, response) -> {
          if (request.url().equals("/s")) {
            slow.set(request.socket());
          }
          response.end(request.url().substring(1).repeat(2_000) + "!");
        });
    String batch = "GET /s HTTP/1.1\r\nHost: a\r\n\r\n".repeat(10);
    RawPeer peer = closedLater(new RawPeer(server, 8_192));
    AtomicInteger asked = new AtomicInteger();
    long waiting = 0;
    long before;
    do {
      before = waiting;
      peer.send(batch);
      asked.addAndGet(10);
      await().until(() -> server.stats().requests() == asked.get());
      waiting = onLoop(() -> slow.get().writableLength());
    } while (before == 0); // One more waits behind what is under way.
    RawPeer other = closedLater(new RawPeer(server));
    other.send(batch.replace("/s", "/o"));
    for (int i = 0; i < 10; i++) {
      assertThat(other.until("!")).endsWith("\r\n\r\n" + "o".repeat(2_000) + "!");
    }

    for (int i = 0; i < asked.get(); i++) {
      assertThat(peer.until("!"))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("\r\n\r\n" + "s".repeat(2_000) + "!");
    }
  }

  @Test
  void noMoreRequestsWaitForTheirAnswersThanMay() {
    List<HttpResponse> open = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve(defaults.withMaxPipelined(5), (request, response) -> open.add(response));
    RawPeer peer = connect(server).send(GET.repeat(50));
    await().until(() -> open.size() >= 5);
    onLoop(() -> null);
    assertThat(open).hasSize(5);

    loop.execute(() -> List.copyOf(open).reversed().forEach(response -> response.end("x")));
    await().until(() -> open.size() == 10);
    for (int i = 10; i <= 50; i += 5) {
      int size = i;
      await().until(() -> open.size() == size);
      loop.execute(() -> open.forEach(HttpResponse::end));
    }
    onLoop(() -> null);
    assertThat(RawPeer.statuses(peer.endOutput().rest())).hasSize(50);
  }

  @Test
  void laterAnswersThatWaitForAnEarlierOneAreBounded() {
    TcpOptions limited =
        TcpOptions.defaults().withLimits(OutboxLimits.defaults().withHardLimit(1_000_000));
    Buffer large = Buffer.from("x".repeat(100_000));
    AtomicInteger answered = new AtomicInteger();
    List<String> causes = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve(
            defaults.withTcp(limited),
            (request, response) -> {
              response.onClose(cause -> causes.add(cause.code()));
              if (request.url().equals("/later")) {
                answered.incrementAndGet();
                response.end(large);
              }
            });
    RawPeer peer = connect(server).send(GET);
    for (int i = 0; i < 30; i++) {
      peer.trySend("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    await().until(() -> !causes.isEmpty());
    assertThat(causes).containsOnly("ERR_OUTBOX_LIMIT");
    assertThat(answered.get()).isBetween(9, 12);
  }

  @Test
  void whoReadsSlowlyHasWriteSayThatItIsFullAndCostsNoMore() {
    AtomicReference<HttpResponse> streaming = new AtomicReference<>();
    AtomicLong written = new AtomicLong();
    HttpServer server =
        serve((request, response) -> {
          if (request.url().equals("/other")) {
            response.end("/other");
            return;
          }
          streaming.set(response);
          Buffer piece = Buffer.from("y".repeat(10_000));
          Runnable more =
              () -> {
                boolean room = true;
                while (room && written.get() < 30_000_000) {
                  written.addAndGet(piece.length());
                  room = response.write(piece);
                }
                if (room) {
                  response.end("the end");
                }
              };
          response.onDrain(more);
          more.run();
        });
    RawPeer peer = closedLater(new RawPeer(server, 8_192)).send(GET);
    await().until(() -> streaming.get() != null && streaming.get().writableNeedDrain());

    serves(server);
    assertThat(streaming.get().writableLength()).isBetween(1L, 150_000L);
    assertThat(written).hasValueLessThan(15_000_000);
    String all = peer.until("the end");
    assertThat(all.chars().filter(c -> c == 'y').count()).isEqualTo(30_000_000);
  }

  @Test
  void whoReadsNothingIsCutWhereTheProgramWritesOnWithoutLooking() {
    TcpOptions limited =
        TcpOptions.defaults().withLimits(OutboxLimits.defaults().withHardLimit(2_000_000));
    AtomicReference<CloseCause> cause = new AtomicReference<>();
    AtomicLong most = new AtomicLong();
    HttpServer server =
        serve(
            defaults.withTcp(limited),
            (request, response) -> {
              response.onClose(cause::set);
              writeForEver(response, Buffer.from("z".repeat(50_000)), most);
            });
    closedLater(new RawPeer(server, 8_192)).send(GET);

    await().atMost(Duration.ofSeconds(20)).until(() -> cause.get() != null);
    assertThat(cause.get().code()).isEqualTo("ERR_OUTBOX_LIMIT");
    assertThat(most).hasValueLessThan(2_100_000);
    assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isLessThan(64L << 20);
  }

  private void writeForEver(HttpResponse response, Buffer piece, AtomicLong most) {
    for (int i = 0; i < 10 && !response.destroyed(); i++) {
      response.write(piece);
      most.accumulateAndGet(response.writableLength(), Math::max);
    }
    if (!response.destroyed()) {
      loop.setImmediate(() -> writeForEver(response, piece, most));
    }
  }

  /** What a client has asked for it gets, however slowly it reads: no time runs against it. */
  @Test
  void aLastAnswerIsNotCutShortForASlowReader() {
    assertThat(slowlyRead(defaults, "Connection: close\r\n\r\n")).isEqualTo(20_000_000);
  }

  @Test
  void anAnswerIsNotCutShortBecauseTheConnectionIsIdle() {
    HttpServerOptions impatient =
        defaults.withKeepAliveTimeout(SHORT).withKeepAliveTimeoutBuffer(Duration.ZERO);

    assertThat(slowlyRead(impatient, "\r\n")).isEqualTo(20_000_000);
  }

  private long slowlyRead(HttpServerOptions options, String headEnd) {
    Buffer large = Buffer.from("y".repeat(20_000_000));
    AtomicReference<HttpResponse> ended = new AtomicReference<>();
    TcpOptions roomy =
        TcpOptions.defaults().withLimits(OutboxLimits.defaults().withHardLimit(50_000_000));
    HttpServer server =
        serve(
            options.withTcp(roomy),
            (request, response) -> {
              response.end(large);
              ended.set(response);
            });
    RawPeer peer = closedLater(new RawPeer(server, 8_192));
    peer.send("GET / HTTP/1.1\r\nHost: a\r\n" + headEnd);
    await().until(() -> ended.get() != null);
    // Longer than the server lingers, and than it looks at its connections.
    CompletableFuture<Void> later = new CompletableFuture<>();
    loop.execute(() -> loop.setTimeout(4_000, () -> later.complete(null)));
    later.orTimeout(10, TimeUnit.SECONDS).join();
    return peer.rest().chars().filter(c -> c == 'y').count();
  }

  @Test
  void aBodyThatNobodyReadsStaysWithTheClient() {
    AtomicReference<HttpRequest> seen = new AtomicReference<>();
    AtomicReference<HttpResponse> answer = new AtomicReference<>();
    HttpServer server =
        serve((request, response) -> {
          if (request.url().equals("/other")) {
            response.end("/other");
            return;
          }
          seen.set(request);
          answer.set(response);
        });
    RawPeer peer = connect(server).send(POST + "Content-Length: 30000000\r\n\r\n");
    CompletableFuture<RawPeer> sent =
        CompletableFuture.supplyAsync(() -> peer.send("b".repeat(30_000_000)));
    await().until(() -> seen.get() != null && seen.get().socket().isPaused());

    serves(server);
    assertThat(seen.get().readableLength()).isBetween(1, 200_000);
    assertThat(seen.get().socket().bytesRead()).isLessThan(2_000_000);
    answer.get().end("done");
    assertThat(peer.until("done")).startsWith("HTTP/1.1 200 OK");
    sent.orTimeout(10, TimeUnit.SECONDS).join().send(GET);
    await().until(() -> !answer.get().writableEnded());
    assertThat(seen.get().readableLength()).isZero();
  }

  @Test
  void aBodyOfTinyChunksThatNobodyReadsIsBoundedByWhatThePiecesCost() {
    AtomicReference<HttpRequest> seen = new AtomicReference<>();
    HttpServer server = serve((request, response) -> seen.set(request));
    RawPeer peer = connect(server).send(CHUNKED);
    CompletableFuture.runAsync(() -> peer.trySend("1\r\nb\r\n".repeat(2_000_000)));
    await().until(() -> seen.get() != null && seen.get().socket().isPaused());

    assertThat(seen.get().readableLength()).isBetween(1, 2_000);
  }

  @Test
  void answeringDoesNotHaveABodyThatNobodyReadsPileUp() {
    AtomicReference<HttpRequest> seen = new AtomicReference<>();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger drains = new AtomicInteger();
    Buffer piece = Buffer.from("y".repeat(40_000));
    HttpServer server =
        serve((request, response) -> {
          seen.set(request);
          Runnable more =
              () -> {
                most.accumulateAndGet(request.readableLength(), Math::max);
                drains.incrementAndGet();
                while (drains.get() < 60 && response.write(piece)) {
                  // Until it is full.
                }
                if (drains.get() == 60) {
                  response.end("the end");
                }
              };
          response.onDrain(more);
          more.run();
        });
    RawPeer peer = connect(server).send(POST + "Content-Length: 50000000\r\n\r\n");
    CompletableFuture.runAsync(() -> peer.trySend("b".repeat(50_000_000)));

    peer.until("the end");
    assertThat(drains.get()).isGreaterThanOrEqualTo(60);
    assertThat(most).hasValueLessThan(200_000);
  }

  @Test
  void anEndlessBodyMeetsItsLimit() {
    List<String> told = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve(
            defaults.withMaxBodySize(100_000),
            (request, response) -> {
              AtomicLong bytes = new AtomicLong();
              request.onData(data -> bytes.addAndGet(data.length()));
              request.onEnd(() -> response.end(String.valueOf(bytes)));
              request.onError(error -> told.add(bytes.get() <= 100_000 ? "in time" : "too late"));
            });
    RawPeer peer = connect(server).send(CHUNKED);
    while (peer.trySend("3e8\r\n" + "c".repeat(1_000) + "\r\n") && told.isEmpty()) {
      // On and on.
    }
    RawPeer exact = connect(server).send(POST + "Content-Length: 100000\r\n\r\n");
    exact.send("c".repeat(100_000));

    assertThat(exact.until("100000")).startsWith("HTTP/1.1 200 OK");
    assertThat(peer.until("\r\n\r\n")).startsWith("HTTP/1.1 413 ");
    assertThat(told).containsExactly("in time");
    assertThat(
            RawPeer.statuses(connect(server).send(POST + "Content-Length: 100001\r\n\r\n").rest()))
        .containsExactly(413);
  }

  @Test
  void clientsThatVanishAtAnyStageLeaveNothing() {
    List<String> stages = new ArrayList<>(List.of("", "GE", "GET / HTTP/1.1\r\nHos", GET));
    stages.addAll(List.of(CHUNKED, CHUNKED + "3\r\na", CHUNKED + "0\r\nX: 1", POST + "Content-Le"));
    stages.addAll(List.of(GET.repeat(100), GET + "GET /", POST + "Content-Length: 9\r\n\r\nabc"));
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    HttpServer server =
        serve((request, response) -> {
          begun.incrementAndGet();
          response.onClose(cause -> closed.incrementAndGet());
          request.resume();
          // Later than most of the clients are there.
          loop.setTimeout(10, () -> response.write("z".repeat(100_000)));
        });
    int count = 0;
    for (String stage : stages) {
      for (boolean reset : new boolean[] {true, false}) {
        RawPeer peer = new RawPeer(server).send(stage);
        count++;
        if (reset) {
          peer.reset();
        } else {
          peer.close();
        }
      }
    }

    int all = count;
    await().until(() -> server.stats().accepted() >= all && server.stats().connections() == 0);
    await().untilAsserted(() -> assertThat(closed).hasValue(begun.get()));
    assertThat(begun.get()).isGreaterThan(0);
  }
}
