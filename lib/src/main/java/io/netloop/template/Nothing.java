package io.netloop.template;

/** The two values of JavaScript that stand for none. Inside the package no value is Java's null. */
enum Nothing {
  UNDEFINED("undefined"),
  NULL("null");

  private final String text;

  Nothing(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
