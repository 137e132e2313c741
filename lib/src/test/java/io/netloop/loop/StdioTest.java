package io.netloop.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.Uncaught;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams as those of the terminal, over streams that fail when they are told to. */
@ExtendWith(NothingLeaks.class)
class StdioTest {
  private final Loop loop = Loop.current();
  private final List<String> log = new CopyOnWriteArrayList<>();

  @Test
  void inputEndsAfterItsLastPiece() {
    input("abc")
        .onData(data -> log.add("data " + data))
        .onEnd(() -> log.add("end"))
        .onClose(cause -> log.add(cause.toString()));

    await().until(() -> log.size() == 3);
    assertThat(log).containsExactly("data abc", "end", "ended by the peer: END");
  }

  @Test
  void aListenerOfInputThatThrowsEndsTheInput() {
    Input input = input("abc");
    input
        .onError(error -> log.add("never"))
        .onEnd(() -> log.add("never"))
        .onClose(cause -> log.add(cause.code()))
        .onData(data -> {
          throw new IllegalStateException("thrown for " + data);
        });

    await().until(() -> !log.isEmpty());
    assertThat(log).containsExactly("LISTENER_FAILED");
    assertThat(Uncaught.next()).hasMessage("thrown for abc");
  }

  @Test
  void anEndListenerThatThrowsEndsTheInputToo() {
    Input input = input("");
    input
        .onClose(cause -> log.add(cause.code()))
        .onEnd(() -> {
          throw new IllegalStateException("at the end");
        })
        .resume();

    await().until(() -> !log.isEmpty());
    assertThat(log).containsExactly("LISTENER_FAILED");
    assertThat(Uncaught.next()).hasMessage("at the end");
  }

  @Test
  void aListenerOfOutputThatThrowsEndsTheOutput() {
    Output output = new Output("out", new ByteArrayOutputStream(), loop);
    output
        .onClose(cause -> log.add(cause.code()))
        .onDrain(() -> {
          throw new IllegalStateException("at the drain");
        });
    output.write("x".repeat(100_000));

    await().until(() -> !log.isEmpty());
    assertThat(log).containsExactly("LISTENER_FAILED");
    assertThat(Uncaught.next()).hasMessage("at the drain");
  }

  @Test
  void anErrorWithoutListenerReachesTheUncaughtHandler() {
    input(brokenInput()).resume();
    await().until(() -> Uncaught.next().getMessage().equals("Reading in failed: broken"));

    new Output("out", brokenOutput(), loop).write("x");
    await().until(() -> Uncaught.next().getMessage().equals("Writing to out failed: broken"));
  }

  @Test
  void anErrorWithListenerReachesThatAlone() {
    Input input = input(brokenInput());
    input.onClose(cause -> log.add("close " + cause.code()));
    input.onError(error -> log.add("error " + error.code())).resume();

    await().until(() -> log.size() == 2);
    assertThat(log).containsExactly("error EIO", "close EIO");
  }

  @Test
  void aWriteAfterTheEndIsToldSoAlsoWhereEverythingIsOver() {
    Output output = new Output("out", new ByteArrayOutputStream(), loop);
    output.onClose(cause ->
        output.write(
            Buffer.from("late"), failure -> log.add(failure == null ? "" : failure.code())));
    output.end();

    await().until(() -> !log.isEmpty());
    assertThat(log).containsExactly("ERR_STREAM_WRITE_AFTER_END");
  }

  @Test
  void whoIsToldOnAnotherThreadThatItIsFullIsToldOfTheDrain() throws Exception {
    Output output = new Output("out", new ByteArrayOutputStream(), loop);
    AtomicInteger drains = new AtomicInteger();
    CountDownLatch held = new CountDownLatch(1);
    output.onDrain(drains::incrementAndGet);
    output.write(Buffer.from("first"));
    await().until(() -> output.writableLength() == 0);
    loop.execute(() -> {
      try {
        held.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });

    // Both are on their way to the loop: it is the second that does not fit.
    assertThat(output.write(bytes(OutboxLimits.defaults().highWaterMark() - 1))).isTrue();
    assertThat(output.write("xy")).isFalse();
    held.countDown();
    await().until(() -> drains.get() == 1);
    assertThat(output.writableLength()).isZero();
    output.end();
  }

  @Test
  void outputThatDrainsBeforeAPipeFromAnotherLoopHearsItIsNotWaitedFor() throws Exception {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    Output output = new Output("drains-early", stream, loop);
    CompletableFuture<Loop> others = new CompletableFuture<>();
    Workers workers = Workers.fork(1, () -> others.complete(Loop.current()));
    Loop other = others.get(5, TimeUnit.SECONDS);
    Input source = new Input("in", new ByteArrayInputStream(new byte[7]), other);
    int full = OutboxLimits.defaults().highWaterMark();
    CompletableFuture<Void> held = new CompletableFuture<>();
    loop.execute(() -> {
      output.write(bytes(full));
      // The news that it has been written is on its way to this loop once its thread waits again.
      await().until(() -> stream.size() == full && isWaiting("netloop-drains-early"));
      source.pipe(output);
      CompletableFuture<Void> looked = new CompletableFuture<>();
      other.execute(() -> looked.complete(null));
      looked.join();
      held.complete(null);
    });

    held.get(10, TimeUnit.SECONDS);
    await().until(() -> stream.size() == full + 7);
    assertThat(workers.close(Duration.ZERO)).succeedsWithin(10, TimeUnit.SECONDS);
  }

  @Test
  void manySmallWritesForAReaderThatStandsStillEndTheOutput() {
    CountDownLatch reads = new CountDownLatch(1);
    Output output =
        new Output(
            "out",
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                try {
                  reads.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
              }
            },
            loop);
    output.onError(error -> log.add(error.getMessage()));
    CompletableFuture<Integer> told = new CompletableFuture<>();
    loop.execute(() -> {
      int written = 0;
      do {
        output.write("x");
        written++;
      } while (output.writableLength() == written && written < 1_000_000);
      told.complete(written);
    });

    assertThat(told.orTimeout(10, TimeUnit.SECONDS).join()).isBetween(100_000, 200_000);
    await().until(() -> !log.isEmpty());
    reads.countDown();
    assertThat(log.getFirst())
        .startsWith("Nobody reads out: what is queued takes ")
        .endsWith(" bytes, more than the limit of 16777216.");
  }

  private static boolean isWaiting(String thread) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(one -> one.getName().equals(thread) && one.getState() == Thread.State.WAITING);
  }

  private static Buffer bytes(int count) {
    return Buffer.from(new byte[count]);
  }

  private Input input(String text) {
    return input(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private Input input(InputStream stream) {
    return new Input("in", stream, loop);
  }

  private static InputStream brokenInput() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("broken");
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        throw new IOException("broken");
      }
    };
  }

  private static OutputStream brokenOutput() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("broken");
      }
    };
  }
}
