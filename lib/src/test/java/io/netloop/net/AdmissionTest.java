package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import io.netloop.net.Admission.Limits;
import io.netloop.net.Admission.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The counting alone, with a clock of the test's. */
class AdmissionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Limits FREE =
      new Limits(Limits.UNLIMITED, Limits.UNLIMITED, Limits.UNLIMITED, Limits.UNLIMITED);

  private final AtomicLong now = new AtomicLong(-5 * SECOND);

  private Admission of(Limits limits) {
    return new Admission(limits, now::get);
  }

  @Test
  void refusesOverTheTotal() {
    Admission admission = of(FREE.withTotal(2));

    assertThat(admission.enter("10.0.0.1")).isNull();
    assertThat(admission.enter("10.1.0.2")).isNull();
    assertThat(admission.enter("10.2.0.3")).isEqualTo(Refusal.TOTAL);
    assertThat(admission.connections()).isEqualTo(2);
    admission.leave("10.0.0.1");
    assertThat(admission.connections()).isEqualTo(1);
    assertThat(admission.enter("10.2.0.3")).isNull();
    assertThat(admission.refused(Refusal.TOTAL)).isEqualTo(1);
    assertThat(admission.refused(Refusal.ADDRESS)).isZero();
  }

  @Test
  void refusesOverTheLimitOfOneAddress() {
    Admission admission = of(FREE.withPerAddress(1));

    assertThat(admission.enter("10.0.0.1")).isNull();
    assertThat(admission.enter("10.0.0.2")).isNull();
    assertThat(admission.enter("10.0.0.1")).isEqualTo(Refusal.ADDRESS);
    assertThat(admission.enter("10.0.0.1")).isEqualTo(Refusal.ADDRESS);
    admission.leave("10.0.0.1");
    assertThat(admission.enter("10.0.0.1")).isNull();
    assertThat(admission.refused(Refusal.ADDRESS)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.200, true",
    "10.0.0.1, 10.0.1.1, false",
    "127.0.0.1, 127.0.0.254, true",
    "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
    "::1, ::2, true",
    "fe80::1%eth0, fe80::2%eth1, true",
    "::ffff:10.0.0.1, ::ffff:10.0.0.200, true",
    "::ffff:10.0.0.1, ::ffff:10.0.1.1, false",
    "::ffff:10.0.0.1, 10.0.0.7, true",
    "10.0.0.1, ::ffff:10.0.0.7, true",
    "::ffff:a00:1, 10.0.0.7, true",
    "::10.0.0.1, 10.0.0.7, false",
    "::ffff:10.0.0.1, ::1, false",
    "unix, unix, true",
    "unix, other, false",
  })
  void aNetworkIs24BitsOfIpv4Or64OfIpv6(String one, String other, boolean same) {
    Admission admission = of(FREE.withPerPrefix(1));

    assertThat(admission.enter(one)).isNull();
    assertThat(admission.enter(other)).isEqualTo(same ? Refusal.PREFIX : null);
    assertThat(admission.refused(Refusal.PREFIX)).isEqualTo(same ? 1 : 0);
    admission.leave(one);
    assertThat(admission.enter(one)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, ::ffff:127.0.0.1", "::ffff:7f00:1, 127.0.0.1", "::1, 0:0:0:0:0:0:0:1"})
  void anAddressIsTheSameInEachOfItsForms(String one, String other) {
    Admission admission = of(FREE.withPerAddress(1));

    assertThat(admission.enter(one)).isNull();
    assertThat(admission.enter(other)).isEqualTo(Refusal.ADDRESS);
    admission.leave(other);
    assertThat(admission.enter(one)).isNull();
    assertThat(admission.connections()).isEqualTo(1);
  }

  @Test
  void refusesMoreThanTheRateAndRefillsWithTheTime() {
    Admission admission = of(FREE.withPerSecond(10));
    for (int i = 0; i < 10; i++) {
      assertThat(admission.enter("10.0.0." + i)).isNull();
    }
    assertThat(admission.enter("10.0.0.1")).isEqualTo(Refusal.RATE);
    now.addAndGet(SECOND / 10 - 1);
    assertThat(admission.enter("10.0.0.1")).isEqualTo(Refusal.RATE);
    now.addAndGet(1);
    assertThat(admission.enter("10.0.0.1")).isNull();
    assertThat(admission.enter("10.0.0.1")).isEqualTo(Refusal.RATE);
    now.addAndGet(3600 * SECOND);
    List<Refusal> refusals = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      refusals.add(admission.enter("10.0.0.1"));
    }

    assertThat(refusals.subList(0, 10)).containsOnlyNulls();
    assertThat(refusals.subList(10, 12)).containsOnly(Refusal.RATE);
    assertThat(admission.refused(Refusal.RATE)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 1000})
  void manyRefusalsInBetweenDoNotSlowTheRefill(int steps) {
    Admission admission = of(FREE.withPerSecond(1));
    assertThat(admission.enter("10.0.0.1")).isNull();
    long begin = now.get();
    for (int i = 1; i < steps; i++) {
      now.set(begin + SECOND * i / steps);
      assertThat(admission.enter("10.0.0.1")).isEqualTo(Refusal.RATE);
    }
    now.set(begin + SECOND);

    assertThat(admission.enter("10.0.0.1")).isNull();
  }

  @Test
  void aRefusalTakesNothingFromTheRate() {
    Admission admission = of(FREE.withTotal(1).withPerSecond(3));
    assertThat(admission.enter("10.0.0.1")).isNull();
    for (int i = 0; i < 10; i++) {
      assertThat(admission.enter("10.0.0.2")).isEqualTo(Refusal.TOTAL);
    }
    admission.leave("10.0.0.1");

    assertThat(admission.enter("10.0.0.2")).isNull();
  }

  @Test
  void aLimitIsAtLeastOne() {
    for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> FREE.withTotal(limit))
          .isInstanceOfSatisfying(
              NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_OUT_OF_RANGE"))
          .hasMessage("A limit of an admission must be at least 1, not %d.", limit);
      assertThatThrownBy(() -> FREE.withPerAddress(limit)).isInstanceOf(NetException.class);
      assertThatThrownBy(() -> FREE.withPerPrefix(limit)).isInstanceOf(NetException.class);
      assertThatThrownBy(() -> FREE.withPerSecond(limit)).isInstanceOf(NetException.class);
    }
    assertThat(Limits.defaults()).isEqualTo(new Limits(20_000, 2_000, 10_000, 5_000));
  }

  @Test
  void nothingIsLimitedWithoutLimits() {
    Admission admission = of(FREE);
    for (int i = 0; i < 100_000; i++) {
      assertThat(admission.enter("10.0.0.1")).isNull();
    }

    assertThat(admission.connections()).isEqualTo(100_000);
  }

  @Test
  void theCountIsRightFromManyThreads() throws Exception {
    Admission admission = of(FREE.withTotal(50).withPerAddress(40));
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      String address = "10.0." + t + ".1";
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 5_000; i++) {
                  if (admission.enter(address) == null) {
                    admission.leave(address);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(admission.connections()).isZero();
  }
}
