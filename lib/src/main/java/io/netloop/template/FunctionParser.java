package io.netloop.template;

import io.netloop.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses functions: with arrows and without, and what they take. */
final class FunctionParser {
  private final Parser parser;

  FunctionParser(Parser parser) {
    this.parser = parser;
  }

  /** Whether an arrow function begins here. */
  boolean isArrow() {
    if (parser.peek().kind() == Kind.NAME) {
      return parser.peek(1).is("=>") && !parser.peek(1).newline();
    }
    if (!parser.peek().is("(")) {
      return false;
    }
    int level = 0;
    for (int i = 0; ; i++) {
      Token token = parser.peek(i);
      if (token.kind() == Kind.TEXT || token.kind() == Kind.CLOSE || token.kind() == Kind.END) {
        return false;
      }
      if (token.is("(") || token.is("[") || token.is("{")) {
        level++;
      } else if (token.is(")") || token.is("]") || token.is("}")) {
        level--;
        if (level == 0) {
          return parser.peek(i + 1).is("=>");
        }
      }
    }
  }

  Expr arrow() {
    Scope own = new Scope(parser.scope, Scope.Kind.FUNCTION);
    Scope outer = parser.scope;
    parser.scope = own;
    List<Expr.Parameter> parameters;
    if (parser.peek().kind() == Kind.NAME) {
      String name = parser.expectName();
      own.declare(name, false);
      parameters = List.of(new Expr.Parameter(new Expr.NameBinding(name, null), false));
    } else {
      parameters = parameters();
    }
    Token arrow = parser.expect("=>");
    List<Stmt> body =
        parser.peek().is("{")
            ? parser.body()
            : List.of(new Stmt.Return(parser.assignment(), arrow.tag()));
    parser.scope = outer;
    return new Expr.Function("", own, parameters, body, true);
  }

  /** Behind the name; see {@link Parser#function}. */
  Expr.Function function(String name) {
    Scope own = new Scope(parser.scope, Scope.Kind.FUNCTION);
    Scope outer = parser.scope;
    parser.scope = own;
    if (!name.isEmpty()) {
      own.declare(name, false);
    }
    List<Expr.Parameter> parameters = parameters();
    List<Stmt> body = parser.body();
    parser.scope = outer;
    return new Expr.Function(name, own, parameters, body, false);
  }

  private List<Expr.Parameter> parameters() {
    parser.expect("(");
    List<Expr.Parameter> parameters = new ArrayList<>();
    while (!parser.peek().is(")")) {
      boolean rest = parser.take("...");
      parameters.add(new Expr.Parameter(new Bindings(parser, true).parse(true), rest));
      if (!parser.take(",")) {
        break;
      }
    }
    parser.expect(")");
    return parameters;
  }
}
