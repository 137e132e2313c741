package io.netloop.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.Uncaught;
import io.netloop.engine.ProcessLife;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeaks.class)
class OffloadTest {
  private final Loop loop = Loop.current();
  private final List<Object> log = new CopyOnWriteArrayList<>();

  @Test
  void worksOnAVirtualThreadAndTellsItsResultOnTheLoop() {
    Loop.offload(
            () -> {
              log.add(Thread.currentThread().isVirtual());
              return "result";
            })
        .onResult(result -> {
          log.add(loop.inLoop());
          log.add(result);
        });

    await().until(() -> log.size() == 3);
    assertThat(log).containsExactly(true, true, "result");
  }

  @Test
  void tellsWhatTheWorkHasThrown() {
    Loop.offload(
            () -> {
              throw new IOException("no such file");
            })
        .onResult(result -> log.add("never"))
        .onError(failure -> log.add(failure.getMessage() + loop.inLoop()));

    await().until(() -> !log.isEmpty());
    assertThat(log).containsExactly("no such filetrue");
  }

  @Test
  void anErrorComesWrapped() {
    Loop.offload(
            () -> {
              throw new AssertionError("deep");
            })
        .onError(failure -> log.add(failure.getCause().getMessage()));

    await().until(() -> !log.isEmpty());
    assertThat(log).containsExactly("deep");
  }

  @Test
  void aResultMayBeNull() {
    Loop.offload(() -> null).onResult(result -> log.add("told " + result));

    await().until(() -> !log.isEmpty());
    assertThat(log).containsExactly("told null");
  }

  @Test
  void tellsAllListenersInOrderAndOneThatThrowsCostsNoOther() {
    loop.execute(() ->
        Loop.offload(() -> 1)
            .onResult(result -> log.add("first"))
            .onResult(result -> {
              throw new IllegalStateException("second");
            })
            .onResult(result -> log.add("third")));

    await().until(() -> log.size() == 2);
    assertThat(log).containsExactly("first", "third");
    assertThat(Uncaught.next()).hasMessage("second");
  }

  @Test
  void tellsAListenerThatComesAfterTheEnd() {
    Offload<String> offload = Loop.offload(() -> "result");
    offload.onResult(log::add);
    await().until(() -> log.size() == 1);
    offload.onResult(log::add);

    await().until(() -> log.size() == 2);
    assertThat(log).containsExactly("result", "result");
  }

  @Test
  void aFailureWithoutAListenerReachesTheUncaughtHandler() {
    Loop.offload(
            () -> {
              throw new IOException("nobody cares");
            })
        .onResult(result -> log.add("never"));

    assertThat(Uncaught.next()).isInstanceOf(IOException.class).hasMessage("nobody cares");
  }

  @Test
  void aListenerOnItsWayFromTheThreadThatStartedTheWorkIsNotMissed() {
    for (int i = 0; i < 200; i++) {
      Offload<?> offload =
          Loop.offload(() -> {
            throw new IOException("at once");
          });
      if (i % 10 == 0) {
        // The failure is on the loop already when the listener comes.
        CompletableFuture<Void> passed = new CompletableFuture<>();
        loop.setTimeout(1, () -> passed.complete(null));
        passed.join();
      }
      offload.onError(failure -> log.add(failure.getMessage()));
    }

    await().until(() -> log.size() == 200);
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  @Test
  void countsAsOpenUntilItsListenersHaveRun() {
    int before = ProcessLife.open();
    CompletableFuture<String> release = new CompletableFuture<>();
    Loop.offload(release::join).onResult(result -> log.add(ProcessLife.open() > before));
    assertThat(ProcessLife.open()).isGreaterThan(before);
    release.complete("done");

    await().until(() -> !log.isEmpty());
    assertThat(log).containsExactly(true);
    await().until(() -> ProcessLife.open() == before);
  }
}
