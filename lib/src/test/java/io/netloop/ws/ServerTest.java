package io.netloop.ws;

import static io.netloop.ws.Frames.FIN;
import static io.netloop.ws.Frames.binary;
import static io.netloop.ws.Frames.close;
import static io.netloop.ws.Frames.join;
import static io.netloop.ws.Frames.masked;
import static io.netloop.ws.Frames.plain;
import static io.netloop.ws.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server's connections, in bytes. */
class ServerTest extends WsTest {

  private WebSocketServer hearing(WebSocketServerOptions options) {
    return serve(options, this::hear);
  }

  // Messages

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 8_192, 8_193, 65_535, 65_536, 1 << 20})
  void sendsBackMessagesOfEveryLength(int length) {
    RawClient client = connect(echo(options()));
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) ('a' + i % 26);
    }
    client.send(join(binary(payload), masked(FIN | 1, payload)));
    for (int opcode : new int[] {2, 1}) {
      RawClient.Frame frame = client.frame();
      assertThat(frame.first()).isEqualTo(FIN | opcode);
      assertThat(frame.payload()).isEqualTo(payload);
    }
  }

  @Test
  void readsTheSameHoweverTheNetworkCutsIt() {
    RawClient client = connect(echo(options()));
    byte[] all = join(masked(1, "Hé"), masked(FIN | 9, "p"), masked(FIN, "llo"), text("two"));
    for (int cut = 1; cut < all.length; cut++) {
      client.send(cut(all, 0, cut)).send(cut(all, cut, all.length));
      assertThat(client.frame()).hasToString("8a p");
      assertThat(client.text()).isEqualTo("Héllo");
      assertThat(client.text()).isEqualTo("two");
    }
    client.trickle(all);
    assertThat(client.frame()).hasToString("8a p");
    assertThat(client.text()).isEqualTo("Héllo");
  }

  @Test
  void answersAllThatOneReadHasBroughtInOrder() {
    RawClient client = connect(echo(options()));
    byte[] many = {};
    for (int i = 0; i < 1_000; i++) {
      many = join(many, text("message " + i));
    }
    client.send(many);
    for (int i = 0; i < 1_000; i++) {
      assertThat(client.text()).isEqualTo("message " + i);
    }
  }

  @Test
  void tellsCallbacksInTheOrderOfTheirMessages() {
    WebSocketServer server =
        serve(socket -> {
          for (int i = 0; i < 3; i++) {
            String name = "" + i;
            socket.send(Message.text(name), error -> add("sent " + name + " " + error));
          }
          add("later");
        });
    RawClient client = connect(server);
    assertThat(List.of(client.text(), client.text(), client.text())).containsExactly("0", "1", "2");
    happens("later", "sent 0 null", "sent 1 null", "sent 2 null");
  }

  @Test
  void tellsTheCallbackOfAMessageThatCameTooLate() {
    WebSocketServer server =
        serve(socket -> {
          socket.close();
          SendResult result =
              socket.send(Message.text("late"), error -> add("sent " + error.code()));
          add("result " + result);
        });
    RawClient client = connect(server);
    assertThat(client.frame().code()).isEqualTo(1000);
    happens("result DROPPED", "sent ERR_WS_NOT_OPEN");
  }

  @Test
  void sendsFromOtherThreadsInTheirOrder() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    RawClient client = connect(serve(opened::complete));
    WebSocketConnection socket = get(opened);
    for (int i = 0; i < 1_000; i++) {
      assertThat(socket.send("" + i)).isEqualTo(SendResult.SUCCESS);
    }
    socket.ping(Buffer.from("p")).close(4000, "done");
    for (int i = 0; i < 1_000; i++) {
      assertThat(client.text()).isEqualTo("" + i);
    }
    assertThat(client.frame()).hasToString("89 p");
    assertThat(client.frame().code()).isEqualTo(4000);
    assertThat(socket.readyState()).isEqualTo(2);
    client.send(close(4000, ""));
    assertThat(client.isEnded()).isTrue();
    client.close();
    await().until(() -> socket.readyState() == 3);
    assertThat(socket.send("late")).isEqualTo(SendResult.DROPPED);
  }

  @Test
  void tellsOfBackpressureAndOfItsEnd() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    WebSocketServer server =
        serve(socket -> {
          opened.complete(socket);
          socket.onDrain(() -> add("drain " + socket.bufferedAmount()));
        });
    RawClient client = connect(server);
    WebSocketConnection socket = get(opened);
    int sent =
        onLoop(() -> {
          int count = 1;
          while (socket.send(Buffer.from(new byte[100_000])) == SendResult.SUCCESS) {
            count++;
          }
          assertThat(socket.bufferedAmount()).isPositive();
          return count;
        });
    assertThat(events).isEmpty();
    for (int i = 0; i < sent; i++) {
      assertThat(client.frame().payload()).hasSize(100_000);
    }
    happens("drain 0");
  }

  @Test
  void endsAPeerThatNeverReadsWhatIsSentToIt() {
    WebSocketServer server =
        serve(socket -> {
          hear(socket);
          Timer[] timer = new Timer[1];
          timer[0] =
              loop.setInterval(
                  1,
                  () -> {
                    if (socket.send(Buffer.from(new byte[1 << 20])) == SendResult.DROPPED) {
                      timer[0].clear();
                    }
                  });
        });
    connect(server);
    await().until(() -> events.size() == 2);
    assertThat(events).containsExactly("error ERR_OUTBOX_LIMIT", "close 1006");
  }

  // Control frames

  @Test
  void answersPingsAndTellsOfBoth() {
    RawClient client = connect(hearing(options()));
    client.send(join(masked(FIN | 9, "A"), masked(FIN | 10, "unasked"), masked(FIN | 9, "")));
    assertThat(Frames.hex(client.read(3))).isEqualTo("8a 01 41");
    assertThat(client.frame()).hasToString("8a");
    happens("ping A", "pong unasked", "ping ");
  }

  @Test
  void answersNoPingsWhereTheProgramDoes() {
    WebSocketServer server =
        serve(
            options().withAutoPong(false),
            socket -> socket.onPing(data -> socket.pong(Buffer.from("mine"))));
    RawClient client = connect(server).send(masked(FIN | 9, "A"));
    assertThat(client.frame()).hasToString("8a mine");
  }

  @Test
  void pingsWithDataOrWithout() {
    RawClient client =
        connect(serve(socket -> socket.ping().ping(Buffer.from("12")).pong(Buffer.from("3"))));
    assertThat(client.frame()).hasToString("89");
    assertThat(client.frame()).hasToString("89 12");
    assertThat(client.frame()).hasToString("8a 3");
  }

  @Test
  void refusesToSendWhatNoFrameMayCarry() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    RawClient client = connect(serve(opened::complete));
    WebSocketConnection socket = get(opened);
    Buffer tooLong = Buffer.from(new byte[126]);
    assertThatThrownBy(() -> socket.ping(tooLong)).hasMessageContaining("126");
    assertThatThrownBy(() -> socket.pong(tooLong)).hasMessageContaining("126");
    for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, -1}) {
      assertThatThrownBy(() -> socket.close(code))
          .isInstanceOf(NetException.class)
          .hasMessageContaining("not " + code);
    }
    String longReason = "é".repeat(62);
    assertThatThrownBy(() -> socket.close(1000, longReason)).hasMessageContaining("124");
    assertThat(client.send(masked(FIN | 9, "")).frame()).hasToString("8a");
  }

  // Closing

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})
  void echoesTheCodeOfAClose(int code) {
    echoes(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {3000, 3999, 4000, 4999})
  void echoesTheCodeOfAPrivateClose(int code) {
    echoes(code);
  }

  private void echoes(int code) {
    RawClient client = connect(hearing(options())).send(close(code, "tschüss"));
    RawClient.Frame frame = client.closing();
    assertThat(frame.code()).isEqualTo(code);
    assertThat(frame.reason()).isEqualTo("tschüss");
    client.close();
    happens("close " + code + " 'tschüss' clean");
  }

  @Test
  void answersAnEmptyCloseWithAnEmptyOne() {
    RawClient client = connect(hearing(options())).send(masked(FIN | 8, ""));
    assertThat(client.closing()).hasToString("88");
    client.close();
    happens("close 1005 clean");
  }

  @Test
  void hearsNothingBehindAClose() {
    RawClient client = connect(hearing(options()));
    client.send(join(text("before"), close(1000, ""), text("behind"), new byte[] {-1, -1}));
    assertThat(client.closing().code()).isEqualTo(1000);
    client.send(text("much later"));
    client.close();
    happens("message before", "close 1000 clean");
  }

  @Test
  void closesItselfAndEndsTheConnectionWhenTheClientHasAnswered() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    WebSocketServer server =
        serve(socket -> {
          hear(socket);
          opened.complete(socket);
        });
    RawClient client = connect(server);
    WebSocketConnection socket = get(opened);
    assertThat(socket.readyState()).isEqualTo(1);
    doOnLoop(() -> {
      socket.close(4001, "srv").close(4002, "again");
      assertThat(socket.readyState()).isEqualTo(2);
    });
    assertThat(client.frame().code()).isEqualTo(4001);
    // What the client had sent before it heard of it still comes.
    client.send(join(text("crossing"), close(4001, "srv")));
    assertThat(client.isEnded()).isTrue();
    client.close();
    happens("message crossing", "close 4001 'srv' clean");
    assertThat(server.connections()).isZero();
  }

  @Test
  void waitsForAnAnsweringCloseNoLongerThanItSays() {
    WebSocketServer server =
        serve(
            options().withCloseTimeout(Duration.ofMillis(50)),
            socket -> {
              hear(socket);
              socket.close();
            });
    RawClient client = connect(server);
    assertThat(client.frame().code()).isEqualTo(1000);
    assertThat(client.isEnded()).isTrue();
    happens("close 1006");
  }

  @Test
  void waitsForTheEndOfAClientThatHasClosedNoLongerThanItSays() {
    RawClient client =
        connect(hearing(options().withCloseTimeout(Duration.ofMillis(50)))).send(close(1000, ""));
    assertThat(client.closing().code()).isEqualTo(1000);
    happens("close 1000 clean");
  }

  @Test
  void tells1006WhereAClientJustEnds() {
    RawClient client = connect(hearing(options())).send(text("x")).end();
    assertThat(client.isEnded()).isTrue();
    happens("message x", "close 1006");
  }

  @Test
  void tells1006WhereAClientIsReset() {
    WebSocketServer server = hearing(options());
    connect(server).reset();
    await().until(() -> events.contains("close 1006"));
    assertThat(server.connections()).isZero();
    assertThat(events).isSubsetOf("error ECONNRESET", "close 1006");
  }

  @Test
  void terminatesAtOnce() {
    RawClient client =
        connect(
            serve(socket -> {
              hear(socket);
              socket.onMessage(message -> socket.terminate());
            }));
    assertThat(client.send(text("x")).rest()).isEmpty();
    happens("message x", "close 1006");
  }

  @Test
  void tellsOfTheEndOnceAndLateListenersToo() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    RawClient client = connect(serve(opened::complete));
    client.send(masked(FIN | 9, new byte[0]).clone()).frame();
    client.send(plain(FIN | 1, "no mask"));
    assertThat(client.closing().code()).isEqualTo(1002);
    client.close();
    WebSocketConnection socket = get(opened);
    await().until(() -> socket.readyState() == 3);
    hear(socket);
    happens("error WS_ERR_EXPECTED_MASK", "close 1006");
  }

  @Test
  void saysInItsCauseWhoHasEndedIt() {
    CompletableFuture<CloseEvent> told = new CompletableFuture<>();
    RawClient client = connect(serve(socket -> socket.onClose(told::complete)));
    client.send(Frames.hex("83 80 00 00 00 00"));
    client.closing();
    client.close();
    CloseEvent event = get(told);
    assertThat(event.cause().by()).isEqualTo(io.netloop.loop.CloseCause.By.PEER);
    assertThat(event.cause().layer()).isEqualTo("ws");
    assertThat(event.cause().code()).isEqualTo("WS_ERR_INVALID_OPCODE");
    assertThat(event.wasClean()).isFalse();
  }

  // Broken rules

  @ParameterizedTest
  @CsvSource({
    "81 01 41, 1002, WS_ERR_EXPECTED_MASK",
    "91 81 00 00 00 00 41, 1002, WS_ERR_UNEXPECTED_RSV_2_3",
    "c1 81 00 00 00 00 41, 1002, WS_ERR_UNEXPECTED_RSV_1",
    "83 80 00 00 00 00, 1002, WS_ERR_INVALID_OPCODE",
    "80 80 00 00 00 00, 1002, WS_ERR_INVALID_OPCODE",
    "01 80 00 00 00 00 81 80 00 00 00 00, 1002, WS_ERR_INVALID_OPCODE",
    "09 80 00 00 00 00, 1002, WS_ERR_EXPECTED_FIN",
    "89 fe 00 7e, 1002, WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH",
    "88 81 00 00 00 00 03, 1002, WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH",
    "88 82 00 00 00 00 03 ec, 1002, WS_ERR_INVALID_CLOSE_CODE",
    "88 82 00 00 00 00 03 ed, 1002, WS_ERR_INVALID_CLOSE_CODE",
    "88 82 00 00 00 00 03 ee, 1002, WS_ERR_INVALID_CLOSE_CODE",
    "88 82 00 00 00 00 03 f7, 1002, WS_ERR_INVALID_CLOSE_CODE",
    "88 82 00 00 00 00 03 e7, 1002, WS_ERR_INVALID_CLOSE_CODE",
    "88 82 00 00 00 00 0b b7, 1002, WS_ERR_INVALID_CLOSE_CODE",
    "88 82 00 00 00 00 13 88, 1002, WS_ERR_INVALID_CLOSE_CODE",
    "88 82 00 00 00 00 00 00, 1002, WS_ERR_INVALID_CLOSE_CODE",
    "88 83 00 00 00 00 03 e8 ff, 1007, WS_ERR_INVALID_UTF8",
    "88 84 00 00 00 00 03 e8 e2 82, 1007, WS_ERR_INVALID_UTF8",
    "81 82 00 00 00 00 c0 80, 1007, WS_ERR_INVALID_UTF8",
    "81 ff 00 00 00 00 00 00 00 09 00 00 00 00 ff, 1007, WS_ERR_INVALID_UTF8",
    "82 ff 00 00 00 00 00 10 00 01, 1009, WS_ERR_UNSUPPORTED_MESSAGE_LENGTH",
    "82 ff 00 20 00 00 00 00 00 00, 1009, WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH",
    "82 ff 80 00 00 00 00 00 00 00, 1009, WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH"
  })
  void tellsAClientThatBreaksTheRules(String bytes, int closeCode, String code) {
    byte[] frame = Frames.hex(bytes);
    if ((frame[1] & 0xff) == 0xff) {
      frame = join(frame, frame.length == 10 ? new byte[4] : new byte[0]);
    }
    RawClient client = connect(hearing(options())).send(join(text("good"), frame));
    assertThat(client.closing().code()).isEqualTo(closeCode);
    client.close();
    happens("message good", "error " + code, "close 1006");
  }

  @Test
  void endsAClientThatBreaksTheRulesAndStays() {
    RawClient client = connect(hearing(options())).send(plain(FIN | 1, ""));
    assertThat(client.closing().code()).isEqualTo(1002);
    // It is given two seconds to read that.
    happens("error WS_ERR_EXPECTED_MASK", "close 1006");
  }

  @Test
  void hearsNothingMoreFromAClientThatBreaksTheRules() {
    RawClient client = connect(hearing(options()));
    client.send(join(plain(FIN | 1, ""), text("more"), masked(FIN | 9, "")));
    client.send(join(text("and more"), close(1000, "")));
    assertThat(client.closing().code()).isEqualTo(1002);
    client.close();
    happens("error WS_ERR_EXPECTED_MASK", "close 1006");
  }

  @Test
  void boundsAMessageOverAllItsFragments() {
    WebSocketServerOptions options = options().withMaxPayload(10).withMaxFragments(3);
    RawClient client = connect(hearing(options)).send(join(masked(1, "12345"), masked(0, "67890")));
    client.send(masked(0, "1"));
    assertThat(client.closing().code()).isEqualTo(1009);
    client.close();

    RawClient other = connect(hearing(options));
    other.send(join(masked(1, ""), masked(0, ""), masked(0, ""), masked(0, "")));
    assertThat(other.closing().code()).isEqualTo(1008);
    other.close();
    happens(
        "error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH",
        "close 1006",
        "error WS_ERR_TOO_MANY_BUFFERED_PARTS",
        "close 1006");
  }

  // Listeners that throw

  @ParameterizedTest
  @ValueSource(strings = {"message", "ping", "pong", "open"})
  void costsOnlyTheConnectionWhereAListenerThrows(String event) {
    WebSocketServer server =
        serve(socket -> {
          Runnable fails =
              () -> {
                throw new IllegalStateException("of the test");
              };
          switch (event) {
            case "message" -> socket.onMessage(message -> fails.run());
            case "ping" -> socket.onPing(data -> fails.run());
            case "pong" -> socket.onPong(data -> fails.run());
            default -> {
              if (socket.request().url().equals("/fails")) {
                fails.run();
              }
            }
          }
          socket.onClose(closed -> add("closed"));
        });
    RawClient other = connect(server);
    RawClient client = connect(port(server), "/fails");
    client.send(join(text("x"), masked(FIN | 9, "p"), masked(FIN | 10, "p")));
    RawClient.Frame frame = client.frame();
    while (frame.opcode() == 10) {
      frame = client.frame();
    }
    assertThat(frame.code()).isEqualTo(1011);
    client.send(close(1011, ""));
    client.rest();
    client.close();
    assertThat(Uncaught.next()).hasMessage("of the test");
    await().until(() -> server.connections() == 1);
    assertThat(other.isSilent()).isTrue();
  }

  @Test
  void tellsTheOtherListenersOfTheEndWhereOneThrows() {
    RawClient client =
        connect(
            serve(socket -> {
              socket.onClose(event -> {
                throw new IllegalStateException("of the test");
              });
              hear(socket);
            }));
    client.send(close(1000, ""));
    client.closing();
    client.close();
    happens("close 1000 clean");
    assertThat(Uncaught.next()).hasMessage("of the test");
  }

  @Test
  void forgetsListenersThatWereTakenOut() {
    WebSocketServer server =
        serve(socket -> {
          java.util.function.Consumer<Message> gone = message -> add("gone " + message);
          socket.onMessage(gone).onMessage(message -> add("stays " + message)).off(gone);
        });
    connect(server).send(text("x"));
    happens("stays x");
  }

  // Flow

  @Test
  void handsOutNothingWhilePausedAndAllInOrderAfterwards() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    WebSocketServer server =
        serve(socket -> {
          hear(socket);
          opened.complete(socket);
        });
    RawClient client = connect(server);
    WebSocketConnection socket = get(opened);
    socket.onMessage(message -> {
      if (message.text().equals("2")) {
        socket.pause();
      }
    });
    settle();
    client.send(join(text("1"), text("2"), text("3")));
    happens("message 1", "message 2");
    assertThat(socket.isPaused()).isTrue();
    client.send(join(text("4"), close(1000, "")));
    settle();
    assertThat(events).hasSize(2);
    socket.resume();
    happens("message 1", "message 2", "message 3", "message 4");
    assertThat(client.closing().code()).isEqualTo(1000);
    client.close();
    assertThat(socket.isPaused()).isFalse();
    comes("close 1000 clean");
  }

  @Test
  void handsOutWhatHasComeBeforeThePeersEndThoughItWasPaused() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    WebSocketServer server =
        serve(socket -> {
          hear(socket);
          socket.onMessage(message -> {
            if (message.text().equals("1")) {
              socket.pause();
              opened.complete(socket);
            }
          });
        });
    RawClient client = connect(server);
    client.send(join(text("1"), text("2"), close(1000, ""))).end();
    WebSocketConnection socket = get(opened);
    settle();
    assertThat(events).containsExactly("message 1");
    socket.resume();
    happens("message 1", "message 2", "close 1000 clean");
  }

  @Test
  void holdsAPausedPeerBack() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    WebSocketServer server =
        serve(socket -> {
          socket.pause();
          socket.onMessage(message -> add("message " + message.length()));
          opened.complete(socket);
        });
    RawClient client = bare(port(server));
    client.send(join(RawClient.request("/"), text("with the handshake")));
    client.head();
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < 64; i++) {
            client.send(binary(new byte[1 << 20]));
          }
        });
    settle();
    assertThat(events).isEmpty();
    assertThat(sent).isNotDone();
    get(opened).resume();
    get(sent);
    await().until(() -> events.size() == 65);
    assertThat(events.getFirst()).isEqualTo("message 18");
  }

  // Peers that are silent

  @Test
  void pingsASilentPeerAndEndsOneThatIsGone() {
    RawClient client = connect(hearing(options().withIdleTimeout(Duration.ofMillis(200))));
    assertThat(client.frame()).hasToString("89");
    assertThat(client.isEnded()).isTrue();
    happens("close 1006");
  }

  @Test
  void keepsAPeerThatAnswersPings() {
    RawClient client = connect(hearing(options().withIdleTimeout(Duration.ofMillis(300))));
    for (int i = 0; i < 4; i++) {
      assertThat(client.frame()).hasToString("89");
      client.send(masked(FIN | 10, ""));
    }
    happens("pong ", "pong ", "pong ", "pong ");
    client.send(close(1000, "")).closing();
  }

  @Test
  void endsASilentPeerWithoutAskingWhereThatIsOff() {
    RawClient client =
        connect(hearing(options().withIdleTimeout(Duration.ofMillis(100)).withSendPings(false)));
    assertThat(client.rest()).isEmpty();
    happens("close 1006");
  }

  @Test
  void endsNoPeerForBeingSilentWhileItIsHeldBack() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    WebSocketServer server =
        serve(
            options().withIdleTimeout(Duration.ofMillis(100)),
            socket -> {
              hear(socket);
              opened.complete(socket.pause());
            });
    RawClient client = connect(server);
    CompletableFuture<Void> longer = new CompletableFuture<>();
    loop.setTimeout(400, () -> longer.complete(null));
    get(longer);
    assertThat(events).isEmpty();
    client.send(text("x"));
    get(opened).resume();
    comes("message x");
  }

  @Test
  void closesAConnectionThatHasLastedLongEnough() {
    RawClient client = connect(hearing(options().withMaxLifetime(Duration.ofMillis(100))));
    assertThat(client.frame().code()).isEqualTo(1001);
    client.send(close(1001, ""));
    assertThat(client.isEnded()).isTrue();
    client.close();
    happens("close 1001 clean");
  }

  // What can be asked

  @Test
  void knowsItsClients() {
    WebSocketServer server =
        serve(socket ->
            socket.onClose(event -> add("left " + socket.readyState() + " " + clientsOf(socket))));
    server.onConnection(socket -> clientsOf.put(socket, server));
    RawClient first = connect(server);
    connect(server);
    await().until(() -> server.connections() == 2);
    assertThat(onLoop(server::clients)).hasSize(2);
    first.close();
    // It is out of the set before its listeners are told.
    happens("left 3 1");
  }

  private final java.util.Map<WebSocketConnection, WebSocketServer> clientsOf =
      new java.util.concurrent.ConcurrentHashMap<>();

  private int clientsOf(WebSocketConnection socket) {
    return clientsOf.get(socket).clients().size();
  }

  @Test
  void tellsWhoseConnectionItIs() {
    WebSocketServer server =
        serve(socket -> {
          add(socket.request().url() + " " + socket.request().header("x-name"));
          add("" + socket);
          add("" + socket.socket().remoteAddress());
        });
    connect(port(server), "/a?b=c", "X-Name: ann");
    await().until(() -> events.size() == 3);
    assertThat(events.get(0)).isEqualTo("/a?b=c ann");
    assertThat(events.get(1)).contains("127.0.0.1", "/a?b=c");
  }
}
