package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.Log;
import io.netloop.loop.Buffer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told of failures, and what it is not. */
class ErrorsTest extends WebTest {
  private Log log;

  @BeforeEach
  void keepTheLog() {
    log = new Log(LastResort.class);
  }

  @AfterEach
  void closeTheLog() {
    log.close();
  }

  @Test
  void hidesWhatHasFailedInsideAndLogsIt() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          throw new IllegalStateException("password=secret");
        });
    Answer answer = get("/?x=1");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).contains("<pre>Internal Server Error</pre>").doesNotContain("secret");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Content-Security-Policy")).isEqualTo("default-src 'none'");
    assertThat(log.events()).hasSize(1);
    assertThat(log.events().getFirst().getFormattedMessage()).isEqualTo("GET /?x=1 failed.");
  }

  @Test
  void showsTheStackInDevelopmentAndEscapesIt() throws IOException {
    app.development(true);
    app.get(
        "/",
        (request, response) -> {
          throw new IllegalStateException("<script>alert(1)</script>");
        });
    assertThat(get("/").body())
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .contains("at io.netloop.web.ErrorsTest")
        .doesNotContain("<script>");
  }

  @Test
  void showsTheSentenceOfAnErrorThatTheClientCanMend() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          throw new WebException(422, "ERR_AGE", "The age is a <number>, not \"x\".");
        });
    Answer answer = get("/");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).contains("The age is a &lt;number&gt;, not &quot;x&quot;.");
    assertThat(log.events()).isEmpty();
  }

  @Test
  void escapesThePathThatIsNotThere() throws IOException {
    assertThat(get("/%3Cscript%3E<b>\"'").body())
        .contains("Cannot GET /%3Cscript%3E%3Cb%3E%22&#39;")
        .doesNotContain("<b>");
  }

  @Test
  void takesTheHeadersOfTheBodyThatDoesNotCome() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          response.setHeader("Content-Encoding", "gzip").setHeader("Content-Language", "de");
          response.setHeader("Content-Type", "image/png").setHeader("X-Kept", "1");
          response.setHeader("Content-Length", 5).setHeader("ETag", "\"v\"");
          response.setHeader("Cache-Control", "public, max-age=600");
          throw new IllegalStateException("x");
        });
    Answer answer = get("/");
    assertThat(answer.header("Content-Length"))
        .isEqualTo(String.valueOf(answer.body().getBytes(StandardCharsets.UTF_8).length))
        .isNotEqualTo("5");
    assertThat(answer.header("ETag")).isNull();
    assertThat(answer.header("Cache-Control")).isNull();
    assertThat(answer.header("Content-Encoding")).isNull();
    assertThat(answer.header("Content-Language")).isNull();
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.header("X-Kept")).isEqualTo("1");
  }

  @Test
  void cutsAnAnswerThatHasBegun() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          response.write(Buffer.from("half"));
          throw new IllegalStateException("x");
        });
    String heard = say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(heard).doesNotContain("\r\n0\r\n").doesNotContain("Error");
    assertThat(log.events()).hasSize(1);
  }

  @Test
  void letsACompleteAnswerStandWhenItsHandlerFailsAfterwards() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          response.send("complete");
          throw new IllegalStateException("x");
        });
    assertThat(get("/").body()).isEqualTo("complete");
    assertThat(log.events()).hasSize(1);
  }

  @Test
  void aSecondAnswerIsAFailureOfTheHandler() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          response.send("first");
          response.send("second");
        });
    assertThat(get("/").body()).isEqualTo("first");
    assertThat(log.events().getFirst().getThrowableProxy().getMessage())
        .isEqualTo("Cannot set headers after they are sent to the client");
  }

  @Test
  void servesOnAfterAnythingThatIsThrown() throws IOException {
    app.get("/overflow", (request, response) -> overflow(0));
    app.get(
        "/assertion",
        (request, response) -> {
          throw new AssertionError("x");
        });
    app.get("/ok", (request, response) -> response.send("ok"));
    Socket socket = connect();
    send(socket, "GET /overflow HTTP/1.1\r\nHost: h\r\n\r\n");
    hear(socket, "500 Internal Server Error");
    send(socket, "GET /assertion HTTP/1.1\r\nHost: h\r\n\r\n");
    hear(socket, "500 Internal Server Error");
    send(socket, "GET /ok HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assertThat(hearAll(socket)).endsWith("ok");
  }

  private static int overflow(int depth) {
    return depth < 0 ? 0 : overflow(depth + 1) + 1;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a\r\nX-Injected: 1",
        "/a\nX-Injected: 1",
        "/a\u0000b",
        "/a\r\n\r\n<script>",
        "/\u0085\u2028x"
      })
  void noHeaderCanBePutInByWhatIsRedirectedTo(String target) throws IOException {
    app.get("/", (request, response) -> response.redirect(target));
    Answer answer = get("/");
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("X-Injected")).isNull();
    assertThat(answer.headers("Location")).hasSize(1);
    assertThat(answer.body()).doesNotContain("<script>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"v\r\nX-Injected: 1", "v; Path=/evil; HttpOnly", "v\u0000", "\u4f60\"\\,;"})
  void noHeaderAndNoAttributeCanBePutInByACookiesValue(String value) throws IOException {
    app.get("/", (request, response) -> response.cookie("c", value).end());
    app.get("/back", (request, response) -> response.json(request.cookie("c")));
    Answer answer = get("/");
    assertThat(answer.header("X-Injected")).isNull();
    assertThat(answer.headers("Set-Cookie")).hasSize(1);
    String cookie = answer.header("Set-Cookie");
    assertThat(cookie).endsWith("; Path=/").doesNotContain("; HttpOnly");
    Answer back = get("/back", "Cookie: " + cookie.substring(0, cookie.indexOf(';')));
    byte[] json = back.body().getBytes(StandardCharsets.ISO_8859_1);
    assertThat(JacksonCodec.SHARED.read(json, 0, json.length, String.class)).isEqualTo(value);
  }

  @Test
  void refusesNamesAndAttributesOfCookiesThatWouldBreakTheHeader() {
    assertThatThrownBy(() -> SetCookie.text("a b", "x", CookieOptions.defaults()))
        .hasMessage("Cookie name must be a valid HTTP token [\"a b\"]");
    assertThatThrownBy(() -> SetCookie.text("", "x", CookieOptions.defaults()))
        .hasMessageContaining("valid HTTP token");
    assertThatThrownBy(() -> CookieOptions.defaults().withPath("/a; HttpOnly"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CookieOptions.defaults().withDomain("a\r\nb"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aHeaderThatAHandlerTakesFromAClientCanNotBreakTheResponse() throws IOException {
    app.get("/", (request, response) -> response.setHeader("X-Echo", request.query("v")).send("x"));
    Answer answer = get("/?v=a%0d%0aX-Injected:%201");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("X-Injected")).isNull();
  }

  @Test
  void aStatusOutsideOfErrorsIsRefusedForAnError() {
    assertThatThrownBy(() -> new WebException(200, "fine"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The status of an error is 400 to 599, not 200: fine");
    assertThat(new WebException(404, "x").code()).isEqualTo("ERR_HTTP_404");
    assertThat(new WebException(400, "ERR_X", "x").status()).isEqualTo(400);
  }
}
