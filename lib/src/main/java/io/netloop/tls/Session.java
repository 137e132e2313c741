package io.netloop.tls;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What an engine's session has agreed on. <i>Immutable.</i> */
record Session(
    String protocol,
    String cipher,
    @Nullable String alpnProtocol,
    List<X509Certificate> peerCertificates,
    List<X509Certificate> certificates) {

  /**
   * Reads it once the handshake is done.
   *
   * @param hasPeer whether the peer may have shown a certificate: to ask in vain is expensive
   */
  static Session of(SSLEngine engine, boolean hasPeer) {
    SSLSession session = engine.getSession();
    String alpn = engine.getApplicationProtocol();
    return new Session(
        session.getProtocol(),
        session.getCipherSuite(),
        alpn == null || alpn.isEmpty() ? null : alpn,
        hasPeer ? peerCertificates(session) : List.of(),
        list(session.getLocalCertificates()));
  }

  private static List<X509Certificate> peerCertificates(SSLSession session) {
    try {
      return list(session.getPeerCertificates());
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  private static List<X509Certificate> list(Certificate @Nullable [] chain) {
    if (chain == null || chain.length == 0) {
      return List.of();
    }
    List<X509Certificate> list = new ArrayList<>(chain.length);
    for (Certificate certificate : chain) {
      if (certificate instanceof X509Certificate known) {
        list.add(known);
      }
    }
    return List.copyOf(list);
  }
}
