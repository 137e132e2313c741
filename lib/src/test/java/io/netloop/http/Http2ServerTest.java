package io.netloop.http;

import static io.netloop.http.FrameClient.fields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.Uncaught;
import io.netloop.engine.Transport;
import io.netloop.http.FrameClient.Answer;
import io.netloop.loop.Buffer;
import io.netloop.net.DrainReport;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server over HTTP/2, frame by frame. */
class Http2ServerTest extends Http2Test {
  private static final int WINDOW = 65_535;
  private static final String A_KIB = "x".repeat(1024);

  // Requests and answers

  @Test
  void answersARequest() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          told.add(q.method() + " " + q.url() + " " + q.httpVersion() + " " + q.httpVersionMajor());
          told.add(q.headers().toString());
          r.setHeader("Content-Type", "text/plain").end("hi");
        });

    Answer answer = greet(server).headers(1, true, fields("GET", "/a?b", "x-y", "z")).ask(1);

    assertThat(answer.text()).isEqualTo("hi");
    assertThat(answer.fields)
        .containsEntry(":status", "200")
        .containsEntry("content-type", "text/plain")
        .containsEntry("content-length", "2")
        .containsKey("date")
        .hasSize(4);
    tells("GET /a?b 2.0 2", "{host=h.test, x-y=z}");
  }

  @Test
  void answersHttp11OnTheSamePort() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end(q.httpVersion()));

    assertThat(body(ask(server, LAST))).isEqualTo("1.1");
    assertThat(greet(server).get(1, "/").ask(1).text()).isEqualTo("2.0");
  }

  @Test
  void knowsThePrefaceInAnyPieces() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));
    for (int cut = 1; cut < 24; cut++) {
      FrameClient client = bare(server);
      byte[] preface = Http2Frames.PREFACE;
      client.bytes(java.util.Arrays.copyOf(preface, cut)).send();
      onLoop(() -> null);
      client.bytes(java.util.Arrays.copyOfRange(preface, cut, preface.length)).settings();
      assertThat(client.get(1, "/").ask(1).text()).describedAs("cut at %d", cut).isEqualTo("hi");
      client.close();
    }
  }

  @Test
  void refusesThePrefaceWhereItIsNotAllowed() throws Exception {
    HttpServer server = serve((q, r) -> r.end("hi"));
    RawClient client = connect(server);
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    assertThat(client.hearAll()).startsWith("HTTP/1.1 505 ");
  }

  @Test
  void servesManyRequestsAtATime() throws Exception {
    AtomicReference<HttpResponse> first = new AtomicReference<>();
    HttpServer server =
        serveHttp2((q, r) -> {
          if (first.compareAndSet(null, r)) {
            return;
          }
          r.end("second");
          first.get().end("first");
        });
    FrameClient client = greet(server).get(1, "/").get(3, "/");

    assertThat(client.ask(3).text()).isEqualTo("second");
    assertThat(client.answer(1).text()).isEqualTo("first");
  }

  @Test
  void readsABodyWithItsTrailers() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          q.onData(data -> told.add("data " + data));
          q.onEnd(() -> {
            told.add("end " + q.trailers() + " " + q.complete());
            r.addTrailers(Map.of("X-Sum", "3"));
            r.end("ok");
          });
        });
    FrameClient client =
        greet(server)
            .headers(1, false, fields("POST", "/"))
            .data(1, false, "abc")
            .headers(1, true, "x-t", "v");

    Answer answer = client.ask(1);

    tells("data abc", "end {x-t=v} true");
    assertThat(answer.text()).isEqualTo("ok");
    assertThat(answer.trailers).containsExactly(Map.entry("x-sum", "3"));
    assertThat(answer.fields).doesNotContainKey("content-length");
  }

  @Test
  void readsPaddedFramesAndPriorities() throws Exception {
    HttpServer server = serveHttp2((q, r) -> q.onData(data -> told.add("" + data)).pipe(r));
    byte[] fields = FrameClient.block(fields("POST", "/"));
    byte[] padded = new byte[fields.length + 1 + 5 + 3];
    padded[0] = 3;
    padded[5] = 16;
    System.arraycopy(fields, 0, padded, 6, fields.length);
    FrameClient client =
        greet(server)
            .frame(FrameClient.HEADERS, 0x4 | 0x8 | 0x20, 1, padded)
            .frame(FrameClient.DATA, 0x8, 1, new byte[] {2, 'a', 'b', 0, 0})
            .frame(FrameClient.DATA, 0x8 | 0x1, 1, new byte[] {0, 'c'});

    assertThat(client.ask(1).text()).isEqualTo("abc");
    tells("ab", "c");
  }

  @Test
  void readsFieldsInContinuations() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end(q.header("x-long")));
    byte[] block = FrameClient.block(fields("GET", "/", "x-long", A_KIB));
    int half = block.length / 2;
    FrameClient client =
        greet(server)
            .frame(FrameClient.HEADERS, 1, 1, java.util.Arrays.copyOf(block, half))
            .frame(
                FrameClient.CONTINUATION,
                FrameClient.END_HEADERS,
                1,
                java.util.Arrays.copyOfRange(block, half, block.length));

    assertThat(client.ask(1).text()).isEqualTo(A_KIB);
  }

  @Test
  void sendsFieldsInContinuations() throws Exception {
    String value = A_KIB.repeat(20);
    HttpServer server = serveHttp2((q, r) -> r.setHeader("x-long", value).end("ok"));

    Answer answer = greet(server).get(1, "/").ask(1);

    assertThat(answer.fields.get("x-long")).isEqualTo(value);
    assertThat(answer.text()).isEqualTo("ok");
  }

  @Test
  void sendsNoBodyForHead() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));

    Answer answer = greet(server).headers(1, true, fields("HEAD", "/")).ask(1);

    assertThat(answer.text()).isEmpty();
    assertThat(answer.status()).isEqualTo("200");
  }

  @ParameterizedTest
  @CsvSource({"204,", "205,0", "304,"})
  void sendsNoBodyWhereNoneMayBe(int status, String length) throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.statusCode(status).end("dropped"));

    Answer answer = greet(server).get(1, "/").ask(1);

    assertThat(answer.status()).isEqualTo("" + status);
    assertThat(answer.text()).isEmpty();
    assertThat(answer.fields.get("content-length")).isEqualTo(length);
  }

  @Test
  void leavesOutWhatIsAboutAConnection() throws Exception {
    HttpServer server =
        serveHttp2((q, r) ->
            r.setHeader("Connection", "close")
                .setHeader("Keep-Alive", "timeout=5")
                .setHeader("Transfer-Encoding", "chunked")
                .setHeader("Upgrade", "x")
                .setHeader("Set-Cookie", List.of("a=1", "b=2"))
                .sendDate(false)
                .end("hi"));
    FrameClient client = greet(server);

    Answer answer = client.get(1, "/").ask(1);

    assertThat(answer.fields)
        .containsOnlyKeys(":status", "set-cookie", "content-length")
        .containsEntry("set-cookie", "a=1, b=2");
    assertThat(client.get(3, "/").ask(3).text()).isEqualTo("hi");
  }

  @Test
  void sendsAnswersBeforeTheAnswer() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          r.writeProcessing();
          r.writeEarlyHints(Map.of("link", List.of("</a>", "</b>")));
          r.end("hi");
        });

    Answer answer = greet(server).get(1, "/").ask(1);

    assertThat(answer.early)
        .containsExactly(Map.of(":status", "102"), Map.of(":status", "103", "link", "</a>, </b>"));
    assertThat(answer.text()).isEqualTo("hi");
  }

  @Test
  void letsAClientGoOnThatExpectsIt() throws Exception {
    HttpServer server = serveHttp2((q, r) -> q.pipe(r));
    FrameClient client =
        greet(server).headers(1, false, fields("POST", "/", "expect", "100-continue")).send();

    client.hear(FrameClient.HEADERS);
    assertThat(client.soFar(1).early).containsExactly(Map.of(":status", "100"));
    assertThat(client.data(1, true, "body").ask(1).text()).isEqualTo("body");
  }

  @Test
  void refusesOtherExpectations() throws Exception {
    HttpServer server = serveHttp2((q, r) -> told.add("request"));

    Answer answer = greet(server).headers(1, true, fields("GET", "/", "expect", "more")).ask(1);

    assertThat(answer.status()).isEqualTo("417");
    assertThat(told).isEmpty();
  }

  @Test
  void joinsTheCrumbsOfACookie() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end(q.header("cookie")));

    Answer answer =
        greet(server).headers(1, true, fields("GET", "/", "cookie", "a=1", "cookie", "b=2")).ask(1);

    assertThat(answer.text()).isEqualTo("a=1; b=2");
  }

  @Test
  void refusesAFinalAnswerOf1xx() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          try {
            r.statusCode(103).end();
          } catch (io.netloop.loop.NetException refused) {
            told.add(refused.code());
            r.statusCode(200).end("right");
          }
        });

    assertThat(greet(server).get(1, "/").ask(1).text()).isEqualTo("right");
    tells("ERR_HTTP2_INFO_STATUS_NOT_ALLOWED");
  }

  // What is answered by the server itself

  @ParameterizedTest
  @CsvSource({"FOO,501", "CONNECT,405"})
  void answersMethodsThatItDoesNotServe(String method, String status) throws Exception {
    HttpServer server = serveHttp2((q, r) -> told.add("request"));
    String[] fields =
        method.equals("CONNECT")
            ? new String[] {":method", method, ":authority", "h:80"}
            : fields(method, "/");

    assertThat(greet(server).headers(1, true, fields).ask(1).status()).isEqualTo(status);
    assertThat(told).isEmpty();
  }

  @Test
  void answersARequestWithoutAHost() throws Exception {
    HttpServer server = serveHttp2((q, r) -> told.add("request"));

    Answer answer =
        greet(server).headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/").ask(1);

    assertThat(answer.status()).isEqualTo("400");
  }

  @Test
  void answersFieldsThatAreTooLarge() throws Exception {
    HttpServer server = serve(HTTP2.withMaxHeaderSize(1000), (q, r) -> r.end("hi"));
    FrameClient client = greet(server);

    assertThat(client.headers(1, true, fields("GET", "/", "x", A_KIB)).ask(1).status())
        .isEqualTo("431");
    assertThat(client.get(3, "/").ask(3).text()).isEqualTo("hi");
  }

  @Test
  void answersTooManyFields() throws Exception {
    HttpServer server = serve(HTTP2.withMaxHeadersCount(2), (q, r) -> r.end("hi"));

    assertThat(
            greet(server)
                .headers(1, true, fields("GET", "/", "a", "1", "b", "2", "c", "3"))
                .ask(1)
                .status())
        .isEqualTo("431");
  }

  @Test
  void answersABodyThatIsTooLongByItsHead() throws Exception {
    HttpServer server = serve(HTTP2.withMaxBodySize(3), (q, r) -> told.add("request"));

    assertThat(
            greet(server)
                .headers(1, false, fields("POST", "/", "content-length", "4"))
                .ask(1)
                .status())
        .isEqualTo("413");
    assertThat(told).isEmpty();
    assertThat(server.stats().errors()).containsEntry("ERR_HTTP_BODY_TOO_LARGE", 1L);
  }

  @Test
  void answersABodyThatBecomesTooLong() throws Exception {
    HttpServer server =
        serve(
            HTTP2.withMaxBodySize(3),
            (q, r) -> q.onData(data -> told.add("data " + data)).onClose(c -> told.add("close")));
    FrameClient client = greet(server).headers(1, false, fields("POST", "/")).data(1, false, "abc");

    assertThat(client.data(1, false, "d").ask(1).status()).isEqualTo("413");
    tells("data abc", "close");
  }

  // The flow

  @Test
  void sendsNoMoreThanTheWindowsAllow() throws Exception {
    String body = "y".repeat(100_000);
    HttpServer server = serveHttp2((q, r) -> r.end(body));
    FrameClient client = greet(server, 4, 1000).get(1, "/").send();

    client.hear(frame -> frame.type() == FrameClient.DATA);
    client.ping("12345678").send().hear(FrameClient.PING);
    assertThat(client.soFar(1).text()).hasSize(1000);

    client.widen(1, 500).ping("abcdefgh").send().hear(FrameClient.PING);
    assertThat(client.soFar(1).text()).hasSize(1500);

    client.widen(1, 1 << 20).ping("abcdefgh").send().hear(FrameClient.PING);
    assertThat(client.soFar(1).text()).hasSize(WINDOW);

    assertThat(client.widen(0, 1 << 20).ask(1).text()).isEqualTo(body);
  }

  @Test
  void sendsWhatANewSettingOfTheWindowAllows() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("abcdef"));
    FrameClient client = greet(server, 4, 2).get(1, "/").send();
    client.hear(FrameClient.DATA);
    assertThat(client.soFar(1).text()).isEqualTo("ab");

    assertThat(client.settings(4, 100).ask(1).text()).isEqualTo("abcdef");
  }

  @Test
  void letsAStreamGoOnBesideOneThatStandsStill() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end(q.url().equals("/long") ? A_KIB : "short"));
    FrameClient client = greet(server, 4, 10).get(1, "/long").get(3, "/");

    assertThat(client.ask(3).text()).isEqualTo("short");
    assertThat(client.soFar(1).text()).hasSize(10);
    assertThat(client.widen(1, 2000).ask(1).text()).isEqualTo(A_KIB);
  }

  @Test
  void servesStreamsInTurns() throws Exception {
    String body = "z".repeat(40_000);
    HttpServer server = serveHttp2((q, r) -> r.end(body));
    FrameClient client = greet(server, 4, 1 << 20).get(1, "/").get(3, "/").send();
    client.ping("12345678").send().hear(FrameClient.PING);

    client.widen(0, 1 << 20).send();
    client.answer(3);
    client.ping("12345678").send().hear(FrameClient.PING);

    assertThat(client.soFar(1).text()).isEqualTo(body);
    assertThat(client.soFar(3).text()).isEqualTo(body);
  }

  /** With one call of the system, which costs far less than one for each. */
  @Test
  void sendsTogetherWhatOneReadAskedFor() throws Exception {
    assumeTrue(Transport.chosen() != Transport.IO_URING, "io_uring takes nothing at once");
    Buffer body = Buffer.from(new byte[64 * 1024]);
    AtomicLong most = new AtomicLong();
    HttpServer server =
        serveHttp2((q, r) -> {
          r.end(body);
          most.accumulateAndGet(q.socket().writableLength(), Math::max);
        });
    FrameClient client = greet(server, 4, 1 << 24).widen(0, 1 << 29);
    int stream = 1;
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 30; i++) {
        client.get(stream + 2 * i, "/");
      }
      client.send();
      for (int i = 0; i < 30; i++) {
        assertThat(client.answer(stream).text()).hasSize(body.length());
        stream += 2;
      }
    }
    assertThat(most.get()).isBetween(200L * 1024, (1L << 20) + 64 * 1024);
  }

  @Test
  void gathersNoMoreForAClientThatDoesNotRead() throws Exception {
    Buffer body = Buffer.from(new byte[1 << 20]);
    AtomicReference<TcpSocket> slow = new AtomicReference<>();
    AtomicInteger larges = new AtomicInteger();
    HttpServer server =
        serveHttp2((q, r) -> {
          if (q.url().equals("/large")) {
            slow.set(q.socket());
            larges.incrementAndGet();
            r.end(body);
          } else {
            r.end(String.valueOf(slow.get().writableLength()));
          }
        });
    FrameClient client = greet(server, 4, 1 << 24).widen(0, 1 << 24);
    for (int i = 0; i < 10; i++) {
      client.get(2 * i + 1, "/large");
    }
    client.send();
    await().until(() -> slow.get() != null && slow.get().writableLength() > 0);

    FrameClient other = greet(server);
    long before = 0;
    long queued = -1;
    int stream = 1;
    for (; queued != before; stream += 2) { // the system may still be taking some
      before = queued;
      queued = Long.parseLong(other.get(stream, "/").ask(stream).text());
    }
    assertThat(queued).isBetween(1L, (1L << 20) + 64 * 1024);
    // It is not filled up while the system takes no more.
    client.get(21, "/large").get(23, "/large").send();
    await().until(() -> larges.get() == 12);
    long later = Long.parseLong(other.get(stream, "/").ask(stream).text());
    assertThat(later).isLessThan(Math.max(queued, WINDOW) + 32 * 1024);

    for (int i = 0; i < 12; i++) {
      assertThat(client.answer(2 * i + 1).text()).hasSize(body.length());
    }
  }

  /** All that is left is with the socket: no stream says that the connection is still of use. */
  @Test
  void closesNoConnectionThatIsStillSentItsAnswers() throws Exception {
    Buffer body = Buffer.from(new byte[32 * 1024]);
    AtomicReference<TcpSocket> slow = new AtomicReference<>();
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        serveHttp2((q, r) -> {
          slow.set(q.socket());
          r.end(body);
          asked.incrementAndGet();
        });
    FrameClient client = greet(server, 4, 1 << 24).widen(0, 1 << 29);
    int streams = 0;
    do { // until the system takes no more
      int wanted = ++streams;
      client.get(2 * streams - 1, "/").send();
      await().until(() -> asked.get() == wanted);
    } while (onLoop(() -> slow.get().writableLength()) == 0);

    onLoop(() -> server.close());
    await().pollDelay(Duration.ofMillis(4500)).until(() -> true); // as long as nobody would wait

    for (int i = 0; i < streams; i++) {
      assertThat(client.answer(2 * i + 1).text()).hasSize(body.length());
    }
    assertThat(client.hearGoAway()).isZero();
  }

  @Test
  void holdsAProgramBackWhoseClientDoesNotRead() throws Exception {
    AtomicInteger written = new AtomicInteger();
    HttpServer server =
        serveHttp2((q, r) -> {
          Runnable fill =
              () -> {
                boolean room = true;
                while (room && written.get() < 2000) {
                  room = r.write(A_KIB);
                  written.incrementAndGet();
                }
                if (written.get() == 2000) {
                  r.end();
                } else {
                  told.add("full");
                }
              };
          r.onDrain(fill);
          fill.run();
        });
    FrameClient client = greet(server).get(1, "/").send();
    await().until(() -> told.contains("full"));
    client.ping("12345678").send().hear(FrameClient.PING);
    assertThat(written.get()).isLessThan(300);

    client.widen(0, 4 << 20).widen(1, 4 << 20);
    assertThat(client.ask(1).text()).hasSize(2000 * 1024);
  }

  @Test
  void holdsAClientBackWhoseBodyNobodyTakes() throws Exception {
    AtomicReference<HttpRequest> request = new AtomicReference<>();
    AtomicInteger length = new AtomicInteger();
    HttpServer server =
        serveHttp2((q, r) -> {
          request.set(q);
          q.onEnd(() -> r.end("" + length.get()));
        });
    int window = KNOWN.streamWindow();
    FrameClient client = greet(server).headers(1, false, fields("POST", "/"));
    for (int sent = 0; sent < window; sent += 1024) {
      client.data(1, false, A_KIB);
    }
    client.ping("12345678").send().hear(FrameClient.PING);
    assertThat(client.others)
        .noneMatch(f -> f.type() == FrameClient.WINDOW_UPDATE && f.stream() == 1);

    onLoop(() -> request.get().onData(data -> length.addAndGet(data.length())));
    int more = client.hear(f -> f.type() == FrameClient.WINDOW_UPDATE && f.stream() == 1).number(0);
    assertThat(more).isBetween(window / 2, window);
    assertThat(client.data(1, true, A_KIB).ask(1).text()).isEqualTo("" + (window + 1024));
  }

  /** A limit is of what waits already: one write is let in whole, as over HTTP/1.1. */
  @Test
  void sendsAnswersWholeThatAreLongerThanTheLimitOfWhatWaits() throws Exception {
    int mib = 1 << 20;
    HttpServer server =
        serveHttp2((q, r) -> r.end(Buffer.from(new byte[Integer.parseInt(q.url().substring(1))])));
    FrameClient client = greet(server, 4, Integer.MAX_VALUE).widen(0, 1 << 30);

    assertThat(client.get(1, "/" + 20 * mib).ask(1).body.size()).isEqualTo(20 * mib);
    client.get(3, "/" + 9 * mib).get(5, "/" + 9 * mib).send();
    client.hear(frame -> client.soFar(3).body.size() + client.soFar(5).body.size() == 18 * mib);

    assertThat(client.soFar(3).reset).isEqualTo(-1);
    assertThat(server.stats().errors()).isEmpty();
  }

  @Test
  void tellsWhenABodyIsWithTheSystem() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          r.write(Buffer.from("abc"), failure -> told.add("written " + failure));
          r.onFinish(() -> told.add("finish"));
          r.onClose(cause -> told.add("close"));
          r.end("def");
        });
    FrameClient client = greet(server, 4, 4).get(1, "/").send();
    tells("written null");

    assertThat(client.widen(1, 10).ask(1).text()).isEqualTo("abcdef");
    tells("written null", "finish", "close");
  }

  // Ends

  @Test
  void tellsBothSidesWhenAClientTakesARequestBack() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          told.add("request");
          q.onAborted(() -> told.add("Q aborted"));
          q.onError(error -> told.add("Q error " + error.code()));
          q.onClose(cause -> told.add("Q close"));
          r.onError(error -> told.add("R error"));
          r.onClose(cause -> told.add("R close " + cause.code()));
        });
    FrameClient client = greet(server).headers(1, false, fields("POST", "/")).send();
    tells("request");

    client.reset(1, Http2Code.CANCEL).send();

    tells(
        "request", "Q aborted", "R close ERR_HTTP2_STREAM_ERROR", "Q error ECONNRESET", "Q close");
    assertThat(client.get(3, "/").send()).isNotNull();
    await().until(() -> told.size() == 6);
  }

  @Test
  void resetsAStreamThatTheProgramDestroys() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          if (q.url().equals("/cut")) {
            r.write("begun");
            r.destroy();
          } else {
            r.end("whole");
          }
        });
    FrameClient client = greet(server).get(1, "/cut");

    assertThat(client.ask(1).reset).isEqualTo(Http2Code.CANCEL);
    assertThat(client.get(3, "/").ask(3).text()).isEqualTo("whole");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void costsAListenerThatThrowsItsStreamOnly(boolean begun) throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          if (q.url().equals("/throw")) {
            if (begun) {
              r.write("begun");
            }
            throw new IllegalStateException("of the test");
          }
          r.end("whole");
        });
    FrameClient client = greet(server).get(1, "/throw");

    Answer answer = client.ask(1);

    assertThat(Uncaught.next()).hasMessage("of the test");
    assertThat(answer.reset).isEqualTo(begun ? Http2Code.INTERNAL_ERROR : -1);
    assertThat(answer.status()).isEqualTo(begun ? "200" : "500");
    assertThat(client.get(3, "/").ask(3).text()).isEqualTo("whole");
  }

  @Test
  void throwsAShortRestOfARequestAway() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("early"));
    FrameClient client = greet(server).headers(1, false, fields("POST", "/"));

    assertThat(client.ask(1).text()).isEqualTo("early");
    client.data(1, false, A_KIB).data(1, true, A_KIB);
    assertThat(client.headers(3, false, fields("POST", "/")).ask(3).text()).isEqualTo("early");
    assertThat(client.soFar(1).reset).isEqualTo(-1);
  }

  @Test
  void asksAClientToStopALongRestOfARequest() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("early"));
    FrameClient client = greet(server).headers(1, false, fields("POST", "/"));
    client.ask(1);

    for (int i = 0; i < 300; i++) {
      client.data(1, false, A_KIB);
      if (i % 16 == 0) {
        client.send();
      }
    }
    client.send().hear(FrameClient.RST_STREAM);

    assertThat(client.soFar(1).reset).isEqualTo(Http2Code.NO_ERROR);
    assertThat(client.get(3, "/").ask(3).text()).isEqualTo("early");
  }

  // Leaving

  @Test
  void saysGoodbyeAndFinishesWhatIsUnderWay() throws Exception {
    AtomicReference<HttpResponse> open = new AtomicReference<>();
    HttpServer server = serveHttp2((q, r) -> open.set(r));
    FrameClient client = greet(server).get(1, "/").send();
    await().until(() -> open.get() != null);

    CompletableFuture<DrainReport> drained = server.drain(Duration.ofSeconds(8));
    FrameClient.Frame first = client.hear(FrameClient.GOAWAY);
    assertThat(first.number(0)).isEqualTo(Integer.MAX_VALUE);
    assertThat(first.number(4)).isEqualTo(Http2Code.NO_ERROR);

    client.get(3, "/late").send(); // It was on its way.
    FrameClient.Frame ping = client.hear(FrameClient.PING);
    client.frame(FrameClient.PING, FrameClient.ACK, 0, ping.payload()).send();
    assertThat(client.hear(FrameClient.GOAWAY).number(0)).isEqualTo(3);

    onLoop(() -> open.get().end("late, but whole"));
    assertThat(client.answer(3).text()).isEqualTo("late, but whole");
    client.reset(1, Http2Code.CANCEL).send();
    assertThat(client.hearGoAway()).isEqualTo(Http2Code.NO_ERROR);
    client.close();
    assertThat(drained.orTimeout(10, TimeUnit.SECONDS).join().cut()).isZero();
  }

  /**
   * They came in one read with what has ended the last stream: nothing is written behind an end.
   */
  @Test
  void answersNoFramesBehindItsEnd() throws Exception {
    AtomicReference<HttpResponse> open = new AtomicReference<>();
    HttpServer server = serveHttp2((q, r) -> open.set(r));
    FrameClient client = greet(server).get(1, "/").send();
    await().until(() -> open.get() != null);
    CompletableFuture<DrainReport> drained = server.drain(Duration.ofSeconds(8));
    FrameClient.Frame ping = client.hear(FrameClient.PING);
    client.frame(FrameClient.PING, FrameClient.ACK, 0, ping.payload()).send();
    client.hear(FrameClient.GOAWAY);

    client.reset(1, Http2Code.CANCEL).ping("too late").settings().send();

    assertThat(client.hearGoAway()).isEqualTo(Http2Code.NO_ERROR);
    assertThat(client.others)
        .noneMatch(frame -> frame.type() == FrameClient.PING && frame.flags() == FrameClient.ACK);
    client.close();
    assertThat(drained.orTimeout(10, TimeUnit.SECONDS).join().cut()).isZero();
    assertThat(server.stats().errors()).isEmpty();
  }

  /** It has not read the goodbye yet, or does not care: what is under way is finished. */
  @Test
  void refusesWhatComesBehindTheLastStreamAndFinishesTheOthers() throws Exception {
    AtomicReference<HttpResponse> open = new AtomicReference<>();
    HttpServer server = serveHttp2((q, r) -> open.set(r));
    FrameClient client = greet(server).get(1, "/").send();
    await().until(() -> open.get() != null);
    CompletableFuture<DrainReport> drained = server.drain(Duration.ofSeconds(8));
    FrameClient.Frame ping = client.hear(FrameClient.PING);
    client.frame(FrameClient.PING, FrameClient.ACK, 0, ping.payload()).send();
    assertThat(client.hear(FrameClient.GOAWAY).number(0)).isEqualTo(1);

    client.headers(3, false, fields("POST", "/late")).data(3, false, A_KIB).widen(3, 10);
    client.get(5, "/later").data(3, true, A_KIB).reset(3, Http2Code.CANCEL);
    assertThat(client.ask(5).reset).isEqualTo(Http2Code.REFUSED_STREAM);
    assertThat(client.soFar(3).reset).isEqualTo(Http2Code.REFUSED_STREAM);

    onLoop(() -> open.get().end("whole"));
    assertThat(client.answer(1).text()).isEqualTo("whole");
    assertThat(client.hearGoAway()).isEqualTo(Http2Code.NO_ERROR);
    client.close();
    assertThat(drained.orTimeout(10, TimeUnit.SECONDS).join().cut()).isZero();
    assertThat(server.stats().requests()).isEqualTo(1);
  }

  @Test
  void endsAnIdleConnectionWhenTheServerCloses() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));
    FrameClient client = greet(server);
    client.get(1, "/").ask(1);

    server.close();

    assertThat(client.hearGoAway()).isEqualTo(Http2Code.NO_ERROR);
  }

  @Test
  void endsAConnectionThatIsIdleForTooLong() throws Exception {
    HttpServer server =
        serve(
            HTTP2
                .withKeepAliveTimeout(Duration.ofMillis(100))
                .withKeepAliveTimeoutBuffer(Duration.ZERO),
            (q, r) -> r.end("hi"));
    FrameClient client = greet(server);
    client.get(1, "/").ask(1);

    assertThat(client.hearGoAway()).isEqualTo(Http2Code.NO_ERROR);
  }

  @Test
  void leavesAfterSoManyRequestsAsAreAllowed() throws Exception {
    HttpServer server = serve(HTTP2.withMaxRequestsPerSocket(2), (q, r) -> r.end("hi"));
    FrameClient client = greet(server);
    client.get(1, "/").ask(1);
    client.get(3, "/").ask(3);

    FrameClient.Frame ping = client.hear(FrameClient.PING);
    client.frame(FrameClient.PING, FrameClient.ACK, 0, ping.payload()).send();

    assertThat(client.hearGoAway()).isEqualTo(Http2Code.NO_ERROR);
  }

  @Test
  void logsEachAnswerOnce() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));
    server.onAccess(
        entry -> told.add(entry.httpVersion() + " " + entry.status() + " " + entry.bodyBytes()));

    greet(server).get(1, "/").ask(1);

    tells("2.0 200 2");
    assertThat(server.stats().requests()).isEqualTo(1);
  }

  // Tunnels

  @Test
  void opensATunnel() throws Exception {
    HttpServer server =
        listen(
            Http.createServer(HTTP2)
                .onTunnel((q, r) -> {
                  told.add(q.method() + " " + q.url() + " " + q.protocol());
                  r.flushHeaders();
                  q.onData(data -> r.write("<" + data + ">"));
                  q.onEnd(() -> r.end());
                }));
    FrameClient client =
        greet(server).headers(1, false, ":method", "CONNECT", ":authority", "h.test:99").send();
    client.hear(FrameClient.HEADERS);

    client.data(1, false, "a").send().hear(FrameClient.DATA);
    assertThat(client.data(1, true, "b").ask(1).text()).isEqualTo("<a><b>");
    tells("CONNECT h.test:99 null");
    assertThat(client.soFar(1).fields).doesNotContainKey("content-length");
  }

  @Test
  void opensATunnelForAProtocol() throws Exception {
    HttpServer server =
        listen(
            Http.createServer(HTTP2)
                .onTunnel("websocket", (q, r) -> r.end(q.url() + " " + q.protocol())));
    FrameClient client = greet(server);
    FrameClient.Frame settings = client.hear(FrameClient.SETTINGS);
    assertThat(java.util.HexFormat.of().formatHex(settings.payload())).contains("000800000001");

    Answer answer =
        client.headers(1, true, fields("CONNECT", "/chat", ":protocol", "websocket")).ask(1);

    assertThat(answer.text()).isEqualTo("/chat websocket");
  }
}
