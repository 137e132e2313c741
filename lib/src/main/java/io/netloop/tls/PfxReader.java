package io.netloop.tls;

import io.netloop.loop.NetException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads PKCS#12 files (RFC 7292). */
final class PfxReader {
  /** The first key in the file, with its certificates. */
  record Entry(PrivateKey key, List<X509Certificate> chain) {}

  private PfxReader() {}

  static Entry read(byte[] bytes, @Nullable String passphrase, String from) {
    char[] secret = passphrase == null ? new char[0] : passphrase.toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), secret);
      for (String alias : Collections.list(store.aliases())) {
        if (store.getKey(alias, secret) instanceof PrivateKey key) {
          return new Entry(key, chain(store.getCertificateChain(alias)));
        }
      }
    } catch (IOException | GeneralSecurityException failure) {
      throw refused(failure, passphrase, from);
    }
    throw new NetException(
        "ERR_OSSL_PKCS12_NO_KEY", "There is no private key in the PFX file " + from + ".");
  }

  private static List<X509Certificate> chain(Certificate @Nullable [] found) {
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate certificate : found == null ? new Certificate[0] : found) {
      chain.add((X509Certificate) certificate);
    }
    return chain;
  }

  private static NetException refused(Exception failure, @Nullable String passphrase, String from) {
    if (failure.getCause() instanceof UnrecoverableKeyException) {
      return new NetException(
          "ERR_OSSL_PKCS12_MAC_VERIFY_FAILURE",
          passphrase == null
              ? "mac verify failure: the PFX file " + from + " needs a passphrase."
              : "mac verify failure: the passphrase for the PFX file " + from + " is wrong.",
          failure);
    }
    return new NetException(
        "ERR_OSSL_ASN1_WRONG_TAG",
        "The file " + from + " can't be read as PFX (PKCS#12): " + failure.getMessage() + ".",
        failure);
  }
}
