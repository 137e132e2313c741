package io.netloop.tls;

import io.netloop.loop.NetException;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates from a PEM text. */
final class ChainReader {
  private ChainReader() {}

  /** The certificates in their order, at least one; keys that stand beside them are left out. */
  static List<X509Certificate> read(String text, String from) {
    List<X509Certificate> chain = new ArrayList<>();
    List<PemText.Block> blocks = PemText.read(text, from);
    for (PemText.Block block : blocks) {
      if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
        chain.add(certificate(block.der(), from));
      }
    }
    if (chain.isEmpty()) {
      throw new NetException("ERR_OSSL_PEM_NO_START_LINE", none(blocks, from));
    }
    return chain;
  }

  private static X509Certificate certificate(byte[] der, String from) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException damaged) {
      throw new NetException(
          "ERR_OSSL_ASN1_NOT_ENOUGH_DATA",
          "A certificate in " + from + " is damaged: " + damaged.getMessage() + ".",
          damaged);
    }
  }

  private static String none(List<PemText.Block> blocks, String from) {
    if (blocks.isEmpty()) {
      return "There is no certificate in "
          + from
          + ": a PEM text has a line -----BEGIN CERTIFICATE-----.";
    }
    String label = blocks.getFirst().label();
    if (label.endsWith("PRIVATE KEY")) {
      return "There is a private key and no certificate in "
          + from
          + ": are the two files in each other's place?";
    }
    if (label.endsWith("CERTIFICATE REQUEST")) {
      return "There is a request for a certificate in "
          + from
          + ": the certificate is what the authority has answered to it.";
    }
    return "There is no certificate in " + from + ", only: " + label + ".";
  }
}
