package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.Log;
import io.netloop.engine.Clock;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalAuthorityTest {
  @Test
  void whatItHasIssuedIsKnownFromWhatOthersHave() {
    KeyAndChain own = LocalAuthority.inMemory().issue(List.of("localhost"));

    assertThat(LocalAuthority.hasIssued(own.certificate())).isTrue();
    assertThat(LocalAuthority.hasIssued(TestCertificates.SHARED.server().certificate())).isFalse();
  }

  @TempDir Path folder;

  @Test
  void isMadeOnceAndKept() {
    LocalAuthority first = LocalAuthority.in(folder.resolve("authority"));
    LocalAuthority again = LocalAuthority.in(folder.resolve("authority"));

    assertThat(again.certificate()).isEqualTo(first.certificate());
    assertThat(first.certificate().getBasicConstraints()).isZero();
    assertThat(first.certificatePem()).startsWith("-----BEGIN CERTIFICATE-----\n");
  }

  @Test
  void onlyTheOwnerReadsItsKey() throws IOException {
    Path made = folder.resolve("authority");
    LocalAuthority.in(made);

    assertThat(rights(made)).isEqualTo("rwx------");
    assertThat(rights(made.resolve("authority.key"))).isEqualTo("rw-------");
    assertThat(rights(LocalAuthority.certificateIn(made))).isEqualTo("rw-r--r--");
  }

  private static String rights(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void isNotUsedWhereOthersCanReadItsKey() throws IOException {
    LocalAuthority.in(folder);
    Path key = folder.resolve("authority.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> LocalAuthority.in(folder))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("The local authority's key " + key + " can be read by others")
        .hasMessageContaining("chmod 600");
  }

  @Test
  void isOneAlsoWhereManyMakeItAtOnce() throws InterruptedException {
    Set<String> made = ConcurrentHashMap.newKeySet();
    List<Thread> threads =
        java.util.stream.IntStream.range(0, 8)
            .mapToObj(i ->
                Thread.startVirtualThread(
                    () -> made.add(LocalAuthority.in(folder.resolve("a")).certificatePem())))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(made).hasSize(1);
  }

  @Test
  void isNotMadeAnewWhereAHalfOfItIsMissing() throws IOException {
    LocalAuthority.in(folder);
    Files.delete(folder.resolve("authority.key"));

    assertThatThrownBy(() -> LocalAuthority.in(folder))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("authority.key can't be read: there is no such file");
  }

  @Test
  void saysWhereItCannotBeKept() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> LocalAuthority.in(file))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("The local authority can't be kept in " + file);
  }

  @Test
  void signsForNamesAndAddressesWhatOpensslTakes() throws IOException {
    LocalAuthority authority = LocalAuthority.in(folder);

    KeyAndChain pair =
        authority.issue(
            List.of("LOCALHOST", "*.wild.test", "bücher.example", "127.0.0.1", "::1", "localhost"));

    assertThat(pair.names())
        .containsExactly(
            "localhost", "*.wild.test", "xn--bcher-kva.example", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(Duration.between(Instant.now(), pair.notAfter()).toDays()).isEqualTo(396);
    Files.writeString(folder.resolve("server.pem"), pair.chainPem());
    OpensslFiles openssl = new OpensslFiles(folder);
    String verify = "verify -x509_strict -purpose sslserver -CAfile authority.pem ";
    assertThat(openssl.run(verify + "-verify_hostname a.wild.test server.pem")).contains("OK");
    assertThat(openssl.run(verify + "-verify_ip ::1 server.pem")).contains("OK");
    assertThat(openssl.run("verify -x509_strict -CAfile authority.pem authority.pem"))
        .contains("OK");
  }

  @Test
  void givesEachCertificateANumberAndAKeyOfItsOwn() {
    LocalAuthority authority = LocalAuthority.inMemory();
    KeyAndChain one = authority.issue(List.of("a.test"));
    KeyAndChain two = authority.issue(List.of("a.test"));

    assertThat(one.certificate().getSerialNumber())
        .isPositive()
        .isNotEqualTo(two.certificate().getSerialNumber());
    assertThat(one.key()).isNotEqualTo(two.key());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a..b",
        ".a",
        "a.",
        "-a",
        "a_b",
        "*",
        "*.",
        "a.*.b",
        "http://a",
        "a:80",
        "fe80::1%eth0",
        "256.1.1.1.1-",
        "ann@example.org",
        "a\nb"
      })
  void refusesWhatIsNoName(String name) {
    assertThatThrownBy(() -> LocalAuthority.inMemory().issue(List.of(name)))
        .isInstanceOf(NetException.class)
        .hasMessageStartingWith("A certificate can't be for '" + name + "'");
  }

  @Test
  void refusesNamesThatAreTooLongOrTooMany() {
    LocalAuthority authority = LocalAuthority.inMemory();

    assertThatThrownBy(() -> authority.issue(List.of("a".repeat(64) + ".test")))
        .hasMessageContaining("can't be for");
    assertThatThrownBy(() -> authority.issue(List.of("abc.".repeat(70) + "test")))
        .hasMessageContaining("can't be for");
    assertThatThrownBy(() -> authority.issue(List.of())).hasMessageContaining("not for 0");
    assertThatThrownBy(() -> authority.issue(java.util.Collections.nCopies(101, "a.test")))
        .hasMessageContaining("not for 101");
    assertThat(authority.issue(List.of("abc.".repeat(62) + "test")).names()).hasSize(1);
  }

  @Test
  void aSourceMakesAnotherCertificateAtTwoThirdsOfItsTime() {
    AtomicLong millis = new AtomicLong(Instant.parse("2030-01-01T00:00:00Z").toEpochMilli());
    Clock clock =
        new Clock() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public long epochMillis() {
            return millis.get();
          }
        };
    LocalCertificates source =
        new LocalCertificates(LocalAuthority.inMemory(), List.of("a.test"), clock);
    KeyAndChain first = source.current();

    millis.addAndGet(Duration.ofDays(260).toMillis());
    assertThat(source.current()).isSameAs(first);
    millis.addAndGet(Duration.ofDays(6).toMillis());
    assertThat(source.current()).isNotSameAs(first).isSameAs(source.current());
    assertThat(source.current().notAfter()).isAfter(first.notAfter());
  }

  @Test
  void aSourceDoesWithoutAFolderThatCannotBeWrittenAndSaysSo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (Log log = new Log(LocalCertificates.class)) {
      LocalCertificates source = LocalCertificates.in(file, List.of("a.test"));

      assertThat(source.current().names()).containsExactly("a.test");
      assertThat(log.events())
          .singleElement()
          .asString()
          .contains("can't be kept in", "nobody trusts");
    }
  }
}
