package io.netloop.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netloop.loop.NetException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.List;

/** Whether a key and certificates make a pair that a server can show. */
final class PairCheck {
  /** What is signed to see whether two keys belong together. */
  private static final byte[] SAMPLE = "netloop".getBytes(UTF_8);

  private PairCheck() {}

  static void check(PrivateKey key, List<X509Certificate> chain, String keyFrom, String from) {
    if (chain.isEmpty()) {
      throw new NetException(
          "ERR_OSSL_PEM_NO_START_LINE", "There is no certificate in " + from + ".");
    }
    if (!fits(key, chain.getFirst().getPublicKey())) {
      throw mismatch(key, chain, keyFrom, from);
    }
    checkLinks(chain, from);
  }

  private static NetException mismatch(
      PrivateKey key, List<X509Certificate> chain, String keyFrom, String from) {
    String code = "ERR_OSSL_X509_KEY_VALUES_MISMATCH";
    for (int i = 1; i < chain.size(); i++) {
      if (fits(key, chain.get(i).getPublicKey())) {
        return new NetException(
            code,
            "The key belongs to certificate "
                + (i + 1)
                + " of "
                + chain.size()
                + " in "
                + from
                + ": the server's own certificate has to come first, then its issuers.");
      }
    }
    return new NetException(
        code,
        "The key in "
            + keyFrom
            + " ("
            + key.getAlgorithm()
            + ") does not belong to the certificate in "
            + from
            + " ("
            + CertificateNames.title(chain.getFirst())
            + ", "
            + chain.getFirst().getPublicKey().getAlgorithm()
            + "): use the key that this certificate was asked for with.");
  }

  private static void checkLinks(List<X509Certificate> chain, String from) {
    for (int i = 1; i < chain.size(); i++) {
      X509Certificate below = chain.get(i - 1);
      X509Certificate above = chain.get(i);
      if (!below.getIssuerX500Principal().equals(above.getSubjectX500Principal())) {
        throw new NetException(
            "ERR_TLS_CERTIFICATE_CHAIN",
            "Certificate "
                + (i + 1)
                + " in "
                + from
                + " ("
                + CertificateNames.title(above)
                + ") has not issued certificate "
                + i
                + ", whose issuer is "
                + below.getIssuerX500Principal().getName()
                + ": the chain has to go from the server's certificate to its issuer, and so on.");
      }
    }
  }

  static void holdsAt(List<X509Certificate> chain, Instant now, String from) {
    for (X509Certificate certificate : chain) {
      Instant begin = certificate.getNotBefore().toInstant();
      Instant end = certificate.getNotAfter().toInstant();
      if (now.isAfter(end)) {
        throw new NetException(
            "CERT_HAS_EXPIRED",
            "The certificate in "
                + from
                + " ("
                + CertificateNames.title(certificate)
                + ") has expired on "
                + end
                + ", and it is "
                + now
                + ": get a new one.");
      }
      if (now.isBefore(begin)) {
        throw new NetException(
            "CERT_NOT_YET_VALID",
            "The certificate in "
                + from
                + " ("
                + CertificateNames.title(certificate)
                + ") holds from "
                + begin
                + " on, and it is "
                + now
                + ": is this machine's clock right?");
      }
    }
  }

  /**
   * The halves of an RSA key share a number; of the other kinds only what they do can be compared.
   */
  private static boolean fits(PrivateKey key, PublicKey known) {
    if (key instanceof RSAKey mine && known instanceof RSAKey theirs) {
      return mine.getModulus().equals(theirs.getModulus());
    }
    if (!key.getAlgorithm().equals(known.getAlgorithm())) {
      return false;
    }
    try {
      Signature signature =
          Signature.getInstance(
              known.getAlgorithm().equals("EC") ? "SHA256withECDSA" : known.getAlgorithm());
      signature.initSign(key);
      signature.update(SAMPLE);
      byte[] signed = signature.sign();
      signature.initVerify(known);
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (GeneralSecurityException otherCurve) {
      return false;
    }
  }
}
