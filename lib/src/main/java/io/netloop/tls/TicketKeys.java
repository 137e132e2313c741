package io.netloop.tls;

import io.netloop.engine.Clock;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.lang.ref.WeakReference;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a server's session tickets (RFC 8446 §4.6.1, RFC 5077). They are made anew after each
 * session time, and the old ones taken for one time more: so no ticket is taken for longer than
 * twice that time, and who steals a key reads no more tickets than those of one time. Who comes
 * back in time gets another ticket: by that a session goes on for up to 7 days (BoringSSL's
 * SSL_DEFAULT_SESSION_AUTH_TIMEOUT), and a client's certificate is looked at again each time.
 * Servers of this program with the same certificate and rules, as workers are, have the same.
 * <i>Thread-safe.</i>
 */
final class TicketKeys {
  /** A name, a key that signs and one that encrypts, of 16 bytes each. */
  static final int BYTES = 48;

  private static final int PART = 16;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Map<String, WeakReference<TicketKeys>> SHARED = new HashMap<>();

  /** For how long a key makes tickets; 0 for one that the user has given. */
  private final long nanos;

  private final Clock clock;
  private volatile OpenSslSessionTicketKey[] keys;
  private volatile long madeAt;

  TicketKeys(byte @Nullable [] given, long nanos, Clock clock) {
    this.nanos = given == null ? nanos : 0;
    this.clock = clock;
    this.madeAt = clock.nanoTime();
    this.keys = new OpenSslSessionTicketKey[] {key(given == null ? random() : given)};
  }

  /** The keys of a server with this certificate and these rules. */
  static TicketKeys of(TlsOptions options, byte[] context) {
    long nanos = options.sessionTimeout().toNanos();
    if (options.ticketKeys() != null) {
      return new TicketKeys(options.ticketKeys(), nanos, Clock.SYSTEM);
    }
    String name = HexFormat.of().formatHex(context) + ":" + nanos;
    synchronized (SHARED) {
      SHARED.values().removeIf(old -> old.get() == null);
      WeakReference<TicketKeys> known = SHARED.get(name);
      TicketKeys keys = known == null ? null : known.get();
      if (keys == null) {
        keys = new TicketKeys(null, nanos, Clock.SYSTEM);
        SHARED.put(name, new WeakReference<>(keys));
      }
      return keys;
    }
  }

  /** The keys as of now, the one for new tickets first: another array when they have changed. */
  OpenSslSessionTicketKey[] now() {
    if (nanos > 0 && clock.nanoTime() - madeAt >= nanos) {
      change();
    }
    return keys;
  }

  private synchronized void change() {
    long age = clock.nanoTime() - madeAt;
    if (age >= nanos) {
      OpenSslSessionTicketKey news = key(random());
      keys =
          age >= 2 * nanos
              ? new OpenSslSessionTicketKey[] {news}
              : new OpenSslSessionTicketKey[] {news, keys[0]};
      madeAt = clock.nanoTime();
    }
  }

  private static byte[] random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static OpenSslSessionTicketKey key(byte[] bytes) {
    return new OpenSslSessionTicketKey(
        Arrays.copyOfRange(bytes, 0, PART),
        Arrays.copyOfRange(bytes, PART, 2 * PART),
        Arrays.copyOfRange(bytes, 2 * PART, BYTES));
  }

  /**
   * What tells sessions apart that were made under other rules: one with another certificate, or
   * with clients of other authorities, or before some of them were taken back, must not go on here,
   * even where the keys are the same.
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
      for (X509CRL list : options.crl()) {
        digest.update(list.getEncoded());
      }
      return digest.digest();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
