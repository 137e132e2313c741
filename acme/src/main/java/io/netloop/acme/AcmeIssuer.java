package io.netloop.acme;

import io.netloop.loop.NetException;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.AcmeService;
import io.netloop.tls.CertificateSource;
import java.io.IOException;

/**
 * Obtains and renews certificates by itself; {@code TlsOptions.acme} finds it. <i>Thread-safe.</i>
 */
public final class AcmeIssuer implements AcmeService {
  /** For {@link java.util.ServiceLoader}. */
  public AcmeIssuer() {}

  @Override
  public CertificateSource open(AcmeOptions options) {
    try {
      AcmeStore store = AcmeStore.open(options);
      return AcmeSource.start(options, store, new AcmeOrder(options, store));
    } catch (IOException failure) {
      throw new NetException(
          "EIO",
          "Certificates can't be kept in " + options.folder() + ": " + failure + ".",
          failure);
    }
  }
}
