package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How patterns are read, and what the tree of them finds. What they match is compared elsewhere.
 */
class PathPatternTest {
  private static final RouterOptions DEFAULTS = RouterOptions.defaults();

  private static Map<String, Object> params(String pattern, String path) {
    PathPattern.Match match = PathPattern.of(pattern, true, DEFAULTS).match(path, 0, path.length());
    return match == null ? null : Params.of(match, path).toMap();
  }

  @Test
  void handsOutWhatItHasFound() {
    assertThat(params("/a/:b/c", "/A/x%20y/c/")).containsExactly(Map.entry("b", "x y"));
    assertThat(params("/:from-:to", "/x-y-z"))
        .containsExactly(Map.entry("from", "x-y"), Map.entry("to", "z"));
    assertThat(params("/f/*rest", "/f/a/b%2Fc"))
        .containsExactly(Map.entry("rest", List.of("a", "b/c")));
    assertThat(params("/o{/:x}", "/o")).isEmpty();
    assertThat(params("/o{/:x}", "/o/1")).containsExactly(Map.entry("x", "1"));
    assertThat(params("/f/*rest", "/f/")).isNull();
  }

  @Test
  void knowsTextThatIsNotAsciiAsItComesInRequests() {
    assertThat(params("/你/:x", "/%E4%BD%A0/%E5%A5%BD")).containsExactly(Map.entry("x", "好"));
    assertThat(params("/ü", "/%c3%bc")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "users | A path begins with \"/\", and \"users\" does not.",
        "/a(b) | The path \"/a(b)\" can't be read: '(' at 2 has to be escaped",
        "/a? | The path \"/a?\" can't be read: '?' at 2 has to be escaped",
        "/a} | The path \"/a}\" can't be read: '}' at 2 has to be escaped",
        "/a{/b | The path \"/a{/b\" can't be read: a '{' has no '}'.",
        "/: | The path \"/:\" can't be read: the ':' at 1 has no name behind it.",
        "/* | The path \"/*\" can't be read: the '*' at 1 has no name behind it.",
        "/:1x | The path \"/:1x\" can't be read: the ':' at 1 has no name behind it.",
        "/:\"x | The path \"/:\"x\" can't be read: the quote at 2 has no end.",
        "/x\\ | The path \"/x\\\" can't be read: a backslash stands at the end.",
        "/:a:b | The path \"/:a:b\" has to have text before \"b\"",
        "/*a*b | The path \"/*a*b\" has to have text before \"b\"",
      })
  void refusesWithASentence(String pattern, String sentence) {
    assertThatThrownBy(() -> Web.app().get(pattern, (request, response) -> response.end()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence);
  }

  @Test
  void refusesMoreFormsThanAnybodyMeans() {
    String eight = "{/:a}{/:b}{/:c}{/:d}{/:e}{/:f}{/:g}{/:h}";
    assertThat(PathPattern.of("/x" + eight, true, DEFAULTS).shapes()).hasSize(256);
    assertThatThrownBy(() -> PathPattern.of("/x" + eight + "{/:i}", true, DEFAULTS))
        .hasMessageContaining("too many optional parts");
  }

  @Test
  void takesNoLongForPathsThatAreMadeToTakeLong() {
    List<String> patterns =
        List.of(
            "/:a-:b-:c-:d-:e.x",
            "/*a/x/*b/y/*c/z",
            "/:a.:b!",
            "{/:a}{/:b}{/:c}{/:d}/end",
            "/*a-*b-*c!x");
    String[] paths = {
      "/" + "-".repeat(16_000),
      "/" + "a-".repeat(8_000),
      "/" + "x/".repeat(8_000),
      "/x/y/z".repeat(2_500),
      "/" + ".".repeat(16_000),
      "/".repeat(16_000)
    };
    Assertions.assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (String pattern : patterns) {
            PathPattern compiled = PathPattern.of(pattern.replace("!", "\\!"), true, DEFAULTS);
            for (String path : paths) {
              assertThat(compiled.match(path + "\u0001", 0, path.length() + 1)).isNull();
            }
          }
        });
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of(
            "/a", "/b", "/A", "/:x", "/:y", "/p-:x", "/*r", "{/:o}", "/", "/a-b", "{/c}")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(parts -> {
          StringBuilder pattern = new StringBuilder();
          for (int i = 0; i < parts.size(); i++) {
            pattern.append(
                parts
                    .get(i)
                    .replace("x", "x" + i)
                    .replace("y", "y" + i)
                    .replace("*r", "*r" + i)
                    .replace(":o", ":o" + i));
          }
          return pattern.toString();
        });
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of("/a", "/b", "/A", "/x", "/p-q", "/", "//", "/a-b", "/c", "")
        .list()
        .ofMaxSize(5)
        .map(parts -> "/" + String.join("", parts).replaceFirst("^/", ""));
  }

  /** The tree finds every layer that matches, in the order of registration, and each once. */
  @Property(tries = 3000)
  void theTreeFindsWhatALookAtEveryPatternFinds(
      @ForAll("patterns") String first,
      @ForAll("patterns") String second,
      @ForAll("patterns") String third,
      @ForAll("paths") String path,
      @ForAll boolean whole,
      @ForAll boolean strict) {
    RouterOptions options = DEFAULTS.withStrict(strict);
    PathTree tree = new PathTree();
    List<Layer> layers = new ArrayList<>();
    for (String pattern : List.of(first, second, third)) {
      PathPattern compiled = PathPattern.of(pattern, whole, options);
      layers.add(new Layer(layers.size(), compiled, null, false, 0, null, null));
      tree.add(layers.getLast());
    }
    PathTree.Found found = new PathTree.Found();
    tree.find(path, 0, path.length(), found);
    List<Layer> matching = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).pattern().match(path, 0, path.length()) != null) {
        matching.add(found.get(i));
      }
    }
    assertThat(matching)
        .containsExactlyElementsOf(
            layers.stream()
                .filter(layer -> layer.pattern().match(path, 0, path.length()) != null)
                .toList());
  }
}
