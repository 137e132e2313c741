package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.http.HttpServer;
import io.netloop.http.Https;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.SecureFiles;
import io.netloop.tls.TlsOptions;
import io.netloop.tls.TlsProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSocket over TLS, both ways. */
class SecureTest extends WsTest {
  private static final KeyAndChain PAIR = SecureFiles.server();

  @TempDir private Path dir;

  private static TlsOptions trusting(TlsProvider provider) {
    return TlsOptions.client().withCa(List.of(SecureFiles.authority())).withProvider(provider);
  }

  private static WebSocketOptions secure(TlsProvider provider) {
    return WebSocketOptions.defaults().withTls(trusting(provider));
  }

  private static String secureUrl(WebSocketServer server) {
    return "wss://localhost:" + port(server) + "/";
  }

  private WebSocketServer secureEcho(TlsProvider provider) {
    return secureEcho(TlsOptions.of(PAIR).withProvider(provider), options());
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
  void messagesGoBothWaysAndTheEndIsClean(TlsProvider servers, TlsProvider clients) {
    WebSocketServer server = secureEcho(servers);

    WebSocket ws = heard(secureUrl(server), secure(clients));
    comes("open 1");
    ws.send("hello");
    comes("message hello");
    ws.close(1000, "enough");

    happens("open 1", "message hello", "close 1000 'enough' clean 3");
    assertThat(ws.url()).isEqualTo(secureUrl(server));
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void largeMessagesComeBackWhole(TlsProvider provider) {
    WebSocketServer server = secureEcho(provider);
    String large = "0123456789".repeat(90_000);
    CompletableFuture<String> back = new CompletableFuture<>();

    client(
        secureUrl(server),
        secure(provider),
        ws -> {
          ws.onOpen(event -> ws.send(large));
          ws.onMessage(event -> back.complete(event.data().toString()));
          ws.onError(event -> back.completeExceptionally(event.error()));
        });

    assertThat(get(back)).isEqualTo(large);
  }

  @Test
  void aServerThatNobodyTrustsIsAnError() {
    WebSocketServer server = secureEcho(TlsProvider.OPENSSL);

    heard(secureUrl(server));

    happens("error UNABLE_TO_VERIFY_LEAF_SIGNATURE 3", "close 1006 3");
  }

  @Test
  void aPlainServerIsAnError() {
    WebSocketServer server = echo(options());

    heard(secureUrl(server), secure(TlsProvider.OPENSSL));

    happens("error ERR_SSL_WRONG_VERSION_NUMBER 3", "close 1006 3");
  }

  @Test
  void aServerThatDrainsSaysGoodbye() {
    WebSocketServer server = secureEcho(TlsProvider.OPENSSL);
    heard(secureUrl(server), secure(TlsProvider.OPENSSL));
    comes("open 1");

    HttpServer http = server.http();
    assertThat(get(http.drain(Duration.ofSeconds(5))).cut()).isZero();

    comes("close 1001 clean 3");
  }

  @Test
  void oneMessageGoesToManyOverTlsToo() {
    WebSocketServer server =
        attach(
            listen(Https.createServer(TlsOptions.of(PAIR), (request, response) -> response.end())),
            options(),
            socket -> {
              socket.subscribe("room");
              socket.onMessage(message -> socket.publish("room", message));
            });
    List<CompletableFuture<String>> heard = new ArrayList<>();
    CompletableFuture<Void> ready = new CompletableFuture<>();
    for (int i = 0; i < 20; i++) {
      CompletableFuture<String> got = new CompletableFuture<>();
      heard.add(got);
      CompletableFuture<Void> open = new CompletableFuture<>();
      client(
          secureUrl(server),
          secure(TlsProvider.OPENSSL),
          ws -> {
            ws.onOpen(event -> open.complete(null));
            ws.onMessage(event -> got.complete(event.data().toString()));
          });
      get(open);
    }
    client(
        secureUrl(server),
        secure(TlsProvider.OPENSSL),
        ws ->
            ws.onOpen(event -> {
              ws.send("to all");
              ready.complete(null);
            }));
    get(ready);

    for (CompletableFuture<String> got : heard) {
      assertThat(get(got)).isEqualTo("to all");
    }
  }

  private static final String NPM =
      """
      const {WebSocket} = require('ws'), fs = require('fs');
      const [url, ca] = process.argv.slice(-2);
      const ws = new WebSocket(url, {ca: fs.readFileSync(ca)});
      ws.on('open', () => ws.send('hello'));
      ws.on('message', data => { console.log('' + data); ws.close(1000, 'fertig'); });
      ws.on('error', error => console.log('error ' + error.code));
      ws.on('close', (code, reason) => console.log(`close ${code} ${reason}`));
      """;

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void npmsWsTalksToOurServer(TlsProvider provider) {
    String missing = Peer.missingWs();
    assumeTrue(missing == null, missing);
    SecureFiles.write(dir, PAIR);
    WebSocketServer server = secureEcho(provider);

    try (Peer peer = Peer.ws(NPM, secureUrl(server), dir.resolve("ca.pem"))) {
      assertThat(peer.rest(30)).containsExactly("hello", "close 1000 fertig");
    }
  }
}
