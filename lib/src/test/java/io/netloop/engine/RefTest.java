package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.NothingLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeaks.class)
class RefTest {
  private final Ref ref = new Ref();
  private final int before = ProcessLife.open();

  @Test
  void countsWhileOpen() {
    ref.open();
    assertThat(counted()).isEqualTo(1);
    ref.close();
    assertThat(counted()).isZero();
  }

  @Test
  void countsOnceHoweverOftenItIsSaid() {
    ref.open();
    ref.open();
    ref.ref();
    assertThat(counted()).isEqualTo(1);
    ref.unref();
    ref.unref();
    assertThat(counted()).isZero();
    ref.ref();
    ref.ref();
    assertThat(counted()).isEqualTo(1);
    ref.close();
    ref.close();
    assertThat(counted()).isZero();
  }

  @Test
  void isLeftOutFromTheStartWhereUnrefCameFirst() {
    ref.unref();
    ref.open();
    assertThat(counted()).isZero();
    ref.ref();
    assertThat(counted()).isEqualTo(1);
    ref.close();
  }

  @Test
  void remembersTheWishWhileClosed() {
    assertThat(ref.hasRef()).isTrue();
    ref.unref();
    assertThat(ref.hasRef()).isFalse();
    ref.open();
    ref.close();
    assertThat(ref.hasRef()).isFalse();
    ref.ref();
    assertThat(ref.hasRef()).isTrue();
    assertThat(counted()).isZero();
  }

  @Test
  void onlyANonDaemonKeeperHoldsTheProcess() {
    ref.open();
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().equals("netloop-keeper"))
        .singleElement()
        .matches(thread -> !thread.isDaemon());
    ref.close();
  }

  private int counted() {
    return ProcessLife.open() - before;
  }
}
