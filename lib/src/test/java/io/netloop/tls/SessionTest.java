package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.NetException;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import io.netloop.tls.TestCertificates.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that go on in another connection, and secrets that are told. */
class SessionTest extends TlsTest {
  @TempDir private Path dir;

  /** What both sides say of a connection that has exchanged a word, and so a ticket. */
  private record Talk(boolean clientReused, boolean serverReused, TcpSocket client) {}

  private Talk talk(TlsServer server, TlsOptions options) {
    CompletableFuture<Talk> done = new CompletableFuture<>();
    connect(
        port(server),
        options,
        TcpOptions.defaults(),
        socket ->
            socket
                .onError(done::completeExceptionally)
                .onData(word ->
                    done.complete(
                        new Talk(
                            socket.isSessionReused(), word.toString().equals("reused"), socket))));
    Talk talk = join(done);
    CompletableFuture<Void> closed = new CompletableFuture<>();
    talk.client().onClose(why -> closed.complete(null));
    join(closed);
    return talk;
  }

  private TlsServer telling(TlsOptions options) {
    return listen(options, socket -> socket.end(socket.isSessionReused() ? "reused" : "new"));
  }

  @ParameterizedTest
  @CsvSource({
    "OPENSSL,OPENSSL,TLSv1.3",
    "OPENSSL,OPENSSL,TLSv1.2",
    "OPENSSL,JDK,TLSv1.3",
    "JDK,OPENSSL,TLSv1.3",
    "JDK,JDK,TLSv1.3",
    "JDK,JDK,TLSv1.2"
  })
  void theSecondConnectionGoesOnWithTheFirstOnesSession(
      TlsProvider servers, TlsProvider clients, String version) {
    TlsServer server = telling(serverOptions(servers).withMaxVersion(version));
    TlsOptions client = clientOptions(clients);

    Talk first = talk(server, client);
    Talk second = talk(server, client);
    Talk other = talk(server, clientOptions(clients));

    assertThat(first.clientReused()).isFalse();
    assertThat(first.serverReused()).isFalse();
    assertThat(second.clientReused()).isTrue();
    assertThat(second.serverReused()).isTrue();
    assertThat(second.client().authorized()).isTrue();
    assertThat(second.client().getPeerCertificate()).isEqualTo(SERVER.certificate());
    assertThat(other.clientReused()).isFalse();
    assertThat(server.stats().resumed()).isEqualTo(1);
    assertThat(server.stats().succeeded()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aSessionWithAWrongCertificateIsStillWrongWhenItGoesOn(TlsProvider provider) {
    KeyAndChain alone = TestCertificates.selfSigned("alone", Template.of("localhost"));
    TlsServer server = telling(TlsOptions.of(alone).withProvider(provider));
    TlsOptions client = clientOptions(provider).withRejectUnauthorized(false);

    talk(server, client);
    Talk second = talk(server, client);

    assertThat(second.clientReused()).isTrue();
    assertThat(second.client().authorized()).isFalse();
    assertThat(second.client().authorizationError().code())
        .isEqualTo("DEPTH_ZERO_SELF_SIGNED_CERT");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aClientIsKnownAgain(TlsProvider provider) {
    KeyAndChain alice = CERTIFICATES.sign("Alice", Template.of());
    CompletableFuture<TcpSocket> again = new CompletableFuture<>();
    TlsServer server =
        listen(
            serverOptions(provider).withRequestCert(true).withCa(List.of(CERTIFICATES.authority)),
            socket -> {
              if (socket.isSessionReused()) {
                again.complete(socket);
              }
              socket.end("hello");
            });
    TlsOptions client = clientOptions(provider).withCertificates(CertificateSource.of(alice));

    talk(server, client);
    talk(server, client);

    assertThat(join(again).authorized()).isTrue();
    assertThat(join(again).getPeerCertificate()).isEqualTo(alice.certificate());
  }

  /** Comes, but is not let in; the server says why. */
  private void refusesNow(TlsServer server, TlsOptions client, String code) {
    connect(port(server), client, TcpOptions.defaults(), socket -> socket.onError(error -> {}));
    await().until(() -> !refused.isEmpty());
    assertThat(refused).singleElement().extracting(NetException::code).isEqualTo(code);
    assertThat(server.stats().failures()).isEqualTo(1);
    assertThat(server.stats().succeeded()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aClientThatWasTakenBackDoesNotGoOn(TlsProvider provider) {
    KeyAndChain alice = CERTIFICATES.sign("Alice", Template.of());
    TlsOptions options =
        serverOptions(provider)
            .withRequestCert(true)
            .withCa(List.of(CERTIFICATES.authority))
            .withCrl(List.of(CERTIFICATES.revoking()));
    TlsServer server = telling(options);
    TlsOptions client = clientOptions(provider).withCertificates(CertificateSource.of(alice));
    talk(server, client);

    server.setSecureContext(options.withCrl(List.of(CERTIFICATES.revoking(alice.certificate()))));

    refusesNow(server, client, "CERT_REVOKED");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aClientWhoseCertificateHasRunOutDoesNotGoOn(TlsProvider provider) {
    KeyAndChain alice =
        CERTIFICATES.sign(
            "Alice", Template.of().withTime(Duration.ofDays(-1), Duration.ofSeconds(4)));
    TlsServer server =
        telling(
            serverOptions(provider).withRequestCert(true).withCa(List.of(CERTIFICATES.authority)));
    TlsOptions client = clientOptions(provider).withCertificates(CertificateSource.of(alice));
    talk(server, client);

    await().until(() -> Instant.now().isAfter(alice.notAfter().plusSeconds(1)));

    refusesNow(server, client, "CERT_HAS_EXPIRED");
  }

  @Test
  void serversWithTheSameKeysResumeEachOthersSessions() {
    byte[] keys = bytes(48).toByteArray();
    TlsOptions options = serverOptions(TlsProvider.OPENSSL).withTicketKeys(keys);
    TlsServer one = telling(options);
    TlsOptions client = clientOptions(TlsProvider.OPENSSL);
    talk(one, client);
    int port = port(one);
    CompletableFuture<Void> closed = new CompletableFuture<>();
    one.onClose(() -> closed.complete(null)).close();
    join(closed);

    TlsServer two =
        Tls.createServer(
            options, socket -> socket.end(socket.isSessionReused() ? "reused" : "new"));
    two.tcp().onConnection(this::closedLater);
    two.listen(port, "127.0.0.1");
    try {
      await().until(two::listening);
      assertThat(talk(two, client).serverReused()).isTrue();
    } finally {
      two.close();
    }
  }

  @Test
  void aTicketForOneNamesAuthoritiesIsNoneForAnothers() {
    TestCertificates others = new TestCertificates("CN=Somebody else");
    KeyAndChain mallory = others.sign("Mallory", Template.of());
    KeyAndChain lax = CERTIFICATES.sign("lax", Template.of("lax.test", "localhost"));
    TlsServer server =
        telling(
            serverOptions(TlsProvider.OPENSSL)
                .withTicketKeys(bytes(48).toByteArray())
                .withRequestCert(true)
                .withCa(List.of(CERTIFICATES.authority))
                .withContext("lax.test", TlsOptions.of(lax).withCa(List.of(others.authority))));
    TlsOptions client =
        clientOptions(TlsProvider.OPENSSL)
            .withCheckServerIdentity((host, certificate) -> null)
            .withCertificates(CertificateSource.of(mallory));
    assertThat(talk(server, client.withServername("lax.test")).serverReused()).isFalse();

    assertThatThrownBy(() -> talk(server, client.withServername("localhost")))
        .hasCauseInstanceOf(NetException.class);
  }

  // The key log

  @Test
  void theSecretsOfSessionsAreWritten() throws IOException {
    Path file = dir.resolve("keys.log");
    TlsOptions options = serverOptions(TlsProvider.OPENSSL).withKeyLog(file);

    talk(telling(options), clientOptions(TlsProvider.OPENSSL));
    talk(telling(options.withMaxVersion("TLSv1.2")), clientOptions(TlsProvider.OPENSSL));

    List<String> lines = Files.readAllLines(file);
    assertThat(lines)
        .anyMatch(line -> line.matches("CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]{64,96}"))
        .anyMatch(
            line -> line.matches("SERVER_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]{64} [0-9a-f]{64,96}"))
        .anyMatch(line -> line.matches("CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aKeyLogThatCannotBeWrittenIsRefusedAtOnce() {
    assertThatThrownBy(() ->
            serverOptions(TlsProvider.OPENSSL).withKeyLog(dir.resolve("none").resolve("keys")))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("none/keys can't be written");
  }
}
