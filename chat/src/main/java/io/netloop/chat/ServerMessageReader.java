package io.netloop.chat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one JSON text of a server into what it says. Types may be texts or numbers; what is no
 * message, or of a type that we don't know, is no event, and to be ignored. <i>Thread-safe.</i>
 */
final class ServerMessageReader {
  /** More names than that are not taken from a server. */
  static final int MAX_NAMES = 10_000;

  /** A number with more digits is no number of users. */
  private static final int MAX_DIGITS = 9;

  /** As many as the largest whole number of JavaScript has. */
  private static final int MAX_ID_DIGITS = 16;

  private final JsonObjects json;

  /** A reader for texts of at most this many bytes. */
  ServerMessageReader(int maxBytes) {
    json = new JsonObjects(maxBytes);
  }

  /**
   * What a server says.
   *
   * @param event what it says, or null for nothing that we know. A login answer is never {@code
   *     again}: that is ours to know
   * @param id the message's id, or {@link Wishes#NEVER}
   * @param session what to go on with after the connection was lost, or null
   * @param missed what was said while we were away, in the order of the ids
   * @param recovered whether nothing of it is missing, or null where the server doesn't tell
   */
  record Read(
      @Nullable ChatEvent event,
      long id,
      @Nullable String session,
      List<Missed> missed,
      @Nullable Boolean recovered) {}

  /** Something that was said while we were away. */
  record Missed(long id, ChatEvent event) {}

  /** What the text says. */
  Read read(byte[] text) {
    Fields fields = json.<Fields>read(text, Fields::new, why -> Fields.NONE);
    return new Read(
        fields.event(), fields.id, fields.session, fields.missedInOrder(), fields.recovered);
  }

  /** The fields that matter. */
  private static final class Fields {
    static final Fields NONE = new Fields();

    private @Nullable MessageType type;
    private @Nullable Boolean success;
    private @Nullable String message;
    private @Nullable String nickname;
    private @Nullable String event;
    private int users;
    private List<String> names = List.of();
    private long id = Wishes.NEVER;
    private @Nullable String session;
    private @Nullable Boolean recovered;
    private boolean isWhisper;
    private final List<Missed> missed = new ArrayList<>(0);

    private Fields() {}

    Fields(JsonParser parser) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "type" -> type = type(parser, value);
          case "success" -> success = flag(parser, value);
          case "message" -> message = text(parser, value);
          case "nickname" -> nickname = text(parser, value);
          case "event" -> event = text(parser, value);
          case "sumUsers" -> users = number(parser, value);
          case "users" -> names = names(parser, value);
          case "id" -> id = id(parser, value);
          case "session" -> session = text(parser, value);
          case "recovered" -> recovered = flag(parser, value);
          case "p2p" -> isWhisper = Boolean.TRUE.equals(flag(parser, value));
          case "history", "missed" -> readMissed(parser, value);
          default -> parser.skipChildren();
        }
      }
    }

    @Nullable ChatEvent event() {
      return type == null
          ? null
          : switch (type) {
            case LOGIN -> login();
            case BROADCAST ->
                message == null || nickname == null
                    ? null
                    : new ChatEvent.Broadcast(nickname, message);
            case P2P -> whisper();
            case LOG -> message == null ? null : notice(message);
            case USERS, PING, PONG, ACK -> null;
          };
    }

    private @Nullable ChatEvent login() {
      if (success == null) {
        return null;
      }
      return success
          ? new ChatEvent.LoggedIn(orEmpty(nickname), users, names, false)
          : new ChatEvent.LoginRefused(orEmpty(message), false);
    }

    private @Nullable ChatEvent whisper() {
      if (Boolean.FALSE.equals(success)) {
        return new ChatEvent.WhisperFailed(orEmpty(message));
      }
      return message == null || nickname == null ? null : new ChatEvent.Whisper(nickname, message);
    }

    private ChatEvent notice(String text) {
      return new ChatEvent.Notice(
          text, "join".equals(event) ? nickname : null, "leave".equals(event) ? nickname : null);
    }

    private static String orEmpty(@Nullable String text) {
      return text == null ? "" : text;
    }

    private static @Nullable MessageType type(JsonParser parser, JsonToken value) {
      return switch (value) {
        case VALUE_STRING -> MessageType.ofText(parser.getString());
        case VALUE_NUMBER_INT -> MessageType.ofNumber(parser.getString());
        default -> {
          parser.skipChildren();
          yield null;
        }
      };
    }

    private static @Nullable Boolean flag(JsonParser parser, JsonToken value) {
      parser.skipChildren();
      return value.isBoolean() ? Boolean.valueOf(value == JsonToken.VALUE_TRUE) : null;
    }

    private static @Nullable String text(JsonParser parser, JsonToken value) {
      parser.skipChildren();
      return value == JsonToken.VALUE_STRING ? parser.getString() : null;
    }

    private static int number(JsonParser parser, JsonToken value) {
      parser.skipChildren();
      if (value != JsonToken.VALUE_NUMBER_INT) {
        return 0;
      }
      String digits = parser.getString();
      return digits.length() > MAX_DIGITS ? 0 : Math.max(0, Integer.parseInt(digits));
    }

    private static long id(JsonParser parser, JsonToken value) {
      parser.skipChildren();
      if (value != JsonToken.VALUE_NUMBER_INT) {
        return Wishes.NEVER;
      }
      String digits = parser.getString();
      return digits.length() > MAX_ID_DIGITS ? Wishes.NEVER : Long.parseLong(digits);
    }

    private void readMissed(JsonParser parser, JsonToken value) {
      if (value != JsonToken.START_ARRAY) {
        parser.skipChildren();
        return;
      }
      for (JsonToken item = parser.nextToken();
          item != null && item != JsonToken.END_ARRAY;
          item = parser.nextToken()) {
        if (item == JsonToken.START_OBJECT) {
          new Fields(parser).addTo(missed);
        } else {
          parser.skipChildren();
        }
      }
    }

    /** As one of those that were missed. */
    private void addTo(List<Missed> all) {
      if (nickname != null && message != null && id != Wishes.NEVER) {
        all.add(
            new Missed(
                id,
                isWhisper
                    ? new ChatEvent.Whisper(nickname, message)
                    : new ChatEvent.Broadcast(nickname, message)));
      }
    }

    private List<Missed> missedInOrder() {
      return missed.stream().sorted(Comparator.comparingLong(Missed::id)).toList();
    }

    private static List<String> names(JsonParser parser, JsonToken value) {
      if (value != JsonToken.START_ARRAY) {
        parser.skipChildren();
        return List.of();
      }
      List<String> names = new ArrayList<>();
      for (JsonToken item = parser.nextToken();
          item != null && item != JsonToken.END_ARRAY;
          item = parser.nextToken()) {
        String name = text(parser, item);
        if (name != null && names.size() < MAX_NAMES) {
          names.add(name);
        }
      }
      return List.copyOf(names);
    }
  }
}
