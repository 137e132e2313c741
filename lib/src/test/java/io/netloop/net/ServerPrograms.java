package io.netloop.net;

import static io.netloop.net.Program.program;

import io.netloop.loop.AbortController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sections 3 to 5 of the behaviour's reference: servers, and all forms of listen. */
final class ServerPrograms {
  private ServerPrograms() {}

  static List<Program> all() {
    return List.of(
        program("listen on any port, and close")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                t.show('A', 'fresh', a.listening, t.at(a.address()));
                a.listen(0, '127.0.0.1', () => {
                  t.alias(a.address().port, 'P');
                  t.show('A', 'at', a.listening, t.at(a.address()));
                  t.show('A', 'same', a.close(t.told('A', 'closed')) === a);
                  t.show('A', 'state', a.listening, t.at(a.address()));
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  t.show("A", "fresh", a.listening(), t.at(a.address()));
                  a.listen(
                      0,
                      "127.0.0.1",
                      () -> {
                        t.alias(a.address().port(), "P");
                        t.show("A", "at", a.listening(), t.at(a.address()));
                        t.show("A", "same", a.close(t.told("A", "closed")).equals(a));
                        t.show("A", "state", a.listening(), t.at(a.address()));
                      });
                }),
        program("listen without a host: all addresses of both families")
            .alone(
                """
                const a = t.watch('A', net.createServer(s => {
                  t.watch('S' + s.remoteAddress, s);
                  t.show('S' + s.remoteAddress, 'at', s.localAddress, s.localFamily, s.remoteFamily);
                }));
                a.listen(0, () => {
                  t.alias(a.address().port, 'P');
                  t.show('A', 'at', t.at(a.address()));
                  t.watch('C4', net.connect(a.address().port, '127.0.0.1')).end('four');
                  t.watch('C6', net.connect(a.address().port, '::1')).end('six');
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.onConnection(s -> {
                    String who = "S" + s.remoteAddress();
                    t.watch(who, s);
                    t.show(who, "at", s.localAddress(), s.localFamily(), s.remoteFamily());
                  });
                  a.listen(
                      0,
                      () -> {
                        int port = a.address().port();
                        t.alias(port, "P");
                        t.show("A", "at", t.at(a.address()));
                        t.watch("C4", Net.createConnection(port, "127.0.0.1")).end("four");
                        t.watch("C6", Net.createConnection(port, "::1")).end("six");
                      });
                }),
        program("whether it listens straight after the call")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                a.listen(0);
                t.show('A', 'listening', a.listening, a.address() !== null);
                a.on('listening', () => { t.show('A', 'listening', a.listening); t.stop(); });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(0);
                  t.show("A", "listening", a.listening(), a.address() != null);
                  a.onListening(() -> {
                    t.show("A", "listening", a.listening());
                    t.stop();
                  });
                }),
        program("a port as text")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                a.listen('0', () => {
                  const port = a.address().port;
                  t.show('A', 'port', port > 0, t.at(a.address()).startsWith('::'));
                  a.close(() => {
                    t.alias(port, 'P');
                    const b = t.watch('B', net.createServer());
                    b.listen(String(port), () => { t.show('B', 'at', t.at(b.address())); b.close(); });
                  });
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(
                      "0",
                      () -> {
                        int port = a.address().port();
                        t.show("A", "port", port > 0, t.at(a.address()).startsWith("::"));
                        a.close(e -> {
                          t.alias(port, "P");
                          TcpServer b = t.watch("B", Net.createServer());
                          b.listen(
                              String.valueOf(port),
                              () -> {
                                t.show("B", "at", t.at(b.address()));
                                b.close();
                              });
                        });
                      });
                }),
        program("texts that are no port")
            .alone(
                """
                t.attempt('A', '65536', () => net.createServer().listen('65536'));
                t.attempt('A', '70000', () => net.createServer().listen({port: '70000'}));
                t.attempt('A', 'long', () => net.createServer().listen('123456789012'));
                """,
                t -> {
                  t.attempt("A", "65536", () -> Net.createServer().listen("65536"));
                  t.attempt("A", "70000", () -> Net.createServer().listen("70000"));
                  t.attempt("A", "long", () -> Net.createServer().listen("123456789012"));
                }),
        program("a Unix domain socket")
            .alone(
                """
                const fs = require('fs');
                const a = t.watch('A', net.createServer(s => {
                  t.watch('S', s).end('bye');
                  a.close(() => t.show('A', 'file', fs.existsSync(t.path('a.sock'))));
                  t.show('A', 'file', fs.existsSync(t.path('a.sock')));
                }));
                a.listen(t.path('a.sock'), () => {
                  t.show('A', 'at', t.at(a.address()), fs.existsSync(t.path('a.sock')));
                  t.watch('C', net.connect(t.path('a.sock')));
                });
                """,
                t -> {
                  Path file = Path.of(t.path("a.sock"));
                  TcpServer a = t.watch("A", Net.createServer());
                  a.onConnection(s -> {
                    t.watch("S", s).end("bye");
                    a.close(e -> t.show("A", "file", Files.exists(file)));
                    t.show("A", "file", Files.exists(file));
                  });
                  a.listen(
                      t.path("a.sock"),
                      () -> {
                        t.show("A", "at", t.at(a.address()), Files.exists(file));
                        t.watch("C", Net.createConnection(t.path("a.sock")));
                      });
                }),
        program("a path that is taken: by a file, by a live socket, by a stale one")
            .alone(
                """
                const fs = require('fs');
                fs.writeFileSync(t.path('file'), 'x');
                t.watch('A', net.createServer()).listen(t.path('file'));
                const b = t.watch('B', net.createServer()).listen(t.path('b.sock'), () => {
                  const c = t.watch('C', net.createServer());
                  fs.linkSync(t.path('b.sock'), t.path('stale.sock'));
                  c.on('error', () => b.close(() => {
                    const d = t.watch('D', net.createServer());
                    d.on('error', () => t.show('D', 'stays', fs.existsSync(t.path('stale.sock'))));
                    d.listen(t.path('stale.sock'));
                  }));
                  c.listen(t.path('b.sock'));
                });
                t.later(20, () => t.show('A', 'file', fs.existsSync(t.path('file'))));
                """,
                t -> {
                  write(t.path("file"));
                  t.watch("A", Net.createServer()).listen(t.path("file"));
                  TcpServer b = t.watch("B", Net.createServer());
                  b.listen(
                      t.path("b.sock"),
                      () -> {
                        TcpServer c = t.watch("C", Net.createServer());
                        link(t.path("b.sock"), t.path("stale.sock"));
                        c.onError(e ->
                            b.close(closed -> {
                              TcpServer d = t.watch("D", Net.createServer());
                              d.onError(inUse ->
                                  t.show(
                                      "D", "stays", Files.exists(Path.of(t.path("stale.sock")))));
                              d.listen(t.path("stale.sock"));
                            }));
                        c.listen(t.path("b.sock"));
                      });
                  t.later(20, () -> t.show("A", "file", Files.exists(Path.of(t.path("file")))));
                }),
        program("a directory that is missing")
            .alone(
                "t.watch('A', net.createServer()).listen(t.path('none/a.sock')); t.later(20, () => {})",
                t -> {
                  t.watch("A", Net.createServer()).listen(t.path("none/a.sock"));
                  t.later(20, () -> {});
                }),
        program("a path that is too long")
            .since(26)
            .alone(
                """
                t.watch('A', net.createServer()).listen(t.path('x'.repeat(108 - t.dir.length)));
                const b = t.watch('B', net.createServer());
                b.listen(t.path('y'.repeat(106 - t.dir.length)), () => b.close());
                t.later(20, () => {});
                """,
                t -> {
                  int room = 107 - t.path("").length();
                  t.watch("A", Net.createServer()).listen(t.path("x".repeat(room + 2)));
                  TcpServer b = t.watch("B", Net.createServer());
                  b.listen(t.path("y".repeat(room)), () -> b.close());
                  t.later(20, () -> {});
                }),
        program("who may use the socket file")
            .alone(
                """
                const fs = require('fs');
                const mode = f => (fs.statSync(f).mode & 0o066).toString(8);
                const a = t.watch('A', net.createServer());
                a.listen({path: t.path('a.sock'), readableAll: true, writableAll: true}, () => {
                  t.show('A', 'mode', mode(t.path('a.sock')));
                  a.close();
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(
                      ListenOptions.path(t.path("a.sock"))
                          .withReadableAll(true)
                          .withWritableAll(true),
                      () -> {
                        t.show("A", "mode", mode(t.path("a.sock")));
                        a.close();
                      });
                }),
        program("an address in the abstract namespace")
            .alone(
                """
                const a = t.watch('A', net.createServer(s => { t.watch('S', s).end('bye'); a.close(); }));
                const name = '\\0' + t.path('abstract');
                a.listen(name, () => t.watch('C', net.connect(name)));
                """,
                t -> {
                  String name = "\0" + t.path("abstract");
                  TcpServer a = t.watch("A", Net.createServer());
                  a.onConnection(s -> {
                    t.watch("S", s).end("bye");
                    a.close();
                  });
                  a.listen(name, () -> t.watch("C", Net.createConnection(name)));
                }),
        program("listen where another server does")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                a.listen(0, '127.0.0.1', () => {
                  t.alias(a.address().port, 'P');
                  const b = t.watch('B', net.createServer());
                  b.listen(a, () => {
                    t.show('B', 'at', t.at(b.address()));
                    b.close(() => t.stop());
                  });
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(
                      0,
                      "127.0.0.1",
                      () -> {
                        t.alias(a.address().port(), "P");
                        TcpServer b = t.watch("B", Net.createServer());
                        b.listen(
                            a,
                            () -> {
                              t.show("B", "at", t.at(b.address()));
                              b.close(e -> t.stop());
                            });
                      });
                }),
        program("a descriptor that is none")
            .alone(
                "t.watch('A', net.createServer()).listen({fd: 9999}); t.later(20, () => {})",
                t -> {
                  t.watch("A", Net.createServer()).listen(ListenOptions.fd(9999));
                  t.later(20, () -> {});
                }),
        program("a backlog")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                a.listen(0, '127.0.0.1', 5, () => { t.show('A', 'listening', a.listening); a.close(); });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(
                      0,
                      "127.0.0.1",
                      5,
                      () -> {
                        t.show("A", "listening", a.listening());
                        a.close();
                      });
                }),
        program("ipv6Only leaves the IPv4 port free")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                const b = t.watch('B', net.createServer());
                t.hold();
                a.listen({port: 0, host: '::', ipv6Only: true}, () => {
                  const port = a.address().port;
                  t.alias(port, 'P');
                  t.show('A', 'at', t.at(a.address()));
                  t.watch('C', net.connect(port, '127.0.0.1')).on('close', () =>
                    b.listen(port, '0.0.0.0', () => {
                      t.show('B', 'at', t.at(b.address()));
                      b.close();
                      a.close(() => t.release());
                    }));
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  TcpServer b = t.watch("B", Net.createServer());
                  t.hold();
                  a.listen(
                      ListenOptions.port(0).withHost("::").withIpv6Only(true),
                      () -> {
                        int port = a.address().port();
                        t.alias(port, "P");
                        t.show("A", "at", t.at(a.address()));
                        t.watch("C", Net.createConnection(port, "127.0.0.1"))
                            .onClose(cause ->
                                b.listen(
                                    port,
                                    "0.0.0.0",
                                    () -> {
                                      t.show("B", "at", t.at(b.address()));
                                      b.close();
                                      a.close(closed -> t.release());
                                    }));
                      });
                }),
        program("reusePort: two servers on one port")
            .since(26)
            .alone(
                """
                const a = t.watch('A', net.createServer());
                t.hold();
                a.listen({port: 0, host: '127.0.0.1', reusePort: true}, () => {
                  const port = a.address().port;
                  t.alias(port, 'P');
                  const b = t.watch('B', net.createServer());
                  b.listen({port, host: '127.0.0.1', reusePort: true}, () => {
                    t.show('B', 'at', t.at(b.address()));
                    const c = t.watch('D', net.createServer());
                    c.on('error', () => { a.close(() => t.release()); b.close(); });
                    c.listen(port, '127.0.0.1');
                  });
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  t.hold();
                  ListenOptions any =
                      ListenOptions.port(0).withHost("127.0.0.1").withReusePort(true);
                  a.listen(
                      any,
                      () -> {
                        int port = a.address().port();
                        t.alias(port, "P");
                        TcpServer b = t.watch("B", Net.createServer());
                        b.listen(
                            ListenOptions.port(port).withHost("127.0.0.1").withReusePort(true),
                            () -> {
                              t.show("B", "at", t.at(b.address()));
                              TcpServer c = t.watch("D", Net.createServer());
                              c.onError(e -> {
                                a.close(closed -> t.release());
                                b.close();
                              });
                              c.listen(port, "127.0.0.1");
                            });
                      });
                }),
        program("listen while listening")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                a.listen(0);
                t.attempt('A', 'at once', () => a.listen(0));
                a.once('listening', () => {
                  t.attempt('A', 'later', () => a.listen(0));
                  a.close(() => a.listen(0, '127.0.0.1', () => t.stop()));
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(
                      0,
                      () -> {
                        t.attempt("A", "later", () -> a.listen(0));
                        a.close(e -> a.listen(0, "127.0.0.1", t::stop));
                      });
                  t.attempt("A", "at once", () -> a.listen(0));
                }),
        program("listen twice with a host")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                a.listen(0, '127.0.0.1');
                t.attempt('A', 'at once', () => a.listen(0));
                a.once('listening', () => t.stop());
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(0, "127.0.0.1");
                  t.attempt("A", "at once", () -> a.listen(0));
                  a.onListening(t::stop);
                }),
        program("the listener of a listen that failed stays")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                const b = t.watch('B', net.createServer());
                t.hold();
                a.listen(0, '127.0.0.1', () => {
                  const port = a.address().port;
                  t.alias(port, 'P');
                  b.on('error', () => { t.show('B', 'listening', b.listening); b.listen(0, '127.0.0.1', () => { t.log('B', 'second'); t.stop(); }); });
                  b.listen(port, '127.0.0.1', () => t.log('B', 'first'));
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  TcpServer b = t.watch("B", Net.createServer());
                  t.hold();
                  a.listen(
                      0,
                      "127.0.0.1",
                      () -> {
                        int port = a.address().port();
                        t.alias(port, "P");
                        b.onError(e -> {
                          t.show("B", "listening", b.listening());
                          b.listen(
                              0,
                              "127.0.0.1",
                              () -> {
                                t.log("B", "second");
                                t.stop();
                              });
                        });
                        b.listen(port, "127.0.0.1", () -> t.log("B", "first"));
                      });
                }),
        program("a port in use on all addresses")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                t.hold();
                a.listen(0, () => {
                  t.alias(a.address().port, 'P');
                  const b = t.watch('B', net.createServer());
                  b.on('error', () => a.close(() => t.release()));
                  b.listen(a.address().port);
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  t.hold();
                  a.listen(
                      0,
                      () -> {
                        t.alias(a.address().port(), "P");
                        TcpServer b = t.watch("B", Net.createServer());
                        b.onError(e -> a.close(closed -> t.release()));
                        b.listen(a.address().port());
                      });
                }),
        program("an address that is not ours")
            .alone(
                """
                t.watch('A', net.createServer()).listen(0, '192.0.2.1');
                t.watch('B', net.createServer()).listen(3456, '192.0.2.1');
                t.later(20, () => {});
                """,
                t -> {
                  t.watch("A", Net.createServer()).listen(0, "192.0.2.1");
                  t.watch("B", Net.createServer()).listen(3456, "192.0.2.1");
                  t.later(20, () -> {});
                }),
        program("a host that no system knows")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                t.hold();
                a.on('error', () => t.release());
                a.listen(0, 'no..such');
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  t.hold();
                  a.onError(e -> t.release());
                  a.listen(0, "no..such");
                }),
        program("ports out of range")
            .alone(
                """
                t.attempt('A', '-1', () => net.createServer().listen(-1));
                t.attempt('A', '65536', () => net.createServer().listen(65536));
                """,
                t -> {
                  t.attempt("A", "-1", () -> Net.createServer().listen(-1));
                  t.attempt("A", "65536", () -> Net.createServer().listen(65536));
                }),
        program("the signal closes the server")
            .alone(
                """
                const control = new AbortController();
                const a = t.watch('A', net.createServer());
                a.listen({port: 0, host: '127.0.0.1', signal: control.signal}, () => {
                  control.abort();
                  t.show('A', 'listening', a.listening);
                });
                t.later(20, () => {});
                """,
                t -> {
                  AbortController control = new AbortController();
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(
                      ListenOptions.port(0).withHost("127.0.0.1").withSignal(control.signal()),
                      () -> {
                        control.abort();
                        t.show("A", "listening", a.listening());
                      });
                  t.later(20, () -> {});
                }),
        program("listen with a signal given before")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                a.listen({port: 0, host: '127.0.0.1', signal: AbortSignal.abort()}, () => t.log('A', 'callback'));
                t.later(20, () => t.show('A', 'listening', a.listening));
                """,
                t -> {
                  AbortController control = new AbortController();
                  control.abort();
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(
                      ListenOptions.port(0).withHost("127.0.0.1").withSignal(control.signal()),
                      () -> t.log("A", "callback"));
                  t.later(20, () -> t.show("A", "listening", a.listening()));
                }),
        program("close of a server that does not listen")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                a.close(t.told('A', 'first'));
                t.later(10, () => { a.close(t.told('A', 'second')); t.later(10, () => {}); });
                const b = t.watch('B', net.createServer());
                b.listen(0, '127.0.0.1', () => b.close(() => b.close(t.told('B', 'again'))));
                t.later(40, () => {});
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.close(t.told("A", "first"));
                  t.later(
                      10,
                      () -> {
                        a.close(t.told("A", "second"));
                        t.later(10, () -> {});
                      });
                  TcpServer b = t.watch("B", Net.createServer());
                  b.listen(0, "127.0.0.1", () -> b.close(e -> b.close(t.told("B", "again"))));
                  t.later(40, () -> {});
                }),
        program("close before it listens")
            .alone(
                """
                const a = t.watch('A', net.createServer());
                a.listen(0, '127.0.0.1', () => t.log('A', 'listening callback'));
                a.close(t.told('A', 'closed'));
                t.later(30, () => t.show('A', 'listening', a.listening));
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.listen(0, "127.0.0.1", () -> t.log("A", "listening callback"));
                  a.close(t.told("A", "closed"));
                  t.later(30, () -> t.show("A", "listening", a.listening()));
                }),
        program("close waits for the last connection, the port is free at once")
            .alone(
                """
                const a = t.watch('A', net.createServer(s => {
                  s.on('close', () => t.log('A', 'the connection is closed')).resume();
                  a.close(t.told('A', 'closed'));
                  a.getConnections((e, n) => t.show('A', 'connections', n));
                  t.later(10, () => {
                    t.watch('D', net.connect(t.port1, '127.0.0.1'));
                    t.later(10, () => s.end());
                  });
                }));
                a.listen(0, '127.0.0.1', () => {
                  t.alias(t.port1 = a.address().port, 'P');
                  t.watch('C', net.connect(t.port1, '127.0.0.1'));
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  int[] port = {0};
                  a.onConnection(s -> {
                    s.onClose(cause -> t.log("A", "the connection is closed")).resume();
                    a.close(t.told("A", "closed"));
                    a.getConnections(n -> t.show("A", "connections", n));
                    t.later(
                        10,
                        () -> {
                          t.watch("D", Net.createConnection(port[0], "127.0.0.1"));
                          t.later(10, s::end);
                        });
                  });
                  a.listen(
                      0,
                      "127.0.0.1",
                      () -> {
                        port[0] = a.address().port();
                        t.alias(port[0], "P");
                        t.watch("C", Net.createConnection(port[0], "127.0.0.1"));
                      });
                }),
        program("maxConnections and 'drop'")
            .alone(
                """
                const a = t.watch('A', net.createServer(s => { t.log('A', 'connection'); s.resume(); }));
                t.show('A', 'most', a.maxConnections);
                a.maxConnections = 1;
                a.listen(0, '127.0.0.1', () => {
                  const port = a.address().port;
                  t.alias(port, 'P');
                  const c = t.watch('C', net.connect(port, '127.0.0.1', () => {
                    const d = t.watch('D', net.connect(port, '127.0.0.1'));
                    d.on('close', () => {
                      a.getConnections((e, n) => { t.show('A', 'connections', n); c.end(); });
                      c.on('close', () => t.later(10, () => t.watch('E', net.connect(port, '127.0.0.1')).end()));
                    });
                  }));
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.onConnection(s -> {
                    t.log("A", "connection");
                    s.resume();
                  });
                  t.show(
                      "A",
                      "most",
                      a.maxConnections() == Integer.MAX_VALUE ? null : a.maxConnections());
                  a.maxConnections(1);
                  a.listen(
                      0,
                      "127.0.0.1",
                      () -> {
                        int port = a.address().port();
                        t.alias(port, "P");
                        TcpSocket c = t.watch("C", Net.createConnection(port, "127.0.0.1"));
                        c.onConnect(() -> {
                          TcpSocket d = t.watch("D", Net.createConnection(port, "127.0.0.1"));
                          d.onClose(cause -> {
                            a.getConnections(n -> {
                              t.show("A", "connections", n);
                              c.end();
                            });
                            c.onClose(why ->
                                t.later(
                                    10,
                                    () ->
                                        t.watch("E", Net.createConnection(port, "127.0.0.1"))
                                            .end()));
                          });
                        });
                      });
                }),
        program("maxConnections 0 drops all")
            .since(26)
            .alone(
                """
                const a = t.watch('A', net.createServer(() => t.log('A', 'connection')));
                a.maxConnections = 0;
                a.listen(0, '127.0.0.1', () => {
                  t.alias(a.address().port, 'P');
                  t.watch('C', net.connect(a.address().port, '127.0.0.1'));
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.onConnection(s -> t.log("A", "connection"));
                  a.maxConnections(0);
                  a.listen(
                      0,
                      "127.0.0.1",
                      () -> {
                        t.alias(a.address().port(), "P");
                        t.watch("C", Net.createConnection(a.address().port(), "127.0.0.1"));
                      });
                }),
        program("'drop' on a Unix domain socket")
            .alone(
                """
                const a = t.watch('A', net.createServer(s => { t.log('A', 'connection'); s.resume(); }));
                a.maxConnections = 1;
                a.listen(t.path('a.sock'), () => {
                  const c = t.watch('C', net.connect(t.path('a.sock'), () =>
                    t.watch('D', net.connect(t.path('a.sock'))).on('close', () => c.end())));
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.onConnection(s -> {
                    t.log("A", "connection");
                    s.resume();
                  });
                  a.maxConnections(1);
                  a.listen(
                      t.path("a.sock"),
                      () -> {
                        TcpSocket c = t.watch("C", Net.createConnection(t.path("a.sock")));
                        c.onConnect(() ->
                            t.watch("D", Net.createConnection(t.path("a.sock")))
                                .onClose(cause -> c.end()));
                      });
                }),
        program("a peer on the server's blockList")
            .since(26)
            .alone(
                """
                const blockList = new net.BlockList();
                blockList.addSubnet('127.0.0.0', 8);
                const a = t.watch('A', net.createServer({blockList}, () => t.log('A', 'connection')));
                a.listen(0, '127.0.0.1', () => {
                  t.alias(a.address().port, 'P');
                  const c = t.watch('C', net.connect(a.address().port, '127.0.0.1'));
                });
                """,
                t -> {
                  BlockList blocked = new BlockList().addSubnet("127.0.0.0", 8);
                  TcpServer a =
                      t.watch("A", Net.createServer(TcpOptions.defaults().withBlockList(blocked)));
                  a.onConnection(s -> t.log("A", "connection"));
                  a.listen(
                      0,
                      "127.0.0.1",
                      () -> {
                        t.alias(a.address().port(), "P");
                        t.watch("C", Net.createConnection(a.address().port(), "127.0.0.1"));
                      });
                }),
        program("getConnections, and the old property")
            .alone(
                """
                const a = t.watch('A', net.createServer(s => {
                  s.resume();
                  t.show('A', 'old', a.connections);
                  t.show('A', 'same', a.getConnections((e, n) => { t.show('A', 'now', n); s.on('close', () => a.getConnections((e, n) => { t.show('A', 'closed', n); a.close(); })); s.end(); }) === a);
                  t.log('A', 'returned');
                }));
                a.listen(0, '127.0.0.1', () => {
                  t.alias(a.address().port, 'P');
                  t.watch('C', net.connect(a.address().port, '127.0.0.1'));
                });
                """,
                t -> {
                  TcpServer a = t.watch("A", Net.createServer());
                  a.onConnection(s -> {
                    s.resume();
                    t.show("A", "old", a.connections());
                    t.show(
                        "A",
                        "same",
                        a.getConnections(
                                n -> {
                                  t.show("A", "now", n);
                                  s.onClose(cause ->
                                      a.getConnections(left -> {
                                        t.show("A", "closed", left);
                                        a.close();
                                      }));
                                  s.end();
                                })
                            .equals(a));
                    t.log("A", "returned");
                  });
                  a.listen(
                      0,
                      "127.0.0.1",
                      () -> {
                        t.alias(a.address().port(), "P");
                        t.watch("C", Net.createConnection(a.address().port(), "127.0.0.1"));
                      });
                }),
        program("what returns the server")
            .alone(
                """
                const a = net.createServer();
                t.show('A', 'same', a.ref() === a, a.unref() === a, a.listen(0, '127.0.0.1') === a, a.close() === a);
                t.later(10, () => {});
                """,
                t -> {
                  TcpServer a = Net.createServer();
                  t.show(
                      "A",
                      "same",
                      a.ref().equals(a),
                      a.unref().equals(a),
                      a.listen(0, "127.0.0.1").equals(a),
                      a.close().equals(a));
                  t.later(10, () -> {});
                }));
  }

  private static void write(String file) {
    try {
      Files.writeString(Path.of(file), "x");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A second name of a file, which stays when its first goes. */
  private static void link(String file, String name) {
    try {
      Files.createLink(Path.of(name), Path.of(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What others than the owner may. */
  private static String mode(String file) {
    try {
      int mode = (Integer) Files.getAttribute(Path.of(file), "unix:mode");
      return Integer.toOctalString(mode & 066);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
