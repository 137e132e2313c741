package io.netloop.ws;

import io.netloop.loop.Buffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The compression of one connection (RFC 7692 §7.2). Where a side does not refer back to earlier
 * messages it needs no memory between them: then all connections of a loop share one compressor.
 *
 * <p>Loop-confined.
 */
final class Deflate {
  /** How much of a message is inflated at a time. */
  static final int PIECE_BYTES = 16 * 1024;

  /** What ends each message, and is left out on the wire. */
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private static final byte[] NOTHING = {};

  private static final BooleanSupplier ALWAYS = () -> true;

  /** About what zlib keeps for each direction. */
  static final long DEFLATER_BYTES = 300 * 1024;

  static final long INFLATER_BYTES = 50 * 1024;

  /** The compressors of a loop, for all connections that keep nothing between messages. */
  static final class Shared {
    private final byte[] piece = new byte[PIECE_BYTES];
    private @Nullable Deflater deflater;
    private @Nullable Inflater inflater;

    private Deflater deflater(int level) {
      if (deflater == null) {
        deflater = new Deflater(level, true);
      }
      deflater.setLevel(level);
      deflater.reset();
      return deflater;
    }

    private Inflater inflater() {
      if (inflater == null) {
        inflater = new Inflater(true);
      }
      return inflater;
    }

    /** The inflater goes with a message that has to wait; the next one gets another. */
    private void give(Inflater to) {
      if (to.equals(inflater)) {
        inflater = null;
      }
    }

    /** No connection is left that might need them. */
    void end() {
      if (deflater != null) {
        deflater.end();
        deflater = null;
      }
      if (inflater != null) {
        inflater.end();
        inflater = null;
      }
    }
  }

  private final Shared shared;
  private final int level;
  private final int window;
  private final boolean keepsOwn;
  private final boolean keepsPeers;
  private @Nullable Deflater own;
  private @Nullable Inflater peers;

  /** What is, or was last, compressed on another thread. */
  private @Nullable Compression elsewhere;

  /** Of a message that comes in pieces: the shared one may be needed for another meanwhile. */
  private @Nullable Inflater message;

  /** What has come of a message ends with a last block, and nothing behind it. */
  private boolean finished;

  // The part of a message that is being inflated.
  private @Nullable Inflater inflating;
  private byte[] input = NOTHING;
  private int inputEnd;
  private boolean isLast;
  private boolean hasTail;
  private boolean ended;

  /**
   * The compression of one side.
   *
   * @param client whether it is the client's
   */
  Deflate(Shared shared, DeflateAgreement agreed, int level, boolean client) {
    this.shared = shared;
    this.level = level;
    int bits = client ? (agreed.clientBits() == 0 ? 15 : agreed.clientBits()) : agreed.serverBits();
    this.window = 1 << bits;
    // Looking back across messages would look further than a smaller window allows.
    this.keepsOwn = bits == 15 && (client ? agreed.clientTakeover() : agreed.serverTakeover());
    this.keepsPeers = client ? agreed.serverTakeover() : agreed.clientTakeover();
  }

  /** Whether what it compresses can be read by everybody who has agreed to compression. */
  boolean isStateless() {
    return !keepsOwn && window == 1 << 15;
  }

  /** What it may keep between messages. */
  long keptBytes() {
    return (keepsOwn ? DEFLATER_BYTES : 0) + (keepsPeers ? INFLATER_BYTES : 0);
  }

  /** Compresses a message here and now: for small ones. */
  Buffer compress(Buffer data) {
    Deflater deflater = keepsOwn ? own() : shared.deflater(level);
    return Objects.requireNonNull(Compression.run(deflater, window, data, ALWAYS));
  }

  private Deflater own() {
    if (own == null) {
      own = new Deflater(level, true);
    }
    return own;
  }

  /**
   * Compresses a big message on another thread. Until the result is there nothing else may be
   * compressed; with {@link #end} it is given up.
   */
  CompletableFuture<Buffer> compressElsewhere(Buffer data) {
    Compression compression = Compression.start(data, level, window, keepsOwn ? own() : null);
    elsewhere = compression;
    return compression.result();
  }

  /** The same for a message to many: that one of them has gone is no reason to give it up. */
  CompletableFuture<Buffer> compressForMany(Buffer data) {
    return Compression.start(data, level, window, null).result();
  }

  /** Takes what comes out of a compressed message, piece by piece. */
  interface Output {
    /**
     * The most bytes that it takes next; with 0 the rest stays compressed until it is asked for.
     */
    default int room() {
      return PIECE_BYTES;
    }

    void inflated(byte[] bytes, int from, int to) throws ProtocolError;
  }

  /**
   * Inflates a part of a message, as far as the output has room. The array is kept until then.
   *
   * @param last whether the message ends with it
   * @return whether that was all of it; else {@link #goOn} is to be called before the next part
   */
  boolean inflate(byte[] bytes, int from, int to, boolean last, Output output)
      throws ProtocolError {
    Inflater inflater = inflater(last);
    inflating = inflater;
    isLast = last;
    hasTail = false;
    feed(inflater, bytes, from, to);
    finished &= from == to;
    return goOn(output);
  }

  /** Goes on where the output had no more room; as {@link #inflate}. */
  boolean goOn(Output output) throws ProtocolError {
    Inflater inflater = inflating;
    if (inflater == null) {
      return true;
    }
    try {
      if (!drain(inflater, output)) {
        return leave(inflater);
      }
      if (isLast && !finished && !hasTail) {
        hasTail = true;
        feed(inflater, TAIL, 0, TAIL.length);
        if (!drain(inflater, output)) {
          return leave(inflater);
        }
      }
    } catch (DataFormatException bad) {
      throw new ProtocolError(
          CloseCode.BAD_PAYLOAD, "WS_ERR_INVALID_DEFLATE", "Invalid compressed data");
    }
    finished &= !isLast;
    inflating = null;
    input = NOTHING;
    if (isLast && inflater.equals(message)) {
      inflater.end();
      message = null;
    }
    return true;
  }

  /** The rest waits, and so nobody else may use its inflater meanwhile. */
  private boolean leave(Inflater inflater) {
    if (!keepsPeers && !ended) {
      shared.give(inflater);
      message = inflater;
    }
    return false;
  }

  private Inflater inflater(boolean last) {
    if (keepsPeers) {
      peers = peers == null ? new Inflater(true) : peers;
      return peers;
    }
    if (message != null) {
      return message;
    }
    if (last) {
      Inflater inflater = shared.inflater();
      inflater.reset();
      return inflater;
    }
    message = new Inflater(true);
    return message;
  }

  private void feed(Inflater inflater, byte[] bytes, int from, int to) {
    input = bytes;
    inputEnd = to;
    inflater.setInput(bytes, from, to - from);
  }

  /** Returns whether all that was fed has come out. */
  private boolean drain(Inflater inflater, Output output)
      throws DataFormatException, ProtocolError {
    byte[] piece = shared.piece;
    int room;
    while ((room = Math.min(piece.length, output.room())) > 0) {
      int made = inflater.inflate(piece, 0, room);
      if (made > 0) {
        output.inflated(piece, 0, made);
      } else if (inflater.finished()) {
        // A block may say that it is the last: what follows begins anew (RFC 7692 §7.2.3.5).
        int rest = inflater.getRemaining();
        inflater.reset();
        if (rest == 0) {
          finished = true;
          return true;
        }
        inflater.setInput(input, inputEnd - rest, rest);
      } else if (inflater.needsInput() || inflater.needsDictionary()) {
        return true;
      }
    }
    return false;
  }

  /** The connection has ended: gives the memory back. */
  void end() {
    ended = true;
    inflating = null;
    input = NOTHING;
    boolean isFree = elsewhere == null || elsewhere.giveUp();
    elsewhere = null;
    if (own != null && isFree) {
      own.end();
    }
    own = null;
    if (peers != null) {
      peers.end();
      peers = null;
    }
    if (message != null) {
      message.end();
      message = null;
    }
  }
}
