package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Log;
import io.netloop.loop.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are read whole, and those that are refused. */
class BodyParserTest extends WebTest {
  private static final String JSON = "Content-Type: application/json";

  /** What a client of the tests sends. */
  record User(String name, int age) {}

  private static String gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private void echo(Middleware... parsers) {
    app.use(parsers);
    app.post("/", (request, response) -> response.json(request.body()));
  }

  @Test
  void readsARecordOutOfJsonAndOutOfAForm() throws IOException {
    app.use(Web.json(), Web.form());
    app.post(
        "/",
        (request, response) -> {
          User user = request.body(User.class);
          response.send(user.name() + " is " + user.age());
        });
    assertThat(post("/", "{\"name\":\"Ann\",\"age\":7}", JSON).body()).isEqualTo("Ann is 7");
    assertThat(
            post("/", "name=Bob&age=8", "Content-Type: application/x-www-form-urlencoded").body())
        .isEqualTo("Bob is 8");
  }

  @Test
  void saysWhatDoesNotFit() throws IOException {
    app.use(Web.json());
    app.post("/", (request, response) -> response.json(request.body(User.class)));
    Answer wrong = post("/", "{\"name\":\"Ann\",\"age\":\"old\"}", JSON);
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body())
        .contains("The JSON does not fit")
        .contains("old")
        .doesNotContain("\tat ");
    Answer none = post("/", "x", "Content-Type: text/css");
    assertThat(none.status()).isEqualTo(415);
    assertThat(none.body()).contains("of a type that this path takes, not text/css.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":} | line 1, column 6",
        "{\"a\":1,} | line 1, column 8",
        "[1 2] | line 1, column 4",
        "{'a':1} | line 1, column 2",
        "{\"a\" | line 1, column 5",
      })
  void saysWhereJsonIsWrong(String body, String place) throws IOException {
    echo(Web.json());
    Answer answer = post("/", body, JSON);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("The body is no JSON at " + place).doesNotContain("\tat ");
  }

  @Test
  void refusesWhatIsNestedTooDeepOrNoUtf8() throws IOException {
    echo(Web.json());
    assertThat(post("/", "[".repeat(20_000), JSON).status()).isEqualTo(400);
    assertThat(post("/", "[\"\u00ff\u00fe\"]", JSON).status()).isEqualTo(400);
    assertThat(post("/", "[1]", "Content-Type: application/json; charset=klingon").status())
        .isEqualTo(415);
    assertThat(post("/", "[1]", "Content-Type: application/json; charset=\"").status())
        .isEqualTo(415);
  }

  @Test
  void refusesABodyThatSaysItIsTooLongBeforeItComes() throws IOException {
    echo(Web.json());
    Socket socket = connect();
    send(
        socket, "POST / HTTP/1.1\r\nHost: h\r\n" + JSON + "\r\nContent-Length: 1000000000\r\n\r\n");
    Answer answer = Answer.parse(hearAll(socket));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(answer.body()).contains("The body is longer than the limit of 102400 bytes.");
  }

  @Test
  void refusesABodyThatTurnsOutToBeTooLong() throws IOException {
    echo(Web.json(BodyOptions.defaults().withLimit(1000)));
    Socket socket = connect();
    send(
        socket, "POST / HTTP/1.1\r\nHost: h\r\n" + JSON + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 30; i++) {
      send(socket, "40\r\n" + " ".repeat(64) + "\r\n");
    }
    assertThat(Answer.parse(hearAll(socket)).status()).isEqualTo(413);
  }

  @Test
  void refusesABodyThatInflatesToMoreThanTheLimit() throws IOException {
    echo(Web.json());
    String bomb = gzip("[" + " ".repeat(50_000_000) + "]");
    assertThat(bomb.length()).isLessThan(100_000);
    assertThat(post("/", bomb, JSON, "Content-Encoding: gzip").status()).isEqualTo(413);
    assertThat(post("/", gzip("[1]").substring(0, 12), JSON, "Content-Encoding: gzip").status())
        .isEqualTo(400);
    assertThat(post("/", "no gzip", JSON, "Content-Encoding: gzip").body())
        .contains("it is no gzip");
    assertThat(post("/", "x", JSON, "Content-Encoding: rot13").body())
        .contains("the content coding &quot;rot13&quot; can&#39;t be read here");
  }

  @Test
  void inflatesWhatTheLibrariesOfTheTestsKnow() throws IOException {
    echo(Web.json());
    for (String coding : List.of("gzip", "deflate", "br", "zstd")) {
      Encoder encoder = new Encoder(coding, CompressionOptions.defaults());
      Buffer body =
          Buffer.concat(
              List.of(encoder.encode(Buffer.from("[\"" + coding + "\"]")), encoder.finish()));
      Answer answer = post("/", body.toString("latin1"), JSON, "Content-Encoding: " + coding);
      assertThat(answer.body()).isEqualTo("[\"" + coding + "\"]");
    }
    assertThat(post("/", "junk", JSON, "Content-Encoding: br").status()).isEqualTo(400);
    assertThat(post("/", "junk", JSON, "Content-Encoding: zstd").status()).isEqualTo(400);
  }

  @Test
  void readsWhatComesByteByByteAndInChunks() throws IOException {
    echo(Web.json());
    Socket socket = connect();
    String body = "{\"k\":\"v\u00c3\u00a9\"}";
    send(
        socket,
        "POST / HTTP/1.1\r\nHost: h\r\n"
            + JSON
            + "\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < body.length(); i++) {
      send(socket, "1\r\n" + body.charAt(i) + "\r\n");
    }
    send(socket, "0\r\n\r\n");
    assertThat(Answer.parse(hearAll(socket)).body()).isEqualTo(body);
  }

  @Test
  void readsLargeBodiesBesideTheLoop() throws IOException {
    echo(Web.json(BodyOptions.defaults().withLimit(10_000_000)));
    String body = "[\"" + "x".repeat(3_000_000) + "\"]";
    assertThat(post("/", body, JSON).body()).isEqualTo(body);
    assertThat(post("/", "[" + " ".repeat(3_000_000) + "}", JSON).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "__proto__",
        "constructor",
        "prototype",
        "hasOwnProperty",
        "toString",
        "a[b][c]",
        "..",
        ""
      })
  void namesMeanNothingButThemselves(String name) throws IOException {
    app.use(Web.form(), Web.json());
    app.post("/form", (request, response) -> response.send(request.form().all(name).toString()));
    app.post(
        "/json",
        (request, response) ->
            response.send(String.valueOf(((Map<?, ?>) request.body()).get(name))));
    assertThat(
            post(
                    "/form",
                    Percent.encodeComponent(name)
                        + "=1&x=2&"
                        + Percent.encodeComponent(name)
                        + "=3",
                    "Content-Type: application/x-www-form-urlencoded")
                .body())
        .isEqualTo("[1, 3]");
    assertThat(post("/json", "{\"" + name + "\":5,\"x\":1}", JSON).body()).isEqualTo("5");
  }

  @Test
  void refusesAFormOfMoreParametersThanTheLimit() throws IOException {
    echo(Web.form());
    String type = "Content-Type: application/x-www-form-urlencoded";
    assertThat(post("/", "a&".repeat(1001), type).status()).isEqualTo(413);
    assertThat(post("/", "a=1&".repeat(999) + "a=1", type).status()).isEqualTo(200);
  }

  @Test
  void tellsTheProgramWhenTheClientVanishesInAnUpload() throws IOException {
    try (Log log = new Log(LastResort.class)) {
      app.use(Web.json());
      app.use((error, request, response, next) -> told.add(error.getMessage()));
      Socket socket = connect();
      send(socket, "POST / HTTP/1.1\r\nHost: h\r\n" + JSON + "\r\nContent-Length: 100\r\n\r\n[1,");
      onLoop(() -> null);
      socket.close();
      await()
          .untilAsserted(() ->
              assertThat(told)
                  .containsExactly("The connection was lost before the whole body had come."));
      assertThat(log.events()).isEmpty();
    }
  }

  @Test
  void leavesBodiesOfOtherTypesToWhoWantsThem() throws IOException {
    app.use(Web.json(), Web.form(), Web.text());
    app.post(
        "/",
        (request, response) -> {
          told.add(String.valueOf(request.body()));
          request.onData(data -> told.add(data.toString())).onEnd(() -> response.send("read"));
        });
    assertThat(post("/", "as it is", "Content-Type: application/octet-stream").body())
        .isEqualTo("read");
    assertThat(told).containsExactly("null", "as it is");
  }

  @Test
  void theFirstParserThatFitsTakesTheBody() throws IOException {
    echo(Web.raw(BodyOptions.defaults().withTypes("application/json")), Web.json());
    app.post("/raw", (request, response) -> response.send("" + (request.body() instanceof Buffer)));
    assertThat(post("/raw", "{}", JSON).body()).isEqualTo("true");
  }

  @Test
  void verifiesBodiesBeforeTheyAreRead() throws IOException {
    echo(
        Web.json(
            BodyOptions.defaults()
                .withVerify((request, body) -> {
                  told.add(body.toString());
                  if (!"good".equals(request.header("X-Signature"))) {
                    throw new WebException(403, "The signature is wrong.");
                  }
                })));
    assertThat(post("/", "{", JSON).body()).contains("The signature is wrong.");
    assertThat(post("/", "{}", JSON, "X-Signature: good").body()).isEqualTo("{}");
    assertThat(told).containsExactly("{", "{}");
  }

  /** Small ones, those that are read on another thread, and those that are inflated there. */
  @ParameterizedTest
  @CsvSource({"10,false", "100000,false", "10,true", "100000,true"})
  void aVerifyingFunctionIsCalledOnTheLoopWhateverTheBody(int length, boolean compressed)
      throws IOException {
    Thread[] threads = new Thread[2];
    app.use(
        Web.json(
            BodyOptions.defaults()
                .withLimit(1 << 20)
                .withVerify((request, body) -> {
                  threads[0] = Thread.currentThread();
                  told.add("verify " + body.length());
                  if (request.path().equals("/no")) {
                    throw new WebException(403, "The signature is wrong.");
                  }
                })));
    app.post(
        "/yes",
        (request, response) -> {
          threads[1] = Thread.currentThread();
          told.add("handler");
          response.json(((Map<?, ?>) request.body()).get("a").toString().length());
        });
    String json = "{\"a\":\"" + "x".repeat(length) + "\"}";
    String body = compressed ? gzip(json) : json;
    String coding = "Content-Encoding: " + (compressed ? "gzip" : "identity");

    assertThat(post("/yes", body, JSON, coding).body()).isEqualTo("" + length);
    assertThat(post("/no", body, JSON, coding).status()).isEqualTo(403);

    assertThat(told)
        .containsExactly("verify " + json.length(), "handler", "verify " + json.length());
    assertThat(threads[0]).isSameAs(threads[1]);
  }

  @Test
  void anotherLibraryMayReadAndWriteJson() throws IOException {
    app.json(
        new JsonCodec() {
          @Override
          public byte[] write(Object value) {
            return ("<" + value + ">").getBytes(StandardCharsets.UTF_8);
          }

          @Override
          public <T> T read(byte[] json, int from, int length, Class<T> type) {
            return type.cast(new String(json, from, length, StandardCharsets.UTF_8));
          }

          @Override
          public <T> T convert(Object value, Class<T> type) {
            return type.cast(value);
          }
        });
    echo(Web.json());
    assertThat(post("/", "{x}", JSON).body()).isEqualTo("<{x}>");
  }

  @Test
  void refusesLimitsThatAreNone() {
    assertThatThrownBy(() -> BodyOptions.defaults().withLimit(-1))
        .hasMessage("A body's limit is 0 to 2147483639 bytes, not -1.");
    assertThatThrownBy(() -> BodyOptions.defaults().withMaxParameters(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
