package io.netloop.tls;

import io.netloop.loop.NetException;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the peer's certificates, as the JDK does (RFC 5280 §6), and at whom they are for; what
 * is wrong has OpenSSL's codes and words. <i>Thread-safe.</i>
 */
final class PeerCheck extends X509ExtendedTrustManager {
  private static final X509Certificate[] NONE = {};

  private final TlsOptions options;

  /** What the system trusts: a long list, in a file, that is read once for all. */
  private static volatile @Nullable X509TrustManager system;

  /** Made by {@link #prepare}, or when the first certificate is looked at. */
  private volatile @Nullable X509TrustManager trust;

  PeerCheck(TlsOptions options) {
    this.options = options;
  }

  /**
   * Does what takes time, so that no handshake has to, on a loop.
   *
   * @throws NetException {@code ERR_TLS_INVALID_CONTEXT} where the authorities can't be used
   */
  void prepare() {
    trust();
  }

  X509TrustManager trust() {
    X509TrustManager known = trust;
    if (known == null) {
      known = trust(options);
      trust = known;
    }
    return known;
  }

  private static X509TrustManager trust(TlsOptions options) {
    try {
      List<X509Certificate> known = options.ca();
      if (known == null && options.crl().isEmpty()) {
        return system();
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      if (options.crl().isEmpty()) {
        factory.init(store(known));
      } else {
        PKIXBuilderParameters rules =
            new PKIXBuilderParameters(
                known == null ? systemStore() : store(known), new X509CertSelector());
        rules.setRevocationEnabled(true);
        rules.addCertStore(
            CertStore.getInstance("Collection", new CollectionCertStoreParameters(options.crl())));
        factory.init(new CertPathTrustManagerParameters(rules));
      }
      return first(factory);
    } catch (GeneralSecurityException | IOException unusable) {
      throw new NetException(
          "ERR_TLS_INVALID_CONTEXT",
          "The authorities to trust can't be used: " + unusable.getMessage(),
          unusable);
    }
  }

  private static X509TrustManager system() throws GeneralSecurityException {
    X509TrustManager known = system;
    if (known == null) {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init((KeyStore) null);
      known = first(factory);
      system = known;
    }
    return known;
  }

  private static X509TrustManager first(TrustManagerFactory factory) {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager found) {
        return found;
      }
    }
    throw new IllegalStateException("This Java has no check of certificates.");
  }

  private static KeyStore store(@Nullable List<X509Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (X509Certificate certificate :
        certificates == null ? List.<X509Certificate>of() : certificates) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    return store;
  }

  private static KeyStore systemStore() throws GeneralSecurityException, IOException {
    return store(List.of(system().getAcceptedIssuers()));
  }

  // What engines ask

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain, type, engine);
  }

  private void check(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    Link link = engine == null ? null : Handshakes.of(engine);
    if (link == null) {
      throw new CertificateException("This handshake is over.");
    }
    NetException error = errorOf(chain, type, !link.isServer(), link.expectedHost());
    link.peerChecked(error);
    if (error != null && options.rejectUnauthorized()) {
      throw refusal(error);
    }
  }

  /** In the form that has the engine send the alert that fits. */
  private CertificateException refusal(NetException error) {
    if (options.provider() == TlsProvider.OPENSSL) {
      return new OpenSslCertificateException(
          error.getMessage(), error, opensslNumber(error.code()));
    }
    return new CertificateException(error.getMessage(), error);
  }

  private static int opensslNumber(String code) {
    return switch (code) {
      case "CERT_HAS_EXPIRED" -> CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
      case "CERT_NOT_YET_VALID" -> CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
      case "CERT_REVOKED" -> CertificateVerifier.X509_V_ERR_CERT_REVOKED;
      case "CERT_SIGNATURE_FAILURE" -> CertificateVerifier.X509_V_ERR_CERT_SIGNATURE_FAILURE;
      case "INVALID_PURPOSE" -> CertificateVerifier.X509_V_ERR_INVALID_PURPOSE;
      case "DEPTH_ZERO_SELF_SIGNED_CERT" ->
          CertificateVerifier.X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
      case "SELF_SIGNED_CERT_IN_CHAIN" -> CertificateVerifier.X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
      case "UNABLE_TO_VERIFY_LEAF_SIGNATURE" ->
          CertificateVerifier.X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
      case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" ->
          CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
      default -> CertificateVerifier.X509_V_ERR_CERT_REJECTED;
    };
  }

  /**
   * What is wrong with a peer's certificates, or null.
   *
   * @param server whether it is a server that shows them
   * @param host whom they must be for, or null for anybody
   */
  @Nullable NetException errorOf(
      X509Certificate[] chain, String type, boolean server, @Nullable String host) {
    NetException outOfTime = CertificateErrors.outOfTime(chain);
    if (outOfTime != null) {
      return outOfTime;
    }
    try {
      if (server) {
        trust().checkServerTrusted(chain, type);
      } else {
        trust().checkClientTrusted(chain, type);
      }
    } catch (CertificateException untrusted) {
      return CertificateErrors.of(untrusted, chain);
    }
    return host == null ? null : options.checkServerIdentity(host, chain[0]);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    List<X509Certificate> known = options.ca();
    return options.requestCert() && known != null ? known.toArray(NONE) : NONE;
  }

  // What they do not ask: there is always an engine

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    check(chain, type, null);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    check(chain, type, null);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, type, null);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, type, null);
  }
}
