package io.netloop.template;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What operators do with values. */
final class Operators {
  private Operators() {}

  /** What an operator makes of two values. */
  interface Binary {
    Object apply(Object left, Object right);
  }

  /** All but the comparisons that have nodes of their own. */
  static Binary binary(String operator) {
    return switch (operator) {
      case "+" -> Values::add;
      case "-" -> Operators::minus;
      case "*" -> Operators::times;
      case "/" -> (a, b) -> Numbers.narrow(Values.number(a) / Values.number(b));
      case "%" -> Operators::rest;
      case "**" -> (a, b) -> Numbers.narrow(power(Values.number(a), Values.number(b)));
      case "<=" -> (a, b) -> Values.compare(a, b) <= 0;
      case ">=" -> Operators::isAtLeast;
      case "in" -> Operators::in;
      case "instanceof" -> Operators::isInstance;
      default -> (a, b) -> bits(operator, a, b);
    };
  }

  static boolean isAtLeast(Object left, Object right) {
    int order = Values.compare(left, right);
    return order == 0 || order == 1;
  }

  private static Object minus(Object left, Object right) {
    if (left instanceof Integer a && right instanceof Integer b) {
      return Numbers.narrow((long) a - b);
    }
    return Numbers.narrow(Values.number(left) - Values.number(right));
  }

  private static Object times(Object left, Object right) {
    // 0 * -1 is -0, which is no Integer.
    if (left instanceof Integer a && right instanceof Integer b && a != 0 && b != 0) {
      return Numbers.narrow((long) a * b);
    }
    return Numbers.narrow(Values.number(left) * Values.number(right));
  }

  private static Object rest(Object left, Object right) {
    if (left instanceof Integer a && right instanceof Integer b && a >= 0 && b > 0) {
      return a % b;
    }
    return Numbers.narrow(Values.number(left) % Values.number(right));
  }

  static double power(double base, double exponent) {
    // JavaScript: 1 ** NaN and (-1) ** Infinity are NaN.
    return Math.abs(base) == 1 && (Double.isNaN(exponent) || Double.isInfinite(exponent))
        ? Double.NaN
        : StrictMath.pow(base, exponent);
  }

  private static Object bits(String operator, Object left, Object right) {
    int a = Numbers.int32(Values.number(left));
    int b = Numbers.int32(Values.number(right));
    return switch (operator) {
      case "&" -> a & b;
      case "|" -> a | b;
      case "^" -> a ^ b;
      case "<<" -> a << b;
      case ">>" -> a >> b;
      case ">>>" -> Numbers.narrow((a & 0xffffffffL) >>> (b & 31));
      default -> throw new IllegalStateException("no operator " + operator);
    };
  }

  private static boolean in(Object key, Object of) {
    if (!Values.isObject(of)) {
      throw Failure.type(
          "Cannot use 'in' operator to search for '%s' in %s"
              .formatted(Values.text(key), Values.text(of)));
    }
    return Properties.has(of, Values.text(key));
  }

  private static boolean isInstance(Object value, Object type) {
    if (type instanceof Namespace namespace) {
      return namespace.isInstance(value);
    }
    if (Functions.isFunction(type)) {
      return false;
    }
    throw Failure.type(
        "Right-hand side of 'instanceof' is not "
            + (Values.isObject(type) ? "callable" : "an object"));
  }

  static Object unary(String operator, Object value) {
    return switch (operator) {
      case "-" -> {
        if (value instanceof Integer i && i != 0 && i != Integer.MIN_VALUE) {
          yield -i;
        }
        yield Numbers.narrow(-Values.number(value));
      }
      case "+" -> value instanceof Integer ? value : Numbers.narrow(Values.number(value));
      case "~" -> ~Numbers.int32(Values.number(value));
      case "typeof" -> Values.typeOf(value);
      case "void" -> Nothing.UNDEFINED;
      default -> throw new IllegalStateException("no operator " + operator);
    };
  }

  /** What for-of and spread go through: lists, texts by characters, streams. */
  static List<Object> items(Run run, Object value) {
    List<Object> items = new ArrayList<>();
    if (value instanceof String text) {
      text.codePoints().forEach(point -> items.add(Character.toString(point)));
    } else {
      List<?> list = Values.isObject(value) ? Lists.of(value) : null;
      if (list == null) {
        throw Failure.type(
            (Values.isObject(value) ? "object" : Values.text(value)) + " is not iterable");
      }
      for (Iterator<?> all = list.iterator(); all.hasNext(); ) {
        items.add(Values.of(all.next()));
      }
    }
    run.steps(items.size());
    return items;
  }

  /** {@code new Date(year, month, day, …)}, in the zone of the machine. */
  static Moment localDate(Object[] parts) {
    long[] numbers = {1970, 0, 1, 0, 0, 0, 0};
    for (int i = 0; i < Math.min(parts.length, numbers.length); i++) {
      double number = Values.number(parts[i]);
      if (!(Math.abs(number) < 1e9)) {
        return new Moment(Double.NaN);
      }
      numbers[i] = (long) number;
    }
    if (numbers[0] >= 0 && numbers[0] <= 99) {
      numbers[0] += 1900;
    }
    try {
      LocalDateTime time =
          LocalDateTime.of((int) numbers[0], 1, 1, 0, 0)
              .plusMonths(numbers[1])
              .plusDays(numbers[2] - 1)
              .plusHours(numbers[3])
              .plusMinutes(numbers[4])
              .plusSeconds(numbers[5]);
      return new Moment(
          time.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli() + (double) numbers[6]);
    } catch (DateTimeException e) {
      return new Moment(Double.NaN);
    }
  }
}
