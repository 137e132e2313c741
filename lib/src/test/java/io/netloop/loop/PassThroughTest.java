package io.netloop.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.Uncaught;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeaks.class)
class PassThroughTest {
  private static final int HIGH = OutboxLimits.defaults().highWaterMark();

  private final Loop loop = Loop.current();
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  private PassThrough listened() {
    PassThrough stream = new PassThrough();
    stream
        .onDrain(() -> events.add("drain"))
        .onFinish(() -> events.add("finish"))
        .onEnd(() -> events.add("end"))
        .onError(error -> events.add("error " + error.code()))
        .onClose(cause -> events.add("close " + cause.code()));
    return stream;
  }

  private void hear(PassThrough stream) {
    stream.onData(data -> events.add("data " + data));
  }

  private void onLoop(Runnable work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        work.run();
        done.complete(null);
      } catch (Throwable failure) {
        done.completeExceptionally(failure);
      }
    });
    done.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private void becomes(String... expected) {
    await().untilAsserted(() -> assertThat(List.copyOf(events)).containsExactly(expected));
  }

  @Test
  void givesWhatIsWrittenInOrderAndThenItsEnd() {
    onLoop(() -> {
      PassThrough stream = listened();
      hear(stream);
      stream.write("a");
      stream.write("b");
      stream.end("c");
    });
    becomes("data a", "data b", "data c", "finish", "end", "close END");
  }

  @Test
  void keepsWhatIsWrittenUntilSomebodyListens() {
    PassThrough[] stream = new PassThrough[1];
    onLoop(() -> {
      stream[0] = listened();
      stream[0].write("a");
      stream[0].end();
    });
    becomes("finish");
    onLoop(() -> hear(stream[0]));
    becomes("finish", "data a", "end", "close END");
  }

  @Test
  void givesNothingWhilePaused() {
    PassThrough[] stream = new PassThrough[1];
    onLoop(() -> {
      stream[0] = listened().pause();
      hear(stream[0]);
      stream[0].write("a");
    });
    onLoop(() -> {
      assertThat(events).isEmpty();
      assertThat(stream[0].isPaused()).isTrue();
      assertThat(stream[0].writableLength()).isEqualTo(1);
      stream[0].resume();
    });
    becomes("data a");
    onLoop(() -> {
      assertThat(stream[0].isPaused()).isFalse();
      assertThat(stream[0].writableLength()).isZero();
      stream[0].end();
    });
    becomes("data a", "finish", "end", "close END");
  }

  @Test
  void stopsInTheMiddleWhereAListenerPauses() {
    PassThrough[] stream = new PassThrough[1];
    onLoop(() -> {
      stream[0] = listened();
      stream[0].write("a");
      stream[0].write("b");
      stream[0].onData(data -> {
        events.add("data " + data);
        stream[0].pause();
      });
    });
    becomes("data a");
    onLoop(stream[0]::resume);
    becomes("data a", "data b");
    onLoop(() -> stream[0].resume().end());
    becomes("data a", "data b", "finish", "end", "close END");
  }

  @Test
  void saysThatItIsFullAndTellsWhenItIsNoMore() {
    PassThrough[] stream = new PassThrough[1];
    onLoop(() -> {
      stream[0] = listened();
      assertThat(stream[0].write(Buffer.from(new byte[HIGH - 1]))).isTrue();
      assertThat(stream[0].writableNeedDrain()).isFalse();
      assertThat(stream[0].write("x")).isFalse();
      assertThat(stream[0].writableNeedDrain()).isTrue();
      assertThat(events).isEmpty();
      stream[0].onData(data -> events.add("data " + data.length()));
    });
    becomes("data " + (HIGH - 1), "data 1", "drain");
    onLoop(() -> {
      assertThat(stream[0].writableNeedDrain()).isFalse();
      stream[0].end();
    });
    becomes("data " + (HIGH - 1), "data 1", "drain", "finish", "end", "close END");
  }

  @Test
  void isNeverFullForAListenerThatTakesAll() {
    onLoop(() -> {
      PassThrough stream = listened();
      stream.onData(data -> events.add("data " + data.length()));
      stream.write(Buffer.from(new byte[HIGH]));
    });
    becomes("data " + HIGH, "drain");
    onLoop(() -> {
      events.clear();
      PassThrough stream = listened();
      stream.onData(data -> {});
      loop.nextTick(() ->
          loop.nextTick(() -> {
            for (int i = 0; i < 100; i++) {
              assertThat(stream.write(Buffer.from(new byte[HIGH]))).isTrue();
            }
            stream.end();
          }));
    });
    becomes("finish", "end", "close END");
  }

  @Test
  void endsAWriterWhoNeverStops() {
    long hard = OutboxLimits.defaults().hardLimitBytes();
    int piece = 1 << 20;
    onLoop(() -> {
      PassThrough stream = listened();
      for (int i = 0; i <= hard / piece + 1; i++) {
        stream.write(
            Buffer.from(new byte[piece]),
            error -> {
              if (error != null) {
                events.add("write " + error.code());
              }
            });
      }
      assertThat(stream.writableLength()).isZero();
    });
    await().until(() -> events.contains("close ERR_OUTBOX_LIMIT"));
    assertThat(events)
        .filteredOn(event -> !event.startsWith("write"))
        .containsExactly("error ERR_OUTBOX_LIMIT", "close ERR_OUTBOX_LIMIT");
    assertThat(events).filteredOn("write ERR_OUTBOX_LIMIT"::equals).hasSize((int) hard / piece + 2);
  }

  @Test
  void boundsAWriterOfNothing() {
    onLoop(() -> {
      PassThrough stream = listened();
      for (int i = 0; i < 300_000; i++) {
        stream.write(Buffer.empty());
      }
    });
    becomes("error ERR_OUTBOX_LIMIT", "close ERR_OUTBOX_LIMIT");
  }

  @Test
  void tellsEachWriterWhenItsPieceWasTaken() {
    onLoop(() -> {
      PassThrough stream = listened();
      stream.write(Buffer.from("a"), error -> events.add("written " + error));
      loop.nextTick(() -> {
        events.add("later");
        hear(stream);
        stream.end();
      });
    });
    becomes("later", "data a", "finish", "written null", "end", "close END");
  }

  @Test
  void refusesAWriteBehindItsEnd() {
    onLoop(() -> {
      PassThrough stream = listened();
      stream.end();
      stream.write(Buffer.from("late"), error -> events.add("write " + error.code()));
    });
    await().until(() -> events.size() >= 3);
    assertThat(events)
        .contains("error ERR_STREAM_WRITE_AFTER_END", "write ERR_STREAM_WRITE_AFTER_END")
        .contains("close ERR_STREAM_WRITE_AFTER_END");
  }

  @Test
  void dropsWhatWaitsWhenItIsDestroyed() {
    onLoop(() -> {
      PassThrough stream = listened();
      stream.write(Buffer.from("a"), error -> events.add("write " + error.code()));
      stream.destroy(new NetException("ENOUGH", "no more"));
      hear(stream);
      assertThat(stream.write("b")).isFalse();
      stream.destroy(new NetException("AGAIN", "no more"));
    });
    becomes("write ENOUGH", "error ENOUGH", "close ENOUGH");
  }

  @Test
  void costsOnlyTheStreamWhereAListenerThrows() {
    onLoop(() -> {
      PassThrough stream = listened();
      stream.onData(data -> {
        throw new IllegalStateException("of the test");
      });
      stream.write("a");
    });
    becomes("close LISTENER_FAILED");
    assertThat(Uncaught.next()).hasMessage("of the test");
  }

  @Test
  void pipesFromOneToAnother() {
    onLoop(() -> {
      PassThrough from = new PassThrough();
      PassThrough to = listened();
      from.pipe(to);
      hear(to);
      from.write("a");
      from.end("b");
    });
    becomes("data a", "data b", "finish", "end", "close END");
  }

  @Test
  void holdsItsSourceBackWhereThePipeIsFull() {
    PassThrough[] both = new PassThrough[2];
    onLoop(() -> {
      both[0] = new PassThrough();
      both[1] = listened().pause();
      both[0].pipe(both[1]);
      for (int i = 0; i < 10; i++) {
        both[0].write(Buffer.from(new byte[HIGH / 2]));
      }
      both[0].end();
    });
    onLoop(() -> {
      assertThat(both[1].writableLength()).isEqualTo(HIGH);
      assertThat(both[0].writableLength()).isEqualTo(4L * HIGH);
      long[] seen = {0};
      both[1].onData(data -> seen[0] += data.length());
      both[1].onEnd(() -> events.add("seen " + seen[0] / HIGH));
      both[1].resume();
    });
    await().until(() -> events.contains("seen 5"));
    await().until(() -> events.contains("close END"));
  }

  @Test
  void takesWritesFromOtherThreadsInTheirOrder() {
    PassThrough[] stream = new PassThrough[1];
    onLoop(() -> {
      stream[0] = listened();
      hear(stream[0]);
    });
    stream[0].write("a");
    stream[0].write("b");
    stream[0].end("c");
    becomes("data a", "data b", "data c", "finish", "end", "close END");
  }

  @Test
  void tellsAWriterOnAnotherThreadOfADrain() {
    PassThrough[] stream = new PassThrough[1];
    onLoop(() -> stream[0] = listened());
    assertThat(stream[0].write(Buffer.from(new byte[HIGH]))).isFalse();
    onLoop(() -> stream[0].onData(data -> {}));
    await().until(() -> events.contains("drain"));
    stream[0].end();
    await().until(() -> events.contains("close END"));
  }

  @Test
  void forgetsAListenerThatWasTakenOut() {
    onLoop(() -> {
      PassThrough stream = listened();
      java.util.function.Consumer<Buffer> gone = data -> events.add("gone " + data);
      hear(stream);
      stream.onData(gone).off(gone);
      stream.end("a");
    });
    becomes("data a", "finish", "end", "close END");
  }
}
