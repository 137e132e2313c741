package io.netloop.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.CloseCause.By;
import org.junit.jupiter.api.Test;

class CloseCauseTest {

  @Test
  void isALineForTheLog() {
    NetException reset = NetException.system("read", "ECONNRESET");

    assertThat(new CloseCause(By.PEER, "tcp", "ECONNRESET", 120, reset))
        .hasToString("ended by the peer: ECONNRESET (read ECONNRESET), 120 bytes unsent");
    assertThat(new CloseCause(By.US, "app", "DESTROYED", 0, null))
        .hasToString("ended by us: DESTROYED");
    assertThat(new CloseCause(By.NETWORK, "tcp", "ETIMEDOUT", 0, null))
        .hasToString("ended by the network: ETIMEDOUT");
  }

  @Test
  void hadErrorWhereThereIsOne() {
    NetException reset = NetException.system("read", "ECONNRESET");

    assertThat(new CloseCause(By.PEER, "tcp", "ECONNRESET", 0, reset).hadError()).isTrue();
    assertThat(new CloseCause(By.PEER, "tcp", "END", 0, null).hadError()).isFalse();
  }
}
