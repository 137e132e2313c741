package io.netloop.template;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a class of Java shows to templates: the parts of a record, the public getters of anything
 * else. Nothing of the class itself, of class loaders, threads or reflection can be reached.
 */
final class Shape {
  /** The packages of the JDK whose getters are data; all others of the JDK show nothing. */
  private static final Set<String> OPEN_PACKAGES =
      Set.of("java.time", "java.time.chrono", "java.time.temporal", "java.util");

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return new Shape(type);
        }
      };

  private final Map<String, Function<Object, @Nullable Object>> getters = new LinkedHashMap<>();
  private final Class<?> type;
  private final boolean plain;
  private final boolean object;

  private Shape(Class<?> type) {
    this.type = type;
    this.plain = isPlain(type);
    if (type.isRecord()) {
      for (RecordComponent part : type.getRecordComponents()) {
        add(part.getName(), part.getAccessor());
      }
    } else if (isOpen(type)) {
      // By name: the order in which Java lists methods changes from run to run.
      Map<String, Method> found = new TreeMap<>();
      for (Method method : type.getMethods()) {
        String name = propertyName(method);
        if (name != null) {
          found.putIfAbsent(name, method);
        }
      }
      found.forEach(this::add);
    }
    // Objects of the JDK, such as an address or an identifier, are a text that has parts.
    this.object = !getters.isEmpty() && (type.isRecord() || !isOfJdk(type) || isEntry(type));
  }

  static Shape of(Object value) {
    return SHAPES.get(value.getClass());
  }

  private static boolean isOpen(Class<?> type) {
    // Of java.net this one alone: getters of a URL or of an address ask the network.
    return !isOfJdk(type) || type == URI.class || OPEN_PACKAGES.contains(type.getPackageName());
  }

  private static boolean isOfJdk(Class<?> type) {
    Module module = type.getModule();
    String name = module.isNamed() ? module.getName() : "";
    return name.startsWith("java.") || name.startsWith("jdk.");
  }

  private static boolean isEntry(Class<?> type) {
    return Map.Entry.class.isAssignableFrom(type);
  }

  private static @Nullable String propertyName(Method method) {
    String name = method.getName();
    Class<?> result = method.getReturnType();
    int prefix =
        name.startsWith("get") && result != void.class
            ? 3
            : name.startsWith("is") && (result == boolean.class || result == Boolean.class) ? 2 : 0;
    if (prefix == 0
        || name.length() == prefix
        || method.getParameterCount() > 0
        || Modifier.isStatic(method.getModifiers())
        || method.isBridge()
        || method.getDeclaringClass() == Object.class
        || !isHarmless(result)) {
      return null;
    }
    String rest = name.substring(prefix);
    // As java.beans does it: getURL is URL, getName is name.
    return rest.length() > 1 && Character.isUpperCase(rest.charAt(1))
        ? rest
        : Character.toLowerCase(rest.charAt(0)) + rest.substring(1);
  }

  /** Whether what a getter gives opens no way into the machine. */
  private static boolean isHarmless(Class<?> type) {
    return type != Class.class
        && type != Module.class
        && type != Thread.class
        && type != Runtime.class
        && type != Process.class
        && !ClassLoader.class.isAssignableFrom(type)
        && !type.getPackageName().startsWith("java.lang.reflect")
        && !type.getPackageName().startsWith("java.lang.invoke")
        && !type.getPackageName().startsWith("java.security");
  }

  private void add(String name, Method method) {
    Function<Object, @Nullable Object> getter = open(method);
    if (getter != null) {
      getters.put(name, getter);
    }
  }

  /**
   * A getter as a function. Public methods of classes that are not public count where the class's
   * package is open to this module, as all packages on the class path are.
   */
  private @Nullable Function<Object, @Nullable Object> open(Method method) {
    try {
      Shape.class.getModule().addReads(method.getDeclaringClass().getModule());
      MethodHandles.Lookup inside =
          MethodHandles.privateLookupIn(method.getDeclaringClass(), MethodHandles.lookup());
      return function(inside, inside.unreflect(method));
    } catch (IllegalAccessException closed) {
      return openPublic(method);
    }
  }

  private @Nullable Function<Object, @Nullable Object> openPublic(Method method) {
    Method visible = Modifier.isPublic(type.getModifiers()) ? method : inherited(method);
    if (visible == null) {
      return null;
    }
    try {
      MethodHandle handle =
          MethodHandles.publicLookup()
              .unreflect(visible)
              .asType(MethodType.methodType(Object.class, Object.class));
      return of -> call(handle, of);
    } catch (IllegalAccessException closed) {
      return null;
    }
  }

  /** As fast as a lambda of that class that calls the getter. */
  @SuppressWarnings("unchecked")
  private static Function<Object, @Nullable Object> function(
      MethodHandles.Lookup lookup, MethodHandle getter) {
    try {
      MethodHandle factory =
          LambdaMetafactory.metafactory(
                  lookup,
                  "apply",
                  MethodType.methodType(Function.class),
                  MethodType.methodType(Object.class, Object.class),
                  getter,
                  getter.type().wrap())
              .getTarget();
      return (Function<Object, @Nullable Object>) factory.invoke();
    } catch (Throwable e) {
      MethodHandle handle = getter.asType(MethodType.methodType(Object.class, Object.class));
      return of -> call(handle, of);
    }
  }

  private static @Nullable Object call(MethodHandle getter, Object of) {
    try {
      return getter.invokeExact(of);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new UndeclaredThrowableException(e);
    }
  }

  /** The same method in a public interface, where there is one. */
  private @Nullable Method inherited(Method method) {
    for (Class<?> parent : type.getInterfaces()) {
      if (Modifier.isPublic(parent.getModifiers())) {
        try {
          return parent.getMethod(method.getName());
        } catch (NoSuchMethodException e) {
          // Another interface may have it.
        }
      }
    }
    return null;
  }

  /** Whether it has parts that templates can name. */
  boolean isObject() {
    return object;
  }

  Set<String> names() {
    return getters.keySet();
  }

  @Nullable Function<Object, @Nullable Object> getter(String name) {
    return getters.get(name);
  }

  private static boolean isData(Object value) {
    return value instanceof Boolean
        || value instanceof Number
        || value instanceof Collection<?>
        || value instanceof Map<?, ?>;
  }

  /** Calls a getter; what it throws is an error of the template's. */
  static Object read(Function<Object, @Nullable Object> getter, Object of, String name) {
    Object value;
    try {
      value = getter.apply(of);
    } catch (Failure | LimitExceeded e) {
      throw e;
    } catch (Exception e) {
      throw Failure.of(
          "reading '%s' of a %s failed: %s".formatted(name, of.getClass().getSimpleName(), e), e);
    }
    if (value instanceof String
        || value instanceof Integer
        || value instanceof Double
        || value instanceof Boolean) {
      return value;
    }
    return value == null || isData(value) || isHarmless(value.getClass())
        ? Values.of(value)
        : Nothing.UNDEFINED;
  }

  /** Whether a value of this class is used as it is: no text, number or wrapper in disguise. */
  boolean isPlain() {
    return plain;
  }

  private static boolean isPlain(Class<?> type) {
    return !CharSequence.class.isAssignableFrom(type)
        && !Number.class.isAssignableFrom(type)
        && !Enum.class.isAssignableFrom(type)
        && !java.util.Date.class.isAssignableFrom(type)
        && type != Character.class
        && type != Optional.class
        && type != OptionalInt.class
        && type != OptionalLong.class
        && type != OptionalDouble.class
        && !JsonTree.isTree(type);
  }
}
