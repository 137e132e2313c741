package io.netloop.testkit;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.OutboxLimits;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Threads that write to one socket: each one's bytes arrive in its order, each write's callback
 * comes once and in order, and who was told "full" is told 'drain'.
 */
class ThreadsPropertyTest {
  private static final int THREADS = 3;
  private static final int HEAD = 5;

  @Test
  void keepsEachThreadsOrderAndDrainsWhomItHasStopped() throws Exception {
    Property.holds("threads", ThreadsPropertyTest::run);
  }

  private static void run(long seed) throws Exception {
    try (Scene scene = new Scene(seed)) {
      long key = scene.random.nextLong();
      Sorter sorter = new Sorter(scene, key);
      CompletableFuture<CloseCause> over = new CompletableFuture<>();
      int port =
          scene.listen(
              TcpOptions.defaults(), socket -> socket.onData(sorter::take).onClose(over::complete));
      int at = scene.proxy(port, scene.faults(false));
      TcpOptions options =
          TcpOptions.defaults()
              .withLimits(
                  OutboxLimits.defaults()
                      .withHighWaterMark(1 << scene.random.nextInt(8, 17))
                      .withHardLimit(64L << 20));
      Drains drains = new Drains();
      TcpSocket client = scene.ask(() -> scene.connect(at, options).onDrain(drains::add));
      List<Writer> writers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        writers.add(new Writer(scene, client, drains, i, key));
      }
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> running = new ArrayList<>();
        writers.forEach(writer -> running.add(threads.submit(writer)));
        for (Future<?> writer : running) {
          writer.get();
        }
      }
      client.end();
      CloseCause cause = over.get(20, TimeUnit.SECONDS);
      scene.check(cause.code().equals("END"), "closed by " + cause);
      for (Writer writer : writers) {
        scene.await("a callback", () -> writer.answers.get() == writer.writes);
        scene.check(
            sorter.received[writer.number] == writer.written,
            "received %d of %d of a thread"
                .formatted(sorter.received[writer.number], writer.written));
      }
      scene.judge();
    }
  }

  /** How often 'drain' came. */
  private static final class Drains {
    private int count;

    synchronized void add() {
      count++;
      notifyAll();
    }

    synchronized int count() {
      return count;
    }

    /** Whether there were more than so many within some seconds. */
    synchronized boolean awaitMoreThan(int before) throws InterruptedException {
      for (int i = 0; i < 100 && count <= before; i++) {
        wait(100);
      }
      return count > before;
    }
  }

  private static final class Writer implements Runnable {
    private final Scene scene;
    private final TcpSocket to;
    private final Drains drains;
    private final SplittableRandom random;
    private final Bytes bytes;
    private final AtomicInteger answers = new AtomicInteger();
    final int number;
    int writes;
    long written;

    Writer(Scene scene, TcpSocket to, Drains drains, int number, long key) {
      this.scene = scene;
      this.to = to;
      this.drains = drains;
      this.number = number;
      this.random = scene.random.split();
      this.bytes = new Bytes(key + number);
    }

    @Override
    public void run() {
      for (int i = random.nextInt(1, 40); i > 0; i--) {
        int length = random.nextInt(random.nextInt(4) == 0 ? 60_000 : 2000);
        Buffer head =
            Buffer.from(
                new byte[] {
                  (byte) number, 0, (byte) (length >> 16), (byte) (length >> 8), (byte) length
                });
        Buffer message = Buffer.concat(List.of(head, bytes.from(written, length)));
        written += length;
        int before = drains.count();
        int write = writes++;
        boolean room =
            to.write(
                message,
                failure ->
                    scene.check(
                        failure == null && answers.getAndIncrement() == write,
                        "a callback out of order, or " + failure));
        try {
          if (!room && random.nextBoolean() && !drains.awaitMoreThan(before)) {
            scene.wrong.add("no drain after a write that returned false");
            return;
          }
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  /** Takes the messages apart. */
  private static final class Sorter {
    private final Scene scene;
    private final long key;
    private final byte[] head = new byte[HEAD];
    private final long[] received = new long[THREADS];
    private int headBytes;
    private int left;

    Sorter(Scene scene, long key) {
      this.scene = scene;
      this.key = key;
    }

    void take(Buffer data) {
      int at = 0;
      while (at < data.length()) {
        if (left == 0) {
          head[headBytes++] = (byte) data.get(at++);
          if (headBytes < HEAD) {
            continue;
          }
          headBytes = 0;
          left =
              Byte.toUnsignedInt(head[2]) << 16
                  | Byte.toUnsignedInt(head[3]) << 8
                  | Byte.toUnsignedInt(head[4]);
          continue;
        }
        int length = Math.min(left, data.length() - at);
        int thread = head[0];
        int bad = new Bytes(key + thread).firstWrong(data.slice(at, at + length), received[thread]);
        scene.check(bad < 0, "a wrong byte of thread " + thread);
        received[thread] += length;
        left -= length;
        at += length;
      }
    }
  }
}
