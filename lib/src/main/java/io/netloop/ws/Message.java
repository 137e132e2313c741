package io.netloop.ws;

import io.netloop.loop.Buffer;

/**
 * A message: text, or bytes. <i>Immutable.</i>
 *
 * @param data its bytes; those of a text are valid UTF-8
 * @param isBinary whether it is bytes and not text
 */
public record Message(Buffer data, boolean isBinary) {
  private static final char REPLACEMENT = '\ufffd';

  /** A text; half a surrogate pair in it becomes U+FFFD. */
  public static Message text(String text) {
    return new Message(utf8(text), false);
  }

  /** A text as it is sent: the platform would make a question mark of half a surrogate pair. */
  static Buffer utf8(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return Buffer.from(wellFormed(text));
      }
    }
    return Buffer.from(text);
  }

  private static String wellFormed(String text) {
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          boolean isHalf = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
          whole.appendCodePoint(isHalf ? REPLACEMENT : point);
        });
    return whole.toString();
  }

  /** Bytes. */
  public static Message binary(Buffer data) {
    return new Message(data, true);
  }

  /** The text; of bytes, what they are as UTF-8. */
  public String text() {
    return data.toString();
  }

  /** How many bytes it has. */
  public int length() {
    return data.length();
  }

  /** The same as {@link #text}. */
  @Override
  public String toString() {
    return text();
  }
}
