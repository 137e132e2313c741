package io.netloop.template;

/** A mistake in a template's text; {@link Template} makes a {@link TemplateError} of it. */
final class SyntaxError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Where the tag begins that is to blame. */
  final int tag;

  SyntaxError(String reason, int tag) {
    super(reason, null, false, false);
    this.tag = tag;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
