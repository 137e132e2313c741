package io.netloop.http;

import static io.netloop.http.Dialogue.dialogue;
import static io.netloop.http.Dialogue.get;
import static io.netloop.http.Dialogue.request;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** How an answer is delimited, and whether the connection is kept. */
final class AnswerDialogues {
  private static final String OLD = "GET / HTTP/1.0\r\n\r\n";
  private static final String OLD_KEPT = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  private static final String HEAD = request("HEAD / HTTP/1.1");

  private AnswerDialogues() {}

  static List<Dialogue> all() {
    return List.of(
        dialogue("end with text").sends(get()),
        dialogue("end with nothing").answers("res.end()", (t, q, r) -> r.end()).sends(get()),
        dialogue("write, then end")
            .answers(
                "res.write('a'); res.end()",
                (t, q, r) -> {
                  r.write("a");
                  r.end();
                })
            .sends(get()),
        dialogue("write nothing, then end with text")
            .answers(
                "res.write(''); res.end('x')",
                (t, q, r) -> {
                  r.write("");
                  r.end("x");
                })
            .sends(get()),
        dialogue("several writes in a turn")
            .beforeNode(26)
            .answers(
                "res.write('a'); res.write('bc'); res.end('d')",
                (t, q, r) -> {
                  r.write("a");
                  r.write("bc");
                  r.end("d");
                })
            .sends(get()),
        dialogue("a chunk of more than fifteen bytes")
            .answers(
                "res.write('x'.repeat(300)); res.end()",
                (t, q, r) -> {
                  r.write("x".repeat(300));
                  r.end();
                })
            .sends(get()),
        dialogue("own Content-Length")
            .answers(
                "res.setHeader('Content-Length', 2); res.end('hi')",
                (t, q, r) -> r.setHeader("Content-Length", 2).end("hi"))
            .sends(get()),
        dialogue("own Content-Length, written in pieces")
            .answers(
                "res.setHeader('content-length', '4'); res.write('hi'); res.end('ho')",
                (t, q, r) -> {
                  r.setHeader("content-length", "4").write("hi");
                  r.end("ho");
                })
            .sends(get()),
        dialogue("HTTP/1.0").sends(OLD),
        dialogue("HTTP/1.0, written in pieces")
            .answers(
                "res.write('a'); res.end('b')",
                (t, q, r) -> {
                  r.write("a");
                  r.end("b");
                })
            .sends(OLD),
        dialogue("HTTP/1.0 that wants to be kept").sends(OLD_KEPT),
        dialogue("HTTP/1.0 that wants to be kept, own Content-Length")
            .answers(
                "res.setHeader('Content-Length', 2); res.end('hi')",
                (t, q, r) -> r.setHeader("Content-Length", 2).end("hi"))
            .sends(OLD_KEPT),
        dialogue("HTTP/1.0, own Content-Length")
            .answers(
                "res.setHeader('Content-Length', 2); res.end('hi')",
                (t, q, r) -> r.setHeader("Content-Length", 2).end("hi"))
            .sends(OLD),
        dialogue("HTTP/1.0, own Transfer-Encoding")
            .answers(
                "res.setHeader('Transfer-Encoding', 'chunked'); res.end('hi')",
                (t, q, r) -> r.setHeader("Transfer-Encoding", "chunked").end("hi"))
            .sends(OLD),
        dialogue("the request says Connection: close").sends(get("Connection: close")),
        dialogue("the request says Connection: Keep-Alive").sends(get("Connection: Keep-Alive")),
        dialogue("the request says Connection: TE, close").sends(get("Connection: TE, close")),
        dialogue("the request says Connection: close, the answer is written in pieces")
            .answers(
                "res.write('a'); res.end('b')",
                (t, q, r) -> {
                  r.write("a");
                  r.end("b");
                })
            .sends(get("Connection: close")),
        dialogue("own Connection: close")
            .answers(
                "res.setHeader('Connection', 'close'); res.setHeader('A', '1'); res.end('hi')",
                (t, q, r) -> r.setHeader("Connection", "close").setHeader("A", "1").end("hi"))
            .sends(get()),
        dialogue("own Connection: keep-alive")
            .answers(
                "res.setHeader('connection', 'keep-alive'); res.end('hi')",
                (t, q, r) -> r.setHeader("connection", "keep-alive").end("hi"))
            .sends(get()),
        dialogue("own Connection: keep-alive for HTTP/1.0")
            .answers(
                "res.setHeader('connection', 'keep-alive'); res.end('hi')",
                (t, q, r) -> r.setHeader("connection", "keep-alive").end("hi"))
            .sends(OLD_KEPT),
        dialogue("own Keep-Alive")
            .answers(
                "res.setHeader('Keep-Alive', 'timeout=9'); res.end('hi')",
                (t, q, r) -> r.setHeader("Keep-Alive", "timeout=9").end("hi"))
            .sends(get()),
        dialogue("own Date")
            .answers(
                "res.setHeader('date', 'today'); res.end('hi')",
                (t, q, r) -> r.setHeader("date", "today").end("hi"))
            .sends(get()),
        dialogue("own Transfer-Encoding: chunked")
            .answers(
                "res.setHeader('Transfer-Encoding', 'chunked'); res.end('hi')",
                (t, q, r) -> r.setHeader("Transfer-Encoding", "chunked").end("hi"))
            .sends(get()),
        dialogue("own Content-Length and Transfer-Encoding")
            .answers(
                """
                res.setHeader('Transfer-Encoding', 'chunked');
                res.setHeader('Content-Length', 2);
                res.end('hi');
                """,
                (t, q, r) ->
                    r.setHeader("Transfer-Encoding", "chunked")
                        .setHeader("Content-Length", 2)
                        .end("hi"))
            .sends(get()),
        dialogue("no Date by sendDate")
            .answers(
                "res.sendDate = false; res.end('hi')", (t, q, r) -> r.sendDate(false).end("hi"))
            .sends(get()),
        removed("Date", "res.end('hi')", (t, q, r) -> r.end("hi")),
        removed("Connection", "res.end('hi')", (t, q, r) -> r.end("hi")),
        removed("Content-Length", "res.end('hi')", (t, q, r) -> r.end("hi")),
        removed(
            "Transfer-Encoding",
            "res.write('h'); res.end('i')",
            (t, q, r) -> {
              r.write("h");
              r.end("i");
            }),
        dialogue("all of ours removed")
            .answers(
                """
                for (const name of ['date', 'connection', 'content-length', 'transfer-encoding']) {
                  res.removeHeader(name);
                }
                res.end('hi');
                """,
                (t, q, r) -> {
                  for (String name :
                      List.of("date", "connection", "content-length", "transfer-encoding")) {
                    r.removeHeader(name);
                  }
                  r.end("hi");
                })
            .sends(get()),
        dialogue("removed, then set again")
            .answers(
                """
                res.removeHeader('Connection');
                res.setHeader('Connection', 'close');
                res.end('hi');
                """,
                (t, q, r) -> {
                  r.removeHeader("Connection");
                  r.setHeader("Connection", "close").end("hi");
                })
            .sends(get()),
        dialogue("HEAD, end with nothing").answers("res.end()", (t, q, r) -> r.end()).sends(HEAD),
        dialogue("HEAD, end with text").sends(HEAD),
        dialogue("HEAD, written in pieces")
            .answers(
                "res.write('a'); res.end('b')",
                (t, q, r) -> {
                  r.write("a");
                  r.end("b");
                })
            .sends(HEAD),
        dialogue("HEAD, own Content-Length")
            .answers(
                "res.setHeader('Content-Length', 2); res.end()",
                (t, q, r) -> r.setHeader("Content-Length", 2).end())
            .sends(HEAD),
        dialogue("HEAD, own Transfer-Encoding")
            .answers(
                "res.setHeader('Transfer-Encoding', 'chunked'); res.end()",
                (t, q, r) -> r.setHeader("Transfer-Encoding", "chunked").end())
            .sends(HEAD),
        dialogue("HEAD by HTTP/1.0").sends("HEAD / HTTP/1.0\r\n\r\n"),
        dialogue("HEAD, Connection: close").sends(request("HEAD / HTTP/1.1", "Connection: close")),
        status(204, "res.end()", (t, q, r) -> r.end()),
        status(204, "res.end('hi')", (t, q, r) -> r.end("hi")),
        status(
            204,
            "res.write('a'); res.end()",
            (t, q, r) -> {
              r.write("a");
              r.end();
            }),
        status(
            204,
            "res.setHeader('Content-Length', 2); res.end('hi')",
            (t, q, r) -> r.setHeader("Content-Length", 2).end("hi")),
        status(
            204,
            "res.setHeader('Transfer-Encoding', 'chunked'); res.end('hi')",
            (t, q, r) -> r.setHeader("Transfer-Encoding", "chunked").end("hi")),
        status(304, "res.end('hi')", (t, q, r) -> r.end("hi")),
        status(
            304,
            "res.setHeader('Content-Length', 2); res.end()",
            (t, q, r) -> r.setHeader("Content-Length", 2).end()),
        status(205, "res.end()", (t, q, r) -> r.end()),
        status(205, "res.end('hi')", (t, q, r) -> r.end("hi")),
        status(404, "res.end('no')", (t, q, r) -> r.end("no")),
        dialogue("304 by HTTP/1.0")
            .answers("res.statusCode = 304; res.end()", (t, q, r) -> r.statusCode(304).end())
            .sends(OLD_KEPT),
        dialogue("maxRequestsPerSocket 2, three requests")
            .briefly()
            .server("server.maxRequestsPerSocket = 2", (t, s) -> {})
            .with("{}", o -> o.withMaxRequestsPerSocket(2))
            .sends(get())
            .hears("hi")
            .sends(get() + get()),
        dialogue("maxRequestsPerSocket 2, a request after the last answer")
            .briefly()
            .server(
                """
                server.maxRequestsPerSocket = 2;
                server.on('dropRequest', req => t.log('dropped', req.url));
                """,
                (t, s) -> s.onDropRequest((q, socket) -> t.log("dropped", q.url())))
            .with("{}", o -> o.withMaxRequestsPerSocket(2))
            .sends(get() + get() + request("GET /third HTTP/1.1")),
        dialogue("keepAliveTimeout of 2,999 ms")
            .with(
                "{\"keepAliveTimeout\": 2999}",
                o -> o.withKeepAliveTimeout(Duration.ofMillis(2999)))
            .sends(get()),
        dialogue("keepAliveTimeout of 0")
            .with("{\"keepAliveTimeout\": 0}", o -> o.withKeepAliveTimeout(Duration.ZERO))
            .sends(get()),
        dialogue("keepAliveTimeout of 50 ms")
            .with(
                "{\"keepAliveTimeout\": 50}",
                o ->
                    o.withKeepAliveTimeout(Duration.ofMillis(50))
                        .withKeepAliveTimeoutBuffer(Duration.ZERO))
            .sends(get())
            .alone(),
        dialogue("shouldKeepAlive false")
            .answers(
                "res.shouldKeepAlive = false; res.end('hi')",
                (t, q, r) -> r.shouldKeepAlive(false).end("hi"))
            .sends(get()),
        closing(),
        dialogue("strictContentLength, too much")
            .briefly()
            .answers(
                """
                res.strictContentLength = true;
                res.setHeader('Content-Length', 2);
                t.attempt('write', () => res.write('abc'));
                t.attempt('end', () => res.end('ab'));
                """,
                (t, q, r) -> {
                  r.strictContentLength(true).setHeader("Content-Length", 2);
                  t.attempt("write", () -> r.write("abc"));
                  t.attempt("end", () -> r.end("ab"));
                })
            .sends(get()),
        dialogue("strictContentLength, too little")
            .briefly()
            .answers(
                """
                res.strictContentLength = true;
                res.setHeader('Content-Length', 3);
                t.attempt('end', () => res.end('ab'));
                t.attempt('again', () => res.end('abc'));
                """,
                (t, q, r) -> {
                  r.strictContentLength(true).setHeader("Content-Length", 3);
                  t.attempt("end", () -> r.end("ab"));
                  t.attempt("again", () -> r.end("abc"));
                })
            .sends(get()),
        dialogue("rejectNonStandardBodyWrites")
            .with(
                "{\"rejectNonStandardBodyWrites\": true}",
                o -> o.withRejectNonStandardBodyWrites(true))
            .answers(
                """
                res.statusCode = 204;
                t.attempt('write', () => res.write('a'));
                t.attempt('end', () => res.end('a'));
                t.attempt('end', () => res.end());
                """,
                (t, q, r) -> {
                  r.statusCode(204);
                  t.attempt("write", () -> r.write("a"));
                  t.attempt("end", () -> r.end("a"));
                  t.attempt("end", () -> r.end());
                })
            .sends(get()),
        dialogue("rejectNonStandardBodyWrites, HEAD")
            .with(
                "{\"rejectNonStandardBodyWrites\": true}",
                o -> o.withRejectNonStandardBodyWrites(true))
            .answers(
                """
                t.attempt('end', () => res.end('a'));
                t.attempt('end', () => res.end());
                """,
                (t, q, r) -> {
                  t.attempt("end", () -> r.end("a"));
                  t.attempt("end", () -> r.end());
                })
            .sends(HEAD),
        dialogue("end with headers by writeHead")
            .answers(
                "res.writeHead(201, {A: 1}); res.end('x')",
                (t, q, r) -> r.writeHead(201, Map.of("A", 1)).end("x"))
            .sends(get()));
  }

  private static Dialogue removed(String name, String node, Dialogue.Handler ours) {
    return dialogue(name + " removed")
        .answers(
            "res.removeHeader('%s'); %s".formatted(name, node),
            (t, q, r) -> {
              r.removeHeader(name);
              ours.handle(t, q, r);
            })
        .sends(get());
  }

  private static Dialogue closing() {
    AtomicReference<HttpServer> server = new AtomicReference<>();
    return dialogue("close() while a request is under way")
        .server("t.server = server", (t, s) -> server.set(s))
        .answers(
            "t.server.close(); res.end('hi')",
            (t, q, r) -> {
              server.get().close();
              r.end("hi");
            })
        .sends(get());
  }

  private static Dialogue status(int code, String node, Dialogue.Handler ours) {
    return dialogue(code + ": " + node)
        .answers(
            "res.statusCode = %d; %s".formatted(code, node),
            (t, q, r) -> {
              r.statusCode(code);
              ours.handle(t, q, r);
            })
        .sends(get());
  }
}
