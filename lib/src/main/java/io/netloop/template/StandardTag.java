package io.netloop.template;

import io.netloop.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What one tag of the standard syntax means, as tokens of the program. */
final class StandardTag {
  /**
   * An old form was used.
   *
   * @param tag where its tag begins
   */
  record Warning(int tag, String old, String now) {}

  private final int tag;
  private final Consumer<Warning> warnings;
  private final List<Token> out = new ArrayList<>();

  StandardTag(int tag, Consumer<Warning> warnings) {
    this.tag = tag;
    this.warnings = warnings;
  }

  List<Token> tokens() {
    return out;
  }

  /** Tells whether the code is a statement; else it is an expression to print. */
  boolean translate(String code, boolean closing) {
    List<Token> tokens = Scanner.scan(code, tag);
    // A keyword is one only at the very begin: after a line end or a comment it is a name.
    boolean first = !tokens.isEmpty() && code.startsWith(tokens.getFirst().text());
    String key = first ? tokens.getFirst().text() : "";
    List<Token> rest = first ? tokens.subList(1, tokens.size()) : tokens;
    if (closing) {
      return closing(key, tokens);
    }
    switch (key) {
      case "set" -> {
        word(Kind.KEYWORD, "var");
        out.addAll(rest);
      }
      case "if" -> condition("if", rest);
      case "else" -> otherwise(rest);
      case "each" -> each(tokens);
      case "block" -> {
        word(Kind.NAME, "block");
        mark("(");
        arguments(tokens);
        function(List.of(), "block");
      }
      case "echo", "print", "include", "extend" -> {
        return call(key, tokens, rest);
      }
      default -> {
        print(tokens);
        return false;
      }
    }
    return true;
  }

  private boolean closing(String key, List<Token> tokens) {
    switch (key) {
      case "if" -> out.add(Token.brace("}", tag, "if"));
      case "each", "block" -> {
        out.add(Token.brace("}", tag, key));
        mark(")");
      }
      default -> {
        print(tokens);
        return false;
      }
    }
    return true;
  }

  private void word(Kind kind, String text) {
    out.add(Token.of(kind, text, tag));
  }

  private void mark(String text) {
    out.add(Token.mark(text, tag));
  }

  private void condition(String word, List<Token> test) {
    word(Kind.KEYWORD, "if");
    mark("(");
    out.addAll(test);
    mark(")");
    out.add(Token.brace("{", tag, word));
  }

  private void otherwise(List<Token> rest) {
    out.add(Token.brace("}", tag, "if"));
    word(Kind.KEYWORD, "else");
    for (int i = 0; i < rest.size(); i++) {
      if (rest.get(i).isWord("if")) {
        condition("if", rest.subList(i + 1, rest.size()));
        return;
      }
    }
    out.add(Token.brace("{", tag, "if"));
  }

  private void each(List<Token> tokens) {
    List<List<Token>> groups = groups(tokens);
    groups.removeFirst();
    if (groups.size() > 1 && text(groups.get(1)).equals("as")) {
      warnings.accept(new Warning(tag, "each object as value index", "each object value index"));
      groups.remove(1);
    }
    word(Kind.NAME, "$each");
    mark("(");
    out.addAll(groups.isEmpty() ? List.of(name("$data")) : groups.getFirst());
    mark(",");
    function(
        List.of(
            groups.size() > 1 ? groups.get(1) : List.of(name("$value")),
            groups.size() > 2 ? groups.get(2) : List.of(name("$index"))),
        "each");
  }

  private Token name(String name) {
    return Token.of(Kind.NAME, name, tag);
  }

  /** The begin of a function whose body are the tags and texts up to the closing tag. */
  private void function(List<List<Token>> parameters, String word) {
    word(Kind.KEYWORD, "function");
    mark("(");
    for (int i = 0; i < parameters.size(); i++) {
      if (i > 0) {
        mark(",");
      }
      out.addAll(parameters.get(i));
    }
    mark(")");
    out.add(Token.brace("{", tag, word));
  }

  /** The arguments behind a keyword, with commas between them. */
  private void arguments(List<Token> tokens) {
    List<List<Token>> groups = groups(tokens);
    for (List<Token> group : groups.subList(1, groups.size())) {
      out.addAll(group);
      mark(",");
    }
    if (key(tokens).equals("block")) {
      if (groups.size() == 1) {
        throw new SyntaxError("{{block}} needs a name: {{block 'name'}}.", tag);
      }
      return;
    }
    if (groups.size() > 1) {
      out.removeLast();
    }
  }

  private static String key(List<Token> tokens) {
    return tokens.getFirst().text();
  }

  /** {@code {{print a b}}} is a statement; with brackets it is an expression. */
  private boolean call(String key, List<Token> tokens, List<Token> rest) {
    String name = key.equals("echo") ? "print" : key;
    if (key.equals("echo")) {
      warnings.accept(new Warning(tag, "echo value", "value"));
    }
    if (!rest.isEmpty() && rest.getFirst().is("(")) {
      print(tokens);
      return false;
    }
    word(Kind.NAME, name);
    mark("(");
    arguments(tokens);
    mark(")");
    return true;
  }

  /** An expression, and behind bars the filters that it passes. */
  private void print(List<Token> tokens) {
    List<List<Token>> parts = new ArrayList<>();
    parts.add(new ArrayList<>());
    // The first token is no bar: an expression does not begin with one.
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      List<Token> part = parts.getLast();
      if (token.is("|") && i > 0) {
        parts.add(new ArrayList<>());
      } else if (parts.size() > 1 && part.size() == 1 && token.is(":")) {
        warnings.accept(new Warning(tag, "value | filter: argv", "value | filter argv"));
      } else {
        part.add(token);
      }
    }
    List<Token> value = parts.getFirst();
    for (List<Token> filter : parts.subList(1, parts.size())) {
      value = filtered(value, filter);
    }
    out.addAll(value);
  }

  private List<Token> filtered(List<Token> value, List<Token> filter) {
    if (filter.isEmpty()) {
      throw new SyntaxError("After | stands the name of a filter.", tag);
    }
    List<List<Token>> groups = groups(filter);
    List<Token> call = new ArrayList<>();
    call.add(name("$imports"));
    call.add(Token.mark(".", tag));
    call.addAll(groups.removeFirst());
    call.add(Token.mark("(", tag));
    call.addAll(value);
    for (List<Token> argument : groups) {
      call.add(Token.mark(",", tag));
      call.addAll(argument);
    }
    call.add(Token.mark(")", tag));
    return call;
  }

  /**
   * Splits at blanks: a new argument begins where neither it nor what stands before it is a mark,
   * closing brackets apart.
   */
  private static List<List<Token>> groups(List<Token> tokens) {
    List<List<Token>> groups = new ArrayList<>();
    Token last = null;
    for (Token token : tokens) {
      boolean glued =
          last != null
              && (token.kind() == Kind.PUNCTUATOR
                  || (last.kind() == Kind.PUNCTUATOR && !last.is(")") && !last.is("]")));
      if (!glued) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(token);
      last = token;
    }
    return groups;
  }

  private static String text(List<Token> tokens) {
    return tokens.size() == 1 ? tokens.getFirst().text() : "";
  }
}
