package io.netloop.template;

import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * JavaScript's rules for what a value is worth: truth, text, number, equality (ECMAScript 2023, 7.1
 * and 7.2).
 */
final class Values {
  private Values() {}

  /** A value that comes from Java, as the package has it: no null, no wrapper. */
  static Object of(@Nullable Object value) {
    if (value == null) {
      return Nothing.NULL;
    }
    if (value instanceof String
        || value instanceof Integer
        || value instanceof Record
        || value instanceof List<?>
        || value instanceof Map<?, ?>) {
      return value;
    }
    return value instanceof Boolean || value instanceof Double || value instanceof Nothing
        ? value
        : other(value);
  }

  private static Object other(Object value) {
    if (Shape.of(value).isPlain()) {
      return value;
    }
    return switch (value) {
      case Number number -> number(number);
      case Character c -> c.toString();
      case CharSequence text -> text.toString();
      case Enum<?> constant -> constant.name();
      case Optional<?> optional -> of(optional.orElse(null));
      case OptionalInt optional -> optional.isPresent() ? optional.getAsInt() : Nothing.NULL;
      case OptionalLong optional -> optional.isPresent() ? optional.getAsLong() : Nothing.NULL;
      case OptionalDouble optional -> optional.isPresent() ? optional.getAsDouble() : Nothing.NULL;
      case java.util.Date date -> date(date);
      default -> JsonTree.unwrap(value);
    };
  }

  @SuppressWarnings("JavaUtilDate") // users have such data
  private static Moment date(java.util.Date date) {
    return new Moment(date.getTime());
  }

  private static Number number(Number number) {
    return switch (number) {
      case Short s -> s.intValue();
      case Byte b -> b.intValue();
      case Float f -> Double.valueOf(f.toString());
      case AtomicInteger i -> i.get();
      case AtomicLong l -> l.get();
      default -> number;
    };
  }

  /** A value on its way to Java: undefined is null there. */
  static @Nullable Object toJava(Object value) {
    return value instanceof Nothing ? null : value instanceof Moment at ? at.toInstant() : value;
  }

  static boolean truth(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof Integer i) {
      return i != 0;
    }
    if (value instanceof Number number) {
      double d = number.doubleValue();
      return d != 0 && !Double.isNaN(d);
    }
    return !(value instanceof Nothing);
  }

  static boolean isNothing(Object value) {
    return value instanceof Nothing;
  }

  /** ToString. */
  static String text(Object value) {
    return switch (value) {
      case String text -> text;
      case Number number -> Numbers.text(number);
      case Boolean truth -> truth.toString();
      case Nothing nothing -> nothing.toString();
      default -> objectText(value);
    };
  }

  private static String objectText(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map instanceof ErrorObject error ? error.toString() : "[object Object]";
    }
    List<?> list = Lists.of(value);
    if (list != null) {
      return Lists.join(list, ",");
    }
    if (Functions.isFunction(value)) {
      return "function () { [native code] }";
    }
    if (value instanceof Moment
        || value instanceof Regex
        || value instanceof TemporalAccessor
        || !Shape.of(value).isObject()) {
      return String.valueOf(value);
    }
    return "[object Object]";
  }

  /** What stands where a value is printed without escaping: JSON for objects. */
  static String rawText(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (isPlainObject(value) && !(value instanceof ErrorObject)) {
      return Json.text(value);
    }
    return text(value);
  }

  /** Whether a value has named parts, and is no list, function, date or text. */
  static boolean isPlainObject(Object value) {
    return value instanceof Map<?, ?>
        || (isObject(value)
            && !Functions.isFunction(value)
            && !Lists.isList(value)
            && !(value instanceof Moment)
            && !(value instanceof Regex)
            && Shape.of(value).isObject());
  }

  static boolean isObject(Object value) {
    return !(value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Nothing);
  }

  /** ToNumber. */
  static double number(Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case String text -> Numbers.parse(text);
      case Boolean truth -> truth ? 1 : 0;
      case Nothing nothing -> nothing == Nothing.NULL ? 0 : Double.NaN;
      case Moment moment -> moment.millis();
      default -> Numbers.parse(text(value));
    };
  }

  /** ToIntegerOrInfinity, held inside an int. */
  static int integer(Object value) {
    if (value instanceof Integer i) {
      return i;
    }
    return (int) number(value);
  }

  /** ToPrimitive without a hint. */
  static Object primitive(Object value) {
    return isObject(value) ? text(value) : value;
  }

  static String typeOf(Object value) {
    return switch (value) {
      case String text -> "string";
      case Number number -> "number";
      case Boolean truth -> "boolean";
      case Nothing nothing -> nothing == Nothing.NULL ? "object" : "undefined";
      default -> Functions.isFunction(value) ? "function" : "object";
    };
  }

  /** The operator {@code ===}. */
  @SuppressWarnings("ReferenceEquality") // objects are the same where they are one
  static boolean same(Object a, Object b) {
    if (a == b) {
      return !(a instanceof Double d && d.isNaN());
    }
    if (a instanceof Integer x && b instanceof Integer y) {
      return x.intValue() == y.intValue();
    }
    if (a instanceof Long x && b instanceof Long y) {
      return x.longValue() == y.longValue();
    }
    if (a instanceof Number x && b instanceof Number y) {
      return x.doubleValue() == y.doubleValue();
    }
    if (a instanceof String || a instanceof Boolean || a instanceof TemporalAccessor) {
      return a.equals(b);
    }
    return false;
  }

  /** The operator {@code ==}. */
  static boolean equal(Object a, Object b) {
    if (a instanceof Nothing || b instanceof Nothing) {
      return a instanceof Nothing && b instanceof Nothing;
    }
    boolean objectA = isObject(a);
    boolean objectB = isObject(b);
    if (objectA && objectB) {
      return same(a, b);
    }
    if (objectA) {
      return equal(primitive(a), b);
    }
    if (objectB) {
      return equal(a, primitive(b));
    }
    if (a.getClass() == b.getClass() || (a instanceof Number && b instanceof Number)) {
      return same(a, b);
    }
    return number(a) == number(b);
  }

  /** SameValueZero: as {@code ===}, but NaN is itself. */
  static boolean sameOrNaN(Object a, Object b) {
    return same(a, b) || (a instanceof Double x && x.isNaN() && b instanceof Double y && y.isNaN());
  }

  /** Compares as {@code <} does: negative, 0, positive, or 2 where one is no number. */
  static int compare(Object left, Object right) {
    if (left instanceof Integer a && right instanceof Integer b) {
      return Integer.compare(a, b);
    }
    Object a = comparable(left);
    Object b = comparable(right);
    if (a instanceof String x && b instanceof String y) {
      return Integer.signum(x.compareTo(y));
    }
    double x = number(a);
    double y = number(b);
    if (x < y) {
      return -1;
    }
    return x > y ? 1 : x == y ? 0 : 2;
  }

  private static Object comparable(Object value) {
    return value instanceof Moment moment ? moment.millis() : primitive(value);
  }

  /** The operator {@code +}. */
  static Object add(Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      return Texts.concat(a, b);
    }
    if (left instanceof Integer a && right instanceof Integer b) {
      return Numbers.narrow((long) a + b);
    }
    Object a = primitive(left);
    Object b = primitive(right);
    if (a instanceof String || b instanceof String) {
      return Texts.concat(text(a), text(b));
    }
    return Numbers.narrow(number(a) + number(b));
  }

  /** Whether a stream of Java's can be looped over. */
  static boolean isStream(Object value) {
    return value instanceof BaseStream<?, ?>;
  }
}
