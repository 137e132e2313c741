package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who likes what best: the rules of RFC 9110, one by one. */
class NegotiationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | text/html",
        "text/plain | text/plain",
        "text/plain;q=0.5, text/html;q=0.4 | text/plain",
        "text/*, application/json;q=0.9 | text/html",
        "*/* | text/html",
        "*/*;q=0.1, application/json | application/json",
        "text/html;q=0, */* | application/json",
        "text/html;q=0.0 | -",
        "image/* | -",
        "TEXT/PLAIN | text/plain",
        "text/plain;charset=x | -",
        "text/html;level=\"1, 2\", text/plain | text/plain",
        "text/plain;q=\"0.1\", application/json;q=0.2 | application/json",
        "text/plain;q=nonsense | -",
        "text/plain;q=-1 | -",
        "text/plain;q=NaN | -",
        ", ,text/plain,, | text/plain",
        ";;; | -",
        "text | -",
      })
  void choosesAType(String accepted, String best) {
    List<String> offered = List.of("text/html", "application/json", "text/plain");
    assertThat(Accept.type(accepted, offered)).isEqualTo(best);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | en",
        "de | de-AT",
        "de-CH | -",
        "de-at | de-AT",
        "zh-TW, de;q=0.5 | zh",
        "fr, *;q=0.1 | en",
        "en;q=0, * | de-AT",
      })
  void choosesALanguage(String accepted, String best) {
    assertThat(Accept.language(accepted, List.of("en", "de-AT", "zh"))).isEqualTo(best);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | identity | -",
        "gzip | gzip | gzip",
        "gzip;q=0.5 | gzip | gzip",
        "identity;q=0.5, gzip;q=0.2 | identity | -",
        "br;q=0.1, gzip;q=0.1 | br | br",
        "gzip, br | gzip | br",
        "* | br | br",
        "*;q=0 | - | -",
        "identity;q=0 | - | -",
      })
  void choosesACoding(String accepted, String clients, String ours) {
    List<String> offered = List.of("br", "gzip", "identity");
    assertThat(Accept.encoding(accepted, offered)).isEqualTo(clients);
    assertThat(Accept.encodingByOurs(accepted, List.of("br", "gzip"))).isEqualTo(ours);
  }

  @Test
  void listsWhatAClientNamesTheBestFirst() {
    assertThat(Accept.all("a;q=0.1, b, c;q=0, d;q=0.5")).containsExactly("b", "d", "a");
    assertThat(Accept.all(null)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "application/json | json | true",
        "Application/JSON; charset=x | json | true",
        "application/vnd.api+json | json | false",
        "application/vnd.api+json | +json | true",
        "application/vnd.api+json | application/*+json | true",
        "text/html | text/* | true",
        "text/html | */* | true",
        "text/html | html | true",
        "text/html | multipart | false",
        "multipart/form-data; boundary=x | multipart | true",
        "text/html | nonsense/ | false",
      })
  void knowsATypeByItsNames(String type, String wanted, boolean is) {
    assertThat(MediaType.parse(type).is(wanted)).isEqualTo(is);
  }

  @Test
  void readsParametersAndRefusesWhatIsNoType() {
    MediaType type = MediaType.parse("text/plain; charset=\"UT\\F-8\"; a = \"x;y\" ; a=2;junk");
    assertThat(type.charset()).isEqualTo("utf-8");
    assertThat(type.parameters()).containsEntry("a", "x;y").hasSize(2);
    for (String none : List.of("", "text", "/", "text/", "/plain", "a/b/c", ";")) {
      assertThat(MediaType.parse(none)).describedAs(none).isNull();
    }
    assertThat(MediaType.parse(null)).isNull();
  }

  @Test
  void tagsAreOfTheBytesAndAsExpressMakesThem() {
    byte[] body = "xtextx".getBytes(StandardCharsets.US_ASCII);
    assertThat(Etag.weak(body, 1, 4)).isEqualTo("W/\"4-Ny6gjKsz5xwCxlHbyDpHTTLGduo\"");
    assertThat(Etag.weak(body, 0, 4)).isNotEqualTo(Etag.weak(body, 1, 4));
    assertThat(Etag.weak(body, 0, 0)).startsWith("W/\"0-");
  }
}
