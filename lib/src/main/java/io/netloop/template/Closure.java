package io.netloop.template;

import java.util.ArrayList;
import java.util.List;

/** A function of a template, with the variables around it. */
final class Closure extends Functions.Inner {
  /** What all closures of one function share. */
  static final class Code {
    final int slots;

    /** Where it finds itself under its own name; -1 for nowhere. */
    final int self;

    /** The slots of its parameters, where all of them are names. */
    final int[] plain;

    /** What takes the arguments otherwise. */
    final List<Setter> setters;

    final boolean arrow;
    final Action body;

    Code(int slots, int self, int[] plain, List<Setter> setters, boolean arrow, Action body) {
      this.slots = slots;
      this.self = self;
      this.plain = plain;
      this.setters = setters;
      this.arrow = arrow;
      this.body = body;
    }
  }

  /** Puts an argument, or what is left of them, where it belongs. */
  record Setter(Patterns.Target target, boolean rest) {}

  private final Code code;
  private final Frame outer;

  Closure(Code code, Frame outer) {
    this.code = code;
    this.outer = outer;
  }

  @Override
  Run run() {
    return outer.page.run;
  }

  @Override
  Object call(Run run, Object self, Object[] arguments) {
    Frame frame = new Frame(outer.page, code.slots, outer);
    frame.self = code.arrow ? outer.self : self;
    if (code.self >= 0) {
      frame.slots[code.self] = this;
    }
    run.enterCall();
    try {
      int[] plain = code.plain;
      for (int i = 0; i < plain.length && i < arguments.length; i++) {
        frame.slots[plain[i]] = arguments[i];
      }
      if (!code.setters.isEmpty()) {
        take(frame, arguments);
      }
      code.body.run(frame);
      return frame.result;
    } finally {
      run.exitCall();
    }
  }

  private void take(Frame frame, Object[] arguments) {
    for (int i = 0; i < code.setters.size(); i++) {
      Setter setter = code.setters.get(i);
      if (setter.rest) {
        List<Object> rest = new ArrayList<>();
        for (int j = i; j < arguments.length; j++) {
          rest.add(arguments[j]);
        }
        setter.target.set(frame, rest);
      } else {
        setter.target.set(frame, Functions.argument(arguments, i));
      }
    }
  }
}
