package io.netloop.http;

import static io.netloop.http.Dialogue.dialogue;
import static io.netloop.http.Dialogue.get;
import static io.netloop.http.Dialogue.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** More than a question and its answer: pipelining, information, expectations, upgrades. */
final class TalkDialogues {
  private static final String EXPECTS =
      request("POST / HTTP/1.1", "Expect: 100-continue", "Content-Length: 2");
  private static final String UPGRADE = get("Connection: keep-alive, Upgrade", "Upgrade: own");
  private static final String ECHO_UPGRADE =
      """
      server.on('upgrade', (req, socket, head) => {
        t.log('upgrade', req.url, '[' + head + ']', req.headers.upgrade);
        t.log(socket.listenerCount('data'));
        socket.write('HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n' + head);
        socket.on('data', data => data == 'bye' ? socket.end('bye') : socket.write(data));
      });
      """;
  private static final String TUNNEL =
      """
      server.on('connect', (req, socket, head) => {
        t.log('connect', req.method, req.url, '[' + head + ']');
        socket.end('HTTP/1.1 200 Connection Established\\r\\n\\r\\n' + head);
      });
      """;

  private TalkDialogues() {}

  static List<Dialogue> all() {
    return List.of(
        dialogue("two requests at once")
            .answers("res.end(req.url)", (t, q, r) -> r.end(q.url()))
            .sends(request("GET /1 HTTP/1.1") + request("GET /2 HTTP/1.1")),
        dialogue("the second of three is answered first, the first last")
            .server("t.waits = []", (t, s) -> {})
            .answers(
                """
                if (req.url === '/1') { t.first = res; return; }
                res.setHeader('N', req.url);
                res.end(req.url);
                if (req.url === '/3') { t.first.write('one'); t.first.end(); }
                """,
                new Dialogue.Handler() {
                  private HttpResponse first;

                  @Override
                  public void handle(Notes t, HttpRequest q, HttpResponse r) {
                    if (q.url().equals("/1")) {
                      first = r;
                      return;
                    }
                    r.setHeader("N", q.url()).end(q.url());
                    if (q.url().equals("/3")) {
                      first.write("one");
                      first.end();
                    }
                  }
                })
            .sends(
                request("GET /1 HTTP/1.1")
                    + request("GET /2 HTTP/1.1")
                    + request("GET /3 HTTP/1.1")),
        dialogue("a body, then another request")
            .answers(
                """
                let text = '';
                req.on('data', data => text += data);
                req.on('end', () => res.end(req.url + text));
                """,
                (t, q, r) -> {
                  StringBuilder text = new StringBuilder();
                  q.onData(text::append).onEnd(() -> r.end(q.url() + text));
                })
            .sends(
                request("POST /1 HTTP/1.1", "Content-Length: 3")
                    + "abc"
                    + request("POST /2 HTTP/1.1", "Transfer-Encoding: chunked")
                    + "2\r\nde\r\n0\r\n\r\n"),
        dialogue("nothing is answered behind Connection: close")
            .answers("res.end(req.url)", (t, q, r) -> r.end(q.url()))
            .sends(request("GET /1 HTTP/1.1", "Connection: close") + request("GET /2 HTTP/1.1")),
        dialogue("HTTP/1.0, kept, then HTTP/1.1")
            .answers(
                "res.setHeader('Content-Length', 2); res.end(req.url)",
                (t, q, r) -> r.setHeader("Content-Length", 2).end(q.url()))
            .sends(
                "GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + request("GET /2 HTTP/1.1")),
        dialogue("writeContinue")
            .answers("res.writeContinue(); res.end('hi')", (t, q, r) -> r.writeContinue().end("hi"))
            .sends(get()),
        dialogue("writeProcessing")
            .answers(
                "res.writeProcessing(); res.end('hi')", (t, q, r) -> r.writeProcessing().end("hi"))
            .sends(get()),
        dialogue("writeEarlyHints")
            .answers(
                """
                res.writeEarlyHints({link: '</a.css>; rel=preload; as=style', 'X-Own': '1'});
                res.writeEarlyHints({link: ['</a.css>; rel=preload', '</b.js>; rel=preload']});
                res.end('hi');
                """,
                (t, q, r) -> {
                  Map<String, Object> hints = new LinkedHashMap<>();
                  hints.put("link", "</a.css>; rel=preload; as=style");
                  hints.put("X-Own", "1");
                  r.writeEarlyHints(hints);
                  r.writeEarlyHints(
                      Map.of("link", List.of("</a.css>; rel=preload", "</b.js>; rel=preload")));
                  r.end("hi");
                })
            .sends(get()),
        dialogue("writeEarlyHints of nothing")
            .answers(
                "res.writeEarlyHints({}); res.end('hi')",
                (t, q, r) -> r.writeEarlyHints(Map.of()).end("hi"))
            .sends(get()),
        dialogue("Expect: 100-continue, nobody asks")
            .answers(
                "req.on('end', () => res.end('hi')); req.resume()",
                (t, q, r) -> q.onEnd(() -> r.end("hi")).resume())
            .sends(EXPECTS)
            .hears("100 Continue\r\n\r\n")
            .sends("ab"),
        dialogue("Expect: 100-Continue in other letters")
            .answers(
                "req.on('end', () => res.end('hi')); req.resume()",
                (t, q, r) -> q.onEnd(() -> r.end("hi")).resume())
            .sends(request("POST / HTTP/1.1", "Expect: 100-Continue", "Content-Length: 2") + "ab"),
        dialogue("Expect: 100-continue, the listener wants it")
            .server(
                """
                server.on('checkContinue', (req, res) => {
                  t.log('checkContinue');
                  res.writeContinue();
                  req.on('data', data => t.log('data', data));
                  req.on('end', () => res.end('got it'));
                });
                """,
                (t, s) ->
                    s.onCheckContinue((q, r) -> {
                      t.log("checkContinue");
                      r.writeContinue();
                      q.onData(data -> t.log("data", data));
                      q.onEnd(() -> r.end("got it"));
                    }))
            .answers("t.log('request')", (t, q, r) -> t.log("request"))
            .sends(EXPECTS)
            .hears("100 Continue\r\n\r\n")
            .sends("ab"),
        dialogue("Expect: 100-continue, the listener refuses")
            .server(
                "server.on('checkContinue', (req, res) => { res.statusCode = 403; res.end('no'); })",
                (t, s) -> s.onCheckContinue((q, r) -> r.statusCode(403).end("no")))
            .sends(EXPECTS)
            .hears("no")
            .sends("ab"),
        dialogue("Expect: 100-continue by HTTP/1.0")
            .sends("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab"),
        dialogue("another Expect, nobody listens").sends(get("Expect: more")),
        dialogue("another Expect, somebody listens")
            .server(
                "server.on('checkExpectation', (req, res) => res.end(req.headers.expect))",
                (t, s) -> s.onCheckExpectation((q, r) -> r.end(q.header("expect"))))
            .sends(get("Expect: more")),
        dialogue("upgrade, nobody listens").briefly().sends(UPGRADE),
        dialogue("upgrade")
            .server(ECHO_UPGRADE, TalkDialogues::upgrades)
            .sends(UPGRADE + "first")
            .hears("first")
            .sends("more")
            .hears("more")
            .sends("bye")
            .alone(),
        dialogue("Upgrade without Connection: upgrade")
            .server(ECHO_UPGRADE, TalkDialogues::upgrades)
            .sends(get("Upgrade: own")),
        dialogue("upgrade behind another request")
            .server(ECHO_UPGRADE, TalkDialogues::upgrades)
            .sends(get() + UPGRADE)
            .hears("101 Switching")
            .sends("bye")
            .alone(),
        dialogue("CONNECT, nobody listens").sends("CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n"),
        dialogue("CONNECT")
            .server(
                TUNNEL,
                (t, s) ->
                    s.onConnect((q, socket, head) -> {
                      t.log("connect", q.method(), q.url(), "[" + head + "]");
                      socket.end("HTTP/1.1 200 Connection Established\r\n\r\n" + head);
                    }))
            .sends("CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\nhead")
            .alone(),
        dialogue("a connection of which nothing is wanted")
            .server(
                "server.on('connection', () => t.log('connection'))",
                (t, s) -> s.onConnection(socket -> t.log("connection")))
            .sees("connection")
            .ends(),
        dialogue("the client ends behind its request").sends(get()).ends(),
        dialogue("the client ends, the answer comes later")
            .server("server.httpAllowHalfOpen = false", (t, s) -> {})
            .answers(
                "req.on('end', () => t.log('end')); req.resume()",
                (t, q, r) -> q.onEnd(() -> t.log("end")).resume())
            .sends(get())
            .sees("end")
            .ends(),
        dialogue("the client ends within a body")
            .answers("t.watch(req, res)", (t, q, r) -> t.watch(q, r))
            .sends(request("POST / HTTP/1.1", "Content-Length: 5") + "ab")
            .sees("Q data ab")
            .ends()
            .until("Q close"),
        dialogue("the client ends within a head").sends("GET / HT").ends(),
        dialogue("a handler that throws")
            .briefly()
            .answers(
                "res.setHeader('A', '1'); throw new Error('mine')",
                (t, q, r) -> {
                  r.setHeader("A", "1");
                  throw new IllegalStateException("mine");
                })
            .sends(get())
            .alone());
  }

  private static void upgrades(Notes t, HttpServer server) {
    server.onUpgrade((request, socket, head) -> {
      t.log("upgrade", request.url(), "[" + head + "]", request.header("upgrade"));
      t.log(0);
      socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n" + head);
      socket.onData(data -> {
        if (data.toString().equals("bye")) {
          socket.end("bye");
        } else {
          socket.write(data);
        }
      });
    });
  }
}
