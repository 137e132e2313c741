package io.netloop.net;

import static io.netloop.net.Program.program;

import io.netloop.loop.Buffer;
import io.netloop.loop.OutboxLimits;
import java.util.List;

/** Sections 8 to 10 of the behaviour's reference: writing, back-pressure, text, pipes. */
final class WritingPrograms {
  private WritingPrograms() {}

  static List<Program> all() {
    return List.of(
        program("callbacks come in order, the end's before 'finish'")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  t.show('C', 'w1', c.write('one', t.told('C', 'w1')));
                  t.show('C', 'w2', c.write('two', t.told('C', 'w2')));
                  c.end(t.told('C', 'end callback'));
                  t.log('C', 'returned');
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      t.show("C", "w1", c.write(Buffer.from("one"), t.told("C", "w1")));
                      t.show("C", "w2", c.write(Buffer.from("two"), t.told("C", "w2")));
                      c.end(t.told("C", "end callback"));
                      t.log("C", "returned");
                    })),
        program("a second end")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  c.end('x', t.told('C', 'first'));
                  c.end(t.told('C', 'second'));
                });
                c.on('finish', () => c.end(t.told('C', 'third')));
                """,
                (t, c) -> {
                  c.onConnect(() -> {
                    c.write("x");
                    c.end(t.told("C", "first"));
                    c.end(t.told("C", "second"));
                  });
                  c.onFinish(() -> c.end(t.told("C", "third")));
                }),
        program("end after destroy")
            .server("", (t, s) -> {})
            .client(
                "c.on('connect', () => { c.destroy(); c.end(t.told('C', 'end callback')); })",
                (t, c) ->
                    c.onConnect(() -> {
                      c.destroy();
                      c.end(t.told("C", "end callback"));
                    })),
        program("an empty text")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  t.show('C', 'write', c.write('', t.told('C', 'empty')), c.bytesWritten);
                  t.later(10, () => c.end());
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      t.show(
                          "C",
                          "write",
                          c.write(Buffer.from(""), t.told("C", "empty")),
                          c.bytesWritten());
                      t.later(10, c::end);
                    })),
        program("three writes corked are one piece")
            .server(
                "s.on('data', d => t.show('S', 'piece', d.length))",
                (t, s) -> s.onData(data -> t.show("S", "piece", data.length())))
            .client(
                """
                c.setNoDelay(true);
                c.on('connect', () => {
                  c.cork();
                  c.cork();
                  t.show('C', 'corked', c.writableCorked, c.write('a'), c.write('bb'), c.write('ccc'));
                  c.uncork();
                  t.show('C', 'corked', c.writableCorked, c.writableLength);
                  t.later(10, () => {
                    c.uncork();
                    c.uncork();
                    t.show('C', 'corked', c.writableCorked);
                    t.later(10, () => c.end());
                  });
                });
                """,
                (t, c) -> {
                  c.setNoDelay(true);
                  c.onConnect(() -> {
                    c.cork();
                    c.cork();
                    t.show(
                        "C",
                        "corked",
                        c.writableCorked(),
                        c.write("a"),
                        c.write("bb"),
                        c.write("ccc"));
                    c.uncork();
                    t.show("C", "corked", c.writableCorked(), c.writableLength());
                    t.later(
                        10,
                        () -> {
                          c.uncork();
                          c.uncork();
                          t.show("C", "corked", c.writableCorked());
                          t.later(10, c::end);
                        });
                  });
                }),
        program("end ends all corks")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  c.cork();
                  c.cork();
                  c.write('held', t.told('C', 'held'));
                  c.end();
                  t.show('C', 'corked', c.writableCorked);
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      c.cork();
                      c.cork();
                      c.write(Buffer.from("held"), t.told("C", "held"));
                      c.end();
                      t.show("C", "corked", c.writableCorked());
                    })),
        program("small writes: no 'drain'")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  t.show('C', 'writes', c.write('a'), c.write('b'), c.writableNeedDrain);
                  t.later(20, () => c.end());
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      t.show("C", "writes", c.write("a"), c.write("b"), c.writableNeedDrain());
                      t.later(20, c::end);
                    })),
        program("one 'drain' for many writes that were told false")
            .clients(
                TcpOptions.defaults().withLimits(OutboxLimits.defaults().withHighWaterMark(10)))
            .server("", (t, s) -> {})
            .client(
                """
                t.show('C', 'mark', c.writableHighWaterMark);
                t.show('C', 'write', c.write('123456789'));
                t.show('C', 'write', c.write('0', t.told('C', 'b')));
                t.show('C', 'write', c.write('x', t.told('C', 'c')));
                t.show('C', 'length', c.writableLength, c.writableNeedDrain);
                c.on('drain', () => { t.show('C', 'length', c.writableLength, c.writableNeedDrain); c.end(); });
                """,
                (t, c) -> {
                  t.show("C", "mark", c.writableHighWaterMark());
                  t.show("C", "write", c.write("123456789"));
                  t.show("C", "write", c.write(Buffer.from("0"), t.told("C", "b")));
                  t.show("C", "write", c.write(Buffer.from("x"), t.told("C", "c")));
                  t.show("C", "length", c.writableLength(), c.writableNeedDrain());
                  c.onDrain(() -> {
                    t.show("C", "length", c.writableLength(), c.writableNeedDrain());
                    c.end();
                  });
                }),
        program("a slow reader: false, then 'drain'")
            .server(
                """
                s.pause();
                t.later(30, () => s.resume());
                """,
                (t, s) -> {
                  s.pause();
                  t.later(30, s::resume);
                })
            .client(
                """
                c.on('connect', () => {
                  t.show('C', 'write', c.write(t.bytes(10e6), t.told('C', 'a')));
                  t.show('C', 'need drain', c.writableNeedDrain);
                });
                c.on('drain', () => { t.show('C', 'length', c.writableLength, c.bytesWritten); c.end(); });
                """,
                (t, c) -> {
                  c.onConnect(() -> {
                    t.show("C", "write", c.write(t.bytes(10_000_000), t.told("C", "a")));
                    t.show("C", "need drain", c.writableNeedDrain());
                  });
                  c.onDrain(() -> {
                    t.show("C", "length", c.writableLength(), c.bytesWritten());
                    c.end();
                  });
                }),
        program("what the system takes at once is true whatever its size")
            .server("", (t, s) -> {})
            .client(
                """
                c.on('connect', () => {
                  t.show('C', 'write', c.write(t.bytes(150000)), c.writableLength);
                  t.later(20, () => c.end());
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      t.show("C", "write", c.write(t.bytes(150_000)), c.writableLength());
                      t.later(20, c::end);
                    })),
        program("end with much data: no 'drain'")
            .server("", (t, s) -> {})
            .client(
                "c.on('connect', () => c.end(t.bytes(5e6)))",
                (t, c) -> c.onConnect(() -> c.end(t.bytes(5_000_000)))),
        program("texts in all encodings")
            .server("", (t, s) -> {})
            .client(
                """
                const all = [['né', 'utf8'], ['né', 'UTF-8'], ['né', 'latin1'], ['né', 'BINARY'], ['né', 'ascii'],
                  ['né', 'utf16le'], ['né', 'ucs2'], ['0aff', 'hex'], ['0aXf', 'hex'], ['0aff1', 'hex'], ['xx', 'hex'],
                  ['AQID', 'base64'], ['AQI=', 'base64'], ['_-8', 'base64url'], ['_-8', 'base64'], ['\\ud83d\\ude00', 'utf8']];
                c.on('connect', () => {
                  for (const [text, encoding] of all) { c.write(text, encoding); c.write('|'); }
                  t.show('C', 'written', c.bytesWritten);
                  t.attempt('C', 'unknown', () => c.write('x', 'klingon'));
                  c.end();
                });
                """,
                (t, c) ->
                    c.onConnect(() -> {
                      String[][] all = {
                        {"né", "utf8"},
                        {"né", "UTF-8"},
                        {"né", "latin1"},
                        {"né", "BINARY"},
                        {"né", "ascii"},
                        {"né", "utf16le"},
                        {"né", "ucs2"},
                        {"0aff", "hex"},
                        {"0aXf", "hex"},
                        {"0aff1", "hex"},
                        {"xx", "hex"},
                        {"AQID", "base64"},
                        {"AQI=", "base64"},
                        {"_-8", "base64url"},
                        {"_-8", "base64"},
                        {"\ud83d\ude00", "utf8"}
                      };
                      for (String[] one : all) {
                        c.write(one[0], one[1]);
                        c.write("|");
                      }
                      t.show("C", "written", c.bytesWritten());
                      t.attempt("C", "unknown", () -> c.write("x", "klingon"));
                      c.end();
                    })),
        program("characters in pieces: utf8")
            .serverDoesNotRead()
            .server(decode("utf8"), (t, s) -> decode(t, s, "utf8"))
            .client(
                pieces("e4bda0f09f9880c3a9e4bd"), (t, c) -> pieces(t, c, "e4bda0f09f9880c3a9e4bd")),
        program("characters in pieces: utf16le")
            .serverDoesNotRead()
            .server(decode("utf16le"), (t, s) -> decode(t, s, "utf16le"))
            .client(pieces("6100604f62"), (t, c) -> pieces(t, c, "6100604f62")),
        program("a surrogate pair in two packets")
            .serverDoesNotRead()
            .server(decode("ucs2"), (t, s) -> decode(t, s, "ucs2"))
            .client(pieces("3dd800de"), (t, c) -> pieces(t, c, "3dd800de")),
        program("characters in pieces: base64")
            .serverDoesNotRead()
            .server(decode("base64"), (t, s) -> decode(t, s, "base64"))
            .client(pieces("0102030405"), (t, c) -> pieces(t, c, "0102030405")),
        program("characters in pieces: base64url")
            .serverDoesNotRead()
            .server(decode("base64url"), (t, s) -> decode(t, s, "base64url"))
            .client(pieces("fbff030405"), (t, c) -> pieces(t, c, "fbff030405")),
        program("characters in pieces: hex")
            .serverDoesNotRead()
            .server(decode("hex"), (t, s) -> decode(t, s, "hex"))
            .client(pieces("0afe"), (t, c) -> pieces(t, c, "0afe")),
        program("characters in pieces: latin1 and ascii")
            .serverDoesNotRead()
            .server(decode("latin1"), (t, s) -> decode(t, s, "latin1"))
            .client(pieces("61e9"), (t, c) -> pieces(t, c, "61e9")),
        program("ascii loses the top bit")
            .serverDoesNotRead()
            .server(decode("ascii"), (t, s) -> decode(t, s, "ascii"))
            .client(pieces("61e9"), (t, c) -> pieces(t, c, "61e9")),
        program("setEncoding of an unknown name")
            .alone(
                "t.attempt('A', 'set', () => new net.Socket().setEncoding('klingon'))",
                t -> t.attempt("A", "set", () -> new TcpSocket().setEncoding("klingon"))),
        program("a pipe that does not end its destination")
            .serverDoesNotRead()
            .servers(TcpOptions.defaults().withAllowHalfOpen(true))
            .server(
                """
                s.pipe(s, {end: false});
                s.on('end', () => t.later(10, () => s.end('!')));
                """,
                (t, s) -> {
                  s.pipe(s, false);
                  s.onEnd(() -> t.later(10, () -> s.end("!")));
                })
            .client("c.end('hello')", (t, c) -> c.end("hello")),
        program("bytes read and written")
            .server(
                "s.on('end', () => t.show('S', 'read', s.bytesRead, s.bytesWritten)); s.write('hi')",
                (t, s) -> {
                  s.onEnd(() -> t.show("S", "read", s.bytesRead(), s.bytesWritten()));
                  s.write("hi");
                })
            .client(
                """
                t.show('C', 'begin', c.bytesRead, c.bytesWritten);
                c.write('12345');
                t.show('C', 'queued', c.bytesWritten, c.writableLength, c.bufferSize);
                c.on('data', () => { c.end('678'); });
                c.on('close', () => t.show('C', 'end', c.bytesRead, c.bytesWritten));
                """,
                (t, c) -> {
                  t.show("C", "begin", c.bytesRead(), c.bytesWritten());
                  c.write("12345");
                  t.show("C", "queued", c.bytesWritten(), c.writableLength(), oldName(c));
                  c.onData(data -> c.end("678"));
                  c.onClose(cause -> t.show("C", "end", c.bytesRead(), c.bytesWritten()));
                }));
  }

  @SuppressWarnings("deprecation") // as in Node
  private static long oldName(TcpSocket c) {
    return c.bufferSize();
  }

  /** Tells each text by itself. */
  private static String decode(String encoding) {
    return """
    s.setEncoding('%s');
    s.on('data', text => t.show('S', 'text', text));
    """
        .formatted(encoding);
  }

  private static void decode(Part t, TcpSocket s, String encoding) {
    s.setEncoding(encoding);
    s.onData(text -> t.show("S", "text", text));
  }

  /** Sends byte by byte. */
  private static String pieces(String hex) {
    return """
    c.setNoDelay(true);
    const all = Buffer.from('%s', 'hex');
    const next = i => { if (i === all.length) c.end(); else { c.write(all.subarray(i, i + 1)); t.later(10, () => next(i + 1)); } };
    c.on('connect', () => next(0));
    """
        .formatted(hex);
  }

  private static void pieces(Part t, TcpSocket c, String hex) {
    c.setNoDelay(true);
    c.onConnect(() -> next(t, c, Buffer.from(hex, "hex"), 0));
  }

  private static void next(Part t, TcpSocket c, Buffer all, int i) {
    if (i == all.length()) {
      c.end();
    } else {
      c.write(all.slice(i, i + 1));
      t.later(10, () -> next(t, c, all, i + 1));
    }
  }
}
