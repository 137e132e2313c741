package io.netloop.http;

/**
 * How much a peer may cost us for nothing: so many times at once, and so many each second. What is
 * of use earns some of it back. Loop-confined.
 */
final class Patience {
  private static final long NANOS = 1_000_000_000;

  private final int most;
  private final int perSecond;
  private int left;
  private long since;

  Patience(int most, int perSecond, long now) {
    this.most = most;
    this.perSecond = perSecond;
    this.left = most;
    this.since = now;
  }

  /** Takes one; returns false where there is none left. */
  boolean take(long now) {
    if (left == 0) {
      long more = Math.min(most, (now - since) / (NANOS / perSecond));
      if (more <= 0) {
        return false;
      }
      left = (int) more;
      since = now;
    }
    left--;
    return true;
  }

  /** The peer has done something of use. */
  void earn(int more) {
    left = Math.min(most, left + more);
  }
}
