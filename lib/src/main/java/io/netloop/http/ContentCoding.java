package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what {@code Content-Encoding} says was done to a body (RFC 9110 §8.4). What it does
 * not know stays as it is.
 */
final class ContentCoding {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** Nobody means more, one within the other. */
  private static final int MOST_CODINGS = 5;

  private static final int PART = 16 * 1024;

  private ContentCoding() {}

  /** Whether there is anything to do, for which it is worth leaving the loop. */
  static boolean isCoded(@Nullable String contentEncoding) {
    return contentEncoding != null && isKnown(last(codings(contentEncoding)));
  }

  private static List<String> codings(String contentEncoding) {
    return List.of(contentEncoding.toLowerCase(Locale.ROOT).split("[ \t]*,[ \t]*", -1));
  }

  private static String last(List<String> codings) {
    return codings.getLast().strip();
  }

  private static boolean isKnown(String coding) {
    return coding.equals("gzip") || coding.equals("x-gzip") || coding.equals("deflate");
  }

  /**
   * Decodes a body. Takes its time: not for the loop.
   *
   * @param most how many bytes may come out
   * @throws NetException {@code ERR_HTTP_BODY_TOO_LARGE}, {@code Z_DATA_ERROR} for what can't be
   *     decoded, {@code Z_BUF_ERROR} for what ends too early
   */
  static Buffer decode(Buffer body, String contentEncoding, long most) {
    List<String> codings = codings(contentEncoding);
    if (codings.size() > MOST_CODINGS) {
      throw new NetException(
          "Z_DATA_ERROR",
          "The body has %d content codings, more than the limit of %d."
              .formatted(codings.size(), MOST_CODINGS));
    }
    Buffer decoded = body;
    for (int i = codings.size() - 1; i >= 0 && !decoded.isEmpty(); i--) {
      String coding = codings.get(i).strip();
      if (coding.equals("identity")) {
        continue;
      }
      if (!isKnown(coding)) {
        break;
      }
      decoded = inflate(decoded, coding, most);
    }
    return decoded;
  }

  private static Buffer inflate(Buffer body, String coding, long most) {
    byte[] bytes = BYTES.array(body);
    int from = BYTES.offset(body);
    Inflater raw = new Inflater(true);
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, from, body.length());
    try (InputStream inflating =
        !coding.equals("deflate")
            ? new GZIPInputStream(in, PART)
            : hasZlibHeader(bytes, from, body.length())
                ? new InflaterInputStream(in)
                : new InflaterInputStream(in, raw, PART)) {
      return readAll(inflating, most);
    } catch (EOFException early) {
      throw new NetException("Z_BUF_ERROR", "unexpected end of file", early);
    } catch (IOException wrong) {
      throw new NetException("Z_DATA_ERROR", "The body is no " + coding + ": " + wrong, wrong);
    } finally {
      raw.end();
    }
  }

  /** "deflate" means zlib's form (RFC 1950), but some servers send what is within it alone. */
  private static boolean hasZlibHeader(byte[] bytes, int from, int length) {
    if (length < 2) {
      return false;
    }
    int first = bytes[from] & 0xff;
    int second = bytes[from + 1] & 0xff;
    return (first & 15) == 8 && (first << 8 | second) % 31 == 0;
  }

  private static Buffer readAll(InputStream in, long most) throws IOException {
    BodyCollector all = new BodyCollector(most);
    byte[] part = new byte[PART];
    for (int length; (length = in.read(part)) >= 0; ) {
      all.add(part, 0, length);
    }
    return all.take();
  }
}
