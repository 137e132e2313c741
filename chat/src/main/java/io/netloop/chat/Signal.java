package io.netloop.chat;

import io.netloop.loop.Buffer;

/** One datagram of the discovery of rooms: a JSON object of at most {@link #MAX_BYTES}. */
sealed interface Signal {
  /** No datagram is longer: it fits any network unbroken. */
  int MAX_BYTES = 512;

  /** The version of this protocol; another one is not ours to read. */
  int VERSION = 1;

  String QUERY = "query";
  String ROOM = "room";

  /** In code points. */
  int MAX_NAME = 64;

  /** Somebody asks which rooms there are. */
  record Query() implements Signal {
    /**
     * As long as any answer may be, and rooms give no longer one: so nobody can have them multiply
     * what he sends to somebody else in that one's name.
     */
    private static final Buffer BYTES = padded();

    private static Buffer padded() {
      String bare = head(QUERY).text("pad", "").end();
      String pad = " ".repeat(MAX_BYTES - bare.length());
      return Buffer.from(head(QUERY).text("pad", pad).end());
    }

    Buffer bytes() {
      return BYTES;
    }
  }

  /**
   * A room says that it is there. Where, is the address that the datagram comes from: an address in
   * it could be anybody's.
   *
   * @param name 1 to {@link #MAX_NAME} characters; as read, made harmless
   * @param port of TCP, 1 to 65535
   * @param users how many are logged in
   */
  record Announcement(String name, int port, int users) implements Signal {
    static final int MOST_USERS = 1_000_000;

    Buffer bytes() {
      return Buffer.from(
          head(ROOM).text("name", name).number("port", port).number("users", users).end());
    }
  }

  private static JsonText head(String type) {
    return new JsonText().number("netloop", VERSION).text("type", type);
  }

  /** Whether a room can have this name: seen, on one line, not too long. */
  static boolean isRoomName(String name) {
    return isName(name) && name.codePoints().noneMatch(Harmless::dangerous);
  }

  /** Whether it is a name once it has been made harmless. */
  static boolean isName(String name) {
    return !name.isBlank() && name.codePointCount(0, name.length()) <= MAX_NAME;
  }
}
