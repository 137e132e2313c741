package io.netloop.tls;

import io.netloop.loop.NetException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The engines of one certificate source under one set of rules, with the certificate that is newest
 * at each connection. <i>Thread-safe.</i>
 */
final class ServerContext {
  /** A callback that chooses what clients say would have them fill the memory with engines. */
  static final int MOST_PROTOCOLS = 16;

  private static final List<String> ACME = List.of("acme-tls/1");

  private final TlsOptions options;
  private final CertificateSource source;
  private final Map<List<String>, Engines> byProtocols = new HashMap<>(2);
  private @Nullable KeyAndChain pair;

  /** The latest proof for an ACME authority, and its engines: whoever asks again has the same. */
  private @Nullable KeyAndChain proof;

  private @Nullable Engines proving;

  /**
   * Makes the engines at once, where there is a certificate yet, and what looks at clients.
   *
   * @throws NetException where they can't be made
   */
  ServerContext(TlsOptions options) {
    this.options = options;
    CertificateSource given = options.certificates();
    this.source = given == null ? () -> null : given;
    if (options.requestCert()) {
      options.peerCheck().prepare();
    }
    if (source.current() != null) {
      engines(options.alpnProtocols());
    }
  }

  TlsOptions options() {
    return options;
  }

  /** Whether these protocols have engines already, or there is room for more, beside our own. */
  synchronized boolean hasRoomFor(List<String> protocols) {
    return byProtocols.size() <= MOST_PROTOCOLS
        || byProtocols.containsKey(protocols)
        || protocols.equals(options.alpnProtocols());
  }

  /** Engines for these protocols; null while there is no certificate. */
  synchronized @Nullable Engines engines(List<String> protocols) {
    KeyAndChain newest = source.current();
    if (newest != pair) {
      close();
      pair = newest;
    }
    return newest == null
        ? null
        : byProtocols.computeIfAbsent(
            protocols, wanted -> Engines.ofServer(options, newest, wanted));
  }

  /**
   * Engines that prove to an ACME authority that the name is ours, and ask for no certificate,
   * since it has none; null where nobody asked. What they begin must not become a connection of the
   * program's.
   */
  synchronized @Nullable Engines challenge(ClientHello hello) {
    if (!hello.protocols().equals(ACME) || hello.servername() == null) {
      return null;
    }
    KeyAndChain newest = source.challenge(hello.servername());
    if (newest == null) {
      return null;
    }
    Engines known = proving;
    if (known == null || newest != proof) {
      known = Engines.ofServer(options.withRequestCert(false), newest, ACME);
      proving = known;
      proof = newest;
    }
    return known;
  }

  /** An ACME authority may look at this server from now on. */
  void listening() {
    source.listening(AcmeChallenge.TLS_ALPN_01);
  }

  /** No more connections come; those that are there, or are beginning, keep their engines. */
  synchronized void close() {
    byProtocols.clear();
    pair = null;
    proof = null;
    proving = null;
  }
}
