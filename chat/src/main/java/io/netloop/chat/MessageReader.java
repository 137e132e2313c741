package io.netloop.chat;

import io.netloop.chat.Incoming.Broadcast;
import io.netloop.chat.Incoming.Login;
import io.netloop.chat.Incoming.Ping;
import io.netloop.chat.Incoming.Unreadable;
import io.netloop.chat.Incoming.Whisper;
import io.netloop.chat.Incoming.WhoIsHere;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one JSON text into what it says. Whatever the bytes are, it answers, with {@link
 * Unreadable} where they are no message; it never throws and never guesses. <i>Thread-safe.</i>
 *
 * <p>Where a key stands twice the last one counts (RFC 8259 §4 leaves it open; JavaScript does so).
 * Numbers are never computed, so none is too large.
 */
final class MessageReader {
  /** The longest {@code ref}: it is kept for as long as its message may be sent again. */
  static final int MAX_REF = 64;

  private static final int MAX_SESSION = 64;
  private static final int MAX_VERSION = 1_000_000;

  /**
   * The largest whole number that JavaScript can hold (2<sup>53</sup> - 1), which has 16 digits.
   */
  private static final long MAX_ID = (1L << 53) - 1;

  private static final int MAX_DIGITS = 16;

  private final JsonObjects json;

  /** A reader for texts of at most this many bytes. */
  MessageReader(int maxBytes) {
    json = new JsonObjects(maxBytes);
  }

  /** What this one JSON text says; anything after it but white space makes it unreadable. */
  Incoming read(byte[] text) {
    return json.read(text, parser -> new Fields(parser).read(), Unreadable::new);
  }

  /** The fields that matter, gathered while the parser goes through the object once. */
  private static final class Fields {
    private final JsonParser parser;
    private TypeKind kind = TypeKind.TEXT;
    private @Nullable MessageType type;
    private @Nullable String nickname;
    private @Nullable String message;
    private @Nullable String ref;
    private @Nullable String session;
    private long last = Wishes.NEVER;
    private int version;
    private boolean presence;
    private boolean history;
    private boolean ack;

    Fields(JsonParser parser) {
      this.parser = parser;
    }

    Incoming read() {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "type" -> type = type(value);
          case "nickname" -> nickname = textOrNull(value);
          case "message" -> message = textOrNull(value);
          case "features" -> features(value);
          case "v" -> version = (int) number(value, MAX_VERSION, 0);
          case "session" -> session = textOrNull(value);
          case "last" -> last = number(value, MAX_ID, Wishes.NEVER);
          case "ref" -> ref = textOrNull(value);
          default -> parser.skipChildren();
        }
      }
      return incoming();
    }

    private Incoming incoming() {
      if (type == null) {
        return new Unreadable("no known type");
      }
      if (ref != null && ref.length() > MAX_REF) {
        return new Unreadable("a ref of more than " + MAX_REF + " characters");
      }
      return switch (type) {
        case LOGIN ->
            new Login(
                kind,
                nickname,
                new Wishes(version, presence, history, ack, knownForm(session), last));
        case BROADCAST ->
            message == null
                ? new Unreadable("a broadcast without text")
                : new Broadcast(kind, message, ref);
        case P2P ->
            message == null || nickname == null
                ? new Unreadable("a p2p without a receiver or text")
                : new Whisper(kind, nickname, message, ref);
        case USERS -> new WhoIsHere(kind);
        case PING -> new Ping(kind);
        case LOG, PONG, ACK -> new Unreadable("a message that only servers send");
      };
    }

    private @Nullable MessageType type(JsonToken value) {
      return switch (value) {
        case VALUE_STRING -> {
          kind = TypeKind.TEXT;
          yield MessageType.ofText(parser.getString());
        }
        case VALUE_NUMBER_INT -> {
          kind = TypeKind.NUMBER;
          yield MessageType.ofNumber(parser.getString());
        }
        default -> {
          parser.skipChildren();
          yield null;
        }
      };
    }

    private @Nullable String textOrNull(JsonToken value) {
      if (value == JsonToken.VALUE_STRING) {
        return parser.getString();
      }
      parser.skipChildren();
      return null;
    }

    /** What was never a session is looked for no further. */
    private static @Nullable String knownForm(@Nullable String session) {
      return session == null || session.length() > MAX_SESSION ? null : session;
    }

    /** A whole number from 0 to {@code most}, or else {@code otherwise}. */
    private long number(JsonToken value, long most, long otherwise) {
      if (value != JsonToken.VALUE_NUMBER_INT) {
        parser.skipChildren();
        return otherwise;
      }
      String digits = parser.getString();
      if (digits.length() > MAX_DIGITS || digits.charAt(0) == '-') {
        return otherwise;
      }
      long number = Long.parseLong(digits);
      return number <= most ? number : otherwise;
    }

    private void features(JsonToken value) {
      presence = false;
      history = false;
      ack = false;
      if (value != JsonToken.START_ARRAY) {
        parser.skipChildren();
        return;
      }
      for (JsonToken item = parser.nextToken();
          item != null && item != JsonToken.END_ARRAY;
          item = parser.nextToken()) {
        switch (textOrNull(item)) {
          case "presence" -> presence = true;
          case "history" -> history = true;
          case "ack" -> ack = true;
          case null, default -> {}
        }
      }
    }
  }
}
