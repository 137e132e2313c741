package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that lie beside compressed forms of themselves. */
class PrecompressedTest extends StaticTest {

  @BeforeEach
  void files() throws IOException {
    file("main.js", "plain");
    file("main.js.br", "brotli!");
    file("main.js.zst", "zstd!!!!");
    file("main.js.gz", "gzip!!!!!");
    file("only.css", "plain");
    file("only.css.gz", "z".repeat(50_000));
    file("none.txt", "plain");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, deflate, br, zstd          | br",
        "gzip                             | gzip",
        "GZIP                             | gzip",
        "zstd, gzip                       | zstd",
        "br;q=0, gzip                     | gzip",
        "br;q=0.5, gzip;q=0.9             | gzip",
        "br;q=0.5, gzip;q=0.5             | br",
        "*                                | br",
        "*;q=0                            |",
        "br;q=0, *                        | zstd",
        "identity                         |",
        "identity, gzip;q=0.5             |",
        "identity;q=0.2, gzip;q=0.5       | gzip",
        "identity;q=0, gzip;q=0.001       | gzip",
        "identity;q=0                     |",
        "deflate                          |",
        "                                 |",
      })
  void theFormIsTheClientsChoice(String accepts, String coding) throws IOException {
    serve(PLAIN.withPrecompressed(true));
    Answer answer =
        accepts == null ? get("/main.js") : get("/main.js", "Accept-Encoding: " + accepts);
    assertThat(answer.header("Content-Encoding")).isEqualTo(coding);
    assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(answer.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    String begin = coding == null ? "plain" : coding.equals("br") ? "brotli" : coding;
    assertThat(answer.body()).startsWith(begin);
    assertThat(answer.header("Content-Length")).isEqualTo("" + answer.body().length());
  }

  @Test
  void eachFormHasItsOwnTagAndItsOwnParts() throws IOException {
    serve(PLAIN.withPrecompressed(true));
    String plain = get("/main.js").header("ETag");
    Answer gzip = get("/main.js", "Accept-Encoding: gzip");
    assertThat(gzip.header("ETag")).isNotEqualTo(plain).startsWith("W/\"9-");
    Answer part = get("/main.js", "Accept-Encoding: gzip", "Range: bytes=0-3");
    assertThat(part.header("Content-Range")).isEqualTo("bytes 0-3/9");
    assertThat(part.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(part.body()).isEqualTo("gzip");
    Answer known =
        get("/main.js", "Accept-Encoding: gzip", "If-None-Match: " + gzip.header("ETag"));
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(known.header("Content-Encoding")).isNull();
    assertThat(
            get("/main.js", "Accept-Encoding: br", "If-None-Match: " + gzip.header("ETag"))
                .status())
        .isEqualTo(200);
  }

  /** The name of one header may be a part of another's. */
  @Test
  void varyHasEachNameOnce() throws IOException {
    app.use((request, response, next) -> {
      response.setHeader("Vary", request.query("vary"));
      next.run();
    });
    serve(PLAIN.withPrecompressed(true));

    assertThat(get("/main.js?vary=X-Accept-Encoding").header("Vary"))
        .isEqualTo("X-Accept-Encoding, Accept-Encoding");
    assertThat(get("/main.js?vary=origin,accept-encoding").header("Vary"))
        .isEqualTo("origin,accept-encoding");
    assertThat(get("/main.js?vary=*").header("Vary")).isEqualTo("*");
  }

  @Test
  void whatHasNoSuchFormIsPlain() throws IOException {
    serve(PLAIN.withPrecompressed(true));
    assertThat(get("/none.txt", "Accept-Encoding: gzip, br").body()).isEqualTo("plain");
    assertThat(get("/none.txt", "Accept-Encoding: gzip, br").header("Vary"))
        .isEqualTo("Accept-Encoding");
    assertThat(get("/only.css", "Accept-Encoding: gzip, br").body()).hasSize(50_000);
    Answer asked = get("/main.js.gz", "Accept-Encoding: gzip");
    assertThat(asked.header("Content-Encoding")).isNull();
    assertThat(asked.header("Content-Type")).isEqualTo("application/gzip");
  }

  @Test
  void aFormThatIsNoFileOrLeadsOutIsNotSent() throws IOException {
    Files.createDirectory(root.resolve("none.txt.br"));
    Files.writeString(dir.resolve("outside"), "secret");
    Files.createSymbolicLink(root.resolve("none.txt.gz"), dir.resolve("outside"));
    serve(PLAIN.withPrecompressed(true));
    assertThat(get("/none.txt", "Accept-Encoding: gzip, br").body()).isEqualTo("plain");
  }

  @Test
  void withoutTheOptionFormsAreFilesAsAny() throws IOException {
    serve(PLAIN);
    Answer answer = get("/main.js", "Accept-Encoding: gzip, br");
    assertThat(answer.body()).isEqualTo("plain");
    assertThat(answer.header("Vary")).isNull();
  }
}
