package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.net.TcpOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A response as the program makes it. */
class HttpResponseTest extends ServerTest {
  private static final Buffer PIECE = Buffer.from(new byte[16 * 1024]);
  private static final int LARGE = 8 << 20;

  @Test
  void keepsValuesAsTheyWereSet() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          response.setHeader("A", "x").setHeader("B", 7).setHeader("C", List.of("y", "z"));
          assertThat(response.getHeader("a")).isEqualTo("x");
          assertThat(response.getHeader("b")).isEqualTo(7);
          assertThat(response.getHeader("c")).isEqualTo(List.of("y", "z"));
          assertThat(response.getHeader("d")).isNull();
          assertThat(response.getHeaders())
              .containsExactly(
                  Map.entry("a", "x"), Map.entry("b", 7), Map.entry("c", List.of("y", "z")));
          assertThat(response.getHeaderNames()).containsExactly("a", "b", "c");
          assertThat(response.getRawHeaderNames()).containsExactly("A", "B", "C");
          assertThat(response.hasHeader("c")).isTrue();
          response.end("checked");
        });

    assertThat(ask(server, LAST))
        .contains("\r\nA: x\r\nB: 7\r\nC: y\r\nC: z\r\n")
        .endsWith("checked");
  }

  @Test
  void isNotChangedByWhatItRefuses() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          refuses(
              () -> response.statusCode(99),
              "ERR_HTTP_INVALID_STATUS_CODE",
              "Invalid status code: 99");
          refuses(
              () -> response.statusCode(1000),
              "ERR_HTTP_INVALID_STATUS_CODE",
              "Invalid status code: 1000");
          refuses(
              () -> response.statusMessage("a\nb"),
              "ERR_INVALID_CHAR",
              "Invalid character in statusMessage");
          refuses(
              () -> response.setHeader("a", (String) null),
              "ERR_HTTP_INVALID_HEADER_VALUE",
              "Invalid value \"null\" for header \"a\": remove it, or set a text.");
          refuses(
              () -> response.writeHead(201, List.of("a")),
              "ERR_INVALID_ARG_VALUE",
              "A flat list of headers has a value for each name, not 1 elements.");
          refuses(
              () -> response.writeHead(201, List.of("a", "\n")),
              "ERR_INVALID_CHAR",
              "Invalid character in header content [\"a\"]");
          refuses(
              () -> response.writeHead(201, Map.of("a", "ok", "b c", "d")),
              "ERR_INVALID_HTTP_TOKEN",
              "Header name must be a valid HTTP token [\"b c\"]");
          assertThat(response.statusCode()).isEqualTo(200);
          assertThat(response.statusMessage()).isNull();
          assertThat(response.getHeaderNames()).isEmpty();
          response.end("unchanged");
        });

    assertThat(body(ask(server, LAST))).isEqualTo("unchanged");
  }

  @Test
  void refusesALengthThatIsNoNumberAndMayThenBeSetRight() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          response.setHeader("Content-Length", "two");
          refuses(
              () -> response.end("hi"),
              "ERR_HTTP_INVALID_HEADER_VALUE",
              "Invalid value \"two\" for header \"Content-Length\": a number of bytes.");
          assertThat(response.headersSent()).isFalse();
          response.setHeader("Content-Length", 2).end("hi");
        });

    assertThat(ask(server, LAST)).contains("Content-Length: 2\r\n").endsWith("\r\n\r\nhi");
  }

  @Test
  void joinsListsOfUniqueHeaders() throws Exception {
    HttpServer server =
        serve(
            DEFAULTS.withUniqueHeaders("X-Own"),
            (request, response) ->
                response
                    .setHeader("x-own", List.of("a", "b"))
                    .setHeader("Other", List.of("c", "d"))
                    .end());

    assertThat(ask(server, LAST)).contains("\r\nx-own: a; b\r\nOther: c\r\nOther: d\r\n");
  }

  @Test
  void saysWhenEnoughIsQueuedAndWhenThereIsRoomAgain() throws Exception {
    CompletableFuture<HttpResponse> full = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) -> {
          assertThat(response.writableHighWaterMark()).isEqualTo(65_536);
          response.setHeader("Content-Length", LARGE);
          fill(response, 0);
          full.complete(response);
        });
    RawClient client = connect(server);
    client.send(LAST);

    HttpResponse response = full.get(5, TimeUnit.SECONDS);
    assertThat(onLoop(response::writableNeedDrain)).isTrue();
    assertThat(onLoop(response::writableLength)).isBetween(65_536L, 1L << 20);
    assertThat(body(client.hearAll())).hasSize(LARGE);
    await().untilAsserted(() -> assertThat(told).contains("drain"));
    assertThat(response.writableFinished()).isTrue();
  }

  /** Writes as long as there is room, and goes on when there is again. */
  private void fill(HttpResponse response, int from) {
    for (int sent = from; sent < LARGE; sent += PIECE.length()) {
      if (!response.write(PIECE)) {
        int next = sent + PIECE.length();
        Runnable[] once = new Runnable[1];
        once[0] =
            () -> {
              response.off(once[0]);
              told.add("drain");
              fill(response, next);
            };
        response.onDrain(once[0]);
        return;
      }
    }
    response.end();
  }

  @Test
  void takesALargeBodyFromAVirtualThreadThatWaitsForRoom() throws Exception {
    CompletableFuture<Long> most = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) -> {
          Semaphore room = new Semaphore(0);
          response.setHeader("Content-Length", LARGE).onDrain(room::release);
          Thread.ofVirtual()
              .start(() -> {
                long longest = 0;
                for (int sent = 0; sent < LARGE; sent += PIECE.length()) {
                  boolean more = response.write(PIECE);
                  longest = Math.max(longest, response.writableLength());
                  if (!more) {
                    room.acquireUninterruptibly();
                  }
                }
                response.end();
                most.complete(longest);
              });
        });

    assertThat(body(ask(server, LAST))).hasSize(LARGE);
    assertThat(most.get(5, TimeUnit.SECONDS)).isLessThan(1 << 20);
  }

  @Test
  void isMadeFromAnotherThreadInTheOrderOfTheCalls() throws Exception {
    HttpServer server =
        serve((request, response) ->
            Thread.ofVirtual()
                .start(() -> {
                  response.statusCode(201).statusMessage("Mine").setHeader("A", "1");
                  response.appendHeader("A", "2").removeHeader("B");
                  response.write("one ");
                  response.write(Buffer.from("two "), failure -> told.add("written " + failure));
                  response.end("three");
                }));

    String answer = ask(server, LAST);

    assertThat(answer).startsWith("HTTP/1.1 201 Mine\r\nA: 1\r\nA: 2\r\n");
    assertThat(answer).contains("4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n");
    tells("written null");
  }

  @Test
  void tellsTheEndToItsCallbackThenToItsListeners() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          response
              .onFinish(() -> told.add("finish " + response.writableFinished()))
              .onClose(cause -> told.add("close " + cause.hadError()));
          response.end(Buffer.from("hi"), failure -> told.add("ended " + failure));
          told.add("after " + response.writableEnded() + response.writableFinished());
        });

    assertThat(ask(server, LAST)).contains("Content-Length: 2").endsWith("hi");
    tells("after truefalse", "ended null", "finish true", "close false");
  }

  @Test
  void refusesWhatIsWrittenBehindItsEnd() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          response.onError(e -> told.add("error " + Notes.error(e)));
          response.end("hi");
          assertThat(response.write(Buffer.from("more"), e -> told.add(e.code()))).isFalse();
          response.end(e -> told.add("end " + e.code()));
          response.end();
        });

    assertThat(body(ask(server, LAST))).isEqualTo("hi");
    await()
        .untilAsserted(() ->
            assertThat(told)
                .contains(
                    "error ERR_STREAM_WRITE_AFTER_END [write after end]",
                    "ERR_STREAM_WRITE_AFTER_END")
                .anyMatch(line -> line.startsWith("end ERR_STREAM_")));
  }

  @Test
  void refusesWhatIsWrittenWhenItIsDestroyed() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          response.onError(e -> told.add("error")).onClose(cause -> told.add("close"));
          response.destroy();
          assertThat(response.destroyed()).isTrue();
          assertThat(response.write(Buffer.from("x"), e -> told.add(e.code()))).isFalse();
        });

    assertThat(ask(server, LAST)).isEmpty();
    tells("close", "ERR_STREAM_DESTROYED");
  }

  @Test
  void tellsTheErrorThatItIsDestroyedWith() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          response.onError(e -> told.add(e.code())).onClose(cause -> told.add(cause.code()));
          response.write("begun");
          response.destroy(new NetException("ERR_MINE", "mine"));
        });

    ask(server, LAST);

    tells("ERR_MINE", "ERR_MINE");
  }

  @Test
  void holdsWritesBackWhileItIsCorked() throws Exception {
    CompletableFuture<HttpResponse> corked = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) ->
            loop.setImmediate(() -> {
              response.cork().cork();
              response.write("a");
              response.uncork();
              assertThat(response.writableCorked()).isEqualTo(1);
              assertThat(response.writableLength()).isPositive();
              corked.complete(response);
            }));
    RawClient client = connect(server);
    client.send(LAST);
    HttpResponse response = corked.get(5, TimeUnit.SECONDS);

    assertThat(onLoop(() -> response.socket().bytesWritten())).isZero();
    onLoop(response::uncork);

    client.hear("1\r\na\r\n");
    onLoop(() -> response.end());
    client.hearAll();
  }

  @Test
  void sendsItsHeadersBeforeItsBodyWhereItIsTold() throws Exception {
    CompletableFuture<HttpResponse> begun = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) -> {
          response.flushHeaders();
          begun.complete(response);
        });
    RawClient client = connect(server);
    client.send(LAST);

    assertThat(client.hear("\r\n\r\n")).contains("Transfer-Encoding: chunked");
    HttpResponse response = begun.get(5, TimeUnit.SECONDS);
    assertThat(response.headersSent()).isTrue();
    response.end("later");
    assertThat(client.hearAll()).endsWith("5\r\nlater\r\n0\r\n\r\n");
  }

  @Test
  void waitsForThoseBeforeItAndSaysSoToWhoWrites() throws Exception {
    List<HttpResponse> responses = Collections.synchronizedList(new ArrayList<>());
    HttpServer server = serve((request, response) -> responses.add(response));
    RawClient client = connect(server);
    client.send(GET + LAST);
    await().until(() -> responses.size() == 2);
    HttpResponse second = responses.get(1);

    boolean room = onLoop(() -> second.write(Buffer.from(new byte[70_000])));
    assertThat(room).isFalse();
    onLoop(() -> second.onDrain(() -> told.add("drain")));
    onLoop(() -> second.onFinish(() -> told.add("finish second")));
    onLoop(() -> responses.getFirst().onFinish(() -> told.add("finish first")));
    onLoop(() -> responses.getFirst().end("first"));
    await().until(() -> told.contains("drain"));
    onLoop(() -> second.end("last"));

    assertThat(client.hearAll()).contains("\r\n\r\nfirstHTTP/1.1 200 OK").contains("4\r\nlast\r\n");
    await().until(() -> told.contains("finish second"));
    assertThat(told.indexOf("finish first")).isLessThan(told.indexOf("finish second"));
  }

  @Test
  void mayNotQueueWithoutEndBehindAnotherOne() throws Exception {
    OutboxLimits limits =
        OutboxLimits.defaults().withSoftLimit(1 << 20, java.time.Duration.ofMinutes(1));
    TcpOptions tcp = TcpOptions.defaults().withLimits(limits.withHardLimit(1 << 20));
    HttpServer server =
        serve(
            DEFAULTS.withTcp(tcp),
            (request, response) -> {
              response.onClose(cause -> told.add(cause.code()));
              if (request.url().equals("/2")) {
                for (int i = 0; i < 100 && !response.destroyed(); i++) {
                  response.write(PIECE);
                }
              }
            });

    ask(server, GET + "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");

    tells("ERR_OUTBOX_LIMIT", "ERR_OUTBOX_LIMIT");
    assertThat(server.stats().errors()).containsEntry("ERR_OUTBOX_LIMIT", 1L);
  }

  @Test
  void belongsToItsRequestAndConnection() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          assertThat(response.request()).isSameAs(request);
          assertThat(response.socket()).isSameAs(request.socket());
          assertThat(response).hasToString("200 to GET /");
          assertThat(response.shouldKeepAlive()).isFalse();
          assertThat(response.sendDate()).isTrue();
          response.end("so");
        });

    assertThat(body(ask(server, LAST))).isEqualTo("so");
  }

  @Test
  void isCutWhereAHandlerThrowsBehindItsBegin() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          response.write("begun");
          throw new IllegalStateException("mine");
        });

    assertThat(ask(server, GET)).doesNotContain("500").doesNotEndWith("0\r\n\r\n");
    assertThat(Uncaught.next()).hasMessage("mine");
  }

  @Test
  void tellsThatTheConnectionWasSilentForLong() throws Exception {
    HttpServer server =
        serve((request, response) -> response.setTimeout(20, () -> response.end("late")));

    assertThat(body(ask(server, LAST))).isEqualTo("late");
  }
}
