package io.netloop.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles what values are taken apart into. */
final class Patterns {
  /** Where a value goes. */
  interface Target {
    void set(Frame frame, Object value);
  }

  private final ExprCompiler compiler;

  Patterns(ExprCompiler compiler) {
    this.compiler = compiler;
  }

  Target target(Expr.Binding binding) {
    return switch (binding) {
      case Expr.NameBinding name -> otherwise(compiler.variable(name.name()), name.otherwise());
      case Expr.ListBinding list -> otherwise(list(list.items()), list.otherwise());
      case Expr.ObjectBinding object -> otherwise(object(object.fields()), object.otherwise());
    };
  }

  private Target otherwise(Target target, @Nullable Expr expr) {
    if (expr == null) {
      return target;
    }
    Node value = compiler.compile(expr);
    return (frame, given) ->
        target.set(frame, given == Nothing.UNDEFINED ? value.get(frame) : given);
  }

  private Target list(List<Expr.@Nullable Parameter> items) {
    List<@Nullable Target> targets = new ArrayList<>();
    boolean rest = false;
    for (Expr.@Nullable Parameter item : items) {
      targets.add(item == null ? null : target(item.binding()));
      rest = item != null && item.rest();
    }
    boolean withRest = rest;
    return (frame, value) -> {
      List<Object> values = Operators.items(frame.page.run, value);
      for (int i = 0; i < targets.size(); i++) {
        Target target = targets.get(i);
        if (target == null) {
          continue;
        }
        if (withRest && i == targets.size() - 1) {
          target.set(
              frame, new ArrayList<>(values.subList(Math.min(i, values.size()), values.size())));
        } else {
          target.set(frame, i < values.size() ? values.get(i) : Nothing.UNDEFINED);
        }
      }
    };
  }

  private Target object(List<Expr.Field> fields) {
    record Part(@Nullable String key, Target target) {}
    List<Part> parts = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (Expr.Field field : fields) {
      parts.add(new Part(field.key(), target(field.binding())));
      if (field.key() != null) {
        taken.add(field.key());
      }
    }
    return (frame, value) -> {
      if (Values.isNothing(value)) {
        throw Failure.type("Cannot destructure '%s' as it is %s.".formatted(value, value));
      }
      for (Part part : parts) {
        if (part.key != null) {
          part.target.set(frame, Properties.get(value, part.key));
          continue;
        }
        Map<String, Object> rest = new LinkedHashMap<>();
        for (String key : Properties.keys(value)) {
          if (!taken.contains(key)) {
            rest.put(key, Properties.get(value, key));
          }
        }
        part.target.set(frame, rest);
      }
    };
  }
}
