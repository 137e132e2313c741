package io.netloop.tls;

import io.netloop.engine.Reactor;
import io.netloop.loop.NetException;
import io.netty.handler.ssl.OpenSsl;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who does the cryptography. The system property {@code netloop.tls} ({@code openssl}, {@code jdk})
 * chooses for a whole program.
 */
public enum TlsProvider {
  /** BoringSSL, which comes with the library as compiled code; half the work of the JDK's. */
  OPENSSL,
  /** The JDK's own, which is there everywhere. */
  JDK;

  static final String PROPERTY = "netloop.tls";

  static {
    Reactor.prepareNetty();
  }

  private static volatile @Nullable TlsProvider chosen;

  /**
   * The provider where nothing else is said: BoringSSL where it loads.
   *
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} where the property asks for what is none, or
   *     for one that does not load
   */
  public static TlsProvider chosen() {
    TlsProvider known = chosen;
    if (known == null) {
      known = choose(System.getProperty(PROPERTY, ""));
      chosen = known;
    }
    return known;
  }

  static TlsProvider choose(String wish) {
    if (wish.isEmpty()) {
      return OPENSSL.isAvailable() ? OPENSSL : JDK;
    }
    for (TlsProvider provider : values()) {
      if (provider.name().equals(wish.toUpperCase(Locale.ROOT))) {
        return provider.checked();
      }
    }
    throw new NetException(
        "ERR_INVALID_ARG_VALUE", "-D" + PROPERTY + " must be openssl or jdk, not '" + wish + "'.");
  }

  /** Whether it loads on this machine. */
  public boolean isAvailable() {
    return this == JDK || OpenSsl.isAvailable();
  }

  TlsProvider checked() {
    if (!isAvailable()) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "The TLS provider openssl does not load on this machine ("
              + OpenSsl.unavailabilityCause()
              + "): use jdk.",
          OpenSsl.unavailabilityCause());
    }
    return this;
  }
}
