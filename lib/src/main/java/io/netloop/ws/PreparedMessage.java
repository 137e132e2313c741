package io.netloop.ws;

import io.netloop.loop.Buffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message to many, for programs that choose the receivers themselves where topics do not fit: it
 * is framed once, and compressed once if one of them wants that. Each {@link
 * WebSocketConnection#send(PreparedMessage)} sends the same bytes. <i>Thread-safe.</i>
 */
public final class PreparedMessage {
  private final Message message;
  private final Buffer plain;

  /** Two loops that come first at once may both make a small one, of the same bytes. */
  private volatile @Nullable CompletableFuture<Buffer> compressed;

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

  /**
   * As one who has agreed to compression, without referring back, can read it. A big one is not
   * there at once: it is compressed on another thread, once for all loops.
   */
  CompletableFuture<Buffer> compressed(Deflate with) {
    CompletableFuture<Buffer> frame = compressed;
    if (frame != null) {
      return frame;
    }
    if (message.length() >= Compression.BIG_BYTES) {
      return compressedElsewhere(with);
    }
    frame = CompletableFuture.completedFuture(framed(with.compress(message.data())));
    compressed = frame;
    return frame;
  }

  private synchronized CompletableFuture<Buffer> compressedElsewhere(Deflate with) {
    CompletableFuture<Buffer> frame = compressed;
    if (frame == null) {
      frame = with.compressForMany(message.data()).thenApply(this::framed);
      compressed = frame;
    }
    return frame;
  }

  private Buffer framed(Buffer data) {
    return FrameWriter.frame(FrameWriter.FIN | FrameWriter.RSV1 | opcode(), data);
  }

  @Override
  public String toString() {
    return message.toString();
  }
}
