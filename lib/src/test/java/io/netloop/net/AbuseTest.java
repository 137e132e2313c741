package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.OutboxLimits;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What peers do to a server that is open to the world. */
class AbuseTest extends TcpTest {
  private final AtomicInteger closes = new AtomicInteger();

  @Test
  void twentyThousandConnectsAndDisconnectsOneInThreeWithAReset() throws Exception {
    int rounds = 20_000;
    AtomicInteger opens = new AtomicInteger();
    TcpServer server =
        closedLater(
            Net.createServer(socket -> {
              opens.incrementAndGet();
              socket.onError(error -> {});
              socket.onClose(cause -> closes.incrementAndGet());
              socket.resume();
            }));
    int port = port(listen(server, "127.0.0.1"));
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(4);
    for (int t = 0; t < 4; t++) {
      Thread.ofPlatform()
          .start(() -> {
            for (int i = 0; i < rounds / 4; i++) {
              // Not more at a time than the system holds ready: what it drops, it drops for a
              // second.
              while (begun.get() - closes.get() > 400) {
                LockSupport.parkNanos(50_000);
              }
              begun.incrementAndGet();
              comeAndGo(port, i);
            }
            done.countDown();
          });
    }
    assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();

    await()
        .untilAsserted(() ->
            assertThat(List.of(opens.get(), closes.get())).isEqualTo(List.of(rounds, rounds)));
    await().until(() -> server.connections() == 0);
    TcpSocket alive = connect(server, TcpSocket::end);
    await().until(alive::destroyed);
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  private static void comeAndGo(int port, int round) {
    try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
      if (round % 3 == 0) {
        socket.setSoLinger(true, 0);
      }
      if (round % 2 == 0) {
        socket.getOutputStream().write('x');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void twentyThousandConnectionsOfOurOwnOneAfterAnother() {
    int most = 20_000;
    TcpServer server = listen(Net.createServer(TcpSocket::resume), "127.0.0.1");
    int port = port(server);
    loop.execute(() -> {
      for (int i = 0; i < 8; i++) {
        next(port, most);
      }
    });

    await().atMost(Duration.ofSeconds(30)).until(() -> closes.get() == most);
    await().until(() -> server.connections() == 0);
  }

  private void next(int port, int most) {
    int number = closes.get();
    Net.createConnection(
            port,
            "127.0.0.1",
            socket -> {
              if (number % 3 == 0) {
                socket.resetAndDestroy();
              } else {
                socket.resume().end("x");
              }
            })
        .onClose(cause -> {
          if (closes.incrementAndGet() + 8 <= most) {
            next(port, most);
          }
        });
  }

  @Test
  void peersThatNeverReadCostABoundedAmountOfMemoryAndAreClosed() {
    int peers = 20;
    List<CloseCause> causes = new CopyOnWriteArrayList<>();
    Buffer piece = bytes(50_000);
    CompletableFuture<Void> stop = new CompletableFuture<>();
    TcpServer server =
        listen(socket -> {
          socket.onError(error -> {});
          socket.onClose(causes::add);
          writeForEver(socket, piece, stop);
        });
    for (int i = 0; i < peers; i++) {
      connect(server, TcpSocket::pause);
    }
    long[] most = new long[1];
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          most[0] = Math.max(most[0], PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
          return causes.size() == peers;
        });
    stop.complete(null);

    assertThat(causes)
        .allSatisfy(cause -> {
          assertThat(cause.code()).isEqualTo("ERR_OUTBOX_LIMIT");
          assertThat(cause.queuedBytes()).isLessThanOrEqualTo((16 << 20) + 50_000);
        });
    // A chunk for each, and what the pool keeps at hand.
    assertThat(most[0]).isLessThan(64L << 20);
  }

  private void writeForEver(TcpSocket socket, Buffer piece, CompletableFuture<Void> stop) {
    for (int i = 0; i < 20 && !socket.destroyed(); i++) {
      socket.write(piece);
    }
    if (!socket.destroyed() && !stop.isDone()) {
      loop.setImmediate(() -> writeForEver(socket, piece, stop));
    }
  }

  @Test
  void aThousandConnectionsEchoAtOnce() {
    int count = 1000;
    TcpServer server = listen(Net.createServer(socket -> socket.pipe(socket)), "127.0.0.1");
    AtomicInteger right = new AtomicInteger();
    int port = port(server);
    loop.execute(() -> {
      for (int i = 0; i < count; i++) {
        String text = ("message " + i + ";").repeat(20);
        StringBuilder got = new StringBuilder();
        TcpSocket socket = Net.createConnection(port, "127.0.0.1");
        socket.write(text);
        socket.onData(data -> {
          got.append(data);
          if (got.length() == text.length()) {
            socket.end();
          }
        });
        socket.onClose(cause -> {
          closes.incrementAndGet();
          if (got.toString().equals(text)) {
            right.incrementAndGet();
          }
        });
      }
    });

    await().until(() -> closes.get() == count);
    assertThat(right).hasValue(count);
    await().until(() -> server.connections() == 0);
  }

  @Test
  void ofManyReceiversTheOneThatDoesNotReadIsDroppedAndTheOthersMissNothing() {
    int count = 100;
    int messages = 100;
    List<TcpSocket> members = new CopyOnWriteArrayList<>();
    List<CloseCause> causes = new CopyOnWriteArrayList<>();
    TcpOptions limited =
        TcpOptions.defaults().withLimits(OutboxLimits.defaults().withHardLimit(4_000_000));
    TcpServer server =
        listen(
            limited,
            socket -> {
              members.add(socket);
              socket.onError(error -> {});
              socket.onClose(causes::add);
            });
    TcpSocket slow = connect(server, TcpSocket::pause);
    List<TcpSocket> readers = new CopyOnWriteArrayList<>();
    for (int i = 1; i < count; i++) {
      readers.add(connect(server, TcpSocket::resume));
    }
    await().until(() -> members.size() == count);
    long[] sent = new long[1];
    broadcast(members, bytes(50_000), messages * 3, sent);

    await().until(() -> !causes.isEmpty());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            sent[0] == messages * 3L * 50_000
                && readers.stream().allMatch(reader -> reader.bytesRead() == sent[0]));
    assertThat(causes).singleElement().extracting(CloseCause::code).isEqualTo("ERR_OUTBOX_LIMIT");
    assertThat(slow.server()).isNull();
  }

  /** One message per turn, to whoever is there. */
  private void broadcast(List<TcpSocket> members, Buffer message, int left, long[] sent) {
    loop.execute(() -> {
      for (TcpSocket member : members) {
        if (!member.destroyed()) {
          member.write(message);
        }
      }
      sent[0] += message.length();
      if (left > 1) {
        loop.setImmediate(() -> broadcast(members, message, left - 1, sent));
      }
    });
  }
}
