package io.netloop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.cli.Banner.Place;
import io.netloop.net.HostPort;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BannerTest {
  private static String text(Banner banner, String host, int port) {
    return text(banner, host, port, null);
  }

  private static String text(Banner banner, String host, int port, @Nullable String name) {
    String family = host.contains(":") ? "IPv6" : "IPv4";
    return String.join(
        "\n", banner.lines(new Place(new HostPort(host, port, family), null), null, name));
  }

  @ParameterizedTest
  @EnumSource
  void tellsHowToJoinToOpenAndToStop(Banner banner) {
    assertThat(text(banner, "127.0.0.1", 3000))
        .contains("127.0.0.1:3000", "./netloop join\n", "nc 127.0.0.1 3000")
        .contains("--host 0.0.0.0", "Ctrl-C");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 4000, ./netloop join 127.0.0.1:4000",
    "0.0.0.0,   4000, ./netloop join 127.0.0.1:4000",
    "::1,       3000, ./netloop join [::1]:3000",
    "::,        3000, ./netloop join [::1]:3000",
    "10.0.0.7,  3000, ./netloop join 10.0.0.7:3000",
  })
  void tellsACommandThatWorks(String host, int port, String command) {
    assertThat(text(Banner.EN, host, port)).contains(command);
  }

  @Test
  void opensTheSamePortToTheNetwork() {
    assertThat(text(Banner.EN, "127.0.0.1", 4000)).contains("chat --host 0.0.0.0 --port 4000\n");
    assertThat(text(Banner.ZH, "127.0.0.1", 4000)).contains("chat --host 0.0.0.0 --port 4000\n");
  }

  @Test
  void saysThatItIsOpenToTheNetwork() {
    assertThat(text(Banner.EN, "0.0.0.0", 3000))
        .contains("open to the network")
        .doesNotContain("--host");
  }

  @ParameterizedTest
  @EnumSource
  void saysUnderWhichNameItIsAnnounced(Banner banner) {
    assertThat(text(banner, "0.0.0.0", 3000, "Ann's room"))
        .contains("Ann's room")
        .containsOnlyOnce("./netloop join ");
    assertThat(text(banner, "127.0.0.1", 3000, "Ann's room")).contains("Ann's room");
  }

  @Test
  void saysThatItIsNotAnnouncedWhereOneMightExpectIt() {
    assertThat(text(Banner.EN, "0.0.0.0", 3000)).contains("It is not announced");
    assertThat(text(Banner.ZH, "0.0.0.0", 3000)).contains("没有公布");
    assertThat(text(Banner.EN, "127.0.0.1", 3000)).doesNotContain("announced");
    assertThat(text(Banner.ZH, "127.0.0.1", 3000)).doesNotContain("公布");
  }

  @ParameterizedTest
  @EnumSource
  void endsWithHowToStopIt(Banner banner) {
    for (String name : new String[] {null, "Ann's room"}) {
      assertThat(text(banner, "127.0.0.1", 3000, name)).endsWith("Ctrl-C");
      assertThat(text(banner, "10.0.0.7", 3000, name)).endsWith("Ctrl-C");
    }
  }

  @Test
  void speaksTheLanguageOfTheSystem() {
    assertThat(Banner.language(Locale.SIMPLIFIED_CHINESE)).isEqualTo("zh");
    assertThat(Banner.language(Locale.GERMANY)).isEqualTo("en");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, IPv4, http://localhost:8080/",
    "0.0.0.0,   IPv4, http://localhost:8080/",
    "::1,       IPv6, http://[::1]:8080/",
    "::,        IPv6, http://[::1]:8080/",
    "10.0.0.7,  IPv4, http://10.0.0.7:8080/",
  })
  void tellsTheAddressOfThePage(String host, String family, String page) {
    HostPort room = new HostPort(host, 3000, family);
    for (Banner banner : Banner.values()) {
      assertThat(banner.lines(new Place(room, null), new HostPort(host, 8080, family), null))
          .filteredOn(line -> line.endsWith(page))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfNoPageWhereThereIsNone(Banner banner) {
    assertThat(text(banner, "127.0.0.1", 3000)).doesNotContain("http://");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 3000, 8443, --tls localhost, https://localhost:8443/, localhost:3000",
    "a.test, 4000, 443, --tls a.test:4000, https://a.test/, a.test:4000",
    "::1, 4000, 8443, --tls [::1]:4000, https://[::1]:8443/, [::1]:4000",
  })
  void tellsTheNameOfTheCertificateWhereItIsEncrypted(
      String name, int port, int web, String join, String page, String openssl) {
    Place place = new Place(new HostPort("127.0.0.1", port, "IPv4"), name);
    for (Banner banner : Banner.values()) {
      assertThat(banner.lines(place, new HostPort("127.0.0.1", web, "IPv4"), null))
          .anyMatch(line -> line.endsWith("./netloop join " + join))
          .anyMatch(line -> line.endsWith(page))
          .anyMatch(line -> line.contains("openssl s_client -quiet -connect " + openssl + " "))
          .noneMatch(line -> line.contains(" nc ") || line.contains("course"))
          .first()
          .asString()
          .contains("TLS");
    }
  }
}
