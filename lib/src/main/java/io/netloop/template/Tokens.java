package io.netloop.template;

import io.netloop.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** The tokens of a program one after the other, and how deep what they say is nested. */
class Tokens {
  private List<Token> tokens;
  private int at;
  private int depth;
  private final int deepest;

  Tokens(List<Token> tokens, int deepest) {
    this.tokens = tokens;
    this.deepest = deepest;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  boolean take(String punctuator) {
    if (peek().is(punctuator)) {
      at++;
      return true;
    }
    return false;
  }

  boolean takeWord(String keyword) {
    if (peek().isWord(keyword)) {
      at++;
      return true;
    }
    return false;
  }

  Token expect(String punctuator) {
    Token token = peek();
    if (!token.is(punctuator)) {
      throw unexpected(token, "'" + punctuator + "'");
    }
    at++;
    return token;
  }

  String expectName() {
    Token token = peek();
    if (token.kind() != Kind.NAME) {
      throw unexpected(token, "a name");
    }
    return next().text();
  }

  SyntaxError unexpected(Token token, String wanted) {
    // Where a tag ends too early, it is to blame and not what comes behind it.
    int tag =
        at > 0 && (token.kind() == Kind.TEXT || token.kind() == Kind.END || startsTag(token))
            ? tokens.get(Math.min(at, tokens.size() - 1) - 1).tag()
            : token.tag();
    return new SyntaxError("Unexpected %s: expected %s.".formatted(token.shown(), wanted), tag);
  }

  private static boolean startsTag(Token token) {
    return token.kind() == Kind.ESCAPED || token.kind() == Kind.RAW;
  }

  void deeper() {
    if (++depth > deepest) {
      throw new SyntaxError(
          "Something is nested deeper than %d levels, which is the limit.".formatted(deepest),
          peek().tag());
    }
  }

  void shallower(int levels) {
    depth -= levels;
  }

  int depth() {
    return depth;
  }

  /** Goes on in the tokens of a template literal; {@link #leave} comes back. */
  Around enter(List<Token> code, int tag) {
    Around around = new Around(tokens, at);
    tokens = new ArrayList<>(code);
    tokens.add(Token.of(Kind.END, "", tag));
    at = 0;
    return around;
  }

  void leave(Around around) {
    tokens = around.tokens;
    at = around.at;
  }

  /** Where the tokens go on behind a template literal. */
  record Around(List<Token> tokens, int at) {}
}
