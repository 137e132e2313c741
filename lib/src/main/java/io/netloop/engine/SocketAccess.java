package io.netloop.engine;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What protocols over a socket may do with it and users may not. The socket's class hands its
 * access in when it is loaded.
 *
 * @param <S> the type of socket
 */
public abstract class SocketAccess<S> {
  private static @Nullable SocketAccess<?> shared;

  /**
   * Stops the flow as if it had never begun: the next 'data' listener starts it, which after a
   * pause it would not. For a socket that is handed over to a program. On the socket's loop.
   */
  public abstract void rewind(S socket);

  /**
   * Has each connection that the socket makes encrypted. Before it connects, on the socket's loop.
   */
  public abstract void encrypt(S socket, Supplier<Encryption> encryptions);

  /**
   * Has a connection that is there encrypted from now on. Where that can't be it is destroyed with
   * an error: nothing may be queued, and it is not encrypted yet. Any thread.
   */
  public abstract void encryptNow(S socket, Supplier<Encryption> encryption);

  /** Whether the peer's end was only the connection's, and not said inside the encryption. */
  public abstract boolean isTruncated(S socket);

  /** Whether enough is queued for the next call of the system. On the socket's loop. */
  public abstract boolean isFull(S socket);

  /**
   * Writes bytes that need not wait for others to leave with, from an array that stays the
   * caller's. On the socket's loop.
   */
  public abstract void writeNow(S socket, byte[] bytes, int offset, int length);

  public static void share(SocketAccess<?> access) {
    shared = access;
  }

  /** The one access; the caller names the one socket type there is. */
  @SuppressWarnings("unchecked")
  public static <S> SocketAccess<S> of(Class<S> type) {
    if (shared == null) {
      try {
        Class.forName(type.getName(), true, type.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }
    return (SocketAccess<S>) Objects.requireNonNull(shared);
  }
}
