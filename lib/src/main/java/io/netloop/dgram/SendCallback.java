package io.netloop.dgram;

import io.netloop.loop.NetException;
import org.jspecify.annotations.Nullable;

/** Told once, later than the call of {@code send}, what has become of a datagram. */
@FunctionalInterface
public interface SendCallback {
  /**
   * The datagram was handed to the system, which says nothing of its arrival; or it was not.
   *
   * @param error why not, or null
   * @param bytes its length, or 0 with an error
   */
  void done(@Nullable NetException error, int bytes);
}
