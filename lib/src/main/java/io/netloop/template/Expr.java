package io.netloop.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression as it was parsed. <i>Immutable</i>, except that scopes fill while parsing. */
sealed interface Expr {
  record Literal(Object value) implements Expr {}

  record Pattern(Regex regex) implements Expr {}

  /** Texts and expressions in turn. */
  record Interpolation(List<Object> parts) implements Expr {}

  record ListOf(List<Expr> items) implements Expr {}

  /** A missing item of a list. */
  record Hole() implements Expr {}

  record Spread(Expr of) implements Expr {}

  record ObjectOf(List<Property> properties) implements Expr {}

  /**
   * One entry of an object.
   *
   * @param key a literal or a computed key; null for a spread
   */
  record Property(@Nullable Expr key, Expr value) {}

  record Name(String name, int tag) implements Expr {}

  record This() implements Expr {}

  record Unary(String operator, Expr operand) implements Expr {}

  record Update(String operator, boolean before, Expr target) implements Expr {}

  record Binary(String operator, Expr left, Expr right) implements Expr {}

  record Logical(String operator, Expr left, Expr right) implements Expr {}

  record Conditional(Expr test, Expr yes, Expr no) implements Expr {}

  record Assign(String operator, Expr target, Expr value) implements Expr {}

  /** An assignment to a pattern of names. */
  record Sequence(List<Expr> parts) implements Expr {}

  record Member(Expr of, String name, boolean optional) implements Expr {}

  record Index(Expr of, Expr key, boolean optional) implements Expr {}

  record Call(Expr callee, List<Expr> arguments, boolean optional) implements Expr {}

  record New(Expr callee, List<Expr> arguments) implements Expr {}

  /** What {@code ?.} may cut short ends here. */
  record Chain(Expr whole) implements Expr {}

  /**
   * A function.
   *
   * @param scope its parameters and variables
   * @param body its statements; a single {@link Stmt.Return} for an arrow with an expression
   */
  record Function(
      String name, Scope scope, List<Parameter> parameters, List<Stmt> body, boolean arrow)
      implements Expr {}

  /**
   * A parameter, or a variable that is declared.
   *
   * @param rest whether it takes all that is left
   */
  record Parameter(Binding binding, boolean rest) {
    /** Whether it is a name and nothing else. */
    boolean isPlain() {
      return !rest && binding instanceof NameBinding name && name.otherwise() == null;
    }
  }

  /** What a value is taken apart into. */
  sealed interface Binding {}

  /** A name, with the value that it has where it would be undefined. */
  record NameBinding(String name, @Nullable Expr otherwise) implements Binding {}

  /** {@code [a, b]}; a null leaves an item out. */
  record ListBinding(List<@Nullable Parameter> items, @Nullable Expr otherwise)
      implements Binding {}

  /** {@code {a, b: c}}. */
  record ObjectBinding(List<Field> fields, @Nullable Expr otherwise) implements Binding {}

  /**
   * One part of an object that is taken apart.
   *
   * @param key null for the rest
   */
  record Field(@Nullable String key, Binding binding) {}
}
