package io.netloop.acme;

import io.netloop.tls.KeyAndChain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** What a server shows to an authority that proves a name by tls-alpn-01 (RFC 8737 §3). */
final class ChallengeCertificate {
  private static final ASN1ObjectIdentifier ACME_IDENTIFIER =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");

  private static final Duration LIFE = Duration.ofDays(7);

  private ChallengeCertificate() {}

  /**
   * A certificate that signs itself.
   *
   * @param digest the SHA-256 of the key authorization
   */
  static KeyAndChain of(String name, byte[] digest) {
    KeyPair pair = Keys.create();
    Instant now = Instant.now();
    X500Name title = new X500Name("CN=acme-tls-alpn-01");
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            title,
            BigInteger.ONE,
            Date.from(now.minus(LIFE)),
            Date.from(now.plus(LIFE)),
            title,
            pair.getPublic());
    try {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
      builder.addExtension(ACME_IDENTIFIER, true, new DEROctetString(digest));
      byte[] der =
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
              .getEncoded();
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      return KeyAndChain.of(pair.getPrivate(), List.of(certificate));
    } catch (IOException | GeneralSecurityException | OperatorCreationException impossible) {
      throw new IllegalStateException("The certificate can't be signed.", impossible);
    }
  }
}
