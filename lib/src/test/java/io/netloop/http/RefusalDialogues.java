package io.netloop.http;

import static io.netloop.http.Dialogue.dialogue;
import static io.netloop.http.Dialogue.get;
import static io.netloop.http.Dialogue.request;

import java.time.Duration;
import java.util.List;

/** What is no HTTP, or too much of it, or too slow. */
final class RefusalDialogues {
  private static final String NOTE_AND_END =
      """
      server.on('clientError', (e, socket) => {
        t.log(e.code);
        socket.end('HTTP/1.1 400 Own\\r\\n\\r\\n');
      });
      """;

  private RefusalDialogues() {}

  static List<Dialogue> all() {
    return List.of(
        bad("a method that nobody knows", "FOO / HTTP/1.1\r\nHost: h\r\n\r\n"),
        bad("a method in small letters", "get / HTTP/1.1\r\nHost: h\r\n\r\n"),
        bad("a method with more behind it", "GETX / HTTP/1.1\r\nHost: h\r\n\r\n"),
        bad("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        bad(
            "the hello of TLS",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"),
        bad("no target", "GET  HTTP/1.1\r\nHost: h\r\n\r\n"),
        bad("a target that is not ASCII", "GET /\u00e9 HTTP/1.1\r\nHost: h\r\n\r\n"),
        bad("a target with a control", "GET /\u0001 HTTP/1.1\r\nHost: h\r\n\r\n"),
        bad("HTTP/1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n"),
        bad("HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n"),
        bad("HTTP/0.9", "GET / HTTP/0.9\r\nHost: h\r\n\r\n"),
        bad("http in small letters", "GET / http/1.1\r\nHost: h\r\n\r\n"),
        bad("no version", "GET /\r\nHost: h\r\n\r\n"),
        bad("a blank behind the version", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n"),
        bad("two blanks before the version", "GET /  HTTP/1.1\r\nHost: h\r\n\r\n"),
        bad("lines that end with LF", "GET / HTTP/1.1\nHost: h\n\n"),
        bad("a header line that ends with LF", "GET / HTTP/1.1\r\nHost: h\n\r\n"),
        bad("a CR alone in a value", "GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n"),
        bad("a name with a blank", get("A b: c")),
        bad("a blank before the colon", get("A : c")),
        bad("no name", get(": c")),
        bad("no colon", get("abc")),
        bad("a name that is not ASCII", get("\u00e9: c")),
        bad("a folded line", get("A: b", " c")),
        bad("a blank before the first header", "GET / HTTP/1.1\r\n Host: h\r\n\r\n"),
        bad("NUL in a value", get("A: b\u0000c")),
        bad("a control in a value", get("A: b\u0001c")),
        bad("DEL in a value", get("A: b\u007fc")),
        bad("no Host", "GET / HTTP/1.1\r\n\r\n"),
        dialogue("no Host where none is required")
            .with("{\"requireHostHeader\": false}", o -> o.withRequireHostHeader(false))
            .sends("GET / HTTP/1.1\r\n\r\n"),
        dialogue("an empty Host").sends("GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        bad("two Host", get("Host: i")),
        bad("two Content-Length that differ", get("Content-Length: 1", "Content-Length: 2") + "ab"),
        bad("two Content-Length that agree", get("Content-Length: 1", "Content-Length: 1") + "a"),
        bad("a list as Content-Length", get("Content-Length: 1, 1") + "a"),
        bad("a Content-Length below zero", get("Content-Length: -1")),
        bad("a Content-Length with a plus", get("Content-Length: +1") + "a"),
        bad("a Content-Length that is empty", get("Content-Length:")),
        bad("a Content-Length in hexadecimal", get("Content-Length: 0x1") + "a"),
        bad("a Content-Length beyond all bounds", get("Content-Length: 99999999999999999999")),
        bad(
            "Content-Length with Transfer-Encoding",
            get("Content-Length: 1", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
        bad("a last coding that is not chunked", get("Transfer-Encoding: chunked, gzip")),
        bad("a coding alone that is not chunked", get("Transfer-Encoding: gzip")),
        bad("an empty Transfer-Encoding", get("Transfer-Encoding:")),
        bad("a coding before chunked", get("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n"),
        bad("chunked twice", get("Transfer-Encoding: chunked, chunked") + "0\r\n\r\n"),
        bad(
            "Transfer-Encoding by HTTP/1.0",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad("a chunk's size that is no number", get("Transfer-Encoding: chunked") + "zz\r\n"),
        bad("a chunk's size with a sign", get("Transfer-Encoding: chunked") + "-1\r\n"),
        bad("a chunk's size of 17 digits", get("Transfer-Encoding: chunked") + "f".repeat(17)),
        bad("a chunk that goes on", get("Transfer-Encoding: chunked") + "1\r\nabc\r\n0\r\n\r\n"),
        bad("a chunk's line that ends with LF", get("Transfer-Encoding: chunked") + "1\na\r\n"),
        bad("a head that is too long", get("A: " + "x".repeat(17_000))),
        bad("a target that is too long", request("GET /" + "x".repeat(17_000) + " HTTP/1.1")),
        dialogue("maxHeaderSize 100, a head of more")
            .with("{\"maxHeaderSize\": 100}", o -> o.withMaxHeaderSize(100))
            .sends(get("A: " + "x".repeat(120))),
        dialogue("more headers than maxHeadersCount")
            .briefly()
            .server("server.maxHeadersCount = 2", (t, s) -> {})
            .with("{}", o -> o.withMaxHeadersCount(2))
            .answers(
                "res.end(Object.keys(req.headers).join())",
                (t, q, r) -> r.end(String.join(",", q.headers().names())))
            .sends(get("A: 1", "B: 2"))
            .alone(),
        dialogue("a good request, then a bad one").sends(get() + "FOO / HTTP/1.1\r\n\r\n"),
        dialogue("a bad request, and somebody listens")
            .server(NOTE_AND_END, RefusalDialogues::noteAndEnd)
            .sends("FOO / HTTP/1.1\r\n\r\n"),
        dialogue("a head that is too long, and somebody listens")
            .server(NOTE_AND_END, RefusalDialogues::noteAndEnd)
            .sends(get("A: " + "x".repeat(17_000))),
        dialogue("a bad chunk, and somebody listens")
            .briefly()
            .server(NOTE_AND_END, RefusalDialogues::noteAndEnd)
            .answers("t.watch(req, res)", (t, q, r) -> t.watch(q, r))
            .sends(get("Transfer-Encoding: chunked") + "1\r\na\r\nzz\r\n")
            .until("Q close"),
        dialogue("a bad chunk before the answer")
            .answers("t.watch(req, res)", (t, q, r) -> t.watch(q, r))
            .sends(get("Transfer-Encoding: chunked") + "1\r\na\r\nzz\r\n")
            .until("Q close"),
        dialogue("a bad chunk while the answer is sent")
            .answers("res.write('begun')", (t, q, r) -> r.write("begun"))
            .sends(get("Transfer-Encoding: chunked") + "1\r\na\r\n")
            .hears("begun")
            .sends("zz\r\n"),
        dialogue("a head that takes too long")
            .with(
                "{\"headersTimeout\": 60, \"connectionsCheckingInterval\": 20}",
                o -> o.withHeadersTimeout(Duration.ofMillis(60)))
            .sends("GET / HTTP/1.1\r\nHo")
            .alone(),
        dialogue("a client that says nothing")
            .with(
                "{\"headersTimeout\": 60, \"connectionsCheckingInterval\": 20}",
                o -> o.withHeadersTimeout(Duration.ofMillis(60)))
            .sends("")
            .alone(),
        dialogue("a body that takes too long")
            .with(
                "{\"headersTimeout\": 60, \"requestTimeout\": 60, \"connectionsCheckingInterval\": 20}",
                o ->
                    o.withHeadersTimeout(Duration.ofMillis(60))
                        .withRequestTimeout(Duration.ofMillis(60)))
            .answers("t.watch(req, res)", (t, q, r) -> t.watch(q, r))
            .sends(request("POST / HTTP/1.1", "Content-Length: 5") + "a")
            .alone()
            .until("Q close"),
        dialogue("a client that says nothing, and somebody listens")
            .with(
                "{\"headersTimeout\": 60, \"connectionsCheckingInterval\": 20}",
                o -> o.withHeadersTimeout(Duration.ofMillis(60)))
            .server(NOTE_AND_END, RefusalDialogues::noteAndEnd)
            .sends("")
            .alone());
  }

  private static Dialogue bad(String name, String request) {
    return dialogue(name).sends(request);
  }

  private static void noteAndEnd(Notes t, HttpServer server) {
    server.onClientError((e, socket) -> {
      t.log(e.error().code());
      socket.end("HTTP/1.1 400 Own\r\n\r\n");
    });
  }
}
