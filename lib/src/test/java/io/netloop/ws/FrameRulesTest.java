package io.netloop.ws;

import static io.netloop.ws.Frames.FIN;
import static io.netloop.ws.Frames.close;
import static io.netloop.ws.Frames.join;
import static io.netloop.ws.Frames.masked;
import static io.netloop.ws.Frames.plain;
import static io.netloop.ws.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of RFC 6455 on frames that come in an unusual order, and on how connections close. */
class FrameRulesTest extends WsTest {
  private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (\\S+)");

  private WebSocketServer hearing() {
    return serve(this::hear);
  }

  // The server's side

  @Test
  void answersAPingBetweenTheFragmentsOfAMessageAtOnce() {
    RawClient client = connect(hearing()).send(join(masked(1, "Hel"), masked(FIN | 9, "now")));
    assertThat(client.frame()).hasToString("8a now");
    happens("ping now");
    client.send(join(masked(0, "l"), masked(FIN | 10, ""), masked(FIN, "o")));
    happens("ping now", "pong ", "message Hello");
  }

  @Test
  void takesEmptyMessagesAndEmptyFragments() {
    RawClient client = connect(hearing());
    client.send(
        join(
            text(""),
            masked(1, ""),
            masked(0, ""),
            masked(FIN, ""),
            masked(FIN | 2, ""),
            masked(2, ""),
            masked(FIN, "x")));
    happens("message ", "message ", "message ", "message x");
  }

  @Test
  void answersACloseInTheMiddleOfAMessageAndForgetsTheRest() {
    RawClient client = connect(hearing());
    client.send(join(masked(1, "never"), close(4000, "bye"), masked(FIN, "whole")));
    RawClient.Frame answer = client.closing();
    assertThat(answer.code()).isEqualTo(4000);
    client.close();
    happens("close 4000 'bye' clean");
  }

  @Test
  void saysNothingMoreOnceItHasSentItsClose() {
    CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
    RawClient client =
        connect(
            serve(socket -> {
              hear(socket);
              opened.complete(socket);
            }));
    WebSocketConnection socket = get(opened);
    doOnLoop(() -> {
      socket.close(4001, "");
      assertThat(socket.send("late")).isEqualTo(SendResult.DROPPED);
      socket.ping();
    });
    assertThat(client.frame().code()).isEqualTo(4001);
    // Not even to a ping.
    client.send(join(masked(FIN | 9, "still there?"), close(4001, "")));
    assertThat(client.isEnded()).isTrue();
    client.close();
    comes("close 4001 clean");
  }

  @Test
  void answersOnlyTheFirstOfManyCloses() {
    RawClient client = connect(hearing()).send(join(close(1000, "a"), close(1001, "b")));
    assertThat(client.closing().reason()).isEqualTo("a");
    client.close();
    happens("close 1000 'a' clean");
  }

  @Test
  void takesTheLongestReasonThereCanBe() {
    String longest = "ü".repeat(61) + "x";
    RawClient client = connect(hearing()).send(close(3000, longest));
    assertThat(client.closing().reason()).isEqualTo(longest);
    client.close();
    happens("close 3000 '" + longest + "' clean");
  }

  // The client's side

  /** A server that opens each connection, sends these frames, and notes what comes. */
  private TcpServer opening(List<String> heard, byte[]... frames) {
    return raw(socket -> {
      boolean[] shaken = {false};
      socket.onData(data -> {
        if (shaken[0]) {
          note(heard, socket, data);
          return;
        }
        shaken[0] = true;
        Matcher key = KEY.matcher(data.toString());
        assertThat(key.find()).isTrue();
        socket.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + ServerHandshake.accept(key.group(1))
                + "\r\n\r\n");
        socket.write(Buffer.from(join(frames)));
      });
    });
  }

  /** Short frames alone, each with a mask; the connection ends behind a close. */
  private static void note(List<String> heard, TcpSocket socket, Buffer data) {
    byte[] bytes = data.toByteArray();
    for (int at = 0; at < bytes.length; ) {
      int length = bytes[at + 1] & 0x7f;
      assertThat(bytes[at + 1] & 0x80).as("a client's frame has a mask").isNotZero();
      StringBuilder payload = new StringBuilder();
      for (int i = 0; i < length; i++) {
        payload.append("%02x".formatted((bytes[at + 6 + i] ^ bytes[at + 2 + i % 4]) & 0xff));
      }
      heard.add("%02x %s".formatted(bytes[at] & 0xff, payload).strip());
      at += 6 + length;
    }
    if (heard.getLast().startsWith("88")) {
      socket.end();
    }
  }

  private List<String> connectTo(byte[]... frames) {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    heard("ws://127.0.0.1:" + opening(heard, frames).address().port() + "/");
    return heard;
  }

  @ParameterizedTest
  @CsvSource({
    "91 01 41, 03ea, WS_ERR_UNEXPECTED_RSV_2_3",
    "80 00, 03ea, WS_ERR_INVALID_OPCODE",
    "01 00 81 00, 03ea, WS_ERR_INVALID_OPCODE",
    "8b 00, 03ea, WS_ERR_INVALID_OPCODE",
    "09 00, 03ea, WS_ERR_EXPECTED_FIN",
    "89 7e 00 7e, 03ea, WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH",
    "88 01 03, 03ea, WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH",
    "88 02 03 e7, 03ea, WS_ERR_INVALID_CLOSE_CODE",
    "88 02 03 ec, 03ea, WS_ERR_INVALID_CLOSE_CODE",
    "88 02 03 f7, 03ea, WS_ERR_INVALID_CLOSE_CODE",
    "88 02 13 88, 03ea, WS_ERR_INVALID_CLOSE_CODE",
    "88 03 03 e8 ff, 03ef, WS_ERR_INVALID_UTF8",
    "01 02 e2 82 80 01 28, 03ef, WS_ERR_INVALID_UTF8",
    "82 7f 80 00 00 00 00 00 00 00, 03f1, WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH"
  })
  void failsTheConnectionOfAServerThatBreaksTheRules(String bytes, String told, String code) {
    List<String> heard = connectTo(plain(FIN | 1, "good"), Frames.hex(bytes), plain(FIN | 1, "no"));
    happens("open 1", "message good", "error " + code + " 2", "close 1006 3");
    assertThat(heard).containsExactly("88 " + told);
  }

  @Test
  void hearsNothingBehindTheServersClose() {
    List<String> heard =
        connectTo(plain(FIN | 8, Frames.closePayload(4000, "")), plain(FIN | 1, "late"));
    happens("open 1", "close 4000 clean 3");
    assertThat(heard).containsExactly("88 0fa0");
  }

  @Test
  void answersAServersPingsBetweenFragmentsAndAnEmptyCloseByAnEmptyOne() {
    List<String> heard =
        connectTo(
            plain(1, "Hel"),
            plain(FIN | 9, "A"),
            plain(FIN | 10, "unasked"),
            plain(FIN, "lo"),
            plain(FIN | 1, ""),
            plain(FIN | 8, ""));
    happens("open 1", "message Hello", "message ", "close 1005 clean 3");
    await().until(() -> heard.size() == 2);
    assertThat(heard).containsExactly("8a 41", "88");
  }
}
