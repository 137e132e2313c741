package io.netloop.http;

import static io.netloop.http.Dialogue.dialogue;
import static io.netloop.http.Dialogue.get;
import static io.netloop.http.Dialogue.request;

import io.netloop.loop.Buffer;
import java.time.Duration;
import java.util.List;

/** In which order the events of a server, a request and its answer come. */
final class OrderDialogues {
  private static final String POST = request("POST / HTTP/1.1", "Content-Length: 5") + "hello";
  private static final String PART = request("POST / HTTP/1.1", "Content-Length: 5") + "he";

  private OrderDialogues() {}

  static List<Dialogue> all() {
    return List.of(
        dialogue("order: answered after the body")
            .answers(
                "t.watch(req, res); req.on('end', () => res.end('hi'))",
                (t, q, r) -> {
                  t.watch(q, r);
                  q.onEnd(() -> r.end("hi"));
                })
            .sends(POST)
            .until("R close"),
        dialogue("order: answered at once")
            .answers(
                "t.watch(req, res); res.end('hi')",
                (t, q, r) -> {
                  t.watch(q, r);
                  r.end("hi");
                })
            .sends(POST)
            .until("R close"),
        dialogue("order: answered at once, and closed")
            .answers(
                "t.watch(req, res); res.end('hi')",
                (t, q, r) -> {
                  t.watch(q, r);
                  r.end("hi");
                })
            .sends(get("Connection: close"))
            .until("R close"),
        dialogue("order: a callback of end, and of write")
            .beforeNode(26)
            .answers(
                """
                t.watch(req, res);
                res.write('a', () => t.log('written'));
                res.end('b', () => t.log('ended'));
                """,
                (t, q, r) -> {
                  t.watch(q, r);
                  r.write(Buffer.from("a"), e -> t.log("written"));
                  r.end(Buffer.from("b"), e -> t.log("ended"));
                })
            .sends(get())
            .until("R close"),
        dialogue("order: the client vanishes during the answer")
            .answers(
                "t.watch(req, res); res.write('begun')",
                (t, q, r) -> {
                  t.watch(q, r);
                  r.write("begun");
                })
            .sends(get())
            .hears("begun")
            .sees("Q end")
            .resets()
            .until("R close"),
        dialogue("order: the client ends during the answer")
            .answers(
                "t.watch(req, res); res.write('begun')",
                (t, q, r) -> {
                  t.watch(q, r);
                  r.write("begun");
                })
            .sends(get())
            .hears("begun")
            .sees("Q end")
            .ends()
            .until("R close"),
        dialogue("order: the client vanishes before the answer")
            .answers("t.watch(req, res)", (t, q, r) -> t.watch(q, r))
            .sends(get())
            .sees("Q end")
            .resets()
            .until("R close"),
        dialogue("order: the client aborts its body")
            .answers("t.watch(req, res)", (t, q, r) -> t.watch(q, r))
            .sends(PART)
            .sees("Q data he")
            .resets()
            .until("Q close"),
        dialogue("order: the program destroys the request")
            .answers(
                "t.watch(req, res); req.on('data', () => req.destroy())",
                (t, q, r) -> {
                  t.watch(q, r);
                  q.onData(data -> q.destroy());
                })
            .sends(PART)
            .alone()
            .until("R close"),
        dialogue("order: the program destroys the answer")
            .answers(
                "t.watch(req, res); req.on('end', () => res.destroy())",
                (t, q, r) -> {
                  t.watch(q, r);
                  q.onEnd(() -> r.destroy());
                })
            .sends(get())
            .alone()
            .until("Q close"),
        dialogue("order: a connection and its request")
            .server(
                """
                server.on('connection', socket => {
                  t.log('connection');
                  socket.on('end', () => t.log('S end'));
                  socket.on('close', () => t.log('S close'));
                });
                """,
                (t, s) ->
                    s.onConnection(socket -> {
                      t.log("connection");
                      socket.onEnd(() -> t.log("S end"));
                      socket.onClose(cause -> t.log("S close"));
                    }))
            .answers(
                "t.log('request'); res.end('hi')",
                (t, q, r) -> {
                  t.log("request");
                  r.end("hi");
                })
            .sends(get())
            .hears("hi")
            .ends()
            .until("S close"),
        dialogue("order: a request's time-out")
            .answers(
                "req.setTimeout(30, () => { t.log('timeout'); res.end('late') })",
                (t, q, r) ->
                    q.setTimeout(
                        30,
                        () -> {
                          t.log("timeout");
                          r.end("late");
                        }))
            .sends(PART)
            .hears("late")
            .ends(),
        dialogue("order: a time-out of a request that has come")
            .briefly()
            .answers(
                "req.setTimeout(30, () => { t.log('timeout'); res.end('late') })",
                (t, q, r) ->
                    q.setTimeout(
                        30,
                        () -> {
                          t.log("timeout");
                          r.end("late");
                        }))
            .sends(get())
            .alone(),
        dialogue("order: an answer's time-out")
            .answers(
                "res.setTimeout(30, () => { t.log('timeout'); res.end('late') })",
                (t, q, r) ->
                    r.setTimeout(
                        30,
                        () -> {
                          t.log("timeout");
                          r.end("late");
                        }))
            .sends(get())
            .hears("late")
            .ends(),
        dialogue("order: a server's time-out, nobody listens")
            .server("server.timeout = 40", (t, s) -> {})
            .with("{}", o -> o.withTimeout(Duration.ofMillis(40)))
            .answers("t.watch(req, res)", (t, q, r) -> t.watch(q, r))
            .sends(get())
            .alone()
            .until("R close"),
        dialogue("order: a server's time-out, somebody listens")
            .server(
                "server.setTimeout(40, socket => { t.log('timeout'); socket.destroy(); })",
                (t, s) ->
                    s.onTimeout(socket -> {
                      t.log("timeout");
                      socket.destroy();
                    }))
            .with("{}", o -> o.withTimeout(Duration.ofMillis(40)))
            .answers("t.watch(req, res)", (t, q, r) -> t.watch(q, r))
            .sends(get())
            .alone()
            .until("R close"));
  }
}
