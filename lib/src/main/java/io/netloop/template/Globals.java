package io.netloop.template;

import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What {@code $imports} has besides what was registered: Math, JSON, Date and so on. */
final class Globals {
  private static final Logger LOG = System.getLogger("io.netloop.template");
  private static final Map<String, Object> ALL = new HashMap<>();

  private Globals() {}

  static Object get(String name) {
    return ALL.getOrDefault(name, Nothing.UNDEFINED);
  }

  static Set<String> names() {
    return ALL.keySet();
  }

  private static Object arg(Object[] arguments, int index) {
    return Functions.argument(arguments, index);
  }

  private static double num(Object[] arguments, int index) {
    return Values.number(arg(arguments, index));
  }

  private static String text(Object[] arguments, int index) {
    return Values.text(arg(arguments, index));
  }

  static Regex regex(String pattern, String flags) {
    try {
      return Regex.compile(pattern, flags);
    } catch (IllegalArgumentException e) {
      throw new Failure(new ErrorObject("SyntaxError", String.valueOf(e.getMessage())), e);
    }
  }

  static {
    ALL.put("Math", math());
    ALL.put("JSON", json());
    ALL.put("Object", object());
    ALL.put("Array", array());
    ALL.put("String", string());
    ALL.put("Number", number());
    ALL.put("Date", date());
    Functions.Body truth = (run, a) -> Values.truth(arg(a, 0));
    ALL.put("Boolean", new Namespace("Boolean", truth, null));
    Functions.Body pattern =
        (run, a) ->
            arg(a, 0) instanceof Regex regex
                ? regex(regex.source, a.length > 1 ? text(a, 1) : regex.flags)
                : regex(text(a, 0), a.length > 1 ? text(a, 1) : "");
    ALL.put("RegExp", new Namespace("RegExp", pattern, pattern));
    Functions.Body error = (run, a) -> new ErrorObject("Error", a.length > 0 ? text(a, 0) : "");
    ALL.put("Error", new Namespace("Error", error, error));
    functions();
    ALL.put("console", console());
    ALL.put("NaN", Double.NaN);
    ALL.put("Infinity", Double.POSITIVE_INFINITY);
    ALL.put("undefined", Nothing.UNDEFINED);
  }

  private static void functions() {
    function("parseInt", a -> Numbers.narrow(Numbers.parseInt(text(a, 0), radix(a))));
    function("parseFloat", a -> Numbers.narrow(Numbers.parseFloat(text(a, 0))));
    function("isNaN", a -> Double.isNaN(num(a, 0)));
    function("isFinite", a -> Double.isFinite(num(a, 0)));
    function("encodeURIComponent", a -> Uris.encode(text(a, 0), Uris.COMPONENT));
    function("encodeURI", a -> Uris.encode(text(a, 0), Uris.WHOLE));
    function("decodeURIComponent", a -> Uris.decode(text(a, 0), ""));
    function("decodeURI", a -> Uris.decode(text(a, 0), Uris.RESERVED));
  }

  private interface Plain {
    Object call(Object[] arguments);
  }

  private static void function(String name, Plain body) {
    ALL.put(name, Functions.of((run, arguments) -> body.call(arguments)));
  }

  private static int radix(Object[] arguments) {
    return arguments.length > 1 ? Numbers.int32(num(arguments, 1)) : 0;
  }

  private interface OfOne {
    double apply(double value);
  }

  private static Namespace math() {
    Namespace math = new Namespace("Math", null, null);
    Map<String, OfOne> ones =
        Map.ofEntries(
            Map.entry("abs", Math::abs),
            Map.entry("ceil", Math::ceil),
            Map.entry("floor", Math::floor),
            Map.entry("sqrt", Math::sqrt),
            Map.entry("cbrt", Math::cbrt),
            Map.entry("sign", Math::signum),
            Map.entry("exp", StrictMath::exp),
            Map.entry("log", StrictMath::log),
            Map.entry("log2", value -> StrictMath.log(value) / StrictMath.log(2)),
            Map.entry("log10", StrictMath::log10),
            Map.entry("sin", StrictMath::sin),
            Map.entry("cos", StrictMath::cos),
            Map.entry("tan", StrictMath::tan),
            Map.entry("atan", StrictMath::atan),
            Map.entry("trunc", value -> value < 0 ? Math.ceil(value) : Math.floor(value)),
            Map.entry("round", Globals::round));
    ones.forEach((name, one) -> math.with(name, (run, a) -> Numbers.narrow(one.apply(num(a, 0)))));
    return math.with("max", (run, a) -> extreme(a, true))
        .with("min", (run, a) -> extreme(a, false))
        .with("pow", (run, a) -> Numbers.narrow(Operators.power(num(a, 0), num(a, 1))))
        .with("atan2", (run, a) -> Numbers.narrow(StrictMath.atan2(num(a, 0), num(a, 1))))
        .with("hypot", (run, a) -> Numbers.narrow(Math.hypot(num(a, 0), num(a, 1))))
        .with("random", (run, a) -> RandomGenerator.getDefault().nextDouble())
        .with("PI", (Object) Math.PI)
        .with("E", (Object) Math.E);
  }

  private static double round(double value) {
    // Not floor(value + 0.5): the sum is rounded too.
    double whole = Math.floor(value);
    return Double.isFinite(value)
        ? Math.copySign(value - whole >= 0.5 ? whole + 1 : whole, value)
        : value;
  }

  private static Object extreme(Object[] arguments, boolean most) {
    double result = most ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    for (Object argument : arguments) {
      double value = Values.number(argument);
      result = most ? Math.max(result, value) : Math.min(result, value);
    }
    return Numbers.narrow(result);
  }

  private static Namespace json() {
    return new Namespace("JSON", null, null)
        .with("stringify", (run, a) -> Json.stringify(arg(a, 0), gap(arg(a, 2))))
        .with("parse", (run, a) -> Json.parse(text(a, 0)));
  }

  private static String gap(Object space) {
    if (space instanceof Number number) {
      return " ".repeat(Math.clamp(number.intValue(), 0, 10));
    }
    return space instanceof String text ? text.substring(0, Math.min(10, text.length())) : "";
  }

  private static Namespace object() {
    return new Namespace("Object", (run, a) -> new LinkedHashMap<String, Object>(), null)
        .with("keys", (run, a) -> new ArrayList<Object>(Properties.keys(defined(a))))
        .with("values", (run, a) -> entries(run, defined(a), false))
        .with("entries", (run, a) -> entries(run, defined(a), true))
        .with(
            "assign",
            (run, a) -> {
              for (int i = 1; i < a.length; i++) {
                for (String key : Properties.keys(a[i])) {
                  Properties.set(a[0], key, Properties.get(a[i], key));
                }
              }
              return arg(a, 0);
            })
        .with("freeze", (run, a) -> arg(a, 0));
  }

  private static Object defined(Object[] arguments) {
    Object value = arg(arguments, 0);
    if (Values.isNothing(value)) {
      throw Failure.type("Cannot convert undefined or null to object");
    }
    return value;
  }

  private static Object entries(Run run, Object of, boolean withKeys) {
    List<Object> entries = new ArrayList<>();
    for (String key : Properties.keys(of)) {
      run.step();
      Object value = Properties.get(of, key);
      entries.add(withKeys ? new ArrayList<>(List.of(key, value)) : value);
    }
    return entries;
  }

  private static Namespace array() {
    Functions.Body make =
        (run, a) -> {
          List<Object> list = new ArrayList<>();
          if (a.length == 1 && a[0] instanceof Number size) {
            if (size.doubleValue() % 1 != 0) {
              throw Failure.range("Invalid array length");
            }
            Lists.grow(size.longValue());
            run.steps(size.longValue());
            Lists.set(list, "length", Numbers.narrow(size.doubleValue()));
          } else {
            list.addAll(Arrays.asList(a));
          }
          return list;
        };
    return new Namespace("Array", make, make)
        .with("isArray", (run, a) -> Values.isObject(arg(a, 0)) && Lists.isList(arg(a, 0)))
        .with("of", (run, a) -> new ArrayList<>(Arrays.asList(a)))
        .with(
            "from",
            (run, a) -> {
              List<Object> items = Operators.items(run, arg(a, 0));
              if (a.length < 2 || a[1] == Nothing.UNDEFINED) {
                return items;
              }
              List<Object> mapped = new ArrayList<>();
              for (int i = 0; i < items.size(); i++) {
                mapped.add(
                    Functions.callWith(run, Functions.required(a[1]), arg(a, 2), items.get(i), i));
              }
              return mapped;
            });
  }

  private static Namespace string() {
    Functions.Body make = (run, a) -> a.length == 0 ? "" : text(a, 0);
    return new Namespace("String", make, null)
        .with(
            "fromCharCode",
            (run, a) -> {
              StringBuilder text = new StringBuilder();
              for (int i = 0; i < a.length; i++) {
                text.append((char) Numbers.int32(num(a, i)));
              }
              return text.toString();
            });
  }

  private static Namespace number() {
    Functions.Body make = (run, a) -> a.length == 0 ? (Object) 0 : Numbers.narrow(num(a, 0));
    return new Namespace("Number", make, null)
        .with("isInteger", (run, a) -> arg(a, 0) instanceof Number n && n.doubleValue() % 1 == 0)
        .with("isNaN", (run, a) -> arg(a, 0) instanceof Double d && d.isNaN())
        .with(
            "isFinite",
            (run, a) -> arg(a, 0) instanceof Number n && Double.isFinite(n.doubleValue()))
        .with("parseFloat", (run, a) -> Numbers.narrow(Numbers.parseFloat(text(a, 0))))
        .with("parseInt", (run, a) -> Numbers.narrow(Numbers.parseInt(text(a, 0), radix(a))))
        .with("MAX_SAFE_INTEGER", (Object) (double) ((1L << 53) - 1))
        .with("MIN_SAFE_INTEGER", (Object) (double) (1 - (1L << 53)));
  }

  private static Namespace date() {
    Functions.Body now = (run, a) -> (double) java.time.Instant.now().toEpochMilli();
    return new Namespace(
            "Date",
            (run, a) -> new Moment(java.time.Instant.now().toEpochMilli()).toString(),
            (run, a) -> {
              Object first = arg(a, 0);
              if (a.length == 0) {
                return new Moment(java.time.Instant.now().toEpochMilli());
              }
              if (a.length > 1) {
                return Operators.localDate(a);
              }
              return first instanceof String text
                  ? Moment.parse(text)
                  : first instanceof java.time.Instant instant
                      ? new Moment(instant.toEpochMilli())
                      : new Moment(Values.number(first));
            })
        .with("now", now)
        .with("parse", (run, a) -> Moment.parse(text(a, 0)).millis());
  }

  private static Namespace console() {
    Namespace console = new Namespace("console", null, null);
    for (String level : List.of("log", "info", "warn", "error", "debug")) {
      console.with(
          level,
          (run, a) -> {
            StringBuilder line = new StringBuilder();
            for (Object argument : a) {
              line.append(line.isEmpty() ? "" : " ").append(Values.rawText(argument));
            }
            LOG.log(
                switch (level) {
                  case "error" -> Logger.Level.ERROR;
                  case "warn" -> Logger.Level.WARNING;
                  case "debug" -> Logger.Level.DEBUG;
                  default -> Logger.Level.INFO;
                },
                line.toString());
            return Nothing.UNDEFINED;
          });
    }
    return console;
  }
}
