package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Beside Node's own dgram: the same calls, the same errors and events in the same order; and
 * datagrams of all lengths in both directions. {@code NETLOOP_NODE} names another Node than the one
 * on the path.
 */
@Tag("once")
class NodeTest extends UdpTest {
  private static final String CALLS =
      """
      const dgram = require('dgram')
      const say = line => console.log(line)
      const tried = (name, call) => { try { call(); say(name + ' nothing') } catch (e) { say(name + ' ' + e.code + ' ' + e.message) } }
      const free = dgram.createSocket('udp4')
      tried('type', () => dgram.createSocket('udp5'))
      tried('address', () => free.address())
      tried('ttl', () => free.setTTL(1))
      tried('broadcast', () => free.setBroadcast(true))
      tried('loopback', () => free.setMulticastLoopback(true))
      tried('group ttl', () => free.setMulticastTTL(1))
      tried('disconnect', () => free.disconnect())
      tried('remote', () => free.remoteAddress())
      tried('connect 0', () => free.connect(0))
      tried('port 70000', () => free.send('x', 70000))
      tried('no port', () => free.send('x'))
      tried('offset', () => free.send(Buffer.from('abc'), 4, 0, 3000))
      tried('length', () => free.send(Buffer.from('abc'), 1, 3, 3000))
      tried('no group', () => free.addMembership())
      free.on('listening', () => say('listening'))
      free.bind(0, '127.0.0.1', () => {
        tried('bound twice', () => free.bind())
        tried('ttl 0', () => free.setTTL(0))
        tried('ttl 256', () => free.setTTL(256))
        tried('group ttl 256', () => free.setMulticastTTL(256))
        tried('no multicast', () => free.addMembership('10.0.0.1', '127.0.0.1'))
        tried('bad text', () => free.addMembership('nonsense'))
        tried('joined', () => free.addMembership('224.0.1.100', '127.0.0.1'))
        tried('joined twice', () => free.addMembership('224.0.1.100', '127.0.0.1'))
        tried('not joined', () => free.dropMembership('224.0.1.9', '127.0.0.1'))
        tried('ipv6 group', () => free.addMembership('ff02::1'))
        tried('bad interface', () => free.setMulticastInterface('nonsense'))
        tried('ipv6 interface', () => free.setMulticastInterface('::%lo'))
        tried('no such interface', () => free.setMulticastInterface('192.0.2.7'))
        free.send(Buffer.alloc(65508), 41272, '127.0.0.1', e => {
          say('long ' + e.message)
          free.send('x', 41272, '255.255.255.255', e => {
            say('broadcast ' + e.message)
            free.send('x', 41272, '::1', e => {
              say('family ' + e.message)
              free.send('x', 41272, 'no.such.host.invalid', e => {
                say('name ' + e.message)
                free.connect(41272, '127.0.0.1', () => {
                  tried('connected twice', () => free.connect(41272))
                  tried('connected send', () => free.send(Buffer.from('x'), 0, 1, 41272, '127.0.0.1'))
                  say('peer ' + free.remoteAddress().address)
                  free.on('close', () => say('close'))
                  free.close(() => say('own close'))
                  tried('closed twice', () => free.close())
                  tried('closed send', () => free.send('x', 41272))
                  tried('closed bind', () => free.bind())
                  tried('closed address', () => free.address())
                })
              })
            })
          })
        })
      })
      """;

  private static Process node(String script) {
    String node =
        System.getProperty(
            "netloop.node", Objects.requireNonNullElse(System.getenv("NETLOOP_NODE"), "node"));
    try {
      return new ProcessBuilder(node, "-e", script).redirectErrorStream(true).start();
    } catch (IOException none) {
      assumeTrue(false, "there is no node: " + none.getMessage());
      throw new AssertionError(none);
    }
  }

  private void tried(String name, Runnable call) {
    log.add(name + " " + thrown(call));
  }

  @Test
  void errorsAndEventsAreAsInNode() throws Exception {
    Process process = node(CALLS);
    List<String> nodes =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    onLoop(this::sameCalls);

    await().atMost(SOON).until(() -> log.contains("own close"));
    assertThat(log).containsExactlyElementsOf(nodes);
    assertThat(nodes).hasSizeGreaterThan(35);
  }

  private void sameCalls() {
    UdpSocket free = closedLater(Dgram.createSocket("udp4"));
    tried("type", () -> Dgram.createSocket("udp5"));
    tried("address", free::address);
    tried("ttl", () -> free.setTTL(1));
    tried("broadcast", () -> free.setBroadcast(true));
    tried("loopback", () -> free.setMulticastLoopback(true));
    tried("group ttl", () -> free.setMulticastTTL(1));
    tried("disconnect", free::disconnect);
    tried("remote", free::remoteAddress);
    tried("connect 0", () -> free.connect(0));
    tried("port 70000", () -> free.send("x", 70000));
    tried("no port", () -> free.send("x"));
    tried("offset", () -> free.send("abc", 4, 0, 3000));
    tried("length", () -> free.send("abc", 1, 3, 3000));
    tried("no group", () -> free.addMembership(null));
    free.onListening(() -> log.add("listening"));
    free.bind(0, LOCALHOST, () -> onceBound(free));
  }

  private void onceBound(UdpSocket free) {
    tried("bound twice", free::bind);
    tried("ttl 0", () -> free.setTTL(0));
    tried("ttl 256", () -> free.setTTL(256));
    tried("group ttl 256", () -> free.setMulticastTTL(256));
    tried("no multicast", () -> free.addMembership("10.0.0.1", LOCALHOST));
    tried("bad text", () -> free.addMembership("nonsense"));
    tried("joined", () -> free.addMembership("224.0.1.100", LOCALHOST));
    tried("joined twice", () -> free.addMembership("224.0.1.100", LOCALHOST));
    tried("not joined", () -> free.dropMembership("224.0.1.9", LOCALHOST));
    tried("ipv6 group", () -> free.addMembership("ff02::1"));
    tried("bad interface", () -> free.setMulticastInterface("nonsense"));
    tried("ipv6 interface", () -> free.setMulticastInterface("::%lo"));
    tried("no such interface", () -> free.setMulticastInterface("192.0.2.7"));
    free.send(
        bytes(65_508),
        41272,
        LOCALHOST,
        (tooLong, a) -> {
          log.add("long " + tooLong.getMessage());
          free.send(
              "x",
              41272,
              "255.255.255.255",
              (broadcast, b) -> {
                log.add("broadcast " + broadcast.getMessage());
                free.send(
                    "x",
                    41272,
                    "::1",
                    (family, c) -> {
                      log.add("family " + family.getMessage());
                      free.send(
                          "x",
                          41272,
                          "no.such.host.invalid",
                          (name, d) -> {
                            log.add("name " + name.getMessage());
                            free.connect(41272, LOCALHOST, error -> onceConnected(free));
                          });
                    });
              });
        });
  }

  private void onceConnected(UdpSocket free) {
    tried("connected twice", () -> free.connect(41272));
    tried("connected send", () -> free.send("x", 0, 1, 41272, LOCALHOST));
    log.add("peer " + free.remoteAddress().host());
    free.onClose(() -> log.add("close"));
    free.close(() -> log.add("own close"));
    tried("closed twice", free::close);
    tried("closed send", () -> free.send("x", 41272));
    tried("closed bind", free::bind);
    tried("closed address", free::address);
  }

  @Test
  void datagramsOfAllLengthsGoToNodeAndBack() throws Exception {
    Process process =
        node(
            """
            const s = require('dgram').createSocket({type: 'udp4', recvBufferSize: 1 << 20, sendBufferSize: 1 << 20})
            s.on('message', (m, r) => s.send(m, r.port, r.address))
            s.bind(0, '127.0.0.1', () => console.log(s.address().port))
            """);
    try {
      int nodesPort = Integer.parseInt(process.inputReader(StandardCharsets.UTF_8).readLine());
      List<Integer> sizes = new ArrayList<>(List.of(0, 1, 63, 64, 1199, 1200, 1201, 1472, 1473));
      sizes.addAll(List.of(2048, 2049, 9000, 65_506, 65_507));
      for (int size : sizes) {
        CompletableFuture<Boolean> same = new CompletableFuture<>();
        UdpSocket socket =
            bound(
                UdpOptions.udp4().withSendBufferSize(1 << 20),
                made ->
                    made.onMessage(
                        (message, remote) -> same.complete(message.equals(bytes(size)))));
        socket.send(bytes(size), nodesPort, LOCALHOST);
        assertThat(same.get(5, TimeUnit.SECONDS)).as("%d bytes", size).isTrue();
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** Rows that leave here in one piece arrive there as what they are. */
  @Test
  void nodeSeesTheBordersOfRows() throws Exception {
    Process process =
        node(
            """
            const s = require('dgram').createSocket({type: 'udp4', recvBufferSize: 1 << 20})
            s.on('message', m => console.log(m.toString()))
            s.bind(0, '127.0.0.1', () => console.log(s.address().port))
            """);
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      int nodesPort = Integer.parseInt(lines.readLine());
      UdpSocket socket = bound();
      onLoop(() -> {
        for (int i = 0; i < 130; i++) {
          socket.send("%04d".formatted(i), nodesPort, LOCALHOST);
        }
        socket.send("end", nodesPort, LOCALHOST);
      });
      for (int i = 0; i < 130; i++) {
        assertThat(lines.readLine()).isEqualTo("%04d".formatted(i));
      }
      assertThat(lines.readLine()).isEqualTo("end");
    } finally {
      process.destroyForcibly();
    }
  }
}
