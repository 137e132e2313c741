package io.netloop.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.Uncaught;
import io.netloop.engine.ProcessLife;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeaks.class)
class LoopTest {
  private final Loop loop = Loop.current();
  private final List<String> log = new CopyOnWriteArrayList<>();

  @Test
  void isTheDefaultLoopOutsideAnyListener() {
    assertThat(Loop.current()).isSameAs(loop);
    assertThat(loop.name()).isEqualTo("loop");
    assertThat(loop).hasToString("Loop loop");
    assertThat(loop.inLoop()).isFalse();
  }

  @Test
  void isTheListenersLoopInsideAListener() {
    assertThat(onLoop(Loop::current)).isSameAs(loop);
    assertThat(onLoop(loop::inLoop)).isTrue();
  }

  @Test
  void neverRunsATaskInsideTheCallThatHandsItIn() {
    onLoop(() -> {
      loop.execute(note("task"));
      return log.add("after the call");
    });

    await().until(() -> log.size() == 2);
    assertThat(log).containsExactly("after the call", "task");
  }

  @Test
  void runsInsideTheCallWhereThatIsAskedForOnTheLoop() {
    onLoop(() -> {
      loop.run(note("task"));
      return log.add("after the call");
    });
    loop.run(note("from another thread"));

    await().until(() -> log.size() == 3);
    assertThat(log).containsExactly("task", "after the call", "from another thread");
  }

  @Test
  void keepsTheOrderOfEachOfManyThreads() throws Exception {
    ConcurrentHashMap<Integer, List<Integer>> seen = new ConcurrentHashMap<>();
    CountDownLatch done = new CountDownLatch(8 * 2000);
    for (int t = 0; t < 8; t++) {
      int thread = t;
      seen.put(t, new ArrayList<>());
      Thread.startVirtualThread(() -> {
        for (int i = 0; i < 2000; i++) {
          int number = i;
          loop.execute(() -> {
            seen.get(thread).add(number);
            done.countDown();
          });
        }
      });
    }

    assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(seen.values()).allSatisfy(numbers -> assertThat(numbers).hasSize(2000).isSorted());
  }

  @Test
  void aTickFromAnotherThreadRunsOnTheLoop() {
    CompletableFuture<Boolean> inLoop = new CompletableFuture<>();
    loop.nextTick(() -> inLoop.complete(loop.inLoop()));

    assertThat(inLoop).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(true);
  }

  @Test
  void runsATickThenATaskThenAnImmediate() {
    onLoop(() -> {
      loop.setImmediate(note("immediate"));
      loop.execute(note("task"));
      loop.nextTick(note("tick"));
      return null;
    });

    await().until(() -> log.size() == 3);
    assertThat(log).containsExactly("tick", "task", "immediate");
  }

  @Test
  void anImmediateThatComesBackForEverStarvesNeitherTimersNorTasks() {
    AtomicInteger rounds = new AtomicInteger();
    CompletableFuture<Void> stop = new CompletableFuture<>();
    onLoop(() -> {
      again(rounds, stop);
      return loop.setTimeout(5, note("timer"));
    });

    await().until(() -> log.contains("timer"));
    loop.execute(note("task"));
    await().until(() -> log.contains("task"));
    int before = rounds.get();
    await().until(() -> rounds.get() > before);
    stop.complete(null);
  }

  private void again(AtomicInteger rounds, CompletableFuture<Void> stop) {
    rounds.incrementAndGet();
    if (!stop.isDone()) {
      loop.setImmediate(() -> again(rounds, stop));
    }
  }

  @Test
  void anImmediateThatWasClearedDoesNotRun() {
    onLoop(() -> {
      Timer cleared = loop.setImmediate(note("cleared"));
      loop.setImmediate(note("kept"));
      cleared.clear();
      cleared.clear();
      return null;
    });

    await().until(() -> log.contains("kept"));
    assertThat(log).containsExactly("kept");
  }

  @Test
  void runsTimersWhenTheyAreDueAndThoseOfOneTimeInTheirOrder() {
    onLoop(() -> {
      loop.setTimeout(30, note("30"));
      loop.setTimeout(10, note("10 first"));
      loop.setTimeout(10, note("10 second"));
      loop.setTimeout(20, note("20"));
      loop.setTimeout(0, note("0"));
      return loop.setTimeout(-5, note("-5"));
    });

    await().until(() -> log.size() == 6);
    assertThat(log).containsExactly("0", "-5", "10 first", "10 second", "20", "30");
  }

  @Test
  void aTimerIsNeverEarly() {
    CompletableFuture<Long> lasted = new CompletableFuture<>();
    long start = System.nanoTime();
    loop.setTimeout(Duration.ofMillis(20), () -> lasted.complete(System.nanoTime() - start));

    assertThat(lasted)
        .succeedsWithin(5, TimeUnit.SECONDS)
        .matches(nanos -> nanos >= Duration.ofMillis(20).toNanos());
  }

  @Test
  void aTimerThatWasClearedDoesNotRunAndIsNoLongerCounted() {
    int before = ProcessLife.open();
    Timer timer = loop.setTimeout(60_000, note("never"));
    assertThat(ProcessLife.open()).isGreaterThan(before);
    timer.clear();
    timer.clear();

    await().until(() -> ProcessLife.open() == before);
    assertThat(log).isEmpty();
  }

  @Test
  void clearedFromAnotherThreadBeforeItIsScheduledItDoesNotRunEither() {
    CompletableFuture<Void> busy = new CompletableFuture<>();
    loop.execute(busy::join);
    Timer timer = loop.setTimeout(0, note("never"));
    timer.clear();
    busy.complete(null);
    loop.setTimeout(5, note("later"));

    await().until(() -> log.contains("later"));
    assertThat(log).containsExactly("later");
  }

  @Test
  void anIntervalRunsAgainAndAgainUntilItIsClearedInsideItself() {
    Timer[] interval = new Timer[1];
    onLoop(() ->
        interval[0] =
            loop.setInterval(
                1,
                () -> {
                  log.add("tock");
                  if (log.size() == 5) {
                    interval[0].clear();
                  }
                }));

    await().until(() -> log.size() == 5);
    onLoop(() -> loop.setTimeout(10, note("end")));
    await().until(() -> log.contains("end"));
    assertThat(log).hasSize(6);
  }

  @Test
  void anIntervalGoesOnAfterAFailure() {
    AtomicInteger runs = new AtomicInteger();
    Timer interval =
        loop.setInterval(
            1,
            () -> {
              if (runs.incrementAndGet() == 2) {
                throw new IllegalStateException("second run");
              }
            });

    await().until(() -> runs.get() > 3);
    interval.clear();
    assertThat(Uncaught.next()).hasMessage("second run");
  }

  @Test
  void aTimerThatThrowsIsNoLongerCounted() {
    int before = ProcessLife.open();
    loop.setTimeout(
        1,
        () -> {
          throw new IllegalStateException("timer");
        });

    assertThat(Uncaught.next()).hasMessage("timer");
    await().until(() -> ProcessLife.open() == before);
  }

  @Test
  void unrefTakesATimerOutOfTheCountAndRefPutsItBack() {
    int before = ProcessLife.open();
    Timer timer = onLoop(() -> loop.setTimeout(60_000, note("never")));
    await().until(() -> ProcessLife.open() == before + 1);
    assertThat(timer.hasRef()).isTrue();
    assertThat(timer.unref().unref().hasRef()).isFalse();
    assertThat(ProcessLife.open()).isEqualTo(before);
    assertThat(timer.ref().ref().hasRef()).isTrue();
    assertThat(ProcessLife.open()).isEqualTo(before + 1);
    timer.clear();
    await().until(() -> ProcessLife.open() == before);
  }

  @Test
  void anUnrefdTimerRunsAllTheSame() {
    loop.setTimeout(1, note("ran")).unref();

    await().until(() -> log.contains("ran"));
  }

  @Test
  void refusesATimeThatNoClockCanCount() {
    Duration tooLong = Duration.ofSeconds(Long.MAX_VALUE);

    assertThatThrownBy(() -> loop.setTimeout(tooLong, note("never")))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_OUT_OF_RANGE"))
        .hasMessageStartingWith("A timer can be set for 292 years at the most, not for PT");
  }

  @Test
  void refusesTasksThatAreNull() {
    assertThatThrownBy(() -> loop.execute(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> loop.run(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> loop.nextTick(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> loop.setImmediate(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> loop.setTimeout(1, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> loop.setInterval(1, null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void hasOneTimeInATurnAndALaterOneInTheNext() {
    List<Long> times = new CopyOnWriteArrayList<>();
    onLoop(() -> {
      times.add(loop.nanoTime());
      busyUntilTheClockMoves();
      times.add(loop.nanoTime());
      return loop.setTimeout(1, () -> times.add(loop.nanoTime()));
    });

    await().until(() -> times.size() == 3);
    assertThat(times.get(1)).isEqualTo(times.get(0));
    assertThat(times.get(2)).isGreaterThan(times.get(1));
    assertThat(loop.nanoTime()).isGreaterThan(times.get(2));
  }

  private static void busyUntilTheClockMoves() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < 10_000) {
      Thread.onSpinWait();
    }
  }

  @Test
  void countsStallsFromTheStart() {
    assertThat(Loop.stalls()).isNotNegative();
  }

  private Runnable note(String what) {
    return () -> log.add(what);
  }

  private <T> T onLoop(java.util.concurrent.Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        result.complete(work.call());
      } catch (Throwable failure) {
        result.completeExceptionally(failure);
      }
    });
    return result.orTimeout(5, TimeUnit.SECONDS).join();
  }
}
