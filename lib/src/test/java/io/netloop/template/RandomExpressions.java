package io.netloop.template;

import java.util.List;

/** Makes expressions: all operators and methods, nested at random. */
final class RandomExpressions {
  private static final List<String> NAMES =
      List.of("a", "b", "n", "m", "z", "s", "t", "l", "ll", "rows", "o", "p", "missing", "名");

  /** Without powers: V8's differ from the nearest number in the last digit. */
  private static final List<String> BINARY =
      List.of(
          "+", "-", "*", "/", "%", "==", "!=", "===", "!==", "<", ">", "<=", ">=", "&&", "||", "??",
          "&", "^", "<<", ">>", ">>>");

  private final Dice dice;

  RandomExpressions(Dice dice) {
    this.dice = dice;
  }

  /** Not an object: those are printed as JSON. */
  String rawValue() {
    return dice.one(
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

  String expr(int depth) {
    if (depth == 0) {
      return atom();
    }
    return switch (dice.below(19)) {
      case 0, 1, 2, 3 -> atom();
      case 4, 5 -> arithmetic(depth);
      case 6 -> "(" + expr(depth - 1) + " ? " + expr(depth - 1) + " : " + expr(depth - 1) + ")";
      case 7 -> dice.one(List.of("!", "-", "+", "~", "typeof ")) + "(" + expr(depth - 1) + ")";
      case 8, 9 -> textMethod(depth);
      case 10, 11 -> listMethod();
      case 12 -> numberMethod();
      case 13 -> "[" + expr(depth - 1) + "," + expr(depth - 1) + "]";
      case 14 -> "({k: " + expr(depth - 1) + ", 'x y': 1}).k";
      case 15, 16 -> modern(depth);
      default -> imports(depth);
    };
  }

  private String arithmetic(int depth) {
    String operator = dice.one(BINARY);
    return "((" + expr(depth - 1) + ") " + operator + " (" + expr(depth - 1) + "))";
  }

  private String modern(int depth) {
    return dice.one(
            List.of(
                "[...l, #]",
                "[...s].length",
                "$imports.Math.min(...[1, 2, n])",
                "('k' in o)",
                "(o instanceof $imports.Object)",
                "((x, y) => [y, x])(#, 1)",
                "(({k, ...r}) => r)(o)",
                "(([h, ...r]) => r)(l)",
                "((x = 7) => x)(missing)",
                "(1, #)",
                "missing?.(1)",
                "missing?.x.y",
                "o?.['k']",
                "s?.length",
                "(2 ** 3)",
                "(void #)",
                "typeof #",
                "`x${$data.s}y`",
                "({...o, z: #}).z",
                "({n}).n",
                "(function (x) { return x })(#)",
                "(m = #)",
                "(q = 1, q += 2, q)",
                "[1, 2, 3].indexOf(n)"))
        .replace("#", "(" + expr(depth - 1) + ")");
  }

  private String atom() {
    return switch (dice.below(9)) {
      case 0, 1, 2 -> dice.one(NAMES);
      case 3 -> dice.one(List.of("0", "1", "2", "1.5", "0x1f", "1e3", "100", "1e21", "1e-7"));
      case 4 -> dice.one(List.of("'x'", "\"<&>\"", "''", "'a b'", "'\\n'", "\"\\u00e9\"", "'12'"));
      case 5 -> dice.one(List.of("true", "false", "null", "undefined"));
      case 6 ->
          dice.one(
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
      default -> dice.one(List.of("n", "s", "a", "l", "o"));
    };
  }

  private String textMethod(int depth) {
    return dice.one(List.of("s", "String_", "'a-b-c'", "'Hello'"))
            .replace("String_", "$imports.String(" + expr(depth - 1) + ")")
        + dice.one(
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
    return dice.one(List.of("l", "[3,1,2]", "['b','a',10,9]", "ll"))
        + dice.one(
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
    return dice.one(List.of("n", "(3.14159)", "(0.5)", "(1e21)", "(255)", "(-7.25)"))
        + dice.one(
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
    return dice.one(
            List.of(
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
                "$imports.Math.ceil(#)",
                "$imports.Math.trunc(#)",
                "$imports.Math.sign(#)",
                "$imports.Object.values(o)",
                "$imports.Object.entries(o).length",
                "$imports.Object.assign({}, o).k",
                "$imports.parseInt(#, 16)",
                "$imports.Number.isInteger(#)",
                "$imports.Array.from(s)",
                "$imports.Array.of(1, #).length",
                "$imports.encodeURI(s)",
                "$imports.decodeURIComponent($imports.encodeURIComponent(s))",
                "$imports.String.fromCharCode(65, 20320)",
                "$imports.JSON.stringify(#, null, 2)",
                "$imports.JSON.parse($imports.JSON.stringify(#) || '0')",
                "upper(#)",
                "add(#,1)"))
        .replace("#", expr(depth - 1));
  }
}
