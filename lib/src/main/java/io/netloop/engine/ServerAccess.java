package io.netloop.engine;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What protocols over a server of connections may do with it and users may not. The server's class
 * hands its access in when it is loaded.
 *
 * @param <S> the type of server
 */
public abstract class ServerAccess<S> {
  private static @Nullable ServerAccess<?> shared;

  /** Has the connections that are accepted from now on encrypted. Before it listens. */
  public abstract void encrypt(S server, Supplier<Encryption> encryptions);

  /** Ends the connections whose handshake is not done. On the server's loop. */
  public abstract void endHandshakes(S server);

  public static void share(ServerAccess<?> access) {
    shared = access;
  }

  /** The one access; the caller names the one server type there is. */
  @SuppressWarnings("unchecked")
  public static <S> ServerAccess<S> of(Class<S> type) {
    if (shared == null) {
      try {
        Class.forName(type.getName(), true, type.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }
    return (ServerAccess<S>) Objects.requireNonNull(shared);
  }
}
