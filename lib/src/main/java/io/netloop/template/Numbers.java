package io.netloop.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Numbers as JavaScript writes and reads them (ECMAScript 2023, 6.1.6.1). Whole numbers that fit
 * are Integers here, all others Doubles; what Java gives keeps its type.
 */
final class Numbers {
  private static final long EXACT = 1L << 53;

  private Numbers() {}

  /** The same number, as an Integer where it is one. */
  static Number narrow(double value) {
    int whole = (int) value;
    if (whole == value && (whole != 0 || 1 / value > 0)) {
      return whole;
    }
    return value;
  }

  static Number narrow(long value) {
    return value == (int) value ? (Number) (int) value : (Number) (double) value;
  }

  static Number ofDigits(String digits, int radix) {
    return narrow(new BigInteger(digits, radix).doubleValue());
  }

  /** Number::toString of JavaScript; whole numbers of Java keep all their digits. */
  static String text(Number number) {
    return switch (number) {
      case Integer i -> Integer.toString(i);
      case Double d -> text(d.doubleValue());
      case Long l -> Long.toString(l);
      case BigInteger big -> big.toString();
      case BigDecimal big -> text(big);
      default -> text(number.doubleValue());
    };
  }

  private static String text(BigDecimal number) {
    if (number.precision() <= 15 && Math.abs(number.scale()) <= 300) {
      return text(number.doubleValue());
    }
    // Written out, a tiny or a huge one would fill the memory.
    return Math.abs(number.scale()) <= 300
        ? number.stripTrailingZeros().toPlainString()
        : number.stripTrailingZeros().toString();
  }

  static String text(double value) {
    if (value == (int) value) {
      return Integer.toString((int) value);
    }
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    if (Math.abs(value) <= EXACT && value == (long) value) {
      return Long.toString((long) value);
    }
    // Most numbers have few decimals: where dividing gives the same number back, they are these.
    long digits = thousandths(value);
    if (digits != 0) {
      byte[] text = new byte[20];
      int length = fewDecimals(digits, text, 0);
      return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }
    double size = Math.abs(value);
    return size >= 1e-3 && size < 1e7 ? Double.toString(value) : fromDigits(value);
  }

  /** How many thousandths a number is that has at most three decimals; 0 for all others. */
  static long thousandths(double value) {
    double thousands = value * 1000;
    long digits = (long) thousands;
    return digits == thousands && Math.abs(digits) < 1L << 50 && digits / 1000.0 == value
        ? digits
        : 0;
  }

  /** Writes such a number, not a whole one, 18 bytes at most; returns the place behind it. */
  static int fewDecimals(long thousandths, byte[] text, int from) {
    int at = from;
    long size = Math.abs(thousandths);
    if (thousandths < 0) {
      text[at++] = '-';
    }
    long whole = size / 1000;
    at = whole(whole, text, at);
    text[at++] = '.';
    int decimals = (int) (size - whole * 1000);
    int last = decimals % 100;
    text[at++] = (byte) ('0' + decimals / 100);
    if (last > 0) {
      text[at++] = (byte) ('0' + last / 10);
      if (last % 10 > 0) {
        text[at++] = (byte) ('0' + last % 10);
      }
    }
    return at;
  }

  /** Writes a whole number that is not negative; returns the place behind it. */
  static int whole(long number, byte[] text, int from) {
    if (number < 1000) {
      return few((int) number, text, from);
    }
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int at = from + digits - 1; at >= from; at--) {
      text[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return from + digits;
  }

  /** At most three digits, as most numbers have. */
  private static int few(int number, byte[] text, int from) {
    int at = from;
    if (number >= 100) {
      text[at++] = (byte) ('0' + number / 100);
    }
    if (number >= 10) {
      text[at++] = (byte) ('0' + number / 10 % 10);
    }
    text[at++] = (byte) ('0' + number % 10);
    return at;
  }

  /** From the shortest digits that give the number back: those of Java are these, set otherwise. */
  private static String fromDigits(double value) {
    BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    if (shortest.precision() == 2) {
      // Java writes two digits, the nearest such number, where one is enough: 4.9E-324 for 5e-324.
      BigDecimal shorter = shortest.round(new MathContext(1, RoundingMode.HALF_UP));
      shortest = shorter.doubleValue() == Math.abs(value) ? shorter : shortest;
    }
    String digits = shortest.unscaledValue().toString();
    int point = digits.length() - shortest.scale();
    StringBuilder text = new StringBuilder(24);
    if (value < 0) {
      text.append('-');
    }
    if (point > 21 || point < -5) {
      exponent(text, digits, point);
    } else if (point <= 0) {
      text.append("0.").repeat('0', -point).append(digits);
    } else if (point >= digits.length()) {
      text.append(digits).repeat('0', point - digits.length());
    } else {
      text.append(digits, 0, point).append('.').append(digits, point, digits.length());
    }
    return text.toString();
  }

  private static void exponent(StringBuilder text, String digits, int point) {
    text.append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('e').append(point > 0 ? '+' : '-').append(Math.abs(point - 1));
  }

  /** StringToNumber: NaN for what is none. */
  static double parse(String text) {
    String bare = Texts.trim(text);
    if (bare.isEmpty()) {
      return 0;
    }
    int length = bare.length();
    if (length > 2 && bare.charAt(0) == '0') {
      int radix =
          switch (bare.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
          };
      if (radix != 0) {
        return prefix(bare, 2, radix) == length
            ? new BigInteger(bare.substring(2), radix).doubleValue()
            : Double.NaN;
      }
    }
    int end = decimalPrefix(bare);
    return end == length ? decimal(bare) : Double.NaN;
  }

  private static double decimal(String text) {
    return text.endsWith("Infinity")
        ? (text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY)
        : Double.parseDouble(text);
  }

  /** parseFloat. */
  static double parseFloat(String text) {
    String bare = Texts.trim(text);
    int end = decimalPrefix(bare);
    return end == 0 ? Double.NaN : decimal(bare.substring(0, end));
  }

  /** parseInt; a radix of 0 stands for 10, or 16 after 0x. */
  static double parseInt(String text, int radix) {
    String bare = Texts.trim(text);
    boolean negative = bare.startsWith("-");
    int from = negative || bare.startsWith("+") ? 1 : 0;
    int base = radix == 0 ? 10 : radix;
    if ((radix == 0 || radix == 16) && bare.regionMatches(true, from, "0x", 0, 2)) {
      from += 2;
      base = 16;
    }
    if (base < 2 || base > 36) {
      return Double.NaN;
    }
    int end = prefix(bare, from, base);
    if (end == from) {
      return Double.NaN;
    }
    double value =
        new BigInteger(bare.substring(from, Math.min(end, from + 400)), base).doubleValue();
    return negative ? -value : value;
  }

  private static int prefix(String text, int from, int radix) {
    int at = from;
    while (at < text.length()
        && text.charAt(at) < 0x80
        && Character.digit(text.charAt(at), radix) >= 0) {
      at++;
    }
    return at;
  }

  /** How much of the text is a decimal number. */
  private static int decimalPrefix(String text) {
    int at = !text.isEmpty() && (text.charAt(0) == '+' || text.charAt(0) == '-') ? 1 : 0;
    if (text.startsWith("Infinity", at)) {
      return at + 8;
    }
    int start = at;
    at = prefix(text, at, 10);
    int digits = at - start;
    if (at < text.length() && text.charAt(at) == '.') {
      int end = prefix(text, at + 1, 10);
      digits += end - at - 1;
      at = digits == 0 ? at : end;
    }
    if (digits == 0) {
      return 0;
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      int sign = at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0 ? 2 : 1;
      int end = prefix(text, at + sign, 10);
      at = end > at + sign ? end : at;
    }
    return at;
  }

  /** toFixed: exact, and halves away from zero. */
  static String fixed(double value, int digits) {
    if (digits < 0 || digits > 100) {
      throw Failure.range("toFixed() digits argument must be between 0 and 100");
    }
    if (!Double.isFinite(value) || Math.abs(value) >= 1e21) {
      return text(value);
    }
    BigDecimal rounded = new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP);
    return (value < 0 && rounded.signum() == 0 ? "-" : "") + rounded.toPlainString();
  }

  /** toPrecision. */
  static String precision(double value, int digits) {
    if (!Double.isFinite(value)) {
      return text(value);
    }
    if (digits < 1 || digits > 100) {
      throw Failure.range("toPrecision() argument must be between 1 and 100");
    }
    if (value == 0) {
      return digits == 1 ? "0" : "0." + "0".repeat(digits - 1);
    }
    BigDecimal rounded =
        new BigDecimal(Math.abs(value)).round(new MathContext(digits, RoundingMode.HALF_UP));
    int exponent = rounded.precision() - rounded.scale() - 1;
    String sign = value < 0 ? "-" : "";
    if (exponent >= -6 && exponent < digits) {
      return sign + rounded.setScale(digits - 1 - exponent, RoundingMode.HALF_UP).toPlainString();
    }
    String all =
        rounded.setScale(digits - 1 - exponent, RoundingMode.HALF_UP).unscaledValue().toString();
    return sign
        + all.charAt(0)
        + (digits > 1 ? "." + all.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + Math.abs(exponent);
  }

  /** toString with a radix. */
  static String inRadix(double value, int radix) {
    if (radix < 2 || radix > 36) {
      throw Failure.range("toString() radix argument must be between 2 and 36");
    }
    if (radix == 10 || !Double.isFinite(value)) {
      return text(value);
    }
    double whole = Math.floor(Math.abs(value));
    StringBuilder digits = new StringBuilder();
    double rest = Math.abs(value) - whole;
    if (rest > 0) {
      // As many digits as the number has: half the distance to the next one.
      double delta = Math.max(0.5 * Math.ulp(Math.abs(value)), Double.MIN_VALUE);
      fraction(digits.append('.'), rest, delta, radix);
    }
    return (value < 0 ? "-" : "") + wholeInRadix(whole, radix) + digits;
  }

  /** Digits beyond the precision of the number are zeros, as V8 writes them. */
  private static String wholeInRadix(double value, int radix) {
    double whole = value;
    int zeros = 0;
    while (whole / radix >= EXACT) {
      whole /= radix;
      zeros++;
    }
    StringBuilder digits = new StringBuilder();
    do {
      double digit = whole % radix;
      digits.append(Character.forDigit((int) digit, radix));
      whole = (whole - digit) / radix;
    } while (whole > 0);
    return digits.reverse() + "0".repeat(zeros);
  }

  private static void fraction(StringBuilder text, double fraction, double precision, int radix) {
    double rest = fraction;
    double delta = precision;
    do {
      rest *= radix;
      delta *= radix;
      int digit = (int) rest;
      text.append(Character.forDigit(digit, radix));
      rest -= digit;
      if ((rest > 0.5 || (rest == 0.5 && (digit & 1) == 1)) && rest + delta > 1) {
        roundUp(text, radix);
        return;
      }
    } while (rest >= delta);
  }

  private static void roundUp(StringBuilder text, int radix) {
    int at = text.length() - 1;
    while (at >= 0 && text.charAt(at) != '.') {
      int digit = Character.digit(text.charAt(at), radix) + 1;
      if (digit < radix) {
        text.setCharAt(at, Character.forDigit(digit, radix));
        return;
      }
      text.setLength(at--);
    }
  }

  /** ToInt32. */
  static int int32(double value) {
    if (value == (int) value) {
      return (int) value;
    }
    if (!Double.isFinite(value)) {
      return 0;
    }
    double whole = value < 0 ? Math.ceil(value) : Math.floor(value);
    return (int) (long) (whole % 4294967296.0);
  }
}
