package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.nio.CharBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Values of Java as data. */
@SuppressWarnings("JavaUtilDate") // users have such data
class DataTest {
  enum Color {
    RED,
    GREEN
  }

  record Todo(String title, boolean completed, List<String> tags) {}

  private record Hidden(int number) {}

  /** A bean. */
  @SuppressWarnings("DoNotCallSuggester")
  public static final class User {
    private final String name;

    public User(String name) {
      this.name = name;
    }

    public String getName() {
      return name;
    }

    public boolean isAdmin() {
      return true;
    }

    public String getURL() {
      return "/users/" + name;
    }

    public Class<?> getType() {
      return User.class;
    }

    public Object getLoader() {
      return User.class.getClassLoader();
    }

    public String getWithArgument(String argument) {
      return argument;
    }

    public static String getStatic() {
      return "static";
    }

    public String delete() {
      throw new AssertionError("a template has called a method that is no getter");
    }

    public String getBroken() {
      throw new IllegalStateException("no database");
    }
  }

  private static String render(String source, Object value) {
    Map<String, Object> data = new HashMap<>();
    data.put("v", value);
    return Templates.render(source, data);
  }

  @Test
  void recordsShowTheirParts() {
    Todo todo = new Todo("吃饭", true, List.of("a", "b"));

    assertThat(render("{{v.title}} {{v.completed}} {{v.tags.length}} {{v.missing}}", todo))
        .isEqualTo("吃饭 true 2 ");
    assertThat(render("{{@v}}", todo))
        .isEqualTo("{\"title\":\"吃饭\",\"completed\":true,\"tags\":[\"a\",\"b\"]}");
    assertThat(render("{{each v}}{{$index}};{{/each}}", todo)).isEqualTo("title;completed;tags;");
    assertThat(Templates.render("{{title}}", todo)).isEqualTo("吃饭");
    assertThat(render("{{v.number}}", new Hidden(7))).isEqualTo("7");
  }

  @Test
  void beansShowTheirGetters() {
    User user = new User("ann");

    assertThat(render("{{v.name}} {{v.admin}} {{v.URL}}", user)).isEqualTo("ann true /users/ann");
    assertThat(render("{{'name' in v}} {{'delete' in v}}", user)).isEqualTo("true false");
  }

  @Test
  void nothingOfTheMachineCanBeReached() {
    User user = new User("ann");

    assertThat(render("[{{v.class}}{{v.type}}{{v.loader}}{{v.static}}{{v.withArgument}}]", user))
        .isEqualTo("[]");
    assertThat(render("[{{v.constructor}}{{v.__proto__}}{{v.getClass}}]", user)).isEqualTo("[]");
    assertThat(render("[{{v.contextClassLoader}}{{v.name}}]", Thread.currentThread()))
        .isEqualTo("[]");
    assertThat(render("[{{v.name}}]", Color.class)).isEqualTo("[]");
    assertThatThrownBy(() -> render("{{v.delete()}}", user))
        .hasMessageEndingWith("RuntimeError: v.delete is not a function");
    assertThatThrownBy(() -> render("{{v.getClass()}}", user))
        .hasMessageEndingWith("v.getClass is not a function");
    assertThatThrownBy(() -> render("{{''.constructor.constructor('return 1')()}}", user))
        .isInstanceOf(TemplateError.class);
  }

  @Test
  void whatAGetterThrowsIsAnErrorOfTheTemplate() {
    assertThatThrownBy(() -> render("{{v.broken}}", new User("ann")))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining("anonymous:1:1")
        .hasMessageContaining("reading 'broken' of a User failed")
        .hasMessageContaining("no database")
        .hasRootCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void mapsOfAllKindsAreObjects() {
    Map<Color, Integer> byColor = new EnumMap<>(Color.class);
    byColor.put(Color.GREEN, 2);
    Map<Integer, String> byNumber = new TreeMap<>(Map.of(10, "ten", 9, "nine"));

    assertThat(render("{{v.GREEN}}{{v.RED}}", byColor)).isEqualTo("2");
    assertThat(render("{{v[10]}} {{v['9']}} {{v.x}}", byNumber)).isEqualTo("ten nine ");
    assertThat(render("{{each v}}{{$index}}={{$value}};{{/each}}", byNumber))
        .isEqualTo("9=nine;10=ten;");
    assertThat(render("{{v.a}}|{{@v.a}}|{{@v.b}}", new HashMap<>(mapWithNull())))
        .isEqualTo("|null|undefined");
  }

  private static Map<String, Object> mapWithNull() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", null);
    return map;
  }

  @Test
  void collectionsArraysAndStreamsAreLists() {
    String loop = "{{each v}}{{$index}}{{$value}} {{/each}}";

    assertThat(render(loop, new LinkedHashSet<>(List.of("a", "b")))).isEqualTo("0a 1b ");
    assertThat(render(loop, new ArrayDeque<>(List.of("a", "b")))).isEqualTo("0a 1b ");
    assertThat(render(loop, new String[] {"a", null})).isEqualTo("0a 1 ");
    assertThat(render(loop, new int[] {5, 6})).isEqualTo("05 16 ");
    assertThat(render(loop, new double[] {0.5, 2})).isEqualTo("00.5 12 ");
    assertThat(render(loop, Stream.of("a", "b"))).isEqualTo("0a 1b ");
    assertThat(render(loop, IntStream.range(0, 3))).isEqualTo("00 11 22 ");
    assertThat(render(loop, new ArrayDeque<>(List.of("a")))).isEqualTo("0a ");
    assertThat(render("{{v.length}} {{v[1]}} {{v.join('-')}}", new String[] {"a", "b"}))
        .isEqualTo("2 b a-b");
  }

  @Test
  void aStreamIsLoopedOverOnce() {
    assertThatThrownBy(() -> render("{{each v}}{{/each}}{{each v}}{{/each}}", Stream.of(1)))
        .hasMessageContaining("a stream can be looped over once");
  }

  @Test
  void numbersPrintAsInJavaScriptAndKeepTheirDigits() {
    assertThat(render("{{v}}", 1.50)).isEqualTo("1.5");
    assertThat(render("{{v}}", 3.0f)).isEqualTo("3");
    assertThat(render("{{v}}", 0.1f)).isEqualTo("0.1");
    assertThat(render("{{v}}", 9_007_199_254_740_993L)).isEqualTo("9007199254740993");
    assertThat(render("{{v}}", new BigDecimal("12.30"))).isEqualTo("12.3");
    assertThat(render("{{v}}", new BigDecimal("12345678901234567890.123456789")))
        .isEqualTo("12345678901234567890.123456789");
    assertThat(render("{{v}}", new BigInteger("123456789012345678901234567890")))
        .isEqualTo("123456789012345678901234567890");
    assertThat(render("{{v + 1}}", (byte) 1)).isEqualTo("2");
    assertThat(render("{{v}}", new AtomicInteger(4))).isEqualTo("4");
    assertThat(render("{{v}}", new BigDecimal("1e100000"))).isEqualTo("1E+100000");
    assertThat(render("{{v}} {{@v}}", Double.NaN)).isEqualTo("null NaN");
    assertThat(render("{{v}}", -0.0)).isEqualTo("0");
  }

  @Test
  void optionalsEnumsAndCharactersAreWhatTheyHold() {
    assertThat(render("{{v}}", Optional.of("x"))).isEqualTo("x");
    assertThat(render("[{{v}}]", Optional.empty())).isEqualTo("[]");
    assertThat(render("{{v + 1}}", OptionalInt.of(4))).isEqualTo("5");
    assertThat(render("{{v == 'RED'}}", Color.RED)).isEqualTo("true");
    assertThat(render("{{v.length}}", 'x')).isEqualTo("1");
    assertThat(render("{{v.toUpperCase()}}", CharBuffer.wrap("abc"))).isEqualTo("ABC");
  }

  @Test
  void timesPrintAsIsoText() {
    assertThat(render("{{v}}", LocalDate.of(2026, 11, 25))).isEqualTo("2026-11-25");
    assertThat(render("{{v.year}}-{{v.dayOfYear}}", LocalDate.of(2026, 2, 1))).isEqualTo("2026-32");
    assertThat(render("{{v}}", Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(render("{{v}}", new Date(0))).isEqualTo("&#34;1970-01-01T00:00:00.000Z&#34;");
    assertThat(render("{{v.toISOString()}} {{v.getTime()}}", new Date(5)))
        .isEqualTo("1970-01-01T00:00:00.005Z 5");
  }

  @Test
  void otherObjectsPrintTheirText() {
    UUID id = new UUID(1, 2);

    assertThat(render("{{v}}", id)).isEqualTo(id.toString());
    assertThat(render("{{v.host}}", URI.create("http://h/p?a&b"))).isEqualTo("h");
    assertThat(render("{{v.hostName}}", InetAddress.getLoopbackAddress())).isEmpty();
    assertThat(
            render(
                "{{v}}",
                new Object() {
                  @Override
                  public String toString() {
                    return "<me>";
                  }
                }))
        .isEqualTo("&#60;me&#62;");
  }

  @Test
  void functionsOfJavaCanBeCalled() {
    Function<Object, Object> twice = value -> value + "" + value;
    BiFunction<Object, Object, Object> join = (a, b) -> a + "-" + b;
    Predicate<Object> isNull = value -> value == null;
    Supplier<String> supplier = () -> "<s>";

    assertThat(render("{{v('a')}}", twice)).isEqualTo("aa");
    assertThat(render("{{v('a', 1)}}", join)).isEqualTo("a-1");
    assertThat(render("{{v(undefined)}} {{v(0)}}", isNull)).isEqualTo("true false");
    assertThat(render("{{v}} {{@v}} {{v()}}", supplier)).isEqualTo("&#60;s&#62; <s> &#60;s&#62;");
    assertThat(render("{{v.f(2)}}", Map.of("f", twice))).isEqualTo("22");
    assertThat(render("{{[1,2].map(v)}}", (TemplateFunction) a -> a[0] + "" + a[1]))
        .isEqualTo("[&#34;10&#34;,&#34;21&#34;]");
  }

  @Test
  void functionsOfTemplatesCanBeCalledByJava() {
    TemplateFunction caller = arguments -> ((TemplateFunction) arguments[0]).call(20, 1);

    assertThat(render("{{v((a, b) => a * 2 + b)}}", caller)).isEqualTo("41");
  }

  @Test
  void whatAFunctionThrowsIsAnErrorWithItsCause() {
    TemplateFunction broken =
        arguments -> {
          throw new IllegalArgumentException("no such user");
        };

    assertThatThrownBy(() -> render("a\n{{v(1)}}", broken))
        .hasMessageContaining("anonymous:2:1")
        .hasMessageEndingWith("RuntimeError: no such user")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(render("<% try { v() } catch (e) { %>{{e.message}}<% } %>", broken))
        .isEqualTo("no such user");
  }

  @Test
  void dataThatCanBeChangedIsChangedAndOtherDataIsNot() {
    Map<String, Object> map = new HashMap<>(Map.of("x", 1));
    List<Object> list = new ArrayList<>(List.of(1, 2));

    assertThat(render("{{v.x = 5}}{{v.x}}", map)).isEqualTo("55");
    assertThat(map).containsEntry("x", 5);
    assertThat(render("{{v.push(3)}}", list)).isEqualTo("3");
    assertThat(list).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> render("{{v.x = 5}}", Map.of("x", 1)))
        .hasMessageContaining("'x' of a Map1 cannot be changed");
    assertThatThrownBy(() -> render("{{v.push(1)}}", List.of()))
        .hasMessageContaining("the list cannot be changed by push");
    assertThatThrownBy(() -> render("{{v.name = 1}}", new User("ann")))
        .hasMessageContaining("cannot be changed");
  }

  @Test
  void treesOfJacksonAreObjectsListsAndValues() {
    JsonNode tree =
        JsonMapper.shared()
            .readTree(
                "{\"name\":\"<x>\",\"list\":[1,2.5,null,true],\"o\":{\"k\":\"v\"},\"n\":null}");

    assertThat(Templates.render("{{name}} {{list[1]}} {{o.k}} [{{n}}{{missing}}]", tree))
        .isEqualTo("&#60;x&#62; 2.5 v []");
    assertThat(render("{{each v.list}}{{$index}}:{{$value}};{{/each}}", tree))
        .isEqualTo("0:1;1:2.5;2:;3:true;");
    assertThat(render("{{each v}}{{$index}},{{/each}}", tree)).isEqualTo("name,list,o,n,");
    assertThat(render("{{@v.o}}{{@v.n}}{{v.list.length}}", tree)).isEqualTo("{\"k\":\"v\"}null4");
    assertThat(render("{{if v.list[3]}}yes{{/if}}", tree)).isEqualTo("yes");
  }

  @Test
  void aValueThatContainsItselfIsAnErrorAndNotAnEndlessPage() {
    Map<String, Object> map = new HashMap<>();
    map.put("self", map);
    List<Object> list = new ArrayList<>();
    list.add(list);

    assertThatThrownBy(() -> render("{{v}}", map)).hasMessageContaining("circular structure");
    assertThatThrownBy(() -> render("{{@v}}", list)).hasMessageContaining("nested deeper");
  }
}
