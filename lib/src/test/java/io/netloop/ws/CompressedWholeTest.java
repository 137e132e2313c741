package io.netloop.ws;

import static io.netloop.ws.Frames.FIN;
import static io.netloop.ws.Frames.RSV1;
import static io.netloop.ws.Frames.close;
import static io.netloop.ws.Frames.compressed;
import static io.netloop.ws.Frames.hex;
import static io.netloop.ws.Frames.join;
import static io.netloop.ws.Frames.masked;
import static io.netloop.ws.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed messages that are handed out whole, and take the loop longer than others may wait. */
class CompressedWholeTest extends WsTest {
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final int MIB = 1 << 20;
  private static final int LENGTH = 48 * MIB;
  private static final byte[] LONG = compressed(pattern(LENGTH));

  private final List<WebSocketConnection> opened = Collections.synchronizedList(new ArrayList<>());

  /**
   * How often the loop turned, from when {@link #countTurnsFromGo} was called until all have come.
   */
  private int turns;

  private static byte[] pattern(int length) {
    byte[] all = new byte[length];
    for (int i = 0; i < length; i += 4099) {
      all[i] = (byte) (i / 4099);
    }
    return all;
  }

  private static byte[] whole(byte[] compressed) {
    return masked(FIN | RSV1 | 2, compressed);
  }

  private WebSocketServer server(boolean takeover, int maxPayload) {
    DeflateOptions deflate = DeflateOptions.defaults().withClientContextTakeover(takeover);
    return serve(options().withDeflate(deflate).withMaxPayload(maxPayload), this::listen);
  }

  private void listen(WebSocketConnection socket) {
    opened.add(socket);
    socket
        .onMessage(message -> add(described(message)))
        .onPing(data -> add("ping " + data))
        .onError(error -> add("error " + error.code()))
        .onClose(event -> add("close " + told(event)));
  }

  /** Counts the turns of the loop from the message "go" on until the next comes. */
  private void countTurnsFromGo() {
    opened
        .getLast()
        .onMessage(message -> {
          if (message.toString().equals("go")) {
            int before = events.size();
            Runnable[] next = new Runnable[1];
            next[0] =
                () -> {
                  if (events.size() == before) {
                    turns++;
                    loop.setImmediate(next[0]);
                  }
                };
            loop.setImmediate(next[0]);
          }
        });
  }

  private RawClient client(WebSocketServer server) {
    RawClient client = connect(server, OFFER);
    await().until(() -> !opened.isEmpty());
    return client;
  }

  private static String described(Message message) {
    if (message.length() < 100) {
      return "message " + message.data();
    }
    boolean isRight = Arrays.equals(message.data().toByteArray(), pattern(message.length()));
    return "message of " + message.length() + (isRight ? "" : " wrong");
  }

  @Test
  void letsOthersHaveTheirTurnsBetween() {
    RawClient client = client(server(false, LENGTH));
    doOnLoop(this::countTurnsFromGo);
    client.send(join(text("go"), whole(LONG)));
    happens("message go", "message of " + LENGTH);
    // One for each of its 48 MiB, where a few reads would have been enough.
    assertThat(turns).isGreaterThan(LENGTH / MIB / 2);
  }

  /** Each is short, all of them are not. */
  @Test
  void letsOthersHaveTheirTurnsBetweenManyThatCameAtOnce() {
    int length = MIB / 4;
    byte[] each = whole(compressed(pattern(length)));
    byte[][] all = new byte[128][];
    Arrays.fill(all, each);
    RawClient client = client(server(false, length));
    List<Integer> gaps = Collections.synchronizedList(new ArrayList<>());
    doOnLoop(() -> {
      int[] inTurn = {0};
      opened
          .getLast()
          .onMessage(message -> {
            if (inTurn[0]++ == 0) {
              loop.setImmediate(() -> {
                gaps.add(inTurn[0]);
                inTurn[0] = 0;
              });
            }
          });
    });
    client.send(join(all));
    await().until(() -> events.size() == all.length);
    assertThat(events).containsOnly("message of " + length);
    await().until(() -> gaps.stream().mapToInt(Integer::intValue).sum() == all.length);
    // What waited and what came behind it: a MiB each.
    assertThat(Collections.max(gaps)).isLessThanOrEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsTheOrderOfWhatFollows(boolean takeover) {
    RawClient client = client(server(takeover, LENGTH));
    byte[] begin = masked(RSV1 | 2, cut(LONG, 0, 20_000));
    byte[] end = masked(FIN, cut(LONG, 20_000, LONG.length));
    client.send(join(text("a"), begin, masked(FIN | 9, "p"), end));
    client.send(join(text("b"), whole(LONG), masked(FIN | 9, "q"), text("c"), close(1000, "bye")));
    assertThat(client.frame()).hasToString("8a p");
    assertThat(client.frame()).hasToString("8a q");
    assertThat(client.closing().code()).isEqualTo(1000);
    client.close();
    happens(
        "message a",
        "ping p",
        "message of " + LENGTH,
        "message b",
        "message of " + LENGTH,
        "ping q",
        "message c",
        "close 1000 'bye' clean");
  }

  @Test
  void handsItOutBeforeThePeersEnd() {
    RawClient client = client(server(false, LENGTH));
    client.send(join(whole(LONG), text("b"))).end();
    happens("message of " + LENGTH, "message b", "close 1006");
  }

  @Test
  void keepsTwoConnectionsApart() {
    WebSocketServer server = server(false, LENGTH);
    RawClient one = client(server);
    RawClient other = client(server);
    byte[] half = compressed(pattern(LENGTH / 2));
    one.send(whole(LONG));
    other.send(join(whole(half), whole(half)));
    one.send(whole(half));
    await().until(() -> events.size() == 4);
    assertThat(events)
        .containsExactlyInAnyOrder(
            "message of " + LENGTH,
            "message of " + LENGTH / 2,
            "message of " + LENGTH / 2,
            "message of " + LENGTH / 2);
  }

  @Test
  void refusesOneThatIsTooLongWhenItHasComeThatFar() {
    RawClient client = client(server(false, LENGTH - 1));
    client.send(join(whole(LONG), text("unheard")));
    assertThat(client.closing().code()).isEqualTo(1009);
    client.close();
    happens("error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", "close 1006");
  }

  @Test
  void refusesOneWhoseEndIsNoTextOrCannotBeInflated() {
    byte[] badText = new byte[5 * MIB];
    badText[badText.length - 1] = (byte) 0xff;
    // A whole message, and behind it a block of the one type that there is not.
    byte[] badBytes = join(compressed(pattern(5 * MIB)), hex("00 00 ff ff ff ff ff"));
    isRefused(masked(FIN | RSV1 | 1, compressed(badText)), "WS_ERR_INVALID_UTF8");
    isRefused(whole(badBytes), "WS_ERR_INVALID_DEFLATE");
  }

  private void isRefused(byte[] message, String code) {
    events.clear();
    RawClient client = client(server(false, LENGTH));
    client.send(join(message, text("unheard")));
    assertThat(client.closing().code()).isEqualTo(1007);
    client.close();
    happens("error " + code, "close 1006");
  }

  @Test
  void handsOutNothingWhereItIsTerminatedInTheMiddle() {
    RawClient client = client(server(false, LENGTH));
    WebSocketConnection socket = opened.getFirst();
    doOnLoop(() -> socket.onMessage(message -> loop.setImmediate(socket::terminate)));
    client.send(join(text("go"), whole(LONG)));
    happens("message go", "close 1006");
    settle();
    assertThat(events).hasSize(2);
  }

  @Test
  void handsOutNothingWhileItIsPausedInTheMiddle() {
    RawClient client = client(server(false, LENGTH));
    WebSocketConnection socket = opened.getFirst();
    doOnLoop(() ->
        socket.onMessage(message -> {
          if (message.length() == 2) {
            loop.setImmediate(socket::pause);
          }
        }));
    client.send(join(text("go"), whole(LONG), text("b")));
    await().until(socket::isPaused);
    settle();
    assertThat(events).containsExactly("message go");
    socket.resume();
    happens("message go", "message of " + LENGTH, "message b");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isTakenByAClientToo(boolean takeover) {
    DeflateOptions deflate = DeflateOptions.defaults().withServerContextTakeover(takeover);
    WebSocketServer server =
        serve(
            options().withDeflate(deflate),
            socket -> {
              socket.send(Message.binary(Buffer.from(pattern(LENGTH))));
              socket.send("b");
              socket.close(4000, "all");
            });
    client(
        url(server),
        WebSocketOptions.defaults().withDeflate(deflate),
        ws ->
            ws.binaryType("arraybuffer")
                .onMessage(event -> add(described(Message.binary(event.bytes()))))
                .onClose(event -> add("close " + told(event))));
    happens("message of " + LENGTH, "message b", "close 4000 'all' clean");
  }
}
