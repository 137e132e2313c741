package io.netloop.bench;

/** The large body that servers over TLS send. */
final class Gigabyte {
  static final String PATH = "/gigabyte";
  static final long BYTES = 1L << 30;

  private static final int PIECE_BYTES = 64 * 1024;

  private Gigabyte() {}

  /** What it is made of. */
  static byte[] piece() {
    return new byte[PIECE_BYTES];
  }
}
