package io.netloop.chat;

import io.netloop.loop.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the room says to a peer. Its bytes are made when the first receiver of a {@link Style} needs
 * them, and every other receiver of that style gets the very same {@link Buffer}: a broadcast to a
 * thousand costs one encoding. <i>Immutable, and thread-safe:</i> two threads that come first at
 * once may both encode, to the same bytes.
 */
final class Outgoing {
  /** A broadcast before the login. A log, because a seed client would print it with no name. */
  static final Outgoing NOT_LOGGED_IN = notice(Refusal.NOT_LOGGED_IN);

  static final Outgoing BAD_MESSAGE = notice(Refusal.BAD_MESSAGE);
  static final Outgoing MESSAGE_TOO_LONG = notice(Refusal.MESSAGE_TOO_LONG);
  static final Outgoing MESSAGE_EMPTY = notice(Refusal.MESSAGE_EMPTY);
  static final Outgoing RATE_LIMITED = notice(Refusal.RATE_LIMITED);

  /** To a connection that gets no seat. */
  static final Outgoing TOO_MANY_CONNECTIONS = notice(Refusal.TOO_MANY_CONNECTIONS);

  /** A private message before the login. */
  static final Outgoing WHISPER_NOT_LOGGED_IN =
      new Outgoing(
          new WhisperRefused(null, Refusal.NOT_LOGGED_IN, /* to= */ null), /* presence= */ false);

  static final Outgoing SERVER_STOPS =
      new Outgoing(new Notice("服务器即将关闭", /* code= */ null), /* presence= */ false);

  /** What is said, as far as it does not depend on the style. Keys are in the protocol's order. */
  private sealed interface Content {
    String json(Style style);
  }

  private record LoggedIn(String nickname, int users, List<String> names) implements Content {
    @Override
    public String json(Style style) {
      JsonText json =
          begin(MessageType.LOGIN, style)
              .flag("success", true)
              .text("message", "登录成功")
              .text("nickname", nickname)
              .number("sumUsers", users);
      return (style.presence() ? json.texts("users", names) : json).end();
    }
  }

  private record LoginRefused(Refusal why, @Nullable String nickname, int users)
      implements Content {
    @Override
    public String json(Style style) {
      return begin(MessageType.LOGIN, style)
          .flag("success", false)
          .text("message", why.text())
          .text("nickname", nickname)
          .number("sumUsers", users)
          .text("code", why.name())
          .end();
    }
  }

  private record Broadcast(String nickname, String message) implements Content {
    @Override
    public String json(Style style) {
      return begin(MessageType.BROADCAST, style)
          .text("nickname", nickname)
          .text("message", message)
          .end();
    }
  }

  private record Whisper(String nickname, String message) implements Content {
    @Override
    public String json(Style style) {
      return begin(MessageType.P2P, style)
          .flag("success", true)
          .text("nickname", nickname)
          .text("message", message)
          .end();
    }
  }

  private record WhisperRefused(@Nullable String nickname, Refusal why, @Nullable String to)
      implements Content {
    @Override
    public String json(Style style) {
      JsonText json =
          begin(MessageType.P2P, style)
              .flag("success", false)
              .text("nickname", nickname)
              .text("message", why.text())
              .text("code", why.name());
      return (to == null ? json : json.text("to", to)).end();
    }
  }

  private record Presence(String verb, String event, String nickname, int users)
      implements Content {
    @Override
    public String json(Style style) {
      JsonText json =
          begin(MessageType.LOG, style)
              .text("message", nickname + " " + verb + "了聊天室，当前在线人数：" + users);
      if (style.presence()) {
        json.text("event", event).text("nickname", nickname).number("sumUsers", users);
      }
      return json.end();
    }
  }

  private record Notice(String message, @Nullable String code) implements Content {
    @Override
    public String json(Style style) {
      JsonText json = begin(MessageType.LOG, style).text("message", message);
      return (code == null ? json : json.text("code", code)).end();
    }
  }

  private final Content content;

  /** Whether the presence feature adds fields; if not, its styles share the others' bytes. */
  private final boolean presence;

  /** A line and its view for each style, made when needed. */
  private final @Nullable Buffer[] lines = new @Nullable Buffer[Style.COUNT];

  private final @Nullable Buffer[] texts = new @Nullable Buffer[Style.COUNT];

  private Outgoing(Content content, boolean presence) {
    this.content = content;
    this.presence = presence;
  }

  /**
   * The newcomer's good answer.
   *
   * @param users how many are logged in, the newcomer included
   * @param names all their names, for who asked for presence, else an empty list
   */
  static Outgoing loggedIn(String nickname, int users, List<String> names) {
    return new Outgoing(new LoggedIn(nickname, users, names), true);
  }

  /** The asker's bad answer; {@code nickname} is what was asked for, null if that was no text. */
  static Outgoing loginRefused(Refusal why, @Nullable String nickname, int users) {
    return new Outgoing(new LoginRefused(why, nickname, users), false);
  }

  /** A message to all. */
  static Outgoing broadcast(String sender, String message) {
    return new Outgoing(new Broadcast(sender, message), false);
  }

  /** A private message to its receiver. */
  static Outgoing whisper(String sender, String message) {
    return new Outgoing(new Whisper(sender, message), false);
  }

  /** To the sender: nobody of the name {@code to} is here. */
  static Outgoing userNotFound(String sender, String to) {
    return new Outgoing(new WhisperRefused(sender, Refusal.USER_NOT_FOUND, to), false);
  }

  /** To the others: someone came, and with this one they are {@code users}. */
  static Outgoing joined(String nickname, int users) {
    return new Outgoing(new Presence("进入", "join", nickname, users), true);
  }

  /** To those who remain: someone left, and they are {@code users} now. */
  static Outgoing left(String nickname, int users) {
    return new Outgoing(new Presence("离开", "leave", nickname, users), true);
  }

  private static Outgoing notice(Refusal why) {
    return new Outgoing(new Notice(why.text(), why.name()), false);
  }

  private static JsonText begin(MessageType type, Style style) {
    return new JsonText().raw("type", type.json(style.kind()));
  }

  /** One JSON text and a line end, for TCP. The same buffer at every call. */
  Buffer line(Style style) {
    Style shared = presence ? style : style.withoutPresence();
    Buffer line = lines[shared.index()];
    if (line == null) {
      line = Buffer.from(content.json(shared) + '\n');
      lines[shared.index()] = line;
    }
    return line;
  }

  /** The JSON text alone, for a WebSocket frame: a view of {@link #line}. */
  Buffer json(Style style) {
    Style shared = presence ? style : style.withoutPresence();
    Buffer text = texts[shared.index()];
    if (text == null) {
      Buffer line = line(shared);
      text = line.slice(0, line.length() - 1);
      texts[shared.index()] = text;
    }
    return text;
  }

  /** The JSON text that a seed client reads, for people. */
  @Override
  public String toString() {
    return json(Style.TEXT).toString();
  }
}
