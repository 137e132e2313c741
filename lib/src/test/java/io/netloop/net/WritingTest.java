package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.engine.Transport;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.OutboxLimits.AtLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Writing and backpressure over real sockets. */
class WritingTest extends TcpTest {
  private final Events events = new Events();

  @Test
  void writesOfOneTurnArriveAsOnePiece() {
    Pair pair = pair();
    List<String> pieces = new CopyOnWriteArrayList<>();
    pair.accepted().onData(data -> pieces.add(data.toString()));
    onLoop(() -> {
      for (int i = 0; i < 10; i++) {
        pair.client().write("" + i);
      }
    });

    await().until(() -> !pieces.isEmpty());
    assertThat(pieces).containsExactly("0123456789");
  }

  @Test
  void aWriteThatTheKernelTakesWholeIsNotFullWhateverItsSize() {
    assumeTrue(Transport.chosen() != Transport.IO_URING, "io_uring takes nothing at once");
    Pair pair = pair();
    AtomicLong read = new AtomicLong();
    pair.accepted().onData(data -> read.addAndGet(data.length()));
    onLoop(() -> {
      assertThat(pair.client().write(bytes(100_000))).isTrue();
      assertThat(pair.client().writableLength()).isZero();
      assertThat(pair.client().writableNeedDrain()).isFalse();
    });

    await().until(() -> read.get() == 100_000);
  }

  @Test
  void manyBytesArriveUnchangedAndDrainIsToldOncePerFullness() {
    Pair pair = pair();
    Buffer big = bytes(3_000_000);
    List<Buffer> pieces = new CopyOnWriteArrayList<>();
    AtomicInteger drains = new AtomicInteger();
    AtomicInteger full = new AtomicInteger();
    pair.accepted().onData(pieces::add);
    onLoop(() -> {
      pair.client().onDrain(drains::incrementAndGet);
      for (int i = 0; i < 3; i++) {
        full.addAndGet(pair.client().write(big) ? 0 : 1);
      }
      assertThat(pair.client().writableNeedDrain()).isEqualTo(full.get() > 0);
    });

    await().until(() -> pair.accepted().bytesRead() == 9_000_000);
    await().until(() -> pair.client().writableLength() == 0);
    settle();
    assertThat(Buffer.concat(pieces)).isEqualTo(Buffer.concat(List.of(big, big, big)));
    assertThat(full.get()).isPositive();
    assertThat(drains).hasValue(1);
  }

  @Test
  void smallWritesDrainNothing() {
    Pair pair = pair();
    pair.accepted().resume();
    pair.client().onDrain(() -> events.add("drain"));
    for (int i = 0; i < 20; i++) {
      pair.client().write("small");
    }

    await().until(() -> pair.accepted().bytesRead() == 100);
    settle();
    assertThat(events.list()).isEmpty();
  }

  @Test
  void callbacksComeLaterAndInOrderWithEndAndFinishLast() {
    Pair pair = pair();
    pair.accepted().resume();
    onLoop(() -> {
      TcpSocket c = pair.client();
      c.onFinish(() -> events.add("finish"));
      c.write(bytes(500_000), e -> events.add("w1 " + e));
      c.write(Buffer.empty(), e -> events.add("empty " + e));
      c.write(Buffer.from("x"), e -> events.add("w2 " + e));
      c.end(e -> events.add("end " + e));
      events.add("returned");
    });

    events.areExactly("returned", "w1 null", "empty null", "w2 null", "end null", "finish");
  }

  @Test
  void anEmptyWriteSendsNothingAndIsTold() {
    Pair pair = pair();
    pair.accepted().onData(data -> events.add("data"));
    onLoop(() ->
        assertThat(pair.client().write(Buffer.empty(), e -> events.add("told " + e))).isTrue());
    events.await("told null");
    settle();

    assertThat(events.list()).containsExactly("told null");
    assertThat(pair.client().bytesWritten()).isZero();
  }

  @Test
  void badHexTextSendsNothing() {
    Pair pair = pair();
    assertThat(pair.client().write("zz", "hex")).isTrue();
    settle();

    assertThat(pair.client().bytesWritten()).isZero();
  }

  @Test
  void corkedWritesArriveAsOnePiece() {
    Pair pair = pair();
    List<String> pieces = new CopyOnWriteArrayList<>();
    pair.accepted().onData(data -> pieces.add(data.toString()));
    pair.client().cork().cork();
    pair.client().write("a");
    settle();
    pair.client().write("bc");
    settle();
    pair.client().uncork();
    settle();
    assertThat(pair.client().writableCorked()).isEqualTo(1);
    pair.client().write("def");
    settle();
    assertThat(pieces).isEmpty();
    assertThat(pair.client().writableLength()).isEqualTo(6);
    pair.client().uncork();

    await().until(() -> !pieces.isEmpty());
    assertThat(pieces).containsExactly("abcdef");
  }

  @Test
  void endEndsAllCorks() {
    Pair pair = pair();
    pair.accepted().onData(data -> events.add("data " + data));
    pair.client().cork().cork();
    pair.client().write("corked");
    pair.client().end();

    events.areExactly("data corked");
    await().until(pair.client()::destroyed);
  }

  @Test
  void aSecondEndEndsTheCorksThatCameAfterTheFirst() {
    Pair pair = pair(TcpOptions.defaults(), TcpOptions.defaults().withAllowHalfOpen(true));
    Buffer more = bytes(8 << 20);
    AtomicInteger received = new AtomicInteger();
    pair.accepted().onData(data -> received.addAndGet(data.length()));
    pair.client().write(more);
    pair.client().end().cork();
    settle();
    pair.client().end();

    await().until(() -> received.get() == more.length());
    pair.client().destroy();
  }

  @Test
  void drainIsNotToldAfterTheEnd() {
    Pair pair = pair();
    pair.client().onDrain(() -> events.add("drain")).onFinish(() -> events.add("finish"));
    pair.client().onClose(cause -> events.add("close"));
    pair.accepted().onData(data -> {});
    onLoop(() -> {
      assertThat(pair.client().write(bytes(8 << 20))).isFalse();
      pair.client().end();
    });

    events.areExactly("finish", "close");
  }

  @Test
  void flushSendsBeforeTheTurnIsOver() {
    assumeTrue(Transport.chosen() != Transport.IO_URING, "io_uring takes nothing at once");
    Pair pair = pair();
    onLoop(() -> {
      pair.client().write("now");
      assertThat(pair.client().writableLength()).isEqualTo(3);
      pair.client().flush();
      assertThat(pair.client().writableLength()).isZero();
    });
  }

  @Test
  void writesTextBytesAndEncodedText() {
    Pair pair = pair();
    pair.accepted().onData(data -> events.add("data " + data));
    pair.client().write("é");
    pair.client().write(new byte[] {'b'});
    pair.client().write("aGk=", "base64");
    pair.client().end(Buffer.from("!"));

    await().until(() -> events.has("data ébhi!"));
  }

  @Test
  void oneBufferForManyReceiversIsKeptOnce() {
    TcpOptions unlimited =
        TcpOptions.defaults()
            .withLimits(
                OutboxLimits.defaults()
                    .withHardLimit(OutboxLimits.UNLIMITED)
                    .withSoftLimit(OutboxLimits.UNLIMITED, Duration.ofDays(1)));
    int receivers = 40;
    int messages = 10;
    List<TcpSocket> accepted = new CopyOnWriteArrayList<>();
    TcpServer server = listen(unlimited, accepted::add);
    for (int i = 0; i < receivers; i++) {
      connect(server, TcpSocket::pause);
    }
    await().until(() -> accepted.size() == receivers);
    System.gc();
    long before = used();
    onLoop(() -> {
      for (int m = 0; m < messages; m++) {
        Buffer message = bytes(8_000_000);
        accepted.forEach(socket -> socket.write(message));
      }
    });
    System.gc();

    long queued = onLoop(() -> accepted.stream().mapToLong(TcpSocket::writableLength).sum());
    assertThat(queued).isGreaterThan(1_000_000_000L);
    assertThat(used() - before).isLessThan(200_000_000L);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  // Limits

  @Test
  void aPeerThatNeverReadsIsClosedAtTheHardLimitWithItsCause() {
    OutboxLimits limits = OutboxLimits.defaults().withHardLimit(1_000_000);
    Pair pair = pair(TcpOptions.defaults(), TcpOptions.defaults().withLimits(limits));
    pair.client().pause();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    onLoop(() -> {
      TcpSocket s = pair.accepted();
      s.onError(error -> events.add(error.code()));
      s.onClose(closed::complete);
      Runnable[] more = new Runnable[1];
      Buffer piece = bytes(100_000);
      more[0] =
          () -> {
            if (!s.destroyed()) {
              s.write(piece);
              assertThat(s.writableLength()).isLessThanOrEqualTo(1_100_000);
              loop.setImmediate(more[0]);
            }
          };
      more[0].run();
    });

    CloseCause cause = closed.orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(cause.by()).isEqualTo(By.US);
    assertThat(cause.code()).isEqualTo("ERR_OUTBOX_LIMIT");
    // Each of the ten or eleven pieces counts with 64 bytes more than it has.
    assertThat(cause.queuedBytes()).isBetween(1_000_000L - 11 * 64, 1_100_000L);
    assertThat(cause.error())
        .hasMessageStartingWith(
            "The peer reads too slowly: %d bytes are queued", cause.queuedBytes())
        .hasMessageEndingWith(", more than the limit of 1000000.");
    assertThat(events.list()).containsExactly("ERR_OUTBOX_LIMIT");
  }

  @Test
  void manySmallWritesForAPeerThatNeverReadsTakeNoMoreMemoryThanTheLimit() {
    Pair pair = pair();
    pair.client().pause();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    TcpSocket s = pair.accepted();
    onLoop(() -> {
      s.onError(error -> events.add(error.code()));
      s.onClose(closed::complete);
    });
    fillTheSystem(s);
    long full = s.writableLength();
    long before = usedAfterCollection();
    int small = 0;
    int atOnce = 10_000;
    long[] most = new long[1];
    while (!s.destroyed()) {
      most[0] = Math.max(most[0], usedAfterCollection() - before);
      onLoop(() -> {
        long written = s.bytesWritten();
        for (int i = 1; i <= atOnce && !s.destroyed(); i++) {
          s.write(Buffer.from(new byte[1]));
          assertThat(s.destroyed() || s.bytesWritten() == written + i).isTrue();
        }
      });
      small += atOnce;
    }

    CloseCause cause = closed.orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(cause.code()).isEqualTo("ERR_OUTBOX_LIMIT");
    assertThat(small).isBetween(200_000, 300_000);
    assertThat(cause.queuedBytes()).isBetween(full + small - atOnce, full + small);
    assertThat(most[0]).isBetween(8L << 20, 18L << 20);
    assertThat(cause.error())
        .hasMessageContaining("%d bytes are queued in pieces so small", cause.queuedBytes())
        .hasMessageEndingWith("more than the limit of 16777216.");
  }

  /** Writes until the system takes no more, and leaves hardly anything queued here. */
  private void fillTheSystem(TcpSocket s) {
    Buffer piece = bytes(100_000);
    await()
        .during(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            onLoop(() -> {
              boolean full = s.writableLength() > 0;
              if (!full) {
                s.write(piece);
              }
              return full;
            }));
  }

  private static long usedAfterCollection() {
    System.gc();
    return used();
  }

  @Test
  void manyEmptyWritesWithCallbacksArePastTheLimitToo() {
    OutboxLimits limits = OutboxLimits.defaults().withHardLimit(1_000_000);
    Pair pair = pair(TcpOptions.defaults(), TcpOptions.defaults().withLimits(limits));
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    AtomicInteger told = new AtomicInteger();
    int[] written = new int[1];
    onLoop(() -> {
      TcpSocket s = pair.accepted();
      s.onError(error -> events.add(error.code()));
      s.onClose(closed::complete);
      s.cork();
      s.write("x");
      while (!s.destroyed() && written[0] < 1_000_000) {
        s.write(Buffer.empty(), failure -> told.incrementAndGet());
        written[0]++;
      }
      assertThat(s.writableLength()).isZero();
    });

    CloseCause cause = closed.orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(cause.code()).isEqualTo("ERR_OUTBOX_LIMIT");
    assertThat(cause.queuedBytes()).isEqualTo(1);
    assertThat(written[0]).isBetween(5_000, 20_000);
    await().until(() -> told.get() == written[0]);
  }

  @Test
  void aPeerThatReadsTooSlowlyForTooLongIsClosedAtTheSoftLimit() {
    OutboxLimits limits = OutboxLimits.defaults().withSoftLimit(1_000_000, Duration.ofMillis(1200));
    Pair pair = pair(TcpOptions.defaults(), TcpOptions.defaults().withLimits(limits));
    pair.client().pause();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    onLoop(() -> {
      pair.accepted().onError(error -> events.add(error.code()));
      pair.accepted().onClose(closed::complete);
      pair.accepted().write(bytes(8_000_000));
    });

    CloseCause cause = closed.orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(cause.code()).isEqualTo("ERR_OUTBOX_LIMIT");
    assertThat(cause.error()).hasMessageEndingWith("more than the limit of 1000000 for 1200 ms.");
  }

  @Test
  void aPeerThatCatchesUpInTimeStays() {
    OutboxLimits limits = OutboxLimits.defaults().withSoftLimit(100_000, Duration.ofMillis(300));
    Pair pair = pair(TcpOptions.defaults(), TcpOptions.defaults().withLimits(limits));
    pair.accepted().write(bytes(8_000_000));
    pair.client().resume();
    await().until(() -> pair.client().bytesRead() == 8_000_000);

    await()
        .during(Duration.ofMillis(400))
        .atMost(Duration.ofSeconds(2))
        .until(() -> !pair.accepted().destroyed());
  }

  @Test
  void withPauseSourceTheLimitPausesThePipeAndTheDrainResumesIt() {
    OutboxLimits limits =
        OutboxLimits.defaults()
            .withHighWaterMark(10_000_000)
            .withHardLimit(200_000)
            .withAtLimit(AtLimit.PAUSE_SOURCE);
    Pair in = pair();
    Pair out = pair(TcpOptions.defaults(), TcpOptions.defaults().withLimits(limits));
    out.client().pause();
    onLoop(() -> in.accepted().pipe(out.accepted()));
    Buffer all = bytes(12_000_000);
    onLoop(() -> in.client().write(all));
    await().until(() -> in.accepted().isPaused());
    settle();
    assertThat(out.accepted().writableLength()).isLessThan(2_000_000);
    assertThat(out.accepted().destroyed()).isFalse();
    List<Buffer> got = new ArrayList<>();
    onLoop(() -> out.client().onData(got::add));
    out.client().resume();

    await().until(() -> out.client().bytesRead() == 12_000_000);
    assertThat(onLoop(() -> Buffer.concat(got))).isEqualTo(all);
  }

  @Test
  void withPauseSourceAWriterThatIsNoPipeIsStillBounded() {
    OutboxLimits limits =
        OutboxLimits.defaults().withHardLimit(200_000).withAtLimit(AtLimit.PAUSE_SOURCE);
    Pair in = pair();
    Pair out = pair(TcpOptions.defaults(), TcpOptions.defaults().withLimits(limits));
    out.client().pause();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    onLoop(() -> {
      in.accepted().pipe(out.accepted());
      out.accepted().onError(error -> events.add(error.code()));
      out.accepted().onClose(closed::complete);
      for (int i = 0; i < 200 && !out.accepted().destroyed(); i++) {
        out.accepted().write(bytes(100_000));
      }
    });

    assertThat(closed.orTimeout(5, TimeUnit.SECONDS).join().code()).isEqualTo("ERR_OUTBOX_LIMIT");
    assertThat(events.list()).containsExactly("ERR_OUTBOX_LIMIT");
  }

  @Test
  void withPauseSourceAWriterBesideThePipeDoesNotStopItForEver() {
    OutboxLimits limits =
        OutboxLimits.defaults().withHardLimit(200_000).withAtLimit(AtLimit.PAUSE_SOURCE);
    Pair in = pair();
    Pair out = pair(TcpOptions.defaults(), TcpOptions.defaults().withLimits(limits));
    out.client().pause();
    onLoop(() -> {
      in.accepted().pipe(out.accepted());
      // One write past the limit is taken, and pauses the source, which has sent nothing yet.
      for (int i = 0; i < 200 && !in.accepted().isPaused(); i++) {
        out.accepted().write(bytes(100_000));
      }
      assertThat(in.accepted().isPaused()).isTrue();
      assertThat(out.accepted().destroyed()).isFalse();
    });
    in.client().write("piped");
    out.client().resume();

    await().until(() -> !in.accepted().isPaused());
    await().until(() -> in.accepted().bytesRead() == 5);
    await().until(() -> out.accepted().writableLength() == 0);
    await().until(() -> out.client().bytesRead() == out.accepted().bytesWritten());
  }

  @Test
  void afterTheEndNothingIsQueued() {
    Pair pair = pair();
    pair.accepted().pause();
    onLoop(() -> {
      pair.client().write(bytes(10_000_000));
      assertThat(pair.client().writableLength()).isPositive();
      pair.client().destroy();
      assertThat(pair.client().writableLength()).isZero();
      assertThat(pair.client().writableNeedDrain()).isFalse();
      assertThat(pair.client().bytesWritten()).isEqualTo(10_000_000);
    });
  }
}
