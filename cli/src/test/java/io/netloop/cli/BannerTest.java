package io.netloop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.net.HostPort;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BannerTest {
  private static String text(Banner banner, String host, int port) {
    String family = host.contains(":") ? "IPv6" : "IPv4";
    return String.join("\n", banner.lines(new HostPort(host, port, family)));
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

  @Test
  void speaksTheLanguageOfTheSystem() {
    assertThat(Banner.language(Locale.SIMPLIFIED_CHINESE)).isEqualTo("zh");
    assertThat(Banner.language(Locale.GERMANY)).isEqualTo("en");
  }
}
