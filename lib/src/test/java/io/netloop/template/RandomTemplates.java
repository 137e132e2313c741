package io.netloop.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes templates and data: all statements, operators and methods, nested and mixed at random. */
final class RandomTemplates {
  private static final List<String> NAMES =
      List.of("a", "b", "n", "m", "z", "s", "t", "l", "ll", "rows", "o", "p", "missing", "名");
  private static final List<String> TEXTS =
      List.of(
          "",
          "x",
          "<b>",
          "\"q\"",
          "it's",
          "a&b",
          "  ",
          "10",
          "0",
          "3.5",
          "Hello World",
          "äöü",
          "你好",
          "a,b,c",
          "line\nline",
          "</script>",
          "-1e3",
          "true",
          "𝄞");

  /** Without powers: V8's differ from the nearest number in the last digit. */
  private static final List<String> BINARY =
      List.of(
          "+", "-", "*", "/", "%", "==", "!=", "===", "!==", "<", ">", "<=", ">=", "&&", "||", "??",
          "&", "^", "<<", ">>", ">>>");

  private final RandomGenerator random;
  private int loops;
  private int names;
  private boolean blocks;

  RandomTemplates(RandomGenerator random) {
    this.random = random;
  }

  private int below(int bound) {
    return random.nextInt(bound);
  }

  private <T> T one(List<T> of) {
    return of.get(below(of.size()));
  }

  // --- data

  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "n", "m", "z", "s", "t")) {
      if (below(6) > 0) {
        data.put(name, simple());
      }
    }
    data.put("s", one(TEXTS));
    data.put("n", below(20) - 5);
    data.put("l", list(below(5)));
    data.put("ll", List.of(list(below(3)), list(below(3))));
    List<Object> rows = new ArrayList<>();
    for (int i = below(4); i > 0; i--) {
      rows.add(object());
    }
    data.put("rows", rows);
    data.put("o", object());
    data.put("p", Map.of("o", object(), "l", list(2)));
    data.put("名", simple());
    return data;
  }

  private Object simple() {
    return switch (below(8)) {
      case 0 -> true;
      case 1 -> false;
      case 2 -> Nothing.NULL;
      case 3 -> below(100) - 50;
      case 4 -> (below(2000) - 1000) / 8.0;
      case 5 -> below(1000) * 1e18;
      default -> one(TEXTS);
    };
  }

  private List<Object> list(int size) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(simple());
    }
    return list;
  }

  private Map<String, Object> object() {
    Map<String, Object> object = new LinkedHashMap<>();
    for (String key : List.of("k", "v", "id", "9", "10", "title", "done")) {
      if (below(3) > 0) {
        object.put(key, simple());
      }
    }
    return object;
  }

  // --- templates

  String template() {
    loops = 0;
    names = 0;
    blocks = false;
    return content(below(4));
  }

  private String content(int depth) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + below(4); i > 0; i--) {
      text.append(piece(depth));
    }
    return text.toString();
  }

  private String piece(int depth) {
    int kind = below(depth > 0 ? 26 : 10);
    return switch (kind) {
      case 0, 1, 2 -> text();
      case 3, 4, 5 -> "{{" + blank() + start(2) + blank() + "}}";
      case 6 -> "{{@" + blank() + rawValue() + blank() + "}}";
      case 7 -> "<%=" + expr(2) + "%>";
      case 8 -> filter();
      case 9 ->
          "{{print "
              + one(List.of("a", "s", "n", "'<'", "l.length"))
              + " "
              + one(List.of("b", "t", "1", "\"x\""))
              + "}}";
      case 10, 11 -> "{{if " + start(2) + "}}" + content(depth - 1) + orElse(depth) + "{{/if}}";
      case 12, 13, 14 -> each(depth);
      case 15 -> "{{set " + variable() + " = " + expr(2) + "}}";
      case 16 ->
          "<% if ("
              + expr(2)
              + ") { %>"
              + content(depth - 1)
              + "<% } else { %>"
              + content(depth - 1)
              + "<% } %>";
      case 17 -> counted(depth);
      case 18 ->
          "<% for ("
              + one(List.of("var", "let", "const"))
              + " k"
              + loops
              + " in "
              + one(List.of("o", "l", "rows", "s"))
              + ") { %>{{k"
              + loops++
              + "}}"
              + content(depth - 1)
              + "<% } %>";
      case 19 ->
          "<% for (const e"
              + loops
              + " of "
              + one(List.of("l", "rows", "ll", "s"))
              + ") { %>{{e"
              + loops++
              + "}}"
              + content(depth - 1)
              + "<% } %>";
      case 20 ->
          "<% "
              + one(List.of("l", "rows"))
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
      case 21 -> function(depth);
      case 22 ->
          "<% switch ("
              + expr(1)
              + ") { case "
              + expr(1)
              + ": %>"
              + content(depth - 1)
              + (below(2) == 0 ? "<% break; " : "<% ")
              + "default: %>"
              + content(depth - 1)
              + "<% } %>";
      case 23 -> attempt(depth);
      case 24 -> "<% $each(l, function (v, i) { %>" + content(depth - 1) + "<%= v %><% }) %>";
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
    return one(List.of("", " ", "  ", "\t"));
  }

  private String text() {
    return one(
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
    return switch (below(3)) {
      case 0 -> "";
      case 1 -> "{{else}}" + content(depth - 1);
      default ->
          "{{else if " + start(1) + "}}" + content(depth - 1) + "{{else}}" + content(depth - 1);
    };
  }

  private String each(int depth) {
    String of =
        one(
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
        switch (below(3)) {
          case 0 -> "";
          case 1 -> " v" + loops;
          default -> " v" + loops + " i" + loops;
        };
    String inside = named.isEmpty() ? "{{$index}}={{$value}}" : "{{v" + loops + "}}";
    loops++;
    String local = below(4) == 0 ? "{{set y = $index}}{{y}}" : "";
    return "{{each " + of + named + "}}" + inside + local + content(depth - 1) + "{{/each}}";
  }

  private String counted(int depth) {
    String i = "i" + loops++;
    String update = one(List.of("++", "--"));
    String range = update.equals("++") ? " = 0; " + i + " < 3; " : " = 2; " + i + " >= 0; ";
    String jump =
        switch (below(5)) {
          case 0 -> "<% if (" + i + " == 1) continue; %>";
          case 1 -> "<% if (" + i + " == 1) break; %>";
          default -> "";
        };
    return "<% for ("
        + one(List.of("var ", "let "))
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
        + (below(3) == 0 ? "<% return %>never" : "")
        + "<% } %>"
        + calls
        + (below(3) == 0 ? "{{" + name + "(l)}}" : "");
  }

  private String filter() {
    return "{{"
        + start(1)
        + " | "
        + one(
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
    return one(List.of("x", "y", "q", "m", "名"));
  }

  // --- expressions

  // One that may stand first in a tag: no object, no keyword of the tags. */
  private String start(int depth) {
    return expr(depth);
  }

  /** Not an object: those are printed as JSON. */
  private String rawValue() {
    return one(
        List.of(
            "s",
            "n",
            "a",
            "l.join()",
            "l.length",
            "missing",
            "z",
            "s + n",
            "-n",
            "n > 1",
            "'<i>'",
            "o.k",
            "l",
            "n / 0"));
  }

  private String expr(int depth) {
    if (depth == 0) {
      return atom();
    }
    return switch (below(16)) {
      case 0, 1, 2, 3 -> atom();
      case 4, 5 -> arithmetic(depth);
      case 6 -> "(" + expr(depth - 1) + " ? " + expr(depth - 1) + " : " + expr(depth - 1) + ")";
      case 7 -> one(List.of("!", "-", "+", "~", "typeof ")) + "(" + expr(depth - 1) + ")";
      case 8, 9 -> textMethod(depth);
      case 10, 11 -> listMethod();
      case 12 -> numberMethod();
      case 13 -> "[" + expr(depth - 1) + "," + expr(depth - 1) + "]";
      case 14 -> "({k: " + expr(depth - 1) + ", 'x y': 1}).k";
      default -> imports(depth);
    };
  }

  private String arithmetic(int depth) {
    String operator = one(BINARY);
    return "((" + expr(depth - 1) + ") " + operator + " (" + expr(depth - 1) + "))";
  }

  private String atom() {
    return switch (below(9)) {
      case 0, 1, 2 -> one(NAMES);
      case 3 -> one(List.of("0", "1", "2", "1.5", "0x1f", "1e3", "100", "1e21", "1e-7"));
      case 4 -> one(List.of("'x'", "\"<&>\"", "''", "'a b'", "'\\n'", "\"\\u00e9\"", "'12'"));
      case 5 -> one(List.of("true", "false", "null", "undefined"));
      case 6 ->
          one(
              List.of(
                  "o.k",
                  "o['v']",
                  "o[10]",
                  "p.o.title",
                  "l[0]",
                  "l[n]",
                  "s.length",
                  "l.length",
                  "rows.length",
                  "s[0]",
                  "ll[0]",
                  "p?.o?.k",
                  "missing?.x",
                  "$data.s",
                  "$data['o']",
                  "z?.[0]"));
      default -> one(List.of("n", "s", "a", "l", "o"));
    };
  }

  private String textMethod(int depth) {
    return one(List.of("s", "String_", "'a-b-c'", "'Hello'"))
            .replace("String_", "$imports.String(" + expr(depth - 1) + ")")
        + one(
            List.of(
                ".toUpperCase()",
                ".toLowerCase()",
                ".trim()",
                ".charAt(1)",
                ".charCodeAt(0)",
                ".slice(1)",
                ".slice(-2)",
                ".slice(1,-1)",
                ".substring(2,0)",
                ".substr(-2,1)",
                ".indexOf('l')",
                ".lastIndexOf('l')",
                ".includes('o')",
                ".startsWith('H')",
                ".endsWith('c')",
                ".split('-').length",
                ".split('')",
                ".replace('l','L')",
                ".replace(/[a-h]/g,'.')",
                ".replace(/([a-zA-Z])([a-z])/,'$2$1')",
                ".replaceAll('l','$&$&')",
                ".match(/l+/)",
                ".search(/[A-Z]/)",
                ".padStart(8,'*')",
                ".padEnd(7)",
                ".repeat(2)",
                ".concat('!',1)",
                ".at(-1)",
                ".codePointAt(0)",
                ".split(/[- ]/)",
                ".replace(/[A-Z]/g,c=>c+c)",
                ".match(/[a-z]/g)"));
  }

  private String listMethod() {
    return one(List.of("l", "[3,1,2]", "['b','a',10,9]", "ll"))
        + one(
            List.of(
                ".join()",
                ".join('-')",
                ".slice(1)",
                ".slice(-1)",
                ".concat(1,[2])",
                ".indexOf(1)",
                ".includes('x')",
                ".map(x=>x+1)",
                ".map((x,i)=>i)",
                ".filter(x=>x)",
                ".find(x=>x>1)",
                ".findIndex(x=>x>1)",
                ".some(x=>!x)",
                ".every(x=>x)",
                ".reduce((a,b)=>a+b,'')",
                ".slice().reverse()",
                ".slice().sort()",
                ".slice().sort((a,b)=>a>b?1:a<b?-1:0)",
                ".flat()",
                ".flatMap(x=>[x,x])",
                ".at(0)",
                ".length",
                ".map(x=>({v:x}))",
                ".map(function(x){ return typeof x })",
                ".slice().push(1)",
                ".slice().splice(0,1)",
                ".lastIndexOf(2)"));
  }

  private String numberMethod() {
    return one(List.of("n", "(3.14159)", "(0.5)", "(1e21)", "(255)", "(-7.25)"))
        + one(
            List.of(
                ".toFixed(1)",
                ".toFixed(0)",
                ".toFixed(3)",
                ".toString()",
                ".toString(16)",
                ".toString(2)",
                ".toPrecision(3)",
                ".toPrecision(1)"));
  }

  private String imports(int depth) {
    return one(List.of(
            "$imports.Math.max(#,1)",
            "$imports.Math.round(#)",
            "$imports.Math.floor(#)",
            "$imports.JSON.stringify(#)",
            "$imports.parseInt(#)",
            "$imports.parseFloat(#)",
            "$imports.isNaN(#)",
            "$imports.encodeURIComponent(s)",
            "$imports.Object.keys(o)",
            "$imports.Number(#)",
            "$imports.Boolean(#)",
            "$imports.String(#)",
            "$imports.Array.isArray(#)",
            "$imports.Math.abs(#)",
            "upper(#)",
            "add(#,1)"))
        .replace("#", expr(depth - 1));
  }
}
