package io.netloop.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.NothingLeaks;
import io.netloop.engine.ProcessLife;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeaks.class)
class WorkersTest {
  private static final Duration AT_ONCE = Duration.ZERO;

  private final int openBefore = ProcessLife.open();

  @Test
  void aLoopThatHasEndedRefusesTasksAndTimersAndKeepsNothingAlive() {
    Loop ended = endedLoop(() -> {});

    assertThatThrownBy(() -> ended.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageMatching("The loop worker-\\S+ has ended\\.");
    ended.setTimeout(1, () -> {});
    ended.setImmediate(() -> {});
    assertThat(ProcessLife.open()).isEqualTo(openBefore);
  }

  @Test
  void aTimerOfAnEndedLoopCanStillBeCleared() {
    AtomicReference<Timer> timer = new AtomicReference<>();
    endedLoop(() -> timer.set(Loop.current().setTimeout(60_000, () -> {})));

    timer.get().clear();

    assertThat(ProcessLife.open()).isEqualTo(openBefore);
  }

  @Test
  void workThatOutlivesItsWorkerKeepsNothingAlive() {
    CountDownLatch working = new CountDownLatch(1);
    endedLoop(() ->
        Loop.offload(() -> {
          working.await();
          return null;
        }));
    assertThat(ProcessLife.open()).isEqualTo(openBefore + 1);

    working.countDown();

    Awaitility.await().until(() -> ProcessLife.open() == openBefore);
  }

  @Test
  void aFailedSetupIsToldOutsideOfAnyLock() {
    CompletableFuture<Integer> told = new CompletableFuture<>();
    Workers workers =
        Workers.fork(
            1,
            () -> {
              throw new IllegalStateException("no");
            });

    workers.onFailure((worker, failure) ->
        told.completeAsync(
                () -> {
                  workers.onFailure((again, never) -> {});
                  return workers.size();
                })
            .join());

    assertThat(told).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(1);
    assertThat(workers.close(AT_ONCE)).succeedsWithin(5, TimeUnit.SECONDS);
  }

  /** The loop of a worker that has ended, after this setup. */
  private static Loop endedLoop(Runnable setup) {
    CompletableFuture<Loop> loop = new CompletableFuture<>();
    Workers workers =
        Workers.fork(
            1,
            () -> {
              setup.run();
              loop.complete(Loop.current());
            });
    assertThat(loop).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(workers.close(AT_ONCE)).succeedsWithin(5, TimeUnit.SECONDS);
    Thread thread = threadOf(loop.join());
    Awaitility.await().until(() -> !thread.isAlive());
    return loop.join();
  }

  private static Thread threadOf(Loop loop) {
    List<Thread> alive =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals(loop.name()))
            .toList();
    return alive.isEmpty() ? new Thread() : alive.getFirst();
  }
}
