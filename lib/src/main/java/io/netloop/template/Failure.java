package io.netloop.template;

import org.jspecify.annotations.Nullable;

/** What a template throws, or what a value does not allow; {@code catch} in a template sees it. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What {@code catch} gets. */
  final transient Object value;

  /** Where the tag begins that was at work, once a statement has taken it up. */
  int tag;

  /** The template of that tag; null until then. */
  transient @Nullable Template template;

  Failure(Object value, @Nullable Throwable cause) {
    super(reason(value), cause, false, false);
    this.value = value;
  }

  private static String reason(Object value) {
    if (value instanceof ErrorObject error) {
      return error.message();
    }
    return Values.isNothing(value)
        ? "Cannot read properties of " + value + " (reading 'message')"
        : Values.text(Properties.get(value, "message"));
  }

  static Failure type(String message) {
    return new Failure(new ErrorObject("TypeError", message), null);
  }

  static Failure range(String message) {
    return new Failure(new ErrorObject("RangeError", message), null);
  }

  static Failure reference(String message) {
    return new Failure(new ErrorObject("ReferenceError", message), null);
  }

  static Failure of(String message, @Nullable Throwable cause) {
    return new Failure(new ErrorObject("Error", message), cause);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
