package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a client's copy of what an app answers is still right (RFC 9110 §13). */
class FreshTest extends WebTest {
  private static final String MODIFIED = "Tue, 15 Nov 1994 12:45:26 GMT";

  private int statusFor(String etag, String noneMatch, String since, String... more)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of(more));
    if (noneMatch != null) {
      lines.add("If-None-Match: " + noneMatch);
    }
    if (since != null) {
      lines.add("If-Modified-Since: " + since);
    }
    lines.add("X-Tag: " + etag);
    return get("/", lines.toArray(new String[0])).status();
  }

  private void answerWithTheTagThatIsAskedFor() {
    app.get(
        "/",
        (request, response) -> {
          response.setHeader("ETag", request.header("X-Tag"));
          response.setHeader("Last-Modified", MODIFIED).send("text");
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "- | - | 200",
        "\"a\" | - | 304",
        "W/\"a\" | - | 304",
        "\"b\", \"a\" | - | 304",
        "\"b\" | - | 200",
        "* | - | 304",
        "a | - | 200",
        "\"b\" | Tue, 15 Nov 1994 12:45:26 GMT | 200",
        "- | Tue, 15 Nov 1994 12:45:26 GMT | 304",
        "- | Tue, 15 Nov 1994 12:45:27 GMT | 304",
        "- | Tue, 15 Nov 1994 12:45:25 GMT | 200",
        "- | Tue Nov 15 12:45:26 1994 | 304",
        "- | Tuesday, 15-Nov-94 12:45:26 GMT | 304",
        "- | yesterday | 200",
      })
  void aCopyIsRightByItsTagOrElseByItsDate(String noneMatch, String since, int status)
      throws IOException {
    answerWithTheTagThatIsAskedFor();

    assertThat(statusFor("\"a\"", noneMatch, since)).isEqualTo(status);
    assertThat(statusFor("\"a\"", noneMatch, since, "Cache-Control: max-age=0, No-Cache"))
        .isEqualTo(200);
  }

  /** A tag may hold commas and backslashes, and a program may set what is none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a\\\" | \"a\\\", \"b\" | 304",
        "\"b\" | \"a\\\", \"b\" | 304",
        "\"a,b\" | \"x\",\"a,b\" | 304",
        "\"b\" | \"a,\"b\"\" | 200",
        "own | own | 304",
        "own | other, own | 304",
        "own | \"own\" | 200",
      })
  void tagsAreTakenAsTheyAre(String etag, String noneMatch, int status) throws IOException {
    answerWithTheTagThatIsAskedFor();

    assertThat(statusFor(etag, noneMatch, null)).isEqualTo(status);
  }

  @Test
  void onlyAnswersToReadingAreLeftOut() throws IOException {
    app.all("/", (request, response) -> response.setHeader("ETag", "\"a\"").send("text"));
    app.get("/none", (request, response) -> response.status(404).send("text"));

    assertThat(ask("HEAD", "/", "", "If-None-Match: *").status()).isEqualTo(304);
    assertThat(ask("DELETE", "/", "", "If-None-Match: *").status()).isEqualTo(200);
    assertThat(get("/none", "If-None-Match: *").status()).isEqualTo(404);
  }
}
