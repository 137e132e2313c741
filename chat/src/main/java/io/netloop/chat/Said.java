package io.netloop.chat;

import org.jspecify.annotations.Nullable;

/**
 * What somebody has said, kept for those who were not there. <i>Loop-confined.</i>
 *
 * <p>Its JSON is made when it is first asked for: most of what is said nobody has missed.
 */
final class Said {
  /** What keeping one costs beside its text: objects, and the place in the list. */
  private static final int OVERHEAD_BYTES = 160;

  private final Stamp stamp;
  private final String nickname;
  private final String message;

  /** The session that it was whispered to, or null for what all have heard. */
  private final @Nullable Session to;

  private @Nullable String json;

  Said(Stamp stamp, String nickname, String message, @Nullable Session to) {
    this.stamp = stamp;
    this.nickname = nickname;
    this.message = message;
    this.to = to;
  }

  long id() {
    return stamp.id();
  }

  @Nullable Session to() {
    return to;
  }

  /** How many bytes of memory keeping it costs at the most. */
  int bytes() {
    return OVERHEAD_BYTES + 2 * (nickname.length() + message.length());
  }

  /** The entry of a list of what was missed. */
  String json() {
    String text = json;
    if (text == null) {
      JsonText entry =
          new JsonText()
              .text("nickname", nickname)
              .text("message", message)
              .number("time", stamp.time())
              .number("id", stamp.id());
      text = (to == null ? entry : entry.flag("p2p", true)).end();
      json = text;
    }
    return text;
  }
}
