package io.netloop.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses what is declared: a name, or a pattern that takes a value apart. */
final class Bindings {
  private final Parser parser;
  private final boolean inBlock;
  private final boolean constant;

  /** For parameters and {@code let}, in the scope itself, or for {@code var}. */
  Bindings(Parser parser, boolean inBlock) {
    this(parser, inBlock, false);
  }

  Bindings(Parser parser, boolean inBlock, boolean constant) {
    this.parser = parser;
    this.inBlock = inBlock;
    this.constant = constant;
  }

  /** Parses one, with what it is otherwise where that is allowed. */
  Expr.Binding parse(boolean withDefault) {
    if (parser.take("[")) {
      List<Expr.@Nullable Parameter> items = items();
      return new Expr.ListBinding(items, otherwise(withDefault));
    }
    if (parser.take("{")) {
      List<Expr.Field> fields = fields();
      return new Expr.ObjectBinding(fields, otherwise(withDefault));
    }
    String name = declare(parser.expectName());
    return new Expr.NameBinding(name, otherwise(withDefault));
  }

  private @Nullable Expr otherwise(boolean withDefault) {
    return withDefault && parser.take("=") ? parser.assignment() : null;
  }

  private String declare(String name) {
    if (inBlock) {
      parser.scope.declare(name, constant);
    } else {
      parser.scope.declareVar(name);
    }
    return name;
  }

  private List<Expr.@Nullable Parameter> items() {
    parser.deeper();
    List<Expr.@Nullable Parameter> items = new ArrayList<>();
    while (!parser.peek().is("]")) {
      if (parser.take(",")) {
        items.add(null);
        continue;
      }
      boolean rest = parser.take("...");
      items.add(new Expr.Parameter(parse(true), rest));
      if (!parser.take(",")) {
        break;
      }
    }
    parser.expect("]");
    parser.shallower(1);
    return items;
  }

  private List<Expr.Field> fields() {
    parser.deeper();
    List<Expr.Field> fields = new ArrayList<>();
    while (!parser.peek().is("}")) {
      fields.add(parser.take("...") ? new Expr.Field(null, parse(false)) : field());
      if (!parser.take(",")) {
        break;
      }
    }
    parser.expect("}");
    parser.shallower(1);
    return fields;
  }

  private Expr.Field field() {
    Token key = parser.peek();
    if (parser.peek(1).is(":")) {
      parser.next();
      parser.next();
      return new Expr.Field(String.valueOf(key.value()), parse(true));
    }
    String name = declare(parser.expectName());
    return new Expr.Field(name, new Expr.NameBinding(name, otherwise(true)));
  }
}
