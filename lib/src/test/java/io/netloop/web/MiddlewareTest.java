package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Log;
import io.netloop.loop.Buffer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of requests, the access log, CORS, proxies, and what is told when the headers leave. */
class MiddlewareTest extends WebTest {

  @Test
  void givesEachRequestANameOfItsOwn() throws IOException {
    app.use(Web.requestIds());
    app.get("/", (request, response) -> response.send(request.id()));
    Answer first = get("/", "X-Request-Id: from-a-stranger");
    Answer second = get("/");
    assertThat(first.body()).isEqualTo(first.header("X-Request-Id")).matches("[0-9a-f-]{36}");
    assertThat(second.body()).isNotEqualTo(first.body());
  }

  @Test
  void keepsTheNameThatATrustedProxyHasGivenUnlessItWouldBreakALog() throws IOException {
    app.trustProxy("loopback").use(Web.requestIds());
    app.get("/", (request, response) -> response.send(request.id()));
    assertThat(get("/", "X-Request-Id: abc-1").body()).isEqualTo("abc-1");
    assertThat(get("/", "X-Request-Id: a b\"c").body()).matches("[0-9a-f-]{36}");
    assertThat(get("/", "X-Request-Id: " + "x".repeat(129)).body()).matches("[0-9a-f-]{36}");
  }

  @Test
  void logsALineForEachRequestWhenItIsOver() throws IOException {
    app.use(Web.accessLog(told::add), Web.requestIds());
    app.get("/a", (request, response) -> response.status(201).send("12345"));
    Answer answer = get("/a?b=\"\\c\"", "User-Agent: x\"\u00e9y", "Referer: http://r/");
    await().until(() -> !told.isEmpty());
    assertThat(told.getFirst())
        .matches(
            "127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000] "
                + "\"GET /a\\?b=\\\\\"\\\\\\\\c\\\\\" HTTP/1\\.1\" 201 5 \"http://r/\" "
                + "\"x\\\\\"\\\\xe9y\" \\d+\\.\\d{3} "
                + answer.header("X-Request-Id"));
  }

  @Test
  void logsWhatWasCut() throws IOException {
    app.use(Web.accessLog(told::add));
    app.get("/", (request, response) -> response.write(Buffer.from("half")));
    Socket socket = connect();
    send(socket, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    hear(socket, "half");
    socket.close();
    await().until(() -> !told.isEmpty());
    assertThat(told.getFirst()).contains("\" 200 4 ").contains(" cut ");
  }

  @Test
  void tellsTheLatestListenerFirstRightBeforeTheHeadersLeave() throws IOException {
    app.use((request, response, next) -> {
      response.onHeaders(
          () -> response.setHeader("X-Order", response.getHeader("X-Order") + " first"));
      response.onHeaders(() -> response.setHeader("X-Order", "second"));
      next.run();
    });
    app.get("/end", (request, response) -> response.end("x"));
    app.get(
        "/write",
        (request, response) -> {
          response.write("x");
          response.write("y");
          response.end();
        });
    app.get(
        "/flush",
        (request, response) -> {
          response.flushHeaders();
          response.end("x");
        });
    for (String target : List.of("/end", "/write", "/flush")) {
      assertThat(get(target).headers("X-Order")).containsExactly("second first");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example.org, true",
    "https://app.example.org.evil.org, false",
    "http://app.example.org, false",
    "null, false",
  })
  void tellsOnlyTheOriginsThatMayCome(String origin, boolean may) throws IOException {
    app.use(
        Web.cors(
            CorsOptions.defaults().withOrigins("https://app.example.org").withCredentials(true)));
    app.get("/", (request, response) -> response.send("x"));
    Answer answer = get("/", "Origin: " + origin);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(may ? origin : null);
    assertThat(answer.header("Access-Control-Allow-Credentials")).isEqualTo(may ? "true" : null);
    assertThat(answer.header("Vary")).isEqualTo("Origin");
    Answer preflight =
        ask("OPTIONS", "/", "", "Origin: " + origin, "Access-Control-Request-Method: PUT");
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("Access-Control-Allow-Methods") != null).isEqualTo(may);
  }

  @Test
  void neverSaysAStarWithCredentials() throws IOException {
    assertThatThrownBy(() -> CorsOptions.defaults().withCredentials(true))
        .hasMessageContaining("withOrigins");
    app.use(
        Web.cors(
            CorsOptions.defaults()
                .withOrigins("https://a.b")
                .withCredentials(true)
                .withMaxAge(Duration.ofHours(1))));
    app.get("/", (request, response) -> response.send("x"));
    assertThat(get("/", "Origin: https://a.b").header("Access-Control-Allow-Origin"))
        .isEqualTo("https://a.b");
    assertThat(get("/").header("Access-Control-Allow-Origin")).isNull();
  }

  @Test
  void trustsAsManyProxiesAsItIsTold() throws IOException {
    app.trustProxy(2);
    app.get(
        "/",
        (request, response) ->
            response.json(List.of(request.ip(), request.ips(), request.secure())));
    assertThat(
            get("/", "X-Forwarded-For: 9.9.9.9, 1.1.1.1, 2.2.2.2", "X-Forwarded-Proto: https")
                .body())
        .isEqualTo("[\"1.1.1.1\",[\"1.1.1.1\",\"2.2.2.2\"],true]");
    assertThatThrownBy(() -> app.trustProxy(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void believesNobodyByDefault() throws IOException {
    app.get(
        "/",
        (request, response) ->
            response.json(
                List.of(request.ip(), request.protocol(), request.hostname(), request.ips())));
    assertThat(
            get(
                    "/",
                    "X-Forwarded-For: 6.6.6.6",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: evil")
                .body())
        .isEqualTo("[\"127.0.0.1\",\"http\",\"h\",[]]");
  }

  @Test
  void aSignedCookieThatSomebodyHasChangedIsNone() throws IOException {
    app.cookieSecrets("new", "old");
    app.get(
        "/set",
        (request, response) ->
            response.cookie("s", "admin=0", CookieOptions.defaults().withSigned(true)).end());
    app.get("/", (request, response) -> response.send("" + request.signedCookie("s")));
    String cookie = get("/set").header("Set-Cookie");
    String value = cookie.substring(2, cookie.indexOf(';'));
    assertThat(get("/", "Cookie: s=" + value).body()).isEqualTo("admin=0");
    assertThat(get("/", "Cookie: s=" + value.replace("0.", "1.")).body()).isEqualTo("null");
    assertThat(get("/", "Cookie: s=" + value.substring(0, value.length() - 1)).body())
        .isEqualTo("null");
    assertThat(get("/", "Cookie: s=" + Percent.encodeComponent(Cookies.sign("x.y", "old"))).body())
        .isEqualTo("x.y");
    assertThat(get("/", "Cookie: s=" + Percent.encodeComponent(Cookies.sign("x", "other"))).body())
        .isEqualTo("null");
    for (String odd : List.of("", "s:", "s:.", "s:x", "s%3Ax.", ".", "x.y")) {
      assertThat(get("/", "Cookie: s=" + odd).body()).isEqualTo("null");
    }
  }

  @Test
  void saysThatThereIsNoSecretToSignWith() throws IOException {
    app.development(true);
    app.get(
        "/",
        (request, response) ->
            response.cookie("s", "x", CookieOptions.defaults().withSigned(true)).end());
    try (Log log = new Log(LastResort.class)) {
      assertThat(get("/").body())
          .contains("The cookie s can&#39;t be signed: call app.cookieSecrets");
      assertThat(log.events()).hasSize(1);
    }
  }

  @Test
  void takesCookiesByTheHundred() throws IOException {
    app.get(
        "/",
        (request, response) ->
            response.send(request.cookies().size() + " " + request.cookie("c99")));
    StringBuilder bomb = new StringBuilder("Cookie: c99=last");
    for (int i = 0; i < 1000; i++) {
      bomb.append("; c").append(i % 500).append("=").append(i);
    }
    assertThat(get("/", bomb.toString()).body()).isEqualTo("500 last");
    assertThat(say("GET / HTTP/1.1\r\nHost: h\r\n" + bomb + "x".repeat(16_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
  }

  @Test
  void makesNoEntityTagsWhereTheAppWantsNone() throws IOException {
    app.etag(false);
    app.get("/", (request, response) -> response.send("x"));
    assertThat(get("/").header("ETag")).isNull();
  }
}
