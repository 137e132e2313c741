package io.netloop.template;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes templates and data: all statements and forms of tags, nested and mixed at random. */
final class RandomTemplates {
  /** The files that they name, by their names. */
  static final Map<String, String> FILES =
      Map.of(
          "part.art", "[{{s}}{{k}}{{set x = 5}}{{x}}{{each rows}}{{$index}}{{/each}}]",
          "layout.art", "<{{block 'b'}}none{{/block}}|{{n}}{{block 'c'}}c{{/block}}>");

  private static final Pattern TAG = Pattern.compile("(?s)\\{\\{.*?}}|<%.*?%>");

  private final Dice dice;
  private final RandomExpressions exprs;
  private final RandomData data;
  private int loops;
  private int names;
  private boolean blocks;

  RandomTemplates(RandomGenerator random) {
    this.dice = new Dice(random);
    this.exprs = new RandomExpressions(dice);
    this.data = new RandomData(dice);
  }

  Map<String, Object> data() {
    return data.data();
  }

  String template() {
    loops = 0;
    names = 0;
    blocks = false;
    String begin = dice.below(10) == 0 ? "{{extend './layout'}}" : "";
    return withOneSlash(begin + content(dice.below(4)));
  }

  /**
   * The original takes what stands between two slashes of a tag for a regular expression, and
   * misses the names in it: one of them is a division.
   */
  private static String withOneSlash(String template) {
    return TAG.matcher(template)
        .replaceAll(tag -> {
          String code = tag.group();
          boolean several = code.indexOf('/') != code.lastIndexOf('/');
          return Matcher.quoteReplacement(several ? code.replace(") / (", ") % (") : code);
        });
  }

  private String content(int depth) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + dice.below(4); i > 0; i--) {
      text.append(piece(depth));
    }
    return text.toString();
  }

  private String piece(int depth) {
    int kind = dice.below(depth > 0 ? 33 : 12);
    return switch (kind) {
      case 0, 1, 2 -> text();
      case 3, 4, 5 -> "{{" + blank() + exprs.expr(2) + blank() + "}}";
      case 6 -> "{{@" + blank() + exprs.rawValue() + blank() + "}}";
      case 7 -> "<%=" + exprs.expr(2) + "%>";
      case 8 -> filter();
      case 9 ->
          "{{print "
              + dice.one(List.of("a", "s", "n", "'<'", "l.length"))
              + " "
              + dice.one(List.of("b", "t", "1", "\"x\""))
              + "}}";
      case 10 ->
          "{{"
              + dice.one(List.of("x", "y", "q", "m"))
              + dice.one(List.of(" += ", " = ", " -= ", " ??= ", " ||= "))
              + exprs.expr(1)
              + "}}";
      case 11 -> include();
      case 12, 13 ->
          "{{if " + exprs.expr(2) + "}}" + content(depth - 1) + orElse(depth) + "{{/if}}";
      case 14, 15, 16 -> each(depth);
      case 17 -> "{{set " + variable() + " = " + exprs.expr(2) + "}}";
      case 18 ->
          "<% if ("
              + exprs.expr(2)
              + ") { %>"
              + content(depth - 1)
              + "<% } else { %>"
              + content(depth - 1)
              + "<% } %>";
      case 19 -> counted(depth);
      case 20 ->
          "<% for ("
              + dice.one(List.of("var", "let", "const"))
              + " k"
              + loops
              + " in "
              + dice.one(List.of("o", "l", "rows", "s"))
              + ") { %>{{k"
              + loops++
              + "}}"
              + content(depth - 1)
              + "<% } %>";
      case 21 ->
          "<% for (const e"
              + loops
              + " of "
              + dice.one(List.of("l", "rows", "ll", "s"))
              + ") { %>{{e"
              + loops++
              + "}}"
              + content(depth - 1)
              + "<% } %>";
      case 22 ->
          "<% "
              + dice.one(List.of("l", "rows"))
              + ".forEach(function (v"
              + loops
              + ", i"
              + loops
              + ") { %>{{v"
              + loops
              + "}}:<%= i"
              + loops++
              + " %>"
              + content(depth - 1)
              + "<% }) %>";
      case 23 -> function(depth);
      case 24 ->
          "<% switch ("
              + exprs.expr(1)
              + ") { case "
              + exprs.expr(1)
              + ": %>"
              + content(depth - 1)
              + (dice.below(2) == 0 ? "<% break; " : "<% ")
              + "default: %>"
              + content(depth - 1)
              + "<% } %>";
      case 25 -> attempt(depth);
      case 26 -> "<% $each(l, function (v, i) { %>" + content(depth - 1) + "<%= v %><% }) %>";
      case 27, 28 -> repeated(depth);
      case 29 ->
          "<% rows.forEach((v"
              + loops
              + ", i"
              + loops
              + ") => { %>{{i"
              + loops++
              + "}}"
              + content(depth - 1)
              + "<% }) %>";
      case 30 -> taken();
      default -> block(depth);
    };
  }

  /** Without blocks: in the original an error in one takes back what was printed before it. */
  private String attempt(int depth) {
    boolean before = blocks;
    blocks = true;
    String text =
        "<% try { %>"
            + content(depth - 1)
            + "{{missing.x}}<% } catch (e) { %>E"
            + content(depth - 1)
            + "<% } %>";
    blocks = before;
    return text;
  }

  private String include() {
    return dice.one(
        List.of(
            "{{include './part'}}",
            "{{include './part' o}}",
            "{{include './part' rows[0]}}",
            "<% include('./part', p) %>",
            "{{include name}}"));
  }

  /** Loops that count by themselves. */
  private String repeated(int depth) {
    String c = "c" + loops++;
    String body = content(depth - 1);
    return dice.below(2) == 0
        ? "<% var " + c + " = 0; while (" + c + "++ < 2) { %>" + body + "<% } %>"
        : "<% var " + c + " = 2; do { %>{{" + c + "}}" + body + "<% } while (--" + c + ") %>";
  }

  /** Values taken apart. */
  private String taken() {
    int n = loops++;
    return dice.one(
            List.of(
                "<% var {k: d#, ...r#} = o %>{{d#}}{{@r#.v}}",
                "<% var {title: d# = 'none'} = o %>{{d#}}",
                "<% var [h#, ...t#] = l %>{{h#}}{{t#}}",
                "<% var [h#, , j# = 4] = l %>{{h#}}{{j#}}",
                "<% for (var [e#, w#] of $imports.Object.entries(o)) { %>{{e#}}{{w#}}<% } %>"))
        .replace("#", String.valueOf(n));
  }

  private String block(int depth) {
    if (blocks) {
      return text();
    }
    blocks = true;
    String text = "{{block 'b'}}" + content(depth - 1) + "{{/block}}";
    blocks = false;
    return text;
  }

  private String blank() {
    return dice.one(List.of("", " ", "  ", "\t"));
  }

  private String text() {
    return dice.one(
        List.of(
            "line\nend",
            " ",
            "text",
            "<p class=\"c\">",
            "</p>",
            "{ }",
            "}}",
            "'",
            "\\",
            "\r\n",
            "`",
            "${a}",
            "<!-- -->",
            "%",
            "# ",
            "é"));
  }

  private String orElse(int depth) {
    return switch (dice.below(3)) {
      case 0 -> "";
      case 1 -> "{{else}}" + content(depth - 1);
      default ->
          "{{else if "
              + exprs.expr(1)
              + "}}"
              + content(depth - 1)
              + "{{else}}"
              + content(depth - 1);
    };
  }

  private String each(int depth) {
    String of =
        dice.one(
            List.of(
                "l",
                "rows",
                "o",
                "s",
                "ll",
                "n",
                "missing",
                "p.l",
                "p.o",
                "l.slice(1)",
                "rows.filter(r=>r.id)",
                "o.k"));
    String named =
        switch (dice.below(3)) {
          case 0 -> "";
          case 1 -> " v" + loops;
          default -> " v" + loops + " i" + loops;
        };
    String inside = named.isEmpty() ? "{{$index}}={{$value}}" : "{{v" + loops + "}}";
    loops++;
    String local = dice.below(4) == 0 ? "{{set y = $index}}{{y}}" : "";
    return "{{each " + of + named + "}}" + inside + local + content(depth - 1) + "{{/each}}";
  }

  private String counted(int depth) {
    String i = "i" + loops++;
    String update = dice.one(List.of("++", "--"));
    String range = update.equals("++") ? " = 0; " + i + " < 3; " : " = 2; " + i + " >= 0; ";
    String jump =
        switch (dice.below(5)) {
          case 0 -> "<% if (" + i + " == 1) continue; %>";
          case 1 -> "<% if (" + i + " == 1) break; %>";
          default -> "";
        };
    return "<% for ("
        + dice.one(List.of("var ", "let "))
        + i
        + range
        + i
        + update
        + ") { %>"
        + jump
        + "{{"
        + i
        + "}}"
        + content(depth - 1)
        + "<% } %>";
  }

  private String function(int depth) {
    String name = "f" + names++;
    String calls = "<% " + name + "(n); " + name + "(s, a) %>";
    return "<% function "
        + name
        + "(x, y) { %>{{x}}"
        + content(depth - 1)
        + (dice.below(3) == 0 ? "<% return %>never" : "")
        + "<% } %>"
        + calls
        + (dice.below(3) == 0 ? "{{" + name + "(l)}}" : "");
  }

  private String filter() {
    return "{{"
        + exprs.expr(1)
        + " | "
        + dice.one(
            List.of(
                "upper",
                "add 1",
                "add n",
                "wrap '<' '>'",
                "upper | wrap s t",
                "add l[0]",
                "add n+1"))
        + "}}";
  }

  private String variable() {
    // Not those that are printed raw: an object is JSON there, by a rule of ours.
    return dice.one(List.of("x", "y", "q", "m", "名"));
  }
}
