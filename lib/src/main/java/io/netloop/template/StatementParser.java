package io.netloop.template;

import io.netloop.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the whole program of a template. */
final class StatementParser extends Parser {
  private final String source;
  private final TemplateOptions options;

  StatementParser(List<Token> program, Scope scope, String source, TemplateOptions options) {
    super(program, scope, options.limits().depth());
    this.source = source;
    this.options = options;
  }

  List<Stmt> program() {
    List<Stmt> statements = new ArrayList<>();
    while (peek().kind() != Kind.END) {
      if (peek().is("}")) {
        throw new SyntaxError(
            "%s closes nothing: there is no open tag or brace before it.".formatted(shown(peek())),
            peek().tag());
      }
      add(statements, statement());
    }
    return statements;
  }

  private static void add(List<Stmt> statements, @Nullable Stmt statement) {
    if (statement != null) {
      statements.add(statement);
    }
  }

  private String shown(Token token) {
    String text = TagReader.tagText(source, token.tag(), options);
    return text == null ? token.shown() : text;
  }

  /** Statements up to the brace that closes that one. */
  private List<Stmt> block(Token open) {
    List<Stmt> statements = new ArrayList<>();
    while (!peek().is("}")) {
      if (peek().kind() == Kind.END) {
        throw new SyntaxError("%s is not closed.".formatted(shown(open)), open.tag());
      }
      add(statements, statement());
    }
    close(open);
    return statements;
  }

  private void close(Token open) {
    Token close = next();
    if (close.word() != null && open.word() != null && !close.word().equals(open.word())) {
      throw new SyntaxError(
          "%s stands where %s must be closed first: {{/%s}} is missing before it."
              .formatted(shown(close), shown(open), open.word()),
          close.tag());
    }
  }

  @Override
  List<Stmt> body() {
    int before = depth();
    deeper();
    Token open = expect("{");
    List<Stmt> statements = block(open);
    shallower(depth() - before);
    return statements;
  }

  private Stmt.Block scopedBlock() {
    Token open = peek();
    Scope outer = scope;
    scope = new Scope(outer, Scope.Kind.BLOCK);
    Stmt.Block block = new Stmt.Block(scope, body(), open.tag());
    scope = outer;
    return block;
  }

  /** One statement; null for an empty one. */
  private @Nullable Stmt statement() {
    Token token = peek();
    return switch (token.kind()) {
      case TEXT -> new Stmt.Text(next().text(), token.tag());
      case ESCAPED, RAW -> output(token);
      case KEYWORD -> keyword(token);
      default -> other(token);
    };
  }

  private @Nullable Stmt other(Token token) {
    if (take(";")) {
      return null;
    }
    return token.is("{") ? scopedBlock() : expressionStatement(token);
  }

  private Stmt output(Token open) {
    next();
    List<Expr> values = new ArrayList<>();
    while (peek().kind() != Kind.CLOSE) {
      values.add(assignment());
      if (!take(",")) {
        break;
      }
    }
    if (peek().kind() != Kind.CLOSE) {
      throw new SyntaxError(
          "Unexpected %s: expected an operator, a filter or the end of the tag."
              .formatted(peek().shown()),
          open.tag());
    }
    next();
    return new Stmt.Output(values, open.kind() == Kind.RAW, open.tag());
  }

  private Stmt expressionStatement(Token token) {
    Expr expr = expression();
    end();
    return new Stmt.Expression(expr, token.tag());
  }

  /** A statement ends at a semicolon, before a brace, and where a line or a tag ends. */
  private void end() {
    Token token = peek();
    if (take(";") || token.newline() || token.is("}") || token.kind() == Kind.END) {
      return;
    }
    throw unexpected(token, "the end of the statement");
  }

  private Stmt keyword(Token token) {
    int before = depth();
    deeper();
    Stmt statement =
        switch (token.text()) {
          case "var", "let", "const" -> {
            Stmt declaration = declaration(true);
            end();
            yield declaration;
          }
          case "function" -> declaredFunction(token);
          case "if" -> condition(token);
          case "for" -> new Loops(this).loop(token);
          case "while" -> {
            next();
            yield new Stmt.While(inBrackets(), embeddedStatement(), token.tag());
          }
          case "do" -> doWhile(token);
          case "switch" -> choice(token);
          case "try" -> attempt(token);
          case "break", "continue" -> jump(token);
          case "return" -> {
            next();
            Expr value = endsHere() ? null : expression();
            end();
            yield new Stmt.Return(value, token.tag());
          }
          case "throw" -> {
            next();
            Expr value = expression();
            end();
            yield new Stmt.Throw(value, token.tag());
          }
          default -> expressionStatement(token);
        };
    shallower(depth() - before);
    return statement;
  }

  private boolean endsHere() {
    Token token = peek();
    return token.newline() || token.is(";") || token.is("}") || token.kind() == Kind.END;
  }

  private Stmt jump(Token token) {
    next();
    end();
    return token.isWord("break") ? new Stmt.Break(token.tag()) : new Stmt.Continue(token.tag());
  }

  Expr inBrackets() {
    expect("(");
    Expr expr = expression();
    expect(")");
    return expr;
  }

  /** The statement that belongs to another, such as the body of a loop. */
  Stmt embeddedStatement() {
    Token token = peek();
    if (token.kind() == Kind.END) {
      throw unexpected(token, "a statement");
    }
    Stmt statement = statement();
    return statement != null ? statement : new Stmt.Text("", token.tag());
  }

  /** {@code var}, {@code let} or {@code const}, with what it declares. */
  Stmt.Declare declaration(boolean in) {
    Token word = next();
    boolean constant = word.isWord("const");
    Bindings bindings = new Bindings(this, !word.isWord("var"), constant);
    List<Stmt.Declarator> parts = new ArrayList<>();
    do {
      Expr.Binding binding = bindings.parse(false);
      Expr value = null;
      if (take("=")) {
        value = in ? assignment() : assignmentWithoutIn();
      } else if (in && constant) {
        throw unexpected(peek(), "'=' and the value of the constant");
      }
      parts.add(new Stmt.Declarator(binding, value));
    } while (take(","));
    return new Stmt.Declare(!word.isWord("var"), parts, word.tag());
  }

  private Stmt declaredFunction(Token token) {
    next();
    String name = expectName();
    scope.declare(name, false);
    return new Stmt.FunctionOf(name, function(""), token.tag());
  }

  private Stmt condition(Token token) {
    next();
    Expr test = inBrackets();
    Stmt yes = embeddedStatement();
    Stmt no = null;
    // {{else}} of the standard syntax, or else in native code.
    if (takeWord("else")) {
      no = embeddedStatement();
    }
    return new Stmt.If(test, yes, no, token.tag());
  }

  private Stmt doWhile(Token token) {
    next();
    Stmt body = embeddedStatement();
    if (!takeWord("while")) {
      throw unexpected(peek(), "'while' after the body of do");
    }
    Expr test = inBrackets();
    take(";");
    return new Stmt.DoWhile(body, test, token.tag());
  }

  private Stmt choice(Token token) {
    next();
    Expr subject = inBrackets();
    Token open = expect("{");
    Scope outer = scope;
    scope = new Scope(outer, Scope.Kind.BLOCK);
    List<Stmt.Case> cases = new ArrayList<>();
    skipBlankText();
    while (!peek().is("}")) {
      cases.add(oneCase(open));
    }
    close(open);
    Stmt.Switch statement = new Stmt.Switch(scope, subject, cases, token.tag());
    scope = outer;
    return statement;
  }

  /** Between switch and its first case a template has blanks that nobody means. */
  private void skipBlankText() {
    while (peek().kind() == Kind.TEXT && peek().text().isBlank()) {
      next();
    }
  }

  private Stmt.Case oneCase(Token open) {
    Expr test = null;
    if (takeWord("case")) {
      test = expression();
    } else if (!takeWord("default")) {
      throw peek().kind() == Kind.END
          ? new SyntaxError("%s is not closed.".formatted(shown(open)), open.tag())
          : unexpected(peek(), "'case' or 'default'");
    }
    expect(":");
    List<Stmt> body = new ArrayList<>();
    while (!peek().is("}") && !peek().isWord("case") && !peek().isWord("default")) {
      if (peek().kind() == Kind.END) {
        throw new SyntaxError("%s is not closed.".formatted(shown(open)), open.tag());
      }
      add(body, statement());
    }
    return new Stmt.Case(test, body);
  }

  private Stmt attempt(Token token) {
    next();
    Stmt.Block body = scopedBlock();
    Scope caught = null;
    Expr.Binding error = null;
    Stmt.Block handler = null;
    Scope outer = scope;
    if (takeWord("catch")) {
      caught = new Scope(outer, Scope.Kind.BLOCK);
      scope = caught;
      if (take("(")) {
        error = new Bindings(this, true).parse(false);
        expect(")");
      }
      handler = scopedBlock();
      scope = outer;
    }
    Stmt.Block last = takeWord("finally") ? scopedBlock() : null;
    if (handler == null && last == null) {
      throw unexpected(peek(), "'catch' or 'finally' after try");
    }
    return new Stmt.Try(body, caught, error, handler, last, token.tag());
  }
}
