package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What keeps a program alive, shown by programs: each is a JVM of its own. */
@Tag("once")
class ProcessLifeTest {

  /** A server that was closed keeps nothing alive. */
  static final class ClosedServer {
    public static void main(String... arguments) {
      TcpServer server = Net.createServer(socket -> {});
      server.listen(0, () -> server.close(e -> print("closed")));
    }
  }

  @Test
  void endsWhenItsOnlyServerIsClosed() {
    assertThat(Jvm.run(ClosedServer.class)).containsExactly("closed", "exit 0");
  }

  @Test
  void aTransportThatIsNoneIsToldInOneSentence() {
    assertThat(Jvm.run(ClosedServer.class, "-Dnetloop.transport=foo"))
        .startsWith(
            "Exception in thread \"main\" java.lang.IllegalArgumentException:"
                + " -Dnetloop.transport must be epoll, io_uring, kqueue or nio, not 'foo'.")
        .noneMatch(line -> line.contains("Caused by"))
        .endsWith("exit 1");
  }

  /** Nothing at all was made. */
  static final class Nothing {
    public static void main(String... arguments) {
      print(Loop.current().name());
    }
  }

  @Test
  void endsWhenNothingWasEverOpen() {
    assertThat(Jvm.run(Nothing.class)).containsExactly("loop", "exit 0");
  }

  /** A server that listens. */
  static final class ListeningServer {
    public static void main(String... arguments) {
      Net.createServer(TcpSocket::end).listen(0, () -> print("listening"));
    }
  }

  @Test
  void staysWhileAServerListens() {
    staysAfter(ListeningServer.class, "listening");
  }

  /** A server that listens again in its 'close'. */
  static final class ListensAgain {
    public static void main(String... arguments) {
      TcpServer server = Net.createServer(TcpSocket::end);
      server.listen(
          0,
          "127.0.0.1",
          () -> server.close(e -> server.listen(0, "127.0.0.1", () -> print("again"))));
    }
  }

  @Test
  void staysWhileAServerListensThatWasClosedBefore() {
    staysAfter(ListensAgain.class, "again");
  }

  /** A server out of the count, with a connection in it. */
  static final class UnrefdServerWithConnection {
    public static void main(String... arguments) {
      TcpServer server = Net.createServer(socket -> print("connected"));
      server.unref();
      server.listen(0, () -> Net.createConnection(server.address().port()));
    }
  }

  @Test
  void staysForAnOpenConnectionOfAServerThatIsOutOfTheCount() {
    staysAfter(UnrefdServerWithConnection.class, "connected");
  }

  /** Everything is out of the count, and still open. */
  static final class AllUnrefd {
    public static void main(String... arguments) {
      TcpServer server =
          Net.createServer(socket -> {
            socket.unref();
            print("both there");
          });
      server.listen(
          0,
          () ->
              Net.createConnection(
                  server.address().port(),
                  socket -> {
                    socket.unref().unref();
                    server.unref();
                    print("unref");
                  }));
    }
  }

  @Test
  void endsThoughItStillListensWhenEverythingIsOutOfTheCount() {
    assertThat(Jvm.run(AllUnrefd.class)).endsWith("exit 0").contains("both there", "unref");
  }

  /** A timer and an interval that end. */
  static final class PendingTimer {
    public static void main(String... arguments) {
      Loop loop = Loop.current();
      loop.setInterval(1000, () -> print("never")).unref();
      Timer interval = loop.setInterval(10, () -> {});
      loop.setTimeout(
          Duration.ofMillis(150),
          () -> {
            print("timer");
            interval.clear();
          });
    }
  }

  @Test
  void staysForTimersAndEndsWithTheLastOne() {
    assertThat(Jvm.run(PendingTimer.class)).containsExactly("timer", "exit 0");
  }

  /** Work under way on another thread, whose result makes more work. */
  static final class PendingOffload {
    public static void main(String... arguments) {
      Loop.offload(
              () -> {
                TimeUnit.MILLISECONDS.sleep(100);
                return "result";
              })
          .onResult(result -> {
            print(result);
            Loop.current().setImmediate(() -> print("immediate"));
          });
    }
  }

  @Test
  void staysForWorkUnderWayAndForItsResult() {
    assertThat(Jvm.run(PendingOffload.class)).containsExactly("result", "immediate", "exit 0");
  }

  /** The last counted thing goes in the middle of a listener, which has more to do. */
  static final class MoreToDo {
    public static void main(String... arguments) {
      Loop loop = Loop.current();
      Timer[] timer = new Timer[1];
      timer[0] =
          loop.setInterval(
              300,
              () -> {
                timer[0].clear();
                long start = System.nanoTime();
                while (System.nanoTime() - start < 50_000_000) {
                  Thread.onSpinWait();
                }
                loop.nextTick(() -> print("tick"));
                loop.execute(() -> {
                  print("task");
                  loop.execute(() -> loop.nextTick(() -> print("its task's tick")));
                });
                print("listener");
              });
    }
  }

  @Test
  void endsAfterTheListenerThatIsRunningAndWhatItHasPutOff() {
    assertThat(Jvm.run(MoreToDo.class))
        .containsExactly("listener", "tick", "task", "its task's tick", "exit 0");
  }

  /** A client that ends; its listeners are told before the program is over. */
  static final class WholeTalk {
    public static void main(String... arguments) {
      TcpServer server = Net.createServer(socket -> socket.pipe(socket));
      server.listen(
          0,
          () ->
              Net.createConnection(
                  server.address().port(),
                  socket -> {
                    socket.onData(data -> print("echo " + data));
                    socket.onClose(cause -> {
                      print("close " + cause.code());
                      server.close(e -> print("server closed"));
                    });
                    socket.end("hello");
                  }));
    }
  }

  @Test
  void tellsEverythingBeforeItEnds() {
    assertThat(Jvm.run(WholeTalk.class))
        .containsExactly("echo hello", "close END", "server closed", "exit 0");
  }

  /** A socket that connects again in its 'close' listener stays counted. */
  static final class ConnectsAgain {
    public static void main(String... arguments) {
      int[] closes = {0};
      // Nothing but the client is counted.
      TcpServer server =
          Net.createServer(peer -> Loop.current().setTimeout(200, peer.unref()::end).unref());
      server.unref();
      server.listen(
          0,
          () -> {
            ConnectOptions to = ConnectOptions.port(server.address().port());
            TcpSocket socket = new TcpSocket();
            socket
                .resume()
                .onClose(cause -> {
                  print("close " + ++closes[0]);
                  if (closes[0] < 3) {
                    socket.connect(to);
                  }
                });
            socket.connect(to);
          });
    }
  }

  @Test
  void staysForASocketThatConnectsAgain() {
    assertThat(Jvm.run(ConnectsAgain.class))
        .containsExactly("close 1", "close 2", "close 3", "exit 0");
  }

  /** A listener throws, and nothing is left open. */
  static final class Uncaught {
    public static void main(String... arguments) {
      Thread.setDefaultUncaughtExceptionHandler(
          (thread, failure) -> print("uncaught " + failure.getMessage()));
      Loop.current()
          .setTimeout(
              300,
              () -> {
                throw new IllegalStateException("oops");
              });
    }
  }

  @Test
  void endsWithTheStatusOfAFailureWhereOneIsAskedFor() {
    assertThat(Jvm.run(Uncaught.class, "-Dnetloop.failureStatus=1"))
        .containsExactly("uncaught oops", "exit 1");
    assertThat(Jvm.run(Uncaught.class)).containsExactly("uncaught oops", "exit 0");
    assertThat(Jvm.run(PendingTimer.class, "-Dnetloop.failureStatus=1"))
        .containsExactly("timer", "exit 0");
  }

  /** The error of a server that nobody listens for. */
  static final class NoErrorListener {
    public static void main(String... arguments) {
      TcpServer first = Net.createServer();
      first.unref();
      first.listen(0, () -> Net.createServer().listen(first.address().port()));
    }
  }

  @Test
  void aPortThatIsTakenEndsAProgramThatDoesNotListenForIt() {
    List<String> lines = Jvm.run(NoErrorListener.class, "-Dnetloop.failureStatus=1");

    assertThat(lines.getFirst())
        .startsWith("Exception in thread \"loop\" io.netloop.loop.NetException: listen EADDRINUSE");
    assertThat(lines).endsWith("exit 1");
  }

  /** So few descriptors that accepting runs out of them. */
  static final class OutOfDescriptors {
    public static void main(String... arguments) {
      List<TcpSocket> accepted = new ArrayList<>();
      TcpServer server = Net.createServer(accepted::add);
      server.onError(error -> {
        print("error " + error.getMessage());
        accepted.forEach(TcpSocket::destroy);
        accepted.clear();
        server.onConnection(socket -> {
          print("accepts again");
          System.exit(0);
        });
      });
      // A failure now, so that no class of failures has to be read when no file can be opened.
      Net.createConnection(1, "127.0.0.1")
          .onError(error ->
              server.listen(0, "127.0.0.1", () -> print("port " + server.address().port())));
    }
  }

  @Test
  void outOfDescriptorsAServerRestsAndAcceptsAgain() throws Exception {
    List<Socket> clients = new ArrayList<>();
    List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 150; exec \"$@\"", "sh"));
    command.addAll(Jvm.command(OutOfDescriptors.class));
    try (Peer peer = Peer.of(command.toArray(new String[0]))) {
      String line = peer.line();
      int port = Integer.parseInt(line.substring("port ".length()));
      for (int i = 0; i < 160; i++) {
        clients.add(new Socket("127.0.0.1", port));
      }
      assertThat(peer.line()).isEqualTo("error accept EMFILE");
      assertThat(peer.rest()).contains("accepts again");
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static void staysAfter(Class<?> program, String line) {
    try (Peer peer = Jvm.start(program)) {
      assertThat(peer.line()).isEqualTo(line);
      assertThat(peer.exit()).failsWithin(Duration.ofMillis(400));
      assertThat(peer.isAlive()).isTrue();
    }
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
