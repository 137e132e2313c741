package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms with files, wherever they are split. */
class MultipartParserTest {
  private static final String FORM =
      """
      preamble that nobody reads\r
      --XyX\r
      Content-Disposition: form-data; name="a"\r
      \r
      one\r
      --XyX  \r
      content-disposition: form-data; NAME="f"; filename="x.bin"\r
      Content-Type: image/png\r
      \r
      \r
      --XyZ\r
      --Xy\r\r
      \r
      --XyX\r
      Content-Disposition: form-data; name="empty"\r
      \r
      \r
      --XyX--\r
      epilogue --XyX\r
      """;

  private static final List<String> EXPECTED =
      List.of(
          "a|null|text/plain=one",
          "f|x.bin|image/png=\r\n--XyZ\r\n--Xy\r\r\n",
          "empty|null|text/plain=");

  /** Puts the parts together again. */
  private static final class Parts implements MultipartParser.Sink {
    final List<String> all = new ArrayList<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public void partBegins(PartHead head) {
      part.setLength(0);
      part.append(head.name()).append('|').append(head.fileName()).append('|');
      part.append(head.contentType()).append('=');
    }

    @Override
    public void partData(Buffer data) {
      part.append(data.toString("latin1"));
    }

    @Override
    public void partEnds() {
      all.add(part.toString());
    }
  }

  private static List<String> parse(String boundary, List<String> pieces) {
    Parts parts = new Parts();
    MultipartParser parser = new MultipartParser(boundary, 1000, parts);
    pieces.forEach(piece -> parser.feed(Buffer.from(piece, "latin1")));
    assertThat(parser.isComplete()).isTrue();
    return parts.all;
  }

  @Test
  void readsAFormAsAWholeAndSplitAtEveryByte() {
    assertThat(parse("XyX", List.of(FORM))).isEqualTo(EXPECTED);
    for (int i = 0; i <= FORM.length(); i++) {
      assertThat(parse("XyX", List.of(FORM.substring(0, i), FORM.substring(i))))
          .describedAs("split at %d", i)
          .isEqualTo(EXPECTED);
    }
    assertThat(parse("XyX", List.of(FORM.split("")))).isEqualTo(EXPECTED);
  }

  /** Bodies that are nearly boundaries, split at random: what goes in comes out. */
  @Property(tries = 2000)
  void whatGoesInComesOut(@ForAll long seed) {
    Random random = new Random(seed);
    String boundary = random.nextBoolean() ? "aab" : "--\u00e9-";
    String signs = "\r\n-ab\u00e9";
    StringBuilder form = new StringBuilder();
    List<String> expected = new ArrayList<>();
    int parts = random.nextInt(4);
    for (int i = 0; i < parts; i++) {
      StringBuilder body = new StringBuilder();
      for (int j = random.nextInt(40); j > 0; j--) {
        body.append(
            random.nextInt(6) == 0
                ? "\r\n--" + boundary.substring(0, random.nextInt(boundary.length()))
                : signs.charAt(random.nextInt(signs.length())));
      }
      if ((body + "\r\n--" + boundary).indexOf("\r\n--" + boundary) < body.length()) {
        continue;
      }
      form.append("--")
          .append(boundary)
          .append("\r\nContent-Disposition: form-data; name=n\r\n\r\n");
      form.append(body).append("\r\n");
      expected.add("n|null|text/plain=" + body);
    }
    form.append("--").append(boundary).append("--");
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < form.length(); ) {
      int to = Math.min(form.length(), at + 1 + random.nextInt(9));
      pieces.add(form.substring(at, to));
      at = to;
    }
    assertThat(parse(boundary, pieces)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--X!",
        "--X\rX",
        "--X --",
        "--X-\r\n",
        "--X\r\nno header\r\n\r\n",
        "--X\r\nContent-Disposition: form-data\r\n\r\n",
        "--X\r\n\r\n"
      })
  void refusesWhatIsNoForm(String form) {
    MultipartParser parser = new MultipartParser("X", 1000, new Parts());
    assertThatThrownBy(() -> parser.feed(Buffer.from(form)))
        .isInstanceOfSatisfying(
            WebException.class, wrong -> assertThat(wrong.status()).isEqualTo(400));
  }

  @Test
  void refusesHeadersWithoutEnd() {
    MultipartParser parser = new MultipartParser("X", 1000, new Parts());
    parser.feed(Buffer.from("--X\r\n"));
    assertThatThrownBy(() -> parser.feed(Buffer.from("\n".repeat(1001))))
        .isInstanceOfSatisfying(
            WebException.class, wrong -> assertThat(wrong.status()).isEqualTo(413));
    MultipartParser padded = new MultipartParser("X", 1000, new Parts());
    assertThatThrownBy(() -> padded.feed(Buffer.from("--X" + " ".repeat(300))))
        .isInstanceOf(WebException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd=passwd", "C:\\\\Windows\\\\a.txt=a.txt", "..=file", "/=file",
            "a\u0000b=a_b",
        "a%22b=a_b", "x<y>|z?*=x_y__z__", "/a/b/=file", "a%0D%0Ab=a__b", "\u202egpj.exe=_gpj.exe",
        "\u4f60.txt=\u4f60.txt", ".hidden=.hidden", "a b=a b", "nul=nul"
      })
  void aFilesNameIsItsLastSegmentAndCanBeWritten(String sentAndSafe) {
    String[] pair = sentAndSafe.split("=", 2);
    PartHead head =
        PartHead.parse("Content-Disposition: form-data; name=\"f\"; filename=\"" + pair[0] + "\"");
    assertThat(head.fileName()).isEqualTo(pair[1]);
  }

  @Test
  void cutsNamesThatNoFileSystemTakes() {
    PartHead head =
        PartHead.parse(
            "Content-Disposition: form-data; name=f; filename=\"" + "\u4f60".repeat(500) + "\"");
    assertThat(head.fileName()).isEqualTo("\u4f60".repeat(66));
  }
}
