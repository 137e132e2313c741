package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.Uncaught;
import io.netloop.loop.AbortController;
import io.netloop.loop.NetException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** In which order events are told: as Node 20 tells them of the same bytes. */
class ClientEventsTest extends ClientTest {
  private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi";

  @Test
  void getsAPageFromOurOwnServer() {
    HttpServer server = serve((request, response) -> response.end("Hello " + request.url()));

    Exchange exchange = get(to(server).withPath("/a?b=c"));

    exchange.isExactly(
        "C socket",
        "C finish",
        "C response 200",
        "P data Hello /a?b=c",
        "P end",
        "C close",
        "P close true");
    assertThat(exchange.response.join().headers().get("content-length")).isEqualTo("12");
  }

  @Test
  void closesTheRequestBehindTheResponseWhereTheConnectionEndsWithIt() {
    get(to(answeringLast("HTTP/1.1 200 OK\r\n\r\nhi")))
        .isExactly(
            "C socket",
            "C finish",
            "C response 200",
            "P data hi",
            "P end",
            "P close true",
            "C close");
  }

  @Test
  void saysThatTheServerHungUpWhereItEndsWithoutAnAnswer() {
    get(to(answeringLast("")))
        .isExactly("C socket", "C finish", "C error ECONNRESET socket hang up", "C close");
  }

  @Test
  void saysThatTheServerHungUpWhereItEndsWithinTheHead() {
    get(to(answeringLast("HTTP/1.1 200 O")))
        .isExactly("C socket", "C finish", "C error ECONNRESET socket hang up", "C close");
  }

  @Test
  void tellsAResponseThatIsCutOffAsAborted() {
    get(to(answeringLast(HALF)))
        .isExactly(
            "C socket",
            "C finish",
            "C response 200",
            "P data hi",
            "P aborted",
            "C close",
            "P error ECONNRESET aborted",
            "P close false");
  }

  @Test
  void tellsAResetDuringTheResponseOfBoth() {
    Exchange exchange =
        exchange(
            to(
                raw((socket, head) ->
                    socket.write(
                        latin1(HALF),
                        sent -> {
                          loop.setTimeout(30, socket::resetAndDestroy);
                        }))),
            ClientRequest::end);

    exchange.isExactly(
        "C socket",
        "C finish",
        "C response 200",
        "P data hi",
        "C error ECONNRESET read ECONNRESET",
        "P aborted",
        "C close",
        "P error ECONNRESET aborted",
        "P close false");
  }

  @Test
  void tellsAResetBeforeTheResponse() {
    get(to(raw((socket, head) -> socket.resetAndDestroy())))
        .isExactly("C socket", "C finish", "C error ECONNRESET read ECONNRESET", "C close");
  }

  @Test
  void tellsABadChunkOfTheRequestAndTheLossOfTheResponse() {
    Exchange exchange =
        get(to(answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nx\r\n")));

    exchange.over();
    assertThat(exchange.events())
        .containsExactly(
            "C socket",
            "C finish",
            "C response 200",
            "P data hi",
            "C error HPE_INVALID_CHUNK_SIZE Parse Error: A chunk's size holds the byte 0x78, or is"
                + " missing.",
            "P aborted",
            "C close",
            "P error ECONNRESET aborted",
            "P close false");
  }

  @Test
  void destroyDuringTheResponseAbortsIt() {
    Exchange exchange = exchange(to(answering(HALF)), ClientRequest::end);
    exchange.await("P data hi");
    exchange.request.destroy();

    exchange.isExactly(
        "C socket",
        "C finish",
        "C response 200",
        "P data hi",
        "P aborted",
        "C close",
        "P error ECONNRESET aborted",
        "P close false");
  }

  @Test
  void destroyWithAnErrorTellsThatErrorOfTheRequest() {
    Exchange exchange = exchange(to(answering(HALF)), ClientRequest::end);
    exchange.await("P data hi");
    exchange.request.destroy(new NetException("MINE", "mine"));

    exchange.isExactly(
        "C socket",
        "C finish",
        "C response 200",
        "P data hi",
        "C error MINE mine",
        "P aborted",
        "C close",
        "P error ECONNRESET aborted",
        "P close false");
  }

  @Test
  @SuppressWarnings("deprecation")
  void abortDuringTheResponseIsToldFirst() {
    Exchange exchange = exchange(to(answering(HALF)), ClientRequest::end);
    exchange.await("P data hi");
    exchange.request.abort().abort();

    exchange.over();
    assertThat(exchange.events())
        .containsSubsequence("C abort", "C close", "P error ECONNRESET aborted", "P close false")
        .containsOnlyOnce("C abort", "P aborted");
    assertThat(exchange.request.aborted()).isTrue();
  }

  @Test
  void destroyOfTheResponseTellsNoErrorButThatItIsAborted() {
    Exchange exchange = exchange(to(answering(HALF)), ClientRequest::end);
    exchange.await("P data hi");
    exchange.response.join().destroy();

    exchange.isExactly(
        "C socket",
        "C finish",
        "C response 200",
        "P data hi",
        "P aborted",
        "P close false",
        "C close");
  }

  @Test
  void destroyOfTheResponseWithAnErrorTellsItOfBoth() {
    Exchange exchange = exchange(to(answering(HALF)), ClientRequest::end);
    exchange.await("P data hi");
    exchange.response.join().destroy(new NetException("MINE", "mine"));

    exchange.over();
    assertThat(exchange.events().subList(4, 9))
        .containsExactlyInAnyOrder(
            "P aborted", "C error MINE mine", "P error MINE mine", "P close false", "C close");
  }

  @Test
  void destroyAtOnceTellsThatItHungUpAndNoSocket() {
    exchange(to(answering(OK)), ClientRequest::destroy)
        .isExactly("C error ECONNRESET socket hang up", "C close");
  }

  @Test
  @SuppressWarnings("deprecation")
  void abortAtOnceTellsNoError() {
    Exchange exchange = exchange(to(answering(OK)), ClientRequest::abort);
    exchange.await("C abort").over();

    assertThat(exchange.events()).containsExactlyInAnyOrder("C close", "C abort");
  }

  @Test
  void destroyWhileWaitingForTheAnswer() {
    Exchange exchange = get(to(raw((socket, head) -> {})));
    exchange.await("C finish").request.destroy();

    exchange.isExactly("C socket", "C finish", "C error ECONNRESET socket hang up", "C close");
    assertThat(exchange.request.destroyed()).isTrue();
  }

  @Test
  void destroyWithAnErrorWhileWaitingForTheAnswer() {
    Exchange exchange = get(to(raw((socket, head) -> {})));
    exchange.await("C finish").request.destroy(new NetException("MINE", "mine"));
    exchange.request.destroy(new NetException("LATER", "later"));

    exchange.isExactly("C socket", "C finish", "C error MINE mine", "C close");
  }

  @Test
  void aSignalDestroysTheRequest() {
    AbortController controller = new AbortController();
    Exchange exchange = get(to(raw((socket, head) -> {})).withSignal(controller.signal()));
    exchange.await("C finish");
    controller.abort();

    exchange.isExactly(
        "C socket", "C finish", "C error ABORT_ERR The operation was aborted", "C close");
  }

  @Test
  void aSignalThatWasGivenBeforeDestroysTheRequestAtOnce() {
    AbortController controller = new AbortController();
    controller.abort();

    get(to(answering(OK)).withSignal(controller.signal()))
        .isExactly("C error ABORT_ERR The operation was aborted", "C close");
  }

  @Test
  void aSignalAfterTheEndDoesNothing() {
    AbortController controller = new AbortController();
    Exchange exchange = get(to(answering(OK)).withSignal(controller.signal()));
    exchange.over();
    controller.abort();
    settle();

    assertThat(exchange.events()).endsWith("P end", "C close", "P close true");
  }

  @Test
  void tellsAnswersBeforeTheAnswer() {
    List<Information> got = new CopyOnWriteArrayList<>();
    Exchange exchange =
        exchange(
            to(
                answering(
                    "HTTP/1.1 100 Continue\r\n"
                        + "\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
                        + OK)),
            request -> request.onInformation(got::add).end());

    exchange.isExactly(
        "C socket",
        "C finish",
        "C continue",
        "C information 100",
        "C information 103",
        "C response 200",
        "P data hi",
        "P end",
        "C close",
        "P close true");
    assertThat(got.get(1).headers().get("link")).isEqualTo("</a.css>; rel=preload");
    assertThat(got.get(1).statusMessage()).isEqualTo("Early Hints");
    assertThat(got.get(1).httpVersion()).isEqualTo("1.1");
  }

  @Test
  void closesInSilenceAtAnUpgradeThatNobodyListensTo() {
    get(to(
            answering(
                "HTTP/1.1 101 Switching Protocols"
                    + "\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhello")))
        .isExactly("C socket", "C finish", "C close");
  }

  @Test
  void closesInSilenceAtATunnelThatNobodyListensTo() {
    get(to(answering("HTTP/1.1 200 OK\r\n\r\n")).withMethod("CONNECT").withPath("a:1"))
        .isExactly("C socket", "C finish", "C close");
  }

  @Test
  void throwsAResponseAwayThatNobodyListensTo() {
    unheard(to(answering(OK)), ClientRequest::end).isExactly("C socket", "C finish", "C close");
  }

  @Test
  void tellsTimeoutAndNothingElse() {
    Exchange exchange = get(to(raw((socket, head) -> {})).withTimeout(Duration.ofMillis(20)));
    exchange.await("C timeout");
    assertThat(exchange.events()).containsExactly("C socket", "C finish", "C timeout");

    exchange.request.destroy();
    exchange.isExactly(
        "C socket", "C finish", "C timeout", "C error ECONNRESET socket hang up", "C close");
  }

  @Test
  void setTimeoutHoldsFromWhenItIsCalled() {
    Exchange exchange = get(to(raw((socket, head) -> {})));
    exchange.await("C finish");
    assertThat(exchange.has("C timeout")).isFalse();
    exchange.request.setTimeout(10);
    exchange.await("C timeout");
    exchange.request.destroy();

    assertThat(exchange.error()).isEqualTo("ECONNRESET socket hang up");
  }

  @Test
  void aRequestThatIsAnsweredEarlyIsOverWhenItIsWritten() {
    Exchange exchange =
        exchange(
            to(raw((socket, head) -> socket.write(OK))).withMethod("POST"),
            request -> request.write("a"));
    exchange.await("P close");
    assertThat(exchange.has("C close")).isFalse();
    exchange.request.end("b");

    exchange.over();
    assertThat(exchange.events())
        .startsWith("C socket", "C response 200", "P data hi", "P end", "P close true");
  }

  @Test
  void aRequestThatIsAnsweredEarlyAndForTheLastTimeIsOverWithItsResponse() {
    Exchange exchange =
        exchange(
            to(answeringLast("HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"))
                .withMethod("POST"),
            request -> request.write("a"));

    exchange.isExactly(
        "C socket", "C response 413", "P data hi", "P end", "P close true", "C close");
  }

  @Test
  void tellsAWriteAfterTheEndAndGoesOn() {
    exchange(
            to(answering(OK)),
            request -> {
              request.end();
              request.write("x");
            })
        .isExactly(
            "C socket",
            "C error ERR_STREAM_WRITE_AFTER_END write after end",
            "C finish",
            "C response 200",
            "P data hi",
            "P end",
            "C close",
            "P close true");
  }

  @Test
  void tellsThatNobodyListens() {
    get(RequestOptions.port(1).withHost("127.0.0.1"))
        .isExactly("C socket", "C error ECONNREFUSED connect ECONNREFUSED 127.0.0.1:1", "C close");
  }

  @Test
  void tellsThatANameIsUnknown() {
    Exchange exchange =
        get(
            RequestOptions.port(80)
                .withHost("nowhere.test")
                .withLookup(name -> {
                  throw new java.net.UnknownHostException(name);
                }));

    assertThat(exchange.error()).startsWith("ENOTFOUND");
  }

  @Test
  void anErrorThatNobodyListensToReachesTheUncaughtHandler() {
    onLoop(() -> Http.get(RequestOptions.port(1).withHost("127.0.0.1")));

    assertThat(Uncaught.next()).isInstanceOf(NetException.class).hasMessageContaining("REFUSED");
  }

  @Test
  void anErrorOfARequestMadeElsewhereWaitsForItsListener() {
    CompletableFuture<NetException> error = new CompletableFuture<>();
    Http.get(RequestOptions.port(1).withHost("127.0.0.1")).onError(error::complete);

    assertThat(join(error).code()).isEqualTo("ECONNREFUSED");
  }

  @Test
  void listenersCanBeTakenOut() {
    List<String> told = new CopyOnWriteArrayList<>();
    java.util.function.Consumer<NetException> onError = error -> told.add("error");
    java.util.function.Consumer<ClientResponse> onResponse = response -> told.add("response");
    Runnable onFinish = () -> told.add("finish");
    exchange(
            to(answeringLast("HTTP/1.1 200 OK\r\n\r\n")),
            request ->
                request
                    .onResponse(onResponse)
                    .onFinish(onFinish)
                    .onError(onError)
                    .off(onResponse)
                    .off(onFinish)
                    .off(onError)
                    .end())
        .over();
    exchange(
            RequestOptions.port(1).withHost("127.0.0.1"),
            request -> request.onError(onError).off(onError).end())
        .over();

    assertThat(told).isEmpty();
  }

  @Test
  void aListenerThatThrowsCostsItsConnectionAndNothingElse() {
    HttpServer server = serve((request, response) -> response.end("x"));
    Exchange exchange =
        exchange(
            to(server),
            request ->
                request
                    .onResponse(response -> {
                      throw new IllegalStateException("mine");
                    })
                    .end());

    exchange.await("C close");
    assertThat(Uncaught.next()).hasMessage("mine");
    assertThat(get(to(server)).body()).isEqualTo("x");
  }

  @Test
  void aDataListenerThatThrowsEndsTheResponse() {
    Exchange exchange =
        exchange(
            to(answering(HALF)),
            request ->
                request
                    .onResponse(response ->
                        response.onData(data -> {
                          throw new IllegalStateException("mine");
                        }))
                    .end());

    exchange.over();
    assertThat(Uncaught.next()).hasMessage("mine");
    assertThat(exchange.has("P aborted")).isTrue();
  }

  @Test
  void aResponseThatComesBeforeItsListenerWaitsForOneMadeElsewhere() {
    HttpServer server = serve((request, response) -> response.end("Hello"));
    ClientRequest request = Http.get(to(server));
    org.awaitility.Awaitility.await().until(() -> request.response() != null);
    CompletableFuture<String> body = new CompletableFuture<>();
    request.onResponse(response -> response.onData(data -> body.complete(data.toString())));

    assertThat(join(body)).isEqualTo("Hello");
  }
}
