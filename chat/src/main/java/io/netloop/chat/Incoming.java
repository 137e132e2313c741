package io.netloop.chat;

import org.jspecify.annotations.Nullable;

/** What a peer has said, read from one JSON text. <i>Immutable.</i> */
sealed interface Incoming {

  /** A message, in its valid form, that the room's rules decide upon. */
  sealed interface Message extends Incoming {
    /** How the peer wrote the type. */
    TypeKind kind();
  }

  /**
   * Wants to be known by a name.
   *
   * @param nickname the name as asked for, or null where there was none or it was not text
   */
  record Login(TypeKind kind, @Nullable String nickname, Wishes wishes) implements Message {
    /** With no wish but perhaps the presence fields. */
    Login(TypeKind kind, @Nullable String nickname, boolean presence) {
      this(kind, nickname, presence ? Wishes.PRESENCE : Wishes.NONE);
    }
  }

  /**
   * A message to all.
   *
   * @param ref what the peer knows it by, or null
   */
  record Broadcast(TypeKind kind, String message, @Nullable String ref) implements Message {
    Broadcast(TypeKind kind, String message) {
      this(kind, message, null);
    }
  }

  /**
   * A private message, {@code p2p} on the wire.
   *
   * @param nickname the receiver's name as asked for
   * @param ref what the peer knows it by, or null
   */
  record Whisper(TypeKind kind, String nickname, String message, @Nullable String ref)
      implements Message {
    Whisper(TypeKind kind, String nickname, String message) {
      this(kind, nickname, message, null);
    }
  }

  /** Asks who is here. */
  record WhoIsHere(TypeKind kind) implements Message {}

  /** Asks whether anybody is there. */
  record Ping(TypeKind kind) implements Message {}

  /**
   * No message: not JSON, or not of a form that the room knows.
   *
   * @param reason a few words for the log that hold nothing of the peer's text
   */
  record Unreadable(String reason) implements Incoming {}
}
