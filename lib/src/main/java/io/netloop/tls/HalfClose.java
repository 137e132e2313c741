package io.netloop.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Lets a peer that has said its end still be answered (RFC 8446 §6.1). Netty's engine over
 * BoringSSL ends our side with the peer's, without asking: but not where it believes that it has
 * done so already. On the module path, where its field can't be set, it does as it likes.
 */
final class HalfClose {
  private static final @Nullable VarHandle HAS_ENDED = hasEnded();

  private HalfClose() {}

  private static @Nullable VarHandle hasEnded() {
    try {
      Class<?> engine = ReferenceCountedOpenSslEngine.class;
      return MethodHandles.privateLookupIn(engine, MethodHandles.lookup())
          .findVarHandle(engine, "receivedShutdown", boolean.class);
    } catch (ReflectiveOperationException closed) {
      return null;
    }
  }

  /** Keeps our side open when the peer's ends. Returns whether that is then to be asked for. */
  static boolean allow(SSLEngine engine) {
    if (HAS_ENDED == null || !(engine instanceof ReferenceCountedOpenSslEngine)) {
      return false;
    }
    HAS_ENDED.set(engine, true);
    return true;
  }

  /** Whether the peer has said its end (close_notify). */
  @SuppressWarnings("deprecation") // there is no other way to ask, and the engine lives
  static boolean hasPeerEnded(SSLEngine engine) {
    long pointer = ((ReferenceCountedOpenSslEngine) engine).sslPointer();
    return pointer != 0 && (SSL.getShutdown(pointer) & SSL.SSL_RECEIVED_SHUTDOWN) != 0;
  }
}
