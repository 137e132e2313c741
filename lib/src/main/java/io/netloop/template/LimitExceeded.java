package io.netloop.template;

import org.jspecify.annotations.Nullable;

/** A limit is reached; no {@code catch} of a template sees it. */
final class LimitExceeded extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Where the tag begins that was at work, once a statement has taken it up. */
  int tag;

  /** The template of that tag; null until then. */
  transient @Nullable Template template;

  LimitExceeded(String message) {
    super(message, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
