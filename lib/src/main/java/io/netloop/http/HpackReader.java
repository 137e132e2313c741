package io.netloop.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a peer, decompressed (RFC 7541) by Netty's decoder, which bounds what they come to.
 * What a client sends again and again consists of references only; such a block that comes twice in
 * a row is not decoded twice. Loop-confined.
 */
final class HpackReader {
  private static final int FIRST_HUFFMAN = 32;
  private static final byte[] NOTHING = {};

  private final FieldSink sink;
  private final DefaultHttp2HeadersDecoder decoder;

  // The block that came last, where it was made of references alone, and what it says.
  private byte[] latest = NOTHING;
  private @Nullable FieldBlock latestFields;

  /**
   * A reader of fields.
   *
   * @param maxBytes how many they may come to, decompressed and with 32 bytes for each field
   * @param maxFields how many there may be
   */
  HpackReader(int maxBytes, int maxFields) {
    this.sink = new FieldSink(maxFields);
    this.decoder = new Decoder(sink, maxBytes);
  }

  /** Hands all fields to the sink, which checks them itself. */
  private static final class Decoder extends DefaultHttp2HeadersDecoder {
    private final FieldSink sink;

    Decoder(FieldSink sink, int maxBytes) {
      super(false, maxBytes, FIRST_HUFFMAN);
      this.sink = sink;
    }

    @Override
    protected Http2Headers newHeaders() {
      return sink;
    }
  }

  /**
   * Reads a block of fields.
   *
   * @throws Http2Error where it can't be decompressed
   */
  FieldBlock read(int streamId, byte[] bytes, int from, int to) throws Http2Error {
    FieldBlock again = latestFields;
    if (again != null && Arrays.equals(bytes, from, to, latest, 0, latest.length)) {
      return again;
    }
    sink.begin();
    ByteBuf block = Unpooled.wrappedBuffer(bytes, from, to - from);
    try {
      decoder.decodeHeaders(streamId, block);
    } catch (Http2Exception.HeaderListSizeException tooMuch) {
      sink.overflow();
    } catch (Http2Exception wrong) {
      throw new Http2Error(Http2Code.COMPRESSION_ERROR, String.valueOf(wrong.getMessage()));
    }
    FieldBlock fields = sink.done();
    boolean references = isOfReferences(bytes, from, to);
    latest = references ? Arrays.copyOfRange(bytes, from, to) : NOTHING;
    latestFields = references ? fields : null;
    return fields;
  }

  /** Whether all fields are named by one byte each: they change nothing in the table. */
  private static boolean isOfReferences(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] >= 0 || bytes[i] == -1) {
        return false;
      }
    }
    return from < to;
  }
}
