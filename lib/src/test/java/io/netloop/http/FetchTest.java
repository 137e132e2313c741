package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.http.FetchOptions.Redirect;
import io.netloop.loop.AbortController;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.net.TcpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short way: a whole response, with all bounds. */
class FetchTest extends ClientTest {
  private static final FetchOptions DEFAULTS = FetchOptions.defaults();

  private static String url(HttpServer server, String path) {
    return "http://127.0.0.1:" + server.address().port() + path;
  }

  private static String url(TcpServer server, String path) {
    return "http://127.0.0.1:" + server.address().port() + path;
  }

  private static FetchResponse fetch(String url, FetchOptions options) {
    return join(Http.fetch(url, options));
  }

  private static void fails(String code, String url, FetchOptions options) {
    fails(code, Http.fetch(url, options));
  }

  private static void fails(String code, CompletableFuture<?> future) {
    assertThatThrownBy(() -> join(future))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(NetException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void getsAPage() {
    HttpServer server =
        serve((request, response) -> {
          response.setHeader("X-Path", request.url());
          response.end("{\"a\": \"\u00e9\"}");
        });
    FetchResponse response = join(Http.fetch(url(server, "/p?q#f")));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.ok()).isTrue();
    assertThat(response.statusText()).isEqualTo("OK");
    assertThat(response.headers().get("x-path")).isEqualTo("/p?q");
    assertThat(response.text()).isEqualTo("{\"a\": \"\u00e9\"}");
    assertThat(response.bytes()).isEqualTo(Buffer.from("{\"a\": \"\u00e9\"}"));
    assertThat(response.<Integer>json(String::length)).isEqualTo(10);
    assertThat(response.url()).isEqualTo(url(server, "/p?q"));
    assertThat(response.redirected()).isFalse();
    assertThat(response).hasToString("200 from " + response.url());
  }

  @Test
  void completesOnTheLoop() {
    HttpServer server = serve((request, response) -> response.end());
    CompletableFuture<Boolean> inLoop = new CompletableFuture<>();
    onLoop(() -> {
      Http.fetch(url(server, "/")).thenRun(() -> inLoop.complete(loop.inLoop()));
    });

    assertThat(join(inLoop)).isTrue();
  }

  @Test
  void anErrorStatusIsAResponse() {
    HttpServer server = serve((request, response) -> response.statusCode(404).end("no"));
    FetchResponse response = fetch(url(server, "/"), DEFAULTS);

    assertThat(response.status()).isEqualTo(404);
    assertThat(response.ok()).isFalse();
    assertThat(response.text()).isEqualTo("no");
  }

  @Test
  void sendsMethodHeadersAndBody() {
    HttpServer server =
        serve((request, response) -> {
          BodyCollector body = new BodyCollector(1000);
          request
              .onData(body::add)
              .onEnd(() ->
                  response.end(
                      request.method()
                          + " "
                          + request.header("x")
                          + " "
                          + request.header("content-type")
                          + " "
                          + body.take()));
        });
    FetchOptions options = DEFAULTS.withHeaders(Map.of("X", "y")).withMethod("put").withBody("hi");

    assertThat(fetch(url(server, "/"), options).text())
        .isEqualTo("PUT y text/plain;charset=UTF-8 hi");
    assertThat(
            fetch(url(server, "/"), DEFAULTS.withMethod("POST").withBody(Buffer.from("raw")))
                .text())
        .isEqualTo("POST null null raw");
    assertThat(
            fetch(
                    url(server, "/"),
                    DEFAULTS.withMethod("POST").withHeader("content-type", "a/b").withBody("x"))
                .text())
        .isEqualTo("POST null a/b x");
  }

  @Test
  void leavesAByteOrderMarkOut() {
    HttpServer server = serve((request, response) -> response.end("\uFEFFx"));

    assertThat(fetch(url(server, "/"), DEFAULTS).text()).isEqualTo("x");
  }

  @Test
  void refusesWhatTheStandardForbids() {
    fails("ERR_INVALID_URL", "nonsense", DEFAULTS);
    fails("ERR_INVALID_PROTOCOL", "ftp://127.0.0.1/", DEFAULTS);
    fails("ERR_INVALID_ARG_VALUE", "http://127.0.0.1:1/", DEFAULTS.withBody("x"));
    assertThatThrownBy(() -> DEFAULTS.withMethod("CONNECT")).hasMessageContaining("CONNECT");
    assertThatThrownBy(() -> DEFAULTS.withMethod("trace")).hasMessageContaining("TRACE");
    assertThatThrownBy(() -> DEFAULTS.withMaxBodySize(-1)).hasMessageContaining("maxBodySize");
    assertThatThrownBy(() -> DEFAULTS.withMaxRedirects(-1)).hasMessageContaining("maxRedirects");
    assertThatThrownBy(() -> DEFAULTS.withHeader("a b", "c")).hasMessageContaining("token");
  }

  @Test
  void failsWhereNobodyListens() {
    fails("ECONNREFUSED", "http://127.0.0.1:1/", DEFAULTS);
  }

  @Test
  void failsWhereTheResponseIsCutOff() {
    fails(
        "ECONNRESET",
        url(answeringLast("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"), "/"),
        DEFAULTS);
  }

  @Test
  void failsWhereTheResponseIsNoHttp() {
    fails("HPE_INVALID_VERSION", url(answering("hello\r\n\r\n"), "/"), DEFAULTS);
  }

  @Test
  void failsWhereTheServerLeavesHttp() {
    fails(
        "ECONNRESET",
        url(answering("HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), "/"),
        DEFAULTS);
  }

  // Redirection

  @ParameterizedTest
  @CsvSource({
    "301, GET, GET, false",
    "301, POST, GET, false",
    "302, POST, GET, false",
    "303, POST, GET, false",
    "303, PUT, GET, false",
    "303, HEAD, HEAD, false",
    "301, PUT, PUT, true",
    "302, DELETE, DELETE, true",
    "307, POST, POST, true",
    "308, PUT, PUT, true",
    "308, GET, GET, false",
  })
  void rewritesTheMethodAsTheStandardSays(int status, String method, String then, boolean keeps) {
    List<String> got = new CopyOnWriteArrayList<>();
    HttpServer server =
        serve((request, response) -> {
          BodyCollector body = new BodyCollector(1000);
          request
              .onData(body::add)
              .onEnd(() -> {
                if (request.url().equals("/from")) {
                  response.statusCode(status).setHeader("Location", "to?x").end("moved");
                } else {
                  got.add(request.method() + " " + request.url() + " " + body.take());
                  response.end("there " + request.header("content-type"));
                }
              });
        });
    boolean sends = !method.equals("GET") && !method.equals("HEAD");
    FetchOptions options = DEFAULTS.withMethod(method);
    FetchResponse response =
        fetch(url(server, "/from"), sends ? options.withBody("body") : options);

    assertThat(got).containsExactly(then + " /to?x " + (keeps ? "body" : ""));
    assertThat(response.redirected()).isTrue();
    assertThat(response.url()).isEqualTo(url(server, "/to?x"));
    if (!then.equals("HEAD")) {
      assertThat(response.text())
          .isEqualTo("there " + (keeps ? "text/plain;charset=UTF-8" : "null"));
    }
  }

  @Test
  void credentialsDoNotReachAnotherOrigin() {
    HttpServer other =
        serve((request, response) ->
            response.end(
                request.header("authorization")
                    + request.header("cookie")
                    + request.header("proxy-authorization")
                    + request.header("x")
                    + request.header("host").startsWith("127.0.0.1")));
    HttpServer server =
        serve((request, response) ->
            response.statusCode(302).setHeader("Location", url(other, "/")).end());
    FetchOptions options =
        DEFAULTS
            .withHeader("Authorization", "secret")
            .withHeader("Cookie", "secret")
            .withHeader("Proxy-Authorization", "secret")
            .withHeader("Host", "secret")
            .withHeader("X", "open");

    assertThat(fetch(url(server, "/"), options).text()).isEqualTo("nullnullnullopentrue");
  }

  @Test
  void userAndPasswordOfTheUrlStayWithinTheOrigin() {
    HttpServer other =
        serve((request, response) -> response.end("" + request.header("authorization")));
    HttpServer server =
        serve((request, response) -> {
          switch (request.url()) {
            case "/same" -> response.statusCode(302).setHeader("Location", "/end").end();
            case "/other" -> response.statusCode(302).setHeader("Location", url(other, "/")).end();
            default -> response.end("" + request.header("authorization"));
          }
        });
    String base = url(server, "").replace("http://", "http://u:p@");

    assertThat(fetch(base + "/same", DEFAULTS).text()).isEqualTo("Basic dTpw");
    assertThat(fetch(base + "/other", DEFAULTS).text()).isEqualTo("null");
  }

  @Test
  void followsNoMoreThanItMay() {
    AtomicInteger count = new AtomicInteger();
    HttpServer server =
        serve((request, response) ->
            response.statusCode(302).setHeader("Location", "/" + count.incrementAndGet()).end());

    fails("ERR_HTTP_TOO_MANY_REDIRECTS", url(server, "/"), DEFAULTS);
    assertThat(count).hasValue(21);
    count.set(0);
    fails("ERR_HTTP_TOO_MANY_REDIRECTS", url(server, "/"), DEFAULTS.withMaxRedirects(0));
    assertThat(count).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://127.0.0.1/, ERR_INVALID_PROTOCOL",
    "file:///etc/passwd, ERR_INVALID_PROTOCOL",
    "javascript:alert(1), ERR_INVALID_URL",
    "http://, ERR_INVALID_URL",
    "http://u:p@127.0.0.1/, ERR_HTTP_REDIRECT"
  })
  void refusesToFollowElsewhere(String location, String code) {
    HttpServer server =
        serve(
            (request, response) -> response.statusCode(302).setHeader("Location", location).end());

    fails(code, url(server, "/"), DEFAULTS);
  }

  @Test
  void aRedirectionWithoutAPlaceIsAResponse() {
    HttpServer server = serve((request, response) -> response.statusCode(302).end("where?"));

    assertThat(fetch(url(server, "/"), DEFAULTS).text()).isEqualTo("where?");
  }

  @Test
  void aRedirectionCanBeHandedOutOrRefused() {
    HttpServer server =
        serve(
            (request, response) -> response.statusCode(302).setHeader("Location", "/there").end());

    FetchResponse manual = fetch(url(server, "/"), DEFAULTS.withRedirect(Redirect.MANUAL));
    assertThat(manual.status()).isEqualTo(302);
    assertThat(manual.headers().get("location")).isEqualTo("/there");
    fails("ERR_HTTP_REDIRECT", url(server, "/"), DEFAULTS.withRedirect(Redirect.ERROR));
  }

  @Test
  void theBodyOfARedirectionIsNotReadForEver() {
    HttpServer end = serve((request, response) -> response.end("end"));
    TcpServer server =
        raw((socket, head) -> {
          socket.write(
              "HTTP/1.1 302 X\r\nLocation: "
                  + url(end, "/")
                  + "\r\nContent-Length: 999999999\r\n\r\n");
          socket.write(Buffer.from(new byte[100_000]));
        });

    assertThat(fetch(url(server, "/"), DEFAULTS).text()).isEqualTo("end");
    await().until(() -> Http.globalAgent().sockets().isEmpty());
  }

  // Bounds

  @Test
  void refusesABodyThatIsTooLarge() {
    HttpServer server = serve((request, response) -> response.end("x".repeat(1001)));

    fails("ERR_HTTP_BODY_TOO_LARGE", url(server, "/"), DEFAULTS.withMaxBodySize(1000));
    assertThat(fetch(url(server, "/"), DEFAULTS.withMaxBodySize(1001)).bytes().length())
        .isEqualTo(1001);
  }

  @Test
  void givesUpWhenItTakesTooLong() {
    TcpServer server = raw((socket, head) -> socket.write("HTTP/1.1 200 OK\r\nContent-"));

    fails("ETIMEDOUT", url(server, "/"), DEFAULTS.withTimeout(Duration.ofMillis(50)));
  }

  @Test
  void aServerThatDripsIsSlowToo() {
    TcpServer server =
        raw((socket, head) -> {
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
          loop.setInterval(5, () -> socket.write("x")).unref();
          socket.onClose(cause -> {});
        });
    CompletableFuture<FetchResponse> future =
        Http.fetch(url(server, "/"), DEFAULTS.withTimeout(Duration.ofMillis(80)));

    fails("ETIMEDOUT", future);
  }

  @Test
  void aSignalGivesItUp() {
    AbortController controller = new AbortController();
    AtomicInteger came = new AtomicInteger();
    TcpServer server = raw((socket, head) -> came.incrementAndGet());
    CompletableFuture<FetchResponse> future =
        Http.fetch(url(server, "/"), DEFAULTS.withSignal(controller.signal()));
    await().until(() -> came.get() == 1);
    controller.abort();

    fails("ABORT_ERR", future);
    fails("ABORT_ERR", url(server, "/"), DEFAULTS.withSignal(controller.signal()));
  }

  @Test
  void cancellingGivesTheRequestUp() {
    AtomicInteger closed = new AtomicInteger();
    AtomicInteger came = new AtomicInteger();
    TcpServer server =
        raw((socket, head) -> {
          came.incrementAndGet();
          socket.onClose(cause -> closed.incrementAndGet());
        });
    CompletableFuture<FetchResponse> future = Http.fetch(url(server, "/"));
    await().until(() -> came.get() == 1);
    assertThat(future.cancel(false)).isTrue();

    await().until(() -> closed.get() == 1);
  }

  // A kept connection that was closed

  @Test
  void triesAgainWhereAKeptConnectionWasClosedUnderIt() {
    AtomicInteger count = new AtomicInteger();
    TcpServer server =
        raw((socket, head) -> {
          if (count.incrementAndGet() == 2) {
            socket.destroy();
          } else {
            socket.write(OK);
          }
        });

    assertThat(fetch(url(server, "/"), DEFAULTS).text()).isEqualTo("hi");
    await().until(() -> Http.globalAgent().freeSockets().size() == 1);
    assertThat(fetch(url(server, "/"), DEFAULTS).text()).isEqualTo("hi");
    assertThat(count).hasValue(3);
  }

  @Test
  void doesNotTryAgainWhatMayNotBeDoneTwice() {
    AtomicInteger count = new AtomicInteger();
    TcpServer server =
        raw((socket, head) -> {
          if (count.incrementAndGet() == 2) {
            socket.destroy();
          } else {
            socket.write(OK);
          }
        });

    assertThat(fetch(url(server, "/"), DEFAULTS).text()).isEqualTo("hi");
    await().until(() -> Http.globalAgent().freeSockets().size() == 1);
    fails("ECONNRESET", url(server, "/"), DEFAULTS.withMethod("POST"));
    assertThat(count).hasValue(2);
  }

  // Codings

  private static byte[] coded(String coding, byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater raw = new Deflater(9, true);
    try (OutputStream to =
        switch (coding) {
          case "gzip", "x-gzip" -> new GZIPOutputStream(out);
          case "deflate" -> new DeflaterOutputStream(out);
          default -> new DeflaterOutputStream(out, raw);
        }) {
      to.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      raw.end();
    }
    return out.toByteArray();
  }

  private HttpServer serving(String coding, byte[] body) {
    return serve((request, response) -> {
      response.setHeader("Content-Encoding", coding);
      response.end(Buffer.from(body));
    });
  }

  @ParameterizedTest
  @CsvSource({"gzip,gzip", "x-gzip,x-gzip", "GZip,gzip", "deflate,deflate", "deflate,raw"})
  void decodes(String name, String coding) {
    byte[] text = "hello hello hello".getBytes(StandardCharsets.UTF_8);

    assertThat(fetch(url(serving(name, coded(coding, text)), "/"), DEFAULTS).text())
        .isEqualTo("hello hello hello");
  }

  @Test
  void decodesSeveralCodingsTheLastFirst() {
    byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
    HttpServer server = serving("deflate, identity, gzip", coded("gzip", coded("deflate", text)));

    assertThat(fetch(url(server, "/"), DEFAULTS).text()).isEqualTo("hello");
  }

  @Test
  void saysWhatItDecodesAndDoesNotWhereThatIsNotWanted() {
    HttpServer server =
        serve((request, response) -> {
          response.setHeader("Content-Encoding", "gzip");
          response.end("" + request.header("accept-encoding") + request.header("accept"));
        });

    fails("Z_DATA_ERROR", url(server, "/"), DEFAULTS);
    assertThat(fetch(url(server, "/"), DEFAULTS.withDecompress(false)).text()).isEqualTo("null*/*");
    HttpServer plain =
        serve((request, response) -> response.end("" + request.header("accept-encoding")));
    assertThat(fetch(url(plain, "/"), DEFAULTS).text()).isEqualTo("gzip, deflate");
  }

  @Test
  void aCodingThatIsUnknownStays() {
    assertThat(fetch(url(serving("br", new byte[] {1, 2}), "/"), DEFAULTS).bytes())
        .isEqualTo(Buffer.from(new byte[] {1, 2}));
    assertThat(fetch(url(serving("", new byte[] {1, 2}), "/"), DEFAULTS).bytes().length())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "raw"})
  void aBombIsRefusedBeforeItIsOut(String coding) {
    byte[] bomb = coded(coding, new byte[20_000_000]);
    HttpServer server = serving(coding.equals("raw") ? "deflate" : coding, bomb);

    assertThat(bomb.length).isLessThan(50_000);
    fails("ERR_HTTP_BODY_TOO_LARGE", url(server, "/"), DEFAULTS.withMaxBodySize(1_000_000));
  }

  @Test
  void aBodyThatIsNotWhatItSaysIsRefused() {
    byte[] gzip = coded("gzip", "hello hello hello".getBytes(StandardCharsets.UTF_8));

    fails(
        "Z_BUF_ERROR",
        url(serving("gzip", java.util.Arrays.copyOf(gzip, gzip.length - 9)), "/"),
        DEFAULTS);
    gzip[gzip.length - 5] ^= 1;
    fails("Z_DATA_ERROR", url(serving("gzip", gzip), "/"), DEFAULTS);
    fails("Z_DATA_ERROR", url(serving("gzip, gzip, gzip, gzip, gzip, gzip", gzip), "/"), DEFAULTS);
  }

  @Test
  void anEmptyBodyIsDecodedToNothing() {
    assertThat(fetch(url(serving("gzip", new byte[0]), "/"), DEFAULTS).text()).isEmpty();
    assertThat(fetch(url(serving("gzip", new byte[0]), "/"), DEFAULTS.withMethod("HEAD")).text())
        .isEmpty();
  }
}
