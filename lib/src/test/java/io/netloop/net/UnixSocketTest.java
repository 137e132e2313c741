package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.Uncaught;
import io.netloop.engine.Transport;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and connections over Unix domain sockets. */
class UnixSocketTest extends TcpTest {
  private static final TcpOptions HALF_OPEN = TcpOptions.defaults().withAllowHalfOpen(true);

  private final Events events = new Events();
  @TempDir Path directory;
  private String path;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("s").toString();
  }

  private TcpServer serve(ListenOptions where, TcpOptions options, Consumer<TcpSocket> accepted) {
    TcpServer server =
        closedLater(Net.createServer(options, socket -> accepted.accept(closedLater(socket))));
    server.listen(where);
    await().until(server::listening);
    return server;
  }

  private TcpServer serve(Consumer<TcpSocket> accepted) {
    return serve(ListenOptions.path(path), TcpOptions.defaults(), accepted);
  }

  private TcpSocket connectTo(String to, TcpOptions options, Consumer<TcpSocket> listen) {
    return onLoop(() -> {
      TcpSocket socket =
          closedLater(Net.createConnection(ConnectOptions.path(to).withSocket(options)));
      listen.accept(socket);
      return socket;
    });
  }

  private NetException listenFails(ListenOptions where) {
    CompletableFuture<NetException> failed = new CompletableFuture<>();
    TcpServer server = closedLater(Net.createServer());
    server.onListening(() -> failed.completeExceptionally(new AssertionError("it listens")));
    server.onError(failed::complete).listen(where);
    NetException failure = failed.orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(server.listening()).isFalse();
    assertThat(server.address()).isNull();
    return failure;
  }

  private NetException connectFails(String to) {
    CompletableFuture<NetException> failed = new CompletableFuture<>();
    TcpSocket socket = closedLater(Net.createConnection(to));
    socket.onError(failed::complete);
    return failed.orTimeout(5, TimeUnit.SECONDS).join();
  }

  private void leaveStale(Path file) throws IOException {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(file));
    }
    assertThat(file).exists();
  }

  // Talking

  @Test
  void echoesAndShowsItsPath() {
    TcpServer server = serve(socket -> socket.pipe(socket));
    assertThat(server.address()).isEqualTo(new HostPort(path, -1, "Unix"));
    assertThat(server).hasToString("TcpServer " + path);
    Events client = new Events();
    connectTo(
        path,
        TcpOptions.defaults(),
        c -> {
          client.listen(c);
          c.onData(data -> client.add("data " + data));
          c.end("hello");
        });

    client.areExactly("connect", "ready", "finish", "data hello", "end", "close false");
  }

  @Test
  void neitherEndHasAddresses() {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    serve(accepted::complete);
    TcpSocket client = connectTo(path, TcpOptions.defaults(), c -> {});
    TcpSocket other = accepted.orTimeout(5, TimeUnit.SECONDS).join();
    await().until(() -> !client.pending());

    for (TcpSocket socket : List.of(client, other)) {
      assertThat(socket.address()).isNull();
      assertThat(socket.localAddress()).isNull();
      assertThat(socket.localPort()).isZero();
      assertThat(socket.localFamily()).isNull();
      assertThat(socket.remote()).isNull();
      assertThat(socket.remoteAddress()).isNull();
      assertThat(socket.remotePort()).isZero();
      assertThat(socket.readyState()).isEqualTo("open");
      assertThat(socket).hasToString("TcpSocket open");
    }
    onLoop(() ->
        assertThat(
                client.setNoDelay(true).setKeepAlive(true).setTypeOfService(16).getTypeOfService())
            .isZero());
  }

  @Test
  void muchGoesThroughInOrderAndIsHeldBack() {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    serve(accepted::complete);
    Buffer all = bytes(5_000_000);
    TcpSocket client = connectTo(path, TcpOptions.defaults(), c -> {});
    TcpSocket reader = accepted.orTimeout(5, TimeUnit.SECONDS).join();
    onLoop(() -> assertThat(client.write(all)).isFalse());
    settle();
    assertThat(client.writableNeedDrain()).isTrue();
    client.onDrain(() -> events.add("drain"));
    List<Buffer> got = new CopyOnWriteArrayList<>();
    reader.onData(got::add);
    events.areExactly("drain");
    client.end();
    await().until(reader::closed);

    assertThat(Buffer.concat(got)).isEqualTo(all);
  }

  @Test
  void oneSideMayEndAndTheOtherGoOn() {
    Events server = new Events();
    serve(
        ListenOptions.path(path),
        HALF_OPEN,
        s -> {
          server.listen(s);
          s.onData(data -> server.add("data " + data));
          s.onEnd(() -> s.end("after your end"));
        });
    Events client = new Events();
    connectTo(
        path,
        TcpOptions.defaults(),
        c -> {
          client.listen(c);
          c.onData(data -> client.add("data " + data));
          c.end("x");
        });

    client.areExactly("connect", "ready", "finish", "data after your end", "end", "close false");
    server.areExactly("data x", "end", "finish", "close false");
  }

  @Test
  void destroyEndsTheOtherSideCleanly() {
    serve(TcpSocket::destroy);
    Events client = new Events();
    connectTo(path, TcpOptions.defaults(), client::listen).resume();

    client.areExactly("connect", "ready", "end", "finish", "close false");
  }

  @Test
  void thereIsNoReset() {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    serve(accepted::complete);
    TcpSocket client = connectTo(path, TcpOptions.defaults(), c -> {});
    TcpSocket other = accepted.orTimeout(5, TimeUnit.SECONDS).join();
    await().until(() -> !client.pending());

    for (TcpSocket socket : List.of(client, other)) {
      assertThatThrownBy(socket::resetAndDestroy)
          .isInstanceOfSatisfying(
              NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_INVALID_HANDLE_TYPE"));
      assertThat(socket.destroyed()).isFalse();
    }
  }

  @Test
  void overTheLimitAConnectionIsDroppedWithoutAddresses() {
    List<Drop> drops = new CopyOnWriteArrayList<>();
    TcpServer server = serve(TcpSocket::resume);
    server.maxConnections(0).farewell(Buffer.from("full")).onDrop(drops::add);
    settle();
    Events client = new Events();
    connectTo(
        path,
        TcpOptions.defaults(),
        c -> {
          client.listen(c);
          c.onData(data -> client.add("data " + data));
          c.write("I am here");
        });
    client.areExactly("connect", "ready", "data full", "end", "finish", "close false");

    assertThat(drops).containsExactly(new Drop(null, null, null));
  }

  @Test
  void aTextThatIsNoNumberIsAPath() throws Exception {
    TcpServer server = closedLater(Net.createServer(TcpSocket::end));
    CompletableFuture<Void> listening = new CompletableFuture<>();
    server.listen(path, () -> listening.complete(null));
    listening.get(5, TimeUnit.SECONDS);
    CompletableFuture<TcpSocket> told = new CompletableFuture<>();
    closedLater(Net.createConnection(path, told::complete));

    assertThat(told).succeedsWithin(5, TimeUnit.SECONDS);
  }

  // Node

  @Test
  void nodeConnectsToOurs() {
    serve(socket -> socket.pipe(socket));
    try (Peer node =
        Peer.node(
            """
            const c = require('net').connect(process.argv[1]);
            c.setEncoding('utf8');
            c.on('data', d => console.log(d)).on('close', e => console.log('close', e));
            c.end('from node');
            """,
            path)) {
      assertThat(node.rest()).containsExactly("from node", "close false");
    }
  }

  @Test
  void oursConnectsToNodes() {
    try (Peer node =
        Peer.node(
            """
            require('net').createServer(s => s.pipe(s))
              .listen({path: process.argv[1]}, () => console.log('listening'));
            """,
            path)) {
      assertThat(node.line()).isEqualTo("listening");
      Events client = new Events();
      connectTo(
          path,
          TcpOptions.defaults(),
          c -> {
            client.listen(c);
            c.onData(data -> client.add("data " + data));
            c.end("to node");
          });

      client.areExactly("connect", "ready", "finish", "data to node", "end", "close false");
      assertThat(listenFails(ListenOptions.path(path).withUnlinkStale(true)).code())
          .isEqualTo("EADDRINUSE");
    }
  }

  // The file

  @Test
  void closeRemovesTheFile() throws Exception {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    TcpServer server = serve(accepted::complete);
    assertThat(Path.of(path)).exists();
    connectTo(path, TcpOptions.defaults(), c -> {});
    accepted.get(5, TimeUnit.SECONDS);
    onLoop(() -> server.close());

    await().until(() -> !Files.exists(Path.of(path)));
    assertThat(accepted.join().destroyed()).isFalse();
    serve(TcpSocket::end);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLiveSocketIsInUseAndStays(boolean unlinkStale) {
    TcpServer first = serve(socket -> socket.end("first"));
    NetException failure = listenFails(ListenOptions.path(path).withUnlinkStale(unlinkStale));

    assertThat(failure).hasMessage("listen EADDRINUSE: address already in use " + path);
    assertThat(failure.code()).isEqualTo("EADDRINUSE");
    assertThat(failure.errno()).isEqualTo(-98);
    assertThat(failure.syscall()).isEqualTo("listen");
    assertThat(failure.address()).isEqualTo(path);
    assertThat(failure.port()).isEqualTo(-1);
    Events client = new Events();
    connectTo(path, TcpOptions.defaults(), client::listen).resume();
    client.await("close false");
    assertThat(first.listening()).isTrue();
  }

  @Test
  void aSocketWhoseQueueIsFullIsAliveToo() throws Exception {
    try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      UnixDomainSocketAddress at = UnixDomainSocketAddress.of(path);
      busy.bind(at, 1);
      List<SocketChannel> waiting = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          SocketChannel one = SocketChannel.open(StandardProtocolFamily.UNIX);
          waiting.add(one);
          one.configureBlocking(false);
          try {
            one.connect(at);
          } catch (IOException full) {
            break;
          }
        }
        assertThat(listenFails(ListenOptions.path(path).withUnlinkStale(true)).code())
            .isEqualTo("EADDRINUSE");
        assertThat(Path.of(path)).exists();
      } finally {
        for (SocketChannel one : waiting) {
          one.close();
        }
      }
    }
  }

  @Test
  void aStaleSocketIsInUseUnlessItMayBeRemoved() throws Exception {
    leaveStale(Path.of(path));
    assertThat(listenFails(ListenOptions.path(path)).getMessage())
        .isEqualTo("listen EADDRINUSE: address already in use " + path);
    assertThat(Path.of(path)).exists();
    serve(
        ListenOptions.path(path).withUnlinkStale(true), TcpOptions.defaults(), s -> s.end("alive"));
    Events client = new Events();
    connectTo(
        path,
        TcpOptions.defaults(),
        c -> {
          client.listen(c);
          c.onData(data -> client.add("data " + data));
        });

    client.areExactly("connect", "ready", "data alive", "end", "finish", "close false");
  }

  @Test
  void whereNothingIsToBeRemovedItListens() {
    serve(ListenOptions.path(path).withUnlinkStale(true), TcpOptions.defaults(), TcpSocket::end);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "directory", "fifo", "link", "dangling"})
  void whatIsNoSocketIsNeverRemoved(String kind) throws Exception {
    Path file = Path.of(path);
    switch (kind) {
      case "file" -> Files.writeString(file, "precious");
      case "directory" -> Files.createDirectory(file);
      case "fifo" -> assertThat(new ProcessBuilder("mkfifo", path).start().waitFor()).isZero();
      case "link" -> {
        Path stale = directory.resolve("stale");
        leaveStale(stale);
        Files.createSymbolicLink(file, stale);
      }
      default -> Files.createSymbolicLink(file, directory.resolve("nothing"));
    }
    for (boolean unlinkStale : new boolean[] {false, true}) {
      NetException failure = listenFails(ListenOptions.path(path).withUnlinkStale(unlinkStale));

      assertThat(failure).hasMessage("listen EADDRINUSE: address already in use " + path);
      assertThat(Files.exists(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
    if (kind.equals("file")) {
      assertThat(file).hasContent("precious");
    }
  }

  @Test
  void aServerThatFailedToListenRemovesNothing() {
    TcpServer first = serve(TcpSocket::end);
    TcpServer second = Net.createServer();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    second.onError(error -> {});
    onLoop(() -> {
      second.listen(path);
      second.close(nothing -> closed.complete(null));
    });
    assertThat(closed).succeedsWithin(5, TimeUnit.SECONDS);

    assertThat(Path.of(path)).exists();
    assertThat(first.listening()).isTrue();
  }

  @Test
  void aFileThatMayNotBeRemovedIsAnErrorAndNotSilence() throws Exception {
    // A stale socket in a directory that nobody may write to; root may, all the same.
    leaveStale(Path.of(path));
    Files.setPosixFilePermissions(
        directory, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE));
    try {
      assumeTrue(!Files.isWritable(directory), "the tests run as root");
      assertThat(listenFails(ListenOptions.path(path).withUnlinkStale(true)).code())
          .isEqualTo("EADDRINUSE");
    } finally {
      Files.setPosixFilePermissions(directory, Set.of(PosixFilePermission.values()));
    }
  }

  @Test
  void aMissingDirectoryIsNoPermission() {
    String nowhere = directory.resolve("none/a.sock").toString();
    NetException failure = listenFails(ListenOptions.path(nowhere));

    assertThat(failure).hasMessage("listen EACCES: permission denied " + nowhere);
    assertThat(failure.errno()).isEqualTo(-13);
    assertThat(failure.port()).isEqualTo(-1);
  }

  @Test
  void aFileInPlaceOfADirectoryIsNoPermissionToo() throws Exception {
    Path file = directory.resolve("file");
    Files.writeString(file, "x");

    assertThat(listenFails(ListenOptions.path(file + "/a.sock")).code()).isEqualTo("EACCES");
  }

  @Test
  void aPathHas107BytesAtTheMostAndOneLessOnNio() {
    int most = Transport.chosen() == Transport.NIO ? 106 : 107;
    String base = directory + "/";
    String longest = base + "é".repeat((most - base.length()) / 2);
    longest += "x".repeat(most - longest.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
    path = longest;
    TcpServer server = serve(TcpSocket::end);
    assertThat(server.address().host()).isEqualTo(longest);
    Events client = new Events();
    connectTo(longest, TcpOptions.defaults(), client::listen).resume();
    client.await("close false");
    server.close();
    NetException failure = listenFails(ListenOptions.path(longest + "y"));

    assertThat(failure.getMessage()).startsWith("listen EINVAL: invalid argument " + longest + "y");
    assertThat(failure.errno()).isEqualTo(-22);
    assertThat(connectFails(longest + "y"))
        .hasMessage("connect EINVAL " + longest + "y")
        .extracting(NetException::address)
        .isEqualTo(longest + "y");
    await().until(() -> !Files.exists(Path.of(path)));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aPathWithANulInsideIsRefused() {
    assertThat(listenFails(ListenOptions.path(path + "\0x")).code()).isEqualTo("EINVAL");
    assertThat(connectFails(path + "\0x").code()).isEqualTo("EINVAL");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void anEmptyPathIsABadPort() {
    assertThatThrownBy(() -> Net.createServer().listen(""))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_SOCKET_BAD_PORT"));
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, ",
    "true, false, OWNER_READ GROUP_READ OTHERS_READ",
    "false, true, OWNER_WRITE GROUP_WRITE OTHERS_WRITE",
    "true, true, OWNER_READ GROUP_READ OTHERS_READ OWNER_WRITE GROUP_WRITE OTHERS_WRITE"
  })
  void theFileIsOpenToThoseWhoMay(boolean readable, boolean writable, String expected)
      throws Exception {
    serve(
        ListenOptions.path(path).withReadableAll(readable).withWritableAll(writable),
        TcpOptions.defaults(),
        TcpSocket::end);
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(Path.of(path));
    if (expected != null) {
      for (String one : expected.split(" ", -1)) {
        assertThat(mode).contains(PosixFilePermission.valueOf(one));
      }
    }
    assertThat(mode.contains(PosixFilePermission.OTHERS_WRITE)).isEqualTo(writable);
  }

  @Test
  void theAbstractNamespaceLeavesNoFile() {
    assumeTrue(Transport.chosen() == Transport.EPOLL, "only epoll knows it");
    String name = "\0netloop-test-" + ProcessHandle.current().pid();
    serve(ListenOptions.path(name), TcpOptions.defaults(), s -> s.end("abstract"));
    Events client = new Events();
    connectTo(
        name,
        TcpOptions.defaults(),
        c -> {
          client.listen(c);
          c.onData(data -> client.add("data " + data));
        });
    client.areExactly("connect", "ready", "data abstract", "end", "finish", "close false");

    assertThat(listenFails(ListenOptions.path(name).withUnlinkStale(true)).code())
        .isEqualTo("EADDRINUSE");
  }

  // Connecting

  @Test
  void nothingIsThere() {
    NetException failure = connectFails(path);

    assertThat(failure).hasMessage("connect ENOENT " + path);
    assertThat(failure.code()).isEqualTo("ENOENT");
    assertThat(failure.errno()).isEqualTo(-2);
    assertThat(failure.syscall()).isEqualTo("connect");
    assertThat(failure.address()).isEqualTo(path);
    assertThat(failure.port()).isNull();
    assertThat(failure.errors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobodyListens(boolean socket) throws Exception {
    if (socket) {
      leaveStale(Path.of(path));
    } else {
      Files.writeString(Path.of(path), "x");
    }
    NetException failure = connectFails(path);

    assertThat(failure).hasMessage("connect ECONNREFUSED " + path);
    assertThat(failure.errno()).isEqualTo(-111);
    assertThat(failure.port()).isNull();
  }

  @Test
  void aFailureTellsErrorAndCloseOnly() {
    Events client = new Events();
    connectTo(path, TcpOptions.defaults(), client::listen);

    client.areExactly("error ENOENT", "close true");
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  @Test
  void aQueueThatIsFullIsWaitedForOrToldOf() throws Exception {
    try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      busy.bind(UnixDomainSocketAddress.of(path), 1);
      List<TcpSocket> sockets = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        sockets.add(
            connectTo(
                path,
                TcpOptions.defaults(),
                c -> c.onError(error -> events.add(error.getMessage()))));
      }
      settle();
      assertThat(events.list()).allMatch(text -> text.equals("connect EAGAIN " + path));
      sockets.forEach(TcpSocket::destroy);
    }
  }
}
