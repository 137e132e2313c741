package io.netloop.template;

import java.util.Objects;

/**
 * What a tag begins and ends with. <i>Immutable.</i>
 *
 * @param open the begin, such as two opening braces, not empty
 * @param close the end, such as two closing braces, not empty
 */
public record Delimiters(String open, String close) {
  /**
   * Takes the two marks.
   *
   * @throws IllegalArgumentException for an empty mark
   */
  public Delimiters {
    Objects.requireNonNull(open, "open");
    Objects.requireNonNull(close, "close");
    if (open.isEmpty() || close.isEmpty()) {
      throw new IllegalArgumentException(
          "a delimiter must have at least one character, not '%s' and '%s'".formatted(open, close));
    }
  }
}
