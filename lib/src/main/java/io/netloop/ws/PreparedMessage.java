package io.netloop.ws;

import io.netloop.loop.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A message to many, for programs that choose the receivers themselves where topics do not fit: it
 * is framed once, and compressed once if one of them wants that. Each {@link
 * WebSocketConnection#send(PreparedMessage)} sends the same bytes. <i>Thread-safe.</i>
 */
public final class PreparedMessage {
  private final Message message;
  private final Buffer plain;

  /** Two loops that come first at once may both make it, of the same bytes. */
  private volatile @Nullable Buffer compressed;

  private PreparedMessage(Message message) {
    this.message = message;
    this.plain = FrameWriter.frame(FrameWriter.FIN | opcode(), message.data());
  }

  /** Prepares a message. */
  public static PreparedMessage of(Message message) {
    return new PreparedMessage(message);
  }

  /** What is sent. */
  public Message message() {
    return message;
  }

  int opcode() {
    return message.isBinary() ? FrameReader.BINARY : FrameReader.TEXT;
  }

  /** As everybody can read it. */
  Buffer plain() {
    return plain;
  }

  /** As one who has agreed to compression, without referring back, can read it. */
  Buffer compressed(Deflate with) {
    Buffer frame = compressed;
    if (frame == null) {
      int first = FrameWriter.FIN | FrameWriter.RSV1 | opcode();
      frame = FrameWriter.frame(first, with.compress(message.data()));
      compressed = frame;
    }
    return frame;
  }

  @Override
  public String toString() {
    return message.toString();
  }
}
