package io.netloop.cli;

import io.netloop.loop.NetException;
import io.netloop.tls.LocalAuthority;
import io.netloop.tls.TlsOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom {@code join} trusts to be the room. */
final class TlsTrust {
  private final Values values;

  TlsTrust(Values values) {
    this.values = values;
  }

  /** What is chosen, or null for no encryption. */
  @Nullable TlsOptions options() {
    String file = values.text("--ca");
    boolean insecure = values.flag("--insecure");
    if (!values.flag("--tls")) {
      if (file != null || insecure) {
        throw values.wrong((file == null ? "--insecure" : "--ca") + " needs --tls");
      }
      return null;
    }
    if (insecure) {
      if (file != null) {
        throw values.wrong("only one can be given of --ca and --insecure");
      }
      return TlsOptions.client().withRejectUnauthorized(false);
    }
    return file != null
        ? TlsOptions.client().withCa(Path.of(file))
        : withLocal(LocalAuthority.certificateIn(LocalAuthority.defaultFolder()));
  }

  /** Java's authorities, and the user's own, where there is one. */
  static TlsOptions withLocal(Path certificate) {
    if (!Files.exists(certificate)) {
      return TlsOptions.client();
    }
    try (InputStream in = Files.newInputStream(certificate)) {
      List<X509Certificate> all = new ArrayList<>(javas());
      all.add((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
      return TlsOptions.client().withCa(all);
    } catch (IOException | GeneralSecurityException failure) {
      throw new NetException(
          "EIO",
          "The local authority's certificate " + certificate + " can't be read: " + failure + ".",
          failure);
    }
  }

  private static List<X509Certificate> javas() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager known) {
        return List.of(known.getAcceptedIssuers());
      }
    }
    return List.of();
  }
}
