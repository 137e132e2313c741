package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.template.Token.Kind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the code of a tag is cut into tokens. */
class ScannerTest {
  private static List<Token> scan(String code) {
    return Scanner.scan(code, 7);
  }

  private static String shown(String code) {
    return scan(code).stream()
        .map(token -> token.kind() + ":" + token.text())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          a → NAME:a
          a.b → NAME:a PUNCTUATOR:. NAME:b
          $a _b c9 → NAME:$a NAME:_b NAME:c9
          if x → KEYWORD:if NAME:x
          iffy → NAME:iffy
          this.null → KEYWORD:this PUNCTUATOR:. KEYWORD:null
          of → NAME:of
          名字 → NAME:名字
          é1 → NAME:é1
          𝒳 → NAME:𝒳
          a1.5 → NAME:a1 NUMBER:.5
          1.5.5 → NUMBER:1.5 NUMBER:.5
          1..a → NUMBER:1. PUNCTUATOR:. NAME:a
          1...a → NUMBER:1. PUNCTUATOR:. PUNCTUATOR:. NAME:a
          0x1F+1 → NUMBER:0x1F PUNCTUATOR:+ NUMBER:1
          'a' "b" → STRING:'a' STRING:"b"
          'a\\'b' → STRING:'a\\'b'
          `a` → TEMPLATE:`a`
          `a${b}c` → TEMPLATE:`a${b}c`
          `${`x`}` → TEMPLATE:`${`x`}`
          `${{a: '}'}.a}` → TEMPLATE:`${{a: '}'}.a}`
          a>>>=b → NAME:a PUNCTUATOR:>>>= NAME:b
          a>>>b>>c>d → NAME:a PUNCTUATOR:>>> NAME:b PUNCTUATOR:>> NAME:c PUNCTUATOR:> NAME:d
          a**=b**c*d → NAME:a PUNCTUATOR:**= NAME:b PUNCTUATOR:** NAME:c PUNCTUATOR:* NAME:d
          a===b==c=d → NAME:a PUNCTUATOR:=== NAME:b PUNCTUATOR:== NAME:c PUNCTUATOR:= NAME:d
          a!==b!=c!d → NAME:a PUNCTUATOR:!== NAME:b PUNCTUATOR:!= NAME:c PUNCTUATOR:! NAME:d
          a??=b??c?d → NAME:a PUNCTUATOR:??= NAME:b PUNCTUATOR:?? NAME:c PUNCTUATOR:? NAME:d
          a?.b → NAME:a PUNCTUATOR:?. NAME:b
          a?.5:1 → NAME:a PUNCTUATOR:? NUMBER:.5 PUNCTUATOR:: NUMBER:1
          a&&=b&&c&d → NAME:a PUNCTUATOR:&&= NAME:b PUNCTUATOR:&& NAME:c PUNCTUATOR:& NAME:d
          a||=b||c|d → NAME:a PUNCTUATOR:||= NAME:b PUNCTUATOR:|| NAME:c PUNCTUATOR:| NAME:d
          a+++b → NAME:a PUNCTUATOR:++ PUNCTUATOR:+ NAME:b
          a---b → NAME:a PUNCTUATOR:-- PUNCTUATOR:- NAME:b
          x=>x → NAME:x PUNCTUATOR:=> NAME:x
          a<=b>=c<d → NAME:a PUNCTUATOR:<= NAME:b PUNCTUATOR:>= NAME:c PUNCTUATOR:< NAME:d
          a<<=b<<c → NAME:a PUNCTUATOR:<<= NAME:b PUNCTUATOR:<< NAME:c
          ...a → PUNCTUATOR:... NAME:a
          [a,~b]^{}; → PUNCTUATOR:[ NAME:a PUNCTUATOR:, PUNCTUATOR:~ NAME:b PUNCTUATOR:] PUNCTUATOR:^ \
          PUNCTUATOR:{ PUNCTUATOR:} PUNCTUATOR:;
          a/b/c → NAME:a PUNCTUATOR:/ NAME:b PUNCTUATOR:/ NAME:c
          1/2/3 → NUMBER:1 PUNCTUATOR:/ NUMBER:2 PUNCTUATOR:/ NUMBER:3
          (a)/b/c → PUNCTUATOR:( NAME:a PUNCTUATOR:) PUNCTUATOR:/ NAME:b PUNCTUATOR:/ NAME:c
          a[0]/b/c → NAME:a PUNCTUATOR:[ NUMBER:0 PUNCTUATOR:] PUNCTUATOR:/ NAME:b PUNCTUATOR:/ NAME:c
          a++/b/c → NAME:a PUNCTUATOR:++ PUNCTUATOR:/ NAME:b PUNCTUATOR:/ NAME:c
          this/b/c → KEYWORD:this PUNCTUATOR:/ NAME:b PUNCTUATOR:/ NAME:c
          'a'/b/c → STRING:'a' PUNCTUATOR:/ NAME:b PUNCTUATOR:/ NAME:c
          /b/g → REGEX:/b/g
          (/b/) → PUNCTUATOR:( REGEX:/b/ PUNCTUATOR:)
          a=/[/]\\//.x → NAME:a PUNCTUATOR:= REGEX:/[/]\\// PUNCTUATOR:. NAME:x
          typeof /b/ → KEYWORD:typeof REGEX:/b/
          return /b/ → KEYWORD:return REGEX:/b/
          a,/b/ → NAME:a PUNCTUATOR:, REGEX:/b/
          a/=b → NAME:a PUNCTUATOR:/= NAME:b
          a /* b */ c → NAME:a NAME:c
          a // b → NAME:a
          ¦ ¦ → ¦¦
          """)
  void codeIsCut(String code, String tokens) {
    assertThat(shown(code)).isEqualTo(tokens);
    assertThat(scan(code)).allMatch(token -> token.tag() == 7);
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("'a\\nb\\t\\r\\b\\f\\v\\0'", "a\nb\t\r\b\f\u000b\0"),
        Arguments.of("'\\x41\\u0042\\u{43}\\u{1F600}'", "ABC😀"),
        Arguments.of("'\\\\\\'\\\"\\q'", "\\'\"q"),
        Arguments.of("'a\\\nb'", "ab"),
        Arguments.of("'a\\\r\nb'", "ab"),
        Arguments.of("'a\\\rb'", "ab"),
        Arguments.of("'a\\\u2028b'", "ab"),
        Arguments.of("\"it's\"", "it's"),
        Arguments.of("''", ""),
        Arguments.of("12", 12),
        Arguments.of("1.50", 1.5),
        Arguments.of(".5", 0.5),
        Arguments.of("5.", 5),
        Arguments.of("1e3", 1000),
        Arguments.of("1E-2", 0.01),
        Arguments.of("0x1F", 31),
        Arguments.of("0B101", 5),
        Arguments.of("0o17", 15),
        Arguments.of("0xffffffff", 4294967295.0),
        Arguments.of("9007199254740993", 9007199254740992.0),
        Arguments.of("0", 0));
  }

  @ParameterizedTest
  @MethodSource("values")
  void literalsHaveValues(String code, Object value) {
    assertThat(scan(code)).singleElement().extracting(Token::value).isEqualTo(value);
  }

  @Test
  void aTemplateLiteralIsTextsAndTokensInTurn() {
    assertThat((List<?>) scan("`a${b + 1}c${d}`").getFirst().value())
        .hasSize(5)
        .satisfiesExactly(
            text -> assertThat(text).isEqualTo("a"),
            code -> assertThat((List<?>) code).hasSize(3),
            text -> assertThat(text).isEqualTo("c"),
            code -> assertThat((List<?>) code).hasSize(1),
            text -> assertThat(text).isEqualTo(""));
    assertThat(scan("`x\\`y\\n$`").getFirst().value()).isEqualTo(List.of("x`y\n$"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"`a\nb`", "`a\r\nb`", "`a\rb`"})
  void lineEndsOfATemplateLiteralAreOneCharacter(String code) {
    assertThat(scan(code).getFirst().value()).isEqualTo(List.of("a\nb"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\rb",
        "a\u2028b",
        "a\u2029b",
        "a // x\nb",
        "a /* \n */ b",
        "a\n\n b",
        "a \r\n b"
      })
  void aTokenKnowsWhetherALineEndsBeforeIt(String code) {
    assertThat(scan(code)).extracting(Token::newline).containsExactly(true, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\tb", "a\u00a0b", "a\ufeffb", "a /* x */ b", "a\u2003b", "a\fb"})
  void blanksAndRemarksAreNoLineEnds(String code) {
    assertThat(scan(code)).extracting(Token::newline).containsExactly(true, false);
  }

  @Test
  void lineEndsEndStatementsWhereTheyMust() {
    assertThat(Sample.render("<% var a = 1\nvar b = 2\nprint(a, b) %>")).isEqualTo("12");
    assertThat(Sample.render("<% var c = n\n++c\nprint(c) %>")).isEqualTo("4");
    assertThat(Sample.render("<% function f() { return\n5 } print(f()) %>")).isEqualTo("undefined");
    assertThatThrownBy(() -> Sample.render("<% var a = 1 var b = 2 %>"))
        .hasMessageContaining("Unexpected 'var': expected the end of the statement.");
  }

  @Test
  void aRegularExpressionIsCompiledAtOnce() {
    Token token = scan("/a+/gi").getFirst();

    assertThat(token.kind()).isEqualTo(Kind.REGEX);
    assertThat(token.value()).hasToString("/a+/gi");
  }

  @Test
  void manyTokensTakeTimeInProportion() {
    assertThat(scan("a + ".repeat(50_000))).hasSize(100_000);
    assertThat(scan("'" + "x".repeat(500_000) + "'").getFirst().value().toString())
        .hasSize(500_000);
    assertThat(scan("/* " + "*".repeat(500_000) + " */ a")).hasSize(1);
  }

  @Test
  void templateLiteralsNestSoDeepAndNoDeeper() {
    assertThat(Templates.render("<%= " + nested(20) + " %>", null)).isEqualTo("1");
    assertThatThrownBy(() -> Templates.compile("<%= " + nested(30) + " %>"))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("Template literals are nested deeper than 20 levels.");
  }

  private static String nested(int levels) {
    return "`${".repeat(levels) + "1" + "}`".repeat(levels);
  }
}
