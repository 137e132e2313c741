package io.netloop.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stays of a user when the connection is lost: the name for a while, and what tells which
 * messages are new to whom. <i>Loop-confined.</i>
 */
final class Session {
  /** So many accepted messages are remembered, to know one that is sent again. */
  static final int MOST_REFS = 100;

  private final String token;
  private final String name;
  private Member member;

  /** Until when it can be gone on with, by the room's clock; meaningless while it has a peer. */
  private long untilNanos;

  private boolean away;
  private boolean nameKept = true;

  private long lastWhisper = Wishes.NEVER;

  /** The highest id of what was whispered to it and is not kept any more. */
  private long whispersGoneUpTo = Wishes.NEVER;

  /** What its peer has said, by the peer's own word for it. */
  private @Nullable Map<String, Stamp> accepted;

  Session(String token, String name, Member member) {
    this.token = token;
    this.name = name;
    this.member = member;
  }

  /** What the peer shows to go on with it. */
  String token() {
    return token;
  }

  String name() {
    return name;
  }

  /** Who speaks for it, or has spoken last. */
  Member member() {
    return member;
  }

  /** Somebody goes on with it. */
  void takenBy(Member next) {
    member = next;
    away = false;
    nameKept = true;
  }

  /**
   * Its connection has gone.
   *
   * @param keepsName whether the user is taken to be here until the time is up
   */
  void goesAway(long until, boolean keepsName) {
    away = true;
    nameKept = keepsName;
    untilNanos = until;
  }

  boolean isAway() {
    return away;
  }

  long untilNanos() {
    return untilNanos;
  }

  /** Whether its user is in the room under the name. */
  boolean keepsName() {
    return nameKept;
  }

  /** Something was whispered to it. */
  void whispered(long id) {
    lastWhisper = id;
  }

  /** The id of the latest whisper to it. */
  long lastWhisper() {
    return lastWhisper;
  }

  /** A whisper to it is kept no longer. */
  void whisperGone(long id) {
    whispersGoneUpTo = Math.max(whispersGoneUpTo, id);
  }

  /** Whether all that was whispered to it after this id is still kept. */
  boolean knowsWhispersSince(long id) {
    return whispersGoneUpTo <= id;
  }

  /** The message that was accepted under this ref, or null. */
  @Nullable Stamp accepted(@Nullable String ref) {
    return ref == null || accepted == null ? null : accepted.get(ref);
  }

  /** Remembers it; the oldest is forgotten. */
  void accept(@Nullable String ref, Stamp stamp) {
    if (ref == null) {
      return;
    }
    if (accepted == null) {
      accepted = new LinkedHashMap<>();
    }
    accepted.put(ref, stamp);
    if (accepted.size() > MOST_REFS) {
      accepted.remove(accepted.keySet().iterator().next());
    }
  }
}
