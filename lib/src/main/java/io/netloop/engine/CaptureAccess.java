package io.netloop.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets the packages of this module write into a capture, which users can only open and close. The
 * capture's class hands its access in when it is loaded.
 *
 * @param <C> the type of capture
 */
public abstract class CaptureAccess<C> {
  private static @Nullable CaptureAccess<?> shared;

  /** The file behind the capture. */
  public abstract PacketFile file(C capture);

  public static void share(CaptureAccess<?> access) {
    shared = access;
  }

  /** The access to this capture, whose type there is one of. */
  @SuppressWarnings("unchecked")
  public static <C> PacketFile fileOf(C capture) {
    return ((CaptureAccess<C>) Objects.requireNonNull(shared)).file(capture);
  }
}
