package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A request as the program has it in hand. */
class HttpRequestTest extends ServerTest {
  private static final int LARGE = 8 << 20;

  @Test
  void saysWhatTheClientHasSent() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          told.add(request.method() + " " + request.url() + " " + request.httpVersion());
          told.add(request.httpVersionMajor() + "." + request.httpVersionMinor());
          told.add(
              request.header("a") + " " + request.headers().get("A") + " " + request.header("b"));
          told.add(String.valueOf(request.rawHeaders()));
          told.add(request + " from " + request.socket().remote().host());
          response.end();
        });

    ask(server, "PUT /x?y HTTP/1.1\r\nHost: h\r\nA: 1\r\nConnection: close\r\n\r\n");

    tells(
        "PUT /x?y 1.1",
        "1.1",
        "1 1 null",
        "[Host, h, A, 1, Connection, close]",
        "PUT /x?y from 127.0.0.1");
  }

  @Test
  void decodesCharactersThatComeInPieces() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          request.setEncoding().onData(data -> told.add(data.toString()));
          request.onEnd(() -> response.end("done"));
        });
    RawClient client = connect(server);

    client.send(post("a\u00e4", "Content-Length: 4"));
    tells("a");
    client.send("\u00bd");
    client.send("\u00a0");
    client.hearAll();

    tells("a", "你");
  }

  @Test
  void replacesACharacterOfWhichTheEndIsMissing() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          request.setEncoding("utf8").onData(data -> told.add(data.toString()));
          request.onEnd(() -> response.end("done"));
        });

    ask(server, post("\u00e4\u00bd", "Content-Length: 2"));

    tells("\ufffd");
  }

  @Test
  void deliversHexAndBase64AsText() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          request.setEncoding("hex").onData(data -> told.add(data.toString()));
          request.onEnd(() -> response.end("done"));
        });

    ask(server, post("az", "Content-Length: 2"));

    tells("617a");
  }

  @Test
  void refusesAnEncodingThatNobodyKnows() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          refuses(
              () -> request.setEncoding("klingon"),
              "ERR_UNKNOWN_ENCODING",
              "Unknown encoding: klingon");
          response.end("refused");
        });

    assertThat(body(ask(server, LAST))).isEqualTo("refused");
  }

  @Test
  void holdsTheClientBackWhileNobodyReads() throws Exception {
    CompletableFuture<HttpRequest> held = new CompletableFuture<>();
    AtomicLong got = new AtomicLong();
    HttpServer server =
        serve((request, response) -> {
          request.pause();
          request.onData(data -> got.addAndGet(data.length()));
          request.onEnd(() -> response.end("got " + got));
          held.complete(request);
        });
    RawClient client = connect(server);
    client.send(post("", "Content-Length: " + LARGE));
    Thread writer = Thread.ofVirtual().start(() -> sendLarge(client));

    HttpRequest request = held.get(5, TimeUnit.SECONDS);
    await().until(() -> request.readableLength() > 0 && request.socket().isPaused());

    assertThat(request.isPaused()).isTrue();
    assertThat(request.readableFlowing()).isFalse();
    assertThat(request.readableLength()).isLessThan(1 << 20);
    assertThat(request.complete()).isFalse();
    assertThat(got).hasValue(0);
    request.resume();
    assertThat(body(client.hearAll())).isEqualTo("got " + LARGE);
    assertThat(request.readableLength()).isZero();
    writer.join();
  }

  private static void sendLarge(RawClient client) {
    try {
      client.send("x".repeat(LARGE));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void stopsWithinABodyAndGoesOn() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          request
              .onPause(() -> told.add("pause"))
              .onResume(() -> told.add("resume"))
              .onData(data -> {
                told.add(data.toString());
                if (data.toString().equals("a")) {
                  request.pause();
                  loop.setTimeout(10, request::resume);
                }
              });
          request.onEnd(() -> response.end("done"));
        });

    String answer =
        ask(server, post("1\r\na\r\n1\r\nb\r\n0\r\n\r\n", "Transfer-Encoding: chunked"));

    assertThat(body(answer)).isEqualTo("done");
    assertThat(told.getFirst()).isEqualTo("a");
    assertThat(told.subList(told.indexOf("pause"), told.size())).startsWith("pause", "resume", "b");
  }

  @Test
  void isPipedIntoItsAnswer() throws Exception {
    HttpServer server = serve((request, response) -> request.pipe(response));
    RawClient client = connect(server);
    client.send(post("", "Content-Length: " + LARGE));
    Thread writer = Thread.ofVirtual().start(() -> sendLarge(client));

    String answer = client.hearAll();

    writer.join();
    assertThat(answer).contains("Transfer-Encoding: chunked").endsWith("\r\n0\r\n\r\n");
    assertThat(body(answer).chars().filter(c -> c == 'x').count()).isEqualTo(LARGE);
  }

  @Test
  void hasItsTrailersAtTheEnd() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          told.add(request.trailers().lines() + " " + request.complete());
          request.onEnd(() -> {
            told.add(request.trailers().toMap() + " " + request.complete());
            told.add(request.trailers().raw() + " " + request.headers().has("x-t"));
            response.end();
          });
          request.resume();
        });

    ask(server, post("1\r\na\r\n0\r\nX-T: v\r\n\r\n", "Transfer-Encoding: chunked"));

    tells("0 false", "{x-t=v} true", "[X-T, v] false");
  }

  @Test
  void tellsAfterwardsWhatHasHappened() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          request.resume();
          request.onEnd(() ->
              loop.setImmediate(() -> {
                request.onEnd(() -> told.add("late end"));
                request.onClose(cause -> told.add("late close " + cause.hadError()));
                told.add("destroyed " + request.destroyed());
                response.end();
              }));
        });

    ask(server, LAST);

    tells("destroyed true", "late end", "late close false");
  }

  @Test
  void takesListenersOut() throws Exception {
    Runnable never = () -> told.add("never");
    HttpServer server =
        serve((request, response) -> {
          request.onEnd(never).onAborted(never).onPause(never).onResume(never).off(never);
          request.onEnd(() -> response.end("done"));
          request.resume();
        });

    assertThat(body(ask(server, LAST))).isEqualTo("done");
    assertThat(told).isEmpty();
  }

  @Test
  void endsItsConnectionWithoutAnErrorWhenItIsDestroyed() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          request
              .onAborted(() -> told.add("aborted " + request.aborted()))
              .onError(e -> told.add("error"))
              .onClose(cause -> told.add("close " + cause.code() + " " + cause.by()));
          request.onData(data -> request.destroy());
        });

    assertThat(ask(server, post("ab", "Content-Length: 5"))).isEmpty();
    tells("aborted true", "close DESTROYED US");
  }

  @Test
  void tellsTheErrorThatItIsDestroyedWith() throws Exception {
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) -> {
          request.onError(e -> told.add(e.code())).onClose(closed::complete);
          request.destroy(new NetException("ERR_MINE", "mine"));
        });

    assertThat(ask(server, post("ab", "Content-Length: 5"))).isEmpty();
    assertThat(closed.get(5, TimeUnit.SECONDS).error()).hasMessage("mine");
    tells("ERR_MINE");
  }

  @Test
  void isAbortedWhereItsBodyIsCutOff() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          request
              .onData(data -> told.add("data " + data))
              .onAborted(() -> told.add("aborted"))
              .onError(e -> told.add(e.code() + " " + e.getMessage()))
              .onClose(cause -> told.add("close " + cause.hadError() + request.complete()));
        });
    RawClient client = connect(server);
    client.send(post("ab", "Content-Length: 5"));
    tells("data ab");
    client.close();

    tells("data ab", "aborted", "ECONNRESET aborted", "close truefalse");
  }

  @Test
  void tellsThatItWasSilentForLong() throws Exception {
    HttpServer server =
        serve((request, response) ->
            request.setTimeout(
                20,
                () -> {
                  told.add("timeout");
                  response.end("late");
                }));
    RawClient client = connect(server);
    client.send(post("ab", "Content-Length: 5"));

    client.hear("late");

    tells("timeout");
  }

  @Test
  void costsOneConnectionWhereAListenerOfItsThrows() throws Exception {
    HttpServer server =
        serve((request, response) ->
            request.onData(data -> {
              throw new IllegalStateException("mine");
            }));

    assertThat(ask(server, post("ab", "Content-Length: 2"))).startsWith("HTTP/1.1 500 ");
    assertThat(io.netloop.Uncaught.next()).hasMessage("mine");
    assertThat(server.stats().errors()).containsEntry("LISTENER_FAILED", 1L);
  }

  @Test
  void givesPiecesThatMayBeKept() throws Exception {
    CompletableFuture<Buffer> first = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) -> {
          request.onData(first::complete);
          request.onEnd(() -> response.end("done"));
        });
    RawClient client = connect(server);
    client.send(post("abc", "Content-Length: 6"));
    Buffer kept = first.get(5, TimeUnit.SECONDS);
    client.send("xyz");
    client.hearAll();

    assertThat(kept).hasToString("abc");
  }

  @Test
  void goesOnToBeReadWhenItIsAnsweredEarly() throws Exception {
    HttpServer server =
        serve((request, response) -> {
          response.end("early");
          request.onData(data -> told.add(data.toString()));
          request.onEnd(() -> told.add("end"));
          request.onClose(cause -> told.add("close"));
        });
    RawClient client = connect(server);

    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\none");
    tells("one");
    client.send("two");

    tells("one", "two", "end", "close");
  }

  @Test
  void cutsNobodyElseWhenItIsDestroyedLate() throws Exception {
    CompletableFuture<HttpRequest> first = new CompletableFuture<>();
    HttpServer server =
        serve((request, response) -> {
          if (first.complete(request)) {
            response.end("first");
          } else {
            first.join().response.destroy();
            first.join().destroy();
            response.end("second");
          }
        });

    String get = "GET / HTTP/1.1\r\nHost: a\r\n";
    String heard = ask(server, get + "\r\n" + get + "Connection: close\r\n\r\n");

    assertThat(heard).contains("first").endsWith("second");
  }
}
