package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form in which openssl writes keys. */
class KeyFormsTest {
  @TempDir Path folder;
  private OpensslFiles openssl;

  @BeforeEach
  void keys() {
    openssl = new OpensslFiles(folder);
  }

  /** The key itself, whatever form it was read from. */
  private byte[] plain(String file) {
    openssl.run("pkcs8 -topk8 -nocrypt -in " + file + " -passin pass:secret -out plain.key");
    return read("plain.key", null).getEncoded();
  }

  private PrivateKey read(String file, String passphrase) {
    Path path = openssl.file(file);
    return KeyReader.read(CertificateBytes.text(path, "key"), passphrase, file);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "RSA,rsa_keygen_bits:2048",
    "EC,ec_paramgen_curve:P-256",
    "EC,ec_paramgen_curve:P-384",
    "EC,ec_paramgen_curve:P-521",
    "RSA-PSS,rsa_keygen_bits:2048",
  })
  void readsPkcs8(String algorithm, String option) {
    openssl.run("genpkey -algorithm " + algorithm + " -pkeyopt " + option + " -out a.key");

    PrivateKey key = read("a.key", null);

    assertThat(key.getAlgorithm()).isIn("RSA", "EC", "RSASSA-PSS");
    assertThat(KeyAndChain.read(openssl.certificate("a", "a.key"), openssl.file("a.key")).names())
        .containsExactly("a.test");
  }

  @Test
  void readsEd25519() {
    openssl.run("genpkey -algorithm ed25519 -out a.key");

    KeyAndChain pair = KeyAndChain.read(openssl.certificate("a", "a.key"), openssl.file("a.key"));

    assertThat(pair.key().getAlgorithm()).isEqualTo("EdDSA");
  }

  @Test
  void readsPkcs1() {
    openssl.run("genrsa -traditional -out a.key 2048");

    assertThat(openssl.file("a.key")).content().contains("BEGIN RSA PRIVATE KEY");
    assertThat(read("a.key", null).getEncoded()).isEqualTo(plain("a.key"));
  }

  @Test
  void readsSec1WithItsParametersBeforeIt() {
    openssl.run("ecparam -name prime256v1 -genkey -out a.key");

    assertThat(openssl.file("a.key")).content().contains("EC PARAMETERS", "BEGIN EC PRIVATE KEY");
    assertThat(read("a.key", null).getAlgorithm()).isEqualTo("EC");
    assertThat(KeyAndChain.read(openssl.certificate("a", "a.key"), openssl.file("a.key")).names())
        .containsExactly("a.test");
  }

  @Test
  void readsSec1WithoutABlockOfParameters() {
    openssl.run("ecparam -name secp384r1 -genkey -noout -out a.key");

    assertThat(read("a.key", null).getAlgorithm()).isEqualTo("EC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-v2 aes-256-cbc",
        "-v2 aes-128-cbc -v2prf hmacWithSHA1",
        "-v2 des3",
        "-scrypt",
      })
  void decryptsPkcs8(String how) {
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key");
    openssl.run("pkcs8 -topk8 -in a.key " + how + " -passout pass:secret -out b.key");

    assertThat(openssl.file("b.key")).content().contains("BEGIN ENCRYPTED PRIVATE KEY");
    assertThat(read("b.key", "secret").getEncoded()).isEqualTo(plain("a.key"));
    assertThatThrownBy(() -> read("b.key", "wrong"))
        .isInstanceOf(NetException.class)
        .hasMessage("The key in b.key can't be decrypted: the passphrase is wrong.")
        .extracting(error -> ((NetException) error).code())
        .isEqualTo("ERR_OSSL_BAD_DECRYPT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-aes256", "-aes128", "-des3"})
  void decryptsTheTraditionalForm(String how) {
    openssl.run("genrsa -traditional -out a.key 2048");
    openssl.run("rsa -traditional -in a.key " + how + " -passout pass:secret -out b.key");
    openssl.run("ecparam -name prime256v1 -genkey -noout -out c.key");
    openssl.run("ec -in c.key " + how + " -passout pass:secret -out d.key");

    assertThat(openssl.file("b.key")).content().contains("Proc-Type: 4,ENCRYPTED");
    assertThat(read("b.key", "secret").getEncoded()).isEqualTo(plain("a.key"));
    assertThat(((ECPrivateKey) read("d.key", "secret")).getS())
        .isEqualTo(((ECPrivateKey) read("c.key", null)).getS());
    assertThatThrownBy(() -> read("b.key", "wrong"))
        .hasMessage("The key in b.key can't be decrypted: the passphrase is wrong.");
  }

  @Test
  void asksForAPassphraseWhereOneIsNeeded() {
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key");
    openssl.run("pkcs8 -topk8 -in a.key -passout pass:secret -out b.key");

    assertThatThrownBy(() -> read("b.key", null))
        .hasMessage("The key in b.key is encrypted: give the passphrase with it.")
        .extracting(error -> ((NetException) error).code())
        .isEqualTo("ERR_MISSING_PASSPHRASE");
  }

  @Test
  void readsTheKeyFromAFileThatHoldsTheCertificateToo() throws IOException {
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key");
    openssl.certificate("a", "a.key");
    Path both = openssl.file("both.pem");
    Files.writeString(
        both, Files.readString(openssl.file("a.pem")) + Files.readString(openssl.file("a.key")));

    assertThat(KeyAndChain.read(both, both).names()).containsExactly("a.test");
  }

  @Test
  void readsLineEndsOfWindowsAndWordsBetweenTheBlocks() throws IOException {
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key");
    Path file = openssl.file("a.key");
    String text = "Bag Attributes: none\n\n" + Files.readString(file);
    Files.writeString(file, text.replace("\n", "\r\n"));

    assertThat(read("a.key", null).getAlgorithm()).isEqualTo("EC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " -legacy"})
  void readsPfx(String how) {
    openssl.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out a.key");
    openssl.certificate("a", "a.key");
    openssl.run("pkcs12 -export -inkey a.key -in a.pem -passout pass:secret -out a.pfx" + how);

    KeyAndChain pair = KeyAndChain.readPfx(openssl.file("a.pfx"), "secret");

    assertThat(pair.names()).containsExactly("a.test");
    assertThat(pair.key().getEncoded()).isEqualTo(plain("a.key"));
    assertThatThrownBy(() -> KeyAndChain.readPfx(openssl.file("a.pfx"), "wrong"))
        .hasMessage(
            "mac verify failure: the passphrase for the PFX file "
                + openssl.file("a.pfx")
                + " is wrong.")
        .extracting(error -> ((NetException) error).code())
        .isEqualTo("ERR_OSSL_PKCS12_MAC_VERIFY_FAILURE");
    assertThatThrownBy(() -> KeyAndChain.readPfx(openssl.file("a.pfx"), null))
        .hasMessageContaining("needs a passphrase");
  }

  @Test
  void readsPfxWithAnEmptyPassphrase() {
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key");
    openssl.certificate("a", "a.key");
    openssl.run("pkcs12 -export -inkey a.key -in a.pem -passout pass: -out a.pfx");

    assertThat(KeyAndChain.readPfx(openssl.file("a.pfx"), "").names()).containsExactly("a.test");
    assertThat(KeyAndChain.readPfx(openssl.file("a.pfx"), null).names()).containsExactly("a.test");
  }

  @Test
  void refusesAPfxWithoutAKey() {
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key");
    openssl.certificate("a", "a.key");
    openssl.run("pkcs12 -export -nokeys -in a.pem -passout pass:secret -out a.pfx");

    assertThatThrownBy(() -> KeyAndChain.readPfx(openssl.file("a.pfx"), "secret"))
        .hasMessage("There is no private key in the PFX file " + openssl.file("a.pfx") + ".");
  }

  @Test
  void writesWhatOpensslReads() throws IOException {
    KeyAndChain pair = LocalAuthority.inMemory().issue(List.of("a.test"));
    Files.writeString(openssl.file("a.key"), pair.keyPem());
    Files.writeString(openssl.file("a.pem"), pair.chainPem());

    assertThat(openssl.run("pkey -in a.key -noout -text")).contains("prime256v1");
    assertThat(openssl.run("x509 -in a.pem -noout -text")).contains("DNS:a.test");
    assertThat(KeyAndChain.read(openssl.file("a.pem"), openssl.file("a.key")).chain())
        .isEqualTo(pair.chain());
  }
}
