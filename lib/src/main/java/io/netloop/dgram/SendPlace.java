package io.netloop.dgram;

import org.jspecify.annotations.Nullable;

/** A place in the {@link SendQueue}, used again and again. */
final class SendPlace {
  private static final byte[] NOTHING = {};

  byte[] bytes = NOTHING;
  int offset;
  int length;
  @Nullable Peer to;
  @Nullable SendCallback callback;

  /** How many places, this one first, were handed over in one piece. */
  int joined;

  /** Not to be joined with others: that has failed before. */
  boolean alone;

  void clear() {
    bytes = NOTHING;
    to = null;
    callback = null;
    alone = false;
  }
}
