package io.netloop.acme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.netloop.acme.RenewalPlan.Window;
import io.netloop.loop.NetException;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import io.netloop.tls.TlsOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Pebble does not do: a window for renewals, and a limit of orders. A server plays it. */
class AuthorityWishesTest {
  private static final LocalAuthority AUTHORITY = LocalAuthority.inMemory();
  private static final KeyAndChain PAIR = AUTHORITY.issue(List.of("a.test"));

  @TempDir Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private boolean hasWindow = true;
  private HttpsServer server;
  private String base;
  private AcmeOptions options;
  private AcmeOrder order;

  @BeforeEach
  void start() throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context(AUTHORITY.issue(List.of("127.0.0.1")))));
    server.createContext("/", this::answer);
    server.start();
    base = "https://127.0.0.1:" + server.getAddress().getPort();
    Path trust = Files.writeString(folder.resolve("trust.pem"), AUTHORITY.certificatePem());
    options =
        AcmeOptions.of("a.test")
            .withFolder(folder)
            .withTrust(trust)
            .withDirectory(URI.create(base + "/dir"));
    order = new AcmeOrder(options, AcmeStore.open(options));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static SSLContext context(KeyAndChain pair) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null);
    store.setKeyEntry("own", pair.key(), new char[0], pair.chain().toArray(new Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    exchange.getResponseHeaders().add("Replay-Nonce", "bm9uY2U" + asked.size());
    if (path.equals("/dir")) {
      send(exchange, 200, "application/json", directory());
    } else if (path.startsWith("/renewal/")) {
      exchange.getResponseHeaders().add("Retry-After", "21600");
      send(
          exchange,
          200,
          "application/json",
          """
          {"suggestedWindow": {"start": "2030-01-02T00:00:00Z", "end": "2030-01-03T00:00:00Z"}}\
          """);
    } else if (path.equals("/nonce")) {
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    } else {
      exchange.getResponseHeaders().add("Retry-After", "7200");
      send(
          exchange,
          429,
          "application/problem+json",
          """
          {"type": "urn:ietf:params:acme:error:rateLimited", "detail": "five in an hour"}\
          """);
    }
  }

  private String directory() {
    return """
    {"newNonce": "%1$s/nonce", "newAccount": "%1$s/account", "newOrder": "%1$s/order",
     "revokeCert": "%1$s/revoke", "keyChange": "%1$s/key"%2$s}\
    """
        .formatted(base, hasWindow ? ", \"renewalInfo\": \"" + base + "/renewal\"" : "");
  }

  private static void send(HttpExchange exchange, int status, String type, String json)
      throws IOException {
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, json.length());
    exchange.getResponseBody().write(json.getBytes(UTF_8));
    exchange.close();
  }

  @Test
  void asksTheAuthorityWhenToRenew() throws Exception {
    assertThat(order.window(PAIR))
        .isEqualTo(
            new Window(
                Instant.parse("2030-01-02T00:00:00Z"), Instant.parse("2030-01-03T00:00:00Z")));
    assertThat(asked).startsWith("/dir").last().asString().matches("/renewal/[\\w-]+\\.[\\w-]+");
  }

  @Test
  void doesNotAskAnAuthorityThatHasNoWishes() throws Exception {
    hasWindow = false;

    assertThat(order.window(PAIR)).isNull();
    assertThat(asked).containsExactly("/dir");
  }

  @Test
  void tellsHowLongTheAuthorityWantsToBeLeftAlone() {
    Instant before = Instant.now();

    assertThatThrownBy(() -> order.obtain(new Proofs(null), null))
        .isInstanceOfSatisfying(
            AcmeFailure.class,
            failure ->
                assertThat(Duration.between(before, failure.notBefore()))
                    .isBetween(Duration.ofSeconds(7190), Duration.ofSeconds(7300)))
        .hasMessageContaining("the authority has been asked too often")
        .hasMessageContaining("five in an hour");
  }

  @Test
  void doesNotTalkToAServerThatIsNotTrusted() throws Exception {
    Path other =
        Files.writeString(folder.resolve("other.pem"), LocalAuthority.inMemory().certificatePem());
    AcmeOrder wary = new AcmeOrder(options.withTrust(other), AcmeStore.open(options));

    assertThatThrownBy(() -> wary.obtain(new Proofs(null), null))
        .isInstanceOf(AcmeFailure.class)
        .hasMessageContaining("the authority can't be reached: ")
        .hasMessageContaining("SSLHandshakeException");
    assertThat(asked).isEmpty();
  }

  /** At once, and not as a warning each minute. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"damaged,damaged", "empty,''", "missing,"})
  void saysAtCreationThatTheTrustedAuthoritiesCannotBeRead(String name, String text)
      throws Exception {
    Path file = folder.resolve(name + ".pem");
    if (text != null) {
      Files.writeString(file, text);
    }

    assertThatThrownBy(() -> TlsOptions.acme(options.withTrust(file)))
        .isInstanceOfSatisfying(
            NetException.class,
            refused -> assertThat(refused.code()).isEqualTo("ERR_INVALID_ARG_VALUE"))
        .hasMessageContaining("The authorities in " + file + " can't be read");
  }
}
