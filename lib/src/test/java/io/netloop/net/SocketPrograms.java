package io.netloop.net;

import static io.netloop.net.Program.program;

import io.netloop.loop.AbortController;
import io.netloop.loop.Loop;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Section 6 of the behaviour's reference: what sockets have and do, and connecting (12). */
final class SocketPrograms {
  private SocketPrograms() {}

  static List<Program> all() {
    return List.of(
        program("connect to a name")
            .server("", (t, s) -> {})
            .alone(
                """
                const lookup = (host, options, cb) => setImmediate(() => cb(null, [{address: '127.0.0.1', family: 4}]));
                const c = t.watch('C', net.connect({port: t.port, host: 'some.test', lookup}));
                c.on('ready', () => { t.show('C', 'tried', c.autoSelectFamilyAttemptedAddresses); c.end(); });
                """,
                t -> {
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              ConnectOptions.port(t.port())
                                  .withHost("some.test")
                                  .withLookup(host -> List.of("127.0.0.1"))));
                  c.onReady(() -> {
                    t.show("C", "tried", String.join(",", c.autoSelectFamilyAttemptedAddresses()));
                    c.end();
                  });
                }),
        program("connect to a name of several addresses, the first refuses")
            .server("", (t, s) -> {})
            .alone(
                """
                const lookup = (host, options, cb) => setImmediate(() => cb(null, [
                  {address: '127.0.0.7', family: 4}, {address: '127.0.0.8', family: 4}, {address: '::1', family: 6},
                  {address: '127.0.0.1', family: 4}]));
                const c = t.watch('C', net.connect({port: t.port, host: 'some.test', lookup}));
                c.on('ready', () => { t.show('C', 'tried', c.autoSelectFamilyAttemptedAddresses); c.end(); });
                """,
                t -> {
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              ConnectOptions.port(t.port())
                                  .withHost("some.test")
                                  .withLookup(host ->
                                      List.of("127.0.0.7", "127.0.0.8", "::1", "127.0.0.1"))));
                  c.onReady(() -> {
                    t.show("C", "tried", String.join(",", c.autoSelectFamilyAttemptedAddresses()));
                    c.end();
                  });
                }),
        program("all addresses of a name refuse")
            .alone(
                """
                const lookup = (host, options, cb) => setImmediate(() => cb(null, [
                  {address: '127.0.0.7', family: 4}, {address: '::1', family: 6}]));
                t.watch('C', net.connect({port: 1, host: 'some.test', lookup}));
                """,
                t ->
                    t.watch(
                        "C",
                        Net.createConnection(
                            ConnectOptions.port(1)
                                .withHost("some.test")
                                .withLookup(host -> List.of("127.0.0.7", "::1"))))),
        program("autoSelectFamily off: the first address only")
            .alone(
                """
                const lookup = (host, options, cb) => setImmediate(() =>
                  options.all ? cb(null, [{address: '127.0.0.7', family: 4}, {address: '::1', family: 6}]) : cb(null, '127.0.0.7', 4));
                const c = t.watch('C', net.connect({port: 1, host: 'some.test', lookup, autoSelectFamily: false}));
                c.on('close', () => t.show('C', 'tried', c.autoSelectFamilyAttemptedAddresses));
                """,
                t -> {
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              ConnectOptions.port(1)
                                  .withHost("some.test")
                                  .withAutoSelectFamily(false)
                                  .withLookup(host -> List.of("127.0.0.7", "::1"))));
                  c.onClose(cause -> t.show("C", "tried", tried(c)));
                }),
        program("family 4 only")
            .alone(
                """
                const lookup = (host, options, cb) => setImmediate(() =>
                  options.all ? cb(null, [{address: '127.0.0.7', family: 4}]) : cb(null, '127.0.0.7', 4));
                const c = t.watch('C', net.connect({port: 1, host: 'some.test', lookup, family: 4}));
                c.on('close', () => t.show('C', 'tried', c.autoSelectFamilyAttemptedAddresses));
                """,
                t -> {
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              ConnectOptions.port(1)
                                  .withHost("some.test")
                                  .withFamily(4)
                                  .withLookup(host -> List.of("127.0.0.7"))));
                  c.onClose(cause -> t.show("C", "tried", tried(c)));
                }),
        program("a look-up that fails")
            .alone(
                """
                const lookup = (host, options, cb) => setImmediate(() => cb(Object.assign(
                  new Error('getaddrinfo ENOTFOUND ' + host),
                  {code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host, errno: -3008})));
                const c = t.watch('C', net.connect({port: 1, host: 'none.test', lookup}));
                """,
                t ->
                    t.watch(
                        "C",
                        Net.createConnection(
                            ConnectOptions.port(1)
                                .withHost("none.test")
                                .withLookup(host -> {
                                  throw new UnknownHostException(host);
                                })))),
        program("a name that no system knows")
            .alone(
                "t.watch('C', net.connect({port: 1, host: 'no..such'}))",
                t ->
                    t.watch(
                        "C", Net.createConnection(ConnectOptions.port(1).withHost("no..such")))),
        program("connect again after 'close'")
            .server("s.end('one')", (t, s) -> s.end("one"))
            .client(
                """
                t.hold();
                c.once('close', () => {
                  t.show('C', 'closed', c.destroyed, c.readyState, c.bytesRead);
                  t.hold();
                  c.connect(t.target, () => t.show('C', 'again', c.destroyed, c.readyState, c.bytesRead));
                  t.show('C', 'state', c.connecting, c.destroyed, c.readyState);
                  c.once('close', () => t.later(20, () => { t.log('C', 'end'); t.stop(); }));
                });
                """,
                (t, c) -> {
                  t.hold();
                  boolean[] second = {false};
                  c.onClose(cause -> {
                    if (second[0]) {
                      t.later(
                          20,
                          () -> {
                            t.log("C", "end");
                            t.stop();
                          });
                      return;
                    }
                    second[0] = true;
                    t.show("C", "closed", c.destroyed(), c.readyState(), c.bytesRead());
                    t.hold();
                    c.connect(
                        t.target(),
                        () -> t.show("C", "again", c.destroyed(), c.readyState(), c.bytesRead()));
                    t.show("C", "state", c.connecting(), c.destroyed(), c.readyState());
                  });
                }),
        program("destroySoon waits for what is written")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  c.write(t.bytes(200000));
                  c.destroySoon();
                  t.show('C', 'state', c.readyState, c.destroyed);
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      c.write(t.bytes(200_000));
                      c.destroySoon();
                      t.show("C", "state", c.readyState(), c.destroyed());
                    })),
        program("destroySoon does not wait for the peer's end")
            .servers(TcpOptions.defaults().withAllowHalfOpen(true))
            .server("s.on('end', () => s.end())", (t, s) -> s.onEnd(s::end))
            .client(
                "c.on('connect', () => c.destroySoon())",
                (t, c) -> c.onConnect(() -> c.destroySoon())),
        program("pause and resume")
            .server(
                "s.on('data', d => { if (String(d).endsWith('2')) s.end(); }); s.write('1')",
                (t, s) -> {
                  s.onData(data -> {
                    if (data.toString().endsWith("2")) {
                      s.end();
                    }
                  });
                  s.write("1");
                })
            .clientDoesNotRead()
            .client(
                """
                const state = at => t.show('C', at, c.isPaused(), c.readableFlowing === true);
                for (const e of ['pause', 'resume']) c.on(e, () => t.log('C', e));
                state('fresh');
                c.pause();
                state('paused');
                c.on('data', d => t.show('C', 'got', String(d)));
                state('with listener');
                c.on('connect', () => t.later(20, () => {
                  t.show('C', 'waiting', c.bytesRead, c.readableLength);
                  t.show('C', 'same', c.resume() === c);
                  state('resumed');
                  c.write('2');
                }));
                """,
                (t, c) -> {
                  c.onPause(() -> t.log("C", "pause"));
                  c.onResume(() -> t.log("C", "resume"));
                  flow(t, c, "fresh");
                  c.pause();
                  flow(t, c, "paused");
                  c.onData(data -> t.show("C", "got", data));
                  flow(t, c, "with listener");
                  c.onConnect(() ->
                      t.later(
                          20,
                          () -> {
                            t.show("C", "waiting", c.bytesRead(), c.readableLength());
                            t.show("C", "same", c.resume().equals(c));
                            flow(t, c, "resumed");
                            c.write("2");
                          }));
                }),
        program("the flow that a listener starts")
            .server("s.end('x')", (t, s) -> s.end("x"))
            .clientDoesNotRead()
            .client(
                """
                for (const e of ['pause', 'resume']) c.on(e, () => t.log('C', e));
                c.on('data', d => { t.show('C', 'got', String(d)); c.pause(); t.later(10, () => c.resume()); });
                t.show('C', 'flowing', c.readableFlowing);
                """,
                (t, c) -> {
                  c.onPause(() -> t.log("C", "pause"));
                  c.onResume(() -> t.log("C", "resume"));
                  c.onData(data -> {
                    t.show("C", "got", data);
                    c.pause();
                    t.later(10, c::resume);
                  });
                  t.show("C", "flowing", c.readableFlowing());
                }),
        program("pauseOnConnect")
            .servers(TcpOptions.defaults().withPauseOnConnect(true))
            .server(
                """
                t.show('S', 'paused', s.isPaused());
                t.later(30, () => { t.show('S', 'read', s.bytesRead, s.isPaused()); s.resume(); });
                """,
                (t, s) -> {
                  t.show("S", "paused", s.isPaused());
                  t.later(
                      30,
                      () -> {
                        t.show("S", "read", s.bytesRead(), s.isPaused());
                        s.resume();
                      });
                })
            .client(
                "c.write('hello'); c.on('connect', () => t.later(60, () => c.end()))",
                (t, c) -> {
                  c.write("hello");
                  c.onConnect(() -> t.later(60, c::end));
                }),
        program("options of the connection")
            .alone(
                """
                const a = new net.Socket();
                t.show('A', 'marks', a.writableHighWaterMark, a.readableHighWaterMark);
                t.show('A', 'same', a.setNoDelay() === a, a.setKeepAlive(true, 1000) === a, a.setTimeout(0) === a,
                  a.setEncoding() === a, a.pause() === a, a.resume() === a, a.ref() === a, a.unref() === a, a.setNoDelay(false) === a);
                t.show('A', 'server', a.server);
                """,
                t -> {
                  TcpSocket a = new TcpSocket();
                  t.show("A", "marks", a.writableHighWaterMark(), a.readableHighWaterMark());
                  t.show(
                      "A",
                      "same",
                      a.setNoDelay(true).equals(a),
                      a.setKeepAlive(true, Duration.ofSeconds(1)).equals(a),
                      a.setTimeout(0).equals(a),
                      a.setEncoding().equals(a),
                      a.pause().equals(a),
                      a.resume().equals(a),
                      a.ref().equals(a),
                      a.unref().equals(a),
                      a.setNoDelay(false).equals(a));
                  t.show("A", "server", a.server());
                }),
        program("keep-alive and no delay asked for before connecting")
            .servers(TcpOptions.defaults().withNoDelay(true).withKeepAlive(Duration.ofSeconds(2)))
            .server(
                "t.later(30, () => { t.show('S', 'timer', t.timer(s, 2)); s.end(); })",
                (t, s) ->
                    t.later(
                        30,
                        () -> {
                          t.show("S", "timer", Part.timer(s, 2));
                          s.end();
                        }))
            .alone(
                """
                const c = t.watch('C', new net.Socket());
                c.setKeepAlive(true, 3000).setNoDelay(true);
                c.connect(t.port, '127.0.0.1');
                c.on('ready', () => t.later(10, () => t.show('C', 'timer', t.timer(c, 3))));
                """,
                t -> {
                  TcpSocket c = t.watch("C", new TcpSocket());
                  c.setKeepAlive(true, Duration.ofSeconds(3)).setNoDelay(true);
                  c.connect(t.target());
                  c.onReady(() -> t.later(10, () -> t.show("C", "timer", Part.timer(c, 3))));
                }),
        program("no keep-alive")
            .server("t.later(30, () => s.end())", (t, s) -> t.later(30, s::end))
            .client(
                "c.on('ready', () => t.later(10, () => t.show('C', 'timer', t.timer(c, 3))))",
                (t, c) ->
                    c.onReady(() -> t.later(10, () -> t.show("C", "timer", Part.timer(c, 3))))),
        program("time-outs that are refused")
            .alone(
                """
                const a = new net.Socket();
                t.attempt('A', 'negative', () => a.setTimeout(-1));
                t.show('A', 'timeout', a.timeout);
                t.attempt('A', 'none', () => a.setTimeout(0));
                t.show('A', 'timeout', a.timeout);
                """,
                t -> {
                  TcpSocket a = new TcpSocket();
                  t.attempt("A", "negative", () -> a.setTimeout(-1));
                  t.show("A", "timeout", a.timeout());
                  t.attempt("A", "none", () -> a.setTimeout(0));
                  t.show("A", "timeout", a.timeout());
                }),
        program("connect with a time-out")
            .server("", (t, s) -> {})
            .alone(
                """
                const c = t.watch('C', net.connect({port: t.port, host: '127.0.0.1', timeout: 20}));
                t.show('C', 'timeout', c.timeout);
                c.on('timeout', () => c.end());
                """,
                t -> {
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              ConnectOptions.port(t.port())
                                  .withHost("127.0.0.1")
                                  .withTimeout(Duration.ofMillis(20))));
                  t.show("C", "timeout", c.timeout());
                  c.onTimeout(c::end);
                }),
        program("addresses of a connection")
            .server(
                """
                t.show('S', 'at', s.localAddress, s.localPort, s.localFamily, s.remoteAddress, s.remoteFamily);
                t.show('S', 'server', s.server === server);
                s.end();
                """,
                (t, s) -> {
                  t.show(
                      "S",
                      "at",
                      s.localAddress(),
                      s.localPort(),
                      s.localFamily(),
                      s.remoteAddress(),
                      s.remoteFamily());
                  t.show("S", "server", s.server() != null);
                  s.end();
                })
            .client(
                """
                const at = when => t.show('C', when, c.localAddress, c.localFamily, c.remoteAddress, c.remotePort, c.remoteFamily);
                at('connecting');
                c.on('connect', () => at('connected'));
                c.on('end', () => at('end'));
                c.on('close', () => { at('closed'); t.show('C', 'address', t.at(c.address())); });
                """,
                (t, c) -> {
                  place(t, c, "connecting");
                  c.onConnect(() -> place(t, c, "connected"));
                  c.onEnd(() -> place(t, c, "end"));
                  c.onClose(cause -> {
                    place(t, c, "closed");
                    t.show("C", "address", t.at(c.address()));
                  });
                }),
        program("addresses when destroyed")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  c.destroy();
                  t.show('C', 'peer', c.remoteAddress, c.remoteFamily);
                  t.show('C', 'own', c.localAddress, c.localFamily);
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      c.destroy();
                      t.show("C", "peer", c.remoteAddress(), c.remoteFamily());
                      t.show("C", "own", c.localAddress(), c.localFamily());
                    })),
        program("addresses of a Unix domain socket")
            .overPath()
            .server(
                """
                t.show('S', 'at', s.localAddress, s.localFamily, s.remoteAddress, s.remoteFamily, t.at(s.address()));
                s.end('hi');
                """,
                (t, s) -> {
                  t.show(
                      "S",
                      "at",
                      s.localAddress(),
                      s.localFamily(),
                      s.remoteAddress(),
                      s.remoteFamily(),
                      t.at(s.address()));
                  s.end("hi");
                })
            .client(
                """
                c.on('connect', () =>
                  t.show('C', 'at', c.localAddress, c.localFamily, c.remoteAddress, c.remoteFamily, t.at(c.address())));
                """,
                (t, c) ->
                    c.onConnect(() ->
                        t.show(
                            "C",
                            "at",
                            c.localAddress(),
                            c.localFamily(),
                            c.remoteAddress(),
                            c.remoteFamily(),
                            t.at(c.address())))),
        program("ports of a socket that is not connected")
            .alone(
                "const a = new net.Socket(); t.show('A', 'ports', a.localPort, a.remotePort)",
                t -> {
                  TcpSocket a = new TcpSocket();
                  t.show("A", "ports", a.localPort(), a.remotePort());
                }),
        program("a client's own address and port")
            .server(
                "t.show('S', 'from', s.remoteAddress); s.end()",
                (t, s) -> {
                  t.show("S", "from", s.remoteAddress());
                  s.end();
                })
            .alone(
                """
                const c = t.watch('C', net.connect({port: t.port, host: '127.0.0.1', localAddress: '127.0.0.9'}));
                c.on('connect', () => t.show('C', 'own', c.localAddress));
                """,
                t -> {
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              ConnectOptions.port(t.port())
                                  .withHost("127.0.0.1")
                                  .withLocalAddress("127.0.0.9")));
                  c.onConnect(() -> t.show("C", "own", c.localAddress()));
                }),
        program("abort while connecting")
            .server("", (t, s) -> {})
            .alone(
                """
                const control = new AbortController();
                const c = t.watch('C', net.connect({port: t.port, host: '127.0.0.1', signal: control.signal}));
                control.abort();
                t.show('C', 'destroyed', c.destroyed);
                c.on('close', () => t.later(20, () => t.stop()));
                """,
                t -> {
                  AbortController control = new AbortController();
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              ConnectOptions.port(t.port())
                                  .withHost("127.0.0.1")
                                  .withSignal(control.signal())));
                  control.abort();
                  t.show("C", "destroyed", c.destroyed());
                  c.onClose(cause -> t.later(20, t::stop));
                }),
        program("abort when connected")
            .server("", (t, s) -> {})
            .alone(
                """
                const control = new AbortController();
                const c = t.watch('C', net.connect({port: t.port, host: '127.0.0.1', signal: control.signal}));
                c.on('ready', () => t.later(10, () => control.abort()));
                """,
                t -> {
                  AbortController control = new AbortController();
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              ConnectOptions.port(t.port())
                                  .withHost("127.0.0.1")
                                  .withSignal(control.signal())));
                  c.onReady(() -> t.later(10, control::abort));
                }),
        program("connect with a signal given before")
            .alone(
                """
                t.watch('C', net.connect({port: 1, host: '127.0.0.1', signal: AbortSignal.abort()}));
                t.later(20, () => {});
                """,
                t -> {
                  AbortController control = new AbortController();
                  control.abort();
                  t.watch(
                      "C",
                      Net.createConnection(
                          ConnectOptions.port(1)
                              .withHost("127.0.0.1")
                              .withSignal(control.signal())));
                  t.later(20, () -> {});
                }),
        program("bytes read into an array")
            .server("s.end('abcdefghij')", (t, s) -> s.end("abcdefghij"))
            .alone(
                """
                const c = t.watch('C', net.connect({port: t.port, host: '127.0.0.1', onread: {
                  buffer: Buffer.alloc(4),
                  callback(n, buffer) { t.show('C', 'read', n, buffer.toString('latin1', 0, n)); return true; }}}), false);
                """,
                t -> {
                  TcpSocket c = Net.createConnection(t.target());
                  t.watch("C", c, false);
                  c.onRead(
                      new byte[4],
                      (n, array) -> {
                        t.show(
                            "C", "read", n, new String(array, 0, n, StandardCharsets.ISO_8859_1));
                        return true;
                      });
                }),
        program("bytes read into an array, with a rest in between")
            .server("s.end('abcdefghij')", (t, s) -> s.end("abcdefghij"))
            .alone(
                """
                const c = t.watch('C', net.connect({port: t.port, host: '127.0.0.1', onread: {
                  buffer: Buffer.alloc(4),
                  callback(n, buffer) {
                    t.show('C', 'read', n, buffer.toString('latin1', 0, n));
                    t.later(10, () => { t.log('C', 'go on'); c.resume(); });
                    return false;
                  }}}), false);
                """,
                t -> {
                  TcpSocket c = Net.createConnection(t.target());
                  t.watch("C", c, false);
                  c.onRead(
                      new byte[4],
                      (n, array) -> {
                        t.show(
                            "C", "read", n, new String(array, 0, n, StandardCharsets.ISO_8859_1));
                        t.later(
                            10,
                            () -> {
                              t.log("C", "go on");
                              c.resume();
                            });
                        return false;
                      });
                }),
        program("an address that is blocked")
            .since(26)
            .server("", (t, s) -> {})
            .alone(
                """
                const blockList = new net.BlockList();
                blockList.addAddress('127.0.0.1');
                const c = t.watch('C', net.connect({port: t.port, host: '127.0.0.1', blockList}));
                c.on('connect', () => c.end());
                c.on('close', () => t.later(20, () => t.stop()));
                """,
                t -> {
                  BlockList blocked = new BlockList().addAddress("127.0.0.1");
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              t.target().withSocket(TcpOptions.defaults().withBlockList(blocked))));
                  c.onConnect(c::end);
                  c.onClose(cause -> t.later(20, t::stop));
                }),
        program("some addresses of a name are blocked")
            .since(26)
            .server("", (t, s) -> {})
            .alone(
                """
                const blockList = new net.BlockList();
                blockList.addAddress('127.0.0.7');
                const lookup = (host, options, cb) => setImmediate(() => cb(null, [
                  {address: '127.0.0.7', family: 4}, {address: '::1', family: 6}, {address: '127.0.0.1', family: 4}]));
                const c = t.watch('C', net.connect({port: t.port, host: 'some.test', lookup, blockList}));
                c.on('ready', () => { t.show('C', 'tried', c.autoSelectFamilyAttemptedAddresses); c.end(); });
                """,
                t -> {
                  BlockList blocked = new BlockList().addAddress("127.0.0.7");
                  TcpSocket c =
                      t.watch(
                          "C",
                          Net.createConnection(
                              ConnectOptions.port(t.port())
                                  .withHost("some.test")
                                  .withSocket(TcpOptions.defaults().withBlockList(blocked))
                                  .withLookup(host -> List.of("127.0.0.7", "::1", "127.0.0.1"))));
                  c.onReady(() -> {
                    t.show("C", "tried", tried(c));
                    c.end();
                  });
                }),
        program("listeners: order, once, off, the list is copied")
            .server("s.write('x')", (t, s) -> s.write("x"))
            .clientDoesNotRead()
            .client(
                """
                const two = () => t.log('C', 'two');
                c.on('data', () => { t.log('C', 'one'); c.off('data', two); c.on('data', () => t.log('C', 'late')); });
                c.on('data', two);
                c.on('data', () => { t.log('C', 'three'); c.end(); });
                """,
                (t, c) -> {
                  java.util.function.Consumer<io.netloop.loop.Buffer> two =
                      data -> t.log("C", "two");
                  c.onData(data -> {
                    t.log("C", "one");
                    c.off(two);
                    c.onData(more -> t.log("C", "late"));
                  });
                  c.onData(two);
                  c.onData(data -> {
                    t.log("C", "three");
                    c.end();
                  });
                }),
        program("what is put off, and 'close'")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  process.nextTick(() => t.log('C', 'before'));
                  c.destroy(Object.assign(new Error('mine'), {code: 'ERR_MINE'}));
                  process.nextTick(() => t.log('C', 'after'));
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      Loop.current().nextTick(() -> t.log("C", "before"));
                      c.destroy(new io.netloop.loop.NetException("ERR_MINE", "mine"));
                      Loop.current().nextTick(() -> t.log("C", "after"));
                    })));
  }

  private static String tried(TcpSocket c) {
    List<String> tried = c.autoSelectFamilyAttemptedAddresses();
    return tried.isEmpty() ? null : String.join(",", tried);
  }

  private static void flow(Part t, TcpSocket c, String at) {
    t.show("C", at, c.isPaused(), c.readableFlowing());
  }

  private static void place(Part t, TcpSocket c, String when) {
    t.show(
        "C",
        when,
        c.localAddress(),
        c.localFamily(),
        c.remoteAddress(),
        c.remotePort() == 0 ? null : c.remotePort(),
        c.remoteFamily());
  }
}
