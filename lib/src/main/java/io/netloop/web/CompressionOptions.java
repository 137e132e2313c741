package io.netloop.web;

import java.util.function.Predicate;

/**
 * What is compressed, and how much. <i>Immutable.</i>
 *
 * @param threshold bodies of fewer bytes are left as they are, where their length is known; 1,024
 *     by default
 * @param level of gzip and deflate, 1 (fast) to 9 (small); 6 by default
 * @param brotliQuality of br, 0 to 11; 4 by default
 * @param zstdLevel of zstd, 1 to 22; 3 by default
 * @param filter which responses may be compressed, beside what is said of types; all by default
 */
public record CompressionOptions(
    int threshold, int level, int brotliQuality, int zstdLevel, Predicate<WebResponse> filter) {

  private static final CompressionOptions DEFAULTS =
      new CompressionOptions(1024, 6, 4, 3, response -> true);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException for what is outside of them
   */
  public CompressionOptions {
    check("threshold", threshold, 0, Integer.MAX_VALUE);
    check("level of gzip and deflate", level, 1, 9);
    check("quality of br", brotliQuality, 0, 11);
    check("level of zstd", zstdLevel, 1, 22);
  }

  private static void check(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "The %s is %d to %d, not %d.".formatted(what, least, most, value));
    }
  }

  /** From 1 KiB on, as small as it gets without taking long. */
  public static CompressionOptions defaults() {
    return DEFAULTS;
  }

  public CompressionOptions withThreshold(int bytes) {
    return new CompressionOptions(bytes, level, brotliQuality, zstdLevel, filter);
  }

  public CompressionOptions withLevel(int gzip) {
    return new CompressionOptions(threshold, gzip, brotliQuality, zstdLevel, filter);
  }

  public CompressionOptions withBrotliQuality(int quality) {
    return new CompressionOptions(threshold, level, quality, zstdLevel, filter);
  }

  public CompressionOptions withZstdLevel(int zstd) {
    return new CompressionOptions(threshold, level, brotliQuality, zstd, filter);
  }

  public CompressionOptions withFilter(Predicate<WebResponse> test) {
    return new CompressionOptions(threshold, level, brotliQuality, zstdLevel, test);
  }
}
