package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** JSON.stringify and JSON.parse of the package, with Jackson as the other side. */
class JsonTest {
  record Pair(Object left, Object right) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.5",
        "1e-7",
        "\"\"",
        "\"a\\\"b\\\\c\\n\\t\\u0001\"",
        "[]",
        "[1,[2,[]],null]",
        "{}",
        "{\"a\":{\"b\":[1,{\"c\":null}]},\"\":\"x\"}",
        "\"你好 𝄞 é\""
      })
  void whatIsReadIsWrittenTheSame(String json) {
    assertThat(Json.stringify(Json.parse(json), "")).isEqualTo(json);
  }

  @Test
  void whatJacksonWritesIsReadAndTheOtherWayRound() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 500; i++) {
      Object value = value(random, 4);
      String ours = Json.text(value);

      assertThat(JsonMapper.shared().readValue(ours, Object.class)).isEqualTo(plain(value));
      assertThat(Json.parse(JsonMapper.shared().writeValueAsString(plain(value)))).isEqualTo(value);
    }
  }

  private static Object value(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextInt() / 8.0 + 0.0625;
      case 2 -> random.nextBoolean();
      case 3 -> Nothing.NULL;
      case 4 ->
          List.of("", "a\"b", "\\/\b\f\n\r\t", "你𝄞\u2028", "\u0000\u001f").get(random.nextInt(5));
      case 5, 6 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put("k" + i, value(random, depth - 1));
        }
        yield map;
      }
    };
  }

  /** With null as Java has it. */
  private static Object plain(Object value) {
    return switch (value) {
      case Nothing nothing -> null;
      case List<?> list -> {
        List<Object> copy = new ArrayList<>();
        list.forEach(one -> copy.add(plain(one)));
        yield copy;
      }
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new HashMap<>();
        map.forEach((key, one) -> copy.put(key, plain(one)));
        yield copy;
      }
      default -> value;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          ¦¦ → Unexpected end of JSON input
          ¦  ¦ → Unexpected end of JSON input
          nul → Unexpected token 'n' in JSON at position 0
          x → Unexpected token 'x' in JSON at position 0
          1 2 → Unexpected token '2' in JSON at position 2
          [1 → Unexpected end of JSON input
          [1,] → Unexpected token ']' in JSON at position 3
          [1 2] → Unexpected token '2' in JSON at position 3
          {"a" 1} → Unexpected token '1' in JSON at position 5
          {"a":1 → Unexpected end of JSON input
          {"a":1,} → Unexpected token '}' in JSON at position 7
          {a:1} → Unexpected token 'a' in JSON at position 1
          {'a':1} → Unexpected token ''' in JSON at position 1
          01 → Unexpected token '0' in JSON at position 0
          1. → Unexpected token '1' in JSON at position 0
          .5 → Unexpected token '.' in JSON at position 0
          +1 → Unexpected token '+' in JSON at position 0
          1e → Unexpected token '1' in JSON at position 0
          - → Unexpected token '-' in JSON at position 0
          "a → Unexpected end of JSON input
          "a\\x" → Unexpected token 'x' in JSON at position 3
          "\\u12" → Unexpected token 'u' in JSON at position 2
          "\\u12g4" → Unexpected token 'u' in JSON at position 2
          "\\ → Unexpected end of JSON input
          ¦"a⇥b"¦ → Unexpected token '⇥' in JSON at position 2
          NaN → Unexpected token 'N' in JSON at position 0
          true false → Unexpected token 'f' in JSON at position 5
          ] → Unexpected token ']' in JSON at position 0
          """)
  void whatIsNoJsonIsToldWithItsPlace(String json, String sentence) {
    assertThatThrownBy(() -> Json.parse(json.replace('⇥', '\t')))
        .isInstanceOf(Failure.class)
        .hasMessage(sentence.replace('⇥', '\t'));
  }

  @Test
  void jsonIsNestedSoDeepAndNoDeeper() {
    String deep = "[".repeat(Json.DEEPEST) + "]".repeat(Json.DEEPEST);

    assertThat(Json.stringify(Json.parse(deep), "")).isEqualTo(deep);
    assertThatThrownBy(() -> Json.parse("[" + deep.repeat(1) + "]" + "x"))
        .isInstanceOf(Failure.class);
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
        .hasMessage("JSON is nested deeper than 500 levels");
    assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(100_000)))
        .hasMessage("JSON is nested deeper than 500 levels");
  }

  @Test
  void valuesOfJavaAreWritten() {
    UUID id = new UUID(3, 4);

    assertThat(Json.text(new Pair(1L << 60, new BigInteger("123456789012345678901"))))
        .isEqualTo("{\"left\":1152921504606846976,\"right\":123456789012345678901}");
    assertThat(Json.text(new Pair(new BigDecimal("1.10"), Double.NaN)))
        .isEqualTo("{\"left\":1.1,\"right\":null}");
    assertThat(Json.text(new Pair(Instant.EPOCH, id)))
        .isEqualTo("{\"left\":\"1970-01-01T00:00:00Z\",\"right\":\"%s\"}".formatted(id));
    assertThat(Json.text(new Pair(new int[] {1}, null))).isEqualTo("{\"left\":[1],\"right\":null}");
    assertThat(Json.text(Nothing.UNDEFINED)).isEmpty();
  }

  @Test
  void halvesOfPairsAreWrittenAsEscapes() {
    assertThat(Json.stringify("\ud834", "")).isEqualTo("\"\\ud834\"");
    assertThat(Json.stringify("\udd1e", "")).isEqualTo("\"\\udd1e\"");
    assertThat(Json.stringify("\ud834x\udd1e", "")).isEqualTo("\"\\ud834x\\udd1e\"");
    assertThat(Json.stringify("\ud834\udd1e", "")).isEqualTo("\"𝄞\"");
    assertThat(Json.stringify("\ud834\ud834\udd1e\udd1e", "")).isEqualTo("\"\\ud834𝄞\\udd1e\"");
  }

  @Test
  void aGapIndentsWhatIsNested() {
    Object value = Json.parse("{\"a\":[1,{\"b\":[]}],\"c\":{}}");

    assertThat(Json.stringify(value, "  "))
        .isEqualTo(
            """
            {
              "a": [
                1,
                {
                  "b": []
                }
              ],
              "c": {}
            }\
            """);
  }

  @Test
  void whatContainsItselfIsFound() {
    List<Object> list = new ArrayList<>();
    list.add(Map.of("list", list));

    assertThatThrownBy(() -> Json.text(list))
        .isInstanceOf(Failure.class)
        .hasMessage("Converting circular structure to JSON");
  }
}
