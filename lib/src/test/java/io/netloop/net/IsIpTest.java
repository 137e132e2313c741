package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.IpText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as an address, as Node decides it, and how an address is written. */
final class IsIpTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "255.255.255.255", "1.2.3.4"})
  void takesIpv4(String text) {
    assertThat(Net.isIP(text)).isEqualTo(4);
    assertThat(Net.isIPv4(text)).isTrue();
    assertThat(Net.isIPv6(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "1::",
        "FE80::1",
        "1:2:3:4:5:6:7:8",
        "::1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7::",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "1:2:3:4:5:6:1.2.3.4",
        "fe80::1%eth0",
        "fe80::1%1",
        "fe80::1%eth0.1",
        "::1%lo",
        "::1.2.3.4%x",
        "fe80::1%25eth0",
        "1:2:3::6:7:8",
        "1:2:3:4::6:7:8"
      })
  void takesIpv6(String text) {
    assertThat(Net.isIP(text)).isEqualTo(6);
    assertThat(Net.isIPv4(text)).isFalse();
    assertThat(Net.isIPv6(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "256.0.0.1",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "127.000.000.001",
        "0x7f.1.1.1",
        " 127.0.0.1",
        "127.0.0.1 ",
        "1.2.3.4\n",
        "127.0.0.1/24",
        "1.2.3.4%eth0",
        "",
        "[::1]",
        "::1/64",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7",
        "::1:2:3:4:5:6:7:8",
        "1::2::3",
        ":::",
        "1:",
        "::ffff:1.2.3.256",
        "::ffff:127.0.0.01",
        "1:2:3:4:5:6:7:1.2.3.4",
        "fe80::1%",
        "fe80::1%eth 0",
        "fe80::1%eth0%1",
        "fe80::1%a-b_c",
        ":1",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:",
        ".",
        ":",
        "1..2.3",
        "::1.2.3",
        "1.2.3.4::",
        "１.2.3.4",
        "::١"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThat(Net.isIP(text)).isZero();
  }

  @Test
  void turnsOtherInputIntoTextFirst() {
    assertThat(Net.isIP(null)).isZero();
    assertThat(Net.isIP(127)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "1:0:0:0:0:0:0:1, 1::1",
    "::ffff:1.2.3.4, ::ffff:1.2.3.4",
    "::1.2.3.4, ::1.2.3.4",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3",
    "::, ::",
    "::1, ::1",
    "0:0:1::, 0:0:1::",
    "1::0:0:1, 1::1",
    "2001:DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
    "1:2:3:4:5:6::, 1:2:3:4:5:6::",
    "255.0.10.1, 255.0.10.1"
  })
  void writesAddressesInTheirShortestForm(String text, String shortest) {
    assertThat(IpText.format(IpText.parse(text))).isEqualTo(shortest);
  }
}
