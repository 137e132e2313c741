package io.netloop.ws;

import io.netloop.loop.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A message to many: framed once, and compressed once if one of them wants that. Passes between
 * loops, and is then used by one loop at a time.
 */
final class Publication {
  final String topic;
  private final Message message;
  private final Buffer plain;
  private volatile @Nullable Buffer compressed;

  Publication(String topic, Message message) {
    this.topic = topic;
    this.message = message;
    this.plain = FrameWriter.frame(FrameWriter.FIN | opcode(), message.data());
  }

  private int opcode() {
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

  Buffer data() {
    return message.data();
  }

  boolean isBinary() {
    return message.isBinary();
  }

  /** How many bytes the message has. */
  int length() {
    return message.length();
  }
}
