package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Node's own net, and nc, at the other end. */
class PeersTest extends TcpTest {
  private static final TcpOptions HALF_OPEN = TcpOptions.defaults().withAllowHalfOpen(true);

  /** A client of Node: notes its events, and does what its second argument says. */
  private static final String NODE_CLIENT =
      """
      const net = require('net');
      const [port, what] = process.argv.slice(1);
      const c = net.connect({ port, host: '127.0.0.1', allowHalfOpen: what === 'halfOpen' });
      for (const e of ['connect', 'end', 'finish']) c.on(e, () => console.log(e));
      c.on('error', e => console.log('error ' + e.code));
      c.on('close', h => console.log('close ' + h));
      c.on('data', d => console.log('data ' + d));
      c.on('connect', () => {
        switch (what) {
          case 'end': c.end('from node'); break;
          case 'write': c.write('from node'); break;
          case 'reset': c.write('x', () => c.resetAndDestroy()); break;
        }
      });
      if (what === 'halfOpen') c.on('end', () => setTimeout(() => c.end('after your end'), 10));
      """;

  /** A server of Node for one connection. */
  private static final String NODE_SERVER =
      """
      const net = require('net');
      const [what] = process.argv.slice(1);
      const server = net.createServer({ allowHalfOpen: what === 'halfOpen' }, s => {
        for (const e of ['end', 'finish']) s.on(e, () => console.log(e));
        s.on('error', e => console.log('error ' + e.code));
        s.on('close', h => { console.log('close ' + h); server.close(); });
        if (what === 'echo') { s.pipe(s); return; }
        s.on('data', d => {
          console.log('data ' + d);
          if (what === 'reset') s.resetAndDestroy();
          if (what === 'answer') s.write('got it');
        });
        if (what === 'end') s.end('bye');
        if (what === 'halfOpen') s.on('end', () => setTimeout(() => s.end('after your end'), 10));
      });
      server.listen(0, '127.0.0.1', () => console.log(server.address().port));
      """;

  @BeforeAll
  static void nodeIsThere() {
    try (Peer node = Peer.of("sh", "-c", "command -v node")) {
      assumeTrue(!node.rest().isEmpty(), "node is not installed");
    }
  }

  @Test
  void echoesToNode() {
    TcpServer server = listen(socket -> socket.pipe(socket));
    try (Peer node = Peer.node(NODE_CLIENT, port(server), "end")) {
      assertThat(node.rest())
          .containsExactly("connect", "finish", "data from node", "end", "close false");
    }
  }

  @Test
  void isEchoedByNode() {
    try (Peer node = Peer.node(NODE_SERVER, "echo")) {
      Events events = talkTo(node, TcpOptions.defaults(), c -> c.end("to node"));

      events.areExactly("connect", "ready", "finish", "data to node", "end", "close false");
      assertThat(node.rest()).containsExactlyInAnyOrder("end", "finish", "close false");
    }
  }

  @Test
  void nodeEndsFirst() {
    try (Peer node = Peer.node(NODE_SERVER, "end")) {
      Events events = talkTo(node, TcpOptions.defaults(), c -> {});

      events.areExactly("connect", "ready", "data bye", "end", "finish", "close false");
      assertThat(node.rest()).containsExactly("finish", "end", "close false");
    }
  }

  @Test
  void nodeStaysHalfOpenAfterOurEnd() {
    try (Peer node = Peer.node(NODE_SERVER, "halfOpen")) {
      Events events = talkTo(node, TcpOptions.defaults(), c -> c.end("mine"));

      events.areExactly("connect", "ready", "finish", "data after your end", "end", "close false");
      assertThat(node.rest()).containsExactly("data mine", "end", "finish", "close false");
    }
  }

  @Test
  void weStayHalfOpenAfterNodesEnd() {
    Events events = new Events();
    TcpServer server =
        listen(
            HALF_OPEN,
            socket -> {
              events.listen(socket);
              socket.onData(data -> events.add("data " + data));
              socket.onEnd(() -> loop.setTimeout(10, () -> socket.end("after your end")));
            });
    try (Peer node = Peer.node(NODE_CLIENT, port(server), "end")) {
      assertThat(node.rest())
          .containsExactly("connect", "finish", "data after your end", "end", "close false");
      events.areExactly("data from node", "end", "finish", "close false");
    }
  }

  @Test
  void nodesClientStaysHalfOpenAfterOurEnd() {
    Events events = new Events();
    TcpServer server =
        listen(socket -> {
          events.listen(socket);
          socket.onData(data -> events.add("data " + data));
          socket.end("bye");
        });
    try (Peer node = Peer.node(NODE_CLIENT, port(server), "halfOpen")) {
      assertThat(node.rest())
          .containsExactly("connect", "data bye", "end", "finish", "close false");
      events.areExactly("finish", "data after your end", "end", "close false");
    }
  }

  @Test
  void nodeResetsUs() {
    Events events = new Events();
    TcpServer server =
        listen(socket -> {
          events.listen(socket);
          socket.resume();
        });
    try (Peer node = Peer.node(NODE_CLIENT, port(server), "reset")) {
      assertThat(node.rest()).containsExactly("connect", "close false");
      events.areExactly("error ECONNRESET", "close true");
    }
  }

  @Test
  void nodesServerResetsUs() {
    try (Peer node = Peer.node(NODE_SERVER, "reset")) {
      Events events = talkTo(node, TcpOptions.defaults(), c -> c.write("x"));

      events.areExactly("connect", "ready", "error ECONNRESET", "close true");
      assertThat(node.rest()).containsExactly("data x", "close false");
    }
  }

  @Test
  void weResetNode() {
    TcpServer server = listen(socket -> socket.onData(data -> socket.resetAndDestroy()));
    try (Peer node = Peer.node(NODE_CLIENT, port(server), "write")) {
      assertThat(node.rest()).containsExactly("connect", "error ECONNRESET", "close true");
    }
  }

  @Test
  void weResetNodesServer() {
    // Once Node has read what we sent: a reset together with data is an end for its libuv.
    try (Peer node = Peer.node(NODE_SERVER, "answer")) {
      Events events =
          talkTo(
              node,
              TcpOptions.defaults(),
              c -> {
                c.onData(data -> c.resetAndDestroy());
                c.write("x");
              });

      events.areExactly("connect", "ready", "data got it", "close false");
      assertThat(node.rest()).endsWith("error ECONNRESET", "close true");
    }
  }

  @Test
  void aPeerThatIsKilledInTheMiddleIsAnEndOrAReset() {
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    List<String> got = new CopyOnWriteArrayList<>();
    TcpServer server =
        listen(socket -> {
          socket.onData(data -> got.add(data.toString()));
          socket.onClose(closed::complete);
        });
    try (Peer node = Peer.node(NODE_CLIENT, port(server), "write")) {
      await().until(() -> got.contains("from node"));
      node.kill();
      CloseCause cause = closed.orTimeout(5, TimeUnit.SECONDS).join();
      assertThat(cause.by()).isEqualTo(CloseCause.By.PEER);
      assertThat(cause.code()).isIn("END", "ECONNRESET");
    }
  }

  @Test
  void aPeerThatIsKilledWhileWeWriteForEverIsAnErrorOfThePeer() {
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    TcpServer server =
        listen(socket -> {
          socket.onClose(closed::complete);
          socket.onData(data -> pump(socket));
        });
    try (Peer node =
        Peer.node(
            """
            const c = require('net').connect(process.argv[1], '127.0.0.1', () => c.write('go'));
            let n = 0;
            c.on('data', d => { n += d.length; if (n > 3e6) { n = -1e12; console.log('enough'); } });
            """,
            port(server))) {
      assertThat(node.line()).isEqualTo("enough");
      node.kill();

      CloseCause cause = closed.orTimeout(5, TimeUnit.SECONDS).join();
      assertThat(cause.by()).isEqualTo(CloseCause.By.PEER);
      assertThat(cause.code()).isIn("ECONNRESET", "EPIPE");
    }
    await().until(() -> server.noise() == 1);
  }

  @Test
  void sendsNodeAMegabyteAtNodesPace() {
    TcpServer server = listen(socket -> socket.end(bytes(1_000_000)));
    try (Peer node =
        Peer.node(
            """
            const h = require('crypto').createHash('md5');
            const c = require('net').connect(process.argv[1], '127.0.0.1');
            let n = 0;
            c.on('data', d => { n += d.length; h.update(d); c.pause(); setTimeout(() => c.resume(), 1); });
            c.on('end', () => console.log(n + ' ' + h.digest('hex')));
            """,
            port(server))) {
      assertThat(node.line()).isEqualTo("1000000 " + md5(bytes(1_000_000)));
    }
  }

  @Test
  void takesAMegabyteOfNodeAtItsOwnPace() {
    List<Buffer> got = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    TcpServer server =
        listen(socket -> {
          socket.onData(data -> {
            got.add(data);
            socket.pause();
            loop.setTimeout(1, socket::resume);
          });
          socket.onEnd(() -> ended.complete(null));
        });
    try (Peer node =
        Peer.node(
            """
            const all = Buffer.alloc(1e6);
            for (let i = 0; i < all.length; i++) all[i] = i * 7;
            const c = require('net').connect(process.argv[1], '127.0.0.1');
            let at = 0;
            (function more() {
              while (at < all.length) {
                const piece = all.subarray(at, at += 9999);
                if (!c.write(piece)) return c.once('drain', more);
              }
              c.end();
            })();
            console.log(require('crypto').createHash('md5').update(all).digest('hex'));
            """,
            port(server))) {
      ended.orTimeout(10, TimeUnit.SECONDS).join();
      assertThat(Buffer.concat(got).length()).isEqualTo(1_000_000);
      assertThat(node.line()).isEqualTo(md5(Buffer.concat(got)));
    }
  }

  @Test
  void ncTalksToUsLineByLine() {
    TcpServer server =
        listen(socket -> {
          socket.write("hello\n");
          socket.onData(data -> socket.write("you said " + data));
        });
    try (Peer nc = Peer.of("nc", "127.0.0.1", String.valueOf(port(server)))) {
      assertThat(nc.line()).isEqualTo("hello");
      nc.type("something\n");
      assertThat(nc.line()).isEqualTo("you said something");
      server.drain(Duration.ofSeconds(2)).orTimeout(5, TimeUnit.SECONDS);
      nc.endInput();
      assertThat(nc.exit()).succeedsWithin(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void weTalkToNc() throws Exception {
    int port = EventOrderTest.freePort();
    try (Peer nc = Peer.of("nc", "-l", "127.0.0.1", String.valueOf(port))) {
      Events events = new Events();
      ConnectOptions to = ConnectOptions.port(port).withHost("127.0.0.1");
      onLoop(() -> {
        TcpSocket c = closedLater(new TcpSocket());
        c.onError(error -> loop.setTimeout(20, () -> c.connect(to)));
        c.onConnect(() -> c.write("to nc\n"));
        c.onData(data -> events.add("data " + data));
        c.connect(to);
      });
      assertThat(nc.line()).isEqualTo("to nc");
      nc.type("from nc\n");

      events.await("data from nc\n");
    }
  }

  private Events talkTo(Peer node, TcpOptions options, Consumer<TcpSocket> onConnect) {
    ConnectOptions to =
        ConnectOptions.port(Integer.parseInt(node.line()))
            .withHost("127.0.0.1")
            .withSocket(options);
    return onLoop(() -> {
      Events events = new Events();
      TcpSocket socket = closedLater(new TcpSocket(options));
      socket
          .onConnect(() -> events.add("connect"))
          .onReady(() -> events.add("ready"))
          .onEnd(() -> events.add("end"))
          .onFinish(() -> events.add("finish"))
          .onError(error -> events.add("error " + error.code()))
          .onClose(cause -> events.add("close " + cause.hadError()))
          .onData(data -> events.add("data " + data));
      socket.connect(to);
      socket.onReady(() -> onConnect.accept(socket));
      return events;
    });
  }

  /** Writes whenever there is room, for ever. */
  private void pump(TcpSocket socket) {
    Buffer piece = bytes(100_000);
    Runnable[] more = new Runnable[1];
    more[0] =
        () -> {
          if (!socket.destroyed() && socket.write(piece)) {
            loop.setImmediate(more[0]);
          }
        };
    socket.onDrain(more[0]);
    more[0].run();
  }

  private static String md5(Buffer data) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(data.toByteArray());
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
