package io.netloop.http;

import org.jspecify.annotations.Nullable;

/**
 * How the heads begin that a server sends again and again: the same status, the same headers as the
 * same strings, within the same second. One copy takes the place of putting them together.
 * Loop-confined.
 */
final class RepeatedHeads {
  /** A power of two. One that finds another in its place takes it. */
  private static final int SLOTS = 16;

  private static final int MOST_BYTES = 1024;

  private static final class Begin {
    final int status;
    final Object[] headers;

    /** Another array with each second. */
    final byte[] second;

    final byte[] bytes;

    Begin(int status, Object[] headers, byte[] second, byte[] bytes) {
      this.status = status;
      this.headers = headers;
      this.second = second;
      this.bytes = bytes;
    }
  }

  private final @Nullable Begin[] begins = new Begin[SLOTS];

  /**
   * The begin of such a head, up to how its body is delimited, or null.
   *
   * @param second the lines of the date, which are another array with each second
   */
  @SuppressWarnings("ReferenceEquality") // that is the point
  byte @Nullable [] find(int status, OutgoingHeaders headers, byte[] second) {
    Begin known = begins[slot(status, headers)];
    return known != null
            && known.second == second
            && known.status == status
            && headers.areSame(known.headers)
        ? known.bytes
        : null;
  }

  /** Keeps what was put in from here on, unless it is long. */
  void learn(int status, OutgoingHeaders headers, byte[] second, HeadWriter head, int from) {
    if (head.length() - from <= MOST_BYTES) {
      begins[slot(status, headers)] =
          new Begin(status, headers.copy(), second, head.copyFrom(from));
    }
  }

  private static int slot(int status, OutgoingHeaders headers) {
    int slot = status + headers.size();
    for (int i = 0; i < headers.size(); i++) {
      slot += headers.value(i) instanceof String text ? text.length() : 0;
    }
    return slot & (SLOTS - 1);
  }
}
