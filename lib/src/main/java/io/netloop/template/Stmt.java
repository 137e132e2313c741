package io.netloop.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement as it was parsed; each knows where the tag begins that it stands in. */
sealed interface Stmt {
  int tag();

  /** Text of the template. */
  record Text(String text, int tag) implements Stmt {}

  /** Prints the first of the values. */
  record Output(List<Expr> values, boolean raw, int tag) implements Stmt {}

  record Expression(Expr expr, int tag) implements Stmt {}

  /**
   * Variables.
   *
   * @param fresh whether one without a value is undefined anew: {@code let}, not {@code var}
   */
  record Declare(boolean fresh, List<Declarator> parts, int tag) implements Stmt {}

  /** A variable, or several out of one value. */
  record Declarator(Expr.Binding binding, @Nullable Expr value) {}

  record FunctionOf(String name, Expr.Function function, int tag) implements Stmt {}

  record If(Expr test, Stmt yes, @Nullable Stmt no, int tag) implements Stmt {}

  record For(
      Scope scope,
      @Nullable Stmt init,
      @Nullable Expr test,
      @Nullable Expr update,
      Stmt body,
      int tag)
      implements Stmt {}

  /**
   * for-in and for-of.
   *
   * @param declared what is declared for each turn, or null where a variable is assigned
   * @param assigned the variable that is assigned, or null
   */
  record ForEach(
      Scope scope,
      Expr.@Nullable Binding declared,
      @Nullable Expr assigned,
      boolean keys,
      Expr subject,
      Stmt body,
      int tag)
      implements Stmt {}

  record While(Expr test, Stmt body, int tag) implements Stmt {}

  record DoWhile(Stmt body, Expr test, int tag) implements Stmt {}

  record Switch(Scope scope, Expr subject, List<Case> cases, int tag) implements Stmt {}

  /** One case; a null test is the default. */
  record Case(@Nullable Expr test, List<Stmt> body) {}

  record Break(int tag) implements Stmt {}

  record Continue(int tag) implements Stmt {}

  record Return(@Nullable Expr value, int tag) implements Stmt {}

  record Throw(Expr value, int tag) implements Stmt {}

  record Try(
      Block body,
      @Nullable Scope scope,
      Expr.@Nullable Binding error,
      @Nullable Block handler,
      @Nullable Block last,
      int tag)
      implements Stmt {}

  record Block(Scope scope, List<Stmt> body, int tag) implements Stmt {}
}
