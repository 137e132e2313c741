package io.netloop.acme;

import io.netloop.loop.NetException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** How an authority's server is reached: it may have a certificate of a company's own authority. */
final class Authority extends GenericAcmeProvider {
  private final @Nullable SSLContext trust;

  /**
   * Reads whom to trust.
   *
   * @param trust a PEM file, or null for those that Java trusts
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} where it can't be read
   */
  Authority(@Nullable Path trust) {
    this.trust = trust == null ? null : context(trust);
  }

  @Override
  public HttpClient createHttpClient(NetworkSettings settings) {
    if (trust == null) {
      return super.createHttpClient(settings);
    }
    return HttpClient.newBuilder()
        .connectTimeout(settings.getTimeout())
        .followRedirects(HttpClient.Redirect.NORMAL)
        .sslContext(trust)
        .build();
  }

  private static SSLContext context(Path trust) {
    try (InputStream in = Files.newInputStream(trust)) {
      KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
      known.load(null);
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        known.setCertificateEntry("authority-" + known.size(), each);
      }
      if (known.size() == 0) {
        throw new CertificateException("there are none in it");
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(known);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException failure) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "The authorities in " + trust + " can't be read: " + failure.getMessage() + ".",
          failure);
    }
  }
}
