package io.netloop.net;

import static io.netloop.net.Program.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sections 2, 9 and 12 of the behaviour's reference: errors, and the module's functions. */
final class ErrorPrograms {
  private ErrorPrograms() {}

  static List<Program> all() {
    return List.of(
        program("connection refused")
            .alone(
                "t.watch('C', net.connect(1, '127.0.0.1')); t.watch('D', net.connect(1, '::1'))",
                t -> {
                  t.watch("C", Net.createConnection(1, "127.0.0.1"));
                  t.watch("D", Net.createConnection(1, "::1"));
                }),
        program("a Unix domain socket that is not there, or nobody listens on")
            .alone(
                """
                require('fs').writeFileSync(t.path('file'), 'x');
                t.watch('C', net.connect(t.path('none.sock')));
                t.watch('D', net.connect(t.path('file')));
                """,
                t -> {
                  write(t.path("file"));
                  t.watch("C", Net.createConnection(t.path("none.sock")));
                  t.watch("D", Net.createConnection(t.path("file")));
                }),
        program("localAddress is not ours")
            .alone(
                "t.watch('C', net.connect({port: 1, host: '127.0.0.1', localAddress: '192.0.2.1'}))",
                t ->
                    t.watch(
                        "C",
                        Net.createConnection(
                            ConnectOptions.port(1)
                                .withHost("127.0.0.1")
                                .withLocalAddress("192.0.2.1")))),
        program("localPort is in use")
            .alone(
                """
                const a = net.createServer().listen(0, '127.0.0.1', () => {
                  const port = a.address().port;
                  t.alias(port, 'P');
                  const c = t.watch('C', net.connect({port: 1, host: '127.0.0.1', localAddress: '127.0.0.1', localPort: port}));
                  const d = t.watch('D', net.connect({port: 1, host: '127.0.0.1', localPort: port}));
                  c.on('close', () => a.close());
                });
                """,
                t -> {
                  TcpServer a = Net.createServer();
                  a.listen(
                      0,
                      "127.0.0.1",
                      () -> {
                        int port = a.address().port();
                        t.alias(port, "P");
                        ConnectOptions to =
                            ConnectOptions.port(1).withHost("127.0.0.1").withLocalPort(port);
                        TcpSocket c =
                            t.watch("C", Net.createConnection(to.withLocalAddress("127.0.0.1")));
                        t.watch("D", Net.createConnection(to));
                        c.onClose(cause -> a.close());
                      });
                }),
        program("localAddress of the other family")
            .alone(
                "t.watch('C', net.connect({port: 1, host: '127.0.0.1', localAddress: '::1'}))",
                t ->
                    t.watch(
                        "C",
                        Net.createConnection(
                            ConnectOptions.port(1).withHost("127.0.0.1").withLocalAddress("::1")))),
        program("connect is refused at once")
            .alone(
                """
                t.attempt('A', 'port -1', () => net.connect(-1));
                t.attempt('A', 'port 65536', () => net.connect(65536));
                t.attempt('A', 'family', () => net.connect({port: 1, host: 'some.test', family: 5}));
                t.attempt('A', 'localAddress', () => net.connect({port: 1, host: '127.0.0.1', localAddress: 'zzz'}));
                t.attempt('A', 'attempt time', () => net.connect({port: 1, host: '127.0.0.1', autoSelectFamilyAttemptTimeout: 0}));
                """,
                t -> {
                  t.attempt("A", "port -1", () -> Net.createConnection(-1));
                  t.attempt("A", "port 65536", () -> Net.createConnection(65536));
                  t.attempt("A", "family", () -> ConnectOptions.port(1).withFamily(5));
                  t.attempt(
                      "A", "localAddress", () -> ConnectOptions.port(1).withLocalAddress("zzz"));
                  t.attempt(
                      "A",
                      "attempt time",
                      () -> ConnectOptions.port(1).withAttemptTimeout(java.time.Duration.ZERO));
                }),
        program("the module's defaults")
            .alone(
                """
                t.show('A', 'select', net.getDefaultAutoSelectFamily());
                t.show('A', 'time', net.getDefaultAutoSelectFamilyAttemptTimeout());
                const before = net.getDefaultAutoSelectFamilyAttemptTimeout();
                for (const ms of [1, 9, 10, 300]) {
                  net.setDefaultAutoSelectFamilyAttemptTimeout(ms);
                  t.show('A', String(ms), net.getDefaultAutoSelectFamilyAttemptTimeout());
                }
                t.attempt('A', 'zero', () => net.setDefaultAutoSelectFamilyAttemptTimeout(0));
                t.attempt('A', 'negative', () => net.setDefaultAutoSelectFamilyAttemptTimeout(-1));
                net.setDefaultAutoSelectFamilyAttemptTimeout(before);
                """,
                t -> {
                  t.show("A", "select", Net.getDefaultAutoSelectFamily());
                  long before = Net.getDefaultAutoSelectFamilyAttemptTimeout();
                  t.show("A", "time", before);
                  for (long ms : new long[] {1, 9, 10, 300}) {
                    Net.setDefaultAutoSelectFamilyAttemptTimeout(ms);
                    t.show("A", String.valueOf(ms), Net.getDefaultAutoSelectFamilyAttemptTimeout());
                  }
                  t.attempt(
                      "A",
                      "zero",
                      () -> {
                        Net.setDefaultAutoSelectFamilyAttemptTimeout(0);
                        return null;
                      });
                  t.attempt(
                      "A",
                      "negative",
                      () -> {
                        Net.setDefaultAutoSelectFamilyAttemptTimeout(-1);
                        return null;
                      });
                  Net.setDefaultAutoSelectFamilyAttemptTimeout(before);
                }),
        program("isIP")
            .alone(
                "for (const ip of "
                    + json(ADDRESSES)
                    + ") t.show('A', ip, net.isIP(ip), net.isIPv4(ip), net.isIPv6(ip))",
                t -> {
                  for (String ip : ADDRESSES) {
                    t.show("A", ip, Net.isIP(ip), Net.isIPv4(ip), Net.isIPv6(ip));
                  }
                }),
        program("what a blockList holds and says")
            .since(26)
            .alone(
                """
                const b = new net.BlockList();
                b.addAddress('1.2.3.4');
                b.addRange('10.0.0.1', '10.0.0.9');
                b.addSubnet('192.168.0.0', 16);
                const b6 = new net.BlockList();
                b6.addAddress('::1', 'IPv6');
                t.show('A', 'six', b6.check('::1', 'ipv6'), b6.check('::1'), b6.rules[0]);
                b.addSubnet('fc00::', 7, 'ipv6');
                for (const rule of b.rules) t.log('A', rule);
                const checks = [['1.2.3.4'], ['1.2.3.5'], ['10.0.0.1'], ['10.0.0.9'], ['10.0.0.10'], ['192.168.255.1'], ['junk'],
                  ['::ffff:1.2.3.4', 'ipv6'], ['fd00::1', 'ipv6'], ['1.2.3.4', 'ipv6']];
                for (const [a, family = 'ipv4'] of checks) t.show('A', a + ' ' + family, b.check(a, family));
                t.attempt('A', 'range', () => b.addRange('10.0.0.9', '10.0.0.1'));
                t.attempt('A', 'prefix', () => b.addSubnet('10.0.0.0', 33));
                t.attempt('A', 'prefix', () => b.addSubnet('::', 129, 'ipv6'));
                t.attempt('A', 'address', () => b.addAddress('junk'));
                t.attempt('A', 'family', () => b.addAddress('1.2.3.4', 'ipx'));
                """,
                t -> {
                  BlockList b = new BlockList();
                  b.addAddress("1.2.3.4");
                  b.addRange("10.0.0.1", "10.0.0.9");
                  b.addSubnet("192.168.0.0", 16);
                  BlockList b6 = new BlockList();
                  b6.addAddress("::1", "IPv6");
                  t.show(
                      "A", "six", b6.check("::1", "ipv6"), b6.check("::1"), b6.rules().getFirst());
                  b.addSubnet("fc00::", 7, "ipv6");
                  b.rules().forEach(rule -> t.log("A", rule));
                  String[][] checks = {
                    {"1.2.3.4", "ipv4"},
                    {"1.2.3.5", "ipv4"},
                    {"10.0.0.1", "ipv4"},
                    {"10.0.0.9", "ipv4"},
                    {"10.0.0.10", "ipv4"},
                    {"192.168.255.1", "ipv4"},
                    {"junk", "ipv4"},
                    {"::ffff:1.2.3.4", "ipv6"},
                    {"fd00::1", "ipv6"},
                    {"1.2.3.4", "ipv6"}
                  };
                  for (String[] check : checks) {
                    t.show("A", check[0] + " " + check[1], b.check(check[0], check[1]));
                  }
                  t.attempt("A", "range", () -> b.addRange("10.0.0.9", "10.0.0.1"));
                  t.attempt("A", "prefix", () -> b.addSubnet("10.0.0.0", 33));
                  t.attempt("A", "prefix", () -> b.addSubnet("::", 129, "ipv6"));
                  t.attempt("A", "address", () -> b.addAddress("junk"));
                  t.attempt("A", "family", () -> b.addAddress("1.2.3.4", "ipx"));
                }),
        program("socket addresses")
            .since(26)
            .alone(
                """
                const tell = a => a === undefined ? 'none' : `${a.address} ${a.family} ${a.port} ${a.flowlabel}`;
                t.show('A', 'default', tell(new net.SocketAddress()));
                t.show('A', 'ipv6', tell(new net.SocketAddress({family: 'ipv6'})));
                t.show('A', 'short', tell(new net.SocketAddress({address: '1:0:0:0:0:0:0:1', family: 'IPv6', port: 5, flowlabel: 7})));
                t.attempt('A', 'mismatch', () => new net.SocketAddress({address: '::1'}));
                t.attempt('A', 'port', () => new net.SocketAddress({port: 65536}));
                for (const text of ['1.2.3.4:8080', '[::1]:8080', '1.2.3.4', '[::1]', 'junk', '1.2.3.4:x', '1.2.3.4:80', '0x7f.1:1', '::1']) {
                  t.show('A', text, tell(net.SocketAddress.parse(text)));
                }
                """,
                t -> {
                  t.show("A", "default", tell(new SocketAddress()));
                  t.show("A", "ipv6", tell(SocketAddress.ofFamily("ipv6")));
                  t.show("A", "short", tell(new SocketAddress("1:0:0:0:0:0:0:1", "IPv6", 5, 7)));
                  t.attempt("A", "mismatch", () -> new SocketAddress("::1", "ipv4", 0, 0));
                  t.attempt("A", "port", () -> new SocketAddress("127.0.0.1", 65536));
                  for (String text :
                      List.of(
                          "1.2.3.4:8080",
                          "[::1]:8080",
                          "1.2.3.4",
                          "[::1]",
                          "junk",
                          "1.2.3.4:x",
                          "1.2.3.4:80",
                          "0x7f.1:1",
                          "::1")) {
                    t.show("A", text, tell(SocketAddress.parse(text)));
                  }
                }),
        program("write to a peer that has gone")
            .server("s.destroy()", (t, s) -> s.destroy())
            .clients(TcpOptions.defaults().withAllowHalfOpen(true))
            .client(
                """
                c.on('end', () => {
                  t.show('C', 'write', c.write('one', t.told('C', 'one')));
                  t.later(20, () => { if (!c.destroyed) c.write('two', t.told('C', 'two')); });
                });
                """,
                (t, c) ->
                    c.onEnd(() -> {
                      t.show(
                          "C",
                          "write",
                          c.write(io.netloop.loop.Buffer.from("one"), t.told("C", "one")));
                      t.later(
                          20,
                          () -> {
                            if (!c.destroyed()) {
                              c.write(io.netloop.loop.Buffer.from("two"), t.told("C", "two"));
                            }
                          });
                    })));
  }

  static final List<String> ADDRESSES =
      List.of(
          "127.0.0.1",
          "0.0.0.0",
          "255.255.255.255",
          "256.0.0.1",
          "1.2.3",
          "1.2.3.4.5",
          "01.2.3.4",
          "127.000.000.001",
          "0x7f.1.1.1",
          " 127.0.0.1",
          "127.0.0.1 ",
          "127.0.0.1/24",
          "1.2.3.4%eth0",
          "",
          "::",
          "::1",
          "1::",
          "FE80::1",
          "1:2:3:4:5:6:7:8",
          "::1:2:3:4:5:6:7",
          "1:2:3:4:5:6:7::",
          "1:2:3:4:5:6:7:8:9",
          "1:2:3:4:5:6:7",
          "::1:2:3:4:5:6:7:8",
          "1::2::3",
          ":::",
          "1:",
          "::ffff:127.0.0.1",
          "::127.0.0.1",
          "1:2:3:4:5:6:1.2.3.4",
          "::ffff:1.2.3.256",
          "::ffff:127.0.0.01",
          "1:2:3:4:5:6:7:1.2.3.4",
          "fe80::1%eth0",
          "fe80::1%1",
          "fe80::1%eth0.1",
          "::1%lo",
          "::1.2.3.4%x",
          "fe80::1%25eth0",
          "[::1]",
          "::1/64",
          "12345::",
          "g::",
          "fe80::1%",
          "fe80::1%eth 0",
          "fe80::1%eth0%1",
          "fe80::1%a-b_c",
          "fe80::1%a-b:c",
          "null",
          "undefined");

  private static String json(List<String> texts) {
    return "['" + String.join("', '", texts) + "']";
  }

  private static String tell(SocketAddress a) {
    return a == null ? null : a.address() + " " + a.family() + " " + a.port() + " " + a.flowlabel();
  }

  private static void write(String file) {
    try {
      Files.writeString(Path.of(file), "x");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
