package io.netloop.tls;

import io.netloop.loop.NetException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * The first stage of an encrypted connection: passes on whole records only (RFC 8446 §5.1). What is
 * behind it never has to keep a part of one, and so never the memory that all connections of a loop
 * read into; of a slow peer no more is kept than it has sent. What can be no record ends the
 * connection before anything is made of it.
 */
final class RecordIntake extends ChannelInboundHandlerAdapter {
  /** Who is told what comes; on the loop. */
  interface Link {
    /**
     * All of the client's hello is there; what is to read it on has to be in the pipeline when this
     * returns.
     */
    void hello(ByteBuf bytes);

    /** A record, which begins here, is about to be passed on. */
    void record(ByteBuf bytes, int at);

    /** What has come is no TLS. Nothing more is passed on. */
    void refused(NetException why, ByteBuf bytes);
  }

  private static final int HEADER = 5;

  /** RFC 8446 §5.2 has 256 bytes beyond the text, TLS 1.2 has 2,048 (RFC 5246 §6.2.3). */
  private static final int MOST_BYTES = 16 * 1024 + 2048;

  private static final int LEAST_TYPE = 20;
  private static final int MOST_TYPE = 24;

  private final Link link;

  /** Whether the hello is still to come. */
  private boolean awaitsHello;

  /** From how many bytes of the hello on to look again. */
  private int needed;

  /** The begin of a record, or of the hello, whose rest is still to come; or null. */
  private @Nullable ByteBuf kept;

  private boolean over;

  /**
   * @param awaitsHello whether this is a server's side, which can't choose its certificate before
   *     it has heard which one is wanted
   */
  RecordIntake(Link link, boolean awaitsHello) {
    this.link = link;
    this.awaitsHello = awaitsHello;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (over) {
        return;
      }
      if (awaitsHello) {
        readHello(context, bytes);
      } else {
        pass(context, bytes);
      }
    } catch (NetException wrong) {
      over = true;
      ByteBuf shown = kept == null ? bytes : kept;
      link.refused(wrong, shown);
      forget();
    } finally {
      bytes.release();
    }
  }

  @SuppressWarnings("ReferenceEquality") // whose bytes they are, not what they say
  private void readHello(ChannelHandlerContext context, ByteBuf bytes) {
    ByteBuf all = bytes;
    if (kept != null) {
      kept.writeBytes(bytes);
      all = kept;
    }
    if (all.readableBytes() >= needed) {
      needed = ClientHello.missing(all);
      if (needed == 0) {
        awaitsHello = false;
        ByteBuf whole = all;
        kept = null;
        try {
          link.hello(whole);
          if (!over) {
            pass(context, whole);
          }
        } finally {
          if (whole != bytes) {
            whole.release();
          }
        }
        return;
      }
    }
    if (kept == null) {
      keep(context, bytes, Math.max(512, bytes.readableBytes()), Integer.MAX_VALUE);
    }
  }

  /** Passes on the whole records, and keeps the begin of another. */
  private void pass(ChannelHandlerContext context, ByteBuf bytes) {
    if (kept != null && !complete(context, kept, bytes)) {
      return;
    }
    int from = bytes.readerIndex();
    int end = bytes.writerIndex();
    int at = from;
    NetException wrong = null;
    try {
      for (int next; (next = next(bytes, at, end)) > at; at = next) {
        link.record(bytes, at);
      }
    } catch (NetException noRecord) {
      wrong = noRecord; // What came before it is read all the same.
    }
    if (over) {
      return;
    }
    if (at > from) {
      context.fireChannelRead(bytes.readRetainedSlice(at - from));
    }
    if (over) {
      return;
    }
    if (wrong != null) {
      throw wrong;
    }
    if (at < end) {
      int most = HEADER + MOST_BYTES;
      keep(context, bytes, Math.min(most, Math.max(256, 2 * (end - at))), most);
    }
  }

  /** Where the record that begins here ends; its begin where it is not whole, or not wanted. */
  private int next(ByteBuf bytes, int at, int end) {
    if (over || at == end) {
      return at;
    }
    checkType(bytes, at);
    if (end - at < HEADER) {
      return at;
    }
    int next = at + HEADER + length(bytes, at);
    return next > end ? at : next;
  }

  /** Fills up the record that has begun; returns whether it is whole now, and passed on. */
  private boolean complete(ChannelHandlerContext context, ByteBuf record, ByteBuf bytes) {
    int headerMissing = HEADER - record.readableBytes();
    if (headerMissing > 0) {
      record.writeBytes(bytes, Math.min(headerMissing, bytes.readableBytes()));
      checkType(record, record.readerIndex());
      if (record.readableBytes() < HEADER) {
        return false;
      }
    }
    int whole = HEADER + length(record, record.readerIndex());
    record.writeBytes(bytes, Math.min(whole - record.readableBytes(), bytes.readableBytes()));
    if (record.readableBytes() < whole) {
      return false;
    }
    kept = null;
    link.record(record, record.readerIndex());
    if (over) {
      record.release();
    } else {
      context.fireChannelRead(record);
    }
    return !over;
  }

  private void keep(ChannelHandlerContext context, ByteBuf bytes, int room, int most) {
    kept = context.alloc().directBuffer(room, most).writeBytes(bytes);
  }

  private static void checkType(ByteBuf bytes, int at) {
    int type = bytes.getUnsignedByte(at);
    if (type < LEAST_TYPE || type > MOST_TYPE) {
      throw new NetException(
          "ERR_SSL_WRONG_VERSION_NUMBER",
          "wrong version number: what has come is no TLS, it begins with the byte 0x%02x."
              .formatted(type));
    }
  }

  private static int length(ByteBuf bytes, int at) {
    int version = bytes.getUnsignedByte(at + 1);
    if (version != 3) {
      throw new NetException(
          "ERR_SSL_WRONG_VERSION_NUMBER",
          "wrong version number: a record says version %d, and not 3.".formatted(version));
    }
    int length = bytes.getUnsignedShort(at + 3);
    if (length > MOST_BYTES) {
      throw new NetException(
          "ERR_SSL_ENCRYPTED_LENGTH_TOO_LONG",
          "A record says that it has %d bytes, and %d are the most (RFC 8446 §5.2)."
              .formatted(length, MOST_BYTES));
    }
    return length;
  }

  /** Nothing more is passed on. */
  void stop() {
    over = true;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    context.fireChannelInactive();
    forget();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    forget();
  }

  private void forget() {
    over = true;
    if (kept != null) {
      kept.release();
      kept = null;
    }
  }
}
