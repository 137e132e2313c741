package io.netloop.template;

import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calling what can be called: functions of templates, of the language and of Java. */
final class Functions {
  static final Object[] NONE = {};

  private Functions() {}

  /** A function that knows the rendering that it runs in. */
  abstract static class Inner implements TemplateFunction {
    abstract Object call(Run run, Object self, Object[] arguments);

    /** The rendering it belongs to, where Java calls it. */
    Run run() {
      return Run.detached();
    }

    @Override
    public final @Nullable Object call(@Nullable Object... arguments) {
      Object[] values = new Object[arguments.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = Values.of(arguments[i]);
      }
      return Values.toJava(call(run(), Nothing.UNDEFINED, values));
    }
  }

  /** A function of the language. */
  interface Body {
    Object call(Run run, Object[] arguments);
  }

  static Inner of(Body body) {
    return new Inner() {
      @Override
      Object call(Run run, Object self, Object[] arguments) {
        return body.call(run, arguments);
      }
    };
  }

  static boolean isFunction(Object value) {
    if (value instanceof Namespace namespace) {
      return namespace.isFunction();
    }
    return value instanceof TemplateFunction
        || value instanceof Function<?, ?>
        || value instanceof Supplier<?>
        || value instanceof BiFunction<?, ?, ?>
        || value instanceof Predicate<?>
        || value instanceof BiPredicate<?, ?>;
  }

  static Object argument(Object[] arguments, int index) {
    return index < arguments.length ? arguments[index] : Nothing.UNDEFINED;
  }

  /** Calls a function that is known to be one. */
  static Object call(Run run, Object function, Object... arguments) {
    if (function instanceof Inner inner) {
      return inner.call(run, Nothing.UNDEFINED, arguments);
    }
    return callJava(run, function, arguments);
  }

  static Object callWith(Run run, Object function, Object self, Object... arguments) {
    if (function instanceof Inner inner) {
      return inner.call(run, self, arguments);
    }
    return callJava(run, function, arguments);
  }

  /** A function that a method of the language was given. */
  static Object required(Object value) {
    if (!isFunction(value)) {
      throw Failure.type(
          (value instanceof String text ? "\"" + text + "\"" : Values.rawText(value))
              + " is not a function");
    }
    return value;
  }

  private static Object callJava(Run run, Object function, Object[] values) {
    run.step();
    @Nullable Object[] arguments = new @Nullable Object[values.length];
    Arrays.setAll(arguments, i -> Values.toJava(values[i]));
    try {
      return Values.of(invoke(function, arguments));
    } catch (Failure | LimitExceeded | TemplateError e) {
      throw e;
    } catch (RuntimeException e) {
      String reason = e.getMessage();
      throw Failure.of(reason == null ? e.getClass().getName() : reason, e);
    }
  }

  /** Of java.util.function, those that take and give anything. */
  @SuppressWarnings("unchecked")
  private static @Nullable Object invoke(Object function, @Nullable Object[] arguments) {
    @Nullable Object first = arguments.length > 0 ? arguments[0] : null;
    @Nullable Object second = arguments.length > 1 ? arguments[1] : null;
    return switch (function) {
      case TemplateFunction of -> of.call(arguments);
      case Function<?, ?> of -> ((Function<@Nullable Object, @Nullable Object>) of).apply(first);
      case Supplier<?> of -> of.get();
      case BiFunction<?, ?, ?> of ->
          ((BiFunction<@Nullable Object, @Nullable Object, @Nullable Object>) of)
              .apply(first, second);
      case Predicate<?> of -> ((Predicate<@Nullable Object>) of).test(first);
      case BiPredicate<?, ?> of ->
          ((BiPredicate<@Nullable Object, @Nullable Object>) of).test(first, second);
      default -> throw Failure.type(Values.text(function) + " is not a function");
    };
  }
}
