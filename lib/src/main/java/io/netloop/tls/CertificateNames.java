package io.netloop.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a certificate is for. */
final class CertificateNames {
  private static final int DNS = 2;
  private static final int IP = 7;

  private CertificateNames() {}

  /** The DNS names and IP addresses of its subjectAltName: the only ones that clients look at. */
  static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    for (List<?> name : alternatives(certificate)) {
      if (name.get(0) instanceof Integer kind
          && (kind == DNS || kind == IP)
          && name.get(1) instanceof String text) {
        names.add(text);
      }
    }
    return names;
  }

  /** The alternative names as the JDK has them: what kind, and the name. */
  static Collection<List<?>> alternatives(X509Certificate certificate) {
    try {
      @Nullable Collection<List<?>> found = certificate.getSubjectAlternativeNames();
      return found == null ? List.of() : found;
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
  }

  /** For sentences: the subject, or the first name where it is empty. */
  static String title(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    if (!subject.isEmpty()) {
      return subject;
    }
    List<String> names = of(certificate);
    return names.isEmpty() ? "without a name" : names.getFirst();
  }
}
