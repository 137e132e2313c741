package io.netloop.template;

import java.time.temporal.TemporalAccessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tags that print a value. */
final class Printing {
  private Printing() {}

  /** Prints escaped. */
  static final class Escaped extends Action {
    private final Node value;

    /** The same where it is the most frequent kind, whose code then needs no look-up. */
    private final Access.@Nullable LocalMember member;

    Escaped(Node value) {
      this.value = value;
      this.member = value instanceof Access.LocalMember local ? local : null;
    }

    @Override
    int run(Frame frame) {
      Object printed = member == null ? value.get(frame) : member.get(frame);
      if (printed instanceof String text) {
        frame.out.appendEscaped(text);
      } else {
        escaped(frame, printed);
      }
      return NEXT;
    }
  }

  /** Prints as it is. */
  static final class Raw extends Action {
    private final Node value;

    Raw(Node value) {
      this.value = value;
    }

    @Override
    int run(Frame frame) {
      Object printed = value.get(frame);
      if (Functions.isFunction(printed)) {
        printed = result(frame.page.run, printed);
      }
      frame.out.append(printed instanceof String text ? text : Values.rawText(printed));
      return NEXT;
    }
  }

  /** A value whose computing may print too: that is thrown away, as in the original. */
  static Node withoutPrints(Node value) {
    return Node.of(frame -> {
      Out out = frame.out;
      int start = out.length();
      out.hold();
      try {
        return value.get(frame);
      } finally {
        out.truncate(start);
        out.release();
      }
    });
  }

  private static void escaped(Frame frame, Object printed) {
    if (printed instanceof String text) {
      frame.out.appendEscaped(text);
    } else if (printed instanceof Integer number) {
      frame.out.append(number.intValue());
    } else if (printed instanceof Double number && Double.isFinite(number)) {
      frame.out.append(number.doubleValue());
    } else if (!(printed instanceof Nothing)) {
      frame.out.appendEscaped(text(frame.page.run, printed));
    }
  }

  private static Object result(Run run, Object function) {
    Object value = function;
    for (int i = 0; i < 100 && Functions.isFunction(value); i++) {
      value = Functions.callWith(run, value, value, Functions.NONE);
    }
    return value;
  }

  /** The text of a value before it is escaped. */
  static String text(Run run, Object printed) {
    Object value = Functions.isFunction(printed) ? result(run, printed) : printed;
    return switch (value) {
      case String text -> text;
      case Nothing nothing -> "";
      case Double number -> Double.isFinite(number) ? Numbers.text(number.doubleValue()) : "null";
      case Number number -> Numbers.text(number);
      case Boolean truth -> truth.toString();
      case Map<?, ?> map -> Json.text(map);
      default -> isText(value) ? String.valueOf(value) : Json.text(value);
    };
  }

  /** Objects of Java that are a text: dates, addresses, identifiers. */
  private static boolean isText(Object value) {
    return value instanceof TemporalAccessor
        || (!Lists.isList(value)
            && !(value instanceof Moment)
            && !(value instanceof Regex)
            && !Shape.of(value).isObject());
  }
}
