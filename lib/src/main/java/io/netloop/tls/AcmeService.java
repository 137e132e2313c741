package io.netloop.tls;

import io.netloop.loop.NetException;
import java.util.ServiceLoader;

/**
 * What obtains certificates from an ACME authority. The library has none itself: the artifact
 * {@code io.netloop:netloop-acme} brings one, and is found by {@link ServiceLoader}.
 * <i>Thread-safe.</i>
 */
public interface AcmeService {
  /**
   * Begins to look after a certificate: the one kept from earlier is used at once, where there is
   * one, and a new one is asked for when it is due and {@link CertificateSource#listening} has been
   * said. Failures are logged and tried again.
   *
   * @throws NetException where the options can't be met, or the folder can't be read or written
   */
  CertificateSource open(AcmeOptions options);

  /**
   * Opens the source of the one service that is on the class or module path.
   *
   * @throws NetException {@code ERR_ACME_MISSING} where there is none, {@code
   *     ERR_INVALID_ARG_VALUE} for a challenge that the names can't be proved with
   */
  static CertificateSource source(AcmeOptions options) {
    options.check();
    return ServiceLoader.load(AcmeService.class)
        .findFirst()
        .orElseThrow(() ->
            new NetException(
                "ERR_ACME_MISSING",
                "A certificate for "
                    + String.join(", ", options.names())
                    + " can't be obtained: the artifact io.netloop:netloop-acme is missing; add"
                    + " it to the program's dependencies."))
        .open(options);
  }
}
