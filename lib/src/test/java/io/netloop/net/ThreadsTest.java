package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Calls from other threads than the loop's. */
class ThreadsTest extends TcpTest {
  private final Events events = new Events();

  @Test
  void aListenerThatComesLateFromAnotherThreadIsToldWhatHappensOnce() {
    TcpServer server = listen(TcpSocket::resume);
    TcpSocket socket = closedLater(Net.createConnection(port(server), "127.0.0.1"));
    socket.resume().end();
    await().until(socket::destroyed);
    settle();
    socket.onConnect(() -> events.add("connect"));
    socket.onReady(() -> events.add("ready"));
    socket.onEnd(() -> events.add("end"));
    socket.onFinish(() -> events.add("finish"));
    socket.onError(error -> events.add("never"));
    socket.onClose(cause -> events.add("close " + cause.code()));

    events.areExactly("connect", "ready", "end", "finish", "close END");
  }

  @Test
  void anErrorListenerThatComesLateFromAnotherThreadIsTold() throws Exception {
    int port = EventOrderTest.freePort();
    TcpSocket socket = Net.createConnection(port, "127.0.0.1");
    await().until(socket::destroyed);
    settle();
    socket.onError(error -> events.add(error.code()));
    socket.onClose(cause -> events.add("close " + cause.hadError()));

    events.areExactly("ECONNREFUSED", "close true");
    settle();
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  @Test
  void anErrorThatNoListenerComesForIsAnUncaughtFailure() throws Exception {
    Net.createConnection(EventOrderTest.freePort(), "127.0.0.1");

    assertThat(Uncaught.next()).hasMessageStartingWith("connect ECONNREFUSED");
  }

  @Test
  void listenersOfAServerThatComeLateAreTold() {
    TcpServer server = closedLater(Net.createServer()).listen(0, "127.0.0.1");
    await().until(server::listening);
    settle();
    server.onListening(() -> events.add("listening"));
    events.await("listening");
    server.close();
    settle();
    server.onClose(() -> events.add("close"));

    events.areExactly("listening", "close");
  }

  @Test
  void theErrorListenerOfAServerThatComesLateIsTold() {
    TcpServer server = Net.createServer().listen(0, "192.0.2.1");
    settle();
    settle();
    server.onError(error -> events.add(error.code()));

    events.areExactly("EADDRNOTAVAIL");
  }

  @Test
  void writesOfEachOfManyThreadsKeepTheirOrder() throws Exception {
    int threads = 8;
    int writes = 2000;
    Pair pair = pair();
    List<Buffer> got = new ArrayList<>();
    onLoop(() -> pair.accepted().onData(got::add));
    CountDownLatch called = new CountDownLatch(threads * writes);
    for (int t = 0; t < threads; t++) {
      byte thread = (byte) t;
      Thread.startVirtualThread(() -> {
        for (int i = 0; i < writes; i++) {
          Buffer piece = Buffer.from(ByteBuffer.allocate(5).put(thread).putInt(i).flip());
          pair.client().write(piece, error -> called.countDown());
        }
      });
    }
    await().until(() -> pair.accepted().bytesRead() == 5L * threads * writes);

    assertThat(called.await(5, TimeUnit.SECONDS)).isTrue();
    ByteBuffer all = onLoop(() -> Buffer.concat(got)).toByteBuffer();
    int[] next = new int[threads];
    while (all.hasRemaining()) {
      int thread = all.get();
      assertThat(all.getInt()).isEqualTo(next[thread]++);
    }
  }

  @Test
  void writeThenEndFromAnotherThreadSendsBoth() {
    Pair pair = pair();
    Events far = onLoop(() -> Events.of(pair.accepted()));
    pair.client().write("first ");
    pair.client().write("second ");
    pair.client().end("third");

    far.areExactly("data first second third", "end", "finish", "close false");
  }

  @Test
  void aThreadThatWaitsForDrainWheneverItIsToldFullNeverWaitsForEver() throws Exception {
    Pair pair = pair();
    pair.accepted().resume();
    Semaphore drained = new Semaphore(0);
    pair.client().onDrain(drained::release);
    Buffer piece = bytes(20_000);
    int waits = 0;
    for (int i = 0; i < 3000; i++) {
      if (!pair.client().write(piece)) {
        assertThat(drained.tryAcquire(5, TimeUnit.SECONDS)).describedAs("drain %d", i).isTrue();
        drained.drainPermits();
        waits++;
      }
    }

    await().until(() -> pair.accepted().bytesRead() == 60_000_000);
    assertThat(waits).isPositive();
  }

  @Test
  void aThreadThatDoesNotWaitIsToldFullThoughTheLoopIsBusy() {
    Pair pair = pair();
    pair.accepted().resume();
    CompletableFuture<Void> busy = new CompletableFuture<>();
    loop.execute(busy::join);
    int written = 1;
    while (written < 1000 && pair.client().write(bytes(10_000))) {
      written++;
    }
    busy.complete(null);

    assertThat(written).isEqualTo(8);
    await().until(() -> pair.accepted().bytesRead() == 80_000);
  }

  @Test
  void writeAfterTheEndFromAnotherThreadIsFalseAndTold() {
    Pair pair = pair();
    pair.client().destroy();
    await().until(pair.client()::destroyed);

    assertThat(pair.client().write(Buffer.from("x"), e -> events.add(e.code()))).isFalse();
    events.areExactly("ERR_STREAM_DESTROYED");
  }

  @Test
  void everyMethodMayBeCalledFromAnywhereWhileTheConnectionComesAndGoes() throws Exception {
    TcpServer server = listen(socket -> socket.pipe(socket));
    AtomicInteger closes = new AtomicInteger();
    int sockets = 200;
    CountDownLatch done = new CountDownLatch(sockets);
    for (int i = 0; i < sockets; i++) {
      int kind = i;
      Thread.startVirtualThread(() -> {
        TcpSocket socket = Net.createConnection(port(server), "127.0.0.1");
        socket.onError(error -> {}).onClose(cause -> closes.incrementAndGet());
        socket.setNoDelay(true).setTimeout(5000).pause().resume();
        socket.cork().write("hello");
        socket.uncork().flush();
        socket.onData(data -> socket.end());
        socket.writableLength();
        socket.readyState();
        switch (kind % 4) {
          case 0 -> socket.destroy();
          case 1 -> socket.resetAndDestroy();
          case 2 -> socket.destroySoon();
          default -> socket.unref().ref();
        }
        done.countDown();
      });
    }

    assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
    await().until(() -> closes.get() == sockets);
    await().until(() -> server.connections() == 0);
  }

  @Test
  void aMistakeOfAnotherThreadThatIsFoundOnTheLoopIsAnUncaughtFailure() {
    Pair pair = pair();
    pair.client().connect(ConnectOptions.port(1));

    assertThat(Uncaught.next())
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_SOCKET_CONNECTED"));
  }

  @Test
  void anImmediateThatComesBackForEverDoesNotStarveTheSockets() {
    Pair pair = pair();
    pair.accepted().pipe(pair.accepted());
    CompletableFuture<Void> stop = new CompletableFuture<>();
    AtomicInteger echoes = new AtomicInteger();
    onLoop(() -> {
      again(stop);
      pair.client()
          .onData(data -> {
            if (echoes.incrementAndGet() < 100) {
              pair.client().write("again");
            }
          });
      pair.client().write("first");
    });

    await().until(() -> echoes.get() == 100);
    stop.complete(null);
  }

  private void again(CompletableFuture<Void> stop) {
    if (!stop.isDone()) {
      loop.setImmediate(() -> again(stop));
    }
  }
}
