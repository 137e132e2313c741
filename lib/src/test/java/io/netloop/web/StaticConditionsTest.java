package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditional requests (RFC 9110 §13) and parts (§14), for files in memory and for open ones. */
class StaticConditionsTest extends StaticTest {
  private static final String TAG = "W/\"a-" + Long.toHexString(CHANGED.toEpochMilli()) + "\"";
  private static final String BEFORE = "Thu, 01 Jan 2026 00:00:00 GMT";
  private static final String AFTER = "Sat, 03 Jan 2026 00:00:00 GMT";

  @BeforeEach
  void files() throws IOException {
    file("a.txt", "0123456789");
    file("empty.txt", "");
    file("big.txt", "0123456789".repeat(10_000));
    app.use("/strong", StaticFiles.from(root, PLAIN.withEntityTags(EntityTags.STRONG)));
    app.use("/untagged", StaticFiles.from(root, PLAIN.withEntityTags(EntityTags.NONE)));
    serve(PLAIN);
  }

  @ParameterizedTest(name = "{0} | {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "If-None-Match: TAG                   |                                | 304",
        "If-None-Match: STRONGTAG             |                                | 304",
        "If-None-Match: *                     |                                | 304",
        "If-None-Match: \"x\", TAG, \"y\"     |                                | 304",
        "If-None-Match: \"a,b\",TAG           |                                | 304",
        "If-None-Match: \"x\"                 |                                | 200",
        "If-None-Match: x                     |                                | 200",
        "If-None-Match:                       |                                | 200",
        "If-None-Match: \"x\"                 | If-Modified-Since: AFTER       | 200",
        "If-None-Match: TAG                   | If-Modified-Since: BEFORE      | 304",
        "If-None-Match: TAG                   | Cache-Control: no-cache        | 200",
        "If-None-Match: TAG                   | Cache-Control: max-age=0       | 304",
        "If-None-Match: *                     | Cache-Control: x, no-cache     | 200",
        "If-Modified-Since: CHANGED           |                                | 304",
        "If-Modified-Since: AFTER             |                                | 304",
        "If-Modified-Since: BEFORE            |                                | 200",
        "If-Modified-Since: yesterday         |                                | 200",
        "If-Modified-Since: Friday, 02-Jan-26 03:04:05 GMT |                   | 304",
        "If-Modified-Since: Fri Jan  2 03:04:05 2026 |                         | 304",
        "If-Match: *                          |                                | 200",
        "If-Match: TAG                        |                                | 412",
        "If-Match: \"x\"                      |                                | 412",
        "If-Match: *                          | If-Unmodified-Since: BEFORE    | 200",
        "If-Match: *                          | If-None-Match: *               | 304",
        "If-Unmodified-Since: BEFORE          |                                | 412",
        "If-Unmodified-Since: CHANGED         |                                | 200",
        "If-Unmodified-Since: AFTER           |                                | 200",
        "If-Unmodified-Since: never           |                                | 200",
        "If-Unmodified-Since: BEFORE          | If-None-Match: TAG             | 412",
        "If-Unmodified-Since: BEFORE          | Cache-Control: no-cache        | 412",
        "If-Unmodified-Since: AFTER           | If-Modified-Since: AFTER       | 304",
      })
  void conditionsAreLookedAtInTheirOrder(String one, String two, int status) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : new String[] {one, two}) {
      if (line != null) {
        lines.add(
            line.replace("STRONGTAG", TAG.substring(2))
                .replace("TAG", TAG)
                .replace("CHANGED", CHANGED_TEXT)
                .replace("BEFORE", BEFORE)
                .replace("AFTER", AFTER));
      }
    }
    Answer answer = get("/a.txt", lines.toArray(new String[0]));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body())
        .isEqualTo(status == 200 ? "0123456789" : status == 304 ? "" : "412 Precondition Failed\n");
    assertThat(head("/a.txt", lines.toArray(new String[0])).status()).isEqualTo(status);
  }

  @Test
  void whatIsNotModifiedKeepsItsHeadersButThoseOfTheContent() throws IOException {
    Answer answer = get("/a.txt", "If-None-Match: *");
    assertThat(answer.header("ETag")).isEqualTo(TAG);
    assertThat(answer.header("Last-Modified")).isEqualTo(CHANGED_TEXT);
    assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=0");
    assertThat(answer.header("Content-Type")).isNull();
    assertThat(answer.header("Content-Length")).isNull();
  }

  @Test
  void withoutATagNoneMatches() throws IOException {
    assertThat(get("/untagged/a.txt", "If-None-Match: " + TAG).status()).isEqualTo(200);
    assertThat(get("/untagged/a.txt", "If-None-Match: *").status()).isEqualTo(304);
    assertThat(get("/untagged/a.txt", "If-Match: " + TAG).status()).isEqualTo(412);
    assertThat(get("/untagged/a.txt", "If-Modified-Since: " + CHANGED_TEXT).status())
        .isEqualTo(304);
  }

  @Test
  void aStrongTagIsOfTheBytesAndMatchesStrongly() throws IOException {
    String tag = get("/strong/a.txt").header("ETag");
    assertThat(tag).matches("\"[0-9a-f]{32}\"");
    assertThat(get("/strong/a.txt", "If-Match: " + tag).status()).isEqualTo(200);
    assertThat(get("/strong/a.txt", "If-Match: \"x\", " + tag).status()).isEqualTo(200);
    assertThat(get("/strong/a.txt", "If-Match: W/" + tag).status()).isEqualTo(412);
    assertThat(get("/strong/a.txt", "If-None-Match: W/" + tag).status()).isEqualTo(304);
    assertThat(get("/strong/a.txt", "Range: bytes=1-2", "If-Range: " + tag).body()).isEqualTo("12");
    assertThat(get("/strong/a.txt", "Range: bytes=1-2", "If-Range: W/" + tag).status())
        .isEqualTo(200);
    assertThat(get("/strong/big.txt").header("ETag")).matches("\"[0-9a-f]{32}\"").isNotEqualTo(tag);
    file("b.txt", "0123456789");
    assertThat(get("/strong/b.txt").header("ETag")).isEqualTo(tag);
  }

  @ParameterizedTest(name = "{0} -> {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-3          | 206 | bytes 0-3/10 | 0123",
        "bytes=0-0          | 206 | bytes 0-0/10 | 0",
        "bytes=-3           | 206 | bytes 7-9/10 | 789",
        "bytes=-30          | 206 | bytes 0-9/10 | 0123456789",
        "bytes=5-           | 206 | bytes 5-9/10 | 56789",
        "bytes=5-100        | 206 | bytes 5-9/10 | 56789",
        "bytes=9-9          | 206 | bytes 9-9/10 | 9",
        "BYTES=1-1          | 206 | bytes 1-1/10 | 1",
        "bytes= 1-1 ,       | 206 | bytes 1-1/10 | 1",
        "bytes=2-4,3-6      | 206 | bytes 2-6/10 | 23456",
        "bytes=3-4,1-2      | 206 | bytes 1-4/10 | 1234",
        "bytes=20-30,1-2    | 206 | bytes 1-2/10 | 12",
        "bytes=0-99999999999999999999999 | 206 | bytes 0-9/10 | 0123456789",
        "bytes=10-          | 416 | bytes */10   | 416 Range Not Satisfiable",
        "bytes=20-30        | 416 | bytes */10   | 416 Range Not Satisfiable",
        "bytes=3-1          | 416 | bytes */10   | 416 Range Not Satisfiable",
        "bytes=-0           | 416 | bytes */10   | 416 Range Not Satisfiable",
        "bytes=20-,30-      | 416 | bytes */10   | 416 Range Not Satisfiable",
        "items=0-3          | 200 |              | 0123456789",
        "bytes=a-b          | 200 |              | 0123456789",
        "bytes=             | 200 |              | 0123456789",
        "bytes=-            | 200 |              | 0123456789",
        "bytes=1            | 200 |              | 0123456789",
        "bytes=+1-2         | 200 |              | 0123456789",
        "bytes=1-2,x        | 200 |              | 0123456789",
        "bytes 1-2          | 200 |              | 0123456789",
      })
  void onePartIsSentAlone(String range, int status, String contentRange, String body)
      throws IOException {
    Answer answer = get("/a.txt", "Range: " + range);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Range")).isEqualTo(contentRange);
    assertThat(answer.body().strip()).isEqualTo(body);
    assertThat(answer.header("Content-Length")).isEqualTo("" + answer.body().length());
    boolean aboutFile = status != 416;
    assertThat(answer.header("ETag")).isEqualTo(aboutFile ? TAG : null);
  }

  @Test
  void partsOfAnOpenFileAreSentToo() throws IOException {
    assertThat(get("/big.txt", "Range: bytes=99990-").body()).isEqualTo("0123456789");
    assertThat(get("/big.txt", "Range: bytes=50001-50003").body()).isEqualTo("123");
    assertThat(get("/big.txt", "Range: bytes=-99999").body()).hasSize(99_999).startsWith("123");
    assertThat(get("/big.txt", "Range: bytes=100000-").header("Content-Range"))
        .isEqualTo("bytes */100000");
  }

  @Test
  void anEmptyFileHasNoParts() throws IOException {
    assertThat(get("/empty.txt").header("Content-Length")).isEqualTo("0");
    assertThat(get("/empty.txt", "Range: bytes=0-").status()).isEqualTo(416);
    assertThat(get("/empty.txt", "Range: bytes=-1").header("Content-Range")).isEqualTo("bytes */0");
  }

  @Test
  void severalPartsAreSentAsOneBodyOfParts() throws IOException {
    for (String name : List.of("/a.txt", "/big.txt")) {
      int size = name.equals("/a.txt") ? 10 : 100_000;
      Answer answer = get(name, "Range: bytes=0-1,4-5,-2");
      assertThat(answer.status()).isEqualTo(206);
      assertThat(answer.header("Content-Range")).isNull();
      String type = answer.header("Content-Type");
      assertThat(type).startsWith("multipart/byteranges; boundary=");
      String boundary = type.substring(type.indexOf('=') + 1);
      String head = "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ";
      assertThat(answer.body())
          .isEqualTo(
              "--"
                  + boundary
                  + head
                  + "0-1/"
                  + size
                  + "\r\n\r\n01"
                  + "\r\n--"
                  + boundary
                  + head
                  + "4-5/"
                  + size
                  + "\r\n\r\n45"
                  + "\r\n--"
                  + boundary
                  + head
                  + (size - 2)
                  + "-"
                  + (size - 1)
                  + "/"
                  + size
                  + "\r\n\r\n89\r\n--"
                  + boundary
                  + "--\r\n");
      assertThat(answer.header("Content-Length")).isEqualTo("" + answer.body().length());
    }
  }

  @Test
  void tooManyPartsAreTheWhole() throws IOException {
    StringBuilder many = new StringBuilder("bytes=0-0");
    for (int i = 1; i < 17; i++) {
      many.append(",").append(i * 3).append("-").append(i * 3);
    }
    assertThat(get("/big.txt", "Range: " + many).body()).hasSize(100_000);
    String endless = "bytes=" + "0-,".repeat(1_000);
    assertThat(get("/big.txt", "Range: " + endless).status()).isEqualTo(200);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "CHANGED | 206",
        "AFTER   | 200",
        "BEFORE  | 200",
        "TAG     | 200",
        "\"x\"   | 200",
        "what    | 200",
      })
  void partsAreSentOnlyIfTheRestIsOfTheSame(String condition, int status) throws IOException {
    String value =
        condition
            .replace("TAG", TAG)
            .replace("CHANGED", CHANGED_TEXT)
            .replace("AFTER", AFTER)
            .replace("BEFORE", BEFORE);
    Answer answer = get("/a.txt", "Range: bytes=1-2", "If-Range: " + value);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(status == 206 ? "12" : "0123456789");
  }

  @Test
  void aPartIsForGetOnly() throws IOException {
    Answer answer = head("/a.txt", "Range: bytes=1-2");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Length")).isEqualTo("10");
  }

  @Test
  void conditionsComeBeforeParts() throws IOException {
    assertThat(get("/a.txt", "Range: bytes=1-2", "If-None-Match: *").status()).isEqualTo(304);
    assertThat(get("/a.txt", "Range: bytes=1-2", "If-Match: \"x\"").status()).isEqualTo(412);
    assertThat(get("/a.txt", "Range: bytes=99-", "If-None-Match: *").status()).isEqualTo(304);
  }
}
