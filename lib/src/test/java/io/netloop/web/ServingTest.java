package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.http.Https;
import io.netloop.loop.Loop;
import io.netloop.loop.Workers;
import io.netloop.tls.TlsOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An app behind servers of all kinds. */
class ServingTest extends WebTest {

  /** Trusts everybody: the certificate is made for the test. */
  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void isServedOverHttpsInBothVersions(HttpClient.Version version) throws Exception {
    app.use(Web.compression(), Web.json());
    app.get(
        "/",
        (request, response) ->
            response.json(List.of(request.protocol(), request.secure(), "x".repeat(5000))));
    app.post("/", (request, response) -> response.json(request.body()));
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {new Credulous()}, new SecureRandom());
    HttpServer server = Https.createServer(TlsOptions.selfSigned("localhost"), app);
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
    URI uri = URI.create("https://localhost:" + server.address().port() + "/");
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).version(version).build()) {
      HttpResponse<String> got =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(got.version()).isEqualTo(version);
      assertThat(got.body()).startsWith("[\"https\",true,");
      HttpResponse<String> posted =
          client.send(
              HttpRequest.newBuilder(uri)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"a\":[1,2]}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(posted.body()).isEqualTo("{\"a\":[1,2]}");
      HttpResponse<byte[]> packed =
          client.send(
              HttpRequest.newBuilder(uri).header("Accept-Encoding", "gzip").build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
      assertThat(packed.body().length).isLessThan(500);
    } finally {
      server.closeAllConnections().close();
    }
  }

  @Test
  void oneAppServesAnyNumberOfLoops() throws Exception {
    Set<String> loops = ConcurrentHashMap.newKeySet();
    app.get(
        "/:id",
        (request, response) -> {
          loops.add(Loop.current().name());
          response.json(List.of(request.param("id")));
        });
    List<HttpServer> servers = new CopyOnWriteArrayList<>();
    Workers workers =
        Workers.fork(2, () -> servers.add(Http.createServer(app).listen(0, "127.0.0.1")));
    try {
      await().until(() -> servers.size() == 2 && servers.stream().allMatch(HttpServer::listening));
      // Workers share the port, and take connections in turns.
      int port = servers.getFirst().address().port();
      for (int i = 0; i < 6; i++) {
        try (HttpClient client = HttpClient.newHttpClient()) {
          HttpRequest request =
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + i)).build();
          assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
              .isEqualTo("[\"" + i + "\"]");
        }
      }
    } finally {
      workers.close(Duration.ofSeconds(1)).get(20, TimeUnit.SECONDS);
    }
    assertThat(loops).hasSize(2);
  }

  @Test
  void makesAServerOfItsOwnOnce() throws IOException {
    app.get("/", (request, response) -> response.send("own"));
    HttpServer own = app.listen(0, "127.0.0.1");
    try {
      assertThat(app.server()).isSameAs(own);
      await().until(own::listening);
      assertThat(Http.fetch("http://127.0.0.1:" + own.address().port() + "/").join().text())
          .isEqualTo("own");
    } finally {
      own.close();
    }
  }
}
