package io.netloop.chat;

import io.netloop.chat.Incoming.Broadcast;
import io.netloop.chat.Incoming.Login;
import io.netloop.chat.Incoming.Unreadable;
import io.netloop.chat.Incoming.Whisper;
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
    private boolean presence;

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
          case "features" -> presence = hasPresence(value);
          default -> parser.skipChildren();
        }
      }
      return incoming();
    }

    private Incoming incoming() {
      if (type == null) {
        return new Unreadable("no known type");
      }
      return switch (type) {
        case LOGIN -> new Login(kind, nickname, presence);
        case BROADCAST ->
            message == null
                ? new Unreadable("a broadcast without text")
                : new Broadcast(kind, message);
        case P2P ->
            message == null || nickname == null
                ? new Unreadable("a p2p without a receiver or text")
                : new Whisper(kind, nickname, message);
        case LOG -> new Unreadable("a log message, which only servers send");
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

    private boolean hasPresence(JsonToken value) {
      boolean found = false;
      if (value == JsonToken.START_ARRAY) {
        for (JsonToken item = parser.nextToken();
            item != null && item != JsonToken.END_ARRAY;
            item = parser.nextToken()) {
          found |= "presence".equals(textOrNull(item));
        }
      } else {
        parser.skipChildren();
      }
      return found;
    }
  }
}
