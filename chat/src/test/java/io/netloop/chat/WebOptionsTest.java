package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebOptionsTest {
  private static final WebOptions DEFAULTS = WebOptions.defaults();

  @Test
  void believesNoProxyAndLogsNothingByDefault() {
    assertThat(DEFAULTS).isEqualTo(new WebOptions(8080, Set.of(), List.of(), false, null, false));
    assertThat(ChatOptions.defaults().web()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void refusesAPortThatIsNone(int port) {
    assertThatThrownBy(() -> DEFAULTS.withPort(port))
        .isInstanceOf(NetException.class)
        .hasMessageEndingWith("Received " + port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "example.org", "ftp://a", "http://", "http://a/", "http://a b"})
  void refusesAnOriginThatIsNone(String origin) {
    assertThatThrownBy(() -> DEFAULTS.withOrigins(Set.of(origin)))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("not '" + origin + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:8080", "https://chat.example.org", "HTTP://[::1]:80"})
  void takesAnOrigin(String origin) {
    assertThat(DEFAULTS.withOrigins(Set.of(origin)).origins()).containsExactly(origin);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "proxy", "10.0.0.0/33", "::1/129", "1.2.3", "/8"})
  void refusesAProxyThatIsNoAddress(String proxy) {
    assertThatThrownBy(() -> DEFAULTS.withTrustedProxies(List.of(proxy)))
        .isInstanceOf(NetException.class);
  }

  @Test
  void knowsProxiesByAddressAndByNetworkOfBothFamilies() {
    WebOptions options = DEFAULTS.withTrustedProxies(List.of("10.0.0.0/8", "::1", "192.0.2.7"));
    ClientAddress clients = new ClientAddress(options.proxies());
    for (String proxy : List.of("10.1.2.3", "::1", "192.0.2.7", "::ffff:10.1.2.3")) {
      assertThat(clients.isTrusted(proxy)).as(proxy).isTrue();
    }
    for (String other : List.of("11.0.0.1", "::2", "192.0.2.8", "junk", "")) {
      assertThat(clients.isTrusted(other)).as(other).isFalse();
    }
  }
}
