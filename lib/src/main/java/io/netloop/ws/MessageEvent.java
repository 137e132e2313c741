package io.netloop.ws;

import io.netloop.loop.Buffer;

/**
 * A message has come. <i>Immutable.</i>
 *
 * @param data a {@code String} for a text; for bytes a {@link Blob} or, where {@link
 *     WebSocket#binaryType} is {@code arraybuffer}, a {@link Buffer}
 * @param origin of the server, for example {@code ws://example.org:8080}
 */
public record MessageEvent(Object data, String origin) implements Event {
  @Override
  public String type() {
    return "message";
  }

  /** The text, or the bytes as UTF-8. */
  public String text() {
    return data.toString();
  }

  /** The bytes, or the text's in UTF-8. */
  public Buffer bytes() {
    return switch (data) {
      case Buffer buffer -> buffer;
      case Blob blob -> blob.bytes();
      default -> Buffer.from(data.toString());
    };
  }

  /** Empty, as the standard has it: only server-sent events have one. */
  public String lastEventId() {
    return "";
  }
}
