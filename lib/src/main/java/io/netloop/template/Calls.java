package io.netloop.template;

/** Looks for calls: what calls nothing prints nothing while it is computed. */
final class Calls {
  private Calls() {}

  static boolean in(Expr expr) {
    return switch (expr) {
      case Expr.Literal e -> false;
      case Expr.Name e -> false;
      case Expr.This e -> false;
      case Expr.Hole e -> false;
      case Expr.Pattern e -> false;
      case Expr.Function e -> false;
      case Expr.Member e -> in(e.of());
      case Expr.Index e -> in(e.of()) || in(e.key());
      case Expr.Chain e -> in(e.whole());
      case Expr.Unary e -> in(e.operand());
      case Expr.Update e -> in(e.target());
      case Expr.Binary e -> in(e.left()) || in(e.right());
      case Expr.Logical e -> in(e.left()) || in(e.right());
      case Expr.Conditional e -> in(e.test()) || in(e.yes()) || in(e.no());
      case Expr.Assign e -> in(e.target()) || in(e.value());
      case Expr.Spread e -> in(e.of());
      case Expr.Sequence e -> e.parts().stream().anyMatch(Calls::in);
      case Expr.ListOf e -> e.items().stream().anyMatch(Calls::in);
      case Expr.ObjectOf e -> e.properties().stream().anyMatch(one -> in(one.value()));
      case Expr.Interpolation e ->
          e.parts().stream().anyMatch(part -> part instanceof Expr inner && in(inner));
      case Expr.Call e -> true;
      case Expr.New e -> true;
    };
  }
}
