package io.netloop.tls;

import io.netloop.tls.TestCertificates.Template;
import java.nio.file.Path;
import java.security.cert.X509Certificate;

/** The certificates of the tests, for those of other packages. */
public final class SecureFiles {
  private SecureFiles() {}

  /** The authority that has signed all of them. */
  public static X509Certificate authority() {
    return TestCertificates.SHARED.authority;
  }

  /** A new certificate of a server on this machine. */
  public static KeyAndChain server() {
    return TestCertificates.SHARED.server();
  }

  /** A new certificate for this name. */
  public static KeyAndChain named(String name) {
    return TestCertificates.SHARED.sign(name, Template.of(name));
  }

  /** Writes {@code ca.pem}, {@code server.pem} and {@code server.key}. */
  public static void write(Path dir, KeyAndChain pair) {
    TestCertificates.SHARED.writeAuthority(dir);
    TestCertificates.write(dir, "server", pair);
  }
}
