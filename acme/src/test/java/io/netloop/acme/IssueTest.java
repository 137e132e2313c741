package io.netloop.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.tls.AcmeChallenge;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.AcmeService;
import io.netloop.tls.CertificateSource;
import io.netloop.tls.KeyAndChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Certificates from a real authority, by http-01 and dns-01. */
@EnabledIf("io.netloop.acme.Pebble#isInstalled")
class IssueTest {
  /** On a machine that is busy an order may fail, and the next try comes after a minute at most. */
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Log log = new Log(AcmeSource.class);
  private volatile CertificateSource answering;
  private Pebble pebble;

  @BeforeEach
  void start() throws Exception {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    HttpServer server =
        Http.createServer((request, response) -> {
          String path = request.url();
          asked.add(path);
          String answer =
              answering == null
                  ? null
                  : answering.answer(path.substring(path.lastIndexOf('/') + 1));
          response.statusCode(answer == null ? 404 : 200);
          response.end(answer == null ? "" : answer);
        });
    server.listen(0, "127.0.0.1", () -> port.complete(server.address().port()));
    open.add(server::close);
    open.add(log);
    pebble = new Pebble(folder, port.join(), Pebble.freePort()).start();
    open.add(pebble);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private CertificateSource open(AcmeOptions options) {
    CertificateSource source = AcmeService.source(options);
    open.add(source::close);
    answering = source;
    return source;
  }

  private static KeyAndChain awaitOther(CertificateSource source, KeyAndChain old) {
    await().atMost(LONG).until(() -> source.current() != old);
    return source.current();
  }

  @Test
  void obtainsByHttpForSeveralNamesKeepsItAndRenewsIt() throws Exception {
    AcmeOptions options =
        pebble.options("chat.example.org", "www.example.org").withChallenge(AcmeChallenge.HTTP_01);
    CertificateSource source = open(options);
    assertThat(source.current()).isNull();
    assertThat(pebble.log()).doesNotContain("POST /order");

    source.listening(AcmeChallenge.HTTP_01);
    KeyAndChain first = awaitOther(source, null);

    assertThat(first.names()).containsExactlyInAnyOrder("chat.example.org", "www.example.org");
    assertThat(first.chain()).hasSize(2);
    assertThat(asked)
        .isNotEmpty()
        .allMatch(path -> path.startsWith("/.well-known/acme-challenge/"));
    assertThat(source.answer("anything")).isNull();

    source.renew();
    KeyAndChain second = awaitOther(source, first);

    assertThat(second.certificate().getSerialNumber())
        .isNotEqualTo(first.certificate().getSerialNumber());
    assertThat(second.key()).isNotEqualTo(first.key());
    assertKept(options, second);
  }

  private void assertKept(AcmeOptions options, KeyAndChain pair) throws Exception {
    Path account = pebble.kept().resolve("account.key");
    Path certificate = AcmeStore.open(options).certificate();
    for (Path file : List.of(account, certificate)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pebble.kept())))
        .isEqualTo("rwx------");
    int asked = pebble.log().length();
    CertificateSource again = open(options);
    assertThat(again.current().chain()).isEqualTo(pair.chain());
    assertThat(pebble.log()).hasSize(asked);
  }

  @Test
  void obtainsByDnsAlsoForWildcardsAndWhereHalfOfTheNoncesAreRefused() throws Exception {
    pebble.close();
    pebble = new Pebble(folder, 1, 1).refusingNonces(50).start();
    open.add(pebble);
    AcmeOptions options = pebble.options("*.example.org", "example.org").withDns(pebble.dns());
    CertificateSource source = open(options);

    KeyAndChain pair = awaitOther(source, null);

    assertThat(pair.names()).containsExactlyInAnyOrder("*.example.org", "example.org");
    assertThat(AcmeStore.open(options).certificate()).exists().hasParent(pebble.kept());
    assertThat(asked).isEmpty();
  }

  @Test
  void keepsTheOldOneAndSaysWhyWhereARenewalFails() throws Exception {
    CertificateSource source =
        open(pebble.options("chat.example.org").withChallenge(AcmeChallenge.HTTP_01));
    source.listening(AcmeChallenge.HTTP_01);
    KeyAndChain first = awaitOther(source, null);
    answering = null;
    String refused =
        "The certificate for chat.example.org was not obtained: the authority could not prove"
            + " chat.example.org by http-01: ";

    source.renew();
    await()
        .atMost(LONG)
        .until(() -> log.warnings().stream().anyMatch(line -> line.contains("returned 404")));

    assertThat(source.current()).isSameAs(first);
    assertThat(log.warnings().getLast())
        .startsWith(refused)
        .contains("The old one goes on, until " + first.notAfter());
  }

  @Test
  void saysThatTheAuthorityCannotBeReached() throws Exception {
    pebble.close();
    CertificateSource source = open(pebble.options("example.org").withDns(pebble.dns()));

    await().until(() -> !log.warnings().isEmpty());

    assertThat(source.current()).isNull();
    assertThat(log.warnings().getFirst())
        .contains("the authority can't be reached: java.net.ConnectException")
        .contains("There is none yet; it is tried again at ");
  }

  @Test
  void saysThatARecordCouldNotBeAdded() {
    CertificateSource source =
        open(
            pebble
                .options("example.org")
                .withDns((record, value) -> {
                  throw new IOException("the zone " + record + " is locked");
                }));

    await().atMost(LONG).until(() -> !log.warnings().isEmpty());

    assertThat(source.current()).isNull();
    assertThat(log.warnings().getFirst())
        .contains("the record _acme-challenge.example.org for dns-01 could not be added")
        .contains("the zone _acme-challenge.example.org is locked");
  }
}
