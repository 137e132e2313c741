package io.netloop.template;

import io.netloop.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Parses expressions: operators by their precedence, what is nested by recursion with a limit. */
class Parser extends Tokens {
  private static final Map<String, Integer> PRECEDENCE =
      Map.ofEntries(
          Map.entry("??", 1),
          Map.entry("||", 2),
          Map.entry("&&", 3),
          Map.entry("|", 4),
          Map.entry("^", 5),
          Map.entry("&", 6),
          Map.entry("==", 7),
          Map.entry("!=", 7),
          Map.entry("===", 7),
          Map.entry("!==", 7),
          Map.entry("<", 8),
          Map.entry(">", 8),
          Map.entry("<=", 8),
          Map.entry(">=", 8),
          Map.entry("in", 8),
          Map.entry("instanceof", 8),
          Map.entry("<<", 9),
          Map.entry(">>", 9),
          Map.entry(">>>", 9),
          Map.entry("+", 10),
          Map.entry("-", 10),
          Map.entry("*", 11),
          Map.entry("/", 11),
          Map.entry("%", 11),
          Map.entry("**", 12));

  private static final List<String> ASSIGNMENTS =
      List.of(
          "=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "&&=",
          "||=", "??=");

  Scope scope;

  /** Whether {@code in} is an operator: not in the head of a for. */
  private boolean withIn = true;

  private final FunctionParser functions = new FunctionParser(this);

  Parser(List<Token> tokens, Scope scope, int deepest) {
    super(tokens, deepest);
    this.scope = scope;
  }

  Expr expression() {
    Expr first = assignment();
    if (!peek().is(",")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>(List.of(first));
    while (take(",")) {
      parts.add(assignment());
    }
    return new Expr.Sequence(parts);
  }

  /** The head of a for, where {@code in} is no operator. */
  Expr expressionWithoutIn() {
    boolean before = withIn;
    withIn = false;
    Expr expr = expression();
    withIn = before;
    return expr;
  }

  Expr assignmentWithoutIn() {
    boolean before = withIn;
    withIn = false;
    Expr expr = assignment();
    withIn = before;
    return expr;
  }

  Expr assignment() {
    int before = depth();
    deeper();
    Expr expr = functions.isArrow() ? functions.arrow() : conditional();
    if (peek().kind() == Kind.PUNCTUATOR && ASSIGNMENTS.contains(peek().text())) {
      Token operator = next();
      if (!(expr instanceof Expr.Name
          || expr instanceof Expr.Member
          || expr instanceof Expr.Index)) {
        throw new SyntaxError(
            "Only variables and parts of objects can be assigned with '%s'."
                .formatted(operator.text()),
            operator.tag());
      }
      expr = new Expr.Assign(operator.text(), expr, assignment());
    }
    shallower(depth() - before);
    return expr;
  }

  private Expr conditional() {
    Expr test = binary(1);
    if (!take("?")) {
      return test;
    }
    boolean before = withIn;
    withIn = true;
    Expr yes = assignment();
    withIn = before;
    expect(":");
    return new Expr.Conditional(test, yes, assignment());
  }

  private Expr binary(int least) {
    int before = depth();
    boolean inBrackets = peek().is("(");
    Expr left = unary();
    while (true) {
      Token token = peek();
      int precedence = precedence(token);
      if (precedence < least) {
        shallower(depth() - before);
        return left;
      }
      next();
      deeper();
      // To the right: a ** b ** c.
      Expr right = binary(token.is("**") ? precedence : precedence + 1);
      if (token.is("**") && left instanceof Expr.Unary && !inBrackets) {
        throw new SyntaxError("Write (-a) ** b or -(a ** b).", token.tag());
      }
      left =
          precedence <= 3
              ? new Expr.Logical(token.text(), left, right)
              : new Expr.Binary(token.text(), left, right);
    }
  }

  private int precedence(Token token) {
    boolean operator =
        token.kind() == Kind.PUNCTUATOR
            || token.isWord("instanceof")
            || (withIn && token.isWord("in"));
    return operator ? PRECEDENCE.getOrDefault(token.text(), -1) : -1;
  }

  private Expr unary() {
    Token token = peek();
    switch (token.kind()) {
      case PUNCTUATOR -> {
        switch (token.text()) {
          case "!", "-", "+", "~" -> {
            return prefix();
          }
          case "++", "--" -> {
            next();
            return new Expr.Update(token.text(), true, target(unary(), token));
          }
          default -> {}
        }
      }
      case KEYWORD -> {
        if (token.isWord("typeof") || token.isWord("void") || token.isWord("delete")) {
          return prefix();
        }
      }
      default -> {}
    }
    Expr expr = postfix();
    Token after = peek();
    if ((after.is("++") || after.is("--")) && !after.newline()) {
      next();
      return new Expr.Update(after.text(), false, target(expr, after));
    }
    return expr;
  }

  private Expr prefix() {
    int before = depth();
    deeper();
    Token operator = next();
    Expr expr = new Expr.Unary(operator.text(), unary());
    shallower(depth() - before);
    return expr;
  }

  private static Expr target(Expr expr, Token token) {
    if (expr instanceof Expr.Name || expr instanceof Expr.Member || expr instanceof Expr.Index) {
      return expr;
    }
    throw new SyntaxError(
        "Only variables and parts of objects can be changed by %s.".formatted(token.text()),
        token.tag());
  }

  private Expr postfix() {
    int before = depth();
    Expr expr = takeWord("new") ? construction() : new Primary(this).parse();
    boolean optional = false;
    while (true) {
      Token token = peek();
      deeper();
      if (take(".")) {
        expr = new Expr.Member(expr, property(), false);
      } else if (take("?.")) {
        optional = true;
        expr = optional(expr);
      } else if (token.is("[")) {
        expr = new Expr.Index(expr, key(), false);
      } else if (token.is("(")) {
        expr = call(expr, false);
      } else {
        shallower(depth() - before);
        return optional ? new Expr.Chain(expr) : expr;
      }
    }
  }

  private Expr optional(Expr expr) {
    if (peek().is("[")) {
      return new Expr.Index(expr, key(), true);
    }
    return peek().is("(") ? call(expr, true) : new Expr.Member(expr, property(), true);
  }

  private String property() {
    Token token = next();
    if (token.kind() != Kind.NAME && token.kind() != Kind.KEYWORD) {
      throw unexpected(token, "a name");
    }
    return token.text();
  }

  private Expr key() {
    expect("[");
    Expr key = inside();
    expect("]");
    return key;
  }

  /** Between brackets, where {@code in} is an operator again. */
  Expr inside() {
    boolean before = withIn;
    withIn = true;
    Expr expr = expression();
    withIn = before;
    return expr;
  }

  private Expr call(Expr callee, boolean optional) {
    Expr.Call call = new Expr.Call(callee, arguments(), optional);
    if (callee instanceof Expr.Name name
        && (name.name().equals("$each") || name.name().equals("block"))
        && call.arguments().size() == 2
        && call.arguments().get(1) instanceof Expr.Function body
        && body.parameters().size() <= 2
        && body.parameters().stream().allMatch(Expr.Parameter::isPlain)
        && !scope.isDeclared(name.name())) {
      body.scope().inline();
    }
    return call;
  }

  List<Expr> arguments() {
    expect("(");
    boolean before = withIn;
    withIn = true;
    List<Expr> arguments = new ArrayList<>();
    while (!peek().is(")")) {
      arguments.add(take("...") ? new Expr.Spread(assignment()) : assignment());
      if (!take(",")) {
        break;
      }
    }
    withIn = before;
    expect(")");
    return arguments;
  }

  private Expr construction() {
    Expr callee = new Primary(this).parse();
    while (peek().is(".") || peek().is("[")) {
      deeper();
      callee =
          take(".")
              ? new Expr.Member(callee, property(), false)
              : new Expr.Index(callee, key(), false);
    }
    return new Expr.New(callee, peek().is("(") ? arguments() : List.of());
  }

  /** The statements of a function, in braces. */
  List<Stmt> body() {
    throw new IllegalStateException("expressions alone have no statements");
  }

  /**
   * Behind the word {@code function} and the name, or behind a method's name.
   *
   * @param name by which it knows itself, or empty
   */
  Expr.Function function(String name) {
    return functions.function(name);
  }

  /** An expression in a template literal, which has tokens of its own. */
  Expr embedded(List<Token> code, int tag) {
    Around around = enter(code, tag);
    Expr expr = expression();
    if (peek().kind() != Kind.END) {
      throw new SyntaxError("Unexpected %s in ${…}.".formatted(peek().shown()), tag);
    }
    leave(around);
    return expr;
  }
}
