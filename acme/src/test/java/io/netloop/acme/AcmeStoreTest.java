package io.netloop.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.tls.AcmeOptions;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of several certificates in one folder. */
class AcmeStoreTest {
  private static final LocalAuthority AUTHORITY = LocalAuthority.inMemory();

  @TempDir Path folder;

  private AcmeStore open(String... names) throws IOException {
    return AcmeStore.open(
        AcmeOptions.of(names)
            .withFolder(folder)
            .withDirectory(URI.create("https://acme.test/directory")));
  }

  private static KeyAndChain certificate(String... names) {
    return AUTHORITY.issue(List.of(names));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("acme.test"))) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void keepsCertificatesThatHaveANameInCommonBesideEachOther() throws Exception {
    KeyAndChain one = certificate("a.test");
    KeyAndChain two = certificate("a.test", "b.test");
    KeyAndChain other = certificate("a.test", "c.test");
    open("a.test").write(one);
    open("a.test", "b.test").write(two);
    open("a.test", "c.test").write(other);

    assertThat(open("a.test").read(Instant.now()).certificate()).isEqualTo(one.certificate());
    assertThat(open("a.test", "b.test").read(Instant.now()).certificate())
        .isEqualTo(two.certificate());
    assertThat(open("a.test", "c.test").read(Instant.now()).certificate())
        .isEqualTo(other.certificate());
    assertThat(files()).hasSize(3).contains("a.test.pem");
  }

  /** Names in another order are the same certificate: another would be one of few in a week. */
  @Test
  void findsACertificateWhateverTheOrderOfItsNames() throws Exception {
    KeyAndChain kept = certificate("a.test", "b.test");
    open("a.test", "b.test").write(kept);

    assertThat(open("b.test", "a.test").read(Instant.now()).certificate())
        .isEqualTo(kept.certificate());
  }

  @Test
  void makesOneAccountForAllWhoBeginAtOnce() throws Exception {
    CountDownLatch begin = new CountDownLatch(1);
    List<CompletableFuture<PublicKey>> keys = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      AcmeStore store = open("a" + i + ".test");
      CompletableFuture<PublicKey> key = new CompletableFuture<>();
      keys.add(key);
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              begin.await();
              key.complete(store.accountKey().getPublic());
            } catch (Exception failure) {
              key.completeExceptionally(failure);
            }
          });
    }
    begin.countDown();

    List<PublicKey> made = new ArrayList<>();
    for (CompletableFuture<PublicKey> key : keys) {
      made.add(key.orTimeout(30, TimeUnit.SECONDS).join());
    }
    assertThat(made).containsOnly(open("a.test").accountKey().getPublic());
  }
}
