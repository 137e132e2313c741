package io.netloop.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The one table of where our server differs from Node's, and why. It is printed in
 * docs/manual/http.md; {@link SideBySideServerTest} holds that the manual says the same, that each
 * row still is as Node is, and that nothing else differs.
 */
final class ServerDifferences {
  private static final String KEPT =
      "HTTP/1.1 200 OK\nDate: …\nConnection: keep-alive\nKeep-Alive: timeout=5\n";
  private static final String HI = KEPT + "Content-Length: 2\n\nhi";
  private static final String PROBED = KEPT + "Content-Length: 6\n\nprobe![open]";
  private static final String OLD_HI = "HTTP/1.1 200 OK\nDate: …\nConnection: close\n\nhi[closed]";
  private static final String BAD = "HTTP/1.1 400 Bad Request\nConnection: close\n\n[closed]";
  private static final String EMPTY = "Content-Length: 0\n\n";
  private static final String EMPTY_CHUNKED = "Transfer-Encoding: chunked\n\n0\n\n";

  /** A part of what one dialogue tells, and what we tell in its place. */
  private record Change(String dialogue, String node, String ours) {}

  /** A row: what it is about, what Node does, what we do, why, and where the dialogues show it. */
  private record Row(String what, String node, String here, String why, List<Change> changes) {}

  private static final List<Row> ROWS =
      List.of(
          row(
              "`writeHead`",
              "freezes the headers: a body whose length is known goes in chunks all the same, and a second `writeHead` throws",
              "the headers stay open until they are sent, and the length is told",
              "clients want to know the length",
              change(
                  "end with headers by writeHead",
                  "Transfer-Encoding: chunked\n\n1\nx\n0\n\n" + PROBED,
                  "Content-Length: 1\n\nx" + PROBED),
              change("writeHead with a status", EMPTY_CHUNKED + PROBED, EMPTY + PROBED),
              change("writeHead with a phrase and headers", EMPTY_CHUNKED + PROBED, EMPTY + PROBED),
              change(
                  "writeHead with a flat list that repeats a name",
                  EMPTY_CHUNKED + PROBED,
                  EMPTY + PROBED),
              change(
                  "writeHead twice", "HTTP/1.1 200 OK\nA: 1", "HTTP/1.1 201 Created\nA: 1\nB: 2"),
              change("writeHead twice", EMPTY_CHUNKED + PROBED, EMPTY + PROBED),
              change(
                  "writeHead twice",
                  "# again throws ERR_HTTP_HEADERS_SENT [Cannot write headers after they are sent to the client]\n# set throws ERR_HTTP_HEADERS_SENT [Cannot set headers after they are sent to the client]\n# true",
                  "# again done\n# set done\n# false")),
          row(
              "answers of the server itself: 417, 503, 400 without `Host`",
              "empty chunked bodies",
              "`Content-Length: 0`",
              "as above",
              change("another Expect, nobody listens", EMPTY_CHUNKED + PROBED, EMPTY + PROBED),
              change(
                  "no Host",
                  "Connection: close\nDate: …\n" + EMPTY_CHUNKED + "[closed]",
                  "Date: …\nConnection: close\n" + EMPTY + "[closed]")),
          row(
              "a `writeHead` that is refused",
              "its phrase stays, and the answer can never be sent",
              "nothing has changed",
              "a mistake that was caught is none any more",
              change("writeHead refuses a phrase", "[silent]", KEPT + EMPTY + PROBED),
              change(
                  "writeHead refuses a phrase",
                  "\n# uncaught Invalid character in statusMessage",
                  "")),
          row(
              "null as the value of a header",
              "is sent as the word",
              "refused",
              "nobody wants to send that word",
              change("null as a value", "a: null\n", ""),
              change(
                  "null as a value",
                  "# null done",
                  "# null throws ERR_HTTP_INVALID_HEADER_VALUE [Invalid value \"null\" for header \"a\": remove it, or set a text.]")),
          row(
              "`strictContentLength`",
              "the first write is not checked; what was refused counts, and the answer is never sent",
              "refused before anything is sent or counted",
              "the program may still say what is right",
              change(
                  "strictContentLength, too much",
                  "[silent]\n# write done\n# end throws ERR_HTTP_CONTENT_LENGTH_MISMATCH [Response body's content-length of 5 byte(s) does not match the content-length of 2 byte(s) set in header]",
                  "HTTP/1.1 200 OK\nContent-Length: 2\nDate: …\nConnection: keep-alive\nKeep-Alive: timeout=5\n\nab"
                      + PROBED
                      + "\n# write throws ERR_HTTP_CONTENT_LENGTH_MISMATCH [Response body's content-length of 3 byte(s) does not match the content-length of 2 byte(s) set in header]\n# end done"),
              change(
                  "strictContentLength, too little",
                  "[silent]\n# end throws ERR_HTTP_CONTENT_LENGTH_MISMATCH [Response body's content-length of 2 byte(s) does not match the content-length of 3 byte(s) set in header]\n# again throws ERR_HTTP_CONTENT_LENGTH_MISMATCH [Response body's content-length of 5 byte(s) does not match the content-length of 3 byte(s) set in header]",
                  "HTTP/1.1 200 OK\nContent-Length: 3\nDate: …\nConnection: keep-alive\nKeep-Alive: timeout=5\n\nabc"
                      + PROBED
                      + "\n# end throws ERR_HTTP_CONTENT_LENGTH_MISMATCH [Response body's content-length of 2 byte(s) does not match the content-length of 3 byte(s) set in header]\n# again done")),
          row(
              "own `Transfer-Encoding` for HTTP/1.0",
              "is sent, in chunks",
              "left out",
              "the client can't know it (RFC 9112 §6.1)",
              change(
                  "HTTP/1.0, own Transfer-Encoding",
                  "Transfer-Encoding: chunked\nDate: …\nConnection: close\n\n2\nhi\n0\n\n[closed]",
                  "Date: …\nConnection: close\n\nhi[closed]")),
          row(
              "own `Content-Length` beside own `Transfer-Encoding`",
              "both are sent",
              "the length is left out",
              "RFC 9112 §6.2; proxies take it for an attack",
              change("own Content-Length and Transfer-Encoding", "Content-Length: 2\n", "")),
          row(
              "204 with own `Content-Length` or `Transfer-Encoding`",
              "they are sent",
              "left out",
              "RFC 9110 §8.6, RFC 9112 §6.1",
              change(
                  "204: res.setHeader('Content-Length', 2); res.end('hi')",
                  "Content-Length: 2\n",
                  ""),
              change(
                  "204: res.setHeader('Transfer-Encoding', 'chunked'); res.end('hi')",
                  "Transfer-Encoding: chunked\nDate: …\nConnection: close\n\n[closed]",
                  "Date: …\nConnection: keep-alive\nKeep-Alive: timeout=5\n\n" + PROBED)),
          row(
              "205 with a body",
              "is sent with it",
              "without",
              "RFC 9110 §15.3.6",
              change("205: res.end('hi')", "Content-Length: 2\n\nhi" + PROBED, EMPTY + PROBED)),
          row(
              "behind the last of `maxRequestsPerSocket` answers",
              "the connection stays open, and each further request is answered with 503",
              "one that has come already is answered with 503, and the connection ends",
              "who says `close` closes (RFC 9112 §9.6)",
              change(
                  "maxRequestsPerSocket 2, three requests",
                  "HTTP/1.1 503 Service Unavailable\nDate: …\nConnection: close\n"
                      + EMPTY_CHUNKED
                      + "HTTP/1.1 503 Service Unavailable\nDate: …\nConnection: close\n"
                      + EMPTY_CHUNKED
                      + "[silent]",
                  "HTTP/1.1 503 Service Unavailable\nDate: …\nConnection: close\n"
                      + EMPTY
                      + "[closed]"),
              change(
                  "maxRequestsPerSocket 2, a request after the last answer",
                  "HTTP/1.1 503 Service Unavailable\nDate: …\nConnection: close\n"
                      + EMPTY_CHUNKED
                      + "HTTP/1.1 503 Service Unavailable\nDate: …\nConnection: close\n"
                      + EMPTY_CHUNKED
                      + "[silent]",
                  "HTTP/1.1 503 Service Unavailable\nDate: …\nConnection: close\n"
                      + EMPTY
                      + "[closed]"),
              change(
                  "maxRequestsPerSocket 2, a request after the last answer",
                  "\n# dropped /probe",
                  "")),
          row(
              "answers after `close()`",
              "keep the connection, for `keepAliveTimeout`",
              "say `Connection: close`, and end it",
              "what closes should come to its end",
              change(
                  "close() while a request is under way",
                  "Connection: keep-alive\nKeep-Alive: timeout=5\nContent-Length: 2\n\nhi" + PROBED,
                  "Connection: close\nContent-Length: 2\n\nhi[closed]")),
          row(
              "a handler that throws",
              "the client waits for ever, the program ends",
              "500, and the connection ends",
              "a mistake costs one answer",
              change(
                  "a handler that throws",
                  "[silent]\n# uncaught mine",
                  "HTTP/1.1 500 Internal Server Error\nConnection: close\nDate: …\n"
                      + EMPTY
                      + "[closed]")),
          row(
              "bytes behind a request with `Connection: close`",
              "400 in place of an answer that has not begun",
              "not looked at",
              "RFC 9112 §9.6",
              change(
                  "a body with Content-Length after Connection: close",
                  BAD,
                  "HTTP/1.1 200 OK\nDate: …\nConnection: close\nContent-Length: 7\n\nPOST ab[closed]")),
          row(
              "behind a request for an upgrade that nobody took",
              "nothing more is read",
              "the connection goes on",
              "it was a request as any other",
              change("upgrade, nobody listens", HI + "[silent]", HI + PROBED)),
          row(
              "HTTP/2.0, HTTP/0.9",
              "served",
              "505",
              "they are other protocols",
              change(
                  "HTTP/2.0",
                  OLD_HI,
                  "HTTP/1.1 505 HTTP Version Not Supported\nConnection: close\n\n[closed]"),
              change(
                  "HTTP/0.9",
                  OLD_HI,
                  "HTTP/1.1 505 HTTP Version Not Supported\nConnection: close\n\n[closed]")),
          row(
              "a request line without a version, or with more blanks than two",
              "served",
              "400",
              "RFC 9112 §3",
              change("no version", OLD_HI, BAD),
              change("two blanks before the version", HI + PROBED, BAD)),
          row(
              "two `Host`",
              "the first is taken",
              "400",
              "RFC 9112 §3.2",
              change(
                  "two Host",
                  HI + PROBED,
                  "HTTP/1.1 400 Bad Request\nDate: …\nConnection: close\n" + EMPTY + "[closed]")),
          row(
              "`Transfer-Encoding` that is empty, does not end with chunked, or comes by HTTP/1.0",
              "the request is served, the rest is taken for its body or for another request",
              "400",
              "two readers would understand it differently (RFC 9112 §6.1)",
              change("a coding alone that is not chunked", HI + "[closed]", BAD),
              change("an empty Transfer-Encoding", HI + PROBED, BAD),
              change("Transfer-Encoding by HTTP/1.0", OLD_HI, BAD)),
          row(
              "codings before chunked",
              "the body is handed out coded",
              "501",
              "RFC 9112 §6.1",
              change(
                  "a coding before chunked",
                  HI + PROBED,
                  "HTTP/1.1 501 Not Implemented\nConnection: close\n\n[closed]")),
          row(
              "a body that goes bad, or is cut off, behind its answer",
              "sometimes a 400 behind the answer",
              "the connection ends",
              "one request, one answer",
              change("a chunk that goes on", HI + BAD, HI + "[closed]"),
              change("order: a request's time-out", "late" + BAD, "late[closed]")),
          row(
              "a bad request right behind a good one",
              "no answer, the connection ends",
              "400",
              "each request has its answer",
              change("a good request, then a bad one", HI + "[closed]", HI + BAD)),
          row(
              "a request whose body is bad, where somebody listens to 'clientError'",
              "hears of it when the connection has closed",
              "at once",
              "nothing more will come",
              change(
                  "a bad chunk, and somebody listens",
                  "# (never: Q close)",
                  "# Q aborted\n# R close\n# Q error ECONNRESET [aborted]\n# Q close")),
          row(
              "'finish' of an answer",
              "as soon as it is written",
              "at the end of the turn in which it was, so behind the 'end' of a request that had come",
              "what is written in a turn goes to the system in one piece",
              change(
                  "order: answered at once",
                  "# R finish\n# R close\n# Q end",
                  "# Q end\n# R finish\n# R close"),
              change(
                  "order: answered at once, and closed",
                  "# R finish\n# Q end",
                  "# Q end\n# R finish")),
          row(
              "the callback of `end`",
              "behind the listeners of 'finish' that were there before",
              "before them, as in `net`",
              "one rule for all streams",
              change(
                  "order: a callback of end, and of write",
                  "# written\n# R finish\n# ended\n# Q end",
                  "# Q end\n# written\n# ended\n# R finish")),
          row(
              "the 'close' of a request and of its answer, which the program destroys from the request's 'end'",
              "the request's first",
              "the answer's first",
              "both end at once",
              change(
                  "order: the program destroys the answer",
                  "# Q close\n# R close",
                  "# R close\n# Q close")),
          row(
              "the time-out of a request that has come whole",
              "the connection is destroyed",
              "the listener is told",
              "who set it wants to hear of it",
              change(
                  "order: a time-out of a request that has come",
                  "[closed]",
                  KEPT + "Content-Length: 4\n\nlate[silent]\n# timeout")),
          row(
              "several writes in a turn",
              "from Node 26 on they may be one chunk",
              "a chunk each",
              "chunks mean nothing, and the system gets them in one piece"));

  /** What older Nodes than 26 tell, and what 26 does. */
  private static final List<Change> OLDER_NODES =
      List.of(
          change(
              "more headers than maxHeadersCount",
              KEPT + "Content-Length: 6\n\nhost,a[silent]",
              "HTTP/1.1 431 Request Header Fields Too Large\nConnection: close\n\n[closed]"),
          change(
              "writeHead with a flat list over headers that were set",
              "a: y\nB: 2",
              "B: 2\na: x\na: y"));

  private ServerDifferences() {}

  /** The table as the manual has it. */
  static String table() {
    StringBuilder table = new StringBuilder("| | in Node | here | because |\n|---|---|---|---|\n");
    for (Row row : ROWS) {
      table.append("| %s | %s | %s | %s |\n".formatted(row.what, row.node, row.here, row.why));
    }
    return table.toString();
  }

  private static Row row(String what, String node, String here, String why, Change... changes) {
    return new Row(what, node, here, why, List.of(changes));
  }

  private static Change change(String dialogue, String node, String ours) {
    return new Change(dialogue, node, ours);
  }

  /** What Node has told, turned into what we are to tell. */
  static String apply(String dialogue, String told, int nodeMajor) {
    String lines = told;
    for (Change change : nodeMajor < 26 ? OLDER_NODES : List.<Change>of()) {
      if (change.dialogue.equals(dialogue)) {
        lines = lines.replace(change.node, change.ours);
      }
    }
    for (Row row : ROWS) {
      for (Change change : row.changes) {
        if (change.dialogue.equals(dialogue)) {
          lines = replace(lines, row, change);
        }
      }
    }
    return lines;
  }

  private static String replace(String lines, Row row, Change change) {
    int at = lines.indexOf(change.node);
    if (at < 0) {
      throw new AssertionError(
          "Node does not differ here any more: %s, %s%n%s"
              .formatted(change.dialogue, row.what, lines));
    }
    return lines.substring(0, at) + change.ours + lines.substring(at + change.node.length());
  }

  /** All dialogues that the table names. */
  static List<String> dialogues() {
    List<String> names = new ArrayList<>();
    ROWS.forEach(row -> row.changes.forEach(change -> names.add(change.dialogue)));
    OLDER_NODES.forEach(change -> names.add(change.dialogue));
    return names;
  }
}
