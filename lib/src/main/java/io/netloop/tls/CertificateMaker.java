package io.netloop.tls;

import io.netloop.engine.IpText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys and signs certificates (RFC 5280), all on the curve P-256. */
final class CertificateMaker {
  /** The organization that issuers and subjects have. */
  private static final String LOCAL = "Netloop local certificates";

  /** Clocks of other machines may be behind. */
  private static final Duration BEFORE = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private CertificateMaker() {}

  static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("This Java has no keys on the curve P-256.", impossible);
    }
  }

  /** An authority's own certificate. It may sign for servers, and make no authorities below it. */
  static X509Certificate authority(KeyPair pair, String title, Instant now, Duration life) {
    X500Name name = name(title);
    return sign(
        builder(name, name, pair.getPublic(), now, life),
        pair.getPrivate(),
        builder -> {
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
          builder.addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
          builder.addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        });
  }

  /** A server's certificate for these names and addresses. */
  static X509Certificate server(
      PublicKey key,
      List<String> names,
      X509Certificate issuer,
      PrivateKey issuerKey,
      Instant now,
      Duration life) {
    X500Name issuerName = X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
    return sign(
        builder(issuerName, name(names.getFirst()), key, now, life),
        issuerKey,
        builder -> {
          JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
          builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
          builder.addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
          builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
          builder.addExtension(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(issuer));
        });
  }

  /** What goes into a certificate besides its name, key and time. */
  private interface Contents {
    void addTo(X509v3CertificateBuilder builder) throws IOException, GeneralSecurityException;
  }

  /** Whether a certificate says that it is one of a local authority's. */
  static boolean isLocal(X509Certificate certificate) {
    X500Name issuer = X500Name.getInstance(certificate.getIssuerX500Principal().getEncoded());
    for (RDN organization : issuer.getRDNs(BCStyle.O)) {
      if (IETFUtils.valueToString(organization.getFirst().getValue()).equals(LOCAL)) {
        return true;
      }
    }
    return false;
  }

  private static X500Name name(String title) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, LOCAL)
        // A common name has 64 characters at most (RFC 5280, appendix A.1).
        .addRDN(BCStyle.CN, title.substring(0, Math.min(64, title.length())))
        .build();
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration life) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).setBit(126),
        Date.from(now.minus(BEFORE)),
        Date.from(now.plus(life)),
        subject,
        key);
  }

  private static X509Certificate sign(
      X509v3CertificateBuilder builder, PrivateKey key, Contents contents) {
    try {
      contents.addTo(builder);
      byte[] der =
          builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)).getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException | GeneralSecurityException | OperatorCreationException impossible) {
      throw new IllegalStateException("The certificate can't be signed.", impossible);
    }
  }

  private static GeneralNames alternatives(List<String> names) {
    return new GeneralNames(
        names.stream().map(CertificateMaker::alternative).toArray(GeneralName[]::new));
  }

  private static GeneralName alternative(String name) {
    byte[] address = IpText.parse(name);
    return address == null
        ? new GeneralName(GeneralName.dNSName, name)
        : new GeneralName(GeneralName.iPAddress, new DEROctetString(address));
  }
}
