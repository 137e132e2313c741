package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.Stdio;
import io.netloop.loop.Workers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long workers keep a program alive: each program is a JVM of its own. */
@Tag("once")
class WorkersLifeTest {

  /** Workers that talk once, and are closed. */
  static final class ClosedWorkers {
    public static void main(String... arguments) {
      AtomicInteger listening = new AtomicInteger();
      Workers[] workers = new Workers[1];
      workers[0] =
          Workers.fork(
              2,
              () -> {
                Loop.current().setInterval(1000, () -> {});
                TcpServer server = Net.createServer(socket -> socket.end("hello"));
                server.listen(
                    0,
                    "127.0.0.1",
                    () -> {
                      if (listening.incrementAndGet() == 2) {
                        Net.createConnection(server.address().port(), "127.0.0.1")
                            .onData(data -> System.out.println(data))
                            .onClose(cause ->
                                workers[0]
                                    .close(Duration.ofSeconds(5))
                                    .thenRun(() -> System.out.println("closed")));
                      }
                    });
              });
    }
  }

  @Test
  void endsWhenItsWorkersAreClosed() {
    assertThat(Jvm.run(ClosedWorkers.class)).containsExactly("hello", "closed", "exit 0");
  }

  @Test
  void endsWhenItsWorkersAreClosedOnNioToo() {
    assertThat(Jvm.run(ClosedWorkers.class, "-Dnetloop.transport=nio"))
        .containsExactly("hello", "closed", "exit 0");
  }

  /** The output, first used by a worker that ends. */
  static final class OutputOfAWorker {
    public static void main(String... arguments) {
      CompletableFuture<Void> written = new CompletableFuture<>();
      Workers workers =
          Workers.fork(
              1,
              () ->
                  Stdio.stdout().write(Buffer.from("worker\n"), failure -> written.complete(null)));
      written
          .thenCompose(nothing -> workers.close(Duration.ofSeconds(5)))
          .thenRun(() -> Stdio.stdout().write("after it\n"));
    }
  }

  @Test
  void theTerminalOutlivesTheWorkerThatAskedForItFirst() {
    assertThat(Jvm.run(OutputOfAWorker.class)).containsExactly("worker", "after it", "exit 0");
  }

  /** Workers with nothing open. */
  static final class IdleWorkers {
    public static void main(String... arguments) {
      Workers.fork(4, () -> System.out.println("idle"));
    }
  }

  @Test
  void endsThoughWorkersRunThatHaveNothingOpen() {
    assertThat(Jvm.run(IdleWorkers.class))
        .containsExactly("idle", "idle", "idle", "idle", "exit 0");
  }

  /** One setup throws. */
  static final class FailedWorkers {
    public static void main(String... arguments) {
      Workers.fork(
              1,
              () -> {
                Net.createServer().listen(0);
                Loop.current().setInterval(1000, () -> {});
                throw new IllegalStateException("mine");
              })
          .close(Duration.ZERO)
          .thenRun(() -> System.out.println("closed"));
    }
  }

  @Test
  void endsWithTheWorkersWhoseSetupHasFailed() {
    assertThat(Jvm.run(FailedWorkers.class))
        .endsWith("exit 0")
        .contains("closed")
        .anyMatch(line -> line.contains("IllegalStateException: mine"));
  }

  /** A worker listens. */
  static final class ListeningWorkers {
    public static void main(String... arguments) {
      Workers.fork(2, () -> Net.createServer().listen(0, () -> System.out.println("listening")));
    }
  }

  @Test
  void staysWhileAWorkerListens() {
    try (Peer peer = Jvm.start(ListeningWorkers.class)) {
      peer.line();
      peer.line();
      assertThat(peer.exit()).failsWithin(Duration.ofMillis(400));
    }
  }
}
