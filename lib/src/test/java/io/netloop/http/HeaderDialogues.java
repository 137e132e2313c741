package io.netloop.http;

import static io.netloop.http.Dialogue.dialogue;
import static io.netloop.http.Dialogue.get;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is done to the headers of an answer. */
final class HeaderDialogues {
  private HeaderDialogues() {}

  static List<Dialogue> all() {
    return List.of(
        dialogue("a header that is set twice keeps its place and takes the new name")
            .answers(
                "res.setHeader('a-b', '1'); res.setHeader('C', 'x'); res.setHeader('A-B', '2'); res.end()",
                (t, q, r) ->
                    r.setHeader("a-b", "1").setHeader("C", "x").setHeader("A-B", "2").end())
            .sends(get()),
        dialogue("a list makes lines")
            .answers(
                "res.setHeader('Set-Cookie', ['a=1', 'b=2']); res.setHeader('X', []); res.end()",
                (t, q, r) ->
                    r.setHeader("Set-Cookie", List.of("a=1", "b=2"))
                        .setHeader("X", List.of())
                        .end())
            .sends(get()),
        dialogue("a number stays a number")
            .answers(
                "res.setHeader('N', 12); t.log(typeof res.getHeader('n'), res.getHeader('n')); res.end()",
                (t, q, r) -> {
                  r.setHeader("N", 12);
                  t.log(r.getHeader("n") instanceof Integer ? "number" : "no", r.getHeader("n"));
                  r.end();
                })
            .sends(get()),
        dialogue("appendHeader")
            .answers(
                """
                res.appendHeader('A', '1').appendHeader('a', '2').appendHeader('B', ['3', '4']);
                t.log(res.getHeader('a'), '|', res.getHeader('B'));
                res.end();
                """,
                (t, q, r) -> {
                  r.appendHeader("A", "1").appendHeader("a", "2").appendHeader("B", "3", "4");
                  t.log(joined(r.getHeader("a")), "|", joined(r.getHeader("B")));
                  r.end();
                })
            .sends(get()),
        dialogue("setHeaders")
            .answers(
                "res.setHeaders(new Map([['A', '1'], ['B', ['2', '3']]])); res.end()",
                (t, q, r) -> {
                  r.setHeaders(map("A", "1", "B", List.of("2", "3")));
                  r.end();
                })
            .sends(get()),
        dialogue("what was set can be asked for")
            .answers(
                """
                res.setHeader('Aa', 'x'); res.setHeader('bB', ['y', 'z']);
                t.log(res.getHeaderNames(), res.getRawHeaderNames());
                t.log(Object.entries(res.getHeaders()).map(e => e.join('=')));
                t.log(res.hasHeader('AA'), res.hasHeader('c'), res.getHeader('c') ?? 'none');
                res.removeHeader('AA');
                t.log(res.getHeaderNames(), res.hasHeader('Aa'));
                res.end();
                """,
                (t, q, r) -> {
                  r.setHeader("Aa", "x").setHeader("bB", List.of("y", "z"));
                  t.log(joined(r.getHeaderNames()), joined(r.getRawHeaderNames()));
                  t.log(
                      joined(
                          r.getHeaders().entrySet().stream()
                              .map(e -> e.getKey() + "=" + joined(e.getValue()))
                              .toList()));
                  Object c = r.getHeader("c");
                  t.log(r.hasHeader("AA"), r.hasHeader("c"), c == null ? "none" : c);
                  r.removeHeader("AA");
                  t.log(joined(r.getHeaderNames()), r.hasHeader("Aa"));
                  r.end();
                })
            .sends(get()),
        dialogue("Latin-1 in a value")
            .answers(
                "res.setHeader('A', 'caf\\u00e9'); res.end()",
                (t, q, r) -> r.setHeader("A", "café").end())
            .sends(get()),
        dialogue("headers that are refused")
            .answers(
                """
                t.attempt('name', () => res.setHeader('a b', 'x'));
                t.attempt('empty name', () => res.setHeader('', 'x'));
                t.attempt('line', () => res.setHeader('a', 'x\\r\\ny'));
                t.attempt('nul', () => res.setHeader('a', '\\0'));
                t.attempt('chinese', () => res.setHeader('a', '\\u4f60'));
                t.attempt('tab', () => res.setHeader('t', 'x\\ty'));
                t.attempt('in a list', () => res.setHeader('a', ['x', '\\n']));
                t.attempt('append', () => res.appendHeader('a b', 'x'));
                t.attempt('append', () => res.appendHeader('a', '\\n'));
                res.end();
                """,
                (t, q, r) -> {
                  t.attempt("name", () -> r.setHeader("a b", "x"));
                  t.attempt("empty name", () -> r.setHeader("", "x"));
                  t.attempt("line", () -> r.setHeader("a", "x\r\ny"));
                  t.attempt("nul", () -> r.setHeader("a", "\0"));
                  t.attempt("chinese", () -> r.setHeader("a", "你"));
                  t.attempt("tab", () -> r.setHeader("t", "x\ty"));
                  t.attempt("in a list", () -> r.setHeader("a", List.of("x", "\n")));
                  t.attempt("append", () -> r.appendHeader("a b", "x"));
                  t.attempt("append", () -> r.appendHeader("a", "\n"));
                  r.end();
                })
            .sends(get()),
        dialogue("null as a value")
            .answers(
                "t.attempt('null', () => res.setHeader('a', null)); res.end()",
                (t, q, r) -> {
                  t.attempt("null", () -> r.setHeaders(nullMap("a")));
                  r.end();
                })
            .sends(get()),
        dialogue("headers after they were sent")
            .answers(
                """
                res.write('x');
                t.log(res.headersSent);
                t.attempt('set', () => res.setHeader('a', 'x'));
                t.attempt('append', () => res.appendHeader('a', 'x'));
                t.attempt('remove', () => res.removeHeader('a'));
                t.attempt('writeHead', () => res.writeHead(200));
                t.attempt('flush', () => res.flushHeaders());
                res.end();
                """,
                (t, q, r) -> {
                  r.write("x");
                  t.log(r.headersSent());
                  t.attempt("set", () -> r.setHeader("a", "x"));
                  t.attempt("append", () -> r.appendHeader("a", "x"));
                  t.attempt("remove", () -> r.removeHeader("a"));
                  t.attempt("writeHead", () -> r.writeHead(200));
                  t.attempt("flush", () -> r.flushHeaders());
                  r.end();
                })
            .sends(get()),
        dialogue("writeHead with a status")
            .answers("res.writeHead(404); res.end()", (t, q, r) -> r.writeHead(404).end())
            .sends(get()),
        dialogue("writeHead with a phrase and headers")
            .answers(
                "res.writeHead(200, 'Fine', {A: 'x', B: ['y', 'z']}); res.end()",
                (t, q, r) -> r.writeHead(200, "Fine", map("A", "x", "B", List.of("y", "z"))).end())
            .sends(get()),
        dialogue("writeHead with a flat list that repeats a name")
            .answers(
                "res.writeHead(200, ['A', '1', 'a', '2', 'B', '3']); res.end()",
                (t, q, r) -> r.writeHead(200, List.of("A", "1", "a", "2", "B", "3")).end())
            .sends(get()),
        dialogue("writeHead over headers that were set")
            .answers(
                """
                res.setHeader('A', '1'); res.setHeader('B', '2');
                res.writeHead(200, {a: 'new', C: '3', 'Content-Length': 2});
                res.end('hi');
                """,
                (t, q, r) -> {
                  r.setHeader("A", "1").setHeader("B", "2");
                  r.writeHead(200, map("a", "new", "C", "3", "Content-Length", 2)).end("hi");
                })
            .sends(get()),
        dialogue("writeHead with a flat list over headers that were set")
            .answers(
                """
                res.setHeader('A', '1'); res.setHeader('B', '2');
                res.writeHead(200, ['a', 'x', 'a', 'y', 'Content-Length', '2']);
                res.end('hi');
                """,
                (t, q, r) -> {
                  r.setHeader("A", "1").setHeader("B", "2");
                  r.writeHead(200, List.of("a", "x", "a", "y", "Content-Length", "2")).end("hi");
                })
            .sends(get()),
        dialogue("writeHead twice")
            .answers(
                """
                res.writeHead(200, {A: '1'});
                t.attempt('again', () => res.writeHead(201));
                t.attempt('set', () => res.setHeader('B', '2'));
                t.log(res.headersSent);
                res.end();
                """,
                (t, q, r) -> {
                  r.writeHead(200, map("A", "1"));
                  t.attempt("again", () -> r.writeHead(201));
                  t.attempt("set", () -> r.setHeader("B", "2"));
                  t.log(r.headersSent());
                  r.end();
                })
            .sends(get()),
        dialogue("writeHead refuses")
            .answers(
                """
                t.attempt('status', () => res.writeHead(99));
                t.attempt('status', () => res.writeHead(1000));
                t.attempt('name', () => res.writeHead(200, {'a b': 'c'}));
                res.end();
                """,
                (t, q, r) -> {
                  t.attempt("status", () -> r.writeHead(99));
                  t.attempt("status", () -> r.writeHead(1000));
                  t.attempt("name", () -> r.writeHead(200, map("a b", "c")));
                  r.end();
                })
            .sends(get()),
        dialogue("writeHead refuses a phrase")
            .answers(
                "t.attempt('phrase', () => res.writeHead(200, 'a\\nb', {})); res.end()",
                (t, q, r) -> {
                  t.attempt("phrase", () -> r.writeHead(200, "a\nb", Map.of()));
                  r.end();
                })
            .sends(get())
            .briefly(),
        dialogue("own status message")
            .answers(
                "res.statusMessage = 'Great'; res.end()",
                (t, q, r) -> r.statusMessage("Great").end())
            .sends(get()),
        dialogue("a status without a phrase")
            .answers("res.statusCode = 299; res.end()", (t, q, r) -> r.statusCode(299).end())
            .sends(get()),
        dialogue("a status of 999")
            .answers("res.statusCode = 999; res.end()", (t, q, r) -> r.statusCode(999).end())
            .sends(get()),
        dialogue("flushHeaders, then end")
            .answers(
                "res.flushHeaders(); t.log(res.headersSent); res.end('hi')",
                (t, q, r) -> {
                  r.flushHeaders();
                  t.log(r.headersSent());
                  r.end("hi");
                })
            .sends(get()),
        dialogue("flushHeaders with own Content-Length")
            .answers(
                "res.setHeader('Content-Length', 2); res.flushHeaders(); res.end('hi')",
                (t, q, r) -> {
                  r.setHeader("Content-Length", 2).flushHeaders();
                  r.end("hi");
                })
            .sends(get()),
        dialogue("trailers")
            .answers(
                """
                res.setHeader('Trailer', 'X-T');
                res.write('a');
                res.addTrailers({'X-T': 'v'});
                res.end();
                """,
                (t, q, r) -> {
                  r.setHeader("Trailer", "X-T").write("a");
                  r.addTrailers(Map.of("X-T", "v"));
                  r.end();
                })
            .sends(get()),
        dialogue("trailers that were announced, and a body at the end")
            .answers(
                "res.setHeader('Trailer', 'X-T'); res.addTrailers([['X-T', 'v']]); res.end('hi')",
                (t, q, r) -> {
                  r.setHeader("Trailer", "X-T").addTrailers(Map.of("X-T", "v"));
                  r.end("hi");
                })
            .sends(get()),
        dialogue("trailers without chunks are lost")
            .answers(
                "res.addTrailers({'X-T': 'v'}); res.end('hi')",
                (t, q, r) -> {
                  r.addTrailers(Map.of("X-T", "v"));
                  r.end("hi");
                })
            .sends(get()),
        dialogue("trailers that are refused")
            .answers(
                """
                t.attempt('name', () => res.addTrailers({'a b': 'v'}));
                t.attempt('value', () => res.addTrailers({'a': '\\n'}));
                res.end('hi');
                """,
                (t, q, r) -> {
                  t.attempt("name", () -> r.addTrailers(Map.of("a b", "v")));
                  t.attempt("value", () -> r.addTrailers(Map.of("a", "\n")));
                  r.end("hi");
                })
            .sends(get()),
        dialogue("Trailer with Content-Length")
            .answers(
                """
                res.setHeader('Trailer', 'X-T');
                res.setHeader('Content-Length', 2);
                t.attempt('end', () => res.end('hi'));
                res.removeHeader('Trailer');
                res.end('hi');
                """,
                (t, q, r) -> {
                  r.setHeader("Trailer", "X-T").setHeader("Content-Length", 2);
                  t.attempt("end", () -> r.end("hi"));
                  r.removeHeader("Trailer");
                  r.end("hi");
                })
            .sends(get()),
        dialogue("Trailer with HTTP/1.0")
            .answers(
                """
                res.setHeader('Trailer', 'X-T');
                t.attempt('write', () => res.write('hi'));
                res.removeHeader('Trailer');
                res.end('hi');
                """,
                (t, q, r) -> {
                  r.setHeader("Trailer", "X-T");
                  t.attempt("write", () -> r.write("hi"));
                  r.removeHeader("Trailer");
                  r.end("hi");
                })
            .sends("GET / HTTP/1.0\r\n\r\n"));
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static Map<String, Object> nullMap(String name) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(name, null);
    return map;
  }

  /** As a list of JavaScript turns into text. */
  static String joined(Object value) {
    return value instanceof List<?> list
        ? String.join(",", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }
}
