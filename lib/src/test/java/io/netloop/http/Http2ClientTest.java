package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.net.TcpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client over HTTP/2, against our server: the same events as over HTTP/1.1. */
class Http2ClientTest extends ClientTest {
  private static final HttpServerOptions HTTP2 = Http2Test.HTTP2;

  private final List<String> told = new CopyOnWriteArrayList<>();

  private HttpServer serveHttp2(RequestListener onRequest) {
    return serve(HTTP2, onRequest);
  }

  private static RequestOptions to2(HttpServer server) {
    return to(server).withHttp2(Http2Use.PRIOR_KNOWLEDGE);
  }

  private static RequestOptions to2(TcpServer server) {
    return to(server).withHttp2(Http2Use.PRIOR_KNOWLEDGE);
  }

  private static RequestListener echo() {
    return (q, r) -> q.pipe(r);
  }

  private void tells(String... lines) {
    await().untilAsserted(() -> assertThat(told).containsExactly(lines));
  }

  // Exchanges

  @Test
  void asksAndReadsTheAnswer() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          told.add(q.method() + " " + q.url() + " " + q.httpVersion() + " " + q.headers());
          r.setHeader("X-A", "b").end("hi");
        });

    Exchange exchange = get(to2(server).withPath("/p?q").withHeader("X-Y", "z"));

    assertThat(exchange.body()).isEqualTo("hi");
    ClientResponse response = join(exchange.response);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.statusMessage()).isEqualTo("OK");
    assertThat(response.httpVersion()).isEqualTo("2.0");
    assertThat(response.header("x-a")).isEqualTo("b");
    tells("GET /p?q 2.0 {host=127.0.0.1:" + server.address().port() + ", x-y=z}");
    exchange.isExactly(
        "C socket", "C finish", "C response 200", "P data hi", "P end", "P close true", "C close");
  }

  @Test
  void tellsTheSameEventsAsOverHttp11() throws Exception {
    HttpServer server = serveHttp2(echo());

    Exchange old =
        exchange(
            to(server).withMethod("POST").withAgent(agent(AgentOptions.defaults())),
            c -> c.end("abc"));
    Exchange young =
        exchange(
            to2(server).withMethod("POST").withAgent(agent(AgentOptions.defaults())),
            c -> c.end("abc"));

    assertThat(young.over().events()).isEqualTo(old.over().events());
  }

  @Test
  void sendsABodyPieceByPieceWithTrailers() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          q.onEnd(() -> told.add("trailers " + q.trailers()));
          q.pipe(r);
        });

    Exchange exchange =
        exchange(
            to2(server).withMethod("POST"),
            c -> {
              c.write("a");
              c.addTrailers(Map.of("X-T", "v"));
              loop.setImmediate(() -> c.end("b"));
            });

    assertThat(exchange.body()).isEqualTo("ab");
    tells("trailers {x-t=v}");
  }

  @Test
  void readsTrailers() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          r.addTrailers(Map.of("X-T", "v"));
          r.end("x");
        });

    Exchange exchange = get(to2(server));

    exchange.over();
    assertThat(join(exchange.response).trailers().get("x-t")).isEqualTo("v");
  }

  @Test
  void hearsAnswersBeforeTheAnswer() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          r.writeEarlyHints(Map.of("link", "</a>"));
          r.end("x");
        });

    assertThat(get(to2(server)).over().events()).contains("C information 103", "C response 200");
  }

  @Test
  void waitsForTheServerToWantTheBody() throws Exception {
    HttpServer server = serveHttp2(echo());

    Exchange exchange =
        exchange(
            to2(server).withMethod("POST").withHeader("Expect", "100-continue"),
            c -> c.onContinue(() -> c.end("body")));

    assertThat(exchange.body()).isEqualTo("body");
    assertThat(exchange.events()).contains("C continue");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "GET", "DELETE", "OPTIONS"})
  void asksWithoutABody(String method) throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          q.onEnd(() -> r.end(q.method() + " " + q.header("content-length")));
          q.resume();
        });

    String body = get(to2(server).withMethod(method)).body();

    assertThat(body).isEqualTo(method.equals("HEAD") ? "" : method + " null");
  }

  @Test
  void sendsALargeBodyThereAndBack() throws Exception {
    HttpServer server = serveHttp2(echo());
    byte[] large = new byte[5 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ((i * 31) >> 7);
    }
    CompletableFuture<Buffer> all = new CompletableFuture<>();

    onLoop(() -> {
      ClientRequest request = Http.request(to2(server).withMethod("POST"));
      request.onResponse(response -> {
        List<Buffer> parts = new ArrayList<>();
        response.onData(parts::add);
        response.onEnd(() -> all.complete(Buffer.concat(parts)));
      });
      request.end(Buffer.from(large));
    });

    assertThat(join(all).toByteArray()).isEqualTo(large);
  }

  @Test
  void holdsAServerBackWhoseAnswerNobodyTakes() throws Exception {
    AtomicInteger written = new AtomicInteger();
    String kib = "x".repeat(1024);
    HttpServer server =
        serveHttp2((q, r) -> {
          Runnable fill =
              () -> {
                while (written.incrementAndGet() < 4000 && r.write(kib)) {
                  // As much as there is room for.
                }
                if (written.get() >= 4000 && !r.writableEnded()) {
                  r.end();
                }
              };
          r.onDrain(fill);
          fill.run();
        });
    AtomicReference<ClientResponse> response = new AtomicReference<>();
    onLoop(() -> {
      Http.get(to2(server), response::set);
    });
    await().until(() -> response.get() != null);
    settle();
    int before = written.get();
    settle();
    assertThat(written.get()).isLessThan(1500).isGreaterThanOrEqualTo(before);

    AtomicInteger length = new AtomicInteger();
    response.get().onData(data -> length.addAndGet(data.length()));
    response.get().onEnd(() -> told.add("end"));
    tells("end");
    assertThat(length.get()).isEqualTo(3999 * 1024);
  }

  // The pool

  @Test
  void sharesOneConnection() throws Exception {
    AtomicReference<HttpResponse> first = new AtomicReference<>();
    HttpServer server =
        serveHttp2((q, r) -> {
          if (!first.compareAndSet(null, r)) {
            first.get().end("1");
            r.end("2");
          }
        });
    Agent agent = keeping();
    Exchange one = get(to2(server).withAgent(agent));
    Exchange two = get(to2(server).withAgent(agent));

    assertThat(one.body() + two.body()).isEqualTo("12");
    assertThat(server.stats().accepted()).isEqualTo(1);
    await().until(() -> agent.freeSockets().size() == 1);
    assertThat(get(to2(server).withAgent(agent)).body()).isEqualTo("2");
    assertThat(server.stats().accepted()).isEqualTo(1);
  }

  @Test
  void opensMoreConnectionsWhenStreamsAreUsedUp() throws Exception {
    List<HttpResponse> open = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve(
            HTTP2.withHttp2(Http2Test.KNOWN.withMaxConcurrentStreams(2)),
            (q, r) -> {
              if (q.url().equals("/warm")) {
                r.end();
              } else {
                open.add(r);
              }
            });
    Agent agent = keeping();
    get(to2(server).withPath("/warm").withAgent(agent)).over();
    List<Exchange> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(get(to2(server).withAgent(agent)));
    }
    await().until(() -> open.size() == 5);
    assertThat(server.stats().accepted()).isEqualTo(3);

    onLoop(() -> open.forEach(response -> response.end("ok")));
    all.forEach(exchange -> assertThat(exchange.body()).isEqualTo("ok"));
  }

  @Test
  void waitsForAStreamWhereNoMoreConnectionsAreAllowed() throws Exception {
    List<HttpResponse> open = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve(
            HTTP2.withHttp2(Http2Test.KNOWN.withMaxConcurrentStreams(1)),
            (q, r) -> {
              if (q.url().equals("/warm")) {
                r.end();
              } else {
                open.add(r);
              }
            });
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(1));
    get(to2(server).withPath("/warm").withAgent(agent)).over();
    Exchange one = get(to2(server).withAgent(agent));
    Exchange two = get(to2(server).withAgent(agent));
    await().until(() -> open.size() == 1);
    assertThat(agent.requests().values()).containsExactly(1);

    onLoop(() -> open.getFirst().end("1"));
    assertThat(one.body()).isEqualTo("1");
    await().until(() -> open.size() == 2);
    onLoop(() -> open.getLast().end("2"));
    assertThat(two.body()).isEqualTo("2");
    assertThat(server.stats().accepted()).isEqualTo(1);
  }

  @Test
  void closesTheConnectionOfAnAgentThatKeepsNone() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));

    assertThat(get(to2(server).withAgent(agent(AgentOptions.defaults()))).body()).isEqualTo("hi");

    await().until(() -> server.stats().connections() == 0);
  }

  @Test
  void fetchesOverHttp2() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          if (q.url().equals("/from")) {
            r.statusCode(302).setHeader("Location", "/to").end();
          } else {
            r.end(q.httpVersion() + " " + q.url());
          }
        });
    String url = "http://127.0.0.1:" + server.address().port() + "/from";

    FetchResponse response =
        join(Http.fetch(url, FetchOptions.defaults().withHttp2(Http2Use.PRIOR_KNOWLEDGE)));

    assertThat(response.text()).isEqualTo("2.0 /to");
    assertThat(server.stats().accepted()).isEqualTo(1);
  }

  // Ends

  @Test
  void givesARequestUp() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          told.add("request");
          q.onAborted(() -> told.add("Q aborted"));
        });
    Exchange exchange = get(to2(server));
    tells("request");

    onLoop(() -> {
      exchange.request.destroy();
    });

    exchange.isExactly("C socket", "C finish", "C error ECONNRESET socket hang up", "C close");
    tells("request", "Q aborted");
  }

  @Test
  void givesAResponseUp() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          r.onClose(cause -> told.add("R " + cause.code()));
          r.write("begun");
        });
    Exchange exchange = get(to2(server));
    exchange.await("P data");

    onLoop(() -> {
      exchange.response.join().destroy();
    });

    tells("R ERR_HTTP2_STREAM_ERROR");
    exchange.over();
    assertThat(exchange.events()).contains("P aborted").doesNotContain("P end");
  }

  @Test
  void failsARequestThatTheServerResets() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.destroy());

    assertThat(get(to2(server)).error())
        .isEqualTo("ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_CANCEL");
  }

  @Test
  void cutsAResponseThatTheServerResets() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          r.write("begun");
          loop.setTimeout(Duration.ofMillis(20), () -> r.destroy());
        });

    Exchange exchange = get(to2(server));

    assertThat(exchange.over().events())
        .contains("P aborted", "P error ECONNRESET aborted")
        .doesNotContain("P end");
  }

  @Test
  void failsWhereNobodyListens() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end());
    RequestOptions options = to2(server);
    server.close();
    await().until(() -> !server.listening());

    assertThat(get(options).error()).startsWith("ECONNREFUSED ");
  }

  @Test
  void failsWhereTheServerSpeaksHttp11() throws Exception {
    TcpServer server =
        rawConnections(
            socket -> socket.onData(d -> socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));

    assertThat(get(to2(server)).error()).startsWith("ERR_HTTP2_SESSION_ERROR ");
  }

  @Test
  void tellsWhenAStreamIsQuietForTooLong() throws Exception {
    HttpServer server = serveHttp2((q, r) -> told.add("request"));

    Exchange exchange = get(to2(server).withTimeout(Duration.ofMillis(100)));

    exchange.await("C timeout");
    onLoop(() -> {
      exchange.request.destroy();
    });
    exchange.over();
  }

  @Test
  void costsAListenerThatThrowsItsRequestOnly() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));
    Agent agent = keeping();
    Exchange thrower =
        exchange(
            to2(server).withAgent(agent),
            c -> {
              c.onResponse(response -> {
                throw new IllegalStateException("of the test");
              });
              c.end();
            });
    thrower.over();
    assertThat(Uncaught.next()).hasMessage("of the test");

    assertThat(get(to2(server).withAgent(agent)).body()).isEqualTo("hi");
    assertThat(server.stats().accepted()).isEqualTo(1);
  }

  @Test
  void refusesABadContentLengthBeforeAnythingIsSent() throws Exception {
    HttpServer server = serveHttp2(echo());

    Exchange exchange =
        exchange(
            to2(server).withMethod("POST").withHeader("Content-Length", "x"),
            c -> {
              assertThatThrownBy(() -> c.end("abc")).isInstanceOf(NetException.class);
              Http.get(to2(server)); // Its stream begins first.
              c.setHeader("Content-Length", 3).end("abc");
            });

    assertThat(exchange.body()).isEqualTo("abc");
  }

  // Servers that mean no good, or leave

  /** A server of frames: it is told of each stream that begins, and answers with bytes. */
  private TcpServer frames(String onConnect, java.util.function.IntFunction<String> onStream) {
    return rawConnections(socket -> {
      socket.write(bytes(onConnect));
      FrameScan scan = new FrameScan();
      socket.onData(data ->
          scan.streams(data.toByteArray()).forEach(id -> socket.write(bytes(onStream.apply(id)))));
    });
  }

  private static Buffer bytes(String hex) {
    return Buffer.from(java.util.HexFormat.of().parseHex(hex));
  }

  /** Finds the streams that a client begins. */
  private static final class FrameScan {
    private byte[] left = {};
    private int skip = 24;

    List<Integer> streams(byte[] more) {
      byte[] all = java.util.Arrays.copyOf(left, left.length + more.length);
      System.arraycopy(more, 0, all, left.length, more.length);
      List<Integer> found = new ArrayList<>();
      int at = Math.min(skip, all.length);
      skip -= at;
      while (all.length - at >= 9) {
        int length = (all[at] & 0xff) << 16 | (all[at + 1] & 0xff) << 8 | (all[at + 2] & 0xff);
        if (all.length - at < 9 + length) {
          break;
        }
        if (all[at + 3] == 1) {
          found.add((all[at + 7] & 0xff) << 8 | (all[at + 8] & 0xff));
        }
        at += 9 + length;
      }
      left = java.util.Arrays.copyOfRange(all, at, all.length);
      return found;
    }
  }

  private static final String SETTINGS = "000000" + "04" + "00" + "00000000";

  private static String headers(int stream, int flags, String block) {
    return "%06x01%02x%08x%s".formatted(block.length() / 2, flags, stream, block);
  }

  @Test
  void sendsARequestAgainThatTheServerHasNotLookedAt() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    TcpServer server =
        frames(
            SETTINGS,
            stream ->
                refused.getAndIncrement() == 0
                    ? "000004" + "03" + "00" + "%08x".formatted(stream) + "00000007"
                    : headers(stream, 5, "88"));
    String url = "http://127.0.0.1:" + server.address().port() + "/";

    FetchResponse response =
        join(
            Http.fetch(
                url,
                FetchOptions.defaults()
                    .withMethod("POST")
                    .withBody("x")
                    .withHttp2(Http2Use.PRIOR_KNOWLEDGE)));

    assertThat(response.status()).isEqualTo(200);
    assertThat(refused.get()).isEqualTo(2);
  }

  @Test
  void sendsARequestAgainOverAnotherConnectionWhereTheServerLeaves() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    TcpServer server =
        frames(
            SETTINGS,
            stream ->
                asked.getAndIncrement() == 0
                    ? "000008" + "07" + "00" + "00000000" + "00000000" + "00000000"
                    : headers(stream, 5, "88"));
    String url = "http://127.0.0.1:" + server.address().port() + "/";

    FetchResponse response =
        join(Http.fetch(url, FetchOptions.defaults().withHttp2(Http2Use.PRIOR_KNOWLEDGE)));

    assertThat(response.status()).isEqualTo(200);
  }

  /** SETTINGS_MAX_CONCURRENT_STREAMS of 0 behind the first request, which is answered then. */
  @Test
  void beginsNothingOnAConnectionWhoseServerAllowsNothing() throws Exception {
    String none = "000006" + "04" + "00" + "00000000" + "0003" + "00000000";
    AtomicInteger connections = new AtomicInteger();
    AtomicReference<Runnable> finish = new AtomicReference<>();
    List<String> streams = new CopyOnWriteArrayList<>();
    TcpServer server =
        rawConnections(socket -> {
          int connection = connections.incrementAndGet();
          socket.write(bytes(SETTINGS));
          FrameScan scan = new FrameScan();
          socket.onData(data -> {
            for (int stream : scan.streams(data.toByteArray())) {
              streams.add(connection + "/" + stream);
              if (connection == 1 && stream == 1) {
                socket.write(bytes(none + headers(stream, 4, "88")));
                finish.set(() -> socket.write(bytes("000000" + "00" + "01" + "00000001")));
              } else {
                socket.write(bytes(headers(stream, 5, "88")));
              }
            }
          });
        });
    Agent agent = agent(AgentOptions.defaults().withMaxSockets(1).withKeepAlive(true));

    Exchange first = get(to2(server).withAgent(agent));
    first.await("C response 200");
    Exchange second = get(to2(server).withAgent(agent)); // It waits.
    onLoop(finish.get());

    assertThat(first.over().events()).contains("P end");
    assertThat(second.over().events()).contains("C response 200");
    assertThat(streams).containsExactly("1/1", "2/1");
  }

  @Test
  void finishesWhatIsUnderWayWhenTheServerLeaves() throws Exception {
    TcpServer server =
        frames(
            SETTINGS,
            stream ->
                "000008"
                    + "07"
                    + "00"
                    + "00000000"
                    + "00000001"
                    + "00000000"
                    + headers(stream, 4, "88")
                    + "000002"
                    + "00"
                    + "01"
                    + "%08x".formatted(stream)
                    + "6869");

    assertThat(get(to2(server)).body()).isEqualTo("hi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "000004050400000001" + "00000002", // PUSH_PROMISE
        "000000000100000001", // DATA without a head
        "000001010500000003" + "88", // an answer to a stream that nobody began
        "000001010500000001" + "80", // fields that can't be read
        "000002010500000001" + "8882", // a :method
        "000004030000000003" + "00000000", // RST_STREAM of a stream that nobody began
        "004001000000000001", // a frame that is too long
        "000004080000000000" + "7fffffff", // a window that is too large
      })
  void failsARequestWhoseServerBreaksTheRules(String hex) throws Exception {
    TcpServer server = frames(SETTINGS, stream -> hex);

    assertThat(get(to2(server)).error()).startsWith("ERR_HTTP2_S");
  }

  /** The answer would be without its first bytes (RFC 9113 §8.1). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "000002 0000 %1$08x 6869",
        "000000 0000 %1$08x",
        "000005 0104 %1$08x 0803313033" + "000002 0000 %1$08x 6869", // behind a 103
      })
  void failsAnAnswerWhoseBodyComesBeforeItsHead(String hex) throws Exception {
    TcpServer server =
        frames(
            SETTINGS, stream -> hex.formatted(stream).replace(" ", "") + headers(stream, 5, "88"));

    Exchange exchange = get(to2(server));

    assertThat(exchange.error()).startsWith("ERR_HTTP2_STREAM_ERROR ").contains("before its head");
    assertThat(exchange.events()).doesNotContain("C response 200");
  }

  /** RFC 9110 §9.3.6: what follows is no body. */
  @Test
  void readsOverTheLengthThatTheAnswerToATunnelSaysItHas() throws Exception {
    TcpServer server =
        frames(
            SETTINGS,
            stream ->
                headers(stream, 4, "88" + "5c0131") // content-length: 1
                    + "000004"
                    + "00"
                    + "01"
                    + "%08x".formatted(stream)
                    + "61626364");

    assertThat(get(to2(server).withMethod("CONNECT").withPath("h.test:1")).body())
        .isEqualTo("abcd");
  }

  @Test
  void bearsNoFloodOfAnswersBeforeTheAnswer() throws Exception {
    TcpServer server = frames(SETTINGS, stream -> headers(stream, 4, "0803313033").repeat(100));

    assertThat(get(to2(server)).error()).startsWith("ERR_HTTP2_STREAM_ERROR ");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "pings,000008 0600 00000000 0102030405060708",
    "answers to pings,000008 0601 00000000 0102030405060708",
    "settings,000000 0400 00000000",
    "settings that change a window,000006 0400 00000000 000400010000",
    "settings that change how many streams are allowed,000006 0400 00000000 000300000064",
    "acknowledgements of settings,000000 0401 00000000",
    "resets of what is over,000004 0300 00000001 00000008",
    "answers to what is over,000001 0104 00000001 88",
    "bodies of what is over,000001 0000 00000001 78",
    "windows,000004 0800 00000000 00000001",
    "windows of nothing,000004 0800 00000001 00000000",
    "priorities,000005 0200 00000001 00000000 10",
    "frames of unknown types,000000 7700 00000001",
    "empty bodies,000000 0000 00000003",
    "padding,000001 0008 00000003 00",
  })
  void bearsNoFloodOf(String name, String hex) throws Exception {
    String flood = hex.replace(" ", "").repeat(2000);
    TcpServer server =
        frames(
            SETTINGS,
            stream -> stream == 1 ? headers(1, 5, "88") : headers(stream, 4, "88") + flood);
    Agent agent = keeping();
    get(to2(server).withAgent(agent)).over();

    Exchange flooded = get(to2(server).withAgent(agent));

    assertThat(flooded.over().events()).contains("P aborted").doesNotContain("P end");
    assertThat(agent.sockets()).isEmpty();
  }

  /** Each was asked for once, and the connection is others' too. */
  @Test
  void keepsAConnectionWhoseServerResetsManyRequests() throws Exception {
    int many = 400;
    TcpServer server =
        frames(
            SETTINGS,
            stream -> {
              if (stream == 1) {
                return headers(1, 4, "88");
              }
              return stream < 2 * many
                  ? "000004" + "0300" + "%08x".formatted(stream) + "00000002"
                  : headers(stream, 5, "88") + "000002" + "0001" + "00000001" + "6869";
            });
    Agent agent = agent(AgentOptions.defaults().withMaxSockets(1).withKeepAlive(true));
    Exchange first = get(to2(server).withAgent(agent));
    first.await("C response 200");
    List<Exchange> reset = new ArrayList<>();
    for (int stream = 3; stream < 2 * many; stream += 2) {
      reset.add(get(to2(server).withAgent(agent)));
    }
    reset.forEach(exchange -> assertThat(exchange.error()).contains("NGHTTP2_INTERNAL_ERROR"));

    Exchange last = get(to2(server).withAgent(agent));

    assertThat(last.over().events()).contains("C response 200");
    assertThat(first.body()).isEqualTo("hi");
  }

  /** The answers were on their way: the server has done nothing wrong. */
  @Test
  void bearsTheAnswersToManyRequestsThatItHasTakenBack() throws Exception {
    int many = 400;
    List<Integer> begun = new ArrayList<>();
    TcpServer server =
        frames(
            "000006" + "04" + "00" + "00000000" + "0003" + "00001000",
            stream -> {
              begun.add(stream);
              if (begun.size() < many + 2) {
                return "";
              }
              StringBuilder answers = new StringBuilder();
              for (int late : begun.subList(1, many + 1)) {
                answers.append(headers(late, 4, "88"));
                answers.append("000002" + "00" + "01" + "%08x".formatted(late) + "6869");
              }
              return answers + headers(begun.getFirst(), 5, "88") + headers(stream, 5, "88");
            });
    Agent agent = agent(AgentOptions.defaults().withMaxSockets(1));
    Exchange first = get(to2(server).withAgent(agent));
    await().until(() -> begun.size() == 1);
    List<Exchange> aborted = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      aborted.add(get(to2(server).withAgent(agent)));
    }
    await().until(() -> begun.size() == many + 1);
    onLoop(() -> aborted.forEach(exchange -> exchange.request.destroy()));

    Exchange last = get(to2(server).withAgent(agent));

    assertThat(last.over().events()).contains("C response 200");
    assertThat(first.over().events()).contains("C response 200");
    assertThat(aborted.getLast().error()).startsWith("ECONNRESET ");
  }

  @Test
  void failsAHeadThatIsTooLarge() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.setHeader("x-long", "y".repeat(20_000)).end("hi"));

    assertThat(get(to2(server)).error()).startsWith("HPE_HEADER_OVERFLOW ");
  }

  @Test
  void tellsARequestThatWasNotWrittenToWhenItsConnectionIsLost() throws Exception {
    HttpServer server = serveHttp2(echo());
    Exchange waiting = exchange(to2(server).withMethod("POST"), c -> {});
    await().until(() -> server.stats().connections() == 1);

    server.closeAllConnections();

    assertThat(waiting.error()).startsWith("ECONNRESET ");
  }

  @Test
  void givesUpARequestThatWasNotWrittenTo() throws Exception {
    HttpServer server = serveHttp2(echo());
    Agent agent = keeping();
    Exchange waiting = exchange(to2(server).withMethod("POST").withAgent(agent), c -> {});
    await().until(() -> server.stats().connections() == 1);

    onLoop(() -> {
      waiting.request.destroy();
    });

    assertThat(waiting.error()).startsWith("ECONNRESET ");
    assertThat(get(to2(server).withAgent(agent)).over().events()).contains("C response 200");
    assertThat(server.stats().accepted()).isEqualTo(1);
  }

  @Test
  void failsAFetchThatIsCutOff() throws Exception {
    TcpServer server =
        rawConnections(socket -> {
          socket.write(bytes(SETTINGS));
          socket.onData(data -> socket.destroy());
        });
    String url = "http://127.0.0.1:" + server.address().port() + "/";

    assertThatThrownBy(() ->
            join(Http.fetch(url, FetchOptions.defaults().withHttp2(Http2Use.PRIOR_KNOWLEDGE))))
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("hang up");
  }
}
