package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.engine.ProcessLife;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The members of a socket. */
class TcpSocketTest extends TcpTest {
  private static final TcpOptions HALF_OPEN = TcpOptions.defaults().withAllowHalfOpen(true);

  // Ending

  @Test
  void endTellsItsCallbacksBeforeFinishAndASecondEndIsAllowed() {
    Pair pair = pair();
    Events events = new Events();
    onLoop(() -> {
      TcpSocket c = pair.client();
      c.onFinish(() -> {
        events.add("finish");
        c.end(e -> events.add("third " + e.code()));
      });
      c.write(Buffer.from("x"), e -> events.add("w1 " + e));
      c.write(Buffer.from("y"), e -> events.add("w2 " + e));
      c.end(e -> events.add("first " + e));
      c.end(e -> events.add("second " + e));
      events.add("returned");
    });

    events.areExactly(
        "returned",
        "w1 null",
        "w2 null",
        "first null",
        "second null",
        "finish",
        "third ERR_STREAM_ALREADY_FINISHED");
  }

  @Test
  void endAfterTheEndIsNoError() {
    Pair pair = pair();
    Events events = new Events();
    events.listen(pair.client());
    pair.client().end();
    pair.client().end();
    pair.client().end();

    events.areExactly("connect", "ready", "finish", "end", "close false");
  }

  @Test
  void endWithDataAfterEndIsAWriteAfterEnd() {
    Pair pair = pair(HALF_OPEN, HALF_OPEN);
    Events events =
        onLoop(() -> {
          Events list = Events.withoutReading(pair.client());
          pair.client().end();
          pair.client().end("late");
          return list;
        });

    events.areExactly("error ERR_STREAM_WRITE_AFTER_END", "close true");
  }

  /** More than the system takes at once: the rest waits for room while there is nothing to read. */
  @Test
  void allOfALongAnswerGoesToAPeerThatHasEndedBefore() throws IOException {
    Buffer answer = bytes(16 << 20);
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    TcpServer server =
        listen(
            HALF_OPEN,
            socket -> {
              socket.onClose(closed::complete).onData(data -> {});
              // Not before the end is dealt with, when it waits for nothing any more.
              socket.onEnd(
                  () -> loop.setImmediate(() -> loop.setImmediate(() -> socket.end(answer))));
            });
    try (Socket peer = new Socket("127.0.0.1", port(server))) {
      peer.getOutputStream().write('x');
      peer.shutdownOutput();

      byte[] read = peer.getInputStream().readAllBytes();
      assertThat(Arrays.mismatch(read, answer.toByteArray())).isEqualTo(-1);
    }
    assertThat(closed.orTimeout(5, TimeUnit.SECONDS).join().code()).isEqualTo("END");
  }

  @Test
  void endOnASocketThatWasNeverConnectedFinishesAndClosesNothing() {
    Events events =
        onLoop(() -> {
          TcpSocket socket = new TcpSocket();
          Events list = Events.of(socket);
          socket.end(e -> list.add("told " + e));
          return list;
        });
    settle();

    assertThat(events.list()).containsExactly("told null", "finish");
  }

  @Test
  void destroySoonSendsWhatIsQueuedAndDoesNotWaitForThePeersEnd() {
    Pair pair = pair(HALF_OPEN, HALF_OPEN);
    Events server = onLoop(() -> Events.of(pair.accepted()));
    Events client =
        onLoop(() -> {
          Events list = Events.withoutReading(pair.client());
          pair.client().write("last words");
          pair.client().destroySoon();
          return list;
        });

    client.areExactly("finish", "close false");
    await().until(() -> server.has("end"));
    assertThat(server.list()).containsExactly("data last words", "end");
  }

  @Test
  void destroySoonAfterFinishDestroysAtOnce() {
    Pair pair = pair(HALF_OPEN, HALF_OPEN);
    Events client =
        onLoop(() -> {
          Events list = Events.withoutReading(pair.client());
          pair.client().end();
          return list;
        });
    client.await("finish");
    pair.client().destroySoon();

    client.areExactly("finish", "close false");
  }

  @Test
  void theFirstErrorWinsAndLaterCallsDoNothing() {
    Pair pair = pair();
    Events events =
        onLoop(() -> {
          TcpSocket c = pair.client();
          Events list = Events.withoutReading(c);
          c.destroy(new NetException("ERR_FIRST", "first"));
          c.destroy(new NetException("ERR_SECOND", "second"));
          c.destroy();
          c.resetAndDestroy();
          c.end();
          c.destroySoon();
          c.pause().resume();
          return list;
        });

    events.areExactly("error ERR_FIRST", "close true");
    settle();
    assertThat(events.list()).hasSize(2);
  }

  @Test
  void resetOnASocketThatWasNeverConnectedIsAnError() {
    Events events =
        onLoop(() -> {
          TcpSocket socket = new TcpSocket();
          Events list = Events.of(socket);
          socket.resetAndDestroy();
          return list;
        });

    events.areExactly("error ERR_SOCKET_CLOSED", "close true");
  }

  @Test
  void aWriteAfterThePeerHasFullyClosedFailsAtTheSecondTry() {
    Pair pair = pair(HALF_OPEN, TcpOptions.defaults());
    Events events = onLoop(() -> Events.of(pair.client()));
    pair.accepted().destroy();
    events.await("end");
    pair.client().write("first");
    await()
        .until(() -> {
          pair.client().write("more");
          return pair.client().destroyed();
        });

    await().until(() -> events.has("close true"));
    assertThat(events.list())
        .hasSize(3)
        .startsWith("end")
        .containsAnyOf("error EPIPE", "error ECONNRESET")
        .endsWith("close true");
  }

  // Connecting again

  @Test
  void aSocketThatHasClosedConnectsAgainAndIsAsNew() {
    TcpServer server = listen(socket -> socket.pipe(socket));
    ConnectOptions to = ConnectOptions.port(port(server)).withHost("127.0.0.1");
    Events events = new Events();
    TcpSocket client =
        connect(
            server,
            c -> {
              events.listen(c);
              c.onData(data -> {
                events.add("data " + data);
                c.end();
              });
              AtomicInteger rounds = new AtomicInteger();
              c.onClose(cause -> {
                if (rounds.incrementAndGet() < 3) {
                  assertThat(c.bytesRead()).isEqualTo(2);
                  c.connect(to, () -> events.add("again"));
                  assertThat(c.bytesRead()).isZero();
                  assertThat(c.readyState()).isEqualTo("opening");
                  c.write("hi");
                }
              });
              c.write("hi");
            });

    await().until(() -> events.list().stream().filter("close false"::equals).count() == 3);
    assertThat(events.list())
        .containsExactly(
            "attempt 127.0.0.1",
            "connect",
            "ready",
            "data hi",
            "finish",
            "end",
            "close false",
            "attempt 127.0.0.1",
            "connect",
            "again",
            "ready",
            "data hi",
            "finish",
            "end",
            "close false",
            "attempt 127.0.0.1",
            "connect",
            "again",
            "ready",
            "data hi",
            "finish",
            "end",
            "close false");
    assertThat(client.bytesWritten()).isEqualTo(2);
  }

  @Test
  void aSocketThatFailedToConnectTriesUntilTheServerIsThere() throws Exception {
    int port = EventOrderTest.freePort();
    TcpServer server = closedLater(Net.createServer(TcpSocket::end));
    ConnectOptions to = ConnectOptions.port(port).withHost("127.0.0.1");
    Events events = new Events();
    onLoop(() -> {
      TcpSocket c = closedLater(new TcpSocket());
      events.listen(c);
      c.onClose(cause -> {
        if (cause.hadError()) {
          server.listen(port, "127.0.0.1", () -> c.connect(to));
        }
      });
      c.connect(to);
    });

    events.await("close false");
    assertThat(events.list())
        .containsSubsequence("error ECONNREFUSED", "close true", "connect", "end", "close false");
  }

  @Test
  void connectOnAnOpenSocketIsRefusedAndChangesNothing() {
    Pair pair = pair();
    ConnectOptions to = ConnectOptions.port(1).withHost("127.0.0.1");
    int before = ProcessLife.open();
    onLoop(() ->
        assertThatThrownBy(() -> pair.client().connect(to))
            .isInstanceOfSatisfying(
                NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_SOCKET_CONNECTED")));

    assertThat(pair.client().readyState()).isEqualTo("open");
    await().until(() -> ProcessLife.open() == before);
  }

  // Time-out

  @Test
  void timeoutIsToldOncePerQuietPeriod() {
    Pair pair = pair();
    AtomicInteger timeouts = new AtomicInteger();
    AtomicInteger once = new AtomicInteger();
    pair.accepted().resume();
    pair.client().onTimeout(timeouts::incrementAndGet);
    pair.client().setTimeout(15, once::incrementAndGet);
    await().until(() -> timeouts.get() == 1);
    await().during(Duration.ofMillis(60)).until(() -> timeouts.get() == 1);
    pair.client().write("activity");
    await().until(() -> timeouts.get() == 2);

    assertThat(once).hasValue(1);
    assertThat(pair.client().destroyed()).isFalse();
  }

  @Test
  void readingIsActivity() {
    Pair pair = pair();
    AtomicInteger timeouts = new AtomicInteger();
    pair.client().resume();
    pair.client().setTimeout(300, timeouts::incrementAndGet);
    Timer ticking = loop.setInterval(20, () -> pair.accepted().write("."));
    await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(3))
        .until(() -> timeouts.get() == 0);
    ticking.clear();

    await().until(() -> timeouts.get() == 1);
  }

  @Test
  void zeroTurnsTheTimeoutOff() {
    Pair pair = pair();
    AtomicInteger timeouts = new AtomicInteger();
    pair.client().onTimeout(timeouts::incrementAndGet);
    pair.client().setTimeout(20);
    pair.client().setTimeout(0);

    await().during(Duration.ofMillis(60)).until(() -> timeouts.get() == 0);
  }

  @Test
  void aTimeoutIsNotToldAfterTheEnd() {
    Pair pair = pair();
    AtomicInteger timeouts = new AtomicInteger();
    pair.client().setTimeout(10, timeouts::incrementAndGet);
    pair.client().destroy();
    pair.client().setTimeout(10, timeouts::incrementAndGet);

    await().during(Duration.ofMillis(50)).until(() -> timeouts.get() == 0);
  }

  @Test
  void aTimeoutOutOfRangeIsRefusedThereAndThenAndAddsNoListener() {
    TcpSocket socket = new TcpSocket();

    assertThatThrownBy(() -> socket.setTimeout(-1, () -> {}))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_OUT_OF_RANGE"))
        .hasMessage(
            "The value of \"msecs\" is out of range. It must be a non-negative finite number. Received -1");
  }

  @Test
  void aTimeoutOfForEverIsNoError() {
    Pair pair = pair();
    pair.client().setTimeout(Long.MAX_VALUE);
    settle();

    assertThat(Uncaught.isEmpty()).isTrue();
    assertThat(pair.client().destroyed()).isFalse();
  }

  // What can be asked

  @Test
  void countsBytes() {
    Pair pair = pair();
    pair.accepted().onData(data -> pair.accepted().write(data));
    pair.client().resume();
    pair.client().write("12345");
    pair.client().write("67", "hex");

    await().until(() -> pair.client().bytesRead() == 6);
    assertThat(pair.client().bytesWritten()).isEqualTo(6);
    assertThat(pair.accepted().bytesRead()).isEqualTo(6);
    assertThat(pair.client().writableLength()).isZero();
  }

  @Test
  void knowsBothAddressesUntilItIsDestroyed() {
    Pair pair = pair();
    TcpSocket c = pair.client();
    TcpSocket s = pair.accepted();

    assertThat(c.remoteAddress()).isEqualTo("127.0.0.1");
    assertThat(c.remoteFamily()).isEqualTo("IPv4");
    assertThat(c.remotePort()).isEqualTo(s.localPort()).isPositive();
    assertThat(c.localAddress()).isEqualTo("127.0.0.1");
    assertThat(s.remotePort()).isEqualTo(c.localPort());
    assertThat(s.address()).isEqualTo(new HostPort("127.0.0.1", s.localPort(), "IPv4"));
    assertThat(c).hasToString("TcpSocket 127.0.0.1:%d open".formatted(c.remotePort()));
    onLoop(() -> {
      c.destroy();
      assertThat(c.remoteAddress()).isNull();
      assertThat(c.remotePort()).isZero();
      assertThat(c.remoteFamily()).isNull();
      assertThat(c.localAddress()).isNull();
      assertThat(c.localPort()).isZero();
      assertThat(c.address()).isNull();
      assertThat(c.remote()).isNotNull();
    });
  }

  @Test
  void knowsNoAddressBeforeItIsConnected() {
    TcpSocket socket = new TcpSocket();

    assertThat(socket.address()).isNull();
    assertThat(socket.localAddress()).isNull();
    assertThat(socket.remoteAddress()).isNull();
    assertThat(socket.remote()).isNull();
    assertThat(socket.remotePort()).isZero();
    assertThat(socket.server()).isNull();
    assertThat(socket).hasToString("TcpSocket closed");
  }

  @Test
  void belongsToTheServerThatAcceptedIt() {
    Pair pair = pair();

    assertThat(pair.client().server()).isNull();
    assertThat(pair.accepted().server()).isNotNull();
    assertThat(pair.accepted().server().connections()).isEqualTo(1);
  }

  @Test
  void showsAnIpv4PeerOfAServerForBothFamiliesInItsMappedForm() {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    TcpServer server = closedLater(Net.createServer(accepted::complete)).listen(0);
    await().until(server::listening);
    assertThat(server.address().host()).isEqualTo("::");
    assertThat(server.address().family()).isEqualTo("IPv6");
    TcpSocket four = connect(server);
    TcpSocket s = closedLater(accepted.orTimeout(5, TimeUnit.SECONDS).join());

    assertThat(s.remoteAddress()).isEqualTo("::ffff:127.0.0.1");
    assertThat(s.remoteFamily()).isEqualTo("IPv6");
    assertThat(s.localAddress()).isEqualTo("::ffff:127.0.0.1");
    await().until(() -> "127.0.0.1".equals(four.remoteAddress()));
    assertThat(s.remote().unmapped())
        .isEqualTo(new HostPort("127.0.0.1", s.remotePort(), "IPv4"))
        .isEqualTo(four.address());
    assertThat(four.address().unmapped()).isSameAs(four.address());
  }

  @Test
  void theTypeOfServiceIsSetOnceConnectedAndRefusedOutOfRange() {
    TcpSocket s = pair().accepted();
    assertThat(new TcpSocket().getTypeOfService()).isZero();
    assertThat(s.getTypeOfService()).isZero();
    assertThat(s.setTypeOfService(0x10)).isSameAs(s);
    await().until(() -> s.getTypeOfService() == 0x10);
    for (int wrong : new int[] {-1, 256}) {
      assertThatThrownBy(() -> s.setTypeOfService(wrong))
          .hasMessage(
              "The value of \"tos\" is out of range. It must be >= 0 && <= 255. Received " + wrong);
    }
    assertThat(s.getTypeOfService()).isEqualTo(0x10);
  }

  @Test
  void readyStateFollowsBothSides() {
    Pair pair = pair(HALF_OPEN, HALF_OPEN);
    TcpSocket c = pair.client();
    TcpSocket s = pair.accepted();
    c.resume();
    s.resume();
    assertThat(c.readyState()).isEqualTo("open");
    c.end();
    await().until(() -> c.readyState().equals("readOnly"));
    await().until(() -> s.readyState().equals("writeOnly"));
    s.end();
    await().until(() -> c.readyState().equals("closed") && s.readyState().equals("closed"));
  }

  @Test
  void setNoDelayAndKeepAliveTakeEffectBeforeAndAfterConnecting() {
    TcpServer server = listen(socket -> {});
    TcpSocket early = connect(server, c -> c.setNoDelay(true));
    TcpSocket late =
        connect(
            server,
            TcpOptions.defaults().withNoDelay(true).withKeepAlive(Duration.ofSeconds(77)),
            c -> {});
    await().until(() -> !early.pending() && !late.pending());

    assertThat(option(early, "tcpNoDelay")).isEqualTo(true);
    assertThat(option(late, "tcpNoDelay")).isEqualTo(true);
    assertThat(option(late, "keepAlive")).isEqualTo(true);
    late.setNoDelay(false);
    assertThat(option(late, "tcpNoDelay")).isEqualTo(false);
  }

  private boolean option(TcpSocket socket, String name) {
    return onLoop(() -> {
      var field = TcpSocket.class.getDeclaredField("channel");
      field.setAccessible(true);
      var config = ((SocketChannel) field.get(socket)).config();
      return name.equals("keepAlive") ? config.isKeepAlive() : config.isTcpNoDelay();
    });
  }

  // Reading

  @Test
  void whatComesBeforeThereIsAReaderWaitsForHim() {
    Pair pair = pair();
    pair.client().write("early ");
    await().until(() -> pair.accepted().bytesRead() == 6);
    List<String> seen = new CopyOnWriteArrayList<>();
    pair.accepted().onData(data -> seen.add(data.toString()));
    pair.client().write("late");

    await().until(() -> String.join("", seen).equals("early late"));
  }

  @Test
  void aDataListenerDoesNotEndAPauseThatWasAskedFor() {
    Pair pair = pair();
    List<String> seen = new CopyOnWriteArrayList<>();
    pair.accepted().pause();
    pair.accepted().onData(data -> seen.add(data.toString()));
    pair.client().write("waits");
    await().until(() -> pair.accepted().bytesRead() == 5);
    settle();
    assertThat(seen).isEmpty();
    pair.accepted().resume();

    await().until(() -> seen.equals(List.of("waits")));
  }

  @Test
  void resumeWithoutAListenerDropsWhatComes() {
    Pair pair = pair();
    pair.accepted().resume();
    pair.client().write("dropped");
    await().until(() -> pair.accepted().bytesRead() == 7);
    List<String> seen = new CopyOnWriteArrayList<>();
    pair.accepted().onData(data -> seen.add(data.toString()));
    pair.client().write("kept");

    await().until(() -> seen.equals(List.of("kept")));
  }

  @Test
  void aPausedSocketTakesABoundedAmountAndThePeerWaits() {
    Pair pair = pair();
    TcpSocket c = pair.client();
    pair.accepted().pause();
    long total = 40_000_000;
    AtomicInteger written = new AtomicInteger();
    Buffer piece = bytes(1_000_000);
    pump(c, piece, written, 40);
    await().during(Duration.ofMillis(100)).until(() -> written.get() < 40);
    long taken = pair.accepted().bytesRead();
    assertThat(taken).isLessThan(2_000_000);

    pair.accepted().resume();
    await().until(() -> pair.accepted().bytesRead() == total);
    assertThat(written).hasValue(40);
  }

  private void pump(TcpSocket socket, Buffer piece, AtomicInteger written, int most) {
    loop.execute(() -> {
      Runnable[] more = new Runnable[1];
      more[0] =
          () -> {
            while (written.get() < most) {
              written.incrementAndGet();
              if (!socket.write(piece)) {
                return;
              }
            }
          };
      socket.onDrain(more[0]);
      more[0].run();
    });
  }

  @Test
  void pauseOnConnectReadsNothingUntilResume() {
    CompletableFuture<Boolean> paused = new CompletableFuture<>();
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    TcpServer server =
        listen(
            TcpOptions.defaults().withPauseOnConnect(true),
            s -> {
              paused.complete(s.isPaused());
              accepted.complete(s);
              s.onData(data -> {});
            });
    TcpSocket client = connect(server, c -> c.write("first"));
    assertThat(paused.orTimeout(5, TimeUnit.SECONDS).join()).isTrue();
    await().until(() -> client.writableLength() == 0 && !client.pending());
    settle();
    assertThat(accepted.join().bytesRead()).isZero();

    accepted.join().resume();
    await().until(() -> accepted.join().bytesRead() == 5);
  }

  @Test
  void whatAConnectionListenerDoesOnAPausedConnectionIsDone() {
    TcpOptions paused = TcpOptions.defaults().withPauseOnConnect(true);
    TcpServer server = listen(paused, s -> s.end("welcome, and good bye"));
    List<String> seen = new CopyOnWriteArrayList<>();
    connect(server, c -> c.onData(data -> seen.add(data.toString())));

    await().until(() -> String.join("", seen).equals("welcome, and good bye"));
  }

  @Test
  void setEncodingNeverSplitsACharacter() {
    Pair pair = pair();
    List<String> seen = new CopyOnWriteArrayList<>();
    pair.accepted().setEncoding().onData(data -> seen.add(data.toString()));
    pair.accepted().onEnd(() -> seen.add("end"));
    byte[] text = Buffer.from("你😀é").toByteArray();
    for (byte b : text) {
      long before = pair.accepted().bytesRead();
      pair.client().write(new byte[] {b});
      await().until(() -> pair.accepted().bytesRead() == before + 1);
    }
    pair.client().end(Buffer.from("e4", "hex"));

    await().until(() -> seen.contains("end"));
    assertThat(seen).containsExactly("你", "😀", "é", "\uFFFD", "end");
  }

  @Test
  void setEncodingGivesBase64InGroupsAndTheRestAtTheEnd() {
    Pair pair = pair();
    Events events = new Events();
    pair.accepted().setEncoding("base64").onData(data -> events.add("text " + data));
    pair.accepted().onEnd(() -> events.add("end"));
    pair.client().end(Buffer.from("0102030405", "hex"));

    events.areExactly("text AQID", "text BAU=", "end");
  }

  @Test
  void setEncodingRefusesANameThatIsUnknown() {
    assertThatThrownBy(() -> new TcpSocket().setEncoding("utf7"))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_UNKNOWN_ENCODING"));
  }

  @Test
  void bytesMayBeKept() {
    Pair pair = pair();
    List<Buffer> kept = new CopyOnWriteArrayList<>();
    pair.accepted().onData(kept::add);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sent.add("message " + i + ";");
      pair.client().write(sent.get(i));
      settle();
    }

    await().until(() -> Buffer.concat(kept).toString().equals(String.join("", sent)));
  }

  @Test
  void offTakesAListenerOutOfAnyEvent() {
    Pair pair = pair();
    List<String> seen = new CopyOnWriteArrayList<>();
    Consumer<Buffer> data = d -> seen.add("data");
    Runnable end = () -> seen.add("end");
    onLoop(() -> {
      pair.accepted().onData(data).onEnd(end).onFinish(end).onDrain(end).onTimeout(end);
      pair.accepted().onData(d -> seen.add("kept"));
      pair.accepted().off(data).off(end).off("unknown");
    });
    pair.client().end("x");

    await().until(() -> pair.accepted().destroyed());
    assertThat(seen).containsExactly("kept");
  }

  @Test
  void aListenerThatIsAddedDuringARunIsNotPartOfIt() {
    Pair pair = pair();
    List<String> seen = new CopyOnWriteArrayList<>();
    onLoop(() ->
        pair.accepted()
            .onEnd(() -> {
              seen.add("first");
              pair.accepted().onEnd(() -> seen.add("late"));
            }));
    pair.client().end();

    await().until(() -> pair.accepted().destroyed());
    assertThat(seen).containsExactly("first");
  }
}
