package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class HostPortTest {
  private final HostPort address = new HostPort("10.0.0.1", 80, "IPv4");

  @Test
  void equalsWhatHasTheSameThreeParts() {
    assertThat(address)
        .isEqualTo(new HostPort("10.0.0.1", 80, "IPv4"))
        .hasSameHashCodeAs(new HostPort("10.0.0.1", 80, "IPv4"))
        .isNotEqualTo(new HostPort("10.0.0.2", 80, "IPv4"))
        .isNotEqualTo(new HostPort("10.0.0.1", 81, "IPv4"))
        .isNotEqualTo(new HostPort("10.0.0.1", 80, "IPv6"))
        .isNotEqualTo(null)
        .isNotEqualTo("10.0.0.1:80");
  }

  @Test
  void isFoundInASet() {
    assertThat(Set.of(address, new HostPort("10.0.0.1", 81, "IPv4")))
        .contains(new HostPort("10.0.0.1", 80, "IPv4"))
        .doesNotContain(new HostPort("10.0.0.1", 82, "IPv4"));
  }

  @Test
  void isShownAsPeopleWriteIt() {
    assertThat(address).hasToString("10.0.0.1:80");
    assertThat(new HostPort("::1", 80, "IPv6")).hasToString("[::1]:80");
    assertThat(HostPort.ofPath("/run/a.sock")).hasToString("/run/a.sock");
  }

  @Test
  void losesAndGetsThePrefixOfAServerOfBothFamilies() {
    assertThat(new HostPort("::ffff:10.0.0.1", 80, "IPv6").unmapped()).isEqualTo(address);
    assertThat(address.mapped()).isEqualTo(new HostPort("::ffff:10.0.0.1", 80, "IPv6"));
    assertThat(address.unmapped()).isSameAs(address);
    assertThat(new HostPort("::1", 80, "IPv6").unmapped().host()).isEqualTo("::1");
  }
}
