package io.netloop.net;

import static io.netloop.net.Program.program;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.List;

/** Section 7 of the behaviour's reference: states and orders of events. */
final class OrderPrograms {
  private static final TcpOptions HALF_OPEN = TcpOptions.defaults().withAllowHalfOpen(true);

  private OrderPrograms() {}

  static List<Program> all() {
    return List.of(
        program("the client ends")
            .server("", (t, s) -> {})
            .client("c.end('x')", (t, c) -> c.end("x")),
        program("the server ends")
            .server("s.end('bye')", (t, s) -> s.end("bye"))
            .client("", (t, c) -> {}),
        program("server half-open, ends later")
            .servers(HALF_OPEN)
            .server(
                "s.on('end', () => t.later(20, () => s.end('late')))",
                (t, s) -> s.onEnd(() -> t.later(20, () -> s.end("late"))))
            .client("c.end('x')", (t, c) -> c.end("x")),
        program("server half-open, never ends")
            .servers(HALF_OPEN)
            .server(
                """
                s.on('end', () => server.close(() => t.log('S', 'server closed')));
                s.on('end', () => t.later(30, () => { t.show('S', 'state', s.readyState); t.stop(); }));
                """,
                (t, s) -> {
                  s.onEnd(() -> s.server().close(e -> t.log("S", "server closed")));
                  s.onEnd(() ->
                      t.later(
                          30,
                          () -> {
                            t.show("S", "state", s.readyState());
                            t.stop();
                          }));
                })
            .client(
                "c.end('x'); c.on('finish', () => t.later(10, () => t.show('C', 'state', c.readyState)))",
                (t, c) ->
                    c.end("x")
                        .onFinish(() -> t.later(10, () -> t.show("C", "state", c.readyState())))),
        program("client half-open, server ends")
            .clients(HALF_OPEN)
            .server("s.end('bye')", (t, s) -> s.end("bye"))
            .client(
                """
                c.on('end', () => t.later(10, () => {
                  t.show('C', 'state', c.readyState);
                  c.end('last');
                  t.show('C', 'state', c.readyState);
                }));
                """,
                (t, c) ->
                    c.onEnd(() ->
                        t.later(
                            10,
                            () -> {
                              t.show("C", "state", c.readyState());
                              c.end("last");
                              t.show("C", "state", c.readyState());
                            }))),
        program("the server destroys")
            .server("s.destroy()", (t, s) -> s.destroy())
            .client("", (t, c) -> {}),
        program("the server destroys with an error")
            .server(
                "s.destroy(Object.assign(new Error('my reason'), {code: 'ERR_MINE'}))",
                (t, s) -> s.destroy(new NetException("ERR_MINE", "my reason")))
            .client("", (t, c) -> {}),
        program("the client destroys with an error; the first one wins")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  c.destroy(Object.assign(new Error('one'), {code: 'ERR_ONE'}));
                  c.destroy(Object.assign(new Error('two'), {code: 'ERR_TWO'}));
                  t.show('C', 'errored', c.errored.code, c.closed);
                });
                c.on('close', () => t.show('C', 'closed', c.closed));
                """,
                (t, c) -> {
                  c.onConnect(() -> {
                    c.destroy(new NetException("ERR_ONE", "one"));
                    c.destroy(new NetException("ERR_TWO", "two"));
                    t.show("C", "errored", c.errored().code(), c.closed());
                  });
                  c.onClose(cause -> t.show("C", "closed", c.closed()));
                }),
        program("the server resets")
            .server(
                "s.on('data', () => s.resetAndDestroy())",
                (t, s) -> s.onData(data -> s.resetAndDestroy()))
            .client(
                "c.on('connect', () => c.write('go'))", (t, c) -> c.onConnect(() -> c.write("go"))),
        program("the client resets")
            .server("s.write('hello')", (t, s) -> s.write("hello"))
            .client(
                "c.on('data', () => c.resetAndDestroy())",
                (t, c) -> c.onData(data -> c.resetAndDestroy())),
        program("the client resets while connecting")
            .server("", (t, s) -> {})
            .client("c.resetAndDestroy()", (t, c) -> c.resetAndDestroy()),
        program("reset of a socket never connected, or closed")
            .alone(
                """
                const a = t.watch('A', new net.Socket());
                a.resetAndDestroy();
                a.on('close', () => { a.resetAndDestroy(); t.show('A', 'again'); });
                """,
                t -> {
                  TcpSocket a = t.watch("A", new TcpSocket());
                  a.resetAndDestroy();
                  a.onClose(cause -> {
                    a.resetAndDestroy();
                    t.show("A", "again");
                  });
                }),
        program("reset of a Unix domain socket")
            .overPath()
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  t.attempt('C', 'reset', () => c.resetAndDestroy());
                  c.end();
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      t.attempt("C", "reset", () -> c.resetAndDestroy());
                      c.end();
                    })),
        program("the peer ends, what it sent is not read")
            .serverDoesNotRead()
            .server(
                """
                t.later(30, () => {
                  t.show('S', 'state', s.readyState, s.bytesRead, s.readableFlowing);
                  s.resume();
                });
                """,
                (t, s) ->
                    t.later(
                        30,
                        () -> {
                          t.show(
                              "S",
                              "state",
                              s.readyState(),
                              s.bytesRead(),
                              s.readableFlowing() ? true : null);
                          s.resume();
                        }))
            .client("c.end('unread')", (t, c) -> c.end("unread")),
        program("the peer ends without data, nobody reads")
            .serverDoesNotRead()
            .server("", (t, s) -> {})
            .client("c.end()", (t, c) -> c.end()),
        program("a paused socket holds end and close back")
            .server(
                """
                s.pause();
                t.later(30, () => { t.show('S', 'paused', s.isPaused()); s.resume(); });
                """,
                (t, s) -> {
                  s.pause();
                  t.later(
                      30,
                      () -> {
                        t.show("S", "paused", s.isPaused());
                        s.resume();
                      });
                })
            .client("c.end('rest')", (t, c) -> c.end("rest")),
        program("write after end")
            .servers(HALF_OPEN)
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  c.end();
                  t.show('C', 'write', c.write('late', t.told('C', 'late')));
                });
                c.on('close', () => t.later(10, () => t.stop()));
                """,
                (t, c) -> {
                  c.onConnect(() -> {
                    c.end();
                    t.show("C", "write", c.write(Buffer.from("late"), t.told("C", "late")));
                  });
                  c.onClose(cause -> t.later(10, t::stop));
                }),
        program("write after the peer's end")
            .server("s.end()", (t, s) -> s.end())
            .client(
                "c.on('end', () => t.show('C', 'write', c.write('late', t.told('C', 'late'))))",
                (t, c) ->
                    c.onEnd(() ->
                        t.show("C", "write", c.write(Buffer.from("late"), t.told("C", "late"))))),
        program("write after destroy")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  c.destroy();
                  t.show('C', 'write', c.write('late', t.told('C', 'late')));
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      c.destroy();
                      t.show("C", "write", c.write(Buffer.from("late"), t.told("C", "late")));
                    })),
        program("write after close")
            .server("s.end()", (t, s) -> s.end())
            .client(
                """
                c.on('close', () => {
                  t.hold();
                  t.show('C', 'write', c.write('late', e => { t.told('C', 'late')(e); t.release(); }));
                });
                """,
                (t, c) ->
                    c.onClose(cause -> {
                      t.hold();
                      t.show(
                          "C",
                          "write",
                          c.write(
                              Buffer.from("late"),
                              e -> {
                                t.told("C", "late").accept(e);
                                t.release();
                              }));
                    })),
        program("write on a fresh socket")
            .alone(
                """
                const a = t.watch('A', new net.Socket());
                t.show('A', 'write', a.write('x', t.told('A', 'x')));
                """,
                t -> {
                  TcpSocket a = t.watch("A", new TcpSocket());
                  t.show("A", "write", a.write(Buffer.from("x"), t.told("A", "x")));
                }),
        program("end of a fresh socket")
            .alone(
                """
                const a = t.watch('A', new net.Socket());
                a.end(t.told('A', 'end callback'));
                t.later(20, () => t.stop());
                """,
                t -> {
                  TcpSocket a = t.watch("A", new TcpSocket());
                  a.end(t.told("A", "end callback"));
                  t.later(20, t::stop);
                }),
        program("write before connected")
            .server(
                "let n = 0; s.on('data', d => { if ((n += d.length) === 70005) s.end(); })",
                (t, s) ->
                    s.onData(data -> {
                      if (s.bytesRead() == 70_005) {
                        s.end();
                      }
                    }))
            .client(
                """
                t.show('C', 'write', c.write('early', t.told('C', 'early')));
                t.show('C', 'write', c.write(t.bytes(70000), t.told('C', 'large')));
                t.show('C', 'written', c.bytesWritten, c.writableLength, c.writableNeedDrain);
                """,
                (t, c) -> {
                  t.show("C", "write", c.write(Buffer.from("early"), t.told("C", "early")));
                  t.show("C", "write", c.write(t.bytes(70_000), t.told("C", "large")));
                  t.show(
                      "C", "written", c.bytesWritten(), c.writableLength(), c.writableNeedDrain());
                }),
        program("a write is lost when connecting fails")
            .alone(
                """
                const c = t.watch('C', net.connect(1, '127.0.0.1'));
                t.show('C', 'write', c.write('lost', t.told('C', 'lost')));
                c.end(t.told('C', 'end callback'));
                """,
                t -> {
                  TcpSocket c =
                      t.watch(
                          "C", Net.connect(ConnectOptions.port(1).withHost("127.0.0.1"), s -> {}));
                  t.show("C", "write", c.write(Buffer.from("lost"), t.told("C", "lost")));
                  c.end(t.told("C", "end callback"));
                }),
        program("destroy before connected")
            .server("", (t, s) -> {})
            .client(
                "c.destroy(); c.on('close', () => t.later(20, () => t.stop()))",
                (t, c) -> c.destroy().onClose(cause -> t.later(20, t::stop))),
        program("destroy with an error before connected")
            .server("", (t, s) -> {})
            .client(
                """
                c.destroy(Object.assign(new Error('mine'), {code: 'ERR_MINE'}));
                c.on('close', () => t.later(20, () => t.stop()));
                """,
                (t, c) ->
                    c.destroy(new NetException("ERR_MINE", "mine"))
                        .onClose(cause -> t.later(20, t::stop))),
        program("end before connected")
            .server("", (t, s) -> {})
            .client(
                "c.end(t.told('C', 'end callback'))", (t, c) -> c.end(t.told("C", "end callback"))),
        program("destroy before connected, with writes queued")
            .server("", (t, s) -> {})
            .client(
                """
                c.write('a', t.told('C', 'a'));
                c.write('b', t.told('C', 'b'));
                c.end(t.told('C', 'end callback'));
                c.destroy();
                c.on('close', () => t.later(20, () => t.stop()));
                """,
                (t, c) -> {
                  c.write(Buffer.from("a"), t.told("C", "a"));
                  c.write(Buffer.from("b"), t.told("C", "b"));
                  c.end(t.told("C", "end callback"));
                  c.destroy();
                  c.onClose(cause -> t.later(20, t::stop));
                }),
        program("destroy with writes queued for a slow peer")
            .serverDoesNotRead()
            .server("s.pause()", (t, s) -> s.pause())
            .client(
                """
                c.on('connect', () => {
                  t.show('C', 'write', c.write(t.bytes(10e6), t.told('C', 'a')));
                  c.write('b', t.told('C', 'b'));
                  c.end(t.told('C', 'end callback'));
                  t.later(20, () => c.destroy());
                });
                c.on('close', () => t.later(20, () => t.stop()));
                """,
                (t, c) -> {
                  c.onConnect(() -> {
                    t.show("C", "write", c.write(t.bytes(10_000_000), t.told("C", "a")));
                    c.write(Buffer.from("b"), t.told("C", "b"));
                    c.end(t.told("C", "end callback"));
                    t.later(20, () -> c.destroy());
                  });
                  c.onClose(cause -> t.later(20, t::stop));
                }),
        program("destroy with writes corked")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  c.cork();
                  c.write('a', t.told('C', 'a'));
                  c.write('b', t.told('C', 'b'));
                  c.destroy();
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      c.cork();
                      c.write(Buffer.from("a"), t.told("C", "a"));
                      c.write(Buffer.from("b"), t.told("C", "b"));
                      c.destroy();
                    })),
        program("idle time-out")
            .server("", (t, s) -> {})
            .client(
                """
                t.show('C', 'timeout', c.timeout);
                c.setTimeout(15, () => t.log('C', 'callback'));
                t.show('C', 'timeout', c.timeout);
                c.on('connect', () => t.later(80, () => { t.show('C', 'state', c.readyState); c.end(); }));
                """,
                (t, c) -> {
                  t.show("C", "timeout", c.timeout());
                  c.setTimeout(15, () -> t.log("C", "callback"));
                  t.show("C", "timeout", c.timeout());
                  c.onConnect(() ->
                      t.later(
                          80,
                          () -> {
                            t.show("C", "state", c.readyState());
                            c.end();
                          }));
                }),
        program("idle again after activity")
            .server("", (t, s) -> {})
            .client(
                """
                c.setTimeout(30);
                c.on('connect', () => {
                  t.later(70, () => { c.write('x'); t.log('C', 'wrote'); });
                  t.later(150, () => { c.setTimeout(0); t.show('C', 'timeout', c.timeout); c.end(); });
                });
                """,
                (t, c) -> {
                  c.setTimeout(30);
                  c.onConnect(() -> {
                    t.later(
                        70,
                        () -> {
                          c.write("x");
                          t.log("C", "wrote");
                        });
                    t.later(
                        150,
                        () -> {
                          c.setTimeout(0);
                          t.show("C", "timeout", c.timeout());
                          c.end();
                        });
                  });
                }),
        program("no 'error' listener")
            .alone(
                """
                net.connect(1, '127.0.0.1').on('close', e => { t.log('C', 'close ' + e); t.release(); });
                t.hold();
                """,
                t -> {
                  t.hold();
                  Net.connect(ConnectOptions.port(1).withHost("127.0.0.1"), s -> {})
                      .onClose(cause -> {
                        t.log("C", "close " + cause.hadError());
                        t.release();
                      });
                }),
        program("a listener that throws")
            .server("s.end('bye')", (t, s) -> s.end("bye"))
            .client(
                "c.on('data', () => { throw Object.assign(new Error('oops'), {code: 'OOPS'}); })",
                (t, c) ->
                    c.onData(data -> {
                      throw new NetException("OOPS", "oops");
                    })),
        program("states")
            .server("", (t, s) -> {})
            .client(
                """
                const state = at => t.show('C', at, c.connecting, c.pending, c.readyState, c.destroyed, c.closed);
                state('after connect()');
                c.on('connect', () => {
                  state("in 'connect'");
                  c.end();
                  state('after end()');
                });
                c.on('end', () => state("in 'end'"));
                c.on('close', () => state("in 'close'"));
                """,
                (t, c) -> {
                  state(t, c, "after connect()");
                  c.onConnect(() -> {
                    state(t, c, "in 'connect'");
                    c.end();
                    state(t, c, "after end()");
                  });
                  c.onEnd(() -> state(t, c, "in 'end'"));
                  c.onClose(cause -> state(t, c, "in 'close'"));
                }),
        program("states when destroyed")
            .server("", (t, s) -> {})
            .client(
                """
                const state = at => t.show('C', at, c.connecting, c.pending, c.readyState, c.destroyed, c.closed);
                c.on('connect', () => { c.destroy(); state('after destroy()'); });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      c.destroy();
                      state(t, c, "after destroy()");
                    })),
        program("state of a fresh socket")
            .alone(
                """
                const a = new net.Socket();
                t.show('A', 'fresh', a.connecting, a.pending, a.destroyed);
                t.show('A', 'state', a.readyState);
                """,
                t -> {
                  TcpSocket a = new TcpSocket();
                  t.show("A", "fresh", a.connecting(), a.pending(), a.destroyed());
                  t.show("A", "state", a.readyState());
                }),
        program("an echo by a pipe")
            .serverDoesNotRead()
            .server("s.pipe(s)", (t, s) -> s.pipe(s))
            .client("c.end('hello')", (t, c) -> c.end("hello")),
        program("a megabyte echoed by a pipe")
            .serverDoesNotRead()
            .server("s.pipe(s)", (t, s) -> s.pipe(s))
            .client("c.end(t.bytes(1e6))", (t, c) -> c.end(t.bytes(1_000_000))));
  }

  private static void state(Part t, TcpSocket c, String at) {
    t.show("C", at, c.connecting(), c.pending(), c.readyState(), c.destroyed(), c.closed());
  }
}
