package io.netloop.http;

import static io.netloop.http.Dialogue.dialogue;
import static io.netloop.http.Dialogue.get;
import static io.netloop.http.Dialogue.request;

import io.netloop.loop.Buffer;
import java.util.List;

/** What a request brings: its line, its headers, its body. */
final class BodyDialogues {
  private static final String ECHO =
      """
      let text = '';
      req.on('data', data => text += data);
      req.on('end', () => res.end(req.method + ' ' + text));
      """;

  private static final String SHOW =
      """
      for (const [name, value] of Object.entries(req.headers)) {
        if (name !== 'set-cookie') t.log(name, value);
      }
      for (const [name, values] of Object.entries(req.headersDistinct)) t.log(name, values.join('|'));
      t.log(req.rawHeaders.join('|'));
      res.end('hi');
      """;

  private static final String TRAILERS =
      """
      t.log('before', req.complete, req.rawTrailers.length);
      req.on('end', () => {
        t.log('after', req.complete);
        for (const [name, value] of Object.entries(req.trailers)) t.log(name, value);
        for (const [name, values] of Object.entries(req.trailersDistinct)) t.log(name, values.join('|'));
        t.log(req.rawTrailers.join('|'));
        res.end('hi');
      });
      req.resume();
      """;

  private static final String DUPLICATES =
      get(
          "Age: 1",
          "AGE: 2",
          "Authorization: x",
          "authorization: y",
          "Content-Type: a/b",
          "Content-Type: c/d",
          "ETag: e",
          "ETag: f",
          "Expires: 1",
          "Expires: 2",
          "From: a",
          "From: b",
          "If-Modified-Since: 1",
          "If-Modified-Since: 2",
          "If-Unmodified-Since: 1",
          "If-Unmodified-Since: 2",
          "Last-Modified: 1",
          "Last-Modified: 2",
          "Location: 1",
          "Location: 2",
          "Max-Forwards: 1",
          "Max-Forwards: 2",
          "Proxy-Authorization: 1",
          "Proxy-Authorization: 2",
          "Referer: 1",
          "Referer: 2",
          "Retry-After: 1",
          "Retry-After: 2",
          "Server: 1",
          "Server: 2",
          "User-Agent: 1",
          "User-Agent: 2",
          "Set-Cookie: a=1",
          "Set-Cookie: b=2",
          "Cookie: a=1",
          "Cookie: b=2",
          "Accept: x",
          "ACCEPT: y",
          "X-Own: 1",
          "x-own: 2",
          "Empty:",
          "Empty: z",
          "Blanks:  \t v w \t ");

  private BodyDialogues() {}

  static List<Dialogue> all() {
    return List.of(
        target("a target that is escaped", "/a%20b?x=1#frag"),
        target("a target that is a whole URL", "http://h/abs?q"),
        dialogue("OPTIONS of all")
            .answers("res.end(req.method + req.url)", (t, q, r) -> r.end(q.method() + q.url()))
            .sends(request("OPTIONS * HTTP/1.1")),
        dialogue("QUERY")
            .answers("res.end(req.method + req.url)", (t, q, r) -> r.end(q.method() + q.url()))
            .sends(request("QUERY /q HTTP/1.1"))
            .sinceNode(22),
        dialogue("M-SEARCH")
            .answers("res.end(req.method + req.url)", (t, q, r) -> r.end(q.method() + q.url()))
            .sends(request("M-SEARCH /q HTTP/1.1")),
        dialogue("the versions that are told")
            .answers(
                "res.end([req.httpVersion, req.httpVersionMajor, req.httpVersionMinor].join())",
                (t, q, r) ->
                    r.end(
                        q.httpVersion() + "," + q.httpVersionMajor() + "," + q.httpVersionMinor()))
            .sends("GET / HTTP/1.0\r\n\r\n"),
        dialogue("empty lines before a request").sends("\r\n\r\n" + get()),
        dialogue("headers that come more than once")
            .answers(SHOW, BodyDialogues::show)
            .sends(DUPLICATES),
        dialogue("joinDuplicateHeaders")
            .with("{\"joinDuplicateHeaders\": true}", o -> o.withJoinDuplicateHeaders(true))
            .answers(SHOW, BodyDialogues::show)
            .sends(DUPLICATES),
        dialogue("a body with Content-Length")
            .answers(ECHO, BodyDialogues::echo)
            .sends(request("POST / HTTP/1.1", "Content-Length: 5") + "hello"),
        dialogue("a body in pieces")
            .answers(ECHO, BodyDialogues::echo)
            .server(
                "server.on('request', req => req.on('data', d => t.log(d)))",
                (t, s) -> s.onRequest((q, r) -> q.onData(d -> t.log(d))))
            .sends(request("POST / HTTP/1.1", "Content-Length: 5") + "he")
            .sees("he")
            .sends("llo"),
        dialogue("a body of a GET")
            .answers(ECHO, BodyDialogues::echo)
            .sends(get("Content-Length: 5") + "hello"),
        dialogue("Content-Length: 0")
            .answers(ECHO, BodyDialogues::echo)
            .sends(request("PUT / HTTP/1.1", "Content-Length: 0")),
        dialogue("neither length nor chunks")
            .answers(ECHO, BodyDialogues::echo)
            .sends(request("POST / HTTP/1.1")),
        dialogue("a body in chunks")
            .answers(ECHO, BodyDialogues::echo)
            .sends(
                request("POST / HTTP/1.1", "Transfer-Encoding: chunked")
                    + "5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n"),
        dialogue("chunks with extensions and zeros")
            .answers(ECHO, BodyDialogues::echo)
            .sends(
                request("POST / HTTP/1.1", "Transfer-Encoding: Chunked")
                    + "0005;a=b;c=\"d\"\r\nhello\r\n000;x\r\n\r\n"),
        dialogue("trailers of a request")
            .answers(TRAILERS, BodyDialogues::trailers)
            .sends(
                request("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Trailer: X-A")
                    + "1\r\na\r\n0\r\nX-A: 1\r\nx-a: 2\r\nEtag: e\r\nEtag: f\r\n\r\n"),
        dialogue("complete of a request without a body")
            .answers(
                """
                t.log(req.complete);
                req.on('end', () => { t.log(req.complete); res.end(); });
                req.resume();
                """,
                (t, q, r) -> {
                  t.log(q.complete());
                  q.onEnd(() -> {
                    t.log(q.complete());
                    r.end();
                  });
                  q.resume();
                })
            .sends(get()),
        dialogue("a body that nobody reads")
            .sends(request("POST / HTTP/1.1", "Content-Length: 5") + "hello"),
        dialogue("a large body that nobody reads")
            .sends(request("POST / HTTP/1.1", "Content-Length: 200000") + "x".repeat(200_000)),
        dialogue("a large body in chunks that nobody reads")
            .sends(
                request("POST / HTTP/1.1", "Transfer-Encoding: chunked")
                    + ("2710\r\n" + "x".repeat(10_000) + "\r\n").repeat(20)
                    + "0\r\n\r\n"),
        dialogue("characters over the borders of chunks")
            .answers(
                """
                req.setEncoding('utf8');
                let text = '';
                req.on('data', part => text += part);
                req.on('end', () => { t.log(text); res.end(); });
                """,
                (t, q, r) -> {
                  StringBuilder text = new StringBuilder();
                  q.setEncoding("utf8").onData(text::append);
                  q.onEnd(() -> {
                    t.log(text);
                    r.end();
                  });
                })
            .sends(
                request("POST / HTTP/1.1", "Transfer-Encoding: chunked")
                    + "1\r\n\u00e4\r\n1\r\n\u00bd\r\n1\r\n\u00a0\r\n0\r\n\r\n"),
        dialogue("a body with Content-Length after Connection: close")
            .answers(ECHO, BodyDialogues::echo)
            .sends(request("POST / HTTP/1.1", "Connection: close", "Content-Length: 2") + "ab"),
        dialogue("write after end")
            .answers(
                """
                res.on('error', e => t.log('error', e.code, '[' + e.message + ']'));
                res.end('hi');
                t.log(res.write('more', e => t.log('callback', e.code, '[' + e.message + ']')));
                res.on('close', () => setImmediate(() => t.log('over')));
                """,
                (t, q, r) -> {
                  r.onError(e -> t.log("error", Notes.error(e)));
                  r.end("hi");
                  t.log(r.write(Buffer.from("more"), e -> t.log("callback", Notes.error(e))));
                  r.onClose(cause -> r.request().loop().setImmediate(() -> t.log("over")));
                })
            .sends(get())
            .until("over"),
        dialogue("end after end")
            .answers(
                """
                res.on('error', e => t.log('error', e.code, '[' + e.message + ']'));
                res.end('hi', () => t.log('first'));
                res.end(e => t.log('second', e.code, '[' + e.message + ']'));
                res.end();
                res.on('close', () => setImmediate(() => t.log('over')));
                """,
                (t, q, r) -> {
                  r.onError(e -> t.log("error", Notes.error(e)));
                  r.end(Buffer.from("hi"), e -> t.log("first"));
                  r.end(e -> t.log("second", Notes.error(e)));
                  r.end();
                  r.onClose(cause -> r.request().loop().setImmediate(() -> t.log("over")));
                })
            .sends(get())
            .until("over"),
        dialogue("end with text after end")
            .answers(
                """
                res.on('error', e => t.log('error', e.code, '[' + e.message + ']'));
                res.end('hi');
                res.end('more');
                res.on('close', () => setImmediate(() => t.log('over')));
                """,
                (t, q, r) -> {
                  r.onError(e -> t.log("error", Notes.error(e)));
                  r.end("hi");
                  r.end("more");
                  r.onClose(cause -> r.request().loop().setImmediate(() -> t.log("over")));
                })
            .sends(get())
            .until("over"),
        dialogue("states of an answer")
            .answers(
                """
                const show = () => t.log(res.headersSent, res.writableEnded, res.writableFinished);
                show();
                res.write('a');
                show();
                res.on('finish', show);
                res.end();
                """,
                (t, q, r) -> {
                  Runnable show =
                      () -> t.log(r.headersSent(), r.writableEnded(), r.writableFinished());
                  show.run();
                  r.write("a");
                  show.run();
                  r.onFinish(show);
                  r.end();
                })
            .sends(get())
            .until("true true true"));
  }

  private static Dialogue target(String name, String target) {
    return dialogue(name)
        .answers("res.end(req.url)", (t, q, r) -> r.end(q.url()))
        .sends(request("GET " + target + " HTTP/1.1"));
  }

  private static void echo(Notes t, HttpRequest request, HttpResponse response) {
    StringBuilder text = new StringBuilder();
    request.onData(text::append).onEnd(() -> response.end(request.method() + " " + text));
  }

  private static void show(Notes t, HttpRequest request, HttpResponse response) {
    request
        .headers()
        .toMap()
        .forEach((name, value) -> {
          if (!name.equals("set-cookie")) {
            t.log(name, value);
          }
        });
    request
        .headers()
        .toDistinctMap()
        .forEach((name, values) -> t.log(name, String.join("|", values)));
    t.log(String.join("|", request.rawHeaders()));
    response.end("hi");
  }

  private static void trailers(Notes t, HttpRequest request, HttpResponse response) {
    t.log("before", request.complete(), request.trailers().lines());
    request.onEnd(() -> {
      t.log("after", request.complete());
      request.trailers().toMap().forEach(t::log);
      request
          .trailers()
          .toDistinctMap()
          .forEach((name, values) -> t.log(name, String.join("|", values)));
      t.log(String.join("|", request.trailers().raw()));
      response.end("hi");
    });
    request.resume();
  }
}
