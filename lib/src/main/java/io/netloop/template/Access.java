package io.netloop.template;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The nodes that read variables and parts of objects. */
final class Access {
  /**
   * What {@code ?.} gives where nothing stands before it; the end of the chain makes it undefined.
   */
  static final Cut CUT = Cut.CUT;

  /** The only one of its kind. */
  enum Cut {
    CUT
  }

  private Access() {}

  static boolean isCut(Object value) {
    return value instanceof Cut;
  }

  /** A variable of the frame itself. */
  static final class Local extends Node {
    private final int slot;

    Local(int slot) {
      this.slot = slot;
    }

    @Override
    Object get(Frame frame) {
      return frame.slots[slot];
    }

    int slot() {
      return slot;
    }
  }

  /** A variable of a frame further out. */
  static final class Outer extends Node {
    private final int levels;
    private final int slot;

    Outer(int levels, int slot) {
      this.levels = levels;
      this.slot = slot;
    }

    @Override
    Object get(Frame frame) {
      return frame.outward(levels).slots[slot];
    }
  }

  /** {@code a.b}; remembers the class that it met last. */
  static final class Member extends Node {
    private record Seen(Class<?> type, Function<Object, @Nullable Object> getter) {}

    private final Node of;
    private final String name;
    private final boolean optional;
    private @Nullable Seen seen;

    Member(Node of, String name, boolean optional) {
      this.of = of;
      this.name = name;
      this.optional = optional;
    }

    @Override
    Object get(Frame frame) {
      return of(of.get(frame));
    }

    private Object of(Object object) {
      Seen last = seen;
      if (last != null && last.type == object.getClass()) {
        return Shape.read(last.getter, object, name);
      }
      if (object instanceof Map<?, ?> map) {
        return Properties.get(map, name);
      }
      return other(object);
    }

    private Object other(Object object) {
      if (isCut(object) || (optional && Values.isNothing(object))) {
        return CUT;
      }
      if (Values.isObject(object)
          && !Lists.isList(object)
          && !(object instanceof Moment || object instanceof Regex)
          && !(object instanceof TemplateFunction)) {
        Function<Object, @Nullable Object> getter = Shape.of(object).getter(name);
        if (getter != null) {
          seen = new Seen(object.getClass(), getter);
        }
      }
      return Properties.get(object, name);
    }
  }

  /** {@code a.b} where a is a variable of the frame: the most frequent of all. */
  static final class LocalMember extends Node {
    private final int slot;
    private final Member member;

    LocalMember(int slot, Member member) {
      this.slot = slot;
      this.member = member;
    }

    @Override
    Object get(Frame frame) {
      return member.of(frame.slots[slot]);
    }
  }

  /** {@code a[b]}. */
  static final class Index extends Node {
    private final Node of;
    private final Node key;
    private final boolean optional;

    Index(Node of, Node key, boolean optional) {
      this.of = of;
      this.key = key;
      this.optional = optional;
    }

    @Override
    Object get(Frame frame) {
      Object object = of.get(frame);
      if (isCut(object) || (optional && Values.isNothing(object))) {
        return CUT;
      }
      return Properties.get(object, key.get(frame));
    }
  }
}
