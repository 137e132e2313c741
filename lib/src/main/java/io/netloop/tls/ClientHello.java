package io.netloop.tls;

import io.netloop.loop.NetException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client says first, as far as a server has to know it before it can choose a certificate
 * (RFC 8446 §4.1.2). All else is the engine's to judge. <i>Immutable.</i>
 *
 * @param servername the name that it wants (RFC 6066 §3), in small letters, or null
 * @param protocols those it offers to speak above TLS (RFC 7301), the best first; empty for none
 */
record ClientHello(@Nullable String servername, List<String> protocols) {
  /** Larger than any real one, of which those with new key shares have 2 KiB. */
  static final int MOST_BYTES = 64 * 1024;

  /** Nobody needs more than a handful: to cut it up is what attackers do. */
  private static final int MOST_RECORDS = 32;

  private static final int RECORD_HEADER = 5;
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_NAME = 0;
  private static final int HOST_NAME = 0;
  private static final int ALPN = 16;
  private static final int MOST_RECORD = 16 * 1024;

  /**
   * How many bytes there must be before it makes sense to look again; 0 where all of it is there.
   * The indices of the bytes stay as they are.
   *
   * @throws NetException {@code ERR_SSL_…} for what is no client's hello, {@code
   *     ERR_SSL_HTTP_REQUEST} for plain HTTP
   */
  static int missing(ByteBuf bytes) {
    int from = bytes.readerIndex();
    int end = bytes.writerIndex();
    int at = from;
    int message = 0;
    for (int records = 0; records < MOST_RECORDS; records++) {
      checkBegin(bytes, at, end);
      if (end - at < RECORD_HEADER) {
        return at - from + RECORD_HEADER;
      }
      int length = bytes.getUnsignedShort(at + 3);
      if (length == 0 || length > MOST_RECORD) {
        throw new NetException(
            "ERR_SSL_BAD_RECORD_LENGTH",
            "A record of the client's hello says that it has %d bytes.".formatted(length));
      }
      if (end - at < RECORD_HEADER + length) {
        return at - from + RECORD_HEADER + length;
      }
      message += length;
      at += RECORD_HEADER + length;
      if (message >= 4 && message >= 4 + messageLength(bytes)) {
        return 0;
      }
    }
    throw new NetException(
        "ERR_SSL_EXCESSIVE_MESSAGE_SIZE",
        "The client's hello comes in more than " + MOST_RECORDS + " records.");
  }

  /** The length of the message, which its second to fourth byte say; they may be in two records. */
  private static int messageLength(ByteBuf bytes) {
    ByteBuf head = join(bytes, 4);
    try {
      if (head.getUnsignedByte(0) != CLIENT_HELLO) {
        throw new NetException(
            "ERR_SSL_UNEXPECTED_MESSAGE",
            "A client begins with its hello, and not with the handshake message %d."
                .formatted(head.getUnsignedByte(0)));
      }
      int length = head.getUnsignedMedium(1);
      if (length > MOST_BYTES) {
        throw new NetException(
            "ERR_SSL_EXCESSIVE_MESSAGE_SIZE",
            "The client's hello says that it has %d bytes, and %d are the most that are read."
                .formatted(length, MOST_BYTES));
      }
      return length;
    } finally {
      head.release();
    }
  }

  private static void checkBegin(ByteBuf bytes, int at, int end) {
    if (at < end && bytes.getByte(at) != HANDSHAKE) {
      throw looksLikeHttp(bytes, at, end)
          ? new NetException(
              "ERR_SSL_HTTP_REQUEST",
              "The client speaks plain HTTP to a port of HTTPS: its URL must begin with https://.")
          : new NetException(
              "ERR_SSL_WRONG_VERSION_NUMBER",
              "What the client has sent is no TLS: it begins with the byte 0x%02x."
                  .formatted(bytes.getUnsignedByte(at)));
    }
    if (at + 1 < end && bytes.getByte(at + 1) != 3) {
      throw new NetException(
          "ERR_SSL_WRONG_VERSION_NUMBER",
          "What the client has sent is no TLS: its version begins with %d, and not with 3."
              .formatted(bytes.getUnsignedByte(at + 1)));
    }
  }

  /** A method in capital letters, as far as it is there. */
  private static boolean looksLikeHttp(ByteBuf bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      int letter = bytes.getByte(i);
      if (letter == ' ' && i - from >= 3) {
        return true;
      }
      if (letter < 'A' || letter > 'Z' || i - from > 8) {
        return false;
      }
    }
    return end > from;
  }

  /** The handshake bytes of the records, without their headers: so many, or all. */
  private static ByteBuf join(ByteBuf bytes, int most) {
    ByteBuf joined = bytes.alloc().heapBuffer(Math.min(most, bytes.readableBytes()));
    int at = bytes.readerIndex();
    while (joined.readableBytes() < most && bytes.writerIndex() - at > RECORD_HEADER) {
      int length = bytes.getUnsignedShort(at + 3);
      int here = Math.min(length, bytes.writerIndex() - at - RECORD_HEADER);
      joined.writeBytes(bytes, at + RECORD_HEADER, Math.min(here, most - joined.readableBytes()));
      at += RECORD_HEADER + length;
    }
    return joined;
  }

  /**
   * Reads one that is there whole.
   *
   * @throws NetException {@code ERR_SSL_DECODE_ERROR} for one whose lengths do not fit
   */
  static ClientHello read(ByteBuf bytes) {
    ByteBuf joined = join(bytes, MOST_BYTES + 4);
    try {
      joined.skipBytes(1);
      ByteBuf message = joined.readSlice(joined.readUnsignedMedium());
      message.skipBytes(2 + 32); // version, random
      message.skipBytes(message.readUnsignedByte()); // session
      message.skipBytes(message.readUnsignedShort()); // ciphers
      message.skipBytes(message.readUnsignedByte()); // compression
      if (!message.isReadable()) {
        return new ClientHello(null, List.of());
      }
      return extensions(message.readSlice(message.readUnsignedShort()));
    } catch (IndexOutOfBoundsException cut) {
      throw new NetException(
          "ERR_SSL_DECODE_ERROR", "The lengths within the client's hello do not fit.", cut);
    } finally {
      joined.release();
    }
  }

  private static ClientHello extensions(ByteBuf bytes) {
    String servername = null;
    List<String> protocols = List.of();
    while (bytes.isReadable()) {
      int type = bytes.readUnsignedShort();
      ByteBuf content = bytes.readSlice(bytes.readUnsignedShort());
      if (type == SERVER_NAME) {
        servername = servername(content);
      } else if (type == ALPN) {
        protocols = protocols(content.readSlice(content.readUnsignedShort()));
      }
    }
    return new ClientHello(servername, protocols);
  }

  private static @Nullable String servername(ByteBuf content) {
    ByteBuf names = content.readSlice(content.readUnsignedShort());
    while (names.isReadable()) {
      int type = names.readUnsignedByte();
      ByteBuf name = names.readSlice(names.readUnsignedShort());
      if (type == HOST_NAME) {
        String text = name.toString(StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        return isName(text) ? text : null;
      }
    }
    return null;
  }

  /** What can stand in a log and in a table of names; all else is no name of a host. */
  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= 255
        && text.chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || ".-_".indexOf(c) >= 0);
  }

  private static List<String> protocols(ByteBuf bytes) {
    List<String> protocols = new ArrayList<>(2);
    while (bytes.isReadable()) {
      ByteBuf name = bytes.readSlice(bytes.readUnsignedByte());
      protocols.add(name.toString(StandardCharsets.ISO_8859_1));
    }
    return List.copyOf(protocols);
  }
}
