package io.netloop.template;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a class of Java shows to templates: the parts of a record, the public getters of anything
 * else. Nothing of the class itself, of class loaders, threads or reflection can be reached.
 */
final class Shape {
  /** The packages of the JDK whose getters are data; all others of the JDK show nothing. */
  private static final Set<String> OPEN_PACKAGES =
      Set.of("java.time", "java.time.chrono", "java.time.temporal", "java.util", "java.net");

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return new Shape(type);
        }
      };

  private final Map<String, MethodHandle> getters = new LinkedHashMap<>();
  private final Class<?> type;

  private Shape(Class<?> type) {
    this.type = type;
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
  }

  static Shape of(Object value) {
    return SHAPES.get(value.getClass());
  }

  private static boolean isOpen(Class<?> type) {
    Module module = type.getModule();
    String name = module.isNamed() ? module.getName() : "";
    return !(name.startsWith("java.") || name.startsWith("jdk."))
        || OPEN_PACKAGES.contains(type.getPackageName());
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
    MethodHandle handle = open(method);
    if (handle != null) {
      getters.put(name, handle.asType(MethodType.methodType(Object.class, Object.class)));
    }
  }

  /** A public method of a class that is not public counts where the class's package is open. */
  private @Nullable MethodHandle open(Method method) {
    try {
      Method visible = Modifier.isPublic(type.getModifiers()) ? method : inherited(method);
      if (visible == null) {
        visible = method;
        if (!visible.trySetAccessible()) {
          return null;
        }
      }
      return MethodHandles.lookup().unreflect(visible);
    } catch (IllegalAccessException e) {
      return openByForce(method);
    }
  }

  private static @Nullable MethodHandle openByForce(Method method) {
    try {
      return method.trySetAccessible() ? MethodHandles.lookup().unreflect(method) : null;
    } catch (IllegalAccessException e) {
      return null;
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
    return !getters.isEmpty();
  }

  Set<String> names() {
    return getters.keySet();
  }

  @Nullable MethodHandle getter(String name) {
    return getters.get(name);
  }

  /** Calls a getter; what it throws is an error of the template's. */
  static Object read(MethodHandle getter, Object of, String name) {
    try {
      Object value = getter.invokeExact(of);
      if (value != null && !isHarmless(value.getClass())) {
        return Nothing.UNDEFINED;
      }
      return Values.of(value);
    } catch (Error | Failure | LimitExceeded e) {
      throw e;
    } catch (Throwable e) {
      throw Failure.of(
          "reading '%s' of a %s failed: %s".formatted(name, of.getClass().getSimpleName(), e), e);
    }
  }
}
