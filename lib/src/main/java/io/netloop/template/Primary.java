package io.netloop.template;

import io.netloop.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses what an expression is made of: literals, names, brackets, functions. */
final class Primary {
  private final Parser parser;

  Primary(Parser parser) {
    this.parser = parser;
  }

  Expr parse() {
    Token token = parser.peek();
    return switch (token.kind()) {
      case NAME -> new Expr.Name(parser.next().text(), token.tag());
      case NUMBER, STRING -> new Expr.Literal(parser.next().value());
      case TEMPLATE -> interpolation(parser.next());
      case REGEX -> new Expr.Pattern((Regex) parser.next().value());
      case KEYWORD -> keyword(token);
      default -> bracket(token);
    };
  }

  private Expr bracket(Token token) {
    parser.deeper();
    try {
      if (parser.take("(")) {
        Expr expr = parser.inside();
        parser.expect(")");
        return expr;
      }
      if (parser.take("[")) {
        return list();
      }
      if (parser.take("{")) {
        return object();
      }
    } finally {
      parser.shallower(1);
    }
    throw parser.unexpected(token, "a value");
  }

  private Expr keyword(Token token) {
    parser.next();
    return switch (token.text()) {
      case "true" -> new Expr.Literal(true);
      case "false" -> new Expr.Literal(false);
      case "null" -> new Expr.Literal(Nothing.NULL);
      case "this" -> new Expr.This();
      case "function" -> {
        String name = parser.peek().kind() == Kind.NAME ? parser.expectName() : "";
        yield parser.function(name);
      }
      case "class" ->
          throw new SyntaxError(
              "Classes cannot be declared in a template; data of that name is $data[\"class\"].",
              token.tag());
      default ->
          throw new SyntaxError(
              "Unexpected '%1$s': data of that name is $data[\"%1$s\"].".formatted(token.text()),
              token.tag());
    };
  }

  private Expr interpolation(Token token) {
    List<Object> parts = new ArrayList<>();
    for (Object part : (List<?>) token.value()) {
      if (part instanceof List<?> code) {
        parser.deeper();
        List<Token> tokens = new ArrayList<>();
        code.forEach(one -> tokens.add((Token) one));
        parts.add(parser.embedded(tokens, token.tag()));
        parser.shallower(1);
      } else if (!part.equals("")) {
        parts.add(part);
      }
    }
    return new Expr.Interpolation(parts);
  }

  private Expr list() {
    List<Expr> items = new ArrayList<>();
    while (!parser.peek().is("]")) {
      if (parser.take(",")) {
        items.add(new Expr.Hole());
        continue;
      }
      Expr item = item();
      items.add(item);
      if (!parser.take(",")) {
        break;
      }
    }
    parser.expect("]");
    return new Expr.ListOf(items);
  }

  private Expr item() {
    return parser.take("...") ? new Expr.Spread(parser.assignment()) : parser.assignment();
  }

  private Expr object() {
    List<Expr.Property> properties = new ArrayList<>();
    while (!parser.peek().is("}")) {
      properties.add(
          parser.take("...") ? new Expr.Property(null, parser.assignment()) : property());
      if (!parser.take(",")) {
        break;
      }
    }
    parser.expect("}");
    return new Expr.ObjectOf(properties);
  }

  private Expr.Property property() {
    Token token = parser.next();
    Expr key;
    switch (token.kind()) {
      case NAME, KEYWORD, STRING -> key = new Expr.Literal(token.value());
      case NUMBER -> key = new Expr.Literal(Values.text(token.value()));
      default -> {
        if (!token.is("[")) {
          throw parser.unexpected(token, "a key");
        }
        key = parser.inside();
        parser.expect("]");
      }
    }
    if (parser.take(":")) {
      return new Expr.Property(key, parser.assignment());
    }
    if (parser.peek().is("(")) {
      return new Expr.Property(key, parser.function(""));
    }
    if (token.kind() == Kind.NAME) {
      return new Expr.Property(key, new Expr.Name(token.text(), token.tag()));
    }
    throw parser.unexpected(parser.peek(), "':'");
  }
}
