package io.netloop.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of Array (ECMAScript 2023, 23.1.3). */
final class ListMethods {
  static final Set<String> NAMES =
      Set.of(
          "at",
          "concat",
          "entries",
          "every",
          "fill",
          "filter",
          "find",
          "findIndex",
          "findLast",
          "findLastIndex",
          "flat",
          "flatMap",
          "forEach",
          "includes",
          "indexOf",
          "join",
          "keys",
          "lastIndexOf",
          "map",
          "pop",
          "push",
          "reduce",
          "reduceRight",
          "reverse",
          "shift",
          "slice",
          "some",
          "sort",
          "splice",
          "toReversed",
          "toSorted",
          "toString",
          "unshift",
          "values");

  private final Run run;
  private final List<?> list;
  private final Object[] arguments;

  ListMethods(Run run, List<?> list, Object[] arguments) {
    this.run = run;
    this.list = list;
    this.arguments = arguments;
  }

  /** Calls one; null where there is none of that name. */
  @Nullable Object call(String name) {
    if (!NAMES.contains(name)) {
      return null;
    }
    try {
      Object result = looking(name);
      return result != null ? result : changing(name);
    } catch (UnsupportedOperationException e) {
      throw Failure.type(
          ("the list cannot be changed by %s: it is one of Java's that takes no changes;"
                  + " change a copy, list.slice()")
              .formatted(name));
    }
  }

  private Object argument(int index) {
    return Functions.argument(arguments, index);
  }

  private boolean given(int index) {
    return index < arguments.length && arguments[index] != Nothing.UNDEFINED;
  }

  private Object item(int index) {
    return Values.of(list.get(index));
  }

  private int relative(int index, int otherwise) {
    int at = given(index) ? Values.integer(arguments[index]) : otherwise;
    return at < 0 ? Math.max(0, at + list.size()) : Math.min(at, list.size());
  }

  /** Methods that leave the list as it is; null for the others. */
  private @Nullable Object looking(String name) {
    return switch (name) {
      case "at" -> {
        int at = Values.integer(argument(0));
        at = at < 0 ? at + list.size() : at;
        yield at >= 0 && at < list.size() ? item(at) : Nothing.UNDEFINED;
      }
      case "concat" -> concat();
      case "join" -> Lists.join(list, given(0) ? Values.text(argument(0)) : ",");
      case "toString" -> Lists.join(list, ",");
      case "slice" -> slice(relative(0, 0), relative(1, list.size()));
      case "indexOf" -> indexOf(false);
      case "includes" -> (Integer) indexOf(true) >= 0;
      case "lastIndexOf" -> lastIndexOf();
      case "keys", "values", "entries" -> entries(name);
      case "map", "filter", "forEach", "flatMap" -> collect(name);
      case "find", "findIndex", "some", "every" -> seek(name, 0, 1);
      case "findLast", "findLastIndex" -> seek(name, list.size() - 1, -1);
      case "reduce" -> reduce(0, 1);
      case "reduceRight" -> reduce(list.size() - 1, -1);
      case "flat" -> {
        List<Object> flat = new ArrayList<>();
        flatten(list, given(0) ? Values.integer(argument(0)) : 1, flat);
        yield flat;
      }
      case "toSorted" -> sorted(copy());
      case "toReversed" -> reversed(copy());
      default -> null;
    };
  }

  private @Nullable Object changing(String name) {
    List<Object> changed = Lists.changeable(list);
    return switch (name) {
      case "push" -> {
        Lists.grow((long) changed.size() + arguments.length);
        Collections.addAll(changed, arguments);
        yield changed.size();
      }
      case "unshift" -> {
        Lists.grow((long) changed.size() + arguments.length);
        changed.addAll(0, List.of(arguments));
        yield changed.size();
      }
      case "pop" -> changed.isEmpty() ? Nothing.UNDEFINED : Values.of(changed.removeLast());
      case "shift" -> changed.isEmpty() ? Nothing.UNDEFINED : Values.of(changed.removeFirst());
      case "splice" -> splice(changed);
      case "reverse" -> reversed(changed);
      case "sort" -> sorted(changed);
      case "fill" -> {
        Object value = argument(0);
        for (int i = relative(1, 0); i < relative(2, list.size()); i++) {
          changed.set(i, value);
        }
        yield list;
      }
      default -> null;
    };
  }

  private List<Object> copy() {
    return slice(0, list.size());
  }

  private List<Object> slice(int from, int to) {
    List<Object> part = new ArrayList<>(Math.max(0, to - from));
    for (int i = from; i < to; i++) {
      part.add(item(i));
    }
    run.steps(part.size());
    return part;
  }

  private List<Object> concat() {
    List<Object> all = copy();
    for (Object argument : arguments) {
      List<?> more = Values.isObject(argument) ? Lists.of(argument) : null;
      if (more == null) {
        all.add(argument);
      } else {
        Lists.grow((long) all.size() + more.size());
        run.steps(more.size());
        more.forEach(one -> all.add(Values.of(one)));
      }
    }
    return all;
  }

  private Object indexOf(boolean withNaN) {
    Object wanted = argument(0);
    for (int i = relative(1, 0); i < list.size(); i++) {
      Object item = item(i);
      if (withNaN ? Values.sameOrNaN(item, wanted) : Values.same(item, wanted)) {
        return i;
      }
    }
    return -1;
  }

  private Object lastIndexOf() {
    for (int i = list.size() - 1; i >= 0; i--) {
      if (Values.same(item(i), argument(0))) {
        return i;
      }
    }
    return -1;
  }

  private List<Object> entries(String name) {
    List<Object> entries = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Object entry =
          switch (name) {
            case "keys" -> i;
            case "values" -> item(i);
            default -> new ArrayList<>(List.of(i, item(i)));
          };
      entries.add(entry);
    }
    return entries;
  }

  private Object ask(Object function, int index) {
    run.step();
    return Functions.callWith(run, function, argument(1), item(index), index, list);
  }

  private Object collect(String name) {
    Object function = Functions.required(argument(0));
    List<Object> result = new ArrayList<>();
    int size = list.size();
    for (int i = 0; i < size && i < list.size(); i++) {
      Object item = item(i);
      Object answer = ask(function, i);
      switch (name) {
        case "map" -> result.add(answer);
        case "flatMap" -> flatten(new ArrayList<>(List.of(answer)), 1, result);
        case "filter" -> {
          if (Values.truth(answer)) {
            result.add(item);
          }
        }
        default -> {}
      }
    }
    return name.equals("forEach") ? Nothing.UNDEFINED : result;
  }

  private Object seek(String name, int from, int step) {
    Object function = Functions.required(argument(0));
    boolean every = name.equals("every");
    for (int i = from; i >= 0 && i < list.size(); i += step) {
      Object item = item(i);
      if (Values.truth(ask(function, i)) != every) {
        return switch (name) {
          case "some" -> true;
          case "every" -> false;
          case "findIndex", "findLastIndex" -> i;
          default -> item;
        };
      }
    }
    return switch (name) {
      case "some" -> false;
      case "every" -> true;
      case "findIndex", "findLastIndex" -> -1;
      default -> Nothing.UNDEFINED;
    };
  }

  private Object reduce(int from, int step) {
    Object function = Functions.required(argument(0));
    int i = from;
    Object value;
    if (arguments.length > 1) {
      value = arguments[1];
    } else if (list.isEmpty()) {
      throw Failure.type("Reduce of empty array with no initial value");
    } else {
      value = item(i);
      i += step;
    }
    for (; i >= 0 && i < list.size(); i += step) {
      run.step();
      value = Functions.call(run, function, value, item(i), i, list);
    }
    return value;
  }

  private void flatten(List<?> from, int levels, List<Object> into) {
    for (Object one : from) {
      run.step(); // For lists too: each may be in the other many times.
      Object item = Values.of(one);
      List<?> inner = levels > 0 && Values.isObject(item) ? Lists.of(item) : null;
      if (inner != null) {
        flatten(inner, Math.min(levels, Json.DEEPEST) - 1, into);
      } else {
        into.add(item);
        Lists.grow(into.size());
      }
    }
  }

  private List<Object> splice(List<Object> changed) {
    int from = relative(0, 0);
    int most = changed.size() - from;
    int count =
        arguments.length == 0
            ? 0
            : arguments.length == 1 ? most : Math.clamp(Values.integer(argument(1)), 0, most);
    List<Object> range = changed.subList(from, from + count);
    List<Object> removed = new ArrayList<>();
    range.forEach(one -> removed.add(Values.of(one)));
    range.clear();
    for (int i = 2; i < arguments.length; i++) {
      changed.add(from + i - 2, arguments[i]);
    }
    Lists.grow(changed.size());
    return removed;
  }

  private List<Object> reversed(List<Object> changed) {
    Collections.reverse(changed);
    run.steps(changed.size());
    return changed;
  }

  private List<Object> sorted(List<Object> changed) {
    Comparator<Object> order;
    if (given(0)) {
      Object function = Functions.required(argument(0));
      order = (a, b) -> sign(Functions.call(run, function, Values.of(a), Values.of(b)));
    } else {
      order = Comparator.comparing(value -> Values.text(Values.of(value)));
    }
    // Undefined stands last, and no function is asked about it.
    Comparator<Object> whole =
        (a, b) -> {
          run.step();
          boolean noA = a == Nothing.UNDEFINED;
          boolean noB = b == Nothing.UNDEFINED;
          return noA || noB ? Boolean.compare(noA, noB) : order.compare(a, b);
        };
    try {
      changed.sort(whole);
    } catch (IllegalArgumentException e) {
      throw Failure.of("sort() was given a function that contradicts itself", e);
    }
    return changed;
  }

  private static int sign(Object value) {
    double number = Values.number(value);
    return number < 0 ? -1 : number > 0 ? 1 : 0;
  }
}
