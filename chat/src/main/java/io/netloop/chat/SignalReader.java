package io.netloop.chat;

import io.netloop.loop.Buffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a datagram that may have come from anybody. What is not exactly a {@link Signal} of our
 * version is null; fields that we don't know are skipped. <i>Thread-safe.</i>
 */
final class SignalReader {
  /** A number with more digits is out of every range here. */
  private static final int MAX_DIGITS = 9;

  private static final int MISSING = -1;

  private final JsonObjects json = new JsonObjects(Signal.MAX_BYTES);

  @Nullable Signal read(Buffer datagram) {
    if (datagram.length() > Signal.MAX_BYTES) {
      return null;
    }
    return json.<Fields>read(datagram.toByteArray(), Fields::new, why -> Fields.NONE).signal();
  }

  /** The fields that matter. */
  private static final class Fields {
    static final Fields NONE = new Fields();

    private int version = MISSING;
    private String type = "";
    private String name = "";
    private int port = MISSING;
    private int users = MISSING;

    private Fields() {}

    Fields(JsonParser parser) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "netloop" -> version = number(parser, value);
          case "type" -> type = text(parser, value);
          case "name" -> name = text(parser, value);
          case "port" -> port = number(parser, value);
          case "users" -> users = number(parser, value);
          default -> parser.skipChildren();
        }
      }
    }

    @Nullable Signal signal() {
      if (version != Signal.VERSION) {
        return null;
      }
      return switch (type) {
        case Signal.QUERY -> new Signal.Query();
        case Signal.ROOM -> announcement();
        default -> null;
      };
    }

    private Signal.@Nullable Announcement announcement() {
      boolean good =
          Signal.isName(name)
              && port >= 1
              && port <= 65_535
              && users >= 0
              && users <= Signal.Announcement.MOST_USERS;
      return good ? new Signal.Announcement(Harmless.text(name), port, users) : null;
    }

    private static String text(JsonParser parser, JsonToken value) {
      parser.skipChildren();
      return value == JsonToken.VALUE_STRING ? parser.getString() : "";
    }

    private static int number(JsonParser parser, JsonToken value) {
      parser.skipChildren();
      if (value != JsonToken.VALUE_NUMBER_INT) {
        return MISSING;
      }
      String digits = parser.getString();
      return digits.length() > MAX_DIGITS ? MISSING : Integer.parseInt(digits);
    }
  }
}
