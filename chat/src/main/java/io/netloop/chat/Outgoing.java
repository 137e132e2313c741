package io.netloop.chat;

import io.netloop.loop.Buffer;
import io.netloop.ws.Message;
import io.netloop.ws.PreparedMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the room says to a peer. Its bytes are made when the first receiver of a {@link Style} needs
 * them, and every other receiver of that style gets the very same {@link Buffer}: a broadcast to a
 * thousand costs one encoding. <i>Immutable, and thread-safe:</i> two threads that come first at
 * once may both encode, to the same bytes.
 */
final class Outgoing {
  /** The version of what goes beyond the protocol of the course. */
  private static final int VERSION = 1;

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
          new WhisperRefused(null, Refusal.NOT_LOGGED_IN, /* to= */ null, /* ref= */ null),
          /* presence= */ false,
          /* stamp= */ null);

  static final Outgoing SERVER_STOPS =
      new Outgoing(
          new Notice("服务器即将关闭", /* code= */ null), /* presence= */ false, /* stamp= */ null);

  /** The answer to a ping; the one message that never has a stamp. */
  static final Outgoing PONG = new Outgoing(new Pong(), /* presence= */ false, /* stamp= */ null);

  /** What is said, as far as it does not depend on the style. Keys are in the protocol's order. */
  private sealed interface Content {
    /** All but the stamp, and the closing brace. */
    JsonText json(Style style);
  }

  /**
   * What the newcomer is told beyond the protocol of the course.
   *
   * @param history the JSON of what was said to all, or null where that was not asked for
   * @param missed the JSON of what was said to the newcomer alone, or null where it is new here
   * @param recovered whether nothing is missing there, or null likewise
   */
  record Welcome(
      List<String> features,
      String session,
      @Nullable List<String> history,
      @Nullable List<String> missed,
      @Nullable Boolean recovered) {}

  private record LoggedIn(String nickname, int users, List<String> names, @Nullable Welcome welcome)
      implements Content {
    @Override
    public JsonText json(Style style) {
      JsonText json =
          begin(MessageType.LOGIN, style)
              .flag("success", true)
              .text("message", "登录成功")
              .text("nickname", nickname)
              .number("sumUsers", users);
      if (style.presence()) {
        json.texts("users", names);
      }
      if (welcome != null) {
        json.number("v", VERSION)
            .texts("features", welcome.features)
            .text("session", welcome.session);
        if (welcome.history != null) {
          json.list("history", welcome.history);
        }
        if (welcome.missed != null) {
          json.list("missed", welcome.missed);
        }
        if (welcome.recovered != null) {
          json.flag("recovered", welcome.recovered);
        }
      }
      return json;
    }
  }

  private record LoginRefused(Refusal why, @Nullable String nickname, int users)
      implements Content {
    @Override
    public JsonText json(Style style) {
      return begin(MessageType.LOGIN, style)
          .flag("success", false)
          .text("message", why.text())
          .text("nickname", nickname)
          .number("sumUsers", users)
          .text("code", why.name());
    }
  }

  private record Broadcast(String nickname, String message) implements Content {
    @Override
    public JsonText json(Style style) {
      return begin(MessageType.BROADCAST, style)
          .text("nickname", nickname)
          .text("message", message);
    }
  }

  private record Whisper(String nickname, String message) implements Content {
    @Override
    public JsonText json(Style style) {
      return begin(MessageType.P2P, style)
          .flag("success", true)
          .text("nickname", nickname)
          .text("message", message);
    }
  }

  private record WhisperRefused(
      @Nullable String nickname, Refusal why, @Nullable String to, @Nullable String ref)
      implements Content {
    @Override
    public JsonText json(Style style) {
      JsonText json =
          begin(MessageType.P2P, style)
              .flag("success", false)
              .text("nickname", nickname)
              .text("message", why.text())
              .text("code", why.name());
      if (to != null) {
        json.text("to", to);
      }
      return ref == null ? json : json.text("ref", ref);
    }
  }

  private record Presence(String verb, String event, String nickname, int users)
      implements Content {
    @Override
    public JsonText json(Style style) {
      JsonText json =
          begin(MessageType.LOG, style)
              .text("message", nickname + " " + verb + "了聊天室，当前在线人数：" + users);
      if (style.presence()) {
        json.text("event", event).text("nickname", nickname).number("sumUsers", users);
      }
      return json;
    }
  }

  private record Notice(String message, @Nullable String code) implements Content {
    @Override
    public JsonText json(Style style) {
      JsonText json = begin(MessageType.LOG, style).text("message", message);
      return code == null ? json : json.text("code", code);
    }
  }

  private record Users(List<String> names) implements Content {
    @Override
    public JsonText json(Style style) {
      return begin(MessageType.USERS, style).texts("users", names);
    }
  }

  private record Pong() implements Content {
    @Override
    public JsonText json(Style style) {
      return begin(MessageType.PONG, style);
    }
  }

  private record Ack(String ref) implements Content {
    @Override
    public JsonText json(Style style) {
      return begin(MessageType.ACK, style).text("ref", ref);
    }
  }

  private final Content content;

  /** Whether the presence feature adds fields; if not, its styles share the others' bytes. */
  private final boolean presence;

  /** What the styles with a stamp add, or null for nothing: then they share the others' bytes. */
  private final @Nullable Stamp stamp;

  /** A line and its view for each style, made when needed. */
  private final @Nullable Buffer[] lines = new @Nullable Buffer[Style.COUNT];

  private final @Nullable Buffer[] texts = new @Nullable Buffer[Style.COUNT];

  private final @Nullable PreparedMessage[] frames = new @Nullable PreparedMessage[Style.COUNT];

  private Outgoing(Content content, boolean presence, @Nullable Stamp stamp) {
    this.content = content;
    this.presence = presence;
    this.stamp = stamp;
  }

  /** The same with a stamp, for a receiver that reads it. */
  Outgoing stamped(Stamp with) {
    return new Outgoing(content, presence, with);
  }

  /**
   * The newcomer's good answer.
   *
   * @param users how many are logged in, the newcomer included
   * @param names all their names, for who asked for presence, else an empty list
   */
  static Outgoing loggedIn(String nickname, int users, List<String> names) {
    return new Outgoing(new LoggedIn(nickname, users, names, null), true, null);
  }

  /** As {@link #loggedIn(String, int, List)}, for who asked for more. */
  static Outgoing loggedIn(
      String nickname, int users, List<String> names, Welcome welcome, Stamp stamp) {
    return new Outgoing(new LoggedIn(nickname, users, names, welcome), true, stamp);
  }

  /** The asker's bad answer; {@code nickname} is what was asked for, null if that was no text. */
  static Outgoing loginRefused(Refusal why, @Nullable String nickname, int users) {
    return new Outgoing(new LoginRefused(why, nickname, users), false, null);
  }

  /** A message to all. */
  static Outgoing broadcast(String sender, String message) {
    return broadcast(sender, message, null);
  }

  static Outgoing broadcast(String sender, String message, @Nullable Stamp stamp) {
    return new Outgoing(new Broadcast(sender, message), false, stamp);
  }

  /** A private message to its receiver. */
  static Outgoing whisper(String sender, String message) {
    return whisper(sender, message, null);
  }

  static Outgoing whisper(String sender, String message, @Nullable Stamp stamp) {
    return new Outgoing(new Whisper(sender, message), false, stamp);
  }

  /**
   * To the sender: nobody of the name {@code to} is here.
   *
   * @param ref by what the sender knows its message, or null
   */
  static Outgoing userNotFound(String sender, String to, @Nullable String ref) {
    return new Outgoing(new WhisperRefused(sender, Refusal.USER_NOT_FOUND, to, ref), false, null);
  }

  /** To the others: someone came, and with this one they are {@code users}. */
  static Outgoing joined(String nickname, int users) {
    return joined(nickname, users, null);
  }

  static Outgoing joined(String nickname, int users, @Nullable Stamp stamp) {
    return new Outgoing(new Presence("进入", "join", nickname, users), true, stamp);
  }

  /** To those who remain: someone left, and they are {@code users} now. */
  static Outgoing left(String nickname, int users) {
    return left(nickname, users, null);
  }

  static Outgoing left(String nickname, int users, @Nullable Stamp stamp) {
    return new Outgoing(new Presence("离开", "leave", nickname, users), true, stamp);
  }

  /** To who has asked who is here. */
  static Outgoing users(List<String> names) {
    return new Outgoing(new Users(names), false, null);
  }

  /** To the sender: what it knows by this ref was accepted, as the message with this stamp. */
  static Outgoing ack(String ref, Stamp stamp) {
    return new Outgoing(new Ack(ref), false, stamp);
  }

  private static Outgoing notice(Refusal why) {
    return new Outgoing(new Notice(why.text(), why.name()), false, null);
  }

  private static JsonText begin(MessageType type, Style style) {
    return new JsonText().raw("type", type.json(style.kind()));
  }

  /** One JSON text and a line end, for TCP. The same buffer at every call. */
  Buffer line(Style style) {
    Style shared = style.within(presence, stamp != null);
    Buffer line = lines[shared.index()];
    if (line == null) {
      JsonText json = content.json(shared);
      if (stamp != null && shared.stamped()) {
        json.number("time", stamp.time()).number("id", stamp.id());
      }
      line = Buffer.from(json.end() + '\n');
      lines[shared.index()] = line;
    }
    return line;
  }

  /** The JSON text alone: a view of {@link #line}. */
  Buffer json(Style style) {
    Style shared = style.within(presence, stamp != null);
    Buffer text = texts[shared.index()];
    if (text == null) {
      Buffer line = line(shared);
      text = line.slice(0, line.length() - 1);
      texts[shared.index()] = text;
    }
    return text;
  }

  /** The JSON text as the frame of a WebSocket. The same at every call. */
  PreparedMessage frame(Style style) {
    Style shared = style.within(presence, stamp != null);
    PreparedMessage frame = frames[shared.index()];
    if (frame == null) {
      frame = PreparedMessage.of(new Message(json(shared), /* isBinary= */ false));
      frames[shared.index()] = frame;
    }
    return frame;
  }

  /** The JSON text that a seed client reads, for people. */
  @Override
  public String toString() {
    return json(Style.TEXT).toString();
  }
}
