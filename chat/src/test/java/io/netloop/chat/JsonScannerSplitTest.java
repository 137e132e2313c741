package io.netloop.chat;

import static io.netloop.chat.Findings.BAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the bytes are split into events, the same messages come out. */
final class JsonScannerSplitTest {
  private static final String LOGIN = "{\"type\":\"login\",\"nickname\":\"张三\"}";
  private static final String HELLO = "{\"type\":0,\"message\":\"}{ \\\" \\\\ 😀 é\",\"x\":[{}]}";

  /** Inputs whose meaning does not depend on where events begin: bad stretches end with lines. */
  static Stream<String> corpus() {
    return Stream.of(
        LOGIN + HELLO,
        LOGIN + "\n" + HELLO + "\r\n" + LOGIN,
        "\ufeff" + LOGIN + " \t\r\n" + HELLO,
        "\"}\"" + "\n" + LOGIN,
        "{\"type\":\"login\"\n" + HELLO + LOGIN,
        "{\"a\":\"cut\r\n" + HELLO,
        "{\"a\":\"cut\\\n" + HELLO,
        "{\"m\":\"\\\\\"}{\"m\":\"\\\\\\\"\"}",
        "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}" + HELLO,
        "{\"a\":\"😀😀\",\"b\":\"\\ud83d\\ude00\"}" + LOGIN,
        "not json at all\n" + LOGIN + "neither\n" + HELLO);
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void findsTheSameWhereverTheInputIsSplitInTwo(String input) {
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    List<String> whole = new Findings().feed(bytes).found;
    assertThat(whole).isNotEmpty();
    for (int at = 0; at <= bytes.length; at++) {
      Findings split =
          new Findings()
              .feed(Arrays.copyOf(bytes, at))
              .feed(Arrays.copyOfRange(bytes, at, bytes.length));
      assertThat(split.found).as("split at %d", at).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void findsTheSameWhereverTheInputIsSplitInThree(String input) {
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    List<String> whole = new Findings().feed(bytes).found;
    Buffer all = Buffer.from(bytes);
    for (int a = 0; a <= bytes.length; a++) {
      for (int b = a; b <= bytes.length; b++) {
        Findings split = new Findings();
        split.scanner.feed(all.slice(0, a));
        split.scanner.feed(all.slice(a, b));
        split.scanner.feed(all.slice(b));
        assertThat(split.found).as("split at %d and %d", a, b).isEqualTo(whole);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void findsTheSameByteByByte(String input) {
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    assertThat(new Findings().feedEachByte(bytes).found)
        .isEqualTo(new Findings().feed(bytes).found);
  }

  @Property(tries = 2000)
  void findsAnyMessagesWithAnySeparatorsSplitAnywhere(
      @ForAll("streams") List<Sent> stream, @ForAll @Size(max = 8) List<Integer> cuts) {
    StringBuilder all = new StringBuilder();
    stream.forEach(sent -> all.append(sent.before()).append(sent.json()));
    assertThat(foundIn(all.toString().getBytes(StandardCharsets.UTF_8), cuts).found)
        .isEqualTo(stream.stream().map(Sent::json).toList());
  }

  @Property(tries = 2000)
  void recoversFromAnyGarbageWithinTwoMessages(
      @ForAll byte[] garbage, @ForAll @Size(max = 8) List<Integer> cuts) {
    byte[] tail = ("\n" + HELLO + "\n" + LOGIN + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(garbage, garbage.length + tail.length);
    System.arraycopy(tail, 0, all, garbage.length, tail.length);
    assertThat(foundIn(all, cuts).found).last().isEqualTo(LOGIN);
  }

  @Property(tries = 2000)
  void recoversFromAnyLineOfJsonCharactersWithinTwoMessages(
      @ForAll("jsonLike") String garbage, @ForAll @Size(max = 8) List<Integer> cuts) {
    byte[] all = (garbage + "\n" + HELLO + "\n" + LOGIN + "\n").getBytes(StandardCharsets.UTF_8);
    assertThat(foundIn(all, cuts).found).last().isEqualTo(LOGIN);
  }

  @Property(tries = 1000)
  void findsTheMessagesBetweenBadLines(@ForAll("badLines") List<String> bad) {
    StringBuilder all = new StringBuilder();
    bad.forEach(line -> all.append(line).append('\n').append(HELLO).append('\n'));
    Findings findings = new Findings().feed(all.toString());
    assertThat(findings.found).hasSize(2 * bad.size()).containsOnly(BAD, HELLO);
    assertThat(findings.found.stream().filter(HELLO::equals)).hasSize(bad.size());
  }

  /** A message and what separates it from the one before. */
  record Sent(String before, String json) {}

  @Provide
  Arbitrary<List<Sent>> streams() {
    Arbitrary<String> separator = Arbitraries.strings().withChars(" \t\r\n").ofMaxLength(3);
    Arbitrary<String> value =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(12).map(JsonScannerSplitTest::quoted),
            Arbitraries.strings()
                .withChars("{}[]\":,\\😀é\n\r")
                .ofMaxLength(8)
                .map(JsonScannerSplitTest::quoted),
            Arbitraries.of(
                "1", "null", "true", "-1e9", "[]", "{}", "[{},{\"b\":[1]}]", "\"\\u007d\""));
    Arbitrary<String> json =
        value.list().ofMaxSize(4).map(values -> "{\"k\":[" + String.join(" ,", values) + "]}");
    return Combinators.combine(separator, json).as(Sent::new).list().ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> jsonLike() {
    return Arbitraries.strings().withChars("{}[]\"\\:,a1 \r\n").ofMaxLength(40);
  }

  @Provide
  Arbitrary<List<String>> badLines() {
    Arbitrary<String> line =
        Combinators.combine(
                Arbitraries.of("h", "[", "}", "\"", "\\", "1"),
                Arbitraries.strings().ofMaxLength(20).map(text -> text.replace('\n', ' ')))
            .as(String::concat);
    return line.list().ofMinSize(1).ofMaxSize(5);
  }

  private static String quoted(String text) {
    String object = new JsonText().text("k", text).end();
    return object.substring("{\"k\":".length(), object.length() - 1);
  }

  /** Feeds the input cut at these places, taken modulo its length. */
  private static Findings foundIn(byte[] input, List<Integer> cuts) {
    Findings findings = new Findings();
    Buffer all = Buffer.from(input);
    int from = 0;
    for (int cut : cuts.stream().map(c -> Math.floorMod(c, input.length + 1)).sorted().toList()) {
      findings.scanner.feed(all.slice(from, cut));
      from = cut;
    }
    findings.scanner.feed(all.slice(from));
    return findings;
  }
}
