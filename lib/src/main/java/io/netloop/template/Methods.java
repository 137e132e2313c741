package io.netloop.template;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** The methods that values have by themselves. */
final class Methods {
  private static final Set<String> OF_NUMBERS =
      Set.of("toFixed", "toString", "toPrecision", "valueOf", "toLocaleString");
  private static final Set<String> OF_FUNCTIONS = Set.of("call", "apply", "bind", "toString");
  private static final Set<String> OF_REGEXES = Set.of("test", "exec", "toString");

  private Methods() {}

  /** A method that was taken from a value without calling it. */
  static final class Bound extends Functions.Inner {
    private final Object of;
    private final String name;

    Bound(Object of, String name) {
      this.of = of;
      this.name = name;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // printing calls a function on itself
    Object call(Run run, Object self, Object[] arguments) {
      Object target = Values.isNothing(self) || self == this ? of : self;
      Object result = Methods.call(run, target, name, arguments);
      return result == null ? Nothing.UNDEFINED : result;
    }
  }

  /** Whether a value has a method; of maps and objects of Java only what it holds counts. */
  static boolean has(Object of, String name) {
    return switch (of) {
      case String text -> TextMethods.NAMES.contains(name);
      case Number number -> OF_NUMBERS.contains(name);
      case Boolean truth -> name.equals("toString");
      case Regex regex -> OF_REGEXES.contains(name);
      case Moment moment -> name.startsWith("get") || name.startsWith("to");
      default ->
          of instanceof TemplateFunction
              ? OF_FUNCTIONS.contains(name)
              : Lists.isList(of) && ListMethods.NAMES.contains(name);
    };
  }

  /** Calls a method; null where there is none of that name. */
  static @Nullable Object call(Run run, Object of, String name, Object[] arguments) {
    return switch (of) {
      case String text -> TextMethods.call(run, text, name, arguments);
      case Number number -> number(number, name, arguments);
      case Boolean truth ->
          name.equals("toString") ? truth.toString() : name.equals("valueOf") ? truth : null;
      case Regex regex -> regex(regex, name, arguments);
      case Moment moment -> {
        Object result = moment.call(name);
        yield result != null ? result : object(of, name, arguments);
      }
      case Map<?, ?> map -> object(of, name, arguments);
      default -> other(run, of, name, arguments);
    };
  }

  private static @Nullable Object other(Run run, Object of, String name, Object[] arguments) {
    if (Functions.isFunction(of)) {
      return function(run, of, name, arguments);
    }
    List<?> list = Lists.of(of);
    if (list != null) {
      Object result = new ListMethods(run, list, arguments).call(name);
      if (result != null) {
        return result;
      }
    }
    return object(of, name, arguments);
  }

  private static @Nullable Object number(Number number, String name, Object[] arguments) {
    double value = number.doubleValue();
    Object first = Functions.argument(arguments, 0);
    boolean given = first != Nothing.UNDEFINED;
    return switch (name) {
      case "toFixed" -> Numbers.fixed(value, given ? Values.integer(first) : 0);
      case "toPrecision" ->
          given ? Numbers.precision(value, Values.integer(first)) : Numbers.text(number);
      case "toString" ->
          given ? Numbers.inRadix(value, Values.integer(first)) : Numbers.text(number);
      case "toLocaleString" -> Texts.grouped(value);
      case "valueOf" -> number;
      default -> null;
    };
  }

  private static @Nullable Object regex(Regex regex, String name, Object[] arguments) {
    return switch (name) {
      case "test" -> exec(regex, Values.text(Functions.argument(arguments, 0))) != null;
      case "exec" -> {
        Object found = exec(regex, Values.text(Functions.argument(arguments, 0)));
        yield found == null ? Nothing.NULL : found;
      }
      case "toString" -> regex.toString();
      default -> null;
    };
  }

  /** The next match, or null where there is none. */
  static @Nullable Object exec(Regex regex, String text) {
    boolean continued = regex.isGlobal() || regex.isSticky();
    int from = continued ? regex.lastIndex : 0;
    if (from <= text.length()) {
      Matcher matcher = regex.matcher(text);
      if (matcher.find(from)) {
        regex.lastIndex = continued ? matcher.end() : regex.lastIndex;
        return Match.of(matcher, text);
      }
    }
    regex.lastIndex = continued ? 0 : regex.lastIndex;
    return null;
  }

  private static @Nullable Object function(
      Run run, Object function, String name, Object[] arguments) {
    Object self = Functions.argument(arguments, 0);
    Object[] rest =
        arguments.length > 1 ? Arrays.copyOfRange(arguments, 1, arguments.length) : Functions.NONE;
    return switch (name) {
      case "call" -> Functions.callWith(run, function, self, rest);
      case "apply" -> {
        List<?> list = rest.length > 0 ? Lists.of(rest[0]) : null;
        Object[] values = list == null ? Functions.NONE : list.toArray();
        Arrays.setAll(values, i -> Values.of(values[i]));
        yield Functions.callWith(run, function, self, values);
      }
      case "bind" ->
          Functions.of((inner, more) -> {
            Object[] all = Arrays.copyOf(rest, rest.length + more.length);
            System.arraycopy(more, 0, all, rest.length, more.length);
            return Functions.callWith(inner, function, self, all);
          });
      case "toString" -> Values.text(function);
      default -> null;
    };
  }

  private static @Nullable Object object(Object of, String name, Object[] arguments) {
    return switch (name) {
      case "hasOwnProperty" -> Properties.has(of, Values.text(Functions.argument(arguments, 0)));
      case "toString", "toLocaleString" -> Values.text(of);
      case "valueOf" -> of;
      default -> null;
    };
  }
}
