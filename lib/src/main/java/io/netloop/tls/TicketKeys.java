package io.netloop.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a server's session tickets (RFC 8446 §4.6.1, RFC 5077). */
final class TicketKeys {
  /** A name, a key that signs and one that encrypts, of 16 bytes each. */
  static final int BYTES = 48;

  private static final int PART = 16;

  private TicketKeys() {}

  /**
   * What tells sessions apart that were made under other rules: one with another certificate, or
   * with clients of other authorities, must not go on here, even where the keys are the same.
   */
  static byte[] contextOf(TlsOptions options, KeyAndChain pair) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(pair.certificate().getEncoded());
      digest.update((byte) (options.requestCert() ? 1 : 0));
      digest.update((byte) (options.rejectUnauthorized() ? 1 : 0));
      List<X509Certificate> known = options.ca();
      if (known != null) {
        for (X509Certificate authority : known) {
          digest.update(authority.getEncoded());
        }
      }
      return digest.digest();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The user's key; none where BoringSSL is to make its own, and new ones every other day. */
  static OpenSslSessionTicketKey[] of(TlsOptions options) {
    byte @Nullable [] key = options.ticketKeys();
    if (key == null) {
      return new OpenSslSessionTicketKey[0];
    }
    return new OpenSslSessionTicketKey[] {
      new OpenSslSessionTicketKey(
          Arrays.copyOfRange(key, 0, PART),
          Arrays.copyOfRange(key, PART, 2 * PART),
          Arrays.copyOfRange(key, 2 * PART, BYTES))
    };
  }
}
