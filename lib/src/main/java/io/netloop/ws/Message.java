package io.netloop.ws;

import io.netloop.loop.Buffer;

/**
 * A message: text, or bytes. <i>Immutable.</i>
 *
 * @param data its bytes; those of a text are valid UTF-8
 * @param isBinary whether it is bytes and not text
 */
public record Message(Buffer data, boolean isBinary) {
  /** A text. */
  public static Message text(String text) {
    return new Message(Buffer.from(text), false);
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
