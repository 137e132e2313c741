package io.netloop.tls;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The connections whose handshakes are under way, by their engines: what is shared by all, as the
 * check of certificates, is told the engine only. <i>Thread-safe.</i>
 */
final class Handshakes {
  private static final Map<SSLEngine, Link> UNDER_WAY = new ConcurrentHashMap<>();

  private Handshakes() {}

  static void begin(SSLEngine engine, Link link) {
    UNDER_WAY.put(engine, link);
  }

  static void end(SSLEngine engine) {
    UNDER_WAY.remove(engine);
  }

  static @Nullable Link of(SSLEngine engine) {
    return UNDER_WAY.get(engine);
  }

  /** How many there are, for tests. */
  static int count() {
    return UNDER_WAY.size();
  }
}
