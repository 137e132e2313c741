package io.netloop.http;

/**
 * The streams that have ended last. What comes for one that we have ended was on its way, and is no
 * mistake; what comes for one that the peer has ended is (RFC 9113 §5.1). Loop-confined.
 */
final class ClosedStreams {
  /** A power of two. */
  private static final int KEPT = 64;

  /** Numbers of streams; negative for those that we have ended. */
  private int[] streams = {};

  private int next;

  void add(int streamId, boolean byUs) {
    if (streams.length == 0) {
      streams = new int[KEPT];
    }
    streams[next++ & (KEPT - 1)] = byUs ? -streamId : streamId;
  }

  boolean has(int streamId) {
    return find(streamId) || find(-streamId);
  }

  boolean isOurs(int streamId) {
    return find(-streamId);
  }

  private boolean find(int wanted) {
    for (int stream : streams) {
      if (stream == wanted) {
        return true;
      }
    }
    return false;
  }
}
