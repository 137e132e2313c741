package io.netloop.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of the tests: an authority, and what it signs. */
final class TestCertificates {
  private static final AtomicLong SERIAL = new AtomicLong(1000);

  static final TestCertificates SHARED = new TestCertificates("CN=Netloop test authority");

  private final X500Name name;
  private final KeyPair pair;
  final X509Certificate authority;

  TestCertificates(String title) {
    name = new X500Name(title);
    pair = newKey("EC");
    authority = signed(name, pair, name, pair, Template.authority());
  }

  /** What a certificate says. */
  record Template(
      boolean isAuthority,
      List<String> names,
      Instant from,
      Instant until,
      KeyPurposeId purpose,
      String keyType) {
    static Template authority() {
      return of().withAuthority();
    }

    static Template of(String... names) {
      Instant now = Instant.now();
      return new Template(
          false,
          List.of(names),
          now.minus(Duration.ofDays(1)),
          now.plus(Duration.ofDays(30)),
          null,
          "EC");
    }

    Template withAuthority() {
      return new Template(true, names, from, until, purpose, keyType);
    }

    Template withTime(Duration fromNow, Duration untilNow) {
      Instant now = Instant.now();
      return new Template(
          isAuthority, names, now.plus(fromNow), now.plus(untilNow), purpose, keyType);
    }

    Template withPurpose(KeyPurposeId id) {
      return new Template(isAuthority, names, from, until, id, keyType);
    }

    Template withKey(String type) {
      return new Template(isAuthority, names, from, until, purpose, type);
    }
  }

  private static KeyPair newKey(String type) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      if (type.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static X509Certificate signed(
      X500Name subject, KeyPair key, X500Name issuer, KeyPair issuerKey, Template says) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(SERIAL.incrementAndGet()),
              Date.from(says.from),
              Date.from(says.until),
              subject,
              key.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(says.isAuthority));
      if (!says.names.isEmpty()) {
        GeneralName[] names =
            says.names.stream()
                .map(text ->
                    new GeneralName(
                        !text.startsWith("DNS:") && text.matches("[0-9.]+|[0-9a-f]*:.*")
                            ? GeneralName.iPAddress
                            : GeneralName.dNSName,
                        text.replace("DNS:", "")))
                .toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      }
      if (says.purpose != null) {
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(says.purpose));
      }
      String algorithm =
          issuerKey.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKey.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new AssertionError(e);
    }
  }

  /** A certificate by this authority; its subject is {@code CN=} the title. */
  KeyAndChain sign(String title, Template says) {
    KeyPair key = newKey(says.keyType);
    X509Certificate made = signed(new X500Name("CN=" + title), key, name, pair, says);
    return KeyAndChain.of(key.getPrivate(), List.of(made));
  }

  /** One with this common name, or none, and whose addresses may be named as names. */
  KeyAndChain titled(String commonName, Template says, boolean addressesAreNames) {
    KeyPair key = newKey(says.keyType);
    X500Name subject = new X500Name(commonName.isEmpty() ? "O=Nobody" : "CN=" + commonName);
    List<String> names =
        addressesAreNames
            ? says.names.stream().map(text -> text.endsWith(".2") ? "DNS:" + text : text).toList()
            : says.names;
    Template sure =
        new Template(says.isAuthority, names, says.from, says.until, says.purpose, says.keyType);
    X509Certificate made = signed(subject, key, name, pair, sure);
    return KeyAndChain.of(key.getPrivate(), List.of(made));
  }

  /** The usual one of a server on this machine. */
  KeyAndChain server() {
    return sign("server", Template.of("localhost", "127.0.0.1", "::1"));
  }

  /** One that another authority below this one has signed, which is part of the chain. */
  KeyAndChain below(String title, Template says, boolean withIssuer) {
    KeyPair middleKey = newKey("EC");
    X500Name middleName = new X500Name("CN=" + title + " issuer");
    X509Certificate middle = signed(middleName, middleKey, name, pair, Template.authority());
    KeyPair key = newKey(says.keyType);
    X509Certificate made = signed(new X500Name("CN=" + title), key, middleName, middleKey, says);
    return KeyAndChain.of(key.getPrivate(), withIssuer ? List.of(made, middle) : List.of(made));
  }

  /** One that nobody else has signed. */
  static KeyAndChain selfSigned(String title, Template says) {
    KeyPair key = newKey(says.keyType);
    X500Name own = new X500Name("CN=" + title);
    return KeyAndChain.of(key.getPrivate(), List.of(signed(own, key, own, key, says)));
  }

  /** What this authority has taken back. */
  X509CRL revoking(X509Certificate... revoked) {
    try {
      Instant now = Instant.now();
      X509v2CRLBuilder builder = new X509v2CRLBuilder(name, Date.from(now));
      builder.setNextUpdate(Date.from(now.plus(Duration.ofDays(1))));
      for (X509Certificate each : revoked) {
        builder.addCRLEntry(each.getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
      }
      return new JcaX509CRLConverter()
          .getCRL(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new AssertionError(e);
    }
  }

  PrivateKey key() {
    return pair.getPrivate();
  }

  /** Writes {@code NAME.pem} and {@code NAME.key} into a directory. */
  static void write(Path dir, String file, KeyAndChain pair) {
    try {
      Files.writeString(dir.resolve(file + ".pem"), pair.chainPem());
      Files.writeString(dir.resolve(file + ".key"), pair.keyPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the authority's certificate as {@code ca.pem}. */
  Path writeAuthority(Path dir) {
    try {
      return Files.writeString(dir.resolve("ca.pem"), PemText.of(List.of(authority)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
