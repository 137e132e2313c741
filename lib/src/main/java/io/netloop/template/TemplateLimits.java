package io.netloop.template;

/**
 * What a template may use up. Past a limit it ends with a {@link TemplateError} that no {@code
 * catch} in a template sees. <i>Immutable.</i>
 *
 * @param source how many characters (UTF-16) a template may have, 1 to 2^30
 * @param output how many characters one rendering may write, with all that it includes, 1 to 2^30;
 *     a rendering into an Appendable may write up to 2^62
 * @param turns how many turns of loops and calls of functions one rendering may take, at least 1
 * @param includes how deep templates may include each other, 1 to 500
 * @param depth how deep expressions and tags may be nested, and functions call each other, 10 to
 *     500: each level takes stack
 */
public record TemplateLimits(int source, long output, long turns, int includes, int depth) {
  /** 1 Mi characters of source, 64 Mi of output, 10 million turns, 100 includes, depth 250. */
  public static final TemplateLimits DEFAULTS =
      new TemplateLimits(1 << 20, 64L << 20, 10_000_000, 100, 250);

  /**
   * Takes all limits.
   *
   * @throws IllegalArgumentException for one outside of its range
   */
  public TemplateLimits {
    check("source", source, 1, 1 << 30);
    check("output", output, 1, 1L << 62);
    check("turns", turns, 1, Long.MAX_VALUE);
    check("includes", includes, 1, 500);
    check("depth", depth, 10, 500);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "the limit '%s' must be from %d to %d, not %d".formatted(name, least, most, value));
    }
  }

  /** The same with another limit of the source's length. */
  public TemplateLimits withSource(int characters) {
    return new TemplateLimits(characters, output, turns, includes, depth);
  }

  /** The same with another limit of the output's length. */
  public TemplateLimits withOutput(long characters) {
    return new TemplateLimits(source, characters, turns, includes, depth);
  }

  /** The same with another limit of turns and calls. */
  public TemplateLimits withTurns(long count) {
    return new TemplateLimits(source, output, count, includes, depth);
  }

  /** The same with another depth of includes. */
  public TemplateLimits withIncludes(int levels) {
    return new TemplateLimits(source, output, turns, levels, depth);
  }

  /** The same with another depth of nesting. */
  public TemplateLimits withDepth(int levels) {
    return new TemplateLimits(source, output, turns, includes, levels);
  }
}
