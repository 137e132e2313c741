package io.netloop.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.http.FetchOptions;
import io.netloop.http.FetchResponse;
import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.http.Https;
import io.netloop.loop.NetException;
import io.netloop.tls.AcmeChallenge;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.TlsOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** From nothing to a served page: a server that gets its own certificate. */
@EnabledIf("io.netloop.acme.Pebble#isInstalled")
class ServeTest {
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final int httpsPort = Pebble.freePort();
  private final int httpPort = Pebble.freePort();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Pebble pebble() throws Exception {
    Pebble pebble = new Pebble(folder, httpPort, httpsPort).start();
    open.add(pebble);
    return pebble;
  }

  private TlsOptions serve(AcmeOptions options) {
    TlsOptions tls = TlsOptions.acme(options);
    HttpServer server =
        Https.createServer(tls, (request, response) -> response.end("a page"))
            .listen(httpsPort, "127.0.0.1");
    open.add(() -> server.close().closeAllConnections());
    open.add(() -> tls.certificates().close());
    return tls;
  }

  /** A client that trusts what the authority has made, and nobody else. */
  private static FetchOptions client(Pebble pebble, String host) throws Exception {
    TlsOptions tls = TlsOptions.client().withCa(pebble.root()).withServername(host);
    return FetchOptions.defaults().withTls(tls).withHeader("Host", host);
  }

  private FetchResponse get(FetchOptions options) {
    return Http.fetch("https://127.0.0.1:" + httpsPort + "/", options)
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void servesAPageWithACertificateThatItHasGotByTlsAlpnAndRenews() throws Exception {
    Pebble pebble = pebble();
    TlsOptions tls = serve(pebble.options("chat.example.org", "www.example.org"));
    FetchOptions client = client(pebble, "chat.example.org");

    await().atMost(LONG).until(() -> tls.certificates().current() != null);
    assertThat(get(client).text()).isEqualTo("a page");

    X509Certificate first = tls.certificates().current().certificate();
    tls.certificates().renew();
    await().atMost(LONG).until(() -> !tls.certificates().current().certificate().equals(first));
    assertThat(get(client(pebble, "www.example.org")).text()).isEqualTo("a page");
  }

  @Test
  void servesAPageWithACertificateThatItHasGotByTheRedirectAtPort80() throws Exception {
    Pebble pebble = pebble();
    TlsOptions tls = serve(pebble.options("chat.example.org").withChallenge(AcmeChallenge.HTTP_01));
    FetchOptions client = client(pebble, "chat.example.org");
    assertThatThrownBy(() -> get(client))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(NetException.class);

    HttpServer redirect = Https.createRedirect(tls, httpsPort).listen(httpPort, "127.0.0.1");
    open.add(() -> redirect.close().closeAllConnections());
    await().atMost(LONG).until(() -> tls.certificates().current() != null);

    FetchResponse sent =
        Http.fetch(
                "http://127.0.0.1:" + httpPort + "/",
                client.withRedirect(FetchOptions.Redirect.MANUAL))
            .orTimeout(60, TimeUnit.SECONDS)
            .join();
    assertThat(sent.headers().get("location"))
        .isEqualTo("https://chat.example.org:" + httpsPort + "/");
    assertThat(get(client).text()).isEqualTo("a page");
  }
}
