package io.netloop.template;

import java.util.Locale;

/** The data and the functions that tables of templates are rendered with. */
final class Sample {
  private static final String DATA =
      """
      {
        "s": "Hello, World",
        "t": "  trim me \\t",
        "u": "äöü 你好 𝄞",
        "e": "",
        "html": "<b>&\\"'</b>",
        "n": 3,
        "f": -7.25,
        "z": 0,
        "big": 1e21,
        "yes": true,
        "no": false,
        "nul": null,
        "l": [3, 1, 2],
        "w": ["b", "a", "c"],
        "ll": [[1, 2], [3, [4]]],
        "mixed": [1, "1", null, true],
        "o": {"k": "v", "n": 1, "10": "ten", "9": "nine"},
        "rows": [
          {"id": 1, "name": "Ann", "done": true},
          {"id": 2, "name": "<Ben>", "done": false},
          {"id": 3, "name": "Cid", "done": true}
        ],
        "deep": {"a": {"b": {"c": "x"}}}
      }
      """;

  /** With the functions {@code upper}, {@code add} and {@code wrap}; no warnings are logged. */
  static final TemplateOptions OPTIONS =
      TemplateOptions.DEFAULTS
          .withOnWarning(warning -> {})
          // Functions of the language: those of Java do not know undefined.
          .withValue("upper", Functions.of((run, v) -> text(v, 0).toUpperCase(Locale.ROOT)))
          .withValue("add", Functions.of((run, v) -> Values.add(of(v, 0), of(v, 1))))
          .withValue("wrap", Functions.of((run, v) -> text(v, 1) + text(v, 0) + text(v, 2)));

  private Sample() {}

  /** The data, which templates may change, anew. */
  static Object data() {
    return Json.parse(DATA);
  }

  static String render(String source) {
    return Templates.render(source, data(), OPTIONS);
  }

  private static Object of(Object[] values, int index) {
    return Functions.argument(values, index);
  }

  private static String text(Object[] values, int index) {
    return Values.text(of(values, index));
  }
}
