package io.netloop.template;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.stream.IntStream;

/** {@code {{each list}} … {{/each}}}: its body is a function only where functions keep a turn. */
final class Each extends Action {
  private final Node target;
  private final int value;
  private final int index;
  private final boolean ownFrame;
  private final int slots;
  private final int[] locals;
  private final Action body;

  Each(Node target, int[] parameters, Scope scope, Action body) {
    this.target = target;
    this.value = parameters.length > 0 ? parameters[0] : -1;
    this.index = parameters.length > 1 ? parameters[1] : -1;
    this.ownFrame = scope.hasFrame();
    this.slots = scope.slots();
    // What each turn sets is not made undefined before.
    this.locals =
        IntStream.of(scope.ownSlots()).filter(slot -> slot != value && slot != index).toArray();
    this.body = body;
  }

  @Override
  int run(Frame frame) {
    Object of = target.get(frame);
    if (of instanceof List<?> list) {
      list(frame, list);
    } else if (of instanceof Map<?, ?> || of instanceof String) {
      keys(frame, of);
    } else if (Values.isObject(of)) {
      object(frame, of);
    }
    return NEXT;
  }

  private void object(Frame frame, Object of) {
    if (isLazy(of)) {
      Iterator<?> items = Lists.iterator(of);
      for (int i = 0; items.hasNext(); i++) {
        frame.page.run.step();
        turn(frame, Values.of(items.next()), i);
      }
      return;
    }
    List<?> list = Lists.of(of);
    if (list != null) {
      list(frame, list);
    } else {
      keys(frame, of);
    }
  }

  /** What gives its items one by one is never held as a whole. */
  private static boolean isLazy(Object of) {
    return (of instanceof Iterable<?> && !(of instanceof java.nio.file.Path))
        || Values.isStream(of);
  }

  private void list(Frame frame, List<?> list) {
    int size = list.size();
    frame.page.run.steps(size);
    if (list instanceof RandomAccess) {
      for (int i = 0; i < size; i++) {
        turn(frame, i < list.size() ? Values.of(list.get(i)) : Nothing.UNDEFINED, i);
      }
      return;
    }
    int i = 0;
    for (Object item : list) {
      turn(frame, Values.of(item), i++);
    }
  }

  private void keys(Frame frame, Object of) {
    for (String key : Properties.keys(of)) {
      frame.page.run.step();
      turn(frame, Properties.get(of, key), key);
    }
  }

  private void turn(Frame frame, Object item, Object at) {
    Frame inner = frame;
    if (ownFrame) {
      inner = Frame.inside(frame, slots);
    } else {
      for (int local : locals) {
        inner.slots[local] = Nothing.UNDEFINED;
      }
    }
    if (value >= 0) {
      inner.slots[value] = item;
    }
    if (index >= 0) {
      inner.slots[index] = at;
    }
    if (body.run(inner) == RETURN) {
      // It ends the turn, and not a function around: its value is nobody's.
      inner.result = Nothing.UNDEFINED;
    }
  }

  /** {@code $each(list, function)} where the function is a value. */
  static Object call(Run run, Object[] arguments) {
    Object of = Functions.argument(arguments, 0);
    Object function = Functions.argument(arguments, 1);
    List<?> list = Values.isObject(of) ? Lists.of(of) : null;
    if (list != null) {
      int size = list.size();
      for (int i = 0; i < size; i++) {
        run.step();
        Object item = i < list.size() ? Values.of(list.get(i)) : Nothing.UNDEFINED;
        Functions.call(run, Functions.required(function), item, i);
      }
    } else {
      for (String key : Properties.keys(of)) {
        run.step();
        Functions.call(run, Functions.required(function), Properties.get(of, key), key);
      }
    }
    return Nothing.UNDEFINED;
  }
}
