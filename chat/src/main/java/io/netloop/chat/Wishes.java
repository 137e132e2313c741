package io.netloop.chat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a login asks for beyond the protocol of the course. <i>Immutable.</i>
 *
 * @param version the field {@code v}; 0 where there is none
 * @param presence whether the feature {@code presence} was asked for
 * @param history whether the feature {@code history} was
 * @param ack whether the feature {@code ack} was
 * @param session the session to go on with, or null
 * @param last the highest id that the peer has seen, or {@link #NEVER}
 */
record Wishes(
    int version,
    boolean presence,
    boolean history,
    boolean ack,
    @Nullable String session,
    long last) {
  /** The value of {@code last} of a peer that has seen nothing yet. */
  static final long NEVER = -1;

  static final Wishes NONE = new Wishes(0, false, false, false, null, NEVER);
  static final Wishes PRESENCE = new Wishes(0, true, false, false, null, NEVER);

  /**
   * Whether messages carry ids, and there is a session. A client that asks for presence alone, and
   * names no version, gets what it got before there were versions.
   */
  boolean stamped() {
    return version > 0 || history || ack;
  }

  /** Whether the peer was here before and wants to know what it has missed. */
  boolean comesBack() {
    return session != null || last != NEVER;
  }

  /** The features that it gets, in the protocol's order. */
  List<String> features() {
    List<String> features = new ArrayList<>(3);
    if (history) {
      features.add("history");
    }
    if (presence) {
      features.add("presence");
    }
    if (ack) {
      features.add("ack");
    }
    return features;
  }
}
