package io.netloop.ws;

import static io.netloop.ws.Frames.FIN;
import static io.netloop.ws.Frames.RSV1;
import static io.netloop.ws.Frames.close;
import static io.netloop.ws.Frames.compressed;
import static io.netloop.ws.Frames.join;
import static io.netloop.ws.Frames.masked;
import static io.netloop.ws.Frames.text;
import static io.netloop.ws.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.PassThrough;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compressed messages that come piece by piece: a thousand times what was sent, for all we know.
 */
class CompressedStreamsTest extends WsTest {
  private static final int HIGH_WATER = OutboxLimits.defaults().highWaterMark();
  private static final int BLOCK = 64 * 1024;
  private static final int BLOCKS = 1024;
  private static final byte[] BOMB = bomb(BLOCKS);

  private final List<PassThrough> bodies = new ArrayList<>();
  private final List<WebSocketConnection> opened = new ArrayList<>();

  /** What came of a body, held against what {@link #bomb} put in. */
  private long taken;

  private boolean isWrong;

  /** Blocks of zeros, each of which begins with its number, compressed. */
  private static byte[] bomb(int blocks) {
    byte[] all = new byte[blocks * BLOCK];
    ByteBuffer numbers = ByteBuffer.wrap(all);
    for (int i = 0; i < blocks; i++) {
      numbers.putInt(i * BLOCK, i + 1);
    }
    return compressed(all);
  }

  private static byte[] whole(byte[] compressed) {
    return masked(FIN | RSV1 | 2, compressed);
  }

  private WebSocketServer server(boolean takeover, int maxPayload) {
    DeflateOptions deflate = DeflateOptions.defaults().withClientContextTakeover(takeover);
    return serve(
        options().withDeflate(deflate).withMaxPayload(maxPayload),
        socket -> {
          opened.add(socket);
          hear(socket);
          socket.onMessageStream(stream -> {
            add("begin");
            bodies.add(stream.body());
            stream.body().onError(error -> add("failed " + error.code()));
          });
        });
  }

  private RawClient client(WebSocketServer server) {
    return connect(server, "Sec-WebSocket-Extensions: permessage-deflate");
  }

  private PassThrough body(int count) {
    await().until(() -> bodies.size() == count);
    return bodies.getLast();
  }

  private void look(Buffer data) {
    byte[] bytes = data.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      long at = taken + i;
      int inBlock = (int) (at % BLOCK);
      int number = (int) (at / BLOCK) + 1;
      isWrong |= bytes[i] != (byte) (inBlock < 4 ? number >> (24 - 8 * inBlock) : 0);
    }
    taken += bytes.length;
  }

  private void take(PassThrough body) {
    doOnLoop(() -> body.onData(this::look).onEnd(() -> add("end " + taken)));
  }

  private long waiting(PassThrough body) {
    return onLoop(body::writableLength);
  }

  /** Nothing more is inflated: what waits stays what it is while the loop turns. */
  private void holdsAtMost(PassThrough body) {
    await().until(() -> waiting(body) > 0);
    settle();
    assertThat(waiting(body)).isLessThanOrEqualTo(HIGH_WATER);
  }

  @Test
  void makesABombWorthTheName() {
    assertThat((long) BLOCK * BLOCKS / BOMB.length).isGreaterThan(900);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsABombCompressedWhileItsReaderHasPaused(boolean takeover) {
    RawClient client = client(server(takeover, 1 << 30));
    client.send(join(whole(BOMB), masked(FIN | 9, "p"), text("next")));
    PassThrough body = body(1);
    holdsAtMost(body);
    assertThat(client.isSilent()).isTrue();

    take(body);
    comes("end " + (long) BLOCK * BLOCKS);
    assertThat(isWrong).isFalse();
    assertThat(client.frame()).hasToString("8a p");
    PassThrough next = body(2);
    doOnLoop(() -> next.onData(data -> add("part " + data)).onEnd(() -> add("end")));
    comes("end");
    assertThat(events)
        .containsExactlyInAnyOrder(
            "begin", "end " + (long) BLOCK * BLOCKS, "ping p", "begin", "part next", "end");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void inflatesNoMoreThanAStreamHoldsForAReaderWhoPausesAfterEachPiece(boolean takeover) {
    RawClient client = client(server(takeover, 1 << 30));
    byte[] bomb = bomb(40);
    // In two frames, of which the second has nothing but the last bytes.
    client.send(
        join(
            masked(RSV1 | 2, Arrays.copyOf(bomb, bomb.length - 3)),
            masked(FIN, Arrays.copyOfRange(bomb, bomb.length - 3, bomb.length))));
    PassThrough body = body(1);
    long[] most = {0};
    doOnLoop(() ->
        body.onData(
                data -> {
                  look(data);
                  most[0] = Math.max(most[0], body.writableLength());
                  body.pause();
                  loop.setImmediate(body::resume);
                })
            .onEnd(() -> add("end " + taken)));
    comes("end " + 40L * BLOCK);
    assertThat(isWrong).isFalse();
    assertThat(most[0]).isBetween(1L, (long) HIGH_WATER);
  }

  /** A quick reader of a bomb is no reason to let all others wait. */
  @Test
  void letsOthersHaveTheirTurnsWhileABombIsTaken() {
    RawClient client = client(server(false, 1 << 30));
    client.send(whole(BOMB));
    PassThrough body = body(1);
    holdsAtMost(body);
    int[] turns = {0};
    Runnable[] next = new Runnable[1];
    next[0] =
        () -> {
          turns[0]++;
          if (taken < (long) BLOCK * BLOCKS) {
            loop.setImmediate(next[0]);
          }
        };
    doOnLoop(() -> loop.setImmediate(next[0]));
    take(body);
    comes("end " + (long) BLOCK * BLOCKS);
    assertThat(isWrong).isFalse();
    // About one for each of its 64 MiB.
    assertThat(turns[0]).isGreaterThan(BLOCKS / 16 / 2);
  }

  @Test
  void hasTheCompressorForOthersWhileABombWaits() {
    WebSocketServer server = server(false, 1 << 30);
    RawClient bomber = client(server);
    bomber.send(whole(BOMB));
    PassThrough held = body(1);
    holdsAtMost(held);

    RawClient other = client(server);
    byte[] small = bomb(1);
    for (int i = 0; i < 3; i++) {
      other.send(whole(small));
      taken = 0;
      take(body(2 + i));
      await().until(() -> taken == BLOCK);
    }
    taken = 0;
    take(held);
    comes("end " + (long) BLOCK * BLOCKS);
    assertThat(isWrong).isFalse();
  }

  @Test
  void stopsInTheMiddleForAPauseOfTheConnectionToo() {
    RawClient client = client(server(false, 1 << 30));
    client.send(masked(RSV1 | 2, Arrays.copyOf(BOMB, 10)));
    PassThrough body = body(1);
    WebSocketConnection socket = opened.getFirst();
    doOnLoop(() ->
        body.onData(
                data -> {
                  look(data);
                  if (taken == data.length()) {
                    socket.pause();
                  }
                })
            .onEnd(() -> add("end " + taken)));
    client.send(masked(FIN, Arrays.copyOfRange(BOMB, 10, BOMB.length)));
    await().until(() -> taken > 0);
    settle();
    assertThat(taken).isLessThanOrEqualTo(Deflate.PIECE_BYTES);
    doOnLoop(socket::resume);
    comes("end " + (long) BLOCK * BLOCKS);
    assertThat(isWrong).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void handsOutWhatWaitedBeforeThePeersEnd(boolean politely) {
    RawClient client = client(server(false, 1 << 30));
    client.send(whole(BOMB));
    PassThrough body = body(1);
    holdsAtMost(body);
    if (politely) {
      client.send(close(1000, "bye"));
    }
    client.end();
    settle();
    take(body);
    happens(
        "begin",
        "end " + (long) BLOCK * BLOCKS,
        politely ? "close 1000 'bye' clean" : "close 1006");
    assertThat(isWrong).isFalse();
  }

  @Test
  void refusesATooLongMessageWhenItsReaderHasComeThatFar() {
    RawClient client = client(server(false, 10 * BLOCK));
    client.send(whole(bomb(11)));
    PassThrough body = body(1);
    holdsAtMost(body);
    assertThat(client.isSilent()).isTrue();
    take(body);
    assertThat(client.closing().code()).isEqualTo(1009);
    client.close();
    comes("close 1006");
    comes("failed ERR_WS_NOT_OPEN");
    assertThat(events).contains("error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH").hasSize(4);
    assertThat(taken).isLessThanOrEqualTo(10L * BLOCK);
  }

  @Test
  void refusesWhatCantBeInflatedWhenItsReaderHasComeThatFar() {
    RawClient client = client(server(false, 1 << 30));
    byte[] bad = BOMB.clone();
    Arrays.fill(bad, bad.length - 100, bad.length, (byte) 0xff);
    client.send(whole(bad));
    PassThrough body = body(1);
    holdsAtMost(body);
    take(body);
    assertThat(client.closing().code()).isEqualTo(1007);
    client.close();
    comes("close 1006");
    comes("failed ERR_WS_NOT_OPEN");
    assertThat(events).contains("error WS_ERR_INVALID_DEFLATE").hasSize(4);
  }

  @Test
  void inflatesForNobodyWhereTheConnectionEndsInTheMiddle() {
    RawClient client = client(server(false, 1 << 30));
    client.send(whole(BOMB));
    PassThrough body = body(1);
    holdsAtMost(body);
    doOnLoop(() ->
        body.onData(data -> {
          look(data);
          if (taken > 10 * BLOCK) {
            opened.getFirst().terminate();
          }
        }));
    comes("failed ERR_WS_NOT_OPEN");
    comes("close 1006");
    settle();
    assertThat(taken).isLessThan(12L * BLOCK);
  }

  @Test
  void goesOnWithTheNextMessageWhereTheProgramWantsNoMoreOfABomb() {
    for (boolean takeover : new boolean[] {true, false}) {
      events.clear();
      bodies.clear();
      RawClient client = client(server(takeover, 1 << 30));
      client.send(join(whole(BOMB), whole(compressed(utf8("next")))));
      PassThrough body = body(1);
      holdsAtMost(body);
      doOnLoop(() -> body.destroy(new NetException("ENOUGH", "no more of it")));
      PassThrough next = body(2);
      doOnLoop(() -> next.onData(data -> add("part " + data)).onEnd(() -> add("end")));
      happens("begin", "failed ENOUGH", "begin", "part next", "end");
    }
  }
}
