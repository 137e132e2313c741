package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Log;
import io.netloop.loop.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compressed, how it flows, and what is given back. */
class CompressionTest extends WebTest {
  private static final String TEXT = "The same again and again. ".repeat(1000);

  @BeforeEach
  void compress() {
    app.use(Web.compression());
  }

  private static InputStream plain(String coding, InputStream in) throws IOException {
    return switch (coding) {
      case "gzip" -> new GZIPInputStream(in);
      case "deflate" -> new InflaterInputStream(in);
      case "br" -> Brotli.inflating(in);
      case "zstd" -> Zstd.inflating(in);
      default -> in;
    };
  }

  private static String plain(Answer answer) throws IOException {
    ByteArrayInputStream in =
        new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.ISO_8859_1));
    try (InputStream plain = plain(answer.header("Content-Encoding"), in)) {
      return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
  void compressesABodyThatComesAsAWhole(String coding) throws IOException {
    app.get("/", (request, response) -> response.type("txt").send(TEXT));
    Answer answer = get("/", "Accept-Encoding: " + coding);
    assertThat(answer.header("Content-Encoding")).isEqualTo(coding);
    assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(answer.header("Content-Length")).isEqualTo(String.valueOf(answer.body().length()));
    assertThat(answer.body().length()).isLessThan(TEXT.length() / 20);
    assertThat(plain(answer)).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
  void compressesLargeAndSmallPartsInTheirOrder(String coding) throws IOException {
    Random random = new Random(7);
    StringBuilder all = new StringBuilder();
    app.get(
        "/",
        (request, response) -> {
          response.setHeader("Content-Type", "text/plain").setHeader("Content-Length", 100_000);
          for (int i = 0; i < 40; i++) {
            String part = ("part " + i + " ").repeat(random.nextInt(20_000));
            all.append(part);
            response.write(part);
          }
          all.append("end");
          response.end("end");
        });
    Answer answer = get("/", "Accept-Encoding: " + coding);
    assertThat(answer.header("Content-Length")).isNull();
    assertThat(plain(answer)).isEqualTo(all.toString());
  }

  /**
   * The stream of brotli4j that reads waits for more than it needs: br is looked at by its bytes.
   */
  @Test
  void neverHoldsBackAStreamOfBrotli() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          response.setHeader("Content-Type", "text/plain");
          response.write("first;");
          response.onClose(cause -> told.add("closed"));
        });
    Socket socket = connect();
    send(socket, "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br\r\n\r\n");
    assertThat(hear(socket, "first;")).contains("Content-Encoding: br");
    socket.close();
    await().until(() -> told.contains("closed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd"})
  void neverHoldsBackAStream(String coding) throws IOException {
    app.get(
        "/",
        (request, response) -> {
          response.setHeader("Content-Type", "text/plain");
          response.write("first;");
          told.add("written");
          app.get(
              "/go",
              (also, done) -> {
                response.end("second;");
                done.end();
              });
        });
    Socket socket = connect();
    send(socket, "GET / HTTP/1.0\r\nHost: h\r\nAccept-Encoding: " + coding + "\r\n\r\n");
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    InputStream plain = plain(coding, in);
    assertThat(read(plain, 6)).isEqualTo("first;");
    assertThat(get("/go").status()).isEqualTo(200);
    assertThat(read(plain, 7)).isEqualTo("second;");
    assertThat(plain.read()).isEqualTo(-1);
  }

  private static String read(InputStream in, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < count) {
      text.append((char) in.read());
    }
    return text.toString();
  }

  @Test
  void waitsForASlowClientAsWithoutCompression() throws IOException {
    byte[] noise = new byte[1 << 20];
    new Random(1).nextBytes(noise);
    Buffer part = Buffer.from(noise);
    app.get(
        "/",
        (request, response) -> {
          response.setHeader("Content-Type", "text/plain");
          int[] written = {0};
          Runnable more =
              () -> {
                while (written[0] < 30 && response.write(part)) {
                  written[0]++;
                  told.add("went on");
                }
                told.add("waits");
                if (++written[0] >= 30) {
                  response.end();
                }
              };
          response.onDrain(more);
          more.run();
        });
    Socket socket = connect();
    send(socket, "GET / HTTP/1.0\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n");
    await().until(() -> told.contains("waits"));
    String heard = hearAll(socket);
    String body = heard.substring(heard.indexOf("\r\n\r\n") + 4);
    try (InputStream plain =
        new GZIPInputStream(new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)))) {
      assertThat(plain.readAllBytes().length).isGreaterThan(20 << 20);
    }
    assertThat(told.stream().filter("waits"::equals).count()).isGreaterThan(5);
  }

  @Test
  void givesBackWhatItHoldsWhenTheClientVanishes() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          response.setHeader("Content-Type", "text/plain");
          response.onClose(cause -> told.add("closed"));
          response.write(Buffer.from(new byte[1 << 20]));
          response.write(Buffer.from("x"));
        });
    Socket socket = connect();
    send(socket, "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n");
    hear(socket, "Content-Encoding");
    socket.close();
    await().until(() -> told.contains("closed"));
    assertThat(get("/nothing").status()).isEqualTo(404);
  }

  @Test
  void aLargeAnswerStandsWhenItsHandlerFailsAfterwards() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          response.type("txt").send(TEXT.repeat(4));
          told.add(response.headersSent() + " " + response.writableEnded());
          throw new IllegalStateException("too late");
        });
    try (Log log = new Log(LastResort.class)) {
      assertThat(plain(get("/", "Accept-Encoding: gzip"))).isEqualTo(TEXT.repeat(4));
      assertThat(log.events()).hasSize(1);
    }
    assertThat(told).containsExactly("true true");
  }

  @Test
  void leavesAloneWhatGainsNothing() throws IOException {
    app.get("/small", (request, response) -> response.type("txt").send("x".repeat(1023)));
    app.get("/enough", (request, response) -> response.type("txt").send("x".repeat(1024)));
    app.get(
        "/image",
        (request, response) -> response.setHeader("Content-Type", "image/png").send(TEXT));
    app.get(
        "/coded",
        (request, response) -> response.type("txt").setHeader("Content-Encoding", "x").send(TEXT));
    app.get(
        "/range",
        (request, response) ->
            response.status(206).setHeader("Content-Range", "bytes 0-9/10").type("txt").send(TEXT));
    String gzip = "Accept-Encoding: gzip";
    assertThat(get("/small", gzip).header("Content-Encoding")).isNull();
    assertThat(get("/small", gzip).header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(get("/enough", gzip).header("Content-Encoding")).isEqualTo("gzip");
    assertThat(get("/image", gzip).header("Content-Encoding")).isNull();
    assertThat(get("/image", gzip).header("Vary")).isNull();
    assertThat(get("/coded", gzip).header("Content-Encoding")).isEqualTo("x");
    assertThat(get("/range", gzip).header("Content-Encoding")).isNull();
    assertThat(ask("HEAD", "/enough", "", gzip).header("Content-Encoding")).isNull();
  }

  @Test
  void prefersWhatIsSmallestWhereTheClientDoesNotMind() throws IOException {
    app.get("/", (request, response) -> response.type("txt").send(TEXT));
    assertThat(coding("gzip, deflate, br, zstd")).isEqualTo("br");
    assertThat(coding("gzip, zstd")).isEqualTo("zstd");
    assertThat(coding("gzip;q=1, br;q=0.9")).isEqualTo("gzip");
    assertThat(coding("*")).isEqualTo("br");
    assertThat(coding("identity, gzip;q=0.5")).isNull();
    assertThat(coding("gzip;q=0")).isNull();
    assertThat(coding("nonsense")).isNull();
  }

  private String coding(String accepted) throws IOException {
    return get("/", "Accept-Encoding: " + accepted).header("Content-Encoding");
  }

  @Test
  void refusesLevelsThatThereAreNot() {
    CompressionOptions options = CompressionOptions.defaults();
    assertThatThrownBy(() -> options.withLevel(10))
        .hasMessage("The level of gzip and deflate is 1 to 9, not 10.");
    assertThatThrownBy(() -> options.withBrotliQuality(12))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.withZstdLevel(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.withThreshold(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(List.of(options.withLevel(9).level(), options.withThreshold(5).threshold()))
        .containsExactly(9, 5);
  }
}
