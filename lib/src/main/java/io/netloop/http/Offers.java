package io.netloop.http;

import io.netloop.tls.TlsOptions;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What a client offers in the TLS handshake. Connections and sessions are shared among requests
 * with the same options: so the options with our offer in them are the same object each time.
 * Thread-safe.
 */
final class Offers {
  private static final Map<TlsOptions, TlsOptions> WITH_HTTP2 =
      Collections.synchronizedMap(new WeakHashMap<>());

  private static final TlsOptions HTTP_1_1 = TlsOptions.client().withAlpnProtocols("http/1.1");

  private Offers() {}

  /** What holds where a request names no options. */
  static TlsOptions byDefault() {
    return HTTP_1_1;
  }

  /** The same with HTTP/2 before HTTP/1.1; options that name protocols of their own stay. */
  static TlsOptions withHttp2(TlsOptions options) {
    boolean own = !options.equals(HTTP_1_1) && !options.alpnProtocols().isEmpty();
    return own
        ? options
        : WITH_HTTP2.computeIfAbsent(options, plain -> plain.withAlpnProtocols("h2", "http/1.1"));
  }
}
