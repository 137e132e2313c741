package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Handlers that throw, requests that are refused, answers before the question is over. */
class HttpFailureTest extends ServingTest {
  private static final String REFUSAL = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

  private final RuntimeException planned = new IllegalStateException("planned");
  private final AtomicReference<HttpResponse> open = new AtomicReference<>();

  /** What the client gets from a handler that fails, having sent a request with a body. */
  private String failing(RequestListener listener) {
    HttpServer server =
        serve((request, response) -> {
          if (request.url().equals("/other")) {
            response.end("/other");
          } else {
            listener.request(request, response);
          }
        });
    String answer = connect(server).send(POST + "Content-Length: 3\r\n\r\nabc" + GET).rest();

    assertThat(Uncaught.next()).isSameAs(planned);
    assertThat(server.stats().errors()).containsEntry("LISTENER_FAILED", 1L);
    serves(server);
    return answer;
  }

  private void assertInternalError(String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
        .contains("Connection: close\r\n")
        .doesNotContain("X-Own", "planned", "Content-Length: 10");
    assertThat(RawPeer.statuses(answer)).hasSize(1);
  }

  @Test
  void aHandlerThatThrowsBeforeItHasSentAnythingIsAnsweredFor() {
    assertInternalError(
        failing((request, response) -> {
          response.setHeader("X-Own", "1").setHeader("Content-Length", 10).statusCode(201);
          throw planned;
        }));
  }

  @Test
  void aHandlerThatThrowsWhenTheBodyComesIsAnsweredFor() {
    assertInternalError(
        failing((request, response) ->
            request.onData(data -> {
              throw planned;
            })));
  }

  @Test
  void aHandlerThatThrowsAtTheEndOfTheBodyIsAnsweredFor() {
    assertInternalError(
        failing((request, response) ->
            request
                .onData(data -> {})
                .onEnd(() -> {
                  throw planned;
                })));
  }

  @Test
  void aHandlerThatThrowsAfterTheHeadHasItsConnectionCut() {
    String answer =
        failing((request, response) -> {
          response.setHeader("Content-Length", 10);
          response.write("half");
          throw planned;
        });

    // A client must not take it for the whole.
    assertThat(RawPeer.statuses(answer)).hasSizeLessThanOrEqualTo(1);
    assertThat(answer).doesNotContain("500");
  }

  @Test
  void aHandlerThatThrowsAfterTheEndHarmsNobody() {
    HttpServer server =
        serve((request, response) -> {
          response.end("fine");
          throw planned;
        });
    RawPeer peer = connect(server).send(GET);

    assertThat(peer.until("fine")).startsWith("HTTP/1.1 200 OK");
    assertThat(peer.send(GET).until("fine")).startsWith("HTTP/1.1 200 OK");
    assertThat(Uncaught.next()).isSameAs(planned);
    assertThat(Uncaught.next()).isSameAs(planned);
  }

  @Test
  void aListenerOfTheResponseThatThrowsIsAFailureLikeAnother() {
    HttpServer server =
        serve((request, response) ->
            response
                .onFinish(() -> {
                  throw planned;
                })
                .end("done"));

    connect(server).send(GET).until("done");
    assertThat(Uncaught.next()).isSameAs(planned);
    await().until(() -> server.stats().errors().containsKey("LISTENER_FAILED"));
  }

  @Test
  void whatIsWrongIsSaidAfterTheAnswersToTheRequestsBefore() {
    HttpServer server = serve((request, response) -> open.set(response));
    RawPeer peer = connect(server).send(GET + "nonsense\r\n\r\n" + GET);
    await().until(() -> server.stats().errors().containsKey("HPE_INVALID_METHOD"));
    loop.execute(() -> open.get().end("first"));

    assertThat(peer.rest()).startsWith("HTTP/1.1 200 OK").endsWith("first" + REFUSAL);
    assertThat(server.stats().requests()).isEqualTo(1);
  }

  @Test
  void aBadBodyEndsTheRequestThatWaitsForItOnce() {
    List<String> told = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve((request, response) -> {
          request.onData(data -> told.add("data")).onEnd(() -> told.add("end"));
          request.onError(error -> told.add(error.code()));
          request.onClose(cause -> told.add("close"));
          response.onError(error -> told.add("response failed"));
        });

    assertThat(connect(server).send(CHUNKED + "1\r\naX").rest()).isEqualTo(REFUSAL);
    await().until(() -> told.contains("close"));
    assertThat(told).containsExactly("data", "ECONNRESET", "close");
  }

  @Test
  void whatIsWrongBehindAnAnswerThatHasBegunIsNotAnswered() {
    HttpServer server =
        serve((request, response) -> {
          request.resume();
          response.write("begun");
        });
    RawPeer peer = connect(server).send(CHUNKED);
    peer.until("begun");

    assertThat(RawPeer.statuses(peer.send("x\r\n").rest())).isEmpty();
  }

  @Test
  void oneRequestHasOneAnswerWhateverFollowsInItsBody() {
    HttpServer server = serve((request, response) -> response.end("early"));
    RawPeer peer = connect(server).send(CHUNKED);
    peer.until("early");

    assertThat(peer.send("x\r\n").rest()).isEmpty();
    assertThat(server.stats().errors()).containsOnlyKeys("HPE_INVALID_CHUNK_SIZE");
  }

  @Test
  void aListenerOfClientErrorsAnswersItself() {
    AtomicReference<ClientError> seen = new AtomicReference<>();
    HttpServer server = serve(ServingTest::echoPath);
    server.onClientError((error, socket) -> {
      seen.set(error);
      socket.end("HTTP/1.1 418 Teapot\r\n\r\n");
    });

    // The client does not end: the server does not wait for it for ever.
    assertThat(connect(server).send("nonsense\r\n").rest())
        .isEqualTo("HTTP/1.1 418 Teapot\r\n\r\n");
    assertThat(seen.get().error().code()).isEqualTo("HPE_INVALID_METHOD");
    assertThat(seen.get().status()).isEqualTo(400);
    assertThat(seen.get().rawPacket()).hasToString("nonsense\r\n");
    await().until(() -> server.stats().connections() == 0);
  }

  @Test
  void aLargeUploadThatIsRefusedAtOnceLeavesTheAnswerReadable() {
    HttpServerOptions limited = HttpServerOptions.defaults().withMaxBodySize(1_000);
    HttpServer server = serve(limited, ServingTest::echoPath);
    RawPeer peer = connect(server).send(POST + "Content-Length: 20000000\r\n\r\n");

    // A simple client sends everything first, and reads then.
    peer.send("u".repeat(20_000_000));
    assertThat(peer.rest())
        .isEqualTo("HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n");
  }

  @Test
  void aLargeUploadThatIsAnsweredAtOnceWithTheEndLeavesTheAnswerReadable() {
    HttpServer server =
        serve((request, response) ->
            response.setHeader("Connection", "close").statusCode(404).end("not here"));
    RawPeer peer = connect(server).send(POST + "Content-Length: 20000000\r\n\r\n");
    peer.send("u".repeat(20_000_000));

    assertThat(peer.rest()).startsWith("HTTP/1.1 404 ").endsWith("not here");
  }

  @Test
  void aLargeUploadThatIsAnsweredAtOnceIsReadOverAndTheNextRequestServed() {
    HttpServer server =
        serve((request, response) ->
            response.statusCode(request.method().equals("POST") ? 404 : 200).end("answer"));
    RawPeer peer = connect(server).send(POST + "Content-Length: 20000000\r\n\r\n");
    assertThat(peer.until("answer")).startsWith("HTTP/1.1 404 ");

    CompletableFuture.runAsync(() -> peer.send("u".repeat(20_000_000)))
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
    assertThat(peer.send(GET).until("answer")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void whoExpectsToGoOnAndIsRefusedIsNotToldTo() {
    HttpServer server = serve(ServingTest::echoPath);
    server.onCheckContinue((request, response) -> response.statusCode(403).end());
    RawPeer peer = connect(server).send(POST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");

    // Whether its body comes, or another request, nobody knows: no more of it is read.
    assertThat(peer.send("abc" + GET).rest())
        .startsWith("HTTP/1.1 403 ")
        .contains("Connection: close\r\n")
        .doesNotContain("100", "200");
  }

  @Test
  void anUpgradeWaitsForTheAnswersBeforeItAndGetsWhatFollows() {
    HttpServer server = serve((request, response) -> open.set(response));
    server.onUpgrade((request, socket, head) -> {
      socket.write("switched, with " + head);
      socket.onData(data -> socket.end("then " + data));
    });
    RawPeer peer =
        connect(server)
            .send(
                GET
                    + "GET /up HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n\0\r\n");
    await().until(() -> open.get() != null);
    loop.execute(() -> open.get().end("first"));

    assertThat(peer.until("switched, with \0\r\n")).contains("first");
    assertThat(peer.send("more").rest()).isEqualTo("then more");
    assertThat(server.stats().requests()).isEqualTo(2);
  }

  @Test
  void anUpgradeWithABodyIsARequestAsAny() {
    HttpServer server = serve(ServingTest::echoPath);
    server.onUpgrade((request, socket, head) -> socket.end("switched"));
    String up = "Connection: upgrade\r\nUpgrade: x\r\n";

    assertThat(connect(server).send(POST + up + "Content-Length: 3\r\n\r\nabc").until("\r\n\r\n/"))
        .startsWith("HTTP/1.1 200 OK");
    assertThat(connect(server).send("GET / HTTP/1.0\r\n" + up + "\r\n").rest())
        .startsWith("HTTP/1.1 200 OK");
    assertThat(connect(server).send(POST + up + "\r\n").rest()).isEqualTo("switched");
  }

  @Test
  void anUpgradeThatThrowsCostsItsConnection() {
    HttpServer server = serve(ServingTest::echoPath);
    server.onUpgrade((request, socket, head) -> {
      throw planned;
    });
    RawPeer peer = connect(server).send(POST + "Connection: upgrade\r\nUpgrade: x\r\n\r\n");

    assertThat(peer.rest()).isEmpty();
    assertThat(Uncaught.next()).isSameAs(planned);
    serves(server);
  }

  @Test
  void nothingIsServedBehindAConnectionThatAHandlerHasDestroyed() {
    List<String> served = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve((request, response) -> {
          served.add(request.url());
          request.destroy();
        });
    connect(server).send(GET.repeat(5));

    await().until(() -> server.stats().connections() == 0 && !served.isEmpty());
    assertThat(served).containsExactly("/");
  }

  @Test
  void whatCameFirstIsReadFirstAlsoWhereAProgramResumesTheSocket() {
    List<HttpResponse> waiting = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve(
            HttpServerOptions.defaults().withMaxPipelined(1),
            (request, response) -> waiting.add(response));
    String third = "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n";
    RawPeer peer = connect(server).send(third.replace("/3", "/1") + third.replace("/3", "/2"));
    await().until(() -> waiting.size() == 1);
    TcpSocket socket = waiting.getFirst().socket();
    loop.execute(socket::resume);
    peer.send(third);
    await().until(() -> socket.bytesRead() == 3L * third.length());

    for (int i = 1; i <= 3; i++) {
      int size = i;
      await().until(() -> waiting.size() == size);
      loop.execute(() -> waiting.getLast().end());
      assertThat(peer.until("\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
    }
    assertThat(waiting)
        .extracting(response -> response.request().url())
        .containsExactly("/1", "/2", "/3");
  }

  @Test
  void aRequestIsLoggedOnceWhetherAnsweredInTurnOrLost() {
    List<String> log = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve((request, response) -> {
          if (request.url().equals("/")) {
            open.set(response);
          } else {
            response.end();
          }
        });
    server.onAccess(entry -> log.add(entry.url() + (entry.cut() == null ? "" : " lost")));
    RawPeer peer = connect(server).send(GET + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    await().until(() -> server.stats().requests() == 2);
    loop.execute(() -> open.get().destroy(new NetException("ECANCELED", "Not today.")));

    peer.rest();
    await().until(() -> log.size() >= 2);
    assertThat(log).containsExactly("/ lost", "/2 lost");
  }
}
