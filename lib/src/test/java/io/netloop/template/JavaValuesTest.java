package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What values of Java are worth in a template: as text, number, truth, in comparisons, as lists.
 */
@SuppressWarnings("JavaUtilDate") // users have such data
class JavaValuesTest {
  private enum Level {
    LOW,
    HIGH {
      @Override
      public String toString() {
        return "a text that nobody wants";
      }
    }
  }

  private record Point(int x, int y) {}

  private static String render(String source, Object v, Object w) {
    Map<String, Object> data = new HashMap<>();
    data.put("v", v);
    data.put("w", w);
    return Templates.render(source, data);
  }

  private static String render(String source, Object v) {
    return render(source, v, null);
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("x", "x"),
        Arguments.of('x', "x"),
        Arguments.of(CharBuffer.wrap("built"), "built"),
        Arguments.of((byte) -5, "-5"),
        Arguments.of((short) 300, "300"),
        Arguments.of(7, "7"),
        Arguments.of(Long.MAX_VALUE, "9223372036854775807"),
        Arguments.of(Long.MIN_VALUE, "-9223372036854775808"),
        Arguments.of(0.5f, "0.5"),
        Arguments.of(16_777_216f, "16777216"),
        Arguments.of(1e300, "1e+300"),
        Arguments.of(100.0, "100"),
        Arguments.of(-0.0, "0"),
        Arguments.of(Double.POSITIVE_INFINITY, "null"),
        Arguments.of(Float.NaN, "null"),
        Arguments.of(Double.MIN_VALUE, "5e-324"),
        Arguments.of(new BigInteger("9".repeat(40)), "9".repeat(40)),
        Arguments.of(new BigDecimal("0.10"), "0.1"),
        Arguments.of(new BigDecimal("1E+3"), "1000"),
        Arguments.of(new BigDecimal("1.234567890123456789"), "1.234567890123456789"),
        Arguments.of(new BigDecimal("1E-7"), "1e-7"),
        Arguments.of(new BigDecimal("1E-999999"), "1E-999999"),
        Arguments.of(new AtomicInteger(3), "3"),
        Arguments.of(new AtomicLong(1L << 40), "1099511627776"),
        Arguments.of(true, "true"),
        Arguments.of(false, "false"),
        Arguments.of(Level.LOW, "LOW"),
        Arguments.of(Level.HIGH, "HIGH"),
        Arguments.of(Month.MAY, "MAY"),
        Arguments.of(null, ""),
        Arguments.of(Optional.empty(), ""),
        Arguments.of(Optional.of("in"), "in"),
        Arguments.of(Optional.of(Optional.of(5)), "5"),
        Arguments.of(OptionalInt.of(4), "4"),
        Arguments.of(OptionalInt.empty(), ""),
        Arguments.of(OptionalLong.of(4), "4"),
        Arguments.of(OptionalLong.empty(), ""),
        Arguments.of(OptionalDouble.of(0.5), "0.5"),
        Arguments.of(OptionalDouble.empty(), ""),
        Arguments.of(Duration.ofSeconds(90), "PT1M30S"),
        Arguments.of(LocalTime.of(10, 5), "10:05"),
        Arguments.of(LocalDate.of(2026, 11, 26), "2026-11-26"),
        Arguments.of(Instant.EPOCH.atOffset(ZoneOffset.ofHours(2)), "1970-01-01T02:00+02:00"),
        Arguments.of(new Date(0), "&#34;1970-01-01T00:00:00.000Z&#34;"),
        Arguments.of(new java.sql.Timestamp(5), "&#34;1970-01-01T00:00:00.005Z&#34;"),
        Arguments.of(Locale.CANADA_FRENCH, "fr_CA"),
        Arguments.of(Path.of("a", "b"), "a/b"),
        Arguments.of(List.of(1, "<"), "[1,&#34;&#60;&#34;]"),
        Arguments.of(new int[] {1, 2}, "[1,2]"),
        Arguments.of(new boolean[] {true}, "[true]"),
        Arguments.of(new char[] {'a', '<'}, "[&#34;a&#34;,&#34;&#60;&#34;]"),
        Arguments.of(new long[][] {{1}, {2, 3}}, "[[1],[2,3]]"),
        Arguments.of(new Object[] {null, 1.5f}, "[null,1.5]"),
        Arguments.of(new Point(1, 2), "{&#34;x&#34;:1,&#34;y&#34;:2}"),
        Arguments.of(Map.of("k", List.of()), "{&#34;k&#34;:[]}"),
        Arguments.of(Map.entry("k", 5), "{&#34;key&#34;:&#34;k&#34;,&#34;value&#34;:5}"),
        Arguments.of(
            new AbstractMap.SimpleEntry<>(1, null), "{&#34;key&#34;:1,&#34;value&#34;:null}"),
        Arguments.of((Supplier<Object>) () -> List.of(1), "[1]"),
        Arguments.of((Supplier<Object>) () -> (Supplier<Object>) () -> "deep", "deep"),
        Arguments.of((Function<Object, Object>) first -> first == null, "true"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void valuesArePrinted(Object value, String text) {
    assertThat(render("{{v}}", value)).isEqualTo(text);
    assertThat(render("{{w.part}}", null, new HashMap<>(Collections.singletonMap("part", value))))
        .isEqualTo(text);
    assertThat(render("{{each w}}{{$value}}{{/each}}", null, Arrays.asList(value, value)))
        .isEqualTo(text + text);
  }

  @Test
  void numbersAreComparedByWhatTheyAreWorth() {
    for (Object five :
        List.of((byte) 5, (short) 5, 5, 5L, 5f, 5.0, new BigInteger("5"), new BigDecimal("5.0"))) {
      assertThat(render("{{v === 5}}{{v == '5'}}{{v !== 5}}{{v > 4}}{{v <= 5}}{{v < 5}}", five))
          .isEqualTo("truetruefalsetruetruefalse");
      assertThat(render("{{v + 1}} {{v * 2}} {{v - 1}} {{v % 3}} {{-v}} {{v / 2}}", five))
          .isEqualTo("6 10 4 2 -5 2.5");
      assertThat(render("{{w.indexOf(v)}}{{w.includes(v)}}", five, List.of(1, 5L, 5)))
          .isEqualTo("1true");
      assertThat(render("<% switch (v) { case 5: %>five<% } %>", five)).isEqualTo("five");
    }
  }

  @Test
  void longsAreTheSameByAllTheirDigits() {
    long large = (1L << 53) + 1;

    assertThat(render("{{v === w}} {{v == w}}", large, large)).isEqualTo("true true");
    assertThat(render("{{v === w}}", large, large - 1)).isEqualTo("false");
    assertThat(render("{{v + ''}} {{`${v}`}} {{[v].join()}}", large))
        .isEqualTo("9007199254740993 9007199254740993 9007199254740993");
  }

  @Test
  void nothingIsTrueThatJavaScriptHoldsFalse() {
    for (Object no :
        Arrays.asList(
            null, false, 0, 0L, 0.0, -0.0, 0f, Double.NaN, BigDecimal.ZERO, "", Optional.empty())) {
      assertThat(render("{{if v}}yes{{else}}no{{/if}}{{!v}}", no)).isEqualTo("notrue");
    }
    for (Object yes :
        List.of(true, 1, -1L, 0.1, "0", "false", List.of(), Map.of(), new int[0], Level.LOW)) {
      assertThat(render("{{if v}}yes{{else}}no{{/if}}{{!v}}", yes)).isEqualTo("yesfalse");
    }
  }

  @Test
  void timesAreComparedByTheirValue() {
    assertThat(render("{{v === w}} {{v == w}}", LocalDate.EPOCH, LocalDate.of(1970, 1, 1)))
        .isEqualTo("true true");
    assertThat(render("{{v === w}}", LocalDate.EPOCH, LocalDate.MAX)).isEqualTo("false");
    assertThat(render("{{v < w}} {{v > w}}", LocalDate.of(2026, 1, 2), LocalDate.of(2026, 1, 10)))
        .isEqualTo("true false");
    assertThat(render("{{new $imports.Date(v).getTime()}}", Instant.ofEpochMilli(77)))
        .isEqualTo("77");
    assertThat(render("{{v > w}} {{v - w}} {{v.getTime()}}", new Date(9), new Date(4)))
        .isEqualTo("true 5 9");
  }

  @Test
  void enumsAreTheirNames() {
    assertThat(
            render("{{v == 'HIGH'}} {{v.toLowerCase()}} {{w[v]}}", Level.HIGH, Map.of("HIGH", 1)))
        .isEqualTo("true high 1");
    assertThat(render("{{v.includes('LOW')}}", List.of(Level.LOW))).isEqualTo("true");
  }

  @Test
  void everyKindOfListHasTheMethodsOfLists() {
    List<Object> kinds =
        List.of(
            List.of(3, 1, 2),
            Arrays.asList(3, 1, 2),
            new CopyOnWriteArrayList<>(List.of(3, 1, 2)),
            new ArrayDeque<>(List.of(3, 1, 2)),
            new LinkedHashSet<>(List.of(3, 1, 2)),
            new int[] {3, 1, 2},
            new long[] {3, 1, 2},
            new double[] {3, 1, 2},
            new Integer[] {3, 1, 2},
            (Iterable<Integer>) () -> List.of(3, 1, 2).iterator());
    for (Object list : kinds) {
      assertThat(
              render("{{v.length}} {{v[0]}} {{v.at(-1)}} {{v.indexOf(1)}} {{v.join('-')}}", list))
          .isEqualTo("3 3 2 1 3-1-2");
      assertThat(render("{{v.map(x => x * 2)}} {{v.slice(1)}} {{v.concat([9])}}", list))
          .isEqualTo("[6,2,4] [1,2] [3,1,2,9]");
      assertThat(render("{{v.slice().sort()}} {{[...v]}} {{v + ''}}", list))
          .isEqualTo("[1,2,3] [3,1,2] 3,1,2");
      assertThat(render("{{each v}}{{$index}}{{$value}}{{/each}}", list)).isEqualTo("031122");
      assertThat(render("<% for (const x of v) print(x) %>", list)).isEqualTo("312");
      assertThat(render("{{$imports.Array.isArray(v)}} {{v instanceof $imports.Array}}", list))
          .isEqualTo("true true");
      assertThat(render("{{0 in v}} {{3 in v}} {{typeof v.map}} {{v.nope}}", list))
          .isEqualTo("true false function ");
      assertThat(render("{{@$imports.JSON.stringify(v)}} {{@$imports.Object.keys(v)}}", list))
          .isEqualTo("[3,1,2] 0,1,2");
    }
  }

  @Test
  void streamsOfNumbersAreLists() {
    assertThat(render("{{v.map(x => x + 1)}}", LongStream.of(1, 2).boxed())).isEqualTo("[2,3]");
    assertThat(render("{{each v}}{{$value}};{{/each}}", DoubleStream.of(0.5, 2)))
        .isEqualTo("0.5;2;");
    assertThat(render("{{v}}", LongStream.of(1, 2))).isEqualTo("[1,2]");
    assertThat(render("{{[...v].length}}", Stream.of("a", "b"))).isEqualTo("2");
    assertThatThrownBy(() -> render("{{v}}{{v}}", Stream.of(1)))
        .hasMessageContaining(
            "a stream can be looped over once, and this one has been: pass a list");
  }

  @Test
  void whatAnIterableThrowsIsToldWithItsCause() {
    Iterable<Object> broken =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Object next() {
                throw new IllegalArgumentException("the cursor is closed");
              }
            };

    assertThatThrownBy(() -> render("{{each v}}{{/each}}", broken))
        .hasStackTraceContaining("the cursor is closed");
  }

  @Test
  void keysOfMapsAreTheirText() {
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put(2, "two");
    map.put(1L, "one");
    map.put(true, "yes");
    map.put(Level.LOW, "low");

    assertThat(render("{{v[1]}} {{v['2']}} {{v.true}} {{v.LOW}} [{{v.x}}]", map))
        .isEqualTo("one two yes low []");
    assertThat(render("{{@$imports.Object.keys(v)}}", map)).isEqualTo("1,2,true,LOW");
    assertThat(render("{{'LOW' in v}} {{'x' in v}} {{1 in v}}", map)).isEqualTo("true false true");
    assertThat(render("{{v.b}}{{v[1]}} [{{v.x}}]", new TreeMap<>(Map.of("b", 1))))
        .isEqualTo("1 []");
    assertThat(render("[{{v.x}}] {{'x' in v}}", new TreeMap<>(Map.of(5, 1)))).isEqualTo("[] false");
  }

  @Test
  void aMapThatHasAKeyWithNullHoldsNull() {
    Map<String, Object> map = new HashMap<>(Collections.singletonMap("a", null));

    assertThat(render("{{v.a === null}} {{v.b === undefined}} {{'a' in v}} {{@v.a}}{{@v.b}}", map))
        .isEqualTo("true true true nullundefined");
  }

  @Test
  void whatTemplatesPutIntoMapsIsOfJava() {
    Map<String, Object> map = new HashMap<>();

    render("<% v.n = 1; v.d = 0.5; v.t = 't'; v.nothing = null; v.l = [1]; v.o = {a: 1} %>", map);

    assertThat(map)
        .containsEntry("n", 1)
        .containsEntry("d", 0.5)
        .containsEntry("t", "t")
        .containsEntry("nothing", null)
        .containsEntry("l", List.of(1))
        .containsEntry("o", Map.of("a", 1));
    render("<% delete v.n; delete v.none %>", map);
    assertThat(map).doesNotContainKey("n").hasSize(5);
  }

  @Test
  void whatCannotBeChangedSaysSo() {
    assertThatThrownBy(() -> render("<% delete v.a %>", Map.of("a", 1)))
        .hasMessageEndingWith("Cannot delete property 'a' of a map that cannot be changed");
    assertThatThrownBy(() -> render("<% v[0] = 1 %>", List.of(1)))
        .hasMessageContaining("'0' of a List12 cannot be changed");
    assertThatThrownBy(() -> render("<% v.x = 1 %>", new Point(1, 2)))
        .hasMessageContaining(
            "'x' of a Point cannot be changed: only maps and lists that Java can change");
    assertThatThrownBy(() -> render("<% v.x = 1 %>", "text"))
        .hasMessageContaining("'x' of a string cannot be changed");
    assertThatThrownBy(() -> render("<% v[0] = 1 %>", new int[] {5}))
        .hasMessageContaining("'0' of a int[] cannot be changed");
    assertThatThrownBy(() -> render("<% v.push(1) %>", new int[] {5}))
        .hasMessageContaining("the list cannot be changed by push");
    assertThatThrownBy(() -> render("<% v.key = 1 %>", new java.util.ArrayList<>(List.of(1))))
        .hasMessageEndingWith("A list takes whole numbers as keys, not 'key'");
    assertThatThrownBy(() -> render("<% v.push(1) %>", new LinkedHashSet<>(List.of(5))))
        .hasMessageContaining("the list cannot be changed by push")
        .hasMessageContaining("change a copy, list.slice()");
    assertThatThrownBy(() -> render("<% v.sort() %>", Stream.of(2, 1)))
        .hasMessageContaining("the list cannot be changed by sort");
  }

  @Test
  void functionsOfJavaTakeWhatTheyCan() {
    BiPredicate<Object, Object> same = Object::equals;
    Function<Object, Object> type =
        value -> value == null ? "null" : value.getClass().getSimpleName();

    assertThat(render("{{v(1, 1)}} {{v(1, 2)}}", same)).isEqualTo("true false");
    assertThat(render("{{v('a')}} {{v(1)}} {{v(1.5)}} {{v(true)}} {{v(null)}} {{v()}}", type))
        .isEqualTo("String Integer Double Boolean null null");
    assertThat(render("{{v([1])}} {{v({a: 1})}} {{v(new $imports.Date(0))}}", type))
        .isEqualTo("ArrayList LinkedHashMap Instant");
    assertThat(render("{{v + ''}}|{{typeof v}}|{{v.nope}}", type))
        .isEqualTo("function () { [native code] }|function|");
    assertThat(render("{{w.map(v)}}", type, List.of(1, "a")))
        .isEqualTo("[&#34;Integer&#34;,&#34;String&#34;]");
    assertThat(render("{{v.call(null, 1)}} {{v.apply(null, ['x'])}} {{v.bind(null, 1.5)()}}", type))
        .isEqualTo("Integer String Double");
  }

  @Test
  void errorsOfTemplatesPassThroughFunctionsOfJava() {
    TemplateFunction calls = arguments -> ((TemplateFunction) arguments[0]).call();

    assertThatThrownBy(() -> render("a\n{{v(() => w.x)}}", calls))
        .hasMessageStartingWith("anonymous:2:1\n")
        .hasMessageEndingWith("RuntimeError: Cannot read properties of null (reading 'x')");
    assertThat(render("<% try { v(() => w.x) } catch (e) { print(e.name) } %>", calls))
        .isEqualTo("TypeError");
    assertThatThrownBy(() -> render("<% try { v(() => { while (1) ; }) } catch (e) { } %>", calls))
        .hasMessageContaining("turns of loops and calls, which is the limit");
  }

  @Test
  void momentsHaveTheZoneOfTheMachine() {
    ZonedDateTime now = Instant.ofEpochMilli(1_795_000_000_000L).atZone(ZoneId.systemDefault());
    Date date = Date.from(now.toInstant());

    assertThat(
            render("{{v.getFullYear()}} {{v.getMonth()}} {{v.getDate()}} {{v.getHours()}}", date))
        .isEqualTo(
            "%d %d %d %d"
                .formatted(
                    now.getYear(), now.getMonthValue() - 1, now.getDayOfMonth(), now.getHour()));
    assertThat(render("{{v.getTimezoneOffset()}}", date))
        .isEqualTo(String.valueOf(-now.getOffset().getTotalSeconds() / 60));
    assertThat(render("{{@v}}|{{v + ''}}|{{v.toString()}}", date))
        .matches(
            "(\\w{3} \\w{3} \\d\\d 2026 \\d\\d:\\d\\d:\\d\\d GMT[+-]\\d{4} \\(.+\\))\\|\\1\\|\\1")
        .startsWith(
            DateTimeFormatter.ofPattern("EEE MMM dd uuuu HH:mm:ss", Locale.ENGLISH).format(now));
    assertThatThrownBy(() -> render("{{v.getNothing()}}", date))
        .hasMessageEndingWith("v.getNothing is not a function");
    assertThatThrownBy(() -> render("{{v.setTime(1)}}", date))
        .hasMessageEndingWith("v.setTime is not a function");
  }

  @Test
  void anExceptionWithoutAMessageIsToldByItsName() {
    Supplier<Object> broken =
        () -> {
          throw new IllegalStateException();
        };

    assertThatThrownBy(() -> render("{{v()}}", broken))
        .hasMessageEndingWith("RuntimeError: java.lang.IllegalStateException");
  }

  @Test
  void functionsOfTheLanguageCanBeCalledByJavaLater() {
    TemplateFunction[] kept = new TemplateFunction[3];
    TemplateFunction keep =
        arguments -> {
          for (int i = 0; i < kept.length; i++) {
            kept[i] = (TemplateFunction) arguments[i];
          }
          return null;
        };

    render("{{v($imports.Math.max, x => x + '!', $escape)}}", keep);

    assertThat(kept[0].call(1, 7L, null)).isEqualTo(7);
    assertThat(kept[1].call("a")).isEqualTo("a!");
    assertThat(kept[2].call("<")).isEqualTo("&#60;");
    assertThat(kept[0].call(Double.NaN)).isEqualTo(Double.NaN);
  }
}
