package io.netloop.engine;

/**
 * One array that those of a loop who put bytes together use in turn: it stays in the processor's
 * cache, and nobody keeps one while there is nothing to send. Loop-confined.
 */
public final class SpareArray {
  /** A longer one is not kept. */
  private static final int MOST_BYTES = 64 * 1024;

  private static final byte[] NONE = {};

  private byte[] spare = NONE;

  /** An array of at least this length, whose bytes may be anything. */
  public byte[] take(int least) {
    byte[] taken = spare;
    if (taken.length < least) {
      return new byte[least];
    }
    spare = NONE;
    return taken;
  }

  /** An array that nobody else has is for the next who takes one. */
  public void give(byte[] array) {
    if (array.length > spare.length && array.length <= MOST_BYTES) {
      spare = array;
    }
  }
}
