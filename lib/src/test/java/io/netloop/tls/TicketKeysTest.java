package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.Clock;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the keys of session tickets change, and who has the same. */
class TicketKeysTest {
  private static final long LIFE = 1000;

  private long now = 5;
  private final Clock clock = () -> now;

  @Test
  void aKeyMakesTicketsForItsTimeAndReadsThemForOneMore() {
    TicketKeys keys = new TicketKeys(null, LIFE, clock);
    OpenSslSessionTicketKey[] first = keys.now();

    now += LIFE - 1;
    assertThat(keys.now()).isSameAs(first);
    now += 1;
    OpenSslSessionTicketKey[] second = keys.now();
    assertThat(second).hasSize(2);
    assertThat(second[0]).isNotSameAs(first[0]);
    assertThat(second[1]).isSameAs(first[0]);
    now += LIFE;
    OpenSslSessionTicketKey[] third = keys.now();
    assertThat(third[1]).isSameAs(second[0]);
    assertThat(third).doesNotContain(first[0]);
  }

  @Test
  void afterALongSilenceNoOldKeyIsTaken() {
    TicketKeys keys = new TicketKeys(null, LIFE, clock);
    OpenSslSessionTicketKey[] first = keys.now();

    now += 2 * LIFE;

    assertThat(keys.now()).hasSize(1).doesNotContain(first[0]);
  }

  @Test
  void aKeyThatWasGivenStays() {
    TicketKeys keys = new TicketKeys(new byte[TicketKeys.BYTES], LIFE, clock);
    OpenSslSessionTicketKey[] first = keys.now();

    now += 100 * LIFE;

    assertThat(keys.now()).isSameAs(first);
  }

  @Test
  void workersWithTheSameCertificateAndRulesHaveTheSame() {
    KeyAndChain pair = TestCertificates.SHARED.server();
    TlsOptions one = TlsOptions.of(pair);
    TlsOptions same = TlsOptions.of(pair);
    TicketKeys keys = TicketKeys.of(one, TicketKeys.contextOf(one, pair));

    assertThat(TicketKeys.of(same, TicketKeys.contextOf(same, pair))).isSameAs(keys);
    List<TlsOptions> others =
        List.of(
            same.withRequestCert(true),
            same.withRejectUnauthorized(false),
            same.withCa(List.of(TestCertificates.SHARED.authority)),
            same.withSessionTimeout(one.sessionTimeout().plusSeconds(1)));
    for (TlsOptions other : others) {
      assertThat(TicketKeys.of(other, TicketKeys.contextOf(other, pair))).isNotSameAs(keys);
    }
    KeyAndChain next = TestCertificates.SHARED.server();
    assertThat(TicketKeys.contextOf(one, next)).isNotEqualTo(TicketKeys.contextOf(one, pair));
  }
}
