package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.loop.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** npm's ws as a client of our server, and as the server of our client. */
class NpmWsTest extends WsTest {
  private static final int[] SIZES = {0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20};

  /**
   * Sends a corpus, each message as text and as bytes, and tells of each that came back changed.
   */
  private static final String CLIENT =
      """
      const {WebSocket} = require('ws');
      const [url, deflate, lengths, counts] = process.argv.slice(-4);
      const ws = new WebSocket(url, {perMessageDeflate: JSON.parse(deflate), maxPayload: 1 << 26});
      const corpus = [];
      for (const length of JSON.parse(lengths)) {
        const random = Buffer.alloc(length), words = Buffer.alloc(length);
        let x = length + 1;
        for (let i = 0; i < length; i++) {
          x = (x * 1103515245 + 12345) & 0x7fffffff;
          random[i] = x >> 16;
          words[i] = '{"id":123,"value":[1.5,true,null],"name":"x"}'.charCodeAt((x >> 16) % 45);
        }
        corpus.push([random, true], [words, true], [words, false],
            [Buffer.from('aé€𝄞'.repeat(length / 10 | 0)), false]);
      }
      const all = [];
      for (let i = 0; i < JSON.parse(counts); i++) all.push(...corpus);
      let got = 0, wrong = 0;
      ws.on('open', () => {
        console.log('open ' + ws.extensions);
        for (const [data, binary] of all) ws.send(data, {binary});
      });
      ws.on('message', (data, binary) => {
        const [sent, kind] = all[got++];
        if (binary !== kind || !sent.equals(data)) wrong++;
        if (got === all.length) ws.close(4321, 'fertig');
      });
      ws.on('error', error => console.log('error ' + error.code + ' ' + error.message));
      ws.on('close', (code, reason) =>
        console.log(`close ${code} ${reason} ${got === all.length} ${wrong}`));
      """;

  /** Sends back what comes. */
  private static final String SERVER =
      """
      const {WebSocketServer} = require('ws');
      const [deflate] = process.argv.slice(-1);
      const server = new WebSocketServer({port: 0, host: '127.0.0.1', maxPayload: 1 << 26,
          perMessageDeflate: JSON.parse(deflate)});
      server.on('listening', () => console.log(server.address().port));
      server.on('connection', (ws, req) => {
        console.log('connection ' + req.headers['sec-websocket-extensions'] + ' | ' + ws.extensions);
        ws.on('message', (data, binary) => {
          const text = data.length < 100 ? '' + data : '';
          if (text === 'close') ws.close();
          else if (text.startsWith('close ')) ws.close(+text.split(' ')[1], 'srv');
          else if (text === 'terminate') ws.terminate();
          else if (text === 'ping') ws.ping('p');
          else ws.send(data, {binary});
        });
        ws.on('ping', data => console.log('ping ' + data));
        ws.on('pong', data => console.log('pong ' + data));
        ws.on('error', error => console.log('error ' + error.code));
        ws.on('close', (code, reason) => console.log('close ' + code + ' ' + reason));
      });
      """;

  @BeforeEach
  void needsWs() {
    String missing = Peer.missingWs();
    assumeTrue(missing == null, missing);
  }

  @TempDir private Path folder;

  private static String lengths(int... lengths) {
    return Arrays.toString(lengths);
  }

  private static List<String> run(
      WebSocketServer server, String deflate, String lengths, int times) {
    try (Peer peer = Peer.ws(CLIENT, url(server), deflate, lengths, times)) {
      return peer.rest(60);
    }
  }

  private WebSocketServer echo(DeflateOptions deflate) {
    return serve(
        options().withMaxPayload(1 << 26).withDeflate(deflate),
        socket -> {
          socket.onMessage(socket::send);
          socket.onClose(event -> add(told(event)));
        });
  }

  @Test
  void getsBackWhatItSendsHoweverLong() {
    assertThat(run(echo((DeflateOptions) null), "false", lengths(SIZES), 1))
        .containsExactly("open ", "close 4321 fertig true 0");
    happens("4321 'fertig' clean");
  }

  /** As Autobahn's sections 12 and 13 have it: messages of many lengths, one after the other. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true | true | true",
        "true | false | false",
        "{\"serverNoContextTakeover\":true} | true | true",
        "{\"clientNoContextTakeover\":true} | true | true",
        "{\"serverNoContextTakeover\":true,\"clientNoContextTakeover\":true} | true | true",
        "{\"serverMaxWindowBits\":9} | true | true",
        "{\"serverMaxWindowBits\":10} | false | false",
        "{\"serverMaxWindowBits\":8} | true | true",
        "{\"serverMaxWindowBits\":15} | true | true",
        "{\"clientMaxWindowBits\":9} | true | true",
        "{\"clientMaxWindowBits\":true} | false | true",
        "{\"serverMaxWindowBits\":9,\"clientMaxWindowBits\":12,\"threshold\":0} | true | false",
        "{\"zlibDeflateOptions\":{\"level\":1,\"memLevel\":1},\"threshold\":0} | true | true"
      })
  void agreesWithOurServerOnCompression(
      String offer, boolean serverTakeover, boolean clientTakeover) {
    DeflateOptions options =
        DeflateOptions.defaults()
            .withThreshold(0)
            .withServerContextTakeover(serverTakeover)
            .withClientContextTakeover(clientTakeover);
    int[] lengths = {0, 0, 16, 64, 256, 1_024, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072};

    List<String> said = run(echo(options), offer, lengths(lengths), 2);

    assertThat(said).hasSize(2).last().isEqualTo("close 4321 fertig true 0");
    assertThat(said.getFirst()).startsWith("open permessage-deflate");
  }

  @Test
  void sendsManySmallMessagesThroughCompression() {
    DeflateOptions options =
        DeflateOptions.defaults().withThreshold(0).withServerContextTakeover(true);
    assertThat(run(echo(options), "{\"threshold\":0}", lengths(16, 64, 256), 80))
        .last()
        .isEqualTo("close 4321 fertig true 0");
  }

  /** Those that are compressed on other threads, with small ones before, between and behind. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsTheOrderOfBigAndSmallMessages(boolean takeover) {
    DeflateOptions options =
        DeflateOptions.defaults()
            .withServerContextTakeover(takeover)
            .withClientContextTakeover(takeover);
    int[] lengths = {0, 1 << 20, 16, 300_000, 1, 49_151, 49_152, 2_000};
    assertThat(run(echo(options), "{\"threshold\":0}", lengths(lengths), 3))
        .last()
        .isEqualTo("close 4321 fertig true 0");
    String[] url = new String[1];
    try (Peer peer = server("{\"threshold\":0}", url)) {
      exchange(url[0], WebSocketOptions.defaults().withDeflate(options), lengths);
      assertThat(peer.line()).startsWith("connection permessage-deflate");
      assertThat(peer.line()).isEqualTo("close 4000 all");
    }
  }

  // ws as the server

  private Peer server(String deflate, String[] url) {
    Peer peer = Peer.ws(SERVER, deflate);
    url[0] = "ws://127.0.0.1:" + peer.line() + "/";
    return peer;
  }

  private static Buffer bytes(int length, boolean random) {
    byte[] bytes = new byte[length];
    Random from = new Random(length);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (random ? from.nextInt() : "some words, again".charAt(from.nextInt(17)));
    }
    return Buffer.from(bytes);
  }

  /** Sends all, each twice, and waits for all to come back. */
  private void exchange(String url, WebSocketOptions options, int[] lengths) {
    List<Object> sent = new ArrayList<>();
    for (int length : lengths) {
      Buffer words = bytes(length, false);
      sent.add(bytes(length, true));
      sent.add(words);
      sent.add(words.toString());
      sent.add(words);
    }
    CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
    List<Object> got = new ArrayList<>();
    client(
        url,
        options.withMaxPayload(1 << 26),
        ws -> {
          ws.binaryType("arraybuffer");
          ws.onOpen(event -> {
            add(ws.extensions());
            for (Object each : sent) {
              if (each instanceof Buffer buffer) {
                ws.send(buffer);
              } else {
                ws.send((String) each);
              }
            }
          });
          ws.onMessage(event -> {
            got.add(event.data());
            if (got.size() == sent.size()) {
              ws.close(4000, "all");
            }
          });
          ws.onClose(closed::complete);
        });
    CloseEvent event = closed.orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(told(event)).isEqualTo("4000 'all' clean");
    assertThat(got).isEqualTo(sent);
  }

  @Test
  void sendsOurClientBackWhatItSendsHoweverLong() {
    String[] url = new String[1];
    try (Peer peer = server("false", url)) {
      exchange(url[0], WebSocketOptions.defaults(), SIZES);
      assertThat(peer.line()).startsWith("connection permessage-deflate;").endsWith("| ");
      assertThat(peer.line()).isEqualTo("close 4000 all");
    }
    happens("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true | true | true",
        "true | false | false",
        "{\"serverNoContextTakeover\":true} | true | true",
        "{\"clientNoContextTakeover\":true} | true | true",
        "{\"serverMaxWindowBits\":9} | true | true",
        "{\"clientMaxWindowBits\":9} | true | true",
        "{\"clientMaxWindowBits\":8} | true | false",
        "{\"clientMaxWindowBits\":12,\"serverMaxWindowBits\":10,\"threshold\":0} | true | true",
        "{\"serverNoContextTakeover\":true,\"clientNoContextTakeover\":true,\"threshold\":0}"
            + "| false | true"
      })
  void agreesWithOurClientOnCompression(
      String accepts, boolean serverTakeover, boolean clientTakeover) {
    DeflateOptions options =
        DeflateOptions.defaults()
            .withThreshold(0)
            .withServerContextTakeover(serverTakeover)
            .withClientContextTakeover(clientTakeover);
    String[] url = new String[1];
    try (Peer peer = server(accepts, url)) {
      int[] lengths = {0, 0, 16, 64, 256, 1_024, 4_096, 32_768, 65_536, 131_072};
      exchange(url[0], WebSocketOptions.defaults().withDeflate(options), lengths);
      assertThat(peer.line()).startsWith("connection permessage-deflate");
      assertThat(peer.line()).isEqualTo("close 4000 all");
    }
    assertThat(events.getFirst()).startsWith("permessage-deflate");
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1011, 1013, 3000, 4999})
  void tellsOurClientItsCode(int code) {
    String[] url = new String[1];
    try (Peer peer = server("false", url)) {
      client(
          url[0],
          ws -> {
            hear(ws);
            ws.onOpen(event -> ws.send("close " + code));
          });
      happens("open 1", "close " + code + " 'srv' clean 3");
      peer.line();
      assertThat(peer.line()).startsWith("close " + code);
    }
  }

  @Test
  void closesOurClientWithoutACodeOrAtAll() {
    String[] url = new String[1];
    try (Peer peer = server("false", url)) {
      client(
          url[0],
          ws -> {
            hear(ws);
            ws.onOpen(event -> ws.send("close"));
          });
      happens("open 1", "close 1005 clean 3");
      peer.line();
      assertThat(peer.line()).isEqualTo("close 1005 ");
      events.clear();
      client(
          url[0],
          ws -> {
            hear(ws);
            ws.onOpen(event -> ws.send("terminate"));
          });
      comes("close 1006 3");
      peer.line();
      assertThat(peer.line()).isEqualTo("close 1006 ");
    }
  }

  @Test
  void pingsOurClient() {
    String[] url = new String[1];
    try (Peer peer = server("false", url)) {
      client(url[0], ws -> ws.onOpen(event -> ws.send("ping")));
      peer.line();
      assertThat(peer.line()).isEqualTo("pong p");
    }
  }

  @Test
  void isPingedByOurServerAndKeptForAnswering() {
    WebSocketServer server = serve(options().withIdleTimeout(Duration.ofMillis(1500)), this::hear);
    String script =
        """
        const {WebSocket} = require('ws');
        const ws = new WebSocket(process.argv.at(-1));
        let pings = 0;
        ws.on('ping', () => { if (++pings === 3) { ws.ping('x'); ws.close(1001); } });
        ws.on('pong', data => console.log('pong ' + data));
        ws.on('close', (code) => console.log('close ' + code));
        """;
    try (Peer peer = Peer.ws(script, url(server))) {
      assertThat(peer.rest(20)).containsExactly("pong x", "close 1001");
    }
    comes("close 1001 clean");
    assertThat(events).contains("pong ", "ping x");
  }

  @Test
  void hearsWhatOurServerSaysOfAMistake() {
    WebSocketServer server = serve(options().withMaxPayload(1_000), this::hear);
    String script =
        """
        const {WebSocket} = require('ws');
        const ws = new WebSocket(process.argv.at(-1));
        ws.on('open', () => ws.send(Buffer.alloc(1001)));
        ws.on('close', (code) => console.log('close ' + code));
        """;
    try (Peer peer = Peer.ws(script, url(server))) {
      assertThat(peer.rest(20)).containsExactly("close 1009");
    }
    happens("error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", "close 1006");
  }

  @Test
  void choosesAProtocolWithOurs() {
    WebSocketServer server =
        serve(
            options().withProtocolChooser((offered, request) -> offered.getLast()),
            socket -> socket.send(socket.protocol()));
    String script =
        """
        const {WebSocket} = require('ws');
        const ws = new WebSocket(process.argv.at(-1), ['a', 'b']);
        ws.on('message', data => { console.log(ws.protocol + ' ' + data); ws.close(); });
        """;
    try (Peer peer = Peer.ws(script, url(server))) {
      assertThat(peer.rest(20)).containsExactly("b b");
    }
  }

  /** Two inflaters that know their window, to say what ours does not look back to. */
  @ParameterizedTest
  @ValueSource(ints = {9, 10, 12, 14, 15})
  void inflatesWithNoLargerWindowThanWasAgreedOn(int bits) throws Exception {
    Deflate.Shared shared = new Deflate.Shared();
    Deflate deflate = new Deflate(shared, new DeflateAgreement(false, false, bits, 0), 9, false);
    Buffer data = bytes(200_000, false);
    byte[] compressed = deflate.compress(data).toByteArray();
    deflate.end();
    shared.end();
    String script =
        """
        const zlib = require('zlib');
        const bits = process.argv.at(-1);
        const tail = Buffer.from([0, 0, 255, 255]);
        const input = Buffer.concat([require('fs').readFileSync(0), tail]);
        const out = zlib.inflateRawSync(
            input, {windowBits: +bits, finishFlush: zlib.constants.Z_SYNC_FLUSH});
        console.log(out.length + ' ' + require('crypto').createHash('md5').update(out).digest('hex'));
        """;
    Path file = Files.write(folder.resolve("compressed"), compressed);
    ProcessBuilder how =
        new ProcessBuilder("node", "-e", script, "--", "" + bits).redirectInput(file.toFile());
    try (Peer peer = new Peer(how)) {
      byte[] digest = MessageDigest.getInstance("MD5").digest(data.toByteArray());
      assertThat(peer.line()).isEqualTo("200000 " + Frames.hex(digest).replace(" ", ""));
    }
    assertThat(compressed).hasSizeLessThan(200_000);
  }
}
