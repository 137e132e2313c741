package io.netloop.ws;

import static io.netloop.ws.Frames.FIN;
import static io.netloop.ws.Frames.binary;
import static io.netloop.ws.Frames.close;
import static io.netloop.ws.Frames.join;
import static io.netloop.ws.Frames.masked;
import static io.netloop.ws.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.loop.PassThrough;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Messages that come and go piece by piece. */
class MessageStreamsTest extends WsTest {
  private final List<PassThrough> bodies = new ArrayList<>();

  private WebSocketConnection socketOf(RawClient[] client, WebSocketServerOptions options) {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    WebSocketServer server =
        serve(
            options,
            socket -> {
              hear(socket);
              opened.complete(socket);
            });
    client[0] = connect(server);
    return get(opened);
  }

  private void take(MessageStream stream) {
    add("begin " + stream.isBinary());
    bodies.add(stream.body());
    stream.body().onError(error -> add("failed " + error.code()));
  }

  private void hear(PassThrough body) {
    body.onData(data -> add("part " + data)).onEnd(() -> add("end"));
  }

  // What comes

  @Test
  void handsOutPiecesAsTheyCome() {
    RawClient client =
        connect(
            serve(socket ->
                socket.onMessageStream(stream -> {
                  String name = "" + bodies.size();
                  take(stream);
                  stream
                      .body()
                      .onData(data -> add(name + " part " + data))
                      .onEnd(() -> add(name + " end"));
                })));
    client.send(cut(text("abcd"), 0, 8));
    comes("0 part ab");
    client.send(cut(text("abcd"), 8, 10));
    happens("begin false", "0 part ab", "0 part cd", "0 end");
    client.send(join(masked(2, "e"), masked(FIN, "f")));
    comes("1 end");
    assertThat(events.subList(4, 8)).containsExactly("begin true", "1 part e", "1 part f", "1 end");
  }

  @Test
  void holdsThePeerBackWhileNobodyTakesThePieces() {
    long[] taken = {0};
    RawClient client =
        connect(
            serve(options().withMaxPayload(1 << 30), socket -> socket.onMessageStream(this::take)));
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(() -> {
          client.send(Frames.header(FIN | 2, 64L << 20, new byte[4], 8));
          for (int i = 0; i < 64; i++) {
            client.send(new byte[1 << 20]);
          }
          client.send(masked(FIN | 9, "p"));
        });
    await().until(() -> bodies.size() == 1);
    settle();
    assertThat(sent).isNotDone();
    doOnLoop(() -> {
      // What was read at once, and no more than that.
      assertThat(bodies.getFirst().writableLength()).isLessThan(2 << 20);
      bodies.getFirst().onData(data -> taken[0] += data.length()).onEnd(() -> add("end"));
    });
    get(sent);
    happens("begin true", "end");
    assertThat(taken[0]).isEqualTo(64L << 20);
    assertThat(client.frame()).hasToString("8a p");
  }

  @Test
  void goesOnWithTheNextMessageWhereTheProgramWantsNoMoreOfOne() {
    RawClient client =
        connect(
            serve(options().withMaxPayload(1 << 30), socket -> socket.onMessageStream(this::take)));
    byte[] half = new byte[200_000];
    client.send(masked(2, half));
    await().until(() -> bodies.size() == 1 && bodies.getFirst().writableNeedDrain());
    doOnLoop(() -> bodies.getFirst().destroy(new NetException("ENOUGH", "no more of it")));
    client.send(join(masked(0, half), masked(FIN, half), masked(FIN | 1, "next")));
    await().until(() -> bodies.size() == 2);
    doOnLoop(() -> hear(bodies.get(1)));
    happens("begin true", "failed ENOUGH", "begin false", "part next", "end");
  }

  @Test
  void takesAWholeMessageThatWaitedOutItsOwnEnd() {
    RawClient client = connect(serve(socket -> socket.onMessageStream(this::take)));
    byte[] all = new byte[200_000];
    client.send(join(binary(all), text("next")));
    await().until(() -> bodies.size() == 1);
    settle();
    assertThat(bodies).hasSize(1);
    long[] taken = {0};
    doOnLoop(() -> bodies.getFirst().onData(data -> taken[0] += data.length()));
    await().until(() -> bodies.size() == 2);
    assertThat(taken[0]).isEqualTo(all.length);
    doOnLoop(() -> hear(bodies.get(1)));
    comes("end");
  }

  @Test
  void letsAPauseOfTheProgramStandWhateverIsTaken() {
    RawClient[] client = new RawClient[1];
    WebSocketConnection socket = socketOf(client, options());
    socket.onMessageStream(stream -> {
      take(stream);
      socket.pause();
    });
    settle();
    client[0].send(join(binary(new byte[100_000]), text("next")));
    await().until(() -> bodies.size() == 1);
    doOnLoop(() -> bodies.getFirst().onData(data -> {}));
    settle();
    assertThat(bodies).hasSize(1);
    doOnLoop(socket::resume);
    await().until(() -> bodies.size() == 2);
    doOnLoop(() -> bodies.get(1).onData(data -> {}));
  }

  @Test
  void destroysTheBodyWhereTheConnectionEndsFirst() {
    RawClient client = connect(serve(socket -> socket.onMessageStream(this::take)));
    client.send(masked(1, "never whole"));
    comes("begin false");
    client.close();
    happens("begin false", "failed ERR_WS_NOT_OPEN");
  }

  // What goes

  @Test
  void sendsEachWriteAsAFrame() {
    RawClient client =
        connect(
            serve(socket -> {
              PassThrough body = socket.createMessage(false);
              body.write("Hé");
              body.write("llo");
              body.end();
              body = socket.createMessage(true);
              body.end("x");
              socket.createMessage(true).end();
            }));
    List<String> frames = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      frames.add("" + client.frame());
    }
    assertThat(frames).containsExactly("01 Hé", "00 llo", "80", "02 x", "80", "82");
  }

  @Test
  void letsOtherMessagesWaitForItsEndInTheirOrder() {
    RawClient[] client = new RawClient[1];
    WebSocketConnection socket = socketOf(client, options());
    socket.onDrain(() -> add("drain"));
    PassThrough body = onLoop(() -> socket.createMessage(false));
    doOnLoop(() -> {
      body.write("first");
      assertThat(socket.send(Message.text("second"), error -> add("sent " + error)))
          .isEqualTo(SendResult.BACKPRESSURE);
      socket.createMessage(true).end("third");
      socket.send("fourth");
      socket.ping();
      assertThat(socket.bufferedAmount()).isGreaterThanOrEqualTo(12);
    });
    List<String> frames = new ArrayList<>();
    // Control frames may stand between fragments, and wait for nothing.
    frames.add("" + client[0].frame());
    frames.add("" + client[0].frame());
    assertThat(frames).containsExactlyInAnyOrder("01 first", "89");
    assertThat(events).isEmpty();
    doOnLoop(body::end);
    frames.clear();
    for (int i = 0; i < 5; i++) {
      frames.add("" + client[0].frame());
    }
    assertThat(frames).containsExactly("80", "81 second", "02 third", "80", "81 fourth");
    await()
        .untilAsserted(
            () -> assertThat(List.copyOf(events)).containsExactlyInAnyOrder("sent null", "drain"));
  }

  @Test
  void makesAMessageFromAnotherThread() {
    RawClient[] client = new RawClient[1];
    WebSocketConnection socket = socketOf(client, options());
    PassThrough body = socket.createMessage(false);
    body.write("a");
    body.end("b");
    assertThat(client[0].frame()).hasToString("01 a");
    assertThat(client[0].frame()).hasToString("00 b");
    assertThat(client[0].frame()).hasToString("80");
  }

  @Test
  void holdsTheWriterBackWhileThePeerDoesNotRead() {
    RawClient[] client = new RawClient[1];
    WebSocketConnection socket = socketOf(client, options());
    int piece = 50_000;
    int[] written = {0};
    PassThrough body = onLoop(() -> socket.createMessage(true));
    Runnable[] writing = new Runnable[1];
    writing[0] =
        () -> {
          while (written[0] < 400) {
            written[0]++;
            if (!body.write(Buffer.from(new byte[piece]))) {
              return;
            }
          }
          body.end();
        };
    body.onDrain(() -> writing[0].run());
    doOnLoop(writing[0]);
    int[] before = {-1};
    await()
        .until(() -> {
          settle();
          boolean stands = before[0] == written[0];
          before[0] = written[0];
          return stands;
        });
    assertThat(written[0]).isLessThan(400);
    long got = 0;
    RawClient.Frame frame;
    do {
      frame = client[0].frame();
      got += frame.payload().length;
    } while (frame.first() < FIN);
    assertThat(got).isEqualTo(400L * piece);
  }

  @Test
  void failsTheConnectionWhereAMessageIsGivenUp() {
    RawClient[] client = new RawClient[1];
    WebSocketConnection socket = socketOf(client, options());
    PassThrough body = onLoop(() -> socket.createMessage(true));
    doOnLoop(() -> {
      body.onError(error -> {});
      body.write("half");
      loop.nextTick(() -> loop.nextTick(() -> body.destroy(new NetException("X", "given up"))));
    });
    assertThat(client[0].frame()).hasToString("02 half");
    assertThat(client[0].closing().code()).isEqualTo(1011);
    client[0].close();
    happens("error ERR_STREAM_PREMATURE_CLOSE", "close 1006");
  }

  @Test
  void sendsNothingBehindACloseFrame() {
    RawClient[] client = new RawClient[1];
    WebSocketConnection socket = socketOf(client, options());
    PassThrough body = onLoop(() -> socket.createMessage(false));
    doOnLoop(() -> {
      body.write("a");
      socket.send(Message.text("waits"), error -> add("sent " + error.code()));
    });
    assertThat(client[0].frame()).hasToString("01 a");
    doOnLoop(() -> {
      socket.close(4000, "");
      body.end("b");
    });
    assertThat(client[0].frame().code()).isEqualTo(4000);
    client[0].send(close(4000, ""));
    assertThat(client[0].isEnded()).isTrue();
    client[0].close();
    await()
        .untilAsserted(() ->
            assertThat(List.copyOf(events))
                .containsExactlyInAnyOrder("sent ERR_WS_NOT_OPEN", "close 4000 clean"));
  }

  @Test
  void tellsAllWhoWaitWhereTheConnectionEnds() {
    RawClient[] client = new RawClient[1];
    WebSocketConnection socket = socketOf(client, options());
    doOnLoop(() -> {
      PassThrough first = socket.createMessage(false);
      first.onError(error -> add("first " + error.code()));
      socket.send(Message.text("second"), error -> add("second " + error.code()));
      PassThrough third = socket.createMessage(false);
      third.onError(error -> add("third " + error.code()));
    });
    client[0].close();
    await().until(() -> events.size() == 4);
    assertThat(events)
        .contains(
            "first ERR_WS_NOT_OPEN",
            "second ERR_WS_NOT_OPEN",
            "third ERR_WS_NOT_OPEN",
            "close 1006");
    doOnLoop(() -> socket.createMessage(true).onError(error -> add("late " + error.code())));
    comes("late ERR_WS_NOT_OPEN");
  }

  @Test
  void boundsWhatWaitsForTheEndOfAMessage() {
    RawClient[] client = new RawClient[1];
    WebSocketConnection socket = socketOf(client, options());
    doOnLoop(() -> {
      socket.createMessage(false).onError(error -> {});
      for (int i = 0; i < 20; i++) {
        socket.send(Buffer.from(new byte[1 << 20]));
      }
    });
    assertThat(client[0].closing().code()).isEqualTo(1011);
    client[0].close();
    happens("error ERR_OUTBOX_LIMIT", "close 1006");
  }
}
