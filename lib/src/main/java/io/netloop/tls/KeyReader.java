package io.netloop.tls;

import io.netloop.loop.NetException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a private key from a PEM text: PKCS#8, PKCS#1 and SEC1, each with and without encryption.
 * All of them become PKCS#8, which the JDK makes a key of; Bouncy Castle is only needed, and only
 * loaded, for the others.
 */
final class KeyReader {
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

  private KeyReader() {}

  static PrivateKey read(String text, @Nullable String passphrase, String from) {
    List<PemText.Block> blocks = PemText.read(text, from);
    for (PemText.Block block : blocks) {
      if (block.label().endsWith("PRIVATE KEY")) {
        return key(block, blocks, passphrase, from);
      }
    }
    throw new NetException("ERR_OSSL_PEM_NO_START_LINE", none(blocks, from));
  }

  private static String none(List<PemText.Block> blocks, String from) {
    if (blocks.isEmpty()) {
      return "There is no private key in "
          + from
          + ": a PEM text has a line -----BEGIN PRIVATE KEY-----.";
    }
    String label = blocks.getFirst().label();
    if (label.endsWith("CERTIFICATE")) {
      return "There is a certificate and no private key in "
          + from
          + ": are the two files in each other's place?";
    }
    return "There is no private key in " + from + ", only: " + label + ".";
  }

  private static PrivateKey key(
      PemText.Block block, List<PemText.Block> all, @Nullable String passphrase, String from) {
    boolean encrypted =
        block.label().equals("ENCRYPTED PRIVATE KEY")
            || block.headers().getOrDefault("Proc-Type", "").contains("ENCRYPTED");
    try {
      byte[] der = encrypted ? decrypt(block, secret(passphrase, from), from) : block.der();
      return ofPkcs8(
          switch (block.label()) {
            case "PRIVATE KEY", "ENCRYPTED PRIVATE KEY" -> der;
            case "RSA PRIVATE KEY" -> wrap(rsa(), der);
            case "EC PRIVATE KEY" -> wrap(curve(der, all, from), der);
            default -> throw unusable(block.label(), from);
          });
    } catch (IOException
        | GeneralSecurityException
        | IllegalArgumentException
        | IllegalStateException damaged) {
      // A wrong passphrase makes noise, which now and then has the look of something decrypted.
      throw encrypted ? wrongPassphrase(from, damaged) : damaged(from, damaged);
    }
  }

  private static NetException unusable(String label, String from) {
    return new NetException(
        "ERR_OSSL_UNSUPPORTED",
        label.startsWith("OPENSSH")
            ? "The key in "
                + from
                + " is in OpenSSH's form: ssh-keygen -p -m PKCS8 -f FILE makes it one for TLS."
            : "The key in " + from + " is a " + label + ": RSA, EC and Ed25519 keys can be used.");
  }

  private static PrivateKey ofPkcs8(byte[] der) throws GeneralSecurityException {
    PKCS8EncodedKeySpec form = new PKCS8EncodedKeySpec(der);
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(form);
      } catch (InvalidKeySpecException another) {
        // Each takes its own kind only.
      }
    }
    throw new InvalidKeySpecException("no RSA, EC (P-256, P-384, P-521) or Ed25519 key");
  }

  private static NetException damaged(String from, Exception cause) {
    return new NetException(
        "ERR_OSSL_UNSUPPORTED",
        "The key in "
            + from
            + " is damaged, or of a kind that can't be used: "
            + cause.getMessage()
            + ".",
        cause);
  }

  private static AlgorithmIdentifier rsa() {
    return new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
  }

  /** The curve stands in the key (RFC 5915 §3), or in a block of its own before it. */
  private static AlgorithmIdentifier curve(byte[] der, List<PemText.Block> all, String from)
      throws IOException {
    ASN1Encodable curve = ECPrivateKey.getInstance(der).getParametersObject();
    for (PemText.Block block : all) {
      if (curve == null && block.label().equals("EC PARAMETERS")) {
        curve = ASN1ObjectIdentifier.getInstance(block.der());
      }
    }
    if (curve == null) {
      throw new NetException(
          "ERR_OSSL_UNSUPPORTED", "The EC key in " + from + " does not say which curve it is on.");
    }
    return new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve);
  }

  private static byte[] wrap(AlgorithmIdentifier kind, byte[] der) throws IOException {
    return new PrivateKeyInfo(kind, ASN1Primitive.fromByteArray(der)).getEncoded();
  }

  private static char[] secret(@Nullable String passphrase, String from) {
    if (passphrase == null) {
      throw new NetException(
          "ERR_MISSING_PASSPHRASE",
          "The key in " + from + " is encrypted: give the passphrase with it.");
    }
    return passphrase.toCharArray();
  }

  private static NetException wrongPassphrase(String from, Exception cause) {
    return new NetException(
        "ERR_OSSL_BAD_DECRYPT",
        "The key in " + from + " can't be decrypted: the passphrase is wrong.",
        cause);
  }

  private static byte[] decrypt(PemText.Block block, char[] secret, String from)
      throws IOException {
    BouncyCastleProvider provider = new BouncyCastleProvider();
    try {
      if (block.label().equals("ENCRYPTED PRIVATE KEY")) {
        return new PKCS8EncryptedPrivateKeyInfo(block.der())
            .decryptPrivateKeyInfo(
                new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(provider).build(secret))
            .getEncoded();
      }
      String[] info = cipher(block, from);
      return new JcePEMDecryptorProviderBuilder()
          .setProvider(provider)
          .build(secret)
          .get(info[0].strip())
          .decrypt(block.der(), HexFormat.of().parseHex(info[1].strip()));
    } catch (PKCSException | OperatorCreationException wrong) {
      throw wrongPassphrase(from, wrong);
    }
  }

  /** The form of before PKCS#8: the cipher and its start value are a header (RFC 1421 §4.6.1.3). */
  private static String[] cipher(PemText.Block block, String from) {
    String[] info = block.headers().getOrDefault("DEK-Info", "").split(",", 2);
    if (info.length != 2) {
      throw new NetException(
          "ERR_OSSL_UNSUPPORTED",
          "The key in " + from + " is encrypted and does not say how: it has no DEK-Info.");
    }
    return info;
  }
}
