package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no template, and how that is told: the place, the lines around it, a sentence. */
class CompileErrorsTest {
  private static void refuses(String source, int column, String sentence) {
    String faulty = "abc " + source + " def";

    TemplateError error =
        catchThrowableOfType(
            TemplateError.class,
            () -> Templates.compile("one\ntwo\n" + faulty + "\nfour\nfive\nsix\nseven"));

    assertThat(error)
        .hasMessage(
            """
            anonymous:3:%d
                1| one
                2| two
             >> 3| %s
                4| four
                5| five
                6| six

            CompileError: %s\
            """
                .formatted(column, faulty, sentence));
    assertThat(error.kind()).isEqualTo(TemplateError.Kind.COMPILE);
    assertThat(error.path()).isEqualTo("anonymous");
    assertThat(error.line()).isEqualTo(3);
    assertThat(error.column()).isEqualTo(column);
    assertThat(error.reason()).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{'abc}} → 5 → The text that begins with 'abc has no closing quote.
          {{"abc}} → 5 → The text that begins with "abc has no closing quote.
          {{`abc}} → 5 → The text that begins with `abc has no closing backtick.
          {{`a${b}} → 5 → In `a${b a ${ is not closed.
          {{`a${`b${'c}`}`}} → 5 → The text that begins with 'c}`}` has no closing quote.
          {{`a${b c}`}} → 5 → Unexpected 'c' in ${…}.
          {{'a\\u12'}} → 5 → \\x takes two hexadecimal digits, \\u four.
          {{'\\x4'}} → 5 → \\x takes two hexadecimal digits, \\u four.
          {{'\\u{}'}} → 5 → \\u{…} holds one to eight hexadecimal digits.
          {{'\\u{110000}'}} → 5 → There is no character \\u{110000}.
          {{'\\u{123456789}'}} → 5 → \\u{…} holds one to eight hexadecimal digits.
          {{'\\u{12'}} → 5 → \\u{…} holds one to eight hexadecimal digits.
          {{/* a }} → 5 → Unexpected '*': expected a value.
          <% /* a %> → 5 → The comment that begins with /* is not closed: add */.
          {{0x}} → 5 → '0x' is no number.
          {{0xg}} → 5 → '0xg' is no number.
          {{0b2}} → 5 → '0b2' is no number.
          {{0o8}} → 5 → '0o8' is no number.
          {{1e}} → 5 → '1e' is no number.
          {{1e+}} → 5 → '1e+' is no number.
          {{1x}} → 5 → '1x' is no number.
          {{08}} → 5 → '08' is no number.
          {{017}} → 5 → '017' is no number.
          {{1.5.2}} → 5 → Unexpected '.2': expected an operator, a filter or the end of the tag.
          {{0x1fz}} → 5 → '0x1fz' is no number.
          {{a # b}} → 5 → The character '#' (U+0023) means nothing in an expression.
          {{a @ b}} → 5 → The character '@' (U+0040) means nothing in an expression.
          {{a \\ b}} → 5 → The character '\\' (U+005C) means nothing in an expression.
          {{€}} → 5 → The character '€' (U+20AC) means nothing in an expression.
          {{😀 + # }} → 5 → The character '#' (U+0023) means nothing in an expression.
          {{ s.match(/a) }} → 5 → The regular expression /a)  is not closed.
          {{ s.match(/[/) }} → 5 → The regular expression /[/)  is not closed.
          {{ s.match(/(/) }} → 5 → Invalid regular expression: /(/: Unclosed group
          {{ s.match(/a/x) }} → 5 → Invalid regular expression flags 'x': they are g, i, m, s, u \
          and y, each once.
          {{ s.match(/a/gg) }} → 5 → Invalid regular expression flags 'gg': they are g, i, m, s, \
          u and y, each once.
          {{ s.match(/a{2,1}/) }} → 5 → Invalid regular expression: /a{2,1}/: Illegal repetition \
          range
          """)
  void tokensThatAreNone(String source, int column, String sentence) {
    refuses(source, column, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{a b}} → 5 → Unexpected 'b': expected an operator, a filter or the end of the tag.
          {{a 1}} → 5 → Unexpected '1': expected an operator, a filter or the end of the tag.
          {{a 'b'}} → 5 → Unexpected ''b'': expected an operator, a filter or the end of the tag.
          {{1 2}} → 5 → Unexpected '2': expected an operator, a filter or the end of the tag.
          {{a +}} → 5 → Unexpected the end of the tag: expected a value.
          {{* a}} → 5 → Unexpected '*': expected a value.
          {{a + * b}} → 5 → Unexpected '*': expected a value.
          {{(a}} → 5 → Unexpected the end of the tag: expected ')'.
          {{a)}} → 5 → Unexpected ')': expected an operator, a filter or the end of the tag.
          {{[a}} → 5 → Unexpected the end of the tag: expected ']'.
          {{a]}} → 5 → Unexpected ']': expected an operator, a filter or the end of the tag.
          {{a[}} → 5 → Unexpected the end of the tag: expected a value.
          {{a[]}} → 5 → Unexpected ']': expected a value.
          {{a.}} → 5 → Unexpected the end of the tag: expected a name.
          {{a.1}} → 5 → Unexpected '.1': expected an operator, a filter or the end of the tag.
          {{a..b}} → 5 → Unexpected '.': expected a name.
          {{a?.}} → 5 → Unexpected the end of the tag: expected a name.
          {{f(}} → 5 → Unexpected the end of the tag: expected a value.
          {{f(a}} → 5 → Unexpected the end of the tag: expected ')'.
          {{f(a b)}} → 5 → Unexpected 'b': expected ')'.
          {{f(,)}} → 5 → Unexpected ',': expected a value.
          {{ {a: 1 }} → 5 → Unexpected the end of the tag: expected '}'.
          {{ {a b} }} → 5 → Unexpected 'b': expected '}'.
          {{ {1} }} → 5 → Unexpected '}': expected ':'.
          {{ {'a'} }} → 5 → Unexpected '}': expected ':'.
          {{ {[a} }} → 5 → Unexpected '}': expected ']'.
          {{ {if} }} → 5 → Unexpected '}': expected ':'.
          {{ {a: } }} → 5 → Unexpected '}': expected a value.
          {{ {*} }} → 5 → Unexpected '*': expected a key.
          {{a ? b}} → 5 → Unexpected the end of the tag: expected ':'.
          {{a ? b :}} → 5 → Unexpected the end of the tag: expected a value.
          {{a ? : c}} → 5 → Unexpected ':': expected a value.
          {{a :}} → 5 → Unexpected ':': expected an operator, a filter or the end of the tag.
          """)
  void expressionsThatAreNone(String source, int column, String sentence) {
    refuses(source, column, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{1 = 2}} → 5 → Only variables and parts of objects can be assigned with '='.
          {{a + b = 2}} → 5 → Only variables and parts of objects can be assigned with '='.
          {{f() = 1}} → 5 → Only variables and parts of objects can be assigned with '='.
          {{f() += 1}} → 5 → Only variables and parts of objects can be assigned with '+='.
          {{1++}} → 5 → Only variables and parts of objects can be changed by ++.
          {{--1}} → 5 → Only variables and parts of objects can be changed by --.
          {{f()++}} → 5 → Only variables and parts of objects can be changed by ++.
          {{++f()}} → 5 → Only variables and parts of objects can be changed by ++.
          {{a?.b = 1}} → 5 → Only variables and parts of objects can be assigned with '='.
          {{-1 ** 2}} → 5 → Write (-a) ** b or -(a ** b).
          {{!a ** 2}} → 5 → Write (-a) ** b or -(a ** b).
          {{typeof a ** 2}} → 5 → Write (-a) ** b or -(a ** b).
          {{$data = 1}} → 5 → $data is a name of the engine and takes no value: choose another.
          {{$each += 1}} → 5 → $each is a name of the engine and takes no value: choose another.
          {{undefined = 1}} → 5 → undefined is a name of the engine and takes no value: choose \
          another.
          {{class}} → 5 → Classes cannot be declared in a template; data of that name is \
          $data["class"].
          {{class A {} }} → 5 → Classes cannot be declared in a template; data of that name is \
          $data["class"].
          {{var}} → 5 → Unexpected 'var': data of that name is $data["var"].
          {{function}} → 5 → Unexpected the end of the tag: expected '('.
          {{return}} → 5 → Unexpected 'return': data of that name is $data["return"].
          {{new}} → 5 → Unexpected the end of the tag: expected a value.
          """)
  void targetsAndWordsThatAreNone(String source, int column, String sentence) {
    refuses(source, column, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{if}}x{{/if}} → 5 → Unexpected ')': expected a value.
          {{if a b}}x{{/if}} → 5 → Unexpected 'b': expected ')'.
          {{if a}} → 5 → {{if a}} is not closed.
          {{if a}}{{else}} → 13 → {{else}} is not closed.
          {{if a}}{{else}}{{else}}{{/if}} → 21 → Unexpected 'else': data of that name is \
          $data["else"].
          {{else}} → 5 → {{else}} closes nothing: there is no open tag or brace before it.
          {{else if a}} → 5 → {{else if a}} closes nothing: there is no open tag or brace before it.
          {{elseif a}} → 5 → Unexpected 'a': expected an operator, a filter or the end of the tag.
          {{/if}} → 5 → {{/if}} closes nothing: there is no open tag or brace before it.
          {{/each}} → 5 → {{/each}} closes nothing: there is no open tag or brace before it.
          {{/block}} → 5 → {{/block}} closes nothing: there is no open tag or brace before it.
          {{if a}}{{/each}} → 13 → {{/each}} stands where {{if a}} must be closed first: {{/if}} \
          is missing before it.
          {{each l}}{{/if}} → 15 → {{/if}} stands where {{each l}} must be closed first: \
          {{/each}} is missing before it.
          {{each l}} → 5 → {{each l}} is not closed.
          {{each l}}{{if a}}{{/each}}{{/if}} → 23 → {{/each}} stands where {{if a}} must be \
          closed first: {{/if}} is missing before it.
          {{each l 1}}{{/each}} → 5 → Unexpected '1': expected a name.
          {{each l 'v'}}{{/each}} → 5 → Unexpected ''v'': expected a name.
          {{block}}{{/block}} → 5 → {{block}} needs a name: {{block 'name'}}.
          {{block 'a'}} → 5 → {{block 'a'}} is not closed.
          {{block 'a'}}{{/each}} → 18 → {{/each}} stands where {{block 'a'}} must be closed \
          first: {{/block}} is missing before it.
          {{set}} → 5 → Unexpected the text after the tag: expected a name.
          {{set 1 = 2}} → 5 → Unexpected '1': expected a name.
          {{set a b}} → 5 → Unexpected 'b': expected the end of the statement.
          {{set a =}} → 5 → Unexpected the text after the tag: expected a value.
          {{set a.b = 1}} → 5 → Unexpected '.': expected the end of the statement.
          {{set if = 1}} → 5 → Unexpected 'if': expected a name.
          {{a |}} → 5 → After | stands the name of a filter.
          {{a | | f}} → 5 → After | stands the name of a filter.
          {{a | 5}} → 5 → Unexpected '5': expected a name.
          {{a | 'f'}} → 5 → Unexpected ''f'': expected a name.
          {{include './p' {n: 2} }} → 5 → Unexpected '{': expected ')'.
          {{@if a}}x{{/if}} → 5 → A tag that begins with @ prints a value: write {{if a}} without \
          it.
          {{@set a = 1}} → 5 → A tag that begins with @ prints a value: write {{set a = 1}} \
          without it.
          {{#each l}}{{/each}} → 5 → A tag that begins with # prints a value: write {{each l}} \
          without it.
          {{#include 'x'}} → 5 → A tag that begins with # prints a value: write {{include 'x'}} \
          without it.
          {{@block 'x'}}{{/block}} → 5 → A tag that begins with @ prints a value: write {{block \
          'x'}} without it.
          """)
  void tagsThatDoNotFit(String source, int column, String sentence) {
    refuses(source, column, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% if %> → 5 → Unexpected the text after the tag: expected '('.
          <% if (a %> → 5 → Unexpected the text after the tag: expected ')'.
          <% if (a) { %> → 5 → <% if (a) { %> is not closed.
          <% if (a) { } else { %> → 5 → <% if (a) { } else { %> is not closed.
          <% } %> → 5 → <% } %> closes nothing: there is no open tag or brace before it.
          <% } else { %> → 5 → <% } else { %> closes nothing: there is no open tag or brace \
          before it.
          <% else { } %> → 5 → Unexpected 'else': data of that name is $data["else"].
          <% { %> → 5 → <% { %> is not closed.
          <% for %> → 5 → Unexpected the text after the tag: expected '('.
          <% for ( %> → 5 → Unexpected the text after the tag: expected a value.
          <% for (a; b) { } %> → 5 → Unexpected ')': expected ';'.
          <% for (var a of) { } %> → 5 → Unexpected ')': expected a value.
          <% for (var of l) { } %> → 5 → Unexpected 'l': expected ';'.
          <% for (1 of l) { } %> → 5 → The variable of a for loop is a name, or declared with let.
          <% for (a.b of l) { } %> → 5 → The variable of a for loop is a name, or declared with let.
          <% for (print of l) { } %> → 5 → The variable of a for loop is a name, or declared with \
          let.
          <% for (var a, b of l) { } %> → 5 → Unexpected 'of': expected ';'.
          <% while %> → 5 → Unexpected the text after the tag: expected '('.
          <% while (a %> → 5 → Unexpected the text after the tag: expected ')'.
          <% do { } %> → 5 → Unexpected the text after the tag: expected 'while' after the body \
          of do.
          <% do { } while %> → 5 → Unexpected the text after the tag: expected '('.
          <% switch %> → 5 → Unexpected the text after the tag: expected '('.
          <% switch (a) { %> → 5 → Unexpected the text after the tag: expected 'case' or 'default'.
          <% switch (a) { case %> → 5 → Unexpected the text after the tag: expected a value.
          <% switch (a) { case 1 } %> → 5 → Unexpected '}': expected ':'.
          <% switch (a) { case 1: %> → 5 → <% switch (a) { case 1: %> is not closed.
          <% switch (a) { print(1) } %> → 5 → Unexpected 'print': expected 'case' or 'default'.
          <% switch (a) { %>text<% case 1: } %> → 5 → Unexpected the text after the tag: expected \
          'case' or 'default'.
          <% try %> → 5 → Unexpected the text after the tag: expected '{'.
          <% try { } %> → 5 → Unexpected the text after the tag: expected 'catch' or 'finally' \
          after try.
          <% try { } catch %> → 5 → Unexpected the text after the tag: expected '{'.
          <% try { } catch ( %> → 5 → Unexpected the text after the tag: expected a name.
          <% try { } catch (1) { } %> → 5 → Unexpected '1': expected a name.
          <% try { } catch (e { } %> → 5 → Unexpected '{': expected ')'.
          <% try { } finally %> → 5 → Unexpected the text after the tag: expected '{'.
          <% throw %> → 5 → Unexpected the text after the tag: expected a value.
          """)
  void statementsThatAreNone(String source, int column, String sentence) {
    refuses(source, column, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <% var %> → 5 → Unexpected the text after the tag: expected a name.
          <% var 1 %> → 5 → Unexpected '1': expected a name.
          <% var a b %> → 5 → Unexpected 'b': expected the end of the statement.
          <% let %> → 5 → Unexpected the text after the tag: expected a name.
          <% const a %> → 5 → Unexpected the text after the tag: expected '=' and the value of \
          the constant.
          <% const a, b = 1 %> → 5 → Unexpected ',': expected '=' and the value of the constant.
          <% var [a %> → 5 → Unexpected the text after the tag: expected ']'.
          <% var {a %> → 5 → Unexpected the text after the tag: expected '}'.
          <% var {a: } = o %> → 5 → Unexpected '}': expected a name.
          <% var {1} = o %> → 5 → Unexpected '1': expected a name.
          <% function %> → 5 → Unexpected the text after the tag: expected a name.
          <% function f %> → 5 → Unexpected the text after the tag: expected '('.
          <% function f( %> → 5 → Unexpected the text after the tag: expected a name.
          <% function f(1) { } %> → 5 → Unexpected '1': expected a name.
          <% function f() %> → 5 → Unexpected the text after the tag: expected '{'.
          <% function f() { %> → 5 → <% function f() { %> is not closed.
          <% function () { } %> → 5 → Unexpected '(': expected a name.
          <% var f = ( %> → 5 → Unexpected the text after the tag: expected a value.
          <% var f = (a => %> → 5 → Unexpected the text after the tag: expected a value.
          <% var f = a => { %> → 5 → <% var f = a => { %> is not closed.
          <% x: for (;;) { } %> → 5 → Unexpected ':': expected the end of the statement.
          <% break a %> → 5 → Unexpected 'a': expected the end of the statement.
          <% a b %> → 5 → Unexpected 'b': expected the end of the statement.
          <% a; b c %> → 5 → Unexpected 'c': expected the end of the statement.
          <% return a b %> → 5 → Unexpected 'b': expected the end of the statement.
          <% with (a) { } %> → 5 → Unexpected 'with': data of that name is $data["with"].
          <% debugger %> → 5 → Unexpected 'debugger': data of that name is $data["debugger"].
          <% import x %> → 5 → Unexpected 'import': data of that name is $data["import"].
          <% export x %> → 5 → Unexpected 'export': data of that name is $data["export"].
          <% yield 1 %> → 5 → Unexpected 'yield': data of that name is $data["yield"].
          <% enum A { } %> → 5 → Unexpected 'enum': data of that name is $data["enum"].
          <% super.x() %> → 5 → Unexpected 'super': data of that name is $data["super"].
          <% print(1 %> → 5 → Unexpected the text after the tag: expected ')'.
          <% print(1)) %> → 5 → Unexpected ')': expected the end of the statement.
          """)
  void declarationsThatAreNone(String source, int column, String sentence) {
    refuses(source, column, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          <%= a b %> → 5 → Unexpected 'b': expected an operator, a filter or the end of the tag.
          <%- a + %> → 5 → Unexpected the end of the tag: expected a value.
          <%= a; b %> → 5 → Unexpected ';': expected an operator, a filter or the end of the tag.
          <%= if (a) { } %> → 5 → Unexpected 'if': data of that name is $data["if"].
          {{a; b}} → 5 → Unexpected ';': expected an operator, a filter or the end of the tag.
          {{a => }} → 5 → Unexpected the end of the tag: expected a value.
          {{(a, b => a}} → 5 → Unexpected the end of the tag: expected ')'.
          {{((a) }} → 5 → Unexpected the end of the tag: expected ')'.
          {{(1) => 1}} → 5 → Unexpected '1': expected a name.
          {{...l}} → 5 → Unexpected '...': expected a value.
          {{f(...)}} → 5 → Unexpected ')': expected a value.
          {{[...]}} → 5 → Unexpected ']': expected a value.
          {{async () => 1}} → 5 → Unexpected '=>': expected an operator, a filter or the end of \
          the tag.
          {{a ?? }} → 5 → Unexpected the end of the tag: expected a value.
          {{in a}} → 5 → Unexpected 'in': data of that name is $data["in"].
          {{a in}} → 5 → Unexpected the end of the tag: expected a value.
          {{a instanceof}} → 5 → Unexpected the end of the tag: expected a value.
          {{delete}} → 5 → Unexpected the end of the tag: expected a value.
          {{typeof}} → 5 → Unexpected the end of the tag: expected a value.
          {{void}} → 5 → Unexpected the end of the tag: expected a value.
          {{!}} → 5 → Unexpected the end of the tag: expected a value.
          {{-}} → 5 → Unexpected the end of the tag: expected a value.
          {{set}}{{n}} → 5 → Unexpected the next tag: expected a name.
          <% var %>{{n}} → 5 → Unexpected the next tag: expected a name.
          <% function %><%= n %> → 5 → Unexpected the next tag: expected a name.
          """)
  void outputsThatAreNone(String source, int column, String sentence) {
    refuses(source, column, sentence);
  }
}
