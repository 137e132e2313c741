package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is understood of the bytes of responses, and what is refused. */
class ClientReadingTest extends ClientTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello",
        CHUNKED + "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: v\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\n\r\nhello",
        "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
      })
  void readsAResponseHoweverItIsSplit(String response) {
    int[] cut = {0};
    TcpServer server =
        raw((socket, head) -> {
          int at = cut[0]++;
          socket.write(latin1(response.substring(0, at)));
          socket.flush();
          loop.setImmediate(() -> socket.end(latin1(response.substring(at))));
        });
    for (int at = 0; at <= response.length(); at++) {
      Exchange exchange = get(to(server).withoutAgent());

      assertThat(exchange.body()).describedAs("cut at " + at).isEqualTo("hello");
      assertThat(exchange.events()).describedAs("cut at " + at).contains("P close true");
    }
  }

  @Test
  void readsAResponseByteByByte() {
    String response = CHUNKED + "2\r\nhe\r\n3\r\nllo\r\n0\r\nT: v\r\n\r\n";
    TcpServer server = raw((socket, head) -> sendSlowly(socket, response, 0));
    Exchange exchange = get(to(server).withoutAgent());

    assertThat(exchange.body()).isEqualTo("hello");
    assertThat(exchange.response.join().trailers().get("t")).isEqualTo("v");
    assertThat(exchange.response.join().complete()).isTrue();
  }

  private void sendSlowly(TcpSocket socket, String text, int at) {
    if (at < text.length() && !socket.destroyed()) {
      socket.write(latin1(text.substring(at, at + 1)));
      socket.flush();
      loop.setImmediate(() -> sendSlowly(socket, text, at + 1));
    }
  }

  @Test
  void tellsWhatTheHeadSays() {
    Exchange exchange =
        get(
            to(
                answeringLast(
                    "HTTP/1.0 404 Nothing here\r\nX-One: 1\r\nSet-Cookie: a\r\nset-cookie: b"
                        + "\r\nContent-Type: x\r\nContent-Type: y\r\n\r\n")));
    ClientResponse response = join(exchange.response);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.statusMessage()).isEqualTo("Nothing here");
    assertThat(response.httpVersion()).isEqualTo("1.0");
    assertThat(response.headers().get("content-type")).isEqualTo("x");
    assertThat(response.headers().getAll("set-cookie")).containsExactly("a", "b");
    assertThat(response.rawHeaders()).startsWith("X-One", "1", "Set-Cookie", "a");
    assertThat(response.request()).isSameAs(exchange.request);
    assertThat(exchange.request.response()).isSameAs(response);
    assertThat(response).hasToString("404 to " + exchange.request);
    exchange.over();
  }

  @Test
  void joinsDuplicatesWhereThatIsWanted() {
    Exchange exchange =
        get(
            to(answering("HTTP/1.1 200 OK\r\nServer: a\r\nServer: b\r\nContent-Length: 0\r\n\r\n"))
                .withJoinDuplicateHeaders(true));

    exchange.over();
    assertThat(exchange.response.join().headers().get("server")).isEqualTo("a, b");
  }

  @ParameterizedTest
  @CsvSource({"HEAD, 200", "GET, 204", "GET, 304", "HEAD, 404"})
  void aResponseWithoutABodyIsOverWithItsHead(String method, int status) {
    Agent agent = keeping();
    TcpServer server = answering("HTTP/1.1 " + status + " X\r\nContent-Length: 99\r\n\r\n");
    RequestOptions options = to(server).withMethod(method).withAgent(agent);

    assertThat(get(options).body()).isEmpty();
    Exchange second = get(options);
    assertThat(second.body()).isEmpty();
    assertThat(second.request.reusedSocket()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nContent-Length: 3\\r\\n\\r\\nhi | HPE_UNEXPECTED_CONTENT_LENGTH",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n | HPE_UNEXPECTED_CONTENT_LENGTH",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 2\\r\\n\\r\\n | HPE_UNEXPECTED_CONTENT_LENGTH",
        "HTTP/1.1 200 OK\\r\\nContent-Length: +2\\r\\n\\r\\nhi | HPE_INVALID_CONTENT_LENGTH",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2, 2\\r\\n\\r\\nhi | HPE_INVALID_CONTENT_LENGTH",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked, gzip\\r\\n\\r\\n | HPE_INVALID_TRANSFER_ENCODING",
        "HTTP/1.0 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n | HPE_INVALID_TRANSFER_ENCODING",
        "HTTP/1.1 200 OK\\r\\nA : b\\r\\n\\r\\n | HPE_INVALID_HEADER_TOKEN",
        "HTTP/1.1 200 OK\\r\\nA: b\\r\\n c\\r\\n\\r\\n | HPE_INVALID_HEADER_TOKEN",
        "HTTP/1.1 200 OK\\nA: b\\n\\n | HPE_CR_EXPECTED",
        "HTTP/1.1 2x0 OK\\r\\n\\r\\n | HPE_INVALID_STATUS",
        "HTTP/1.1 099 OK\\r\\n\\r\\n | HPE_INVALID_STATUS",
        "HTTP/2.0 200 OK\\r\\n\\r\\n | HPE_INVALID_VERSION",
        "HTTP/1.2 200 OK\\r\\n\\r\\n | HPE_INVALID_VERSION",
        "SSH-2.0-OpenSSH_9.6\\r\\n | HPE_INVALID_VERSION",
        "<html>hello</html>\\r\\n\\r\\n | HPE_INVALID_VERSION",
      })
  void refusesAHeadThatTwoReadersCouldUnderstandDifferently(String response, String code) {
    Exchange exchange = get(to(answering(response.replace("\\r", "\r").replace("\\n", "\n"))));

    assertThat(exchange.error()).startsWith(code + " Parse Error: ");
    assertThat(exchange.has("C response")).isFalse();
    Awaitility.await().until(() -> exchange.request.socket().closed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\n",
        "-1\r\n",
        " 2\r\nhi\r\n",
        "2 \r\nhi\r\n",
        "2\nhi\r\n",
        "2\r\nhix\r\n",
        "2\r\nhi0\r\n\r\n",
        "1000000000000000\r\n",
        "0\r\nX : y\r\n\r\n",
        "\r\n"
      })
  void refusesChunksThatAreNone(String chunks) {
    Exchange exchange = get(to(answering(CHUNKED + chunks)));

    assertThat(exchange.error()).startsWith("HPE_");
    assertThat(exchange.events()).contains("P aborted", "P close false");
  }

  @Test
  void refusesAHeadThatIsTooLong() {
    Exchange exchange =
        get(to(answering("HTTP/1.1 200 OK\r\nA: " + "x".repeat(200))).withMaxHeaderSize(100));

    assertThat(exchange.error()).startsWith("HPE_HEADER_OVERFLOW");
  }

  @Test
  void refusesAHeadThatIsTooLongByDefault() {
    assertThat(get(to(answering("HTTP/1.1 200 OK\r\nA: " + "x".repeat(20_000)))).error())
        .startsWith("HPE_HEADER_OVERFLOW");
  }

  @Test
  void refusesTooManyHeaders() {
    Exchange exchange =
        get(
            to(answering("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(5) + "\r\n"))
                .withMaxHeadersCount(4));

    assertThat(exchange.error()).startsWith("HPE_HEADER_OVERFLOW");
  }

  @Test
  void refusesTrailersThatAreTooLong() {
    Exchange exchange =
        get(
            to(answering(CHUNKED + "0\r\nA: " + "x".repeat(200) + "\r\n\r\n"))
                .withMaxHeaderSize(100));

    assertThat(exchange.error()).startsWith("HPE_HEADER_OVERFLOW");
  }

  @Test
  void boundsAnswersBeforeTheAnswer() {
    Exchange exchange = get(to(answering("HTTP/1.1 102 Processing\r\n\r\n".repeat(1000) + OK)));

    assertThat(exchange.error()).startsWith("ERR_HTTP_INFORMATION_LIMIT");
    assertThat(exchange.events()).filteredOn("C information 102"::equals).hasSize(64);
  }

  @Test
  void aListenerOfInformationMayGiveUp() {
    Exchange exchange =
        exchange(
            to(answering("HTTP/1.1 103 X\r\n\r\nHTTP/1.1 103 X\r\n\r\n" + OK)),
            request -> request.onInformation(information -> request.destroy()).end());

    assertThat(exchange.error()).isEqualTo("ECONNRESET socket hang up");
    assertThat(exchange.events()).containsOnlyOnce("C information 103");
  }

  @Test
  void aResponseListenerMayGiveUp() {
    Exchange exchange =
        exchange(
            to(answering(OK + "more")),
            request -> request.onResponse(ClientResponse::destroy).end());

    exchange.await("C close");
    assertThat(exchange.has("P data")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {OK, "garbage", "\r\n"})
  void whatFollowsTheResponseCostsTheConnectionButNotTheResponse(String more) {
    Agent agent = keeping();
    TcpServer server = answering(OK + more);
    RequestOptions options = to(server).withAgent(agent);
    Exchange exchange = get(options);

    assertThat(exchange.body()).isEqualTo("hi");
    assertThat(exchange.events()).contains("P close true").doesNotContain("C error");
    Exchange second = get(options);
    assertThat(second.body()).isEqualTo("hi");
    assertThat(second.request.reusedSocket()).isFalse();
  }

  @Test
  void aFormerAnswerOnAKeptConnectionIsNotTakenForTheNextRequests() {
    Agent agent = keeping();
    CompletableFuture<TcpSocket> kept = new CompletableFuture<>();
    TcpServer server =
        raw((socket, head) -> {
          kept.complete(socket);
          socket.write(OK);
        });
    RequestOptions options = to(server).withAgent(agent);
    get(options).over();
    settle();
    Exchange second =
        exchange(
            options,
            request ->
                kept.join().write("HTTP/1.1 200 OK\r\nContent-Length: 6" + "\r\n\r\nforged"));
    second.over();

    assertThat(second.request.reusedSocket()).isTrue();
    assertThat(second.error()).isEqualTo("ECONNRESET socket hang up");
  }

  @Test
  void anAnswerBeforeTheQuestionOnAFreshConnectionIsTheServersOwn() {
    TcpServer server =
        rawConnections(socket ->
            socket.end("HTTP/1.1 408 Late\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
    Exchange exchange = exchange(to(server), request -> {});

    exchange.over();
    assertThat(exchange.events()).contains("C response 408", "P end");
  }

  @Test
  void aSlowReaderHoldsTheServerBack() {
    CompletableFuture<TcpSocket> sender = new CompletableFuture<>();
    Buffer part = Buffer.from(new byte[64 * 1024]);
    TcpServer server =
        raw((socket, head) -> {
          socket.write(CHUNKED);
          sender.complete(socket);
          pump(socket, part, 512);
        });
    CompletableFuture<ClientResponse> paused = new CompletableFuture<>();
    Exchange exchange =
        exchange(
            to(server),
            request ->
                request
                    .onResponse(response -> {
                      response.pause();
                      paused.complete(response);
                    })
                    .end());
    ClientResponse response = join(paused);
    Awaitility.await().until(() -> sender.join().writableNeedDrain());
    long before = sender.join().writableLength();
    settle();

    assertThat(response.readableLength()).isLessThan(1 << 20);
    assertThat(before).isPositive();
    response.resume();
    exchange.over();
    assertThat(exchange.events()).contains("P end", "P close true");
  }

  private static void pump(TcpSocket socket, Buffer part, int left) {
    String size = Integer.toHexString(part.length());
    for (int i = left; i > 0; i--) {
      socket.write(size + "\r\n");
      socket.write(part);
      if (!socket.write("\r\n")) {
        int rest = i - 1;
        Runnable[] once = new Runnable[1];
        once[0] =
            () -> {
              socket.off(once[0]);
              pump(socket, part, rest);
            };
        socket.onDrain(once[0]);
        return;
      }
    }
    socket.write("0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100_000, 1_000_000})
  void aSlowReaderGetsAllThoughTheServerHasGone(int length) {
    TcpServer server =
        raw((socket, head) -> socket.end("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(length)));
    List<Integer> parts = new CopyOnWriteArrayList<>();
    Exchange exchange =
        unheard(
            to(server),
            request ->
                request
                    .onResponse(response -> {
                      response.onEnd(() -> parts.add(-1));
                      response.onData(data -> {
                        parts.add(data.length());
                        response.pause();
                        loop.setTimeout(1, response::resume);
                      });
                    })
                    .end());

    exchange.await("C close");
    Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> parts.contains(-1));
    assertThat(parts.stream().mapToInt(Integer::intValue).sum() + 1).isEqualTo(length);
  }

  @Test
  void aResponseThatIsPausedIsReadAfterTheConnectionHasEnded() {
    TcpServer server = answeringLast("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    CompletableFuture<ClientResponse> got = new CompletableFuture<>();
    Exchange exchange =
        unheard(
            to(server),
            request ->
                request
                    .onResponse(response -> {
                      response.pause();
                      got.complete(response);
                    })
                    .end());
    ClientResponse response = join(got);
    exchange.await("C close");
    CompletableFuture<String> data = new CompletableFuture<>();
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    response.onData(part -> data.complete(part.toString()));
    response.onClose(cause -> closed.complete(cause.hadError()));
    response.resume();

    assertThat(join(data)).isEqualTo("hi");
    assertThat(join(closed)).isFalse();
    assertThat(exchange.has("C error")).isFalse();
  }

  @Test
  void textIsDecodedWhole() {
    CompletableFuture<String> text = new CompletableFuture<>();
    TcpServer server =
        raw((socket, head) -> {
          socket.write(latin1(CHUNKED + "1\r\n\u00c3\r\n"));
          socket.flush();
          loop.setImmediate(() -> socket.write(latin1("1\r\n\u00a9\r\n0\r\n\r\n")));
        });
    unheard(
            to(server),
            request ->
                request
                    .onResponse(response ->
                        response.setEncoding().onData(data -> text.complete(data.toString())))
                    .end())
        .await("C close");

    assertThat(join(text)).isEqualTo("\u00e9");
  }

  @Test
  void anUpgradeHandsTheSocketOverWithWhatHasComeBehindIt() {
    TcpServer server =
        raw((socket, head) -> {
          socket.write(
              head.startsWith("GET")
                  ? "HTTP/1.1 101 Go\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhe"
                  : "llo");
        });
    CompletableFuture<String> head = new CompletableFuture<>();
    CompletableFuture<String> rest = new CompletableFuture<>();
    Exchange exchange =
        exchange(
            to(server).withHeader("Connection", "Upgrade").withHeader("Upgrade", "x"),
            request ->
                request
                    .onUpgrade((response, socket, first) -> {
                      head.complete(response.statusCode() + " " + first);
                      socket.write("more\r\n\r\n");
                      socket.onData(data -> {
                        rest.complete(data.toString());
                        socket.end();
                      });
                    })
                    .end());

    assertThat(join(head)).isEqualTo("101 he");
    assertThat(join(rest)).isEqualTo("llo");
    exchange.isExactly("C socket", "C finish", "C close");
    Awaitility.await().until(() -> exchange.request.agent().sockets().isEmpty());
  }

  @Test
  void aTunnelIsThePrograms() {
    TcpServer server = raw((socket, head) -> socket.write("HTTP/1.1 200 Connected\r\n\r\nhello"));
    CompletableFuture<String> got = new CompletableFuture<>();
    exchange(
            to(server).withMethod("CONNECT").withPath("example.test:443"),
            request ->
                request
                    .onConnect((response, socket, head) -> {
                      got.complete(response.statusCode() + " " + head);
                      socket.destroy();
                    })
                    .end())
        .over();

    assertThat(join(got)).isEqualTo("200 hello");
  }

  @Test
  void aTunnelThatIsRefusedIsToldToo() {
    TcpServer server =
        raw((socket, head) -> socket.write("HTTP/1.1 103 X\r\n\r\nHTTP/1.1 407 No\r\n\r\n"));
    CompletableFuture<Integer> got = new CompletableFuture<>();
    Exchange exchange =
        exchange(
            to(server).withMethod("CONNECT").withPath("example.test:443"),
            request ->
                request
                    .onConnect((response, socket, head) -> {
                      got.complete(response.statusCode());
                      socket.destroy();
                    })
                    .end());

    exchange.over();
    assertThat(join(got)).isEqualTo(407);
    assertThat(exchange.events()).contains("C information 103");
  }
}
