package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs, as the URL standard cuts them. */
class HttpUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://h | h | 80 | /",
        "HTTP://H/ | h | 80 | /",
        "http://h:80/a | h | 80 | /a",
        "http://h:8080 | h | 8080 | /",
        "http://h:/a | h | 80 | /a",
        "http://h?q | h | 80 | /?q",
        "http://h#f | h | 80 | /",
        "http://h/a?b#c | h | 80 | /a?b",
        "http://[::1]:3000/x | ::1 | 3000 | /x",
        "http://127.0.0.1/ | 127.0.0.1 | 80 | /",
        "http://h/a b | h | 80 | /a%20b",
        "http://h/é?é | h | 80 | /%C3%A9?%C3%A9",
        "http://h/a%20b%2f | h | 80 | /a%20b%2f",
        "http://h/%zz | h | 80 | /%zz",
        "http://h/a/../b | h | 80 | /b",
        "http://h/a/./b/.. | h | 80 | /a/",
        "http://h/../../x | h | 80 | /x",
        "http://h/a/%2e%2E/b | h | 80 | /b",
        "http://h/?../x | h | 80 | /?../x",
        "http://h\\a\\b | h | 80 | /a/b",
        "http://münchen.test/ | xn--mnchen-3ya.test | 80 | /",
        "http://%61.test/ | a.test | 80 | /",
      })
  void areCut(String text, String host, int port, String path) {
    HttpUrl url = HttpUrl.parse(text);

    assertThat(url.host()).isEqualTo(host);
    assertThat(url.port()).isEqualTo(port);
    assertThat(url.path()).isEqualTo(path);
    assertThat(url.protocol()).isEqualTo("http:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h",
        "/a",
        "//h/a",
        "http:",
        "http:h",
        "http:/h",
        "http://",
        "http:///a",
        "http://:80",
        "http://h:65536",
        "http://h:-1",
        "http://h:8o",
        "http://h:80:80",
        "http://a b/",
        "http://a%20b/",
        "http://a%00b/",
        "http://a%2fb/",
        "http://a%0d%0ab/",
        "http://a\r\nb/",
        "http://h/a\nb",
        "http://[::1",
        "http://[1.2.3.4]/",
        "http://[fe80::1%25eth0]/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://1.2.3.256/",
        "http://a<b/",
      })
  void areRefused(String text) {
    assertThatThrownBy(() -> HttpUrl.parse(text))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_INVALID_URL"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"httpx://h/", "ftp://h/", "ws://h/"})
  void otherSchemesAreRefused(String text) {
    assertThatThrownBy(() -> HttpUrl.parse(text))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_INVALID_PROTOCOL"));
  }

  @Test
  void userAndPasswordAreDecoded() {
    assertThat(HttpUrl.parse("http://u%40x:p%3a@h/").auth()).isEqualTo("u@x:p:");
    assertThat(HttpUrl.parse("http://a@b@h/").auth()).isEqualTo("a@b");
    assertThat(HttpUrl.parse("http://a@b@h/").host()).isEqualTo("h");
    assertThat(HttpUrl.parse("http://@h/").auth()).isNull();
    assertThat(HttpUrl.parse("http://h/").auth()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "/x | http://h:81/x",
        "x | http://h:81/a/x",
        "../x | http://h:81/x",
        "./x?y | http://h:81/a/x?y",
        "?y | http://h:81/a/b?y",
        "#f | http://h:81/a/b?q",
        "x#f | http://h:81/a/x",
        "//other/x | http://other/x",
        "\\\\other\\x | http://other/x",
        "/\\other/x | http://other/x",
        "http://other:9/ | http://other:9/",
        "/a b | http://h:81/a%20b",
        "x?http://y/.. | http://h:81/a/x?http://y/..",
      })
  void areResolved(String reference, String resolved) {
    assertThat(HttpUrl.parse("http://h:81/a/b?q").resolve(reference)).hasToString(resolved);
  }

  @Test
  void knowTheirOrigin() {
    HttpUrl url = HttpUrl.parse("http://h:81/a");

    assertThat(url.isSameOrigin(HttpUrl.parse("http://H:81/b"))).isTrue();
    assertThat(url.isSameOrigin(HttpUrl.parse("http://h:82/a"))).isFalse();
    assertThat(url.isSameOrigin(HttpUrl.parse("http://i:81/a"))).isFalse();
  }

  @Test
  void areShownWithoutThePassword() {
    assertThat(HttpUrl.parse("http://u:p@[::1]:81/a?b")).hasToString("http://[::1]:81/a?b");
  }
}
