package io.netloop.tls;

import org.jspecify.annotations.Nullable;

/**
 * Where a server's key and certificates come from. A server asks at each new connection, so that a
 * new certificate needs no restart, and connections that are open keep the one they began with.
 * <i>Thread-safe</i>, and no method blocks: they are called on the loops.
 */
public interface CertificateSource {
  /**
   * The newest key and chain; the same object for as long as nothing has changed. Null where there
   * is none yet, as before the first order from an ACME authority is done: a handshake then fails,
   * and the server lives.
   */
  @Nullable KeyAndChain current();

  /**
   * The certificate that proves to an ACME authority that this server answers for a name, or null
   * where nothing is asked for that name. It is for handshakes that offer the one protocol {@code
   * acme-tls/1}, and for no others (RFC 8737 §3).
   */
  default @Nullable KeyAndChain challenge(String serverName) {
    return null;
  }

  /**
   * What an HTTP server on port 80 answers to {@code GET /.well-known/acme-challenge/<token>}, or
   * null for a token that nobody has asked for (RFC 8555 §8.3).
   */
  default @Nullable String answer(String token) {
    return null;
  }

  /**
   * A server that can prove names in this way accepts connections from now on. May be said several
   * times.
   */
  default void listening(AcmeChallenge way) {}

  /**
   * Asks for a new certificate although none is due. It comes some time later, or a failure is
   * logged and the old one goes on.
   */
  default void renew() {}

  /** No server needs it any more: it stops to look for changes. Closing twice is no error. */
  default void close() {}

  /** A source that never changes. */
  static CertificateSource of(KeyAndChain pair) {
    return () -> pair;
  }
}
