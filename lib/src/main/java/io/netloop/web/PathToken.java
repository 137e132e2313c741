package io.netloop.web;

import org.jspecify.annotations.Nullable;

/** A part of a {@link PathShape}. <i>Immutable.</i> */
sealed interface PathToken {
  /** Text that stands there as it is, escaped as in URLs. */
  record Text(String text) implements PathToken {}

  /**
   * A run of characters that is handed out: a parameter, or a wildcard. What stands before it
   * limits what it may hold, so that no path has more than one reading and to find it takes no
   * long.
   *
   * @param name what it is handed out as
   * @param wild whether its value is a list of segments
   * @param slashes whether it may go over slashes
   * @param stop text that the run ends before, or empty
   * @param instead what it may be in spite of that, exactly; or null
   * @param segmentInstead whether it may be, in spite of that, any run without a slash
   */
  record Capture(
      String name,
      boolean wild,
      boolean slashes,
      String stop,
      @Nullable String instead,
      boolean segmentInstead)
      implements PathToken {}
}
