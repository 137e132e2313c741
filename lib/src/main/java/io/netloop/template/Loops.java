package io.netloop.template;

import org.jspecify.annotations.Nullable;

/** Parses the three forms of {@code for}. */
final class Loops {
  private final StatementParser parser;

  Loops(StatementParser parser) {
    this.parser = parser;
  }

  Stmt loop(Token token) {
    parser.next();
    parser.expect("(");
    Scope outer = parser.scope;
    Scope scope = new Scope(outer, Scope.Kind.BLOCK);
    parser.scope = scope;
    Stmt statement = head(scope, token);
    parser.scope = outer;
    return statement;
  }

  private Stmt head(Scope scope, Token token) {
    Token first = parser.peek();
    if (first.isWord("var") || first.isWord("let") || first.isWord("const")) {
      Stmt.Declare declaration = parser.declaration(false);
      Stmt.Declarator only = declaration.parts().getFirst();
      if (declaration.parts().size() == 1 && only.value() == null && isEach()) {
        return each(scope, only.binding(), null, token);
      }
      return counting(scope, declaration, token);
    }
    if (first.is(";")) {
      return counting(scope, null, token);
    }
    Expr init = parser.expressionWithoutIn();
    if (isEach()) {
      return each(scope, null, init, token);
    }
    return counting(scope, new Stmt.Expression(init, token.tag()), token);
  }

  private boolean isEach() {
    Token token = parser.peek();
    return token.isWord("in") || isOf(token);
  }

  private static boolean isOf(Token token) {
    return token.kind() == Token.Kind.NAME && token.text().equals("of");
  }

  private Stmt each(
      Scope scope, Expr.@Nullable Binding declared, @Nullable Expr assigned, Token token) {
    boolean keys = !isOf(parser.next());
    Expr subject = keys ? parser.inside() : parser.assignment();
    parser.expect(")");
    Stmt body = parser.embeddedStatement();
    return new Stmt.ForEach(scope, declared, assigned, keys, subject, body, token.tag());
  }

  private Stmt counting(Scope scope, @Nullable Stmt init, Token token) {
    parser.expect(";");
    Expr test = parser.peek().is(";") ? null : parser.inside();
    parser.expect(";");
    Expr update = parser.peek().is(")") ? null : parser.inside();
    parser.expect(")");
    Stmt body = parser.embeddedStatement();
    return new Stmt.For(scope, init, test, update, body, token.tag());
  }
}
