package io.netloop.tls;

import org.jspecify.annotations.Nullable;

/** What all connections of a client with the same options share: engines, and so sessions. */
final class ClientContext {
  private final TlsOptions options;
  private final @Nullable CertificateSource source;
  private @Nullable KeyAndChain pair;
  private @Nullable Engines engines;

  ClientContext(TlsOptions options) {
    this.options = options;
    this.source = options.certificates();
  }

  /** Makes engines with the newest certificate. Any thread. */
  synchronized Engines engines() {
    KeyAndChain newest = source == null ? null : source.current();
    Engines known = engines;
    if (known == null || newest != pair) {
      // The old ones may be in the hands of another loop, which is about to use them.
      Engines made = Engines.ofClient(options, newest);
      engines = made;
      pair = newest;
      return made;
    }
    return known;
  }
}
