package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is kept of the options that a callback chooses. */
class HostsTest {
  private static final CertificateSource NONE_YET = () -> null;

  private final Map<String, TlsOptions> byName = new HashMap<>();
  private final Hosts hosts =
      new Hosts(
          TlsOptions.of(NONE_YET)
              .withSniCallback(
                  name -> byName.computeIfAbsent(name, unknown -> TlsOptions.of(NONE_YET))));

  @Test
  void theSameOptionsHaveOneContext() {
    assertThat(hosts.of("one.test")).isSameAs(hosts.of("one.test"));
  }

  @Test
  void optionsOfLongAgoMakeRoomForOthers() {
    ServerContext old = hosts.of("old.test");
    ServerContext used = hosts.of("used.test");
    for (int i = 1; i < Hosts.MOST_CHOSEN; i++) {
      hosts.of("n" + i + ".test");
      hosts.of("used.test");
    }

    assertThat(hosts.of("used.test")).isSameAs(used);
    assertThat(hosts.of("old.test")).isNotSameAs(old);
  }
}
