package io.netloop.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that are declared in one place. After parsing, {@link #allocate} gives each variable a
 * slot: in a frame of the scope's own where a function may keep it, else in the frame around it.
 */
final class Scope {
  enum Kind {
    FUNCTION,
    /** The body of an each or a block: a function that runs where it stands. */
    INLINE,
    BLOCK
  }

  /** One variable. */
  static final class Variable {
    final boolean constant;
    int slot = -1;

    Variable(boolean constant) {
      this.constant = constant;
    }
  }

  final @Nullable Scope outer;
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final List<Scope> inner = new ArrayList<>();
  private Kind kind;
  private boolean keptByFunctions;
  private boolean ownFrame;
  private int slots;

  Scope(@Nullable Scope outer, Kind kind) {
    this.outer = outer;
    this.kind = kind;
    if (outer != null) {
      outer.inner.add(this);
    }
  }

  /** The function's body is no function after all. */
  void inline() {
    kind = Kind.INLINE;
  }

  boolean isInline() {
    return kind == Kind.INLINE;
  }

  /** Declares a variable here; one that is declared already stays. */
  Variable declare(String name, boolean constant) {
    return variables.computeIfAbsent(name, unknown -> new Variable(constant));
  }

  /** Declares a variable of the function around. */
  Variable declareVar(String name) {
    Scope at = this;
    while (at.kind == Kind.BLOCK && at.outer != null) {
      at = at.outer;
    }
    return at.declare(name, false);
  }

  @Nullable Variable find(String name) {
    return variables.get(name);
  }

  boolean isDeclared(String name) {
    for (Scope at = this; at != null; at = at.outer) {
      if (at.variables.containsKey(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether its variables live in a frame of its own. */
  boolean hasFrame() {
    return ownFrame;
  }

  /** How many slots its frame has. */
  int slots() {
    return slots;
  }

  /** The slots of its own variables. */
  int[] ownSlots() {
    return variables.values().stream().mapToInt(variable -> variable.slot).toArray();
  }

  /** Gives each variable of this scope and of all in it a slot. */
  void allocate() {
    seekFunctions();
    place(this);
  }

  private boolean seekFunctions() {
    for (Scope scope : inner) {
      boolean kept = scope.seekFunctions();
      keptByFunctions |= kept || scope.kind == Kind.FUNCTION;
    }
    return keptByFunctions;
  }

  private void place(Scope frame) {
    ownFrame = kind == Kind.FUNCTION || frame == this || (keptByFunctions && !variables.isEmpty());
    Scope home = ownFrame ? this : frame;
    for (Variable variable : variables.values()) {
      variable.slot = home.slots++;
    }
    for (Scope scope : inner) {
      scope.place(home);
    }
  }

  /** Takes a slot for a variable that was found missing after {@link #allocate}. */
  Variable add(String name) {
    Variable variable = declare(name, false);
    if (variable.slot < 0) {
      variable.slot = slots++;
    }
    return variable;
  }
}
