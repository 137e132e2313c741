package io.netloop.ws;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Keys that nobody can guess (RFC 6455 §10.3), from the platform's secure source, many at a time.
 * Loop-confined.
 */
final class MaskKeys implements RandomGenerator {
  private static final SecureRandom SOURCE = new SecureRandom();
  private static final int BYTES_AT_A_TIME = 1024;

  private final ByteBuffer ready = ByteBuffer.allocate(BYTES_AT_A_TIME).limit(0);

  @Override
  public int nextInt() {
    refill(Integer.BYTES);
    return ready.getInt();
  }

  @Override
  public long nextLong() {
    refill(Long.BYTES);
    return ready.getLong();
  }

  private void refill(int wanted) {
    if (ready.remaining() < wanted) {
      SOURCE.nextBytes(ready.array());
      ready.clear();
    }
  }
}
