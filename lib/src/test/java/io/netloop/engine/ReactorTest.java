package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.Uncaught;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The turns of a loop, each on a loop of its own. */
@ExtendWith(NothingLeaks.class)
class ReactorTest {
  private final AtomicLong time = new AtomicLong(1000);
  private final Reactor reactor = new Reactor("loop", time::get, new StallMeter(time::get, 0));
  private final List<String> log = new CopyOnWriteArrayList<>();

  @AfterEach
  void endTheLoop() {
    reactor.shutdown();
    await().until(reactor::isTerminated);
  }

  @Test
  void runsTicksAfterTheListenerThatPutThemOffAndBeforeTheNext() {
    inOneTurn(
        () -> {
          reactor.nextTick(note("tick 1"));
          reactor.nextTick(note("tick 2"));
          log.add("first");
        },
        note("second"));

    assertThat(log).containsExactly("first", "tick 1", "tick 2", "second");
  }

  @Test
  void aTickOfATickRunsBeforeTheNextListenerToo() {
    inOneTurn(
        () ->
            reactor.nextTick(() -> {
              log.add("tick");
              reactor.nextTick(note("its tick"));
            }),
        note("second"));

    assertThat(log).containsExactly("tick", "its tick", "second");
  }

  @Test
  void runsTicksAfterTheOutermostEntryOnly() {
    inOneTurn(() -> {
      boolean inner = reactor.enter();
      reactor.nextTick(note("tick"));
      reactor.exit(inner);
      log.add("after the inner one");
    });

    assertThat(log).containsExactly("after the inner one", "tick");
  }

  @Test
  void runsATickThatWasPutOffOutsideAnyEntry() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    reactor.eventLoop().execute(() -> reactor.nextTick(() -> done.complete(null)));

    assertThat(done).succeedsWithin(5, TimeUnit.SECONDS);
  }

  @Test
  void runsImmediatesWhenTheEventsOfTheTurnAreDealtWith() {
    inOneTurn(
        () -> {
          reactor.immediate(note("immediate 1"));
          reactor.immediate(note("immediate 2"));
          reactor.nextTick(note("tick"));
        },
        note("second"),
        note("third"));

    assertThat(log).containsExactly("tick", "second", "third", "immediate 1", "immediate 2");
  }

  @Test
  void runsTheTicksOfAnImmediateBeforeTheNextImmediate() {
    inOneTurn(() -> {
      reactor.immediate(() -> reactor.nextTick(note("tick")));
      reactor.immediate(note("second"));
    });

    assertThat(log).containsExactly("tick", "second");
  }

  @Test
  void runsAnImmediateOfAnImmediateInTheNextTurn() {
    List<Long> turns = new ArrayList<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    reactor.execute(() ->
        reactor.immediate(() -> {
          turns.add(reactor.turnNumber());
          reactor.immediate(() -> {
            turns.add(reactor.turnNumber());
            done.complete(null);
          });
          // What comes in now is dealt with before the second immediate.
          reactor.execute(note("between"));
        }));

    assertThat(done).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(turns.get(1)).isGreaterThan(turns.get(0));
    assertThat(log).containsExactly("between");
  }

  @Test
  void aChainOfImmediatesWaitsForNoOtherEvent() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    reactor.execute(() -> chain(100, done));

    assertThat(done).succeedsWithin(5, TimeUnit.SECONDS);
  }

  private void chain(int left, CompletableFuture<Void> done) {
    if (left == 0) {
      done.complete(null);
    } else {
      reactor.immediate(() -> chain(left - 1, done));
    }
  }

  @Test
  void aTurnHasAnOddNumberAndTheTimeBetweenTurnsAnEvenOne() {
    long[] inside = new long[1];
    inOneTurn(() -> inside[0] = reactor.turnNumber());

    assertThat(inside[0] % 2).isEqualTo(1);
    await().until(() -> reactor.turnNumber() % 2 == 0);
    assertThat(reactor.turnNumber()).isGreaterThan(inside[0]);
  }

  @Test
  void readsTheClockOncePerTurn() {
    List<Long> seen = new CopyOnWriteArrayList<>();
    inOneTurn(
        () -> {
          seen.add(reactor.now());
          time.addAndGet(500);
        },
        () -> seen.add(reactor.now()));
    inOneTurn(() -> seen.add(reactor.now()));

    assertThat(seen).containsExactly(1000L, 1000L, 1500L);
  }

  @Test
  void tasksFromAnotherThreadRunInTheirOrder() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      reactor.execute(() -> seen.add(number));
    }
    reactor.execute(() -> done.complete(null));

    assertThat(done).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(seen).hasSize(10_000).isSorted();
  }

  @Test
  void aTaskFromAnotherThreadCountsAsOpenUntilItHasRun() {
    CompletableFuture<Void> release = new CompletableFuture<>();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    int before = ProcessLife.open();
    reactor.execute(() -> {
      begun.complete(null);
      release.join();
    });

    assertThat(begun).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(ProcessLife.open()).isEqualTo(before + 1);
    release.complete(null);
    await().until(() -> ProcessLife.open() == before);
  }

  @Test
  void aFailureOfATaskATickAnImmediateOrATimerReachesTheUncaughtHandlerAndNothingElse() {
    inOneTurn(
        () -> {
          reactor.nextTick(fail("tick"));
          reactor.nextTick(note("second tick"));
          reactor.immediate(fail("immediate"));
          reactor.immediate(note("second immediate"));
          reactor.schedule(fail("timer"), 1);
          throw new IllegalStateException("task");
        },
        note("second task"));

    List<String> messages = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      messages.add(Uncaught.next().getMessage());
    }
    assertThat(messages).containsExactly("task", "tick", "immediate", "timer");
    assertThat(log).containsExactly("second tick", "second task", "second immediate");
    inOneTurn(note("alive"));
    assertThat(log).endsWith("alive");
  }

  @Test
  void livesOnWhenEvenTheUncaughtHandlerThrows() {
    inOneTurn(() ->
        Thread.currentThread()
            .setUncaughtExceptionHandler((thread, failure) -> {
              throw new IllegalStateException("the handler is broken");
            }));
    inOneTurn(fail("task"));
    inOneTurn(note("alive"));

    assertThat(log).containsExactly("alive");
  }

  @Test
  void anErrorIsNoReasonToEndTheLoop() {
    inOneTurn(() -> {
      throw new StackOverflowError("deep");
    });

    assertThat(Uncaught.next()).isInstanceOf(StackOverflowError.class);
    inOneTurn(note("alive"));
    assertThat(log).containsExactly("alive");
  }

  @Test
  void knowsItsThread() {
    boolean[] inside = new boolean[2];
    inOneTurn(() -> {
      inside[0] = reactor.inLoop();
      inside[1] = Reactor.current() == reactor;
    });

    assertThat(inside).containsExactly(true, true);
    assertThat(reactor.inLoop()).isFalse();
    assertThat(Reactor.current()).isNotSameAs(reactor);
    assertThat(reactor.thread().isDaemon()).isTrue();
    assertThat(reactor.name()).isEqualTo("loop");
  }

  @Test
  void runsATaskAtOnceWhenAskedOnTheLoop() {
    inOneTurn(() -> {
      reactor.run(note("at once"));
      reactor.execute(note("later"));
      log.add("after");
    });

    await().until(() -> log.size() == 3);
    assertThat(log).containsExactly("at once", "after", "later");
  }

  @Test
  void makesItsFaceOnce() {
    AtomicInteger made = new AtomicInteger();
    Object face = reactor.face(self -> "face " + made.incrementAndGet());

    assertThat(reactor.face(self -> "another")).isSameAs(face);
    assertThat(made).hasValue(1);
  }

  /** Runs tasks that the loop finds together, and waits until the turn after theirs. */
  private void inOneTurn(Runnable... tasks) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletableFuture<Void> allThere = new CompletableFuture<>();
    reactor.execute(allThere::join);
    CompletableFuture<Void> turnOver = new CompletableFuture<>();
    reactor.execute(
        () -> reactor.immediate(() -> reactor.immediate(() -> turnOver.complete(null))));
    for (Runnable task : tasks) {
      reactor.execute(task);
    }
    allThere.complete(null);
    assertThat(turnOver).succeedsWithin(5, TimeUnit.SECONDS);
    reactor.execute(() -> done.complete(null));
    assertThat(done).succeedsWithin(5, TimeUnit.SECONDS);
  }

  private Runnable note(String what) {
    return () -> log.add(what);
  }

  private static Runnable fail(String what) {
    return () -> {
      throw new IllegalStateException(what);
    };
  }
}
