package io.netloop.template;

/** Compiles what changes variables and parts of objects. */
final class Assignments {
  /**
   * What computes the new value out of the old one; the value that was there is not always read.
   */
  interface Change {
    Object apply(Frame frame, Object old);
  }

  private final ExprCompiler compiler;

  Assignments(ExprCompiler compiler) {
    this.compiler = compiler;
  }

  Node assign(Expr.Assign assign) {
    Node value = compiler.compile(assign.value());
    String operator = assign.operator();
    if (operator.equals("=")) {
      return plain(assign.target(), value);
    }
    String binary = operator.substring(0, operator.length() - 1);
    return switch (binary) {
      case "&&", "||", "??" -> logical(binary, assign.target(), value);
      default -> {
        Operators.Binary apply = Operators.binary(binary);
        yield change(assign.target(), (frame, old) -> apply.apply(old, value.get(frame)), false);
      }
    };
  }

  /** Where nothing is assigned, nothing is written: the target may not be changeable. */
  private Node logical(String operator, Expr target, Node value) {
    Node current = compiler.compile(target);
    Node assigned = plain(target, value);
    return Node.of(frame -> {
      Object old = current.get(frame);
      boolean keep =
          switch (operator) {
            case "&&" -> !Values.truth(old);
            case "||" -> Values.truth(old);
            default -> !Values.isNothing(old);
          };
      return keep ? old : assigned.get(frame);
    });
  }

  private Node plain(Expr target, Node value) {
    if (target instanceof Expr.Name name) {
      Patterns.Target variable = variable(name);
      return Node.of(frame -> {
        Object assigned = value.get(frame);
        variable.set(frame, assigned);
        return assigned;
      });
    }
    Node of = compiler.compile(of(target));
    Node key = key(target);
    return Node.of(frame -> {
      Object object = of.get(frame);
      Object name = key.get(frame);
      Object assigned = value.get(frame);
      Properties.set(object, name, assigned);
      return assigned;
    });
  }

  Node update(Expr.Update update) {
    int step = update.operator().equals("++") ? 1 : -1;
    if (update.before()) {
      return change(
          update.target(), (frame, old) -> Values.add(Operators.unary("+", old), step), false);
    }
    return change(
        update.target(), (frame, old) -> Values.add(Operators.unary("+", old), step), true);
  }

  /**
   * Reads, computes and writes.
   *
   * @param givesOld whether the value of the whole is the number that was there before
   */
  private Node change(Expr target, Change change, boolean givesOld) {
    if (target instanceof Expr.Name name) {
      Node current = compiler.compile(name);
      Patterns.Target variable = variable(name);
      return Node.of(frame -> {
        Object old = current.get(frame);
        Object now = change.apply(frame, old);
        variable.set(frame, now);
        return givesOld ? Operators.unary("+", old) : now;
      });
    }
    Node of = compiler.compile(of(target));
    Node key = key(target);
    return Node.of(frame -> {
      Object object = of.get(frame);
      Object name = key.get(frame);
      Object old = Properties.get(object, name);
      Object now = change.apply(frame, old);
      Properties.set(object, name, now);
      return givesOld ? Operators.unary("+", old) : now;
    });
  }

  private Patterns.Target variable(Expr.Name name) {
    if (compiler.names.isEngine(name.name())) {
      throw new SyntaxError(
          "%s is a name of the engine and takes no value: choose another.".formatted(name.name()),
          name.tag());
    }
    if (compiler.names.place(name.name()).constant()) {
      return (frame, value) -> {
        throw Failure.type("Assignment to constant variable.");
      };
    }
    return compiler.variable(name.name());
  }

  private static Expr of(Expr target) {
    return switch (target) {
      case Expr.Member member -> member.of();
      case Expr.Index index -> index.of();
      default -> throw new IllegalStateException("cannot be assigned: " + target);
    };
  }

  private Node key(Expr target) {
    return switch (target) {
      case Expr.Member member -> new Node.Constant(member.name());
      case Expr.Index index -> compiler.compile(index.key());
      default -> throw new IllegalStateException("cannot be assigned: " + target);
    };
  }

  Node delete(Expr target) {
    if (!(target instanceof Expr.Member || target instanceof Expr.Index)) {
      return new Node.Constant(true);
    }
    Node of = compiler.compile(of(target));
    Node key = key(target);
    return Node.of(frame -> Properties.delete(of.get(frame), Values.text(key.get(frame))));
  }
}
