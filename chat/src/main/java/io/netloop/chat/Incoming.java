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
   * @param presence whether the feature {@code presence} was asked for
   */
  record Login(TypeKind kind, @Nullable String nickname, boolean presence) implements Message {}

  /** A message to all. */
  record Broadcast(TypeKind kind, String message) implements Message {}

  /**
   * A private message, {@code p2p} on the wire.
   *
   * @param nickname the receiver's name as asked for
   */
  record Whisper(TypeKind kind, String nickname, String message) implements Message {}

  /**
   * No message: not JSON, or not of a form that the room knows.
   *
   * @param reason a few words for the log that hold nothing of the peer's text
   */
  record Unreadable(String reason) implements Incoming {}
}
