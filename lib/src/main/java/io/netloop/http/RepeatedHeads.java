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

    /** The last lines, which change with each second. */
    final byte[] date;

    final byte[] bytes;

    Begin(int status, Object[] headers, byte[] date, byte[] bytes) {
      this.status = status;
      this.headers = headers;
      this.date = date;
      this.bytes = bytes;
    }
  }

  private final @Nullable Begin[] begins = new Begin[SLOTS];

  /** The begin of such a head, up to and with these last lines of it, or null. */
  @SuppressWarnings("ReferenceEquality") // that is the point
  byte @Nullable [] find(int status, OutgoingHeaders headers, byte[] date) {
    Begin known = begins[slot(status, headers)];
    return known != null
            && known.date == date
            && known.status == status
            && headers.areSame(known.headers)
        ? known.bytes
        : null;
  }

  /** Keeps what was put in from here on, unless it is long. */
  void learn(int status, OutgoingHeaders headers, byte[] date, HeadWriter head, int from) {
    if (head.length() - from <= MOST_BYTES) {
      begins[slot(status, headers)] = new Begin(status, headers.copy(), date, head.copyFrom(from));
    }
  }

  private static int slot(int status, OutgoingHeaders headers) {
    int size = headers.size();
    Object last = size == 0 ? "" : headers.value(size - 1);
    int length = last instanceof String text ? text.length() : 0;
    return (status + size + length) & (SLOTS - 1);
  }
}
