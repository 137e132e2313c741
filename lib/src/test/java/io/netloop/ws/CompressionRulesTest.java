package io.netloop.ws;

import static io.netloop.ws.Frames.FIN;
import static io.netloop.ws.Frames.RSV1;
import static io.netloop.ws.Frames.compressed;
import static io.netloop.ws.Frames.hex;
import static io.netloop.ws.Frames.join;
import static io.netloop.ws.Frames.masked;
import static io.netloop.ws.Frames.text;
import static io.netloop.ws.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import io.netloop.net.TcpServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of RFC 7692 on a connection whose two sides have agreed on compression. */
class CompressionRulesTest extends WsTest {
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (\\S+)");
  private static final byte[] HELLO = compressed(utf8("Hello"));

  private static WebSocketServerOptions compressing() {
    return options().withDeflate(DeflateOptions.defaults());
  }

  private WebSocketServer hearing(WebSocketServerOptions options) {
    return serve(options, this::hear);
  }

  private static byte[] whole(byte[] compressed) {
    return masked(FIN | RSV1 | 1, compressed);
  }

  // What comes

  @ParameterizedTest
  @CsvSource({
    // RSV1 stands for a whole message: no frame but the first of it has it.
    "41 81 00 00 00 00 f2 c0 80 00 00 00 00, 1002, WS_ERR_UNEXPECTED_RSV_1",
    "c8 80 00 00 00 00, 1002, WS_ERR_UNEXPECTED_RSV_1",
    "c9 80 00 00 00 00, 1002, WS_ERR_UNEXPECTED_RSV_1",
    "ca 80 00 00 00 00, 1002, WS_ERR_UNEXPECTED_RSV_1",
    "a1 80 00 00 00 00, 1002, WS_ERR_UNEXPECTED_RSV_2_3",
    "e1 80 00 00 00 00, 1002, WS_ERR_UNEXPECTED_RSV_2_3",
    "d1 80 00 00 00 00, 1002, WS_ERR_UNEXPECTED_RSV_2_3",
    // No DEFLATE at all, and one that refers back to before its beginning.
    "c1 83 00 00 00 00 ff ff ff, 1007, WS_ERR_INVALID_DEFLATE",
    "c2 85 00 00 00 00 f2 00 11 00 00, 1007, WS_ERR_INVALID_DEFLATE",
    // A text is checked as what it inflates to: the bytes c3 28, stored, are no UTF-8.
    "c1 88 00 00 00 00 00 02 00 fd ff c3 28 00, 1007, WS_ERR_INVALID_UTF8",
    // So is one that ends within a character.
    "c1 87 00 00 00 00 00 01 00 fe ff c3 00, 1007, WS_ERR_INVALID_UTF8"
  })
  void tellsAClientThatBreaksTheRules(String bytes, int closeCode, String code) {
    RawClient client =
        connect(hearing(compressing()), OFFER).send(join(whole(HELLO), hex(bytes), text("more")));
    assertThat(client.closing().code()).isEqualTo(closeCode);
    client.close();
    happens("message Hello", "error " + code, "close 1006");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void boundsAMessageByWhatItInflatesTo(boolean takeover) {
    DeflateOptions deflate = DeflateOptions.defaults().withClientContextTakeover(takeover);
    WebSocketServer server = hearing(options().withDeflate(deflate).withMaxPayload(10_000));
    String most = "x".repeat(10_000);
    RawClient client = connect(server, OFFER);
    client.send(whole(compressed(utf8(most)))).send(whole(compressed(utf8(most + "x"))));
    assertThat(client.closing().code()).isEqualTo(1009);
    client.close();
    happens("message " + most, "error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", "close 1006");
  }

  @Test
  void takesMessagesThatAreNotCompressedToo() {
    RawClient client = connect(hearing(compressing()), OFFER);
    client.send(join(text("plain"), whole(HELLO), text("plain again"), whole(HELLO)));
    happens("message plain", "message Hello", "message plain again", "message Hello");
  }

  @Test
  void takesACompressedMessageInFragmentsWithControlFramesBetween() {
    RawClient client = connect(hearing(compressing()), OFFER);
    for (int cut = 0; cut <= HELLO.length; cut++) {
      client.send(
          join(
              masked(RSV1 | 1, cut(HELLO, 0, cut)),
              masked(FIN | 9, "p"),
              masked(0, cut(HELLO, cut, HELLO.length)),
              masked(FIN | 10, ""),
              masked(FIN, "")));
      happens("ping p", "pong ", "message Hello");
      assertThat(client.frame()).hasToString("8a p");
      events.clear();
    }
  }

  @Test
  void takesEmptyMessages() {
    RawClient client = connect(hearing(compressing()), OFFER);
    client.send(join(whole(hex("00")), masked(RSV1 | 1, ""), masked(FIN, hex("00")), whole(HELLO)));
    happens("message ", "message ", "message Hello");
  }

  /** RFC 7692 §6.1: nothing was agreed on, so the bit has no meaning. */
  @Test
  void refusesCompressionThatTheClientDidNotOffer() {
    RawClient client = connect(hearing(compressing())).send(whole(HELLO));
    assertThat(client.closing().code()).isEqualTo(1002);
  }

  // What goes

  @Test
  void compressesFromTheThresholdOn() {
    RawClient client =
        connect(
            serve(
                compressing(),
                socket -> {
                  socket.send("x".repeat(1023));
                  socket.send("x".repeat(1024));
                  socket.send(Buffer.from(new byte[1024]));
                  socket.send(Message.text("x".repeat(1024)), false, null);
                }),
            OFFER);
    List<Integer> first = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RawClient.Frame frame = client.frame();
      first.add(frame.first());
      lengths.add(frame.payload().length);
    }
    assertThat(first).containsExactly(0x81, 0xc1, 0xc2, 0x81);
    assertThat(lengths.get(0)).isEqualTo(1023);
    assertThat(lengths.get(1)).isLessThan(100);
    assertThat(lengths.get(2)).isLessThan(100);
    assertThat(lengths.get(3)).isEqualTo(1024);
  }

  @Test
  void leavesOutTheTailOfEachMessage() {
    WebSocketServer server =
        serve(
            compressing().withDeflate(DeflateOptions.defaults().withThreshold(0)),
            socket -> {
              socket.send("Hello");
              socket.send("");
            });
    RawClient client = connect(server, OFFER);
    assertThat(hex(client.frame().payload())).isEqualTo("f2 48 cd c9 c9 07 00");
    assertThat(hex(client.frame().payload())).isEqualTo("00");
  }

  @Test
  void compressesNoControlFrames() {
    WebSocketServer server =
        serve(
            options().withDeflate(DeflateOptions.defaults().withThreshold(0)),
            socket -> socket.ping(Buffer.from("x".repeat(125))).close(4000, "y".repeat(123)));
    RawClient client = connect(server, OFFER);
    assertThat(client.frame()).hasToString("89 " + "x".repeat(125));
    RawClient.Frame close = client.frame();
    assertThat(close.first()).isEqualTo(0x88);
    assertThat(close.reason()).isEqualTo("y".repeat(123));
  }

  @Test
  void compressesNothingForWhoDidNotOfferIt() {
    RawClient client = connect(serve(compressing(), socket -> socket.send("x".repeat(10_000))));
    assertThat(client.frame().first()).isEqualTo(0x81);
  }

  // The client's side

  private TcpServer server(String answer, byte[] frames, CompletableFuture<byte[]> heard) {
    return raw(socket -> {
      boolean[] shaken = {false};
      socket.onData(data -> {
        if (shaken[0]) {
          heard.complete(data.toByteArray());
          socket.end();
          return;
        }
        shaken[0] = true;
        Matcher key = KEY.matcher(data.toString());
        assertThat(key.find()).isTrue();
        assertThat(data.toString()).contains(OFFER);
        socket.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Extensions: %s\r\n\r\n"
                    .formatted(ServerHandshake.accept(key.group(1)), answer));
        socket.write(Buffer.from(frames));
      });
    });
  }

  @ParameterizedTest
  @CsvSource({
    "41 01 f2 c0 00, 1002, WS_ERR_UNEXPECTED_RSV_1",
    "c9 00, 1002, WS_ERR_UNEXPECTED_RSV_1",
    "e1 00, 1002, WS_ERR_UNEXPECTED_RSV_2_3",
    "c1 03 ff ff ff, 1007, WS_ERR_INVALID_DEFLATE",
    "c1 08 00 02 00 fd ff c3 28 00, 1007, WS_ERR_INVALID_UTF8"
  })
  void failsTheConnectionOfAServerThatBreaksTheRules(String bytes, int closeCode, String code) {
    CompletableFuture<byte[]> heard = new CompletableFuture<>();
    byte[] frames = join(Frames.plain(FIN | RSV1 | 1, HELLO), hex(bytes));
    TcpServer server = server("permessage-deflate", frames, heard);
    heard("ws://127.0.0.1:" + server.address().port() + "/");
    happens("open 1", "message Hello", "error " + code + " 2", "close 1006 3");
    assertThat(closeCode(get(heard))).isEqualTo(closeCode);
  }

  @Test
  void boundsWhatAServersMessageInflatesTo() {
    CompletableFuture<byte[]> heard = new CompletableFuture<>();
    byte[] bomb = Frames.plain(FIN | RSV1 | 2, compressed(new byte[5 << 20]));
    TcpServer server = server("permessage-deflate", bomb, heard);
    heard(
        "ws://127.0.0.1:" + server.address().port() + "/",
        WebSocketOptions.defaults().withMaxPayload(1 << 20));
    happens("open 1", "error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH 2", "close 1006 3");
    assertThat(closeCode(get(heard))).isEqualTo(1009);
  }

  private static int closeCode(byte[] frame) {
    assertThat(frame).hasSize(8).startsWith((byte) 0x88, (byte) 0x82);
    return ((frame[6] ^ frame[2]) & 0xff) << 8 | ((frame[7] ^ frame[3]) & 0xff);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate; unknown",
        "permessage-deflate, permessage-deflate",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "x-webkit-deflate-frame"
      })
  void opensNothingWhereTheServersAnswerCannotBe(String answer) {
    TcpServer server = server(answer, new byte[0], new CompletableFuture<>());
    heard("ws://127.0.0.1:" + server.address().port() + "/");
    happens("error ERR_WS_HANDSHAKE 3", "close 1006 3");
  }

  /** RFC 7692 §7.1.1: the server may say this although nobody has asked. */
  @Test
  void keepsNothingBetweenMessagesWhereTheServerSaysSo() {
    CompletableFuture<byte[]> heard = new CompletableFuture<>();
    byte[] twice = join(Frames.plain(FIN | RSV1 | 1, HELLO), Frames.plain(FIN | RSV1 | 1, HELLO));
    TcpServer server =
        server(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            join(twice, Frames.plain(FIN | RSV1 | 1, hex("f2 00 11 00 00"))),
            heard);
    heard("ws://127.0.0.1:" + server.address().port() + "/");
    happens(
        "open 1",
        "message Hello",
        "message Hello",
        "error WS_ERR_INVALID_DEFLATE 2",
        "close 1006 3");
  }

  @Test
  void refersBackToEarlierMessagesWhereTheServerMay() {
    byte[] twice =
        join(
            Frames.plain(FIN | RSV1 | 1, HELLO),
            Frames.plain(FIN | RSV1 | 1, hex("f2 00 11 00 00")),
            Frames.plain(FIN | 8, ""));
    TcpServer server = server("permessage-deflate", twice, new CompletableFuture<>());
    heard("ws://127.0.0.1:" + server.address().port() + "/");
    happens("open 1", "message Hello", "message Hello", "close 1005 clean 3");
  }
}
