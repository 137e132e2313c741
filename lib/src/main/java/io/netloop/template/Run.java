package io.netloop.template;

/** One rendering with all that it includes: where it writes, and what it may still use up. */
final class Run {
  final Out out;
  private final TemplateLimits limits;
  private long turns;
  private int calls;
  private int includes;

  Run(Out out, TemplateLimits limits) {
    this.out = out;
    this.limits = limits;
    this.turns = limits.turns();
  }

  /** For a function of the language that Java calls outside of any rendering. */
  static Run detached() {
    return new Run(new Out(new byte[16], Texts.LONGEST, null), TemplateLimits.DEFAULTS);
  }

  /** Counts a turn of a loop, or a call. */
  void step() {
    if (--turns < 0) {
      throw tooMany();
    }
  }

  /** Counts work that is done at once. */
  void steps(long count) {
    turns -= count;
    if (turns < 0) {
      throw tooMany();
    }
  }

  private LimitExceeded tooMany() {
    return new LimitExceeded(
        "The template took more than %d turns of loops and calls, which is the limit."
            .formatted(limits.turns()));
  }

  void enterCall() {
    step();
    if (++calls > limits.depth()) {
      throw new LimitExceeded(
          "Functions call each other deeper than %d levels, which is the limit."
              .formatted(limits.depth()));
    }
  }

  void exitCall() {
    calls--;
  }

  void enterInclude(String name) {
    step();
    if (++includes > limits.includes()) {
      throw new LimitExceeded(
          "Templates include each other deeper than %d levels, which is the limit; the last is '%s'."
              .formatted(limits.includes(), name));
    }
  }

  void exitInclude() {
    includes--;
  }
}
