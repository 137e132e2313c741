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

  static Object binary(String operator, Object left, Object right) {
    return switch (operator) {
      case "+" -> Values.add(left, right);
      case "-", "*", "/", "%", "**" -> arithmetic(operator, left, right);
      case "==" -> Values.equal(left, right);
      case "!=" -> !Values.equal(left, right);
      case "===" -> Values.same(left, right);
      case "!==" -> !Values.same(left, right);
      case "<" -> Values.compare(left, right) == -1;
      case ">" -> Values.compare(left, right) == 1;
      case "<=" -> Values.compare(left, right) <= 0;
      case ">=" -> isAtLeast(left, right);
      case "in" -> in(left, right);
      case "instanceof" -> isInstance(left, right);
      default -> bits(operator, left, right);
    };
  }

  static boolean isAtLeast(Object left, Object right) {
    int order = Values.compare(left, right);
    return order == 0 || order == 1;
  }

  private static Object arithmetic(String operator, Object left, Object right) {
    if (left instanceof Integer a && right instanceof Integer b) {
      switch (operator) {
        case "-" -> {
          return Numbers.narrow((long) a - b);
        }
        case "*" -> {
          // 0 * -1 is -0, which is no Integer.
          if (a != 0 && b != 0) {
            return Numbers.narrow((long) a * b);
          }
        }
        case "%" -> {
          if (a >= 0 && b > 0) {
            return a % b;
          }
        }
        default -> {}
      }
    }
    double a = Values.number(left);
    double b = Values.number(right);
    return Numbers.narrow(
        switch (operator) {
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> a / b;
          case "%" -> a % b;
          default -> power(a, b);
        });
  }

  static double power(double base, double exponent) {
    // JavaScript: 1 ** NaN and (-1) ** Infinity are NaN.
    return Math.abs(base) == 1 && (Double.isNaN(exponent) || Double.isInfinite(exponent))
        ? Double.NaN
        : Math.pow(base, exponent);
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
    if (type instanceof Globals.Namespace namespace) {
      return namespace.isInstance(value);
    }
    if (Functions.isFunction(type)) {
      return false;
    }
    throw Failure.type("Right-hand side of 'instanceof' is not callable");
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
