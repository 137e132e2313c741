package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Takes back what {@code Content-Encoding} says was done to the body of a request. */
final class Inflating {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final int PART = 16 * 1024;

  private Inflating() {}

  /** Whether it can be taken back. */
  static boolean knows(String coding) {
    return switch (coding) {
      case "gzip", "x-gzip", "deflate" -> true;
      case "br" -> Brotli.isThere();
      case "zstd" -> Zstd.isThere();
      default -> false;
    };
  }

  /**
   * The body as it was. Takes its time: not for the loop.
   *
   * @param most how many bytes may come out, so that a small body does not fill the memory
   * @throws WebException 413 for more, 400 for what can't be inflated
   */
  static Buffer inflate(Buffer body, String coding, long most) {
    ByteArrayInputStream in =
        new ByteArrayInputStream(BYTES.array(body), BYTES.offset(body), body.length());
    ByteArrayOutputStream out = new ByteArrayOutputStream(PART);
    byte[] part = new byte[PART];
    try (InputStream plain = open(in, coding)) {
      for (int length; (length = plain.read(part)) >= 0; ) {
        if (out.size() + (long) length > most) {
          throw BodyGathering.tooLarge(most);
        }
        out.write(part, 0, length);
      }
    } catch (EOFException early) {
      throw refused("The body ends too early for its content coding " + coding + ".", early);
    } catch (IOException wrong) {
      throw refused("The body can't be inflated: it is no " + coding + ".", wrong);
    }
    return BYTES.wrap(out.toByteArray());
  }

  private static InputStream open(InputStream in, String coding) throws IOException {
    return switch (coding) {
      case "deflate" -> new InflaterInputStream(in);
      case "br" -> Brotli.inflating(in);
      case "zstd" -> Zstd.inflating(in);
      default -> new GZIPInputStream(in, PART);
    };
  }

  private static WebException refused(String text, IOException cause) {
    return new WebException(400, "ERR_BODY_ENCODED", text, cause);
  }
}
