package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Log;
import io.netloop.tls.TestCertificates.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change while a server uses them. */
class CertificateFilesTest {
  private static final LocalAuthority AUTHORITY = LocalAuthority.inMemory();
  private static final KeyAndChain FIRST = AUTHORITY.issue(List.of("first.test"));
  private static final KeyAndChain SECOND = AUTHORITY.issue(List.of("second.test"));

  @TempDir Path folder;
  private final Log log = new Log(CertificateFiles.class);
  private Path chain;
  private Path key;
  private CertificateFiles source;

  @BeforeEach
  void open() throws IOException {
    chain = folder.resolve("server.pem");
    key = folder.resolve("server.key");
    write(FIRST);
    source = CertificateFiles.unwatched(chain, key, null);
  }

  @AfterEach
  void close() {
    source.close();
    log.close();
  }

  private void write(KeyAndChain pair) throws IOException {
    Files.writeString(chain, pair.chainPem());
    Files.writeString(key, pair.keyPem());
  }

  private List<String> names() {
    return source.current().names();
  }

  private List<String> complaints() {
    return log.events().stream()
        .filter(event -> event.getLevel().toString().equals("WARN"))
        .map(event -> event.getFormattedMessage())
        .toList();
  }

  /** Two looks take up a change that has rested. */
  private void looks() {
    source.look();
    source.look();
  }

  @Test
  void handsOutTheSameObjectUntilTheFilesChange() throws IOException {
    KeyAndChain before = source.current();
    looks();
    assertThat(source.current()).isSameAs(before);

    write(SECOND);

    looks();
    assertThat(names()).containsExactly("second.test");
    assertThat(before.names()).containsExactly("first.test");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void takesUpFilesThatAreMovedIntoPlace() throws IOException {
    Path fresh = Files.createDirectory(folder.resolve("fresh"));
    Path freshChain = Files.writeString(fresh.resolve("a.pem"), SECOND.chainPem());
    Path freshKey = Files.writeString(fresh.resolve("a.key"), SECOND.keyPem());

    Files.move(freshChain, chain, StandardCopyOption.ATOMIC_MOVE);
    Files.move(freshKey, key, StandardCopyOption.ATOMIC_MOVE);

    looks();
    assertThat(names()).containsExactly("second.test");
  }

  @Test
  void followsALinkThatIsTurnedToOtherFiles() throws IOException {
    Path one = folderOf("one", FIRST);
    Path two = folderOf("two", SECOND);
    Path link = Files.createSymbolicLink(folder.resolve("live"), one);
    source.close();
    source =
        CertificateFiles.unwatched(link.resolve("server.pem"), link.resolve("server.key"), null);

    Path turned = Files.createSymbolicLink(folder.resolve("turned"), two);
    Files.move(turned, link, StandardCopyOption.ATOMIC_MOVE);

    looks();
    assertThat(names()).containsExactly("second.test");
  }

  private Path folderOf(String name, KeyAndChain pair) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    Files.writeString(made.resolve("server.pem"), pair.chainPem());
    Files.writeString(made.resolve("server.key"), pair.keyPem());
    return made;
  }

  @Test
  void keepsTheOldPairWhereTheNewOneIsMismatchedAndSaysSoOnce() throws IOException {
    Files.writeString(key, SECOND.keyPem());
    looks();
    for (int i = 0; i < 10; i++) {
      looks();
    }

    assertThat(source.current().names()).containsExactly("first.test");
    assertThat(complaints())
        .singleElement()
        .asString()
        .contains("the old certificate goes on, until " + FIRST.notAfter())
        .contains("does not belong to the certificate in " + chain);

    Files.writeString(chain, SECOND.chainPem());
    looks();
    assertThat(names()).containsExactly("second.test");
  }

  @Test
  void saysOnceThatAFileIsHalfWritten() throws IOException {
    String text = SECOND.chainPem();
    Files.writeString(chain, text.substring(0, text.length() / 2));
    looks();
    Files.writeString(chain, text.substring(0, text.length() / 2 + 1));
    looks();

    assertThat(complaints()).singleElement().asString().contains("cut off");
    assertThat(source.current().names()).containsExactly("first.test");
  }

  @Test
  void keepsTheOldPairWhereTheFilesAreGoneAndTakesThemUpAgain() throws IOException {
    Files.delete(chain);
    looks();
    assertThat(source.current().names()).containsExactly("first.test");
    assertThat(complaints()).singleElement().asString().contains("there is no such file");

    write(SECOND);

    looks();
    assertThat(names()).containsExactly("second.test");
  }

  @Test
  void triesAgainWhatWasRefusedForItsTimeAndSaysSoOnce() throws IOException {
    KeyAndChain early =
        TestCertificates.SHARED.sign(
            "early", Template.of("early.test").withTime(Duration.ofSeconds(4), Duration.ofDays(1)));
    write(early);
    looks();
    assertThat(names()).containsExactly("first.test");

    await().until(() -> Instant.now().isAfter(early.notBefore()));
    for (int i = 0; i < CertificateFiles.LOOKS_PER_TRY; i++) {
      source.look();
    }

    assertThat(names()).containsExactly("early.test");
    assertThat(complaints()).hasSize(1);
  }

  @Test
  void triesAgainAfterSomeLooksAndNotAtEach() throws IOException {
    Files.writeString(key, SECOND.keyPem());
    looks();
    // The same size, time and inode as what could not be used: as where only its rights were wrong.
    FileTime time = Files.getLastModifiedTime(key);
    Files.writeString(key, FIRST.keyPem());
    Files.setLastModifiedTime(key, time);
    Assumptions.assumeThat(FIRST.keyPem()).hasSameSizeAs(SECOND.keyPem());
    KeyAndChain before = source.current();

    for (int i = 1; i < CertificateFiles.LOOKS_PER_TRY; i++) {
      source.look();
      assertThat(source.current()).isSameAs(before);
    }
    source.look();

    assertThat(source.current()).isNotSameAs(before);
  }

  @Test
  void complainsAgainAfterAGoodPair() throws IOException {
    Files.writeString(key, "broken");
    looks();
    write(SECOND);
    looks();
    assertThat(names()).containsExactly("second.test");

    Files.writeString(key, "broken");
    looks();

    assertThat(complaints()).hasSize(2);
  }

  @Test
  void isNotReadInTheMomentInWhichItChanges() throws IOException {
    write(SECOND);

    source.look();
    assertThat(names()).containsExactly("first.test");
    source.look();
    assertThat(names()).containsExactly("second.test");
  }

  @Test
  void isReadAgainWhenItIsAskedFor() {
    KeyAndChain before = source.current();

    source.renew();
    source.look();

    assertThat(source.current()).isNotSameAs(before);
    assertThat(names()).containsExactly("first.test");
  }

  @Test
  void isLookedAtByItselfUntilItIsClosed() throws IOException {
    CertificateFiles watched = CertificateFiles.pem(chain, key, null);
    write(SECOND);
    await().until(() -> watched.current().names().equals(List.of("second.test")));

    CertificateFiles witness = CertificateFiles.pem(chain, key, null);
    watched.close();
    write(FIRST);
    await().until(() -> witness.current().names().equals(List.of("first.test")));
    witness.close();

    assertThat(watched.current().names()).containsExactly("second.test");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void watchesPfx() throws Exception {
    OpensslFiles openssl = new OpensslFiles(folder);
    String export = "pkcs12 -export -inkey server.key -in server.pem -passout pass:x -out ";
    openssl.run(export + "a.pfx");
    CertificateFiles pfx = CertificateFiles.pfx(folder.resolve("a.pfx"), "x");
    assertThat(pfx.current().names()).containsExactly("first.test");
    write(SECOND);

    openssl.run(export + "a.pfx");

    await().until(() -> pfx.current().names().equals(List.of("second.test")));
    pfx.close();
  }
}
