package io.netloop.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the names of a template stand for: variables, names of the engine, imports, data.
 */
final class Names {
  /** What the engine gives each template. */
  static final Set<String> ENGINE =
      Set.of(
          "$data",
          "$imports",
          "$escape",
          "$each",
          "print",
          "include",
          "extend",
          "block",
          "undefined");

  /**
   * A name that is read once, when the template begins.
   *
   * @param imported what is registered under that name, or null where it is data
   */
  record Given(String name, int slot, @Nullable Object imported) {}

  private final Scope root;
  private final TemplateOptions options;
  private final List<Given> given = new ArrayList<>();
  private Scope current;
  private boolean extending;

  Names(Scope root, TemplateOptions options) {
    this.root = root;
    this.options = options;
    this.current = root;
  }

  /** A variable as it is reached from the scope at work. */
  record Place(int levels, int slot, boolean constant) {}

  Scope enter(Scope scope) {
    Scope before = current;
    current = scope;
    return before;
  }

  void leave(Scope before) {
    current = before;
  }

  /** Whether the name stands for what the engine gives, and no variable hides it. */
  boolean isEngine(String name) {
    boolean engine = ENGINE.contains(name) && !current.isDeclared(name);
    extending |= engine && name.equals("extend");
    return engine;
  }

  /** Whether the template may choose a layout. */
  boolean isExtending() {
    return extending;
  }

  TemplateOptions options() {
    return options;
  }

  List<Given> given() {
    return given;
  }

  /** The place of a variable; what is declared nowhere becomes a variable with the data's value. */
  Place place(String name) {
    int levels = 0;
    for (Scope at = current; at != null; at = at.outer) {
      Scope.Variable variable = at.find(name);
      if (variable != null) {
        if (at == root) {
          give(name, variable);
        }
        return new Place(levels, variable.slot, variable.constant);
      }
      levels += at.hasFrame() ? 1 : 0;
    }
    Scope.Variable variable = root.add(name);
    give(name, variable);
    return new Place(levels - 1, variable.slot, false);
  }

  /** Also a variable that the template sets has the data's value before. */
  private void give(String name, Scope.Variable variable) {
    for (Given one : given) {
      if (one.name.equals(name)) {
        return;
      }
    }
    Object function = options.imports().get(name);
    given.add(new Given(name, variable.slot, function == null ? null : Values.of(function)));
  }

  @Nullable Object imported(String name) {
    Object function = options.imports().get(name);
    if (function != null) {
      return Values.of(function);
    }
    Object global = Globals.get(name);
    return global == Nothing.UNDEFINED ? null : global;
  }
}
