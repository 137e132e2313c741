package io.netloop.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets the packages of this module see a {@code Buffer}'s bytes without a copy. Users have no way
 * to them, and so a {@code Buffer} stays immutable. {@code Buffer} hands its access in when it is
 * loaded.
 *
 * @param <B> the type of buffer
 */
public abstract class BufferAccess<B> {
  private static @Nullable BufferAccess<?> shared;

  /** The array behind the buffer: to be read, never written. */
  public abstract byte[] array(B buffer);

  /** Where in the array the buffer begins. */
  public abstract int offset(B buffer);

  /** A buffer over this array, which nobody may change from now on. */
  public final B wrap(byte[] array) {
    return wrap(array, 0, array.length);
  }

  /** A buffer over a part of this array, which nobody may change from now on. */
  public abstract B wrap(byte[] array, int offset, int length);

  public static void share(BufferAccess<?> access) {
    shared = access;
  }

  /** The one access; the caller names the one buffer type there is, having loaded it. */
  @SuppressWarnings("unchecked")
  public static <B> BufferAccess<B> of(Class<B> type) {
    if (shared == null) {
      try {
        Class.forName(type.getName(), true, type.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }
    return (BufferAccess<B>) Objects.requireNonNull(shared);
  }
}
