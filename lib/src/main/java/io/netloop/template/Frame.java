package io.netloop.template;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The variables of one call of a function, or of one turn that functions have kept. */
final class Frame {
  final Page page;
  final Out out;
  final Object[] slots;
  final @Nullable Frame outer;
  Object self = Nothing.UNDEFINED;

  /** What {@code return} gave. */
  Object result = Nothing.UNDEFINED;

  /** What a handler is to get. */
  Object caught = Nothing.UNDEFINED;

  Frame(Page page, int size, @Nullable Frame outer) {
    this.page = page;
    this.out = page.run.out;
    this.slots = new Object[size];
    this.outer = outer;
    Arrays.fill(slots, Nothing.UNDEFINED);
  }

  /** A frame inside of that one; it has the same {@code this}. */
  static Frame inside(Frame outer, int size) {
    Frame frame = new Frame(outer.page, size, outer);
    frame.self = outer.self;
    return frame;
  }

  Frame outward(int levels) {
    Frame frame = this;
    for (int i = 0; i < levels; i++) {
      frame = java.util.Objects.requireNonNull(frame.outer);
    }
    return frame;
  }
}
