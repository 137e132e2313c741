package io.netloop.template;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Trees of Jackson's JsonNode (2 and 3) as maps, lists and values. They are known by the name of
 * their class and reached by handles: the package needs no JSON library.
 */
final class JsonTree {
  private static final Set<String> NODES =
      Set.of("tools.jackson.databind.JsonNode", "com.fasterxml.jackson.databind.JsonNode");

  /** The access to the nodes of one class; without a type for a class that is no node. */
  private static final ClassValue<JsonTree> TREES =
      new ClassValue<>() {
        @Override
        protected JsonTree computeValue(Class<?> type) {
          for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            if (NODES.contains(at.getName())) {
              return new JsonTree(at);
            }
          }
          return new JsonTree(null);
        }
      };

  private final @Nullable Class<?> type;

  private JsonTree(@Nullable Class<?> type) {
    this.type = type;
  }

  static boolean isTree(Class<?> type) {
    return TREES.get(type).type != null;
  }

  /** The value of a node, or a view of its children. */
  static Object unwrap(Object node) {
    JsonTree tree = TREES.get(node.getClass());
    if (tree.is(node, "isObject")) {
      return new ObjectView(tree, node);
    }
    if (tree.is(node, "isArray")) {
      return new ArrayView(tree, node);
    }
    if (tree.is(node, "isNull")) {
      return Nothing.NULL;
    }
    if (tree.is(node, "isMissingNode")) {
      return Nothing.UNDEFINED;
    }
    if (tree.is(node, "isNumber")) {
      return Values.of(tree.call(node, "numberValue"));
    }
    if (tree.is(node, "isBoolean")) {
      return Values.of(tree.call(node, "booleanValue"));
    }
    return Values.of(tree.call(node, "asText"));
  }

  private boolean is(Object node, String question) {
    return Boolean.TRUE.equals(call(node, question));
  }

  private @Nullable Object call(Object node, String method, Object... arguments) {
    try {
      Class<?>[] types = new Class<?>[arguments.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = arguments[i] instanceof Integer ? int.class : String.class;
      }
      Class<?> owner = java.util.Objects.requireNonNull(type);
      MethodHandle handle =
          MethodHandles.publicLookup().unreflect(owner.getMethod(method, types)).bindTo(node);
      return handle.invokeWithArguments(arguments);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a JsonNode could not be read: " + e, e);
    }
  }

  private static final class ArrayView extends AbstractList<Object> {
    private final JsonTree tree;
    private final Object node;

    ArrayView(JsonTree tree, Object node) {
      this.tree = tree;
      this.node = node;
    }

    @Override
    public Object get(int index) {
      return Values.of(tree.call(node, "get", index));
    }

    @Override
    public int size() {
      return (Integer) java.util.Objects.requireNonNull(tree.call(node, "size"));
    }
  }

  private static final class ObjectView extends AbstractMap<String, Object> {
    private final JsonTree tree;
    private final Object node;

    ObjectView(JsonTree tree, Object node) {
      this.tree = tree;
      this.node = node;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
      Object child = tree.call(node, "get", String.valueOf(key));
      return child == null ? null : Values.of(child);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
      return tree.call(node, "get", String.valueOf(key)) != null;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      Map<String, Object> all = new LinkedHashMap<>();
      if (tree.call(node, "properties") instanceof Set<?> entries) {
        for (Object one : entries) {
          Map.Entry<?, ?> entry = (Map.Entry<?, ?>) one;
          all.put(String.valueOf(entry.getKey()), Values.of(entry.getValue()));
        }
      }
      return all.entrySet();
    }
  }
}
