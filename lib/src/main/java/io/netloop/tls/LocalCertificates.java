package io.netloop.tls;

import io.netloop.engine.Clock;
import io.netloop.loop.NetException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Certificates of the local authority, made anew when two thirds of their time are over. */
final class LocalCertificates implements CertificateSource {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCertificates.class);

  private final LocalAuthority authority;
  private final List<String> names;
  private final Clock clock;
  private volatile KeyAndChain current;
  private volatile long renewAtMillis;

  LocalCertificates(LocalAuthority authority, List<String> names, Clock clock) {
    this.authority = authority;
    this.names = names;
    this.clock = clock;
    this.current = issue();
  }

  /** With the authority of this folder, or, where it can't be kept, one that is soon forgotten. */
  static LocalCertificates in(Path folder, List<String> names) {
    return new LocalCertificates(authority(folder), names, Clock.SYSTEM);
  }

  private static LocalAuthority authority(Path folder) {
    try {
      return LocalAuthority.in(folder);
    } catch (NetException failure) {
      LOG.warn(
          "{} The certificate is signed by an authority that is forgotten when this program ends,"
              + " and that nobody trusts.",
          failure.getMessage());
      return LocalAuthority.inMemory();
    }
  }

  /** Signing takes a millisecond, and happens once in months. */
  @Override
  public KeyAndChain current() {
    if (clock.epochMillis() < renewAtMillis) {
      return current;
    }
    return renewed();
  }

  @Override
  public synchronized void renew() {
    current = issue();
  }

  private synchronized KeyAndChain renewed() {
    if (clock.epochMillis() >= renewAtMillis) {
      current = issue();
    }
    return current;
  }

  private KeyAndChain issue() {
    Instant now = Instant.ofEpochMilli(clock.epochMillis());
    KeyAndChain fresh = authority.issue(names, now, LocalAuthority.SERVER_LIFE);
    Duration life = Duration.between(now, fresh.notAfter());
    renewAtMillis = now.plus(life.multipliedBy(2).dividedBy(3)).toEpochMilli();
    return fresh;
  }
}
