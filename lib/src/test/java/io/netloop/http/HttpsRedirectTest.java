package io.netloop.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.loop.NetException;
import io.netloop.tls.AcmeChallenge;
import io.netloop.tls.CertificateSource;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.TlsOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeaks.class)
class HttpsRedirectTest {
  private final List<AcmeChallenge> told = new CopyOnWriteArrayList<>();
  private HttpServer server;

  private final CertificateSource source = new Source("to-Ken_1", told);

  /** One that knows one token. */
  private record Source(String known, List<AcmeChallenge> told) implements CertificateSource {
    @Override
    public KeyAndChain current() {
      return null;
    }

    @Override
    public String answer(String token) {
      return token.equals(known) ? token + ".thumbprint" : null;
    }

    @Override
    public void listening(AcmeChallenge way) {
      told.add(way);
    }
  }

  @BeforeEach
  void listen() {
    listen(443);
  }

  private void listen(int port) {
    listen(TlsOptions.of(source), port);
  }

  private void listen(TlsOptions options, int port) {
    server = Https.createRedirect(options, port).listen(0, "127.0.0.1");
    await().until(server::listening);
  }

  @AfterEach
  void close() {
    server.close().closeAllConnections();
  }

  private String ask(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, example.org, /, 301, https://example.org/",
    "HEAD, example.org:80, /a?b=c, 301, https://example.org/a?b=c",
    "POST, 127.0.0.1:8080, /form, 308, https://127.0.0.1/form",
    "GET, [::1]:80, /, 301, https://[::1]/",
    "GET, example.org, /.well-known/other, 301, https://example.org/.well-known/other",
  })
  void sendsAllOnToHttps(String method, String host, String path, int status, String location)
      throws IOException {
    String answer = ask(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer.lines()).contains("Location: " + location);
  }

  @Test
  void provesTheNamesOfTheContextsToo() throws IOException {
    close();
    told.clear();
    listen(TlsOptions.client().withContext("other.test", TlsOptions.of(source)), 443);

    await().untilAsserted(() -> assertThat(told).containsExactly(AcmeChallenge.HTTP_01));
    assertThat(ask("GET /.well-known/acme-challenge/to-Ken_1 HTTP/1.1\r\nHost: other.test\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("to-Ken_1.thumbprint");
  }

  /** An authority would be answered from sources that nobody has any more. */
  @Test
  void provesTheNamesOfWhatTheServerIsGivenLater() throws IOException {
    close();
    List<AcmeChallenge> later = new CopyOnWriteArrayList<>();
    List<AcmeChallenge> special = new CopyOnWriteArrayList<>();
    told.clear();
    HttpServer secure = Https.createServer(TlsOptions.of(source));
    server = Https.createRedirect(secure, 8443).listen(0, "127.0.0.1");
    await().untilAsserted(() -> assertThat(told).containsExactly(AcmeChallenge.HTTP_01));

    secure.setSecureContext(TlsOptions.of(new Source("second", later)));
    secure.addContext("other.test", TlsOptions.of(new Source("third", special)));

    assertThat(later).contains(AcmeChallenge.HTTP_01);
    assertThat(special).contains(AcmeChallenge.HTTP_01);
    assertThat(challenge("second")).endsWith("second.thumbprint");
    assertThat(challenge("third")).endsWith("third.thumbprint");
    assertThat(challenge("to-Ken_1")).startsWith("HTTP/1.1 404 ");
    assertThat(ask("GET /a HTTP/1.1\r\nHost: localhost\r\n").lines())
        .contains("Location: https://localhost:8443/a");
  }

  private String challenge(String token) throws IOException {
    return ask("GET /.well-known/acme-challenge/" + token + " HTTP/1.1\r\nHost: a\r\n");
  }

  @Test
  void sendsNobodyOnFromAServerThatIsPlain() {
    HttpServer plain = Http.createServer((request, response) -> response.end());

    assertThatThrownBy(() -> Https.createRedirect(plain))
        .isInstanceOfSatisfying(
            NetException.class,
            refused -> assertThat(refused.code()).isEqualTo("ERR_INVALID_STATE"));
  }

  @Test
  void sendsOnToThePortThatIsServed() throws IOException {
    close();
    listen(8443);

    assertThat(ask("GET /a HTTP/1.1\r\nHost: localhost:8080\r\n").lines())
        .contains("Location: https://localhost:8443/a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a@b", "a\\b", "", "[::1", "a:b"})
  void sendsNobodyToWhatIsNoHost(String host) throws IOException {
    assertThat(ask("GET / HTTP/1.1\r\nHost: " + host + "\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .doesNotContain("Location:");
  }

  /** As proxies ask; the target says more than the field Host (RFC 9112 §3.2.2). */
  @ParameterizedTest
  @CsvSource({
    "http://other.example/a?b=c, https://other.example/a?b=c",
    "HTTP://other.example:80, https://other.example/",
    "http://[::1]:80/, https://[::1]/",
    "http://other.example?b=c, https://other.example/?b=c",
  })
  void sendsOnWhoNamesTheWholeUrl(String target, String location) throws IOException {
    String answer = ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n");

    assertThat(answer).startsWith("HTTP/1.1 301 ");
    assertThat(answer.lines()).contains("Location: " + location);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://u@other.example/", "http:///a", "ftp://other.example/", "*"})
  void sendsNobodyOnWhoNamesNoPath(String target) throws IOException {
    String method = target.equals("*") ? "OPTIONS" : "GET";

    assertThat(ask(method + " " + target + " HTTP/1.1\r\nHost: a\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .doesNotContain("Location:");
  }

  @Test
  void provesANameToAnAcmeAuthority() throws IOException {
    await().untilAsserted(() -> assertThat(told).containsExactly(AcmeChallenge.HTTP_01));
    assertThat(ask("GET /.well-known/acme-challenge/to-Ken_1 HTTP/1.1\r\nHost: a\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("\r\n\r\nto-Ken_1.thumbprint");
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "", "to-Ken_1/", "to-Ken_1?", "..%2fto-Ken_1"})
  void knowsNoOtherTokens(String token) throws IOException {
    assertThat(ask("GET /.well-known/acme-challenge/" + token + " HTTP/1.1\r\nHost: a\r\n"))
        .startsWith("HTTP/1.1 404 ");
  }
}
