package io.netloop.dgram;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of what a user sends: text, bytes, or a list of both. */
final class Payload {
  private static final BufferAccess<Buffer> ACCESS = BufferAccess.of(Buffer.class);

  private Payload() {}

  /** A buffer over the message; only what may still change is copied. */
  static Buffer of(@Nullable Object message) {
    Buffer bytes = message instanceof List<?> list ? joined(list) : piece(message);
    if (bytes == null) {
      throw Misuse.badMessage("buffer", message);
    }
    return bytes;
  }

  private static @Nullable Buffer piece(@Nullable Object message) {
    return switch (message) {
      case Buffer buffer -> buffer;
      case String text -> Buffer.from(text);
      case byte[] bytes -> Buffer.from(bytes);
      case null, default -> null;
    };
  }

  /** A part of the message, in bytes; a list has none. */
  static Buffer part(@Nullable Object message, int offset, int length) {
    if (message instanceof List) {
      throw Misuse.badMessage("buffer", message);
    }
    Buffer all = of(message);
    if (offset < 0 || offset > all.length()) {
      throw Misuse.outside("offset");
    }
    if (length < 0 || length > all.length() - offset) {
      throw Misuse.outside("length");
    }
    return all.slice(offset, offset + length);
  }

  private static Buffer joined(List<?> list) {
    List<Buffer> parts = new ArrayList<>(list.size());
    for (Object part : list) {
      Buffer bytes = piece(part);
      if (bytes == null) {
        throw Misuse.badMessage("buffer list arguments", list);
      }
      parts.add(bytes);
    }
    return Buffer.concat(parts);
  }

  static byte[] array(Buffer buffer) {
    return ACCESS.array(buffer);
  }

  static int offset(Buffer buffer) {
    return ACCESS.offset(buffer);
  }

  /** A buffer over an array that nobody changes any more. */
  static Buffer wrap(byte[] array) {
    return ACCESS.wrap(array);
  }
}
