package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.StackTraceElementProxy;
import io.netloop.Log;
import io.netloop.NothingLeaks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A turn lasts as long as the test's clock says, however fast the machine is. */
@ExtendWith(NothingLeaks.class)
class StallMeterTest {
  private static final long MILLI = 1_000_000;

  private final AtomicLong time = new AtomicLong(1);
  private final AtomicInteger looks = new AtomicInteger();
  private final Log log = new Log(StallMeter.class);
  private final StallMeter meter = new StallMeter(this::looked, 10 * MILLI);
  private final Reactor reactor = new Reactor("loop", time::get, meter);

  /** The meter reads the clock once for each look at a turn that is under way. */
  private long looked() {
    looks.incrementAndGet();
    return time.get();
  }

  @AfterEach
  void endTheLoop() {
    log.close();
    reactor.shutdown();
    await().until(reactor::isTerminated);
  }

  @Test
  void countsATurnOverTheThresholdOnceAndLogsWhatItWasDoing() {
    Turn turn = new Turn();
    time.addAndGet(11 * MILLI);
    await().until(() -> meter.stalls() == 1);
    time.addAndGet(1000 * MILLI);
    afterSomeLooks();
    turn.end();

    assertThat(meter.stalls()).isEqualTo(1);
    assertThat(log.events()).hasSize(1);
    assertThat(log.events().getFirst().getFormattedMessage())
        .isEqualTo(
            "loop has been busy for 11 ms, in which nothing else on it could run;"
                + " move blocking work to Loop.offload.");
    assertThat(log.events().getFirst().getThrowableProxy().getStackTraceElementProxyArray())
        .extracting(StackTraceElementProxy::getSTEAsString)
        .anyMatch(frame -> frame.contains("slowListener"));
  }

  @Test
  void countsEachSlowTurn() {
    for (int i = 1; i <= 3; i++) {
      int count = i;
      Turn turn = new Turn();
      time.addAndGet(20 * MILLI);
      await().until(() -> meter.stalls() == count);
      turn.end();
    }

    assertThat(log.events()).hasSize(3);
  }

  @Test
  void countsATurnThatEndedBeforeTheMeterLookedAgain() {
    Turn turn = new Turn();
    time.addAndGet(6 * MILLI);
    afterSomeLooks();
    assertThat(meter.stalls()).isZero();
    turn.endHavingTaken(6 * MILLI);

    await().until(() -> meter.stalls() == 1);
    assertThat(log.events().getFirst().getFormattedMessage()).contains("for 12 ms");
  }

  @Test
  void aTurnUnderTheThresholdIsNoStall() {
    Turn turn = new Turn();
    time.addAndGet(9 * MILLI);
    afterSomeLooks();
    turn.end();
    new Turn().end();

    assertThat(meter.stalls()).isZero();
    assertThat(log.events()).isEmpty();
  }

  @Test
  void waitingForTheKernelIsNoStall() {
    new Turn().end();
    time.addAndGet(60_000 * MILLI);
    Turn turn = new Turn();
    afterSomeLooks();
    turn.end();

    assertThat(meter.stalls()).isZero();
  }

  @Test
  void isOffAtZero() {
    StallMeter off = new StallMeter(time::get, 0);
    off.watch(reactor);

    assertThat(off.stalls()).isZero();
  }

  @Test
  void looksNoMoreAtALoopThatHasEnded() {
    reactor.shutdown();
    await().until(reactor::isTerminated);
    int before = looks.get();
    time.addAndGet(1000 * MILLI);

    await().during(Duration.ofMillis(50)).until(() -> looks.get() == before);
    assertThat(meter.stalls()).isZero();
  }

  private void afterSomeLooks() {
    int until = looks.get() + 4;
    await().until(() -> looks.get() >= until);
  }

  /** A turn that goes on until the test ends it. */
  private final class Turn {
    private final CompletableFuture<Long> end = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    Turn() {
      CompletableFuture<Void> begun = new CompletableFuture<>();
      reactor.execute(() -> {
        begun.complete(null);
        slowListener();
        reactor.immediate(() -> reactor.immediate(() -> over.complete(null)));
      });
      begun.join();
    }

    void slowListener() {
      time.addAndGet(end.join());
    }

    void end() {
      endHavingTaken(0);
    }

    void endHavingTaken(long more) {
      end.complete(more);
      over.join();
    }
  }
}
