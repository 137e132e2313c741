package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong while a template runs, and how that is told. */
class RuntimeErrorsTest {
  private static void fails(String source, String reason) {
    String faulty = "abc " + source;

    TemplateError error =
        catchThrowableOfType(
            TemplateError.class, () -> Sample.render("one\ntwo\nthree\nfour\n" + faulty + "\nsix"));

    assertThat(error)
        .hasMessageMatching("(?s)anonymous:5:\\d+\n.*")
        .hasMessageEndingWith(
            """
                3| three
                4| four
             >> 5| %s
                6| six

            RuntimeError: %s\
            """
                .formatted(faulty, reason))
        .hasMessageNotContaining("1| one");
    assertThat(error.kind()).isEqualTo(TemplateError.Kind.RUNTIME);
    assertThat(error.line()).isEqualTo(5);
    assertThat(faulty.substring(error.column() - 1)).matches("(\\{\\{|<%).*");
    assertThat(error.reason()).isEqualTo(reason);
  }

  /** As Node says it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{missing.x}} → Cannot read properties of undefined (reading 'x')
          {{nul.x}} → Cannot read properties of null (reading 'x')
          {{deep.x.y}} → Cannot read properties of undefined (reading 'y')
          {{deep.a.x.y.z}} → Cannot read properties of undefined (reading 'y')
          {{missing['x']}} → Cannot read properties of undefined (reading 'x')
          {{missing[0]}} → Cannot read properties of undefined (reading '0')
          {{nul[n]}} → Cannot read properties of null (reading '3')
          {{l[9].x}} → Cannot read properties of undefined (reading 'x')
          {{rows[5].name}} → Cannot read properties of undefined (reading 'name')
          {{missing.x()}} → Cannot read properties of undefined (reading 'x')
          {{missing()}} → missing is not a function
          {{n()}} → n is not a function
          {{s()}} → s is not a function
          {{nul()}} → nul is not a function
          {{o.k()}} → o.k is not a function
          {{o.nope()}} → o.nope is not a function
          {{o['nope']()}} → o.nope is not a function
          {{deep.a.b()}} → deep.a.b is not a function
          {{deep.a.b.c.d.e()}} → Cannot read properties of undefined (reading 'e')
          {{l.nope()}} → l.nope is not a function
          {{s.nope(1)}} → s.nope is not a function
          {{n.nope()}} → n.nope is not a function
          {{yes.nope()}} → yes.nope is not a function
          {{l[0]()}} → l[0] is not a function
          {{l[n]()}} → l[n] is not a function
          {{upper.nope()}} → upper.nope is not a function
          {{$imports.nope()}} → $imports.nope is not a function
          {{s | nope}} → $imports.nope is not a function
          {{s | nope 1 2}} → $imports.nope is not a function
          {{$imports.Math.nope()}} → $imports.Math.nope is not a function
          {{$imports.Math()}} → $imports.Math is not a function
          {{new missing()}} → missing is not a constructor
          {{new s()}} → s is not a constructor
          {{new l.map()}} → l.map is not a constructor
          {{missing.x = 1}} → Cannot set properties of undefined (setting 'x')
          {{nul.x = 1}} → Cannot set properties of null (setting 'x')
          {{missing[0] = 1}} → Cannot set properties of undefined (setting '0')
          {{deep.x.y = 1}} → Cannot set properties of undefined (setting 'y')
          {{missing.x++}} → Cannot read properties of undefined (reading 'x')
          {{missing.x += 1}} → Cannot read properties of undefined (reading 'x')
          {{delete missing.x}} → Cannot convert undefined or null to object
          {{'x' in s}} → Cannot use 'in' operator to search for 'x' in Hello, World
          {{'x' in n}} → Cannot use 'in' operator to search for 'x' in 3
          {{'x' in nul}} → Cannot use 'in' operator to search for 'x' in null
          {{1 in missing}} → Cannot use 'in' operator to search for '1' in undefined
          {{s instanceof 5}} → Right-hand side of 'instanceof' is not an object
          {{l instanceof {} }} → Right-hand side of 'instanceof' is not callable
          <% const c = 1; c = 2 %> → Assignment to constant variable.
          <% const c = 1; c++ %> → Assignment to constant variable.
          <% const c = 1; c += 1 %> → Assignment to constant variable.
          <% for (const i = 0; i < 2; i++) { } %> → Assignment to constant variable.
          <% throw new $imports.Error('mine') %> → mine
          <% throw $imports.Error('mine') %> → mine
          <% throw {message: 'an object'} %> → an object
          <% try { throw new $imports.Error('a') } finally { } %> → a
          <% try { throw 1 } catch (e) { throw new $imports.Error('again') } %> → again
          {{l.map()}} → undefined is not a function
          {{l.map(5)}} → 5 is not a function
          {{l.filter(nul)}} → null is not a function
          {{l.reduce(missing)}} → undefined is not a function
          {{[].reduce((a, b) => a)}} → Reduce of empty array with no initial value
          {{[].reduceRight((a, b) => a)}} → Reduce of empty array with no initial value
          {{'x'.repeat(-1)}} → Invalid count value: -1
          {{'x'.repeat(1 / 0)}} → Invalid count value: Infinity
          {{(1).toFixed(101)}} → toFixed() digits argument must be between 0 and 100
          {{(1).toFixed(-1)}} → toFixed() digits argument must be between 0 and 100
          {{(1).toPrecision(0)}} → toPrecision() argument must be between 1 and 100
          {{(1).toPrecision(101)}} → toPrecision() argument must be between 1 and 100
          {{(1).toString(1)}} → toString() radix argument must be between 2 and 36
          {{(1).toString(37)}} → toString() radix argument must be between 2 and 36
          {{'x'.normalize('x')}} → The normalization form should be one of NFC, NFD, NFKC, NFKD.
          {{'x'.replaceAll(/x/, 'y')}} → String.prototype.replaceAll called with a non-global \
          RegExp argument
          {{'x'.startsWith(/x/)}} → First argument to String.prototype.startsWith must not be a \
          regular expression
          {{'x'.endsWith(/x/)}} → First argument to String.prototype.endsWith must not be a \
          regular expression
          {{'x'.includes(/x/)}} → First argument to String.prototype.includes must not be a \
          regular expression
          {{$imports.Object.keys(nul)}} → Cannot convert undefined or null to object
          {{$imports.Object.entries()}} → Cannot convert undefined or null to object
          {{$imports.decodeURIComponent('%')}} → URI malformed
          {{$imports.decodeURIComponent('%zz')}} → URI malformed
          {{$imports.decodeURIComponent('%E4%BD')}} → URI malformed
          {{$imports.decodeURIComponent('%C0%80')}} → URI malformed
          {{$imports.decodeURI('%a')}} → URI malformed
          {{$imports.encodeURIComponent('\\ud800')}} → URI malformed
          {{$imports.encodeURI('\\udc00x')}} → URI malformed
          {{new $imports.Date($imports.NaN).toISOString()}} → Invalid time value
          {{new $imports.Array(-1)}} → Invalid array length
          {{new $imports.Array(1.5)}} → Invalid array length
          <% l.length = -1 %> → Invalid array length
          {{$imports.JSON.parse('')}} → Unexpected end of JSON input
          {{s.x.y}} → Cannot read properties of undefined (reading 'y')
          {{n.x.y}} → Cannot read properties of undefined (reading 'y')
          {{yes.x.y}} → Cannot read properties of undefined (reading 'y')
          {{(() => missing.deepInside)()}} → Cannot read properties of undefined (reading \
          'deepInside')
          {{each l}}{{$value.x.y}}{{/each}} → Cannot read properties of undefined (reading 'y')
          {{if missing.x}}{{/if}} → Cannot read properties of undefined (reading 'x')
          {{each missing.x}}{{/each}} → Cannot read properties of undefined (reading 'x')
          {{set a = missing.x}} → Cannot read properties of undefined (reading 'x')
          {{print missing.x}} → Cannot read properties of undefined (reading 'x')
          {{s | wrap missing.x}} → Cannot read properties of undefined (reading 'x')
          {{block missing.x}}{{/block}} → Cannot read properties of undefined (reading 'x')
          <% while (missing.x) { } %> → Cannot read properties of undefined (reading 'x')
          <% switch (missing.x) { } %> → Cannot read properties of undefined (reading 'x')
          <% for (var i = missing.x; ; ) { } %> → Cannot read properties of undefined (reading 'x')
          <% for (;missing.x;) { } %> → Cannot read properties of undefined (reading 'x')
          {{l.map(x => x.y.z)}} → Cannot read properties of undefined (reading 'z')
          {{class1.x}} → Cannot read properties of undefined (reading 'x')
          {{int}} → int is not defined
          {{int.x}} → int is not defined
          """)
  void failsInTheWordsOfTheOriginal(String source, String reason) {
    fails(source, reason);
  }

  /** Where the original shows the code of its engine, or an engine's own names. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{new $imports.Math()}} → Math is not a constructor
          {{[...n]}} → 3 is not iterable
          {{[...nul]}} → null is not iterable
          {{[...missing]}} → undefined is not iterable
          {{[...o]}} → object is not iterable
          {{upper(...n)}} → 3 is not iterable
          <% for (var x of n) { } %> → 3 is not iterable
          <% for (var x of o) { } %> → object is not iterable
          <% for (var x of nul) { } %> → null is not iterable
          <% var [a] = n %> → 3 is not iterable
          <% var [a] = nul %> → null is not iterable
          <% var {a} = nul %> → Cannot destructure 'null' as it is null.
          <% var {a} = missing %> → Cannot destructure 'undefined' as it is undefined.
          <% (({a}) => a)() %> → Cannot destructure 'undefined' as it is undefined.
          <% (([a]) => a)() %> → undefined is not iterable
          <% throw null %> → Cannot read properties of null (reading 'message')
          {{l.forEach('x')}} → "x" is not a function
          {{l.find({})}} → {} is not a function
          {{l.sort(5)}} → 5 is not a function
          {{$imports.Array.from(nul)}} → null is not iterable
          {{new $imports.RegExp('(')}} → Invalid regular expression: /(/: Unclosed group
          {{new $imports.RegExp('a', 'z')}} → Invalid regular expression flags 'z': they are g, \
          i, m, s, u and y, each once.
          {{new $imports.RegExp('a', 'gg')}} → Invalid regular expression flags 'gg': they are g, \
          i, m, s, u and y, each once.
          {{$imports.JSON.parse('[1')}} → Unexpected end of JSON input
          {{package + 1}} → package is not defined
          """)
  void failsInWordsOfItsOwn(String source, String reason) {
    fails(source, reason);
  }

  /** A {@code catch} gets the same errors, with their names. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          missing.x → TypeError
          missing() → TypeError
          s.nope() → TypeError
          int → ReferenceError
          'x'.repeat(-1) → RangeError
          (1).toFixed(101) → RangeError
          new $imports.Array(-1) → RangeError
          $imports.JSON.parse('x') → SyntaxError
          new $imports.RegExp('(') → SyntaxError
          $imports.decodeURI('%') → URIError
          l.x.y → TypeError
          new s() → TypeError
          """)
  void errorsHaveTheNamesOfJavaScript(String code, String name) {
    assertThat(Sample.render("<% try { " + code + " } catch (e) { %>{{e.name}}<% } %>"))
        .isEqualTo(name);
    assertThat(Sample.render("<% try { " + code + " } catch (e) { %>{{'' + e}}<% } %>"))
        .startsWith(name + ": ");
  }
}
