package io.netloop.tls;

import io.netloop.engine.Clock;
import io.netloop.loop.NetException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a peer's certificates, with OpenSSL's codes and words. */
final class CertificateErrors {
  private CertificateErrors() {}

  /** One of the chain has expired, or does not hold yet; null where all hold. */
  static @Nullable NetException outOfTime(X509Certificate[] chain) {
    Instant now = Instant.ofEpochMilli(Clock.SYSTEM.epochMillis());
    for (X509Certificate each : chain) {
      Instant until = each.getNotAfter().toInstant();
      if (now.isAfter(until)) {
        return new NetException(
            "CERT_HAS_EXPIRED",
            "certificate has expired: %s held until %s, and now it is %s."
                .formatted(CertificateNames.title(each), until, now));
      }
      Instant from = each.getNotBefore().toInstant();
      if (now.isBefore(from)) {
        return new NetException(
            "CERT_NOT_YET_VALID",
            "certificate is not yet valid: %s holds from %s on, and now it is %s."
                .formatted(CertificateNames.title(each), from, now));
      }
    }
    return null;
  }

  /** Why the check of the chain has failed. */
  static NetException of(CertificateException untrusted, X509Certificate[] chain) {
    for (Throwable each = untrusted; each != null; each = each.getCause()) {
      if (each instanceof CertificateRevokedException revoked) {
        return new NetException(
            "CERT_REVOKED",
            "certificate revoked: %s, on %s."
                .formatted(
                    CertificateNames.title(chain[0]), revoked.getRevocationDate().toInstant()),
            untrusted);
      }
      if (each instanceof CertPathValidatorException path
          && path.getReason() instanceof BasicReason why) {
        switch (why) {
          case INVALID_SIGNATURE -> {
            return new NetException(
                "CERT_SIGNATURE_FAILURE", "certificate signature failure", untrusted);
          }
          case UNDETERMINED_REVOCATION_STATUS -> {
            return new NetException(
                "UNABLE_TO_GET_CRL",
                "unable to get certificate CRL: none of those given is by "
                    + chain[0].getIssuerX500Principal().getName()
                    + ".",
                untrusted);
          }
          default -> {
            // The others are what the sentences below say.
          }
        }
      }
    }
    String message = String.valueOf(untrusted.getMessage());
    if (message.contains("key usage") || message.contains("KeyUsage")) {
      return new NetException(
          "INVALID_PURPOSE", "unsuitable certificate purpose: " + message + ".", untrusted);
    }
    return unknownIssuer(untrusted, chain);
  }

  private static NetException unknownIssuer(
      CertificateException untrusted, X509Certificate[] chain) {
    X509Certificate last = chain[chain.length - 1];
    if (chain.length == 1 && isSelfSigned(last)) {
      return new NetException(
          "DEPTH_ZERO_SELF_SIGNED_CERT",
          "self-signed certificate: %s is known to nobody; withCa makes it known."
              .formatted(CertificateNames.title(last)),
          untrusted);
    }
    if (isSelfSigned(last)) {
      return new NetException(
          "SELF_SIGNED_CERT_IN_CHAIN",
          "self-signed certificate in certificate chain: the authority %s is not among those that"
                  .formatted(CertificateNames.title(last))
              + " are trusted; withCa adds it.",
          untrusted);
    }
    String issuer = last.getIssuerX500Principal().getName();
    return chain.length == 1
        ? new NetException(
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            "unable to verify the first certificate: its issuer, %s, is neither sent nor trusted."
                .formatted(issuer),
            untrusted)
        : new NetException(
            "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            "unable to get local issuer certificate: %s is neither sent nor trusted."
                .formatted(issuer),
            untrusted);
  }

  static boolean isSelfSigned(X509Certificate certificate) {
    if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      certificate.verify(certificate.getPublicKey());
      return true;
    } catch (GeneralSecurityException otherKey) {
      return false;
    }
  }
}
