package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the header lines of a message. */
class HeadersTest {
  /** Headers of name, value, name, value …, as they stood on the wire. */
  private static Headers headers(String... pairs) {
    StringBuilder text = new StringBuilder();
    List<Integer> spans = new ArrayList<>();
    for (String part : pairs) {
      spans.add(text.length());
      text.append(part);
      spans.add(text.length());
      text.append(": ");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    return new Headers(bytes, spans.stream().mapToInt(i -> i).toArray());
  }

  @Test
  void findsAValueInAnyLetterCase() {
    Headers headers = headers("Content-TYPE", "text/plain");

    assertThat(headers.get("content-type")).isEqualTo("text/plain");
    assertThat(headers.get("CONTENT-type")).isEqualTo("text/plain");
    assertThat(headers.get("content-typ")).isNull();
    assertThat(headers.has("Content-Type")).isTrue();
    assertThat(headers.has("Content")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "age",
        "authorization",
        "content-length",
        "content-type",
        "etag",
        "expires",
        "from",
        "host",
        "if-modified-since",
        "if-unmodified-since",
        "last-modified",
        "location",
        "max-forwards",
        "proxy-authorization",
        "referer",
        "retry-after",
        "server",
        "user-agent"
      })
  void dropsTheSecondLineOfWhatMakesSenseOnce(String name) {
    Headers headers = headers(name, "1", name.toUpperCase(java.util.Locale.ROOT), "2");

    assertThat(headers.get(name)).isEqualTo("1");
    assertThat(headers.toMap()).containsExactly(Map.entry(name, "1"));
    assertThat(headers.joiningAll().get(name)).isEqualTo("1, 2");
    assertThat(headers.getAll(name)).containsExactly("1", "2");
  }

  @Test
  void joinsOthersWithCommasAndCookiesWithSemicolons() {
    Headers headers = headers("Accept", "a", "Cookie", "x=1", "ACCEPT", "b", "cookie", "y=2");

    assertThat(headers.get("accept")).isEqualTo("a, b");
    assertThat(headers.get("cookie")).isEqualTo("x=1; y=2");
    assertThat(headers.joiningAll().get("cookie")).isEqualTo("x=1; y=2");
  }

  @Test
  void keepsSetCookieLinesApart() {
    Headers headers = headers("Set-Cookie", "a=1; Expires=Sun, 06 Nov 1994", "set-cookie", "b=2");

    assertThat(headers.getAll("Set-Cookie"))
        .containsExactly("a=1; Expires=Sun, 06 Nov 1994", "b=2");
    assertThat(headers.toDistinctMap().get("set-cookie")).hasSize(2);
  }

  @Test
  void keepsTheOrderInWhichNamesCame() {
    Headers headers = headers("B", "1", "a", "2", "b", "3");

    assertThat(headers.names()).containsExactly("b", "a");
    assertThat(headers.toMap()).containsExactly(Map.entry("b", "1, 3"), Map.entry("a", "2"));
    assertThat(headers.toDistinctMap())
        .containsExactly(Map.entry("b", List.of("1", "3")), Map.entry("a", List.of("2")));
    assertThat(headers.raw()).containsExactly("B", "1", "a", "2", "b", "3");
    assertThat(headers.lines()).isEqualTo(3);
    assertThat(headers).hasToString("{b=1, 3, a=2}");
  }

  @Test
  void readsValuesAsLatin1() {
    assertThat(headers("A", "café").get("a")).isEqualTo("café");
  }

  @Test
  void findsNoNameThatIsNotAscii() {
    assertThat(headers("k", "v").get("\u212a")).isNull();
  }

  @Test
  void isEmptyWhereNothingCame() {
    assertThat(Headers.NONE.isEmpty()).isTrue();
    assertThat(Headers.NONE.lines()).isZero();
    assertThat(Headers.NONE.names()).isEmpty();
    assertThat(Headers.NONE.get("a")).isNull();
    assertThat(Headers.NONE.getAll("a")).isEmpty();
    assertThat(headers("a", "").isEmpty()).isFalse();
    assertThat(headers("a", "").get("a")).isEmpty();
  }

  @Test
  void givesMapsThatNobodyCanChange() {
    Headers headers = headers("a", "b");

    assertThatThrownBy(() -> headers.toMap().put("c", "d"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> headers.toDistinctMap().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
