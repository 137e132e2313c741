package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.Whitespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries, forms, cookies and escapes, as text. */
class ValuesTest {

  private static Values parse(String text) {
    return Values.parse(text, 1000, StandardCharsets.UTF_8);
  }

  @Test
  void readsPairsInTheirOrder() {
    Values values = parse("a=1&b&a=2&c=&=d&&e=%E4%BD%A0+x&%zz=1&f=g=h");
    assertThat(values.names()).containsExactly("a", "b", "c", "", "e", "%zz", "f");
    assertThat(values.all("a")).containsExactly("1", "2");
    assertThat(values.get("b")).isEmpty();
    assertThat(values.get("")).isEqualTo("d");
    assertThat(values.get("e")).isEqualTo("\u4f60 x");
    assertThat(values.get("f")).isEqualTo("g=h");
    assertThat(values.get("none")).isNull();
    assertThat(values.all("none")).isEmpty();
    assertThat(values.has("c")).isTrue();
    assertThat(values.toMap()).containsEntry("a", List.of("1", "2")).containsEntry("c", "");
    assertThat(values).isEqualTo(parse("a=1&b&a=2&c=&=d&&e=%E4%BD%A0+x&%zz=1&f=g=h"));
    assertThat(values)
        .hasSameHashCodeAs(
            parse(values.isEmpty() ? "" : "a=1&a=2&b=&c=&=d&e=\u4f60 x&%zz=1&f=g=h"));
    assertThatThrownBy(() -> values.all("a").add("3"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void leavesOutWhatIsTooMuch() {
    assertThat(Values.parse("a=1&b=2&c=3", 2, StandardCharsets.UTF_8).names())
        .containsExactly("a", "b");
    assertThat(parse("").isEmpty()).isTrue();
    assertThat(parse("&&&")).hasToString("{}");
  }

  @Test
  void readsEscapesOfAnotherCharset() {
    assertThat(Values.parse("a=%E9\u00e9", 10, StandardCharsets.ISO_8859_1).get("a"))
        .isEqualTo("\u00e9\u00e9");
    assertThat(parse("a=%E9").get("a")).isEqualTo("\ufffd");
  }

  @Property(tries = 500)
  void whatIsEscapedComesBack(@ForAll @StringLength(max = 30) @Whitespace String text) {
    String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String escaped = Percent.encodeComponent(valid);
    assertThat(escaped).matches("[A-Za-z0-9\\-_.!~*'()%]*");
    assertThat(Percent.decode(escaped, 0, escaped.length())).isEqualTo(valid);
    assertThat(parse("a=" + escaped).get("a")).isEqualTo(valid);
    assertThat(Cookies.parse("a=" + escaped)).containsEntry("a", valid);
    assertThat(Percent.encodeUrl(valid)).matches("[!-~]*").doesNotContain("<", ">", "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%", "%a", "%zz", "%ff", "%e4%bd", "%c0%80", "%ed%a0%80", "a%2", "%\uff11\uff11"})
  void refusesEscapesThatAreNone(String broken) {
    assertThat(Percent.decode(broken, 0, broken.length())).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/a b | /a%20b",
        "/%20%zz% | /%20%25zz%25",
        "http://h/?q=<\"> | http://h/?q=%3C%22%3E",
        "/[x]^~ | /[x]^~",
      })
  void escapesInUrlsOnlyWhatHasToBe(String url, String escaped) {
    assertThat(Percent.encodeUrl(url)).isEqualTo(escaped);
  }

  @Test
  void readsCookiesAsClientsSendThem() {
    assertThat(Cookies.parse("a=1; b=\"2\";c = 3 ; a=4; d; =e; f=%zz; g=%20"))
        .isEqualTo(Map.of("a", "1", "b", "2", "c", "3", "", "e", "f", "%zz", "g", " "));
    assertThat(Cookies.parse(null)).isEmpty();
    assertThat(Cookies.parse(";;;")).isEmpty();
  }

  @Test
  void signsAsNpmsCookieSignatureDoes() {
    assertThat(Cookies.sign("hello", "tobiiscool"))
        .isEqualTo("s:hello.DGDUkGlIkCzPz+C0B064FNgHdEjox7ch8tOBGslZ5QI");
    assertThat(
            Cookies.unsign(
                "s:hello.DGDUkGlIkCzPz+C0B064FNgHdEjox7ch8tOBGslZ5QI", List.of("x", "tobiiscool")))
        .isEqualTo("hello");
    assertThat(Cookies.unsign("s:hello.DGDUkGlIkCzPz+C0B064FNgHdEjox7ch8tOBGslZ5QI", List.of()))
        .isNull();
    assertThat(Cookies.unsign("hello", List.of("tobiiscool"))).isNull();
  }

  @Test
  void writesCookiesInTheOrderThatExpressHas() {
    CookieOptions all =
        CookieOptions.defaults()
            .withMaxAge(Duration.ofMillis(1999))
            .withDomain(".example.org")
            .withPath("")
            .withHttpOnly(true)
            .withSecure(true)
            .withPartitioned(true)
            .withPriority(CookieOptions.Priority.LOW)
            .withSameSite(CookieOptions.SameSite.STRICT);
    assertThat(SetCookie.text("a", "b c;", all))
        .matches(
            "a=b%20c%3B; Max-Age=1; Domain=\\.example\\.org; Expires=\\w{3}, .* GMT; HttpOnly; Secure; "
                + "Partitioned; Priority=Low; SameSite=Strict");
    assertThat(SetCookie.text("a", "", CookieOptions.defaults().withExpires(Instant.EPOCH)))
        .isEqualTo("a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
  }

  @Test
  void believesTheProxiesThatItIsToldOf() {
    ProxyTrust trust =
        ProxyTrust.addresses("loopback", "10.0.0.0/8", "2001:db8::1", "uniquelocal", "linklocal");
    assertThat(trust.way("127.0.0.1", "9.9.9.9, 10.1.1.1"))
        .containsExactly("9.9.9.9", "10.1.1.1", "127.0.0.1");
    assertThat(trust.way("8.8.8.8", "9.9.9.9")).containsExactly("8.8.8.8");
    assertThat(trust.way("::1", " , fe80::2 ,2001:db8::1"))
        .containsExactly("fe80::2", "2001:db8::1", "::1");
    assertThat(trust.way("127.0.0.1", "nonsense, 10.0.0.1"))
        .containsExactly("nonsense", "10.0.0.1", "127.0.0.1");
    assertThat(trust.trusts(null, 0)).isFalse();
    assertThat(ProxyTrust.hops(1).way("1.1.1.1", "2.2.2.2, 3.3.3.3"))
        .containsExactly("3.3.3.3", "1.1.1.1");
    assertThat(ProxyTrust.NONE.way(null, "2.2.2.2")).containsExactly("");
    assertThatThrownBy(() -> ProxyTrust.addresses("nobody")).isInstanceOf(RuntimeException.class);
  }
}
