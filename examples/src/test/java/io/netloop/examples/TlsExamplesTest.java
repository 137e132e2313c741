package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.http.FetchOptions;
import io.netloop.http.FetchResponse;
import io.netloop.http.Http;
import io.netloop.tls.TlsOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples over TLS, with a certificate that openssl has made. */
final class TlsExamplesTest {
  @TempDir private Path dir;

  @BeforeEach
  void makeCertificate() throws Exception {
    Process openssl =
        new ProcessBuilder(
                ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key"
                        + " -out server.pem -days 2 -subj /CN=localhost"
                        + " -addext subjectAltName=DNS:localhost")
                    .split(" ", -1))
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(openssl.waitFor()).describedAs(said).isZero();
  }

  private Program run(String name, int port, String what, String instead) throws IOException {
    String source = Files.readString(Program.ROOT.resolve("examples").resolve(name + ".java"));
    assertThat(source).contains(what, "8443");
    return Program.source(name, source.replace(what, instead).replace("8443", "" + port));
  }

  private String file(String name) {
    return "Path.of(\"" + dir.resolve(name).toAbsolutePath() + "\")";
  }

  @Test
  void serverSaysHelloAndEchoesOverTls() throws Exception {
    int port = Program.freePort();
    try (Program server =
        run(
                "HttpsServer",
                port,
                "TlsOptions.selfSigned(\"localhost\")",
                "TlsOptions.pem(" + file("server.pem") + ", " + file("server.key") + ")")
            .prints("Server running at https://localhost:" + port + "/")) {
      TlsOptions trusting = TlsOptions.client().withCa(dir.resolve("server.pem"));
      FetchResponse page =
          Http.fetch("https://localhost:" + port + "/", FetchOptions.defaults().withTls(trusting))
              .orTimeout(20, TimeUnit.SECONDS)
              .join();
      assertThat(page.text()).isEqualTo("Hello over TLSv1.3\n");

      try (Program client =
          run("WebSocketSecureClient", port, "Path.of(\"authority.pem\")", file("server.pem"))) {
        assertThat(client.status()).isZero();
        assertThat(client.lines())
            .containsExactly("Received Message: Hello WebSockets!", "Connection closed. 1005");
      }
      assertThat(server.lines()).hasSize(1);
    }
  }
}
