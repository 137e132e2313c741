package io.netloop.ws;

import io.netloop.loop.Buffer;

/**
 * Bytes as the browser hands them out. <i>Immutable.</i>
 *
 * @param bytes what it holds
 * @param type its MIME type, or an empty text where none is known
 */
public record Blob(Buffer bytes, String type) {
  /** Bytes of no known type. */
  public static Blob of(Buffer bytes) {
    return new Blob(bytes, "");
  }

  /** How many bytes it has. */
  public int size() {
    return bytes.length();
  }

  /** The bytes as UTF-8. */
  public String text() {
    return bytes.toString();
  }

  /** The same as {@link #text}. */
  @Override
  public String toString() {
    return text();
  }
}
