package io.netloop.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that make no pair: each is refused with a sentence that names the file and the reason. */
class RefusedPairsTest {
  private static final LocalAuthority AUTHORITY = LocalAuthority.inMemory();
  private static final KeyAndChain PAIR = AUTHORITY.issue(List.of("a.test"));
  private static final KeyAndChain OTHER = AUTHORITY.issue(List.of("b.test"));

  @TempDir Path folder;
  private Path chain;
  private Path key;

  @BeforeEach
  void goodFiles() throws IOException {
    chain = folder.resolve("server.pem");
    key = folder.resolve("server.key");
    Files.writeString(chain, PAIR.chainPem());
    Files.writeString(key, PAIR.keyPem());
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(String code) {
    return assertThatThrownBy(() -> CertificateFiles.pem(chain, key, null).close())
        .isInstanceOfSatisfying(
            NetException.class, error -> assertThat(error.code()).isEqualTo(code));
  }

  @Test
  void takesAGoodPair() {
    CertificateFiles source = CertificateFiles.pem(chain, key, null);

    assertThat(source.current().names()).containsExactly("a.test");
    assertThat(source.current().toString()).contains("a.test").doesNotContain("PRIVATE");
    source.close();
  }

  @Test
  void refusesAKeyOfAnotherCertificate() throws IOException {
    Files.writeString(key, OTHER.keyPem());

    refused("ERR_OSSL_X509_KEY_VALUES_MISMATCH")
        .hasMessageContaining("The key in " + key + " (EC) does not belong to the certificate in")
        .hasMessageContaining(chain.toString())
        .hasMessageContaining("CN=a.test");
  }

  @Test
  void refusesAKeyOfAnotherKind() throws IOException {
    new OpensslFiles(folder).run("genrsa -out server.key 2048");

    refused("ERR_OSSL_X509_KEY_VALUES_MISMATCH").hasMessageContaining("(RSA) does not belong");
  }

  @Test
  void refusesAChainThatBeginsWithTheAuthority() throws IOException {
    Files.writeString(chain, AUTHORITY.certificatePem() + PAIR.chainPem());

    refused("ERR_OSSL_X509_KEY_VALUES_MISMATCH")
        .hasMessage(
            "The key belongs to certificate 2 of 2 in "
                + chain
                + ": the server's own certificate has to come first, then its issuers.");
  }

  @Test
  void takesAChainWithItsAuthority() throws IOException {
    Files.writeString(chain, PAIR.chainPem() + AUTHORITY.certificatePem());

    assertThat(KeyAndChain.read(chain, key).chain()).hasSize(2);
  }

  @Test
  void refusesAChainWithAStrangerInIt() throws IOException {
    Files.writeString(chain, PAIR.chainPem() + OTHER.chainPem());

    refused("ERR_TLS_CERTIFICATE_CHAIN")
        .hasMessageContaining("Certificate 2 in " + chain)
        .hasMessageContaining("has not issued certificate 1");
  }

  @Test
  void refusesWhatHasExpired() throws IOException {
    Instant then = Instant.now().minus(Duration.ofDays(40));
    KeyAndChain old = AUTHORITY.issue(List.of("a.test"), then, Duration.ofDays(30));
    Files.writeString(chain, old.chainPem());
    Files.writeString(key, old.keyPem());

    refused("CERT_HAS_EXPIRED")
        .hasMessageContaining("The certificate in " + chain)
        .hasMessageContaining("has expired on " + old.notAfter());
  }

  @Test
  void refusesWhatDoesNotHoldYet() throws IOException {
    Instant then = Instant.now().plus(Duration.ofDays(40));
    KeyAndChain early = AUTHORITY.issue(List.of("a.test"), then, Duration.ofDays(30));
    Files.writeString(chain, early.chainPem());
    Files.writeString(key, early.keyPem());

    refused("CERT_NOT_YET_VALID")
        .hasMessageContaining("holds from " + early.notBefore() + " on")
        .hasMessageEndingWith("is this machine's clock right?");
  }

  @Test
  void namesTheFileThatIsMissing() {
    key = folder.resolve("nothing.key");

    refused("ENOENT")
        .hasMessage("ENOENT: the key file " + key + " can't be read: there is no such file.");
  }

  @Test
  void namesADirectory() {
    chain = folder;

    refused("EISDIR").hasMessageContaining("it is a directory");
  }

  @Test
  void namesAnEmptyFile() throws IOException {
    Files.writeString(chain, "");

    refused("ERR_OSSL_PEM_NO_START_LINE")
        .hasMessage("The certificate file " + chain + " is empty.");
  }

  @Test
  void namesAFileThatIsTooLarge() throws IOException {
    Files.write(chain, new byte[CertificateBytes.MAX_BYTES + 1]);

    refused("ERR_OUT_OF_RANGE").hasMessageContaining("larger than 1 MiB");
  }

  @Test
  void namesATextWithoutPem() throws IOException {
    Files.writeString(chain, "hello");
    refused("ERR_OSSL_PEM_NO_START_LINE")
        .hasMessageContaining("There is no certificate in " + chain);

    Files.writeString(chain, PAIR.chainPem());
    Files.writeString(key, "hello");
    refused("ERR_OSSL_PEM_NO_START_LINE").hasMessageContaining("There is no private key in " + key);
  }

  @Test
  void saysHowToMakePemOfDer() throws Exception {
    Files.write(chain, PAIR.certificate().getEncoded());
    refused("ERR_OSSL_PEM_NO_START_LINE")
        .hasMessageContaining("is in binary (DER) form")
        .hasMessageEndingWith(
            "openssl x509 -inform der -in server.pem -out server.pem.pem makes one.");

    Files.writeString(chain, PAIR.chainPem());
    Files.write(key, PAIR.key().getEncoded());
    refused("ERR_OSSL_PEM_NO_START_LINE").hasMessageContaining("openssl pkey -inform der");
  }

  @Test
  void tellsPfxFromPem() throws IOException {
    chain = Files.write(folder.resolve("server.pfx"), new byte[] {0x30, 0, 0});

    refused("ERR_OSSL_PEM_NO_START_LINE").hasMessageContaining("use TlsOptions.pfx");
  }

  @Test
  void seesFilesInEachOthersPlace() throws IOException {
    Files.writeString(chain, PAIR.keyPem());
    refused("ERR_OSSL_PEM_NO_START_LINE")
        .hasMessageContaining("There is a private key and no certificate in " + chain)
        .hasMessageContaining("in each other's place?");

    Files.writeString(chain, PAIR.chainPem());
    Files.writeString(key, PAIR.chainPem());
    refused("ERR_OSSL_PEM_NO_START_LINE")
        .hasMessageContaining("There is a certificate and no private key in " + key);
  }

  @Test
  void tellsARequestFromACertificate() throws IOException {
    new OpensslFiles(folder).run("req -new -key server.key -subj /CN=a.test -out server.pem");

    refused("ERR_OSSL_PEM_NO_START_LINE").hasMessageContaining("request for a certificate");
  }

  @Test
  void seesATextThatIsCutOff() throws IOException {
    String text = PAIR.keyPem();
    Files.writeString(key, text.substring(0, text.length() - 30));

    refused("ERR_OSSL_PEM_BAD_END_LINE")
        .hasMessage(
            "The text in " + key + " is cut off: there is no line -----END PRIVATE KEY-----.");
  }

  @Test
  void seesDamagedBase64() throws IOException {
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n");

    refused("ERR_OSSL_PEM_BAD_BASE64_DECODE").hasMessageContaining("is damaged");
  }

  @Test
  void seesDamagedContent() throws IOException {
    for (String label : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")) {
      Files.writeString(key, "-----BEGIN " + label + "-----\nMAAA\n-----END " + label + "-----\n");
      refused("ERR_OSSL_UNSUPPORTED").hasMessageContaining("The key in " + key + " is damaged");
    }
    Files.writeString(key, PAIR.keyPem());
    Files.writeString(chain, "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n");
    refused("ERR_OSSL_ASN1_NOT_ENOUGH_DATA").hasMessageContaining("A certificate in " + chain);
  }

  @Test
  void saysWhatToDoWithAKeyOfOpenssh() throws IOException {
    Files.writeString(
        key, "-----BEGIN OPENSSH PRIVATE KEY-----\nMAAA\n-----END OPENSSH PRIVATE KEY-----\n");

    refused("ERR_OSSL_UNSUPPORTED").hasMessageContaining("ssh-keygen -p -m PKCS8");
  }

  @Test
  void refusesAnEncryptedKeyThatDoesNotSayHow() throws IOException {
    Files.writeString(
        key,
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED

        MAAA
        -----END RSA PRIVATE KEY-----
        """);

    assertThatThrownBy(() -> KeyAndChain.read(chain, key, "secret"))
        .hasMessageContaining("it has no DEK-Info");
  }

  @Test
  void refusesMoreCertificatesThanAnyChainHas() throws IOException {
    Files.writeString(chain, PAIR.chainPem().repeat(65));

    refused("ERR_OUT_OF_RANGE").hasMessageContaining("more than 64");
  }

  @Test
  void refusesTextsAsItRefusesFiles() {
    assertThat(KeyAndChain.of(PAIR.chainPem(), PAIR.keyPem(), null).names())
        .containsExactly("a.test");
    assertThatThrownBy(() -> KeyAndChain.of(PAIR.chainPem(), OTHER.keyPem(), null))
        .hasMessageContaining("The key in the text of the key (EC) does not belong");
  }

  @Property(tries = 300)
  void neverFailsOtherwiseThanWithASentence(
      @ForAll byte[] noise, @ForAll @IntRange(max = 2000) int at, @ForAll boolean inKey) {
    byte[] text = (inKey ? PAIR.keyPem() : PAIR.chainPem()).getBytes(US_ASCII);
    byte[] damaged = text.clone();
    for (int i = 0; i < noise.length && at + i < text.length; i++) {
      damaged[at + i] = noise[i];
    }
    String damagedText = new String(damaged, US_ASCII);
    try {
      KeyAndChain.of(
          inKey ? PAIR.chainPem() : damagedText, inKey ? damagedText : PAIR.keyPem(), "x");
    } catch (NetException refusal) {
      assertThat(refusal.getMessage()).contains("the text of the");
    }
  }

  @Test
  void isCutAtEveryByteWithoutAnythingButASentence() {
    String text = PAIR.keyPem();
    for (int length = 0; length < text.length() - 1; length++) {
      String cut = text.substring(0, length);
      assertThatThrownBy(() -> KeyAndChain.of(PAIR.chainPem(), cut, null))
          .isInstanceOf(NetException.class);
    }
  }
}
