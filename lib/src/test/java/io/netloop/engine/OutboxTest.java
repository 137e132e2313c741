package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The way out over a kernel that takes, holds or refuses bytes as the test says. */
@ExtendWith(NothingLeaks.class)
class OutboxTest {
  private static final int HIGH_WATER = 100;
  private static final long HARD = 1000;
  private static final long SOFT = 500;

  private final Reactor reactor = Reactor.current();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Kernel kernel = new Kernel();
  private final EmbeddedChannel channel = new EmbeddedChannel(kernel);
  private final Connection connection = new Connection();
  private Outbox outbox = newOutbox(SOFT, TimeUnit.DAYS.toNanos(1));

  // What leaves, and when

  @Test
  void writesOfOneTurnLeaveInOneWrite() {
    turn(() -> {
      outbox.open(channel);
      write("a");
      write("bc");
      write("d");
      assertThat(kernel.writes).isEmpty();
    });

    assertThat(kernel.writes).containsExactly("abcd");
    assertThat(kernel.flushes).isEqualTo(1);
  }

  @Test
  void writesOfTicksAndImmediatesLeaveWithTheTurnToo() {
    turn(() -> {
      outbox.open(channel);
      write("a");
      reactor.nextTick(() -> write("b"));
      reactor.immediate(() -> write("c"));
    });

    assertThat(kernel.writes).containsExactly("abc");
  }

  @Test
  void eachTurnThatWritesSendsOnce() {
    turn(() -> outbox.open(channel));
    turn(() -> write("a"));
    turn(() -> {});
    turn(() -> write("b"));

    assertThat(kernel.writes).containsExactly("a", "b");
    assertThat(kernel.flushes).isEqualTo(2);
  }

  @Test
  void whatACallbackWritesLeavesWithoutAnotherEvent() {
    turn(() -> {
      outbox.open(channel);
      write("a", failure -> write("b"));
    });

    await().until(() -> kernel.writes.size() == 2);
    assertThat(kernel.writes).containsExactly("a", "b");
  }

  @Test
  void aWritePastTheHighWaterMarkDoesNotWaitForTheEndOfTheTurn() {
    turn(() -> {
      outbox.open(channel);
      assertThat(write("x".repeat(HIGH_WATER - 1))).isTrue();
      assertThat(kernel.writes).isEmpty();
      assertThat(write("y")).isTrue();
      assertThat(kernel.writes).hasSize(1);
      assertThat(outbox.queuedBytes()).isZero();
    });
  }

  @Test
  void flushSendsAtOnce() {
    turn(() -> {
      outbox.open(channel);
      write("a");
      outbox.flush();
      assertThat(kernel.writes).containsExactly("a");
    });

    assertThat(kernel.writes).hasSize(1);
  }

  @Test
  void whatIsWrittenNowIsCopiedWhereItHasToWait() {
    turn(() -> {
      write("a");
      writeNow("b");
      outbox.open(channel);
      writeNow("c");
    });
    assertThat(kernel.writes).containsExactly("abc");
    assertThat(kernel.flushes).isEqualTo(1);
  }

  @Test
  void whatIsWrittenNowCountsForTheLimitsAndForDrain() {
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      writeNow("x".repeat(HIGH_WATER));
      assertThat(outbox.wantsDrain()).isTrue();
      writeNow("x".repeat((int) HARD));
      writeNow("too much");
    });

    assertThat(log).containsExactly("limit 1164 > 1000 for 0");
    assertThat(outbox.queuedBytes()).isEqualTo(1100);
    turn(() -> kernel.take());
    turn(() -> kernel.takeAll());
    assertThat(log).containsExactly("limit 1164 > 1000 for 0", "drained", "emptied");
  }

  @Test
  void handsOverAtMostOneChunkAtATime() {
    outbox = withoutLimits();
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("x".repeat(600_000));
    });
    assertThat(kernel.writes).extracting(String::length).containsExactly(262_144);
    assertThat(outbox.queuedBytes()).isEqualTo(600_000);

    turn(() -> kernel.take());
    assertThat(kernel.writes).extracting(String::length).containsExactly(262_144, 262_144);
    assertThat(outbox.queuedBytes()).isEqualTo(600_000 - 262_144);

    turn(() -> kernel.take());
    turn(() -> kernel.take());
    assertThat(kernel.writes)
        .extracting(String::length)
        .containsExactly(262_144, 262_144, 600_000 - 2 * 262_144);
    assertThat(outbox.queuedBytes()).isZero();
  }

  @Test
  void whatIsWrittenWhileAChunkIsUnderWayGoesOutTogetherAfterIt() {
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("first");
    });
    turn(() -> write("a"));
    turn(() -> write("b"));
    assertThat(kernel.writes).containsExactly("first");

    turn(() -> kernel.take());
    assertThat(kernel.writes).containsExactly("first", "ab");
    turn(() -> kernel.take());
  }

  @Test
  void writesBeforeTheConnectionIsThereWaitForIt() {
    turn(() -> {
      assertThat(write("early")).isTrue();
      assertThat(write("x".repeat(HIGH_WATER))).isFalse();
    });
    assertThat(kernel.writes).isEmpty();
    turn(() -> outbox.open(channel));

    assertThat(kernel.writes).containsExactly("early" + "x".repeat(HIGH_WATER));
    assertThat(log).containsExactly("drained", "emptied");
  }

  @Test
  void copiesNothingBeforeItSends() {
    byte[] shared = bytes("broadcast");
    List<Outbox> many = new ArrayList<>();
    List<Kernel> kernels = new ArrayList<>();
    turn(() -> {
      for (int i = 0; i < 3; i++) {
        Outbox one = newOutbox(SOFT, TimeUnit.DAYS.toNanos(1));
        Kernel its = new Kernel();
        one.open(new EmbeddedChannel(its));
        its.full = true;
        one.write(bytes("."), 0, 1, null);
        one.flush();
        one.write(shared, 5, 4, null);
        many.add(one);
        kernels.add(its);
      }
    });
    // Only a test may change what was written: if it shows everywhere, nobody made a copy.
    shared[5] = 'C';
    turn(() -> kernels.forEach(Kernel::take));

    assertThat(kernels).allSatisfy(its -> assertThat(its.writes).containsExactly(".", "Cast"));
    assertThat(many).allMatch(one -> one.queuedBytes() == 4);
    turn(() -> kernels.forEach(Kernel::take));
  }

  @Test
  void keepsTheBytesInOrderWhateverTheSizesAndTheKernelsMood() {
    outbox = withoutLimits();
    Random random = new Random(5);
    StringBuilder sent = new StringBuilder();
    turn(() -> outbox.open(channel));
    for (int round = 0; round < 200; round++) {
      turn(() -> {
        kernel.full = random.nextBoolean();
        if (!kernel.full) {
          kernel.takeAll();
        }
        for (int i = random.nextInt(9); i >= 0; i--) {
          String text = Integer.toString(random.nextInt(1 << 30)).repeat(random.nextInt(8));
          sent.append(text);
          write(text);
        }
      });
    }
    turn(() -> {
      kernel.full = false;
      kernel.takeAll();
    });

    assertThat(String.join("", kernel.writes)).isEqualTo(sent.toString());
    assertThat(outbox.queuedBytes()).isZero();
    assertThat(outbox.acceptedBytes()).isEqualTo(sent.length());
    assertThat(outbox.isEmpty()).isTrue();
  }

  // Cork

  @Test
  void corkHoldsBackUntilAsManyUncorks() {
    turn(() -> {
      outbox.open(channel);
      outbox.cork();
      outbox.cork();
      write("a");
    });
    turn(() -> {
      outbox.uncork();
      write("bc");
    });
    assertThat(kernel.writes).isEmpty();
    assertThat(outbox.corks()).isEqualTo(1);
    turn(() -> {
      outbox.uncork();
      write("def");
    });

    assertThat(kernel.writes).containsExactly("abcdef");
    assertThat(outbox.corks()).isZero();
  }

  @Test
  void uncorkFullyEndsAllCorksAndOneTooManyIsNoError() {
    turn(() -> {
      outbox.open(channel);
      outbox.cork();
      outbox.cork();
      write("a");
      outbox.uncorkFully();
      outbox.uncork();
      outbox.uncork();
    });
    turn(() -> write("b"));

    assertThat(kernel.writes).containsExactly("a", "b");
  }

  @Test
  void corkedBytesPastTheHighWaterMarkAreToldFullAndDrainAfterTheUncork() {
    turn(() -> {
      outbox.open(channel);
      outbox.cork();
      assertThat(write("x".repeat(HIGH_WATER))).isFalse();
      outbox.flush();
    });
    assertThat(kernel.writes).isEmpty();
    turn(() -> outbox.uncork());

    assertThat(kernel.writes).hasSize(1);
    assertThat(log).containsExactly("drained", "emptied");
  }

  // Answers, drain and receipts

  @Test
  void mayGatherMoreForACallWhileTheKernelTakesAll() {
    turn(() -> {
      outbox.open(channel);
      outbox.cork();
      write("x".repeat(HIGH_WATER + 10));
      assertThat(outbox.isFull()).isFalse();
      write("y".repeat(HIGH_WATER)); // half of what the soft limit allows
      assertThat(outbox.isFull()).isTrue();
      outbox.uncork();
      assertThat(outbox.isFull()).isFalse();

      kernel.full = true;
      write("z".repeat(HIGH_WATER));
      assertThat(outbox.isFull()).isTrue();
    });

    turn(() -> {
      kernel.full = false;
      kernel.takeAll();
      assertThat(outbox.isFull()).isFalse();
      write("z".repeat(HIGH_WATER));
      assertThat(outbox.isFull()).isFalse();

      outbox.cork();
      write("x".repeat(HIGH_WATER + 10));
      assertThat(outbox.isFull()).isFalse(); // it takes all again
      outbox.uncork();
    });
  }

  @Test
  void isFullFromTheHighWaterMarkOnAndDrainsOncePerFullness() {
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      assertThat(write("x".repeat(HIGH_WATER - 1))).isTrue();
      assertThat(outbox.wantsDrain()).isFalse();
      assertThat(write("x")).isFalse();
      assertThat(write("x")).isFalse();
      assertThat(outbox.wantsDrain()).isTrue();
    });
    turn(() -> kernel.takeAll());
    assertThat(log).containsExactly("drained", "emptied");
    assertThat(outbox.wantsDrain()).isFalse();

    turn(() -> {
      write("small");
      kernel.takeAll();
    });
    turn(() -> kernel.takeAll());
    assertThat(log).containsExactly("drained", "emptied", "emptied");
  }

  @Test
  void doesNotDrainBeforeAllIsGone() {
    outbox = withoutLimits();
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("x".repeat(300_000));
    });
    turn(() -> kernel.take());
    assertThat(log).isEmpty();
    turn(() -> kernel.take());
    assertThat(log).containsExactly("drained", "emptied");
  }

  @Test
  void tellsEachWriteLaterInOrderWhenItsBytesAreGone() {
    outbox = withoutLimits();
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("a", failure -> log.add("a " + failure));
      write("x".repeat(300_000), failure -> log.add("big " + failure));
      write("", failure -> log.add("empty " + failure));
      log.add("returned");
    });
    assertThat(log).containsExactly("returned");
    turn(() -> kernel.take());
    assertThat(log).containsExactly("returned", "a null");
    turn(() -> kernel.take());
    assertThat(log)
        .containsExactly("returned", "a null", "drained", "emptied", "big null", "empty null");
  }

  @Test
  void tellsOfAnEmptyWriteOnAnEmptyQueueToo() {
    turn(() -> {
      outbox.open(channel);
      assertThat(write("", failure -> log.add("empty " + failure))).isTrue();
      assertThat(outbox.isEmpty()).isFalse();
      log.add("returned");
    });

    assertThat(log).containsExactly("returned", "emptied", "empty null");
    assertThat(kernel.writes).isEmpty();
  }

  // Limits

  @Test
  void atTheHardLimitTheOwnerDecidesBeforeTheWriteIsTaken() {
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("x".repeat(1001));
      assertThat(log).isEmpty();
      assertThat(write("one more")).isFalse();
    });

    assertThat(log).containsExactly("limit 1001 > 1000 for 0");
    assertThat(outbox.queuedBytes()).isEqualTo(1001);
    turn(() -> kernel.takeAll());
  }

  @Test
  void aWriteOverTheHardLimitIsTakenWhereTheOwnerSaysSo() {
    connection.takesAllTheSame = true;
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("x".repeat(1001));
      assertThat(write("one more")).isFalse();
    });

    assertThat(outbox.queuedBytes()).isEqualTo(1009);
    turn(() -> kernel.takeAll());
    turn(() -> kernel.takeAll());
    assertThat(log).containsExactly("limit 1001 > 1000 for 0", "drained", "emptied");
  }

  @Test
  void whatTheKernelTakesNeverCountsForALimit() {
    turn(() -> {
      outbox.open(channel);
      for (int i = 0; i < 100; i++) {
        assertThat(write("x".repeat(10_000))).isTrue();
      }
    });

    assertThat(log).doesNotContain("limit");
    assertThat(outbox.queuedBytes()).isZero();
  }

  @Test
  void forTheLimitsAPieceCountsWithWhatKeepingItCosts() {
    connection.takesAllTheSame = true;
    turn(() -> {
      outbox.open(channel);
      outbox.cork();
      while (log.isEmpty()) {
        write("x");
      }
      assertThat(log).containsExactly("limit 1040 > 1000 for 0");
      assertThat(outbox.queuedBytes()).isEqualTo(17);
      assertThat(outbox.acceptedBytes()).isEqualTo(17);
    });
    turn(() -> outbox.uncorkFully());
    assertThat(kernel.writes).containsExactly("x".repeat(17));

    turn(() -> write("y"));
    assertThat(log).containsExactly("limit 1040 > 1000 for 0", "emptied", "emptied");
  }

  @Test
  void forTheLimitsAReceiptCountsToo() {
    turn(() -> {
      outbox.open(channel);
      outbox.cork();
      int written = 0;
      while (log.isEmpty()) {
        write("", failure -> {});
        written++;
      }
      assertThat(written).isEqualTo(12);
      assertThat(outbox.queuedBytes()).isZero();
      outbox.uncorkFully();
    });

    assertThat(log).containsExactly("limit 1056 > 1000 for 0", "emptied");
  }

  @Test
  void smallPiecesPassTheSoftLimitAsLargeOnesDo() {
    outbox = newOutbox(SOFT, TimeUnit.MILLISECONDS.toNanos(20));
    turn(() -> {
      outbox.open(channel);
      outbox.cork();
      for (int i = 0; i < 8; i++) {
        write("x");
      }
    });

    await().until(() -> log.contains("limit 520 > 500 for 20000000"));
    turn(() -> outbox.uncorkFully());
  }

  @Test
  void theSoftLimitMayBePassedForItsTimeAndNoLonger() {
    outbox = newOutbox(SOFT, TimeUnit.MILLISECONDS.toNanos(20));
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("x".repeat(501));
    });
    assertThat(log).isEmpty();

    await().until(() -> log.contains("limit 501 > 500 for 20000000"));
    turn(() -> kernel.takeAll());
  }

  @Test
  void theSoftLimitIsForgottenOnceTheQueueIsUnderIt() {
    outbox = newOutbox(SOFT, TimeUnit.MILLISECONDS.toNanos(20));
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("x".repeat(501));
    });
    turn(() -> kernel.takeAll());
    CompletableFuture<Void> later = new CompletableFuture<>();
    turn(() -> reactor.schedule(() -> later.complete(null), TimeUnit.MILLISECONDS.toNanos(60)));

    assertThat(later).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(log).containsExactly("drained", "emptied");
  }

  @Test
  void theSoftLimitIsToldAgainWhileTheOwnerLetsItPass() {
    connection.takesAllTheSame = true;
    outbox = newOutbox(SOFT, TimeUnit.MILLISECONDS.toNanos(5));
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("x".repeat(501));
    });

    await().until(() -> log.size() >= 3);
    turn(() -> kernel.takeAll());
  }

  // Failures

  @Test
  void aRefusedWriteIsTheOwnersBusiness() {
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("a", failure -> log.add("a " + failure.getMessage()));
    });
    turn(() -> kernel.refuse(new IOException("Broken pipe")));

    assertThat(log).containsExactly("failed Broken pipe", "a Broken pipe");
  }

  @Test
  void afterCloseEveryWriteNotDoneIsToldLaterAndInOrder() {
    turn(() -> {
      outbox.open(channel);
      kernel.full = true;
      write("a", failure -> log.add("a " + failure.getMessage()));
      write("b", failure -> log.add("b " + failure.getMessage()));
      outbox.flush();
      outbox.close(new IOException("gone"));
      outbox.close(new IOException("again"));
      log.add("returned");
    });
    turn(() -> kernel.takeAll());

    assertThat(log).containsExactly("returned", "a gone", "b gone");
  }

  @Test
  void afterCloseNothingLeaves() {
    turn(() -> {
      outbox.open(channel);
      write("a");
      outbox.close(new IOException("gone"));
    });

    assertThat(kernel.writes).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void noMemoryForAChunkEndsThisConnectionAndNotTheLoop() {
    AtomicBoolean alive = new AtomicBoolean();
    channel.config().setAllocator(exhausted());
    turn(() -> {
      outbox.open(channel);
      write("a");
    });
    turn(() -> alive.set(true));

    assertThat(log).containsExactly("failed no direct memory");
    assertThat(alive).isTrue();
  }

  private static ByteBufAllocator exhausted() {
    return (ByteBufAllocator)
        Proxy.newProxyInstance(
            ByteBufAllocator.class.getClassLoader(),
            new Class<?>[] {ByteBufAllocator.class},
            (allocator, method, arguments) -> {
              throw new OutOfMemoryError("no direct memory");
            });
  }

  private Outbox withoutLimits() {
    return new Outbox(
        reactor, connection, HIGH_WATER, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private Outbox newOutbox(long soft, long softNanos) {
    return new Outbox(reactor, connection, HIGH_WATER, HARD, soft, softNanos);
  }

  private boolean write(String text) {
    return write(text, null);
  }

  private boolean write(String text, Outbox.Receipt receipt) {
    byte[] all = bytes("..." + text + "...");
    return outbox.write(all, 3, all.length - 6, receipt);
  }

  /** From an array that is used for something else right after. */
  private void writeNow(String text) {
    byte[] all = bytes("..." + text + "...");
    outbox.writeNow(all, 3, all.length - 6);
    Arrays.fill(all, (byte) '#');
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Runs a task on the loop and returns when the turn after it has ended. */
  private void turn(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    reactor.execute(() -> {
      try {
        task.run();
        reactor.immediate(
            () -> reactor.immediate(() -> reactor.execute(() -> done.complete(null))));
      } catch (Throwable failure) {
        done.completeExceptionally(failure);
      }
    });
    done.orTimeout(5, TimeUnit.SECONDS).join();
  }

  /** Notes what the outbox tells. */
  private final class Connection implements Outbox.Owner {
    private boolean takesAllTheSame;

    @Override
    public void drained() {
      log.add("drained");
    }

    @Override
    public void emptied() {
      log.add("emptied");
    }

    @Override
    public void failed(Throwable failure) {
      log.add("failed " + failure.getMessage());
      outbox.close(failure);
    }

    @Override
    public boolean limitReached(long queuedBytes, long limitBytes, long nanos) {
      log.add("limit %d > %d for %d".formatted(queuedBytes, limitBytes, nanos));
      return takesAllTheSame;
    }
  }

  /** Takes each write at once, or holds it while full. */
  private static final class Kernel extends ChannelOutboundHandlerAdapter {
    private final List<String> writes = new CopyOnWriteArrayList<>();
    private final ArrayDeque<ChannelPromise> held = new ArrayDeque<>();
    private volatile int flushes;
    private boolean full;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ByteBuf data = (ByteBuf) message;
      writes.add(data.toString(StandardCharsets.UTF_8));
      data.release();
      if (full) {
        held.add(promise);
      } else {
        promise.setSuccess();
      }
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
    public void flush(ChannelHandlerContext context) {
      flushes++;
    }

    void take() {
      held.remove().setSuccess();
    }

    void takeAll() {
      while (!held.isEmpty()) {
        take();
      }
    }

    void refuse(Throwable failure) {
      held.remove().setFailure(failure);
    }
  }
}
