package io.netloop.http;

import static io.netloop.http.FrameClient.fields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that mean no good, byte by byte: each costs a bounded amount and ends its own connection
 * or stream. Another connection is served all the while, and afterwards.
 */
class Http2AbuseTest extends Http2Test {
  private static final String PREFACE =
      "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a" + "000000" + "04" + "00" + "00000000";

  /** GET / of h, in four bytes that name and one literal. */
  private static final String GET_BLOCK = "82" + "86" + "84" + "41" + "01" + "68";

  /** The same of /large. */
  private static final String LARGE_BLOCK = "82" + "86" + "04062f6c61726765" + "41" + "01" + "68";

  private static final int MANY = 3_000;

  private static String headersFrame(int flags, int stream, String block) {
    return "%06x%s%02x%08x%s".formatted(block.length() / 2, "01", flags, stream, block);
  }

  /** Another client, that is served before and after. */
  private void isUnharmed(HttpServer server, FrameClient other, int stream) throws IOException {
    assertThat(other.get(stream, "/").ask(stream).text()).isEqualTo("hi");
    assertThat(greet(server).get(1, "/").ask(1).text()).isEqualTo("hi");
  }

  // Floods

  static Stream<Arguments> floods() {
    String dataless = headersFrame(4, 1, GET_BLOCK); // Its body follows.
    return Stream.of(
        Arguments.of("settings", "", "000000" + "04" + "00" + "00000000"),
        Arguments.of(
            "settings that change a window",
            "",
            "000006" + "04" + "00" + "00000000" + "0004" + "0000ffff"),
        Arguments.of("acknowledgements of settings", "", "000000" + "04" + "01" + "00000000"),
        Arguments.of("pings", "", "000008" + "06" + "00" + "00000000" + "0102030405060708"),
        Arguments.of("answers to pings", "", "000008" + "06" + "01" + "00000000" + "00".repeat(8)),
        Arguments.of("priorities", "", "000005" + "02" + "00" + "00000001" + "00000003" + "10"),
        Arguments.of("empty bodies", dataless, "000000" + "00" + "00" + "00000001"),
        Arguments.of("padding", dataless, "000003" + "00" + "08" + "00000001" + "020000"),
        Arguments.of(
            "windows of a byte",
            "000006"
                + "04"
                + "00"
                + "00000000"
                + "0004"
                + "00000000"
                + headersFrame(5, 1, LARGE_BLOCK),
            "000004" + "08" + "00" + "00000001" + "00000001"),
        Arguments.of(
            "windows of nothing, for what is over",
            headersFrame(5, 1, GET_BLOCK),
            "000004" + "08" + "00" + "00000001" + "00000000"),
        Arguments.of("frames of unknown types", "", "000000" + "77" + "00" + "00000001"),
        Arguments.of("window updates", "", "000004" + "08" + "00" + "00000000" + "00000001"),
        Arguments.of("goodbyes", "", "000008" + "07" + "00" + "00000000" + "00".repeat(8)),
        Arguments.of(
            "resets of what is over",
            headersFrame(5, 1, GET_BLOCK),
            "000004" + "03" + "00" + "00000001" + "00000008"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void endsTheConnectionOfAFloodOf(String name, String before, String frame) throws Exception {
    HttpServer server = serveHttp2((q, r) -> answerUnlessBodyComes(q, r));
    FrameClient other = greet(server);
    isUnharmed(server, other, 1);
    FrameClient client = bare(server).hex(PREFACE + before);
    byte[] again = HexFormat.of().parseHex(frame);
    for (int i = 0; i < MANY; i++) {
      client.bytes(again);
    }

    assertThat(client.send().hearGoAway()).isEqualTo(Http2Code.ENHANCE_YOUR_CALM);

    assertThat(server.stats().errors()).containsEntry("ERR_HTTP2_ENHANCE_YOUR_CALM", 1L);
    isUnharmed(server, other, 3);
  }

  /** As some libraries have it: both windows are widened for each message, however small. */
  @Test
  void bearsAClientThatAcknowledgesEachSmallMessage() throws Exception {
    HttpServer server = serveHttp2((q, r) -> q.onData(data -> r.write(data)));
    FrameClient client = greet(server).headers(1, false, fields("POST", "/"));
    for (int i = 0; i < 200; i++) {
      for (int j = 0; j < 10; j++) {
        client.data(1, false, "x");
      }
      client.send();
      for (int j = 0; j < 10; j++) {
        client.hear(FrameClient.DATA);
        client.widen(1, 1).widen(0, 1);
      }
    }

    client.ping("all read").send().hear(FrameClient.PING);
    assertThat(client.soFar(1).text()).hasSize(2_000);
    assertThat(server.stats().errors()).isEmpty();
  }

  private static void answerUnlessBodyComes(HttpRequest request, HttpResponse response) {
    if (request.url().equals("/")) {
      response.end("hi");
    } else if (request.url().equals("/large")) {
      response.end("x".repeat(10_000));
    }
  }

  /** CVE-2023-44487. */
  @Test
  void endsTheConnectionOfRapidResets() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server = serveHttp2((q, r) -> requests.incrementAndGet());
    FrameClient client = bare(server).hex(PREFACE);
    for (int stream = 1; stream < 2 * MANY; stream += 2) {
      client.hex(headersFrame(5, stream, GET_BLOCK));
      client.hex("000004" + "03" + "00" + "%08x".formatted(stream) + "00000008");
    }

    assertThat(client.send().hearGoAway()).isEqualTo(Http2Code.ENHANCE_YOUR_CALM);
    assertThat(requests.get()).isBetween(200, 400);
  }

  /** The same from the other side: requests that make the server reset. */
  @Test
  void endsTheConnectionOfManyRequestsThatAreWrong() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server = serveHttp2((q, r) -> requests.incrementAndGet());
    FrameClient client = bare(server).hex(PREFACE);
    for (int stream = 1; stream < 2 * MANY; stream += 2) {
      client.hex(headersFrame(5, stream, "82" + "82" + "86" + "84")); // two methods
    }

    assertThat(client.send().hearGoAway()).isEqualTo(Http2Code.ENHANCE_YOUR_CALM);
    assertThat(requests.get()).isZero();
  }

  /** CVE-2025-8671: requests that begin, and then make the server reset them. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a body behind the end,5,000001 00 00 %08x 78",
    "a window that is too large,5,000004 08 00 %08x 7fffffff",
    "fields behind the end,5,000001 01 05 %08x 82",
    "a priority that depends on itself,5,000005 02 00 %1$08x %1$08x 10",
    "a window update of nothing,5,000004 08 00 %08x 00000000",
  })
  void endsTheConnectionOfManyRequestsThatMakeItReset(String name, int flags, String hex)
      throws Exception {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        serveHttp2((q, r) -> {
          if (requests.incrementAndGet() == 1) {
            r.end("hi"); // the other client, before
          } else if (q.header("x-other") != null) {
            r.end("hi");
          }
        });
    FrameClient other = greet(server);
    assertThat(other.get(1, "/").ask(1).text()).isEqualTo("hi");
    FrameClient client = bare(server).hex(PREFACE);
    for (int stream = 1; stream < 2 * MANY; stream += 2) {
      client.hex(headersFrame(flags, stream, GET_BLOCK)).hex(hex.formatted(stream));
    }

    assertThat(client.send().hearGoAway()).isEqualTo(Http2Code.ENHANCE_YOUR_CALM);

    assertThat(requests.get()).isBetween(200, 400);
    assertThat(other.headers(3, true, fields("GET", "/", "x-other", "1")).ask(3).text())
        .isEqualTo("hi");
  }

  /** A body of no more than the window allows, which runs over the stream's window each time. */
  @Test
  void endsTheConnectionOfManyBodiesThatAreLongerThanTheirWindow() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        serveHttp2(
            KNOWN.withWindows(65_535, 1 << 20).withMaxResets(30),
            (q, r) -> requests.incrementAndGet());
    FrameClient client = greet(server);
    String piece = "x".repeat(16_000);
    for (int stream = 1; stream < 80; stream += 2) {
      client.headers(stream, false, fields("POST", "/"));
      for (int i = 0; i < 9; i++) { // Half of them are taken, and may be sent again.
        client.data(stream, false, piece);
      }
    }

    assertThat(client.send().hearGoAway()).isEqualTo(Http2Code.ENHANCE_YOUR_CALM);
    assertThat(requests.get()).isBetween(30, 39);
  }

  /** 2,730 changes of all windows in a frame, each of which concerns every stream. */
  @Test
  void endsTheConnectionOfSettingsThatFillAFrame() throws Exception {
    HttpServer server = serveHttp2((q, r) -> answerUnlessBodyComes(q, r));
    FrameClient other = greet(server);
    isUnharmed(server, other, 1);
    FrameClient client = greet(server);
    int[] settings = new int[2 * 2730];
    for (int i = 0; i < settings.length; i += 2) {
      settings[i] = 4;
      settings[i + 1] = 65_535 + i % 4;
    }

    assertThat(client.settings(settings).send().hearGoAway())
        .isEqualTo(Http2Code.ENHANCE_YOUR_CALM);

    isUnharmed(server, other, 3);
  }

  /** A hundred bytes of memory for each byte that is held would be a hundred times the window. */
  @Test
  void putsTinyPiecesOfABodyTogetherThatNobodyTakes() throws Exception {
    AtomicReference<HttpRequest> held = new AtomicReference<>();
    HttpServer server = serveHttp2((q, r) -> held.set(q));
    FrameClient client = greet(server).headers(1, false, fields("POST", "/"));
    StringBuilder sent = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      String one = String.valueOf((char) ('a' + i % 23));
      client.data(1, false, one);
      sent.append(one);
    }
    client.data(1, true, "").ping("received").send().hear(FrameClient.PING);

    StringBuilder body = new StringBuilder();
    AtomicInteger pieces = new AtomicInteger();
    onLoop(() -> {
      held.get().onEnd(() -> told.add("end"));
      held.get()
          .onData(data -> {
            pieces.incrementAndGet();
            body.append(data);
          });
      return null;
    });

    tells("end");
    assertThat(body.toString()).isEqualTo(sent.toString());
    assertThat(pieces.get()).isLessThan(2_000);
  }

  /** It has answered, and will never read on: others need its part of the connection's window. */
  @Test
  void endsARequestThatIsHeldBehindItsAnswer() throws Exception {
    HttpServer server =
        serve(
            HTTP2
                .withHeadersTimeout(Duration.ofMillis(200))
                .withRequestTimeout(Duration.ofMillis(300)),
            (q, r) -> {
              q.onData(data -> {});
              q.onClose(cause -> told.add("close"));
              q.onAborted(() -> told.add("aborted"));
              q.pause();
              r.end("early");
            });
    FrameClient client = greet(server).headers(1, false, fields("POST", "/"));
    for (int i = 0; i < 8; i++) {
      client.data(1, false, "x".repeat(16_000));
    }
    assertThat(client.ask(1).text()).isEqualTo("early");

    client.hear(FrameClient.RST_STREAM);

    assertThat(client.soFar(1).reset).isEqualTo(Http2Code.NO_ERROR);
    tells("aborted", "close");
  }

  @Test
  void resetsATunnelThatIsRefused() throws Exception {
    HttpServer server =
        listen(
            Http.createServer(HTTP2.withHttp2(KNOWN.withMaxConcurrentStreams(1)))
                .onTunnel("websocket", (q, r) -> r.statusCode(403).end("no"))
                .onRequest((q, r) -> r.end("hi")));
    FrameClient client = greet(server);
    for (int stream = 1; stream < 9; stream += 2) {
      client.headers(stream, false, fields("CONNECT", "/", ":protocol", "websocket"));
      assertThat(client.ask(stream).status()).isEqualTo("403");
      client.hear(FrameClient.RST_STREAM);
      assertThat(client.soFar(stream).text()).isEqualTo("no");
      assertThat(client.soFar(stream).reset).isEqualTo(Http2Code.NO_ERROR);
    }

    assertThat(client.get(9, "/").ask(9).text()).isEqualTo("hi");
    assertThat(server.stats().errors()).isEmpty();
  }

  @Test
  void refusesMoreStreamsThanItAllows() throws Exception {
    HttpServer server = serveHttp2(KNOWN.withMaxConcurrentStreams(3), (q, r) -> told.add(q.url()));
    FrameClient client = greet(server);
    for (int stream = 1; stream <= 9; stream += 2) {
      client.get(stream, "/" + stream);
    }

    assertThat(client.ask(9).reset).isEqualTo(Http2Code.REFUSED_STREAM);
    assertThat(client.soFar(7).reset).isEqualTo(Http2Code.REFUSED_STREAM);
    tells("/1", "/3", "/5");
  }

  // Fields

  @ParameterizedTest
  @CsvSource({"00,20", "4000,6"})
  void endsTheConnectionOfContinuationsWithoutEnd(String bytes, int times) throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));
    FrameClient other = greet(server);
    int length = Integer.parseInt(bytes, 16);
    FrameClient client = bare(server).hex(PREFACE + headersFrame(1, 1, GET_BLOCK));
    for (int i = 0; i < times; i++) {
      client.hex("%06x".formatted(length) + "09" + "00" + "00000001" + "00".repeat(length));
    }

    assertThat(client.send().hearGoAway()).isEqualTo(Http2Code.ENHANCE_YOUR_CALM);
    isUnharmed(server, other, 1);
  }

  /** One field of 4,000 bytes, then 12,000 bytes that each name it again: 48 MB. */
  @Test
  void readsNoMoreOfAnHpackBombThanItsLimit() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));
    FrameClient client = bare(server).hex(PREFACE);
    String field = "40" + "01" + "61" + "7f" + "a11e" + "62".repeat(4000);
    String bomb = GET_BLOCK + field + "be".repeat(12_000);
    client.hex(headersFrame(5, 1, bomb));

    assertThat(client.ask(1).status()).isEqualTo("431");
    assertThat(client.get(3, "/").ask(3).text()).isEqualTo("hi");
    assertThat(server.stats().errors()).containsEntry("HPE_HEADER_OVERFLOW", 1L);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "an entry that is not there,ff80ffffff07",
    "the entry zero,80",
    "a text longer than the block,0001617f8010",
    "a table larger than allowed,3fe17f",
    "Huffman code that is none,00018361ffffff",
  })
  void endsTheConnectionOfFieldsThatCanNotBeRead(String name, String block) throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));
    FrameClient client = bare(server).hex(PREFACE + headersFrame(5, 1, block));

    assertThat(client.send().hearGoAway()).isEqualTo(Http2Code.COMPRESSION_ERROR);
    isUnharmed(server, greet(server), 1);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Capital,1",
    "connection,close",
    "transfer-encoding,chunked",
    "upgrade,websocket",
    "keep-alive,1",
    "proxy-connection,keep-alive",
    "te,gzip",
    ":unknown,1",
    ":status,200",
    "content-length,x",
    "content-length,-1",
    "host,other.test",
    "bad name,1",
    "x,'a\rb'",
    "x,'a\nb'",
    "x,'a\u0000b'",
    "x,' a'",
    "x,'a '",
    "'',1",
  })
  void resetsARequestWithAFieldThatMayNotBe(String field, String value) throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));
    FrameClient client = greet(server);

    assertThat(client.headers(1, true, fields("GET", "/", field, value)).ask(1).reset)
        .isEqualTo(Http2Code.PROTOCOL_ERROR);
    assertThat(client.get(3, "/").ask(3).text()).isEqualTo("hi");
  }

  @ParameterizedTest
  @CsvSource({
    "'GE\rT|http|/|h'",
    "GE T|http|/|h",
    "|http|/|h",
    "GET|http||h",
    "GET|http|x|h",
    "GET|http|*|h",
    "GET|http|/a b|h",
    "GET|http|/\u0001|h",
    "GET|http|/|h/x",
    "GET|http|/|u@h",
  })
  void resetsARequestWhoseTargetIsNone(String target) throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));
    String[] parts = target.split("\\|", -1);

    FrameClient client = greet(server);
    client.headers(
        1,
        true,
        ":method",
        parts[0],
        ":scheme",
        parts[1],
        ":path",
        parts[2],
        ":authority",
        parts[3]);

    assertThat(client.ask(1).reset).isEqualTo(Http2Code.PROTOCOL_ERROR);
  }

  /** Its answer would come behind the end that the client was told of. */
  @ParameterizedTest
  @CsvSource({"1", "3"})
  void beginsARequestInPiecesBeforeItEndsItForItsPriority(int pieces) throws Exception {
    HttpServer server = serveHttp2((q, r) -> q.onAborted(() -> told.add("aborted")));
    String priority = "00000001" + "10";
    FrameClient client = bare(server).hex(PREFACE);
    if (pieces == 1) {
      client.hex("%06x".formatted(5 + GET_BLOCK.length() / 2) + "0125" + "00000001" + priority);
      client.hex(GET_BLOCK);
    } else {
      client.hex("000006" + "0121" + "00000001" + priority + "82");
      client.hex("000003" + "0900" + "00000001" + "868441");
      client.hex("000002" + "0904" + "00000001" + "0168");
    }

    assertThat(client.ask(1).reset).isEqualTo(Http2Code.PROTOCOL_ERROR);

    tells("aborted");
    assertThat(client.get(3, "/").ping("all read").send().hear(FrameClient.PING)).isNotNull();
    assertThat(client.soFar(1).fields).isEmpty();
  }

  /** Where there is no stream there is nothing to reset (RFC 9113 §6.4, §5.1). */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a window that grows by nothing,000004 08 00 00000005 00000000,PROTOCOL_ERROR",
    "a priority that depends on itself,000005 02 00 00000005 00000005 10,PROTOCOL_ERROR",
    "a priority that is too short,000004 02 00 00000005 00000001,FRAME_SIZE_ERROR",
  })
  void endsTheConnectionOfAWrongFrameForAStreamThatNobodyBegan(String name, String hex, String code)
      throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.end("hi"));

    int said =
        bare(server).hex(PREFACE + headersFrame(5, 1, GET_BLOCK)).hex(hex).send().hearGoAway();

    assertThat(Http2Code.name(said)).isEqualTo(code);
  }

  // Slow ones

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "no settings,505249202a20485454502f322e300d0a0d0a534d0d0a0d0a",
    "half a frame of settings,505249202a20485454502f322e300d0a0d0a534d0d0a0d0a0000",
  })
  void doesNotWaitForEverForTheBegin(String name, String hex) throws Exception {
    HttpServer server =
        serve(HTTP2.withHeadersTimeout(Duration.ofMillis(300)), (q, r) -> r.end("hi"));

    assertThat(bare(server).hex(hex).send().hearGoAway()).isEqualTo(Http2Code.ENHANCE_YOUR_CALM);
  }

  @Test
  void doesNotWaitForEverForTheRestOfFields() throws Exception {
    HttpServer server =
        serve(HTTP2.withHeadersTimeout(Duration.ofMillis(300)), (q, r) -> r.end("hi"));
    FrameClient client = bare(server).hex(PREFACE + headersFrame(1, 1, "82"));

    assertThat(client.send().hearGoAway()).isEqualTo(Http2Code.ENHANCE_YOUR_CALM);
  }

  @Test
  void answersABodyThatTakesTooLong() throws Exception {
    HttpServer server =
        serve(
            HTTP2
                .withHeadersTimeout(Duration.ofMillis(200))
                .withRequestTimeout(Duration.ofMillis(300)),
            (q, r) -> q.resume());
    FrameClient client = greet(server).headers(1, false, fields("POST", "/"));

    assertThat(client.ask(1).status()).isEqualTo("408");
    assertThat(server.stats().errors()).containsEntry("ERR_HTTP_REQUEST_TIMEOUT", 1L);
  }

  // Clients that do not read

  @Test
  void resetsAStreamWhoseClientTakesNothing() throws Exception {
    HttpServer server =
        serveHttp2(
            KNOWN.withStallTimeout(Duration.ofMillis(300)),
            (q, r) -> r.end(q.url().equals("/") ? "hi" : "x".repeat(70_000)));
    FrameClient client = greet(server, 4, 0).get(1, "/long").send();

    assertThat(client.answer(1).reset).isEqualTo(Http2Code.CANCEL);
    assertThat(server.stats().errors()).containsEntry("ERR_HTTP2_STALLED", 1L);
    assertThat(client.settings(4, 10).get(3, "/").ask(3).text()).isEqualTo("hi");
  }

  /** The time goes by in the server: a byte every few milliseconds is far from a KiB in 300. */
  @Test
  void resetsAStreamWhoseClientTakesAByteAtATime() throws Exception {
    HttpServer server =
        serveHttp2(
            KNOWN.withStallTimeout(Duration.ofMillis(300)),
            (q, r) -> {
              if (q.url().equals("/long")) {
                r.end("x".repeat(70_000));
              } else {
                loop.setTimeout(Duration.ofMillis(20), () -> r.end("t"));
              }
            });
    FrameClient client = greet(server, 4, 1).get(1, "/long");
    int stream = 3;
    for (; stream < 2_000 && client.soFar(1).reset < 0; stream += 2) {
      client.widen(1, 1).get(stream, "/tick").ask(stream);
    }

    assertThat(client.soFar(1).reset).isEqualTo(Http2Code.CANCEL);
    assertThat(client.soFar(1).text().length()).isBetween(2, 1023);
    assertThat(server.stats().errors()).containsEntry("ERR_HTTP2_STALLED", 1L);
  }

  /** The program ignores what write returns; what it writes for a window of nothing is bounded. */
  @Test
  void boundsWhatWaitsForAllStreamsTogether() throws Exception {
    Buffer megabyte = Buffer.from(new byte[1 << 20]);
    HttpServer server =
        serveHttp2((q, r) -> {
          if (q.url().equals("/")) {
            r.end("hi");
            return;
          }
          r.write(megabyte);
          r.write(megabyte);
        });
    FrameClient other = greet(server);
    FrameClient client = greet(server, 4, 0);
    long limit = HTTP2.tcp().limits().hardLimitBytes();
    int streams = (int) Math.min(99, limit / (2 << 20) + 2);
    for (int i = 0; i < streams; i++) {
      client.get(2 * i + 1, "/large");
    }

    client.send().hear(FrameClient.RST_STREAM);

    assertThat(server.stats().errors()).containsKey("ERR_OUTBOX_LIMIT");
    isUnharmed(server, other, 1);
  }

  @Test
  void endsTheStreamOfWhichMostWaitsAndNoOther() throws Exception {
    Buffer large = Buffer.from(new byte[(int) HTTP2.tcp().limits().hardLimitBytes() + 1]);
    HttpServer server =
        serveHttp2((q, r) -> {
          r.onClose(cause -> told.add(q.url() + " " + cause.code()));
          r.end(q.url().equals("/large") ? large : Buffer.from("hi"));
        });
    FrameClient client = greet(server, 4, 0).get(1, "/large").get(3, "/").send();

    client.hear(FrameClient.RST_STREAM);

    assertThat(client.soFar(1).reset).isEqualTo(Http2Code.CANCEL);
    assertThat(client.widen(3, 10).ask(3).text()).isEqualTo("hi");
    tells("/large ERR_OUTBOX_LIMIT", "/ END");
    assertThat(server.stats().errors()).containsEntry("ERR_OUTBOX_LIMIT", 1L);
  }

  /** A million writes of a byte take more than a million bytes. */
  @Test
  void countsWhatEachWriteTakesBesideItsBytes() throws Exception {
    Buffer one = Buffer.from("x");
    AtomicInteger writes = new AtomicInteger();
    HttpServer server =
        serveHttp2((q, r) -> {
          r.onClose(cause -> told.add(cause.code()));
          while (writes.get() < 1_000_000 && !r.destroyed()) {
            r.write(one);
            writes.incrementAndGet();
          }
        });

    assertThat(greet(server, 4, 0).get(1, "/").ask(1).reset).isEqualTo(Http2Code.CANCEL);

    tells("ERR_OUTBOX_LIMIT");
  }

  /** It asks for ever and reads nothing: at some point it is not read from any more. */
  @Test
  void stopsReadingFromAClientThatReadsNothing() throws Exception {
    HttpServer server = serveHttp2((q, r) -> r.setHeader("x-long", "y".repeat(2000)).end("hi"));
    FrameClient other = greet(server);
    FrameClient client = bare(server).hex(PREFACE);
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                for (int stream = 1; stream < 400_000; stream += 2) {
                  client.hex(headersFrame(5, stream, GET_BLOCK)).send();
                }
              } catch (IOException closed) {
                // That is the end of it.
              }
            });
    long[] before = {-1};
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> {
          long now = server.stats().requests();
          boolean stands = now > 0 && now == before[0];
          before[0] = now;
          return stands;
        });

    assertThat(before[0]).isLessThan(150_000);
    isUnharmed(server, other, 1);
    client.close();
    sender.join();
  }

  @Test
  void refusesMoreThanTheWindowOfAStream() throws Exception {
    HttpServer server = serveHttp2((q, r) -> told.add("request"));
    FrameClient client = greet(server).headers(1, false, fields("POST", "/"));
    for (int sent = 0; sent <= KNOWN.streamWindow(); sent += 16_000) {
      client.data(1, false, "x".repeat(16_000));
    }

    assertThat(client.ask(1).reset).isEqualTo(Http2Code.FLOW_CONTROL_ERROR);
  }

  @Test
  void refusesMoreThanTheWindowOfTheConnection() throws Exception {
    HttpServer server =
        serveHttp2(KNOWN.withWindows(1 << 20, 65_535), (q, r) -> told.add("request"));
    FrameClient client = greet(server).headers(1, false, fields("POST", "/"));
    for (int i = 0; i < 10; i++) {
      client.data(1, false, "x".repeat(16_000));
    }

    assertThat(client.send().hearGoAway()).isEqualTo(Http2Code.FLOW_CONTROL_ERROR);
  }

  @Test
  void survivesAClientThatVanishesInTheMiddleOfEverything() throws Exception {
    HttpServer server =
        serveHttp2((q, r) -> {
          if (q.url().equals("/")) {
            r.end("hi");
          } else {
            q.onClose(cause -> told.add("Q " + cause.code()));
            r.onClose(cause -> told.add("R " + cause.code()));
            r.write("begun");
          }
        });
    FrameClient client =
        greet(server).headers(1, false, fields("POST", "/x")).hex("0000ff" + "00" + "00" + "00");
    client.send().hear(FrameClient.DATA);

    client.close();

    await().until(() -> told.size() == 2);
    assertThat(told).containsExactlyInAnyOrder("R ECONNRESET", "Q ECONNRESET");
    isUnharmed(server, greet(server), 1);
  }
}
