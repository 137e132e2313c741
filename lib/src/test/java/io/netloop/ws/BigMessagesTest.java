package io.netloop.ws;

import static io.netloop.ws.Frames.FIN;
import static io.netloop.ws.Frames.hex;
import static io.netloop.ws.Frames.masked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.loop.PassThrough;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are compressed on another thread, and what is sent while they are. */
class BigMessagesTest extends WsTest {
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final String BIG = words(1, Compression.BIG_BYTES);
  private static final String BIGGER = words(2, 5 * Compression.BIG_BYTES + 1);

  private final List<WebSocketConnection> opened = Collections.synchronizedList(new ArrayList<>());
  private boolean isHeld;

  private static String words(int seed, int length) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append("abcd efg, hij".charAt(random.nextInt(13)));
    }
    return text.toString();
  }

  /** From here on nothing is compressed elsewhere until {@link #letGo}. */
  private void hold() {
    Compression.PLACES.acquireUninterruptibly(Compression.MOST_AT_ONCE);
    isHeld = true;
  }

  private void letGo() {
    isHeld = false;
    Compression.PLACES.release(Compression.MOST_AT_ONCE);
  }

  @AfterEach
  void letAllEnd() {
    if (isHeld) {
      letGo();
    }
    await().until(Compression.PLACES::availablePermits, free -> free == Compression.MOST_AT_ONCE);
  }

  private static WebSocketServerOptions compressing(boolean takeover) {
    return options()
        .withMaxPayload(1 << 26)
        .withDeflate(
            DeflateOptions.defaults()
                .withServerContextTakeover(takeover)
                .withClientContextTakeover(takeover));
  }

  private WebSocketServer server(WebSocketServerOptions options) {
    return serve(
        options,
        socket -> {
          hear(socket);
          socket.subscribe("room");
          opened.add(socket);
        });
  }

  private RawClient rawClient() {
    return connect(server(compressing(false)), OFFER);
  }

  private WebSocketConnection socket() {
    await().until(() -> !opened.isEmpty());
    return opened.getFirst();
  }

  private Consumer<NetException> noting(String name) {
    return failure -> add(name + " " + (failure == null ? "sent" : failure.code()));
  }

  /** The text of a compressed frame. */
  private static String inflated(RawClient.Frame frame) {
    assertThat(frame.first()).isEqualTo(0xc1);
    byte[] bytes = frame.payload();
    return new String(new SlowInflater(bytes).inflate(), StandardCharsets.UTF_8);
  }

  private static String brief(String text) {
    return text.equals(BIG) ? "BIG" : text.equals(BIGGER) ? "BIGGER" : text;
  }

  private List<String> listTo(WebSocket client) {
    List<String> got = Collections.synchronizedList(new ArrayList<>());
    client.onMessage(event -> got.add(brief(event.text())));
    return got;
  }

  private static void got(List<String> list, String... expected) {
    await().untilAsserted(() -> assertThat(List.copyOf(list)).containsExactly(expected));
  }

  // Order

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sendsFromTheServerInTheOrderOfTheCalls(boolean takeover) {
    WebSocketServer server = server(compressing(takeover));
    CompletableFuture<List<String>> heard = new CompletableFuture<>();
    WebSocketOptions options =
        WebSocketOptions.defaults()
            .withDeflate(DeflateOptions.defaults().withServerContextTakeover(takeover));
    client(url(server), options, ws -> heard.complete(listTo(ws)));
    WebSocketConnection socket = socket();
    hold();
    String small = "again and ".repeat(200); // long enough to be compressed
    doOnLoop(() -> {
      assertThat(socket.send("before")).isEqualTo(SendResult.SUCCESS);
      assertThat(socket.send(Message.text(BIG), noting("1"))).isEqualTo(SendResult.BACKPRESSURE);
      assertThat(socket.send(Message.text(small), noting("2"))).isEqualTo(SendResult.BACKPRESSURE);
      socket.send(Message.text(BIGGER), noting("3"));
      socket.send(PreparedMessage.of(Message.text("prepared")));
      socket.send(Message.text(BIG), noting("4"));
      socket.send(PreparedMessage.of(Message.text(BIGGER)));
      socket.send(Message.text(BIG), false, noting("plain"));
      socket.send(Message.text("behind"), noting("5"));
    });
    got(heard.join(), "before");
    letGo();
    got(
        heard.join(),
        "before",
        "BIG",
        small,
        "BIGGER",
        "prepared",
        "BIG",
        "BIGGER",
        "BIG",
        "behind");
    happens("1 sent", "2 sent", "3 sent", "4 sent", "plain sent", "5 sent");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sendsFromTheClientInTheOrderOfTheCalls(boolean takeover) {
    List<String> got = Collections.synchronizedList(new ArrayList<>());
    WebSocketServer server =
        serve(
            compressing(takeover),
            socket -> socket.onMessage(message -> got.add(brief(message.text()))));
    WebSocketOptions options =
        WebSocketOptions.defaults()
            .withDeflate(DeflateOptions.defaults().withClientContextTakeover(takeover));
    WebSocket client = heard(url(server), options);
    comes("open 1");
    hold();
    doOnLoop(() -> {
      client.send("before");
      client.send(BIG);
      client.send("between");
      client.send(BIGGER);
      client.send(BIG);
      client.send("behind");
      client.close(1000, "all");
      client.send("dropped");
      assertThat(client.readyState()).isEqualTo(WebSocket.CLOSING);
    });
    got(got, "before");
    assertThat(client.bufferedAmount())
        .isEqualTo(2L * BIG.length() + BIGGER.length() + "betweenbehinddropped".length());
    letGo();
    happens("open 1", "close 1000 'all' clean 3");
    got(got, "before", "BIG", "between", "BIGGER", "BIG", "behind");
    assertThat(client.bufferedAmount()).isEqualTo("dropped".length());
  }

  @Test
  void keepsAMessageInPiecesInItsPlace() {
    RawClient client = rawClient();
    WebSocketConnection socket = socket();
    hold();
    doOnLoop(() -> {
      socket.send(BIG);
      PassThrough pieces = socket.createMessage(false);
      pieces.write("one ");
      socket.send(BIGGER);
      pieces.end("two");
    });
    assertThat(client.isSilent()).isTrue();
    letGo();
    assertThat(inflated(client.frame())).isEqualTo(BIG);
    assertThat(client.frame()).hasToString("01 one");
    assertThat(client.frame()).hasToString("00 two");
    assertThat(client.frame()).hasToString("80");
    assertThat(inflated(client.frame())).isEqualTo(BIGGER);
  }

  @Test
  void answersPingsAtOnceAndSendsThoseOfTheProgramInTheirPlace() {
    RawClient client = rawClient();
    WebSocketConnection socket = socket();
    hold();
    doOnLoop(() -> {
      socket.send(BIG);
      socket.ping(Buffer.from("mine"));
    });
    client.send(masked(FIN | 9, "yours"));
    assertThat(client.frame()).hasToString("8a yours");
    assertThat(client.isSilent()).isTrue();
    letGo();
    assertThat(inflated(client.frame())).isEqualTo(BIG);
    assertThat(client.frame()).hasToString("89 mine");
  }

  // What waits is counted, and bounded

  @Test
  void countsWhatWaitsAndTellsWhenItIsSent() {
    RawClient client = rawClient();
    WebSocketConnection socket = socket();
    socket.onDrain(() -> add("drain " + socket.bufferedAmount()));
    hold();
    doOnLoop(() -> {
      socket.send(BIG);
      assertThat(socket.bufferedAmount()).isEqualTo(BIG.length());
      socket.send("behind");
      assertThat(socket.bufferedAmount()).isEqualTo(BIG.length() + 6);
    });
    settle();
    assertThat(events).isEmpty();
    letGo();
    assertThat(inflated(client.frame())).isEqualTo(BIG);
    assertThat(client.text()).isEqualTo("behind");
    happens("drain 0");
  }

  @ParameterizedTest
  @CsvSource({"1000000, 17", "0, 300000"})
  void endsAConnectionForWhichMoreWaitsThanMayBeQueued(int length, int count) {
    RawClient client = rawClient();
    WebSocketConnection socket = socket();
    Buffer each = Buffer.from(new byte[length]);
    hold();
    doOnLoop(() -> {
      socket.send(Message.text(BIG), noting("big"));
      for (int i = 0; i < count; i++) {
        socket.send(each);
      }
      socket.send(Message.text("late"), noting("late"));
      assertThat(socket.bufferedAmount()).isLessThan(100);
    });
    assertThat(client.closing().code()).isEqualTo(1011);
    client.close();
    happens("error ERR_OUTBOX_LIMIT", "big ERR_WS_NOT_OPEN", "late ERR_WS_NOT_OPEN", "close 1006");
  }

  /** One that is longer than what may be queued is taken, as the outbox takes it. */
  @Test
  void sendsAMessageLongerThanWhatMayBeQueuedAndWhatFollows() {
    int length = 20 << 20;
    WebSocketServer server = server(compressing(false));
    CompletableFuture<List<Integer>> heard = new CompletableFuture<>();
    client(
        url(server),
        ws -> {
          List<Integer> got = Collections.synchronizedList(new ArrayList<>());
          ws.onMessage(event -> got.add(event.bytes().length()));
          heard.complete(got);
        });
    WebSocketConnection socket = socket();
    doOnLoop(() -> {
      socket.send(Buffer.from(new byte[length]));
      assertThat(socket.publish("room", "to nobody else")).isTrue();
      socket.send(Buffer.from("b"));
      server.publish("room", Message.binary(Buffer.from("cd")));
    });
    await().untilAsserted(() -> assertThat(heard.join()).containsExactly(length, 1, 2));
    assertThat(server.topics().stats().dropped()).isZero();
  }

  @Test
  void letsTheLoopGoOnMeanwhile() {
    rawClient();
    WebSocketConnection socket = socket();
    Buffer huge = Buffer.from(words(3, 1 << 20).repeat(4));
    int[] turns = {0};
    CompletableFuture<Integer> during = new CompletableFuture<>();
    Runnable[] next = new Runnable[1];
    next[0] =
        () -> {
          if (socket.bufferedAmount() < huge.length()) {
            during.complete(turns[0]); // What is left of it is compressed.
          } else {
            turns[0]++;
            loop.setImmediate(next[0]);
          }
        };
    doOnLoop(() -> {
      socket.send(Message.binary(huge), true, null);
      loop.setImmediate(next[0]);
    });
    assertThat(during.orTimeout(60, TimeUnit.SECONDS).join()).isGreaterThan(20);
  }

  // Ends

  @Test
  void closesBehindWhatWasSentBefore() {
    RawClient client = rawClient();
    WebSocketConnection socket = socket();
    hold();
    doOnLoop(() -> {
      socket.send(BIG);
      socket.send("behind");
      socket.close(4000, "enough");
      assertThat(socket.readyState()).isEqualTo(WebSocket.CLOSING);
      assertThat(socket.send("too late")).isEqualTo(SendResult.DROPPED);
    });
    assertThat(client.isSilent()).isTrue();
    letGo();
    assertThat(inflated(client.frame())).isEqualTo(BIG);
    assertThat(client.text()).isEqualTo("behind");
    assertThat(client.frame().code()).isEqualTo(4000);
    client.send(Frames.close(4000, "enough"));
    assertThat(client.isEnded()).isTrue();
    client.close();
    happens("close 4000 'enough' clean");
  }

  @Test
  void answersAPeersCloseBehindWhatWasSentBefore() {
    RawClient client = rawClient();
    WebSocketConnection socket = socket();
    hold();
    doOnLoop(() -> {
      socket.send(BIG);
      socket.send("behind");
    });
    client.send(Frames.close(1000, "bye"));
    await().until(() -> socket.readyState() == WebSocket.CLOSING);
    letGo();
    assertThat(inflated(client.frame())).isEqualTo(BIG);
    assertThat(client.text()).isEqualTo("behind");
    assertThat(client.closing().code()).isEqualTo(1000);
    client.close();
    happens("close 1000 'bye' clean");
  }

  @Test
  void sendsTheRestToAPeerThatHasEndedItsSide() {
    RawClient client = rawClient();
    WebSocketConnection socket = socket();
    hold();
    doOnLoop(() -> {
      socket.send(BIG);
      socket.send(Message.text("behind"), noting("behind"));
    });
    client.end();
    await().until(() -> socket.readyState() == WebSocket.CLOSING);
    letGo();
    assertThat(inflated(client.frame())).isEqualTo(BIG);
    assertThat(client.text()).isEqualTo("behind");
    assertThat(client.isEnded()).isTrue();
    client.close();
    happens("behind sent", "close 1006");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dropsWhatWaitsWhenItIsTerminated(boolean takeover) {
    connect(server(compressing(takeover)), OFFER);
    WebSocketConnection socket = socket();
    hold();
    doOnLoop(() -> {
      socket.send(Message.text(BIG), noting("big"));
      socket.send(Message.text("behind"), noting("behind"));
      socket.terminate();
    });
    comes("close 1006");
    comes("big ERR_WS_NOT_OPEN");
    comes("behind ERR_WS_NOT_OPEN");
    assertThat(onLoop(socket::bufferedAmount)).isZero();
    letGo();
    settle();
    assertThat(events).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stopsCompressingWhenTheConnectionIsGone(boolean takeover) {
    RawClient client = connect(server(compressing(takeover)), OFFER);
    WebSocketConnection socket = socket();
    Buffer huge = Buffer.from(words(3, 1 << 20).repeat(24));
    doOnLoop(() -> socket.send(Message.binary(huge), noting("huge")));
    await().until(() -> Compression.PLACES.availablePermits() < Compression.MOST_AT_ONCE);
    client.reset();
    comes("huge ERR_WS_NOT_OPEN");
    comes("close 1006");
    await().until(() -> Compression.PLACES.availablePermits() == Compression.MOST_AT_ONCE);
  }

  @Test
  void tellsAPeerThatBreaksTheRulesAtOnce() {
    RawClient client = rawClient();
    WebSocketConnection socket = socket();
    hold();
    doOnLoop(() -> socket.send(Message.text(BIG), noting("big")));
    client.send(hex("83 80 00 00 00 00"));
    assertThat(client.closing().code()).isEqualTo(1002);
    client.close();
    happens("error WS_ERR_INVALID_OPCODE", "big ERR_WS_NOT_OPEN", "close 1006");
  }

  @Test
  void waitsForItsOwnCloseNoLongerThanItSays() {
    RawClient client =
        connect(server(compressing(false).withCloseTimeout(Duration.ofMillis(50))), OFFER);
    WebSocketConnection socket = socket();
    hold();
    doOnLoop(() -> {
      socket.send(BIG);
      socket.close();
    });
    happens("close 1006");
    assertThat(client.isEnded()).isTrue();
  }

  // To many

  @Test
  void compressesAPublicationOnceAndKeepsTheOrderOfEachReceiver() {
    WebSocketServer server = server(compressing(false));
    List<List<String>> heard = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 5; i++) {
      client(url(server), ws -> heard.add(listTo(ws)));
    }
    await().until(() -> opened.size() == 5);
    hold();
    doOnLoop(() -> {
      server.publish("room", "before");
      server.publish("room", BIG);
      opened.forEach(socket -> socket.send("direct"));
      server.publish("room", BIGGER);
      server.publish("room", BIGGER);
      server.publish("room", BIG);
      server.publish("room", "behind");
    });
    await().until(() -> Compression.PLACES.getQueueLength() == 1);
    letGo();
    for (List<String> one : heard) {
      got(one, "before", "BIG", "direct", "BIGGER", "BIGGER", "BIG", "behind");
    }
    assertThat(server.topics().stats()).isEqualTo(new TopicStats(6, 30, 0, 0));
  }

  /** Who reads fast is not to blame that others' messages take their time. */
  @ParameterizedTest
  @EnumSource(WebSocketServerOptions.SlowReader.class)
  void blamesAReaderForWhatIsNotCompressedYetOnlyWhereItIsALot(
      WebSocketServerOptions.SlowReader policy) {
    WebSocketServer server = server(compressing(false).withSlowReader(policy));
    CompletableFuture<List<String>> heard = new CompletableFuture<>();
    client(
        url(server),
        ws -> {
          List<String> got = Collections.synchronizedList(new ArrayList<>());
          ws.onMessage(event -> got.add(event.text().substring(0, 3)));
          ws.onClose(event -> got.add("close " + event.code()));
          heard.complete(got);
        });
    socket();
    String long1 = "x".repeat(1 << 20); // quickly compressed
    hold();
    doOnLoop(() -> {
      for (int i = 101; i <= 108; i++) {
        server.publish("room", i + long1);
      }
    });
    assertThat(server.topics().stats()).isEqualTo(new TopicStats(8, 8, 0, 0));
    doOnLoop(() -> {
      for (int i = 109; i <= 112; i++) {
        server.publish("room", i + long1);
      }
    });
    boolean closes = policy == WebSocketServerOptions.SlowReader.CLOSE;
    if (closes) {
      await().until(() -> server.topics().stats().closed() == 1);
    }
    letGo();
    doOnLoop(() -> opened.getFirst().send("end"));
    List<String> expected = new ArrayList<>();
    // One that is compressed, half of what may be queued, and the one that has passed that.
    for (int i = 101; i <= 110 && !closes; i++) {
      expected.add("" + i);
    }
    switch (policy) {
      case CLOSE -> expected.add("close 1008");
      case DROP_NEWEST -> expected.add("end");
      default -> expected.addAll(List.of("112", "end"));
    }
    got(heard.join(), expected.toArray(String[]::new));
  }

  @Test
  void preparesABigMessageOnce() throws Exception {
    Deflate.Shared shared = new Deflate.Shared();
    DeflateAgreement agreed = new DeflateAgreement(false, false, 15, 0);
    Deflate one = new Deflate(shared, agreed, 6, false);
    Deflate other = new Deflate(shared, agreed, 6, false);
    PreparedMessage big = PreparedMessage.of(Message.text(BIG));
    hold();
    CompletableFuture<Buffer> frame = onLoop(() -> big.compressed(one));
    assertThat(frame.isDone()).isFalse();
    one.end(); // That one receiver has gone means nothing to the others.
    assertThat(onLoop(() -> big.compressed(other))).isSameAs(frame);
    letGo();
    Buffer sent = get(frame);
    assertThat(sent.length()).isLessThan(BIG.length());
    assertThat(sent.toByteArray()[0]).isEqualTo((byte) 0xc1);
    other.end();
    shared.end();
  }

  // On their threads

  @Test
  void compressesNoMoreThanSoManyAtOnceAndNoneThatNobodyWants() {
    Deflate.Shared shared = new Deflate.Shared();
    List<Deflate> all = new ArrayList<>();
    List<CompletableFuture<Buffer>> results = new ArrayList<>();
    Compression.PLACES.acquireUninterruptibly(Compression.MOST_AT_ONCE - 1);
    Compression.PLACES.acquireUninterruptibly();
    isHeld = true;
    doOnLoop(() -> {
      for (int i = 0; i < 30; i++) {
        // Every other one has a compressor of its own.
        DeflateAgreement agreed = new DeflateAgreement(i % 2 == 0, false, 15, 0);
        all.add(new Deflate(shared, agreed, 6, false));
        results.add(all.getLast().compressElsewhere(Buffer.from(BIGGER)));
      }
    });
    await().until(() -> Compression.PLACES.getQueueLength() == 30);
    for (int i = 0; i < 30; i += 3) {
      all.get(i).end();
    }
    letGo();
    for (int i = 0; i < 30; i++) {
      CompletableFuture<Buffer> result = results.get(i);
      await().until(result::isDone);
      assertThat(result.state())
          .isEqualTo(i % 3 == 0 ? Future.State.CANCELLED : Future.State.SUCCESS);
      if (i % 3 != 0) {
        byte[] bytes = result.resultNow().toByteArray();
        assertThat(new SlowInflater(bytes).inflate()).isEqualTo(Frames.utf8(BIGGER));
      }
    }
    all.forEach(Deflate::end);
    shared.end();
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 12, 15})
  void keepsToTheWindowThatWasAgreedOn(int bits) {
    Deflate.Shared shared = new Deflate.Shared();
    Deflate deflate = new Deflate(shared, new DeflateAgreement(true, true, bits, 0), 6, false);
    String text = words(4, 700_000);
    byte[] bytes = get(onLoop(() -> deflate.compressElsewhere(Buffer.from(text)))).toByteArray();
    SlowInflater inflater = new SlowInflater(bytes);
    assertThat(inflater.inflate()).isEqualTo(Frames.utf8(text));
    assertThat(inflater.furthest).isLessThanOrEqualTo(1 << bits);
    deflate.end();
    shared.end();
  }
}
