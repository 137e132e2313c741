package io.netloop.web;

import io.netloop.loop.Buffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How the bodies of requests are read. <i>Immutable.</i>
 *
 * @param limit the most bytes of a body, as it comes and inflated; 102,400 by default, 413 answers
 *     more
 * @param types for which media types, as {@link WebRequest#is} takes them; the parser's own, which
 *     is empty here, by default. Bodies of others are left alone
 * @param inflate whether bodies may be compressed: {@code gzip}, {@code deflate}, and {@code br}
 *     and {@code zstd} where their libraries are there; true by default. 415 answers what can't be
 *     inflated
 * @param strict whether JSON has to be an object or a list, as in Express; true by default
 * @param maxParameters the most pairs of a form; 1,000 by default, 413 answers more
 * @param verify called with each body, inflated, before anything is made of it, on the request's
 *     loop: a signature, for example, is checked by it. What it throws goes to the error handlers.
 *     Null, the default, for none
 */
public record BodyOptions(
    long limit,
    List<String> types,
    boolean inflate,
    boolean strict,
    int maxParameters,
    @Nullable BiConsumer<WebRequest, Buffer> verify) {

  private static final long MOST = Integer.MAX_VALUE - 8;

  private static final BodyOptions DEFAULTS =
      new BodyOptions(100 * 1024, List.of(), true, true, 1000, null);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException for less than nothing, or a body that no array holds
   */
  public BodyOptions {
    if (limit < 0 || limit > MOST) {
      throw new IllegalArgumentException(
          "A body's limit is 0 to " + MOST + " bytes, not " + limit + ".");
    }
    if (maxParameters < 1) {
      throw new IllegalArgumentException(
          "A form has at least 1 parameter, not " + maxParameters + ".");
    }
    types = List.copyOf(types);
  }

  /** 100 KiB, of the parser's own types. */
  public static BodyOptions defaults() {
    return DEFAULTS;
  }

  public BodyOptions withLimit(long bytes) {
    return new BodyOptions(bytes, types, inflate, strict, maxParameters, verify);
  }

  public BodyOptions withTypes(String... names) {
    return new BodyOptions(limit, List.of(names), inflate, strict, maxParameters, verify);
  }

  public BodyOptions withInflate(boolean on) {
    return new BodyOptions(limit, types, on, strict, maxParameters, verify);
  }

  public BodyOptions withStrict(boolean on) {
    return new BodyOptions(limit, types, inflate, on, maxParameters, verify);
  }

  public BodyOptions withMaxParameters(int most) {
    return new BodyOptions(limit, types, inflate, strict, most, verify);
  }

  public BodyOptions withVerify(@Nullable BiConsumer<WebRequest, Buffer> check) {
    return new BodyOptions(limit, types, inflate, strict, maxParameters, check);
  }
}
