package io.netloop.chat;

import io.netloop.loop.CloseCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a {@link ChatClient}. Texts and names are as the server sent them: before they
 * reach a terminal or a log they must go through {@link Harmless#text}. <i>Immutable.</i>
 */
public sealed interface ChatEvent {
  /** A connection is there; the login follows, by itself where the name is known. */
  record Connected() implements ChatEvent {}

  /**
   * The server has let us in.
   *
   * @param nickname under which name
   * @param users how many are logged in, we included; 0 where the server doesn't tell
   * @param names their names, ours included; empty where the server doesn't tell
   * @param again whether we had been in already, and are back after the connection was lost
   */
  record LoggedIn(String nickname, int users, List<String> names, boolean again)
      implements ChatEvent {}

  /**
   * We are back after the connection was lost, and something of what was said meanwhile is gone for
   * good. What is not gone follows, as if it were said now.
   */
  record SomethingGone() implements ChatEvent {}

  /**
   * The server has not let us in; it waits for another name.
   *
   * @param message why, for people
   * @param again whether this was the login by itself after the connection was lost: somebody else
   *     has taken the name meanwhile
   */
  record LoginRefused(String message, boolean again) implements ChatEvent {}

  /** Somebody, or we ourselves, said something to all. */
  record Broadcast(String nickname, String message) implements ChatEvent {}

  /** Somebody said something to us alone. */
  record Whisper(String nickname, String message) implements ChatEvent {}

  /** What we said to one alone did not reach anybody; the message says why, for people. */
  record WhisperFailed(String message) implements ChatEvent {}

  /**
   * A word of the server.
   *
   * @param message for people
   * @param joined who came, or null where it is about something else or the server doesn't tell
   * @param left who went, or null likewise
   */
  record Notice(String message, @Nullable String joined, @Nullable String left)
      implements ChatEvent {}

  /** The connection is lost and will be made again; told once, however many tries that takes. */
  record ConnectionLost(CloseCause cause) implements ChatEvent {}

  /** Over: we have ended, or could not connect, or do not reconnect. The last event, always one. */
  record Closed(CloseCause cause) implements ChatEvent {}
}
