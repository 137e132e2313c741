package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BlockListTest {
  private final BlockList list = new BlockList();

  @Test
  void blocksNothingAtFirst() {
    assertThat(list.check("1.2.3.4")).isFalse();
    assertThat(list.size()).isZero();
    assertThat(list.rules()).isEmpty();
  }

  @Test
  void blocksAnAddress() {
    list.addAddress("1.2.3.4").addAddress("1:0:0::1", "IPv6");
    assertThat(list.check("1.2.3.4")).isTrue();
    assertThat(list.check("1.2.3.5")).isFalse();
    assertThat(list.check("1::1", "ipv6")).isTrue();
    assertThat(list.check("1::2", "IPV6")).isFalse();
  }

  @Test
  void blocksARangeWithBothItsEnds() {
    list.addRange("10.0.0.1", "10.0.0.9");
    assertThat(list.check("10.0.0.0")).isFalse();
    assertThat(list.check("10.0.0.1")).isTrue();
    assertThat(list.check("10.0.0.9")).isTrue();
    assertThat(list.check("10.0.0.10")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.3.4, 16, ipv4, 192.168.255.255, 192.169.0.0",
    "10.0.0.0, 9, ipv4, 10.127.255.255, 10.128.0.0",
    "1.2.3.4, 32, ipv4, 1.2.3.4, 1.2.3.5",
    "fe80::, 10, ipv6, febf:ffff::1, fec0::",
    "2001:db8::, 64, ipv6, 2001:db8:0:0:ffff::, 2001:db8:0:1::",
    "2001:db8::8000:0:0:0, 65, ipv6, 2001:db8::ffff:0:0:1, 2001:db8::7fff:0:0:1",
    "::1, 128, ipv6, ::1, ::2"
  })
  void blocksASubnet(String network, int prefix, String family, String inside, String outside) {
    list.addSubnet(network, prefix, family);
    assertThat(list.check(inside, family)).isTrue();
    assertThat(list.check(outside, family)).isFalse();
  }

  @Test
  void blocksAllOfAFamilyWithAPrefixOfNothing() {
    list.addSubnet("0.0.0.0", 0);
    assertThat(list.check("255.255.255.255")).isTrue();
    assertThat(list.check("::1", "ipv6")).isFalse();
  }

  @Test
  void holdsARuleOfIpv4AgainstTheIpv6FormToo() {
    list.addAddress("1.2.3.4").addSubnet("10.0.0.0", 8);
    assertThat(list.check("::ffff:1.2.3.4", "ipv6")).isTrue();
    assertThat(list.check("::ffff:10.9.8.7", "ipv6")).isTrue();
    assertThat(list.check("::1.2.3.4", "ipv6")).isFalse();
  }

  @Test
  void saysNoToJunkAndToTheWrongFamily() {
    list.addSubnet("0.0.0.0", 0).addSubnet("::", 0, "ipv6");
    assertThat(list.check("junk")).isFalse();
    assertThat(list.check("::1")).isFalse();
    assertThat(list.check("1.2.3.4", "ipv6")).isFalse();
  }

  @Test
  void showsItsRulesByKindTheNewestFirst() {
    list.addAddress("1.2.3.4")
        .addRange("10.0.0.1", "10.0.0.9")
        .addSubnet("192.168.0.0", 16)
        .addAddress("5.6.7.8")
        .addAddress("1:0::1", "ipv6");
    assertThat(list.rules())
        .containsExactly(
            "Address: IPv6 1::1",
            "Address: IPv4 5.6.7.8",
            "Address: IPv4 1.2.3.4",
            "Subnet: IPv4 192.168.0.0/16",
            "Range: IPv4 10.0.0.1-10.0.0.9");
  }

  @Test
  void comesBackFromItsJsonWithTheSameRules() {
    list.addCidrs(BlockList.PRIVATE_RANGES).addAddress("9.9.9.9").addRange("::1", "::5", "ipv6");
    BlockList copy = new BlockList().fromJson(list.toJson());
    assertThat(copy.rules()).isEqualTo(list.rules());
    assertThat(copy.check("172.31.255.255")).isTrue();
    assertThat(copy.check("172.32.0.0")).isFalse();
    assertThat(copy.check("fd00::1", "ipv6")).isTrue();
  }

  @Test
  void takesRulesBack() {
    list.addAddresses(List.of("1.2.3.4", "::1"))
        .addCidr("10.0.0.0/8")
        .addRange("1.1.1.1", "1.1.1.9");
    assertThat(list.size()).isEqualTo(4);
    assertThat(list.removeAddress("1.2.3.4", "ipv4")).isTrue();
    assertThat(list.removeAddress("1.2.3.4", "ipv4")).isFalse();
    assertThat(list.removeCidr("10.0.0.0/8")).isTrue();
    assertThat(list.removeSubnet("10.0.0.0", 8, "ipv4")).isFalse();
    assertThat(list.removeRange("1.1.1.1", "1.1.1.9", "ipv4")).isTrue();
    assertThat(list.rules()).containsExactly("Address: IPv6 ::1");
    assertThat(list.clear().size()).isZero();
  }

  @Test
  void refusesMistakesAndKeepsItsRules() {
    assertCode(() -> list.addAddress("x"), "ERR_INVALID_ADDRESS");
    assertCode(() -> list.addAddress("::1"), "ERR_INVALID_ADDRESS");
    assertCode(() -> list.addAddress("1.2.3.4", "ipv5"), "ERR_INVALID_ARG_VALUE");
    assertCode(() -> list.addRange("10.0.0.9", "10.0.0.1"), "ERR_INVALID_ARG_VALUE");
    assertCode(() -> list.addSubnet("1.2.3.4", 33), "ERR_OUT_OF_RANGE");
    assertCode(() -> list.addSubnet("1.2.3.4", -1), "ERR_OUT_OF_RANGE");
    assertCode(() -> list.addSubnet("::", 129, "ipv6"), "ERR_OUT_OF_RANGE");
    assertCode(() -> list.addCidr("10.0.0.0"), "ERR_INVALID_ARG_VALUE");
    assertCode(() -> list.addCidr("10.0.0.0/x"), "ERR_INVALID_ARG_VALUE");
    assertCode(() -> list.check("1.2.3.4", "x"), "ERR_INVALID_ARG_VALUE");
    assertCode(
        () -> list.fromJson(List.of("Address: IPv4 1.1.1.1", "junk")), "ERR_INVALID_ARG_VALUE");
    assertThat(list.size()).isZero();
  }

  @Test
  void checksSocketAddresses() {
    list.addAddress(new SocketAddress("::1", 80));
    assertThat(list.check(new SocketAddress("0:0::1", 8080))).isTrue();
    assertThat(list.check(new SocketAddress())).isFalse();
  }

  @Test
  void normalisesASocketAddress() {
    assertThat(new SocketAddress("1:0:0:0:0:0:0:1", "IPv6", 5, 6))
        .isEqualTo(new SocketAddress("1::1", "ipv6", 5, 6))
        .hasToString("[1::1]:5");
    assertThat(new SocketAddress()).hasToString("127.0.0.1:0");
    assertThat(SocketAddress.ofFamily("IPv6")).hasToString("[::]:0");
  }

  @Test
  void refusesASocketAddressThatIsNone() {
    assertCode(() -> new SocketAddress("1.2.3.4", "ipv6", 0, 0), "ERR_INVALID_ADDRESS");
    assertCode(() -> new SocketAddress("1.2.3.4", 65536), "ERR_SOCKET_BAD_PORT");
    assertCode(() -> new SocketAddress("1.2.3.4", -1), "ERR_SOCKET_BAD_PORT");
    assertCode(() -> new SocketAddress("::", "ipv6", 0, -1), "ERR_OUT_OF_RANGE");
    assertCode(() -> new SocketAddress("::", "ip", 0, 0), "ERR_INVALID_ARG_VALUE");
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4:8080, 1.2.3.4:8080",
    "1.2.3.4:80, 1.2.3.4:80",
    "1.2.3.4, 1.2.3.4:0",
    "[::1]:80, [::1]:80",
    "[::1], [::1]:0"
  })
  void readsASocketAddress(String text, String shown) {
    assertThat(SocketAddress.parse(text)).hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "0x7f.1:1",
    "::1",
    "::1:80",
    "[::1",
    "[::1]80",
    "[1.2.3.4]:80",
    "1.2.3.4:",
    "1.2.3.4:65536",
    "1.2.3.4:-1",
    "1.2.3.4:123456",
    "localhost:80",
    "1.2.3:80"
  })
  void readsNothingFromWhatIsNone(String text) {
    assertThat(SocketAddress.parse(text)).isNull();
  }

  private static void assertCode(ThrowingCallable call, String code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(NetException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
