package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of addresses. */
class AddressKindsTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, true",
    "127.0.0.1, true",
    "192.168.10.255, true",
    "223.255.255.255, true",
    "224.0.0.0, false",
    "239.255.255.255, false",
    "240.0.0.0, false",
    "255.255.255.255, false",
    "::1, true",
    "fe80::1%eth0, true",
    "ff02::1, false",
    "nonsense, false",
    "'', false"
  })
  void unicast(String address, boolean expected) {
    assertThat(Dgram.isUnicast(address)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "255.255.255.255, 255.255.255.0, true",
    "192.168.10.255, 255.255.255.0, true",
    "192.168.10.255, 255.255.0.0, false",
    "192.168.255.255, 255.255.0.0, true",
    "192.168.10.127, 255.255.255.128, true",
    "192.168.10.0, 255.255.255.0, false",
    "10.0.0.1, 255.255.255.254, false",
    "10.0.0.1, 255.255.255.255, false",
    "127.255.255.255, 255.0.0.0, true",
    "239.255.255.255, 255.0.0.0, false",
    "192.168.10.255, 255.0.255.0, false",
    "::1, 255.255.255.0, false",
    "nonsense, 255.0.0.0, false",
    "192.168.10.255, 24, false",
    "10.0.0.3, 255.255.255.252, true",
    "223.255.255.255, 0.0.0.0, false"
  })
  void broadcast(String address, String netmask, boolean expected) {
    assertThat(Dgram.isBroadcast(address, netmask)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"255.255.255.255, true", "192.168.10.255, false", "ff02::1, false"})
  void limitedBroadcast(String address, boolean expected) {
    assertThat(Dgram.isBroadcast(address)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "223.255.255.255,",
    "224.0.0.0, PERMANENT",
    "224.0.0.255, PERMANENT",
    "224.0.1.0, PUBLIC",
    "224.0.1.100, PUBLIC",
    "224.0.1.255, PUBLIC",
    "224.0.2.0, USER",
    "232.1.1.1, USER",
    "238.255.255.255, USER",
    "239.0.0.0, LOCAL",
    "239.255.255.255, LOCAL",
    "240.0.0.0,",
    "255.255.255.255,",
    "ff01::1, INTERFACE",
    "ff02::1, LINK",
    "ff05::1, SITE",
    "ff08::1, ORGANISATION",
    "ff0e::1, GLOBAL",
    "ff3e::1, GLOBAL",
    "ff03::1, OTHER",
    "fe80::1,",
    "nonsense,"
  })
  void multicast(String address, MulticastScope expected) {
    assertThat(Dgram.multicastScope(address)).isEqualTo(expected);
    assertThat(Dgram.isMulticast(address)).isEqualTo(expected != null);
  }
}
