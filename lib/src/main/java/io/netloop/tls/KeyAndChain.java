package io.netloop.tls;

import io.netloop.engine.OwnerFiles;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A private key, and the certificates that a server shows with it: its own first, then each one's
 * issuer. That the key belongs to the first, and that each is issued by the next, is checked.
 * <i>Immutable.</i>
 */
public final class KeyAndChain {
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  private KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = chain;
  }

  /**
   * Takes a key and certificates that a program has got by itself.
   *
   * @param key an RSA, EC or Ed25519 key
   * @param chain the server's own certificate, then those between it and an authority that clients
   *     know
   * @throws NetException {@code ERR_OSSL_X509_KEY_VALUES_MISMATCH} where the key is another's,
   *     {@code ERR_TLS_CERTIFICATE_CHAIN} where the certificates are no chain
   */
  public static KeyAndChain of(PrivateKey key, List<X509Certificate> chain) {
    return checked(key, chain, "this pair", "this pair");
  }

  private static KeyAndChain checked(
      PrivateKey key, List<X509Certificate> chain, String keyFrom, String from) {
    List<X509Certificate> copy = List.copyOf(chain);
    PairCheck.check(key, copy, keyFrom, from);
    return new KeyAndChain(key, copy);
  }

  /**
   * Reads both from PEM files, as authorities hand them out for nginx. The key may be in PKCS#8,
   * PKCS#1 or SEC1 form. Blocks: files are read.
   *
   * @throws NetException with a sentence that names the file and what is wrong with it; the codes
   *     are Node's, for example {@code ERR_OSSL_PEM_NO_START_LINE}, and {@code ENOENT} or {@code
   *     EACCES} for a file that cannot be read
   */
  public static KeyAndChain read(Path chain, Path key) {
    return read(chain, key, null);
  }

  /**
   * As {@link #read(Path, Path)}, with an encrypted key.
   *
   * @throws NetException also {@code ERR_OSSL_BAD_DECRYPT} for a wrong passphrase, {@code
   *     ERR_MISSING_PASSPHRASE} where one is needed
   */
  public static KeyAndChain read(Path chain, Path key, @Nullable String passphrase) {
    String chainFrom = chain.toString();
    String keyFrom = key.toString();
    List<X509Certificate> certificates =
        ChainReader.read(CertificateBytes.text(chain, "certificate"), chainFrom);
    PrivateKey read = KeyReader.read(CertificateBytes.text(key, "key"), passphrase, keyFrom);
    return checked(read, certificates, keyFrom, chainFrom);
  }

  /** As {@link #read(Path, Path, String)}, from texts. */
  public static KeyAndChain of(String chain, String key, @Nullable String passphrase) {
    return checked(
        KeyReader.read(key, passphrase, "the text of the key"),
        ChainReader.read(chain, "the text of the certificate"),
        "the text of the key",
        "the text of the certificate");
  }

  /**
   * Reads both from one PKCS#12 file ({@code .pfx}, {@code .p12}). Blocks.
   *
   * @param passphrase what the file is protected with, or null for none
   * @throws NetException as {@link #read(Path, Path)}; {@code ERR_OSSL_PKCS12_MAC_VERIFY_FAILURE}
   *     for a wrong passphrase
   */
  public static KeyAndChain readPfx(Path file, @Nullable String passphrase) {
    String from = file.toString();
    PfxReader.Entry entry = PfxReader.read(CertificateBytes.read(file, "PFX"), passphrase, from);
    return checked(entry.key(), entry.chain(), from, from);
  }

  /** The private key. */
  public PrivateKey key() {
    return key;
  }

  /** The server's own certificate, then those of its issuers. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The certificate that the key belongs to. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** From when on the server's own certificate holds. */
  public Instant notBefore() {
    return certificate().getNotBefore().toInstant();
  }

  /** Until when the server's own certificate holds. */
  public Instant notAfter() {
    return certificate().getNotAfter().toInstant();
  }

  /** The names and IP addresses that the certificate is for. */
  public List<String> names() {
    return CertificateNames.of(certificate());
  }

  /** The certificates as a PEM text, as they stand in a file. */
  public String chainPem() {
    return PemText.of(chain);
  }

  /** The key as a PEM text in PKCS#8 form, not encrypted. */
  public String keyPem() {
    return PemText.of(key);
  }

  /**
   * Writes both as PEM files, each replaced as a whole: the key first, and readable by its owner
   * alone. It blocks: call it from no loop.
   */
  public void write(Path chainFile, Path keyFile) throws IOException {
    OwnerFiles.writeSecret(keyFile, keyPem().getBytes(StandardCharsets.UTF_8));
    OwnerFiles.writePublic(chainFile, chainPem().getBytes(StandardCharsets.UTF_8));
  }

  /** Tells what the certificate is for, and nothing of the key. */
  @Override
  public String toString() {
    return "KeyAndChain[names=" + names() + ", notAfter=" + notAfter() + "]";
  }

  /**
   * Refuses what clients would refuse.
   *
   * @throws NetException {@code CERT_HAS_EXPIRED}, {@code CERT_NOT_YET_VALID}
   */
  KeyAndChain holdsAt(Instant now, String from) {
    PairCheck.holdsAt(chain, now, from);
    return this;
  }
}
