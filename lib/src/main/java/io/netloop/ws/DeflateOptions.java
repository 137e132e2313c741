package io.netloop.ws;

import io.netloop.loop.NetException;

/**
 * How messages are compressed, by permessage-deflate (RFC 7692). <i>Immutable.</i>
 *
 * @param threshold messages of fewer bytes are sent as they are; 1,024 by default
 * @param level of the compression, 1 (fast) to 9 (small); 6 by default
 * @param serverContextTakeover whether the server may refer back to messages it has sent before,
 *     which costs about 300 KiB for each connection; false by default
 * @param clientContextTakeover whether the client may, which costs the server about 50 KiB for each
 *     connection; false by default
 * @param contextBudgetBytes how much all connections of a server may keep for referring back; past
 *     it new ones are agreed to refer back no more. 64 MiB by default
 */
public record DeflateOptions(
    int threshold,
    int level,
    boolean serverContextTakeover,
    boolean clientContextTakeover,
    long contextBudgetBytes) {

  private static final DeflateOptions DEFAULTS =
      new DeflateOptions(1024, 6, false, false, 64L << 20);

  /**
   * Checks the values.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public DeflateOptions {
    check("threshold", threshold, 0, Integer.MAX_VALUE);
    check("level", level, 1, 9);
    check("contextBudgetBytes", contextBudgetBytes, 0, Long.MAX_VALUE);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "%s must be from %d to %d, not %d.".formatted(name, least, most, value));
    }
  }

  /** What holds where nothing else is said. */
  public static DeflateOptions defaults() {
    return DEFAULTS;
  }

  public DeflateOptions withThreshold(int bytes) {
    return new DeflateOptions(
        bytes, level, serverContextTakeover, clientContextTakeover, contextBudgetBytes);
  }

  public DeflateOptions withLevel(int newLevel) {
    return new DeflateOptions(
        threshold, newLevel, serverContextTakeover, clientContextTakeover, contextBudgetBytes);
  }

  public DeflateOptions withServerContextTakeover(boolean on) {
    return new DeflateOptions(threshold, level, on, clientContextTakeover, contextBudgetBytes);
  }

  public DeflateOptions withClientContextTakeover(boolean on) {
    return new DeflateOptions(threshold, level, serverContextTakeover, on, contextBudgetBytes);
  }

  public DeflateOptions withContextBudget(long bytes) {
    return new DeflateOptions(
        threshold, level, serverContextTakeover, clientContextTakeover, bytes);
  }
}
