package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.Arrays;

/**
 * Gathers a body in one array, up to a limit. It copies: kept as they come, pieces of one byte
 * would cost forty times what they hold.
 */
final class BodyCollector {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final int FIRST_BYTES = 1024;

  private final long most;
  private byte[] bytes = {};
  private int length;

  BodyCollector(long most) {
    this.most = most;
  }

  void add(Buffer data) {
    add(BYTES.array(data), BYTES.offset(data), data.length());
  }

  /**
   * Adds bytes.
   *
   * @throws NetException {@code ERR_HTTP_BODY_TOO_LARGE}
   */
  void add(byte[] source, int from, int count) {
    if ((long) length + count > most) {
      throw tooLarge(most);
    }
    if (bytes.length - length < count) {
      long wanted = Math.max(FIRST_BYTES, Math.max((long) length + count, bytes.length * 2L));
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Math.max(most, FIRST_BYTES)));
    }
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  /** All of it. The collector is empty from then on. */
  Buffer take() {
    Buffer all = BYTES.wrap(bytes, 0, length);
    bytes = new byte[0];
    length = 0;
    return all;
  }

  static NetException tooLarge(long most) {
    return new NetException(
        "ERR_HTTP_BODY_TOO_LARGE", "The body is longer than the limit of " + most + " bytes.");
  }
}
