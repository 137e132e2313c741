package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskTest {
  private static final int KEY = 0x3d21fa37;

  private static byte[] slowly(byte[] bytes, int from, int to, long phase) {
    byte[] out = bytes.clone();
    for (int i = from; i < to; i++) {
      out[i] ^= Frames.KEY[(int) ((phase + i - from) % 4)];
    }
    return out;
  }

  @Test
  void isTheSameAsByteByByteForEveryPlaceLengthAndPhase() {
    byte[] bytes = new byte[40];
    new Random(1).nextBytes(bytes);
    for (int from = 0; from < 9; from++) {
      for (int to = from; to <= bytes.length; to++) {
        for (int phase = 0; phase < 9; phase++) {
          byte[] masked = bytes.clone();
          Mask.apply(masked, from, to, KEY, phase);
          assertThat(masked).isEqualTo(slowly(bytes, from, to, phase));
        }
      }
    }
  }

  @Test
  void knowsItsPhaseFarIntoALongFrame() {
    byte[] bytes = new byte[19];
    for (long phase : new long[] {(1L << 31) + 1, (1L << 32) + 3, (1L << 53) - 1}) {
      byte[] masked = bytes.clone();
      Mask.apply(masked, 0, masked.length, KEY, phase);
      assertThat(masked).isEqualTo(slowly(bytes, 0, bytes.length, phase));
    }
  }

  @Test
  void isTakenOffAsItIsLaidOn() {
    byte[] bytes = new byte[100];
    new Random(2).nextBytes(bytes);
    byte[] twice = bytes.clone();
    Mask.apply(twice, 0, 100, KEY, 0);
    assertThat(twice).isNotEqualTo(bytes);
    Mask.apply(twice, 0, 33, KEY, 0);
    Mask.apply(twice, 33, 100, KEY, 33);
    assertThat(twice).isEqualTo(bytes);
  }
}
