package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files that vanish, shrink or are none, clients that leave; and that nothing stays open. */
class FileFailuresTest extends StaticTest {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** How many descriptors of this process are open files of the test. */
  private long openFiles() throws IOException {
    assumeThat(DESCRIPTORS).exists();
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.filter(this::isOfTheTest).count();
    }
  }

  private boolean isOfTheTest(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(dir);
    } catch (IOException closed) {
      return false;
    }
  }

  private void nothingStaysOpen() {
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(openFiles()).isZero());
  }

  @Test
  void whatNobodyAsksForIsClosedSoon() throws IOException {
    for (int i = 0; i < 10; i++) {
      sparse("f" + i + ".bin", 100_000);
    }
    serve(PLAIN);
    for (int i = 0; i < 10; i++) {
      assertThat(get("/f" + i + ".bin").body()).hasSize(100_000);
    }
    nothingStaysOpen();
  }

  @Test
  void withoutACacheEachFileIsClosedWhenItIsSent() throws IOException {
    sparse("f.bin", 100_000);
    serve(PLAIN.withKeptFor(Duration.ZERO));
    for (int i = 0; i < 10; i++) {
      assertThat(get("/f.bin").body()).hasSize(100_000);
      head("/f.bin");
      get("/f.bin", "If-None-Match: *");
      get("/f.bin", "Range: bytes=5-,1-2,90-99");
      get("/f.bin", "Range: bytes=100000-");
    }
    nothingStaysOpen();
  }

  @Test
  void aFileThatBecomesShorterEndsTheConnection() throws IOException {
    Path file = sparse("f.bin", 200_000_000);
    serve(PLAIN);
    Socket socket = connect();
    socket.setReceiveBufferSize(16 * 1024);
    send(socket, "GET /f.bin HTTP/1.1\r\nHost: h\r\n\r\n");
    hear(socket, "\r\n\r\n");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(1_000);
    }
    long heard = 0;
    byte[] bytes = new byte[1 << 16];
    try {
      for (int length; (length = socket.getInputStream().read(bytes)) >= 0; ) {
        heard += length;
      }
    } catch (IOException reset) {
      // The end as well.
    }
    assertThat(heard).isLessThan(200_000_000);
    nothingStaysOpen();
    await().until(() -> get("/f.bin").body().length() == 1_000);
  }

  @Test
  void aFileThatIsDeletedWhileItIsSentArrivesWhole() throws IOException {
    Path file = sparse("f.bin", 20_000_000);
    serve(PLAIN);
    Socket socket = connect();
    send(socket, "GET /f.bin HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    String begin = hear(socket, "\r\n\r\n");
    Files.delete(file);
    String rest = hearAll(socket);
    assertThat(begin.length() - begin.indexOf("\r\n\r\n") - 4 + rest.length())
        .isEqualTo(20_000_000);
    await().until(() -> get("/f.bin").status() == 404);
    nothingStaysOpen();
  }

  @Test
  void aClientThatLeavesInTheMiddleCostsNoDescriptor() throws IOException {
    sparse("f.bin", 500_000_000);
    serve(PLAIN);
    for (int i = 0; i < 20; i++) {
      Socket socket = connect();
      socket.setReceiveBufferSize(16 * 1024);
      send(socket, "GET /f.bin HTTP/1.1\r\nHost: h\r\n\r\n");
      hear(socket, "\r\n\r\n");
      if (i % 2 == 0) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    }
    assertThat(get("/f.bin", "Range: bytes=0-9").body()).hasSize(10);
    nothingStaysOpen();
  }

  @Test
  void aClientThatLeavesBeforeTheFileIsFoundCostsNoDescriptor() throws IOException {
    sparse("f.bin", 500_000);
    serve(PLAIN.withKeptFor(Duration.ZERO));
    for (int i = 0; i < 50; i++) {
      Socket socket = connect();
      socket.setSoLinger(true, 0);
      send(socket, "GET /f.bin HTTP/1.1\r\nHost: h\r\n\r\n");
      socket.close();
    }
    assertThat(get("/f.bin").status()).isEqualTo(200);
    nothingStaysOpen();
  }

  @Test
  void whatIsNoRegularFileIsNeverOpened() throws Exception {
    Path pipe = root.resolve("pipe");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assumeThat(mkfifo.waitFor()).isZero();
    Files.createSymbolicLink(root.resolve("zero"), Path.of("/dev/zero"));
    Files.createSymbolicLink(root.resolve("null"), Path.of("/dev/null"));
    Files.createSymbolicLink(root.resolve("tty"), Path.of("/dev/tty"));
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(root.resolve("socket")));
      app.use("/free", StaticFiles.from(root, PLAIN.withFollowSymlinks(true).withIndex("pipe")));
      app.use(StaticFiles.from(root));
      for (String name : List.of("pipe", "zero", "null", "tty", "socket")) {
        assertThat(get("/" + name).status()).describedAs(name).isEqualTo(404);
        assertThat(get("/free/" + name).status()).describedAs(name).isEqualTo(404);
      }
      assertThat(get("/free/").status()).isEqualTo(404);
    }
  }

  @Test
  void filesOfProcAreAsEmptyAsTheySay() throws IOException {
    assumeThat(Path.of("/proc/self/environ")).exists();
    app.use("/proc", StaticFiles.from(Path.of("/proc"), PLAIN.withFollowSymlinks(true)));
    Answer answer = get("/proc/self/environ");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Length")).isEqualTo("0");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void manyWhoAskForTheSameAreAllAnswered() throws Exception {
    sparse("f.bin", 100_000);
    serve(PLAIN);
    port();
    List<Thread> all =
        Stream.generate(() -> Thread.ofVirtual().unstarted(this::askOften)).limit(16).toList();
    all.forEach(Thread::start);
    for (Thread thread : all) {
      thread.join();
    }
    assertThat(told).isEmpty();
    nothingStaysOpen();
  }

  private void askOften() {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      for (int i = 0; i < 50; i++) {
        send(socket, "GET /f.bin HTTP/1.1\r\nHost: h\r\n\r\n");
        if (next(socket).body().length() != 100_000) {
          told.add("short");
        }
      }
    } catch (IOException failure) {
      told.add(failure.toString());
    }
  }

  @Test
  void aFullCacheServesTheRestWithoutIt() throws IOException {
    for (int i = 0; i < 1_100; i++) {
      file("f" + i, "" + i);
    }
    serve(PLAIN.withKeptFor(Duration.ofMinutes(1)));
    try (Socket socket = new Socket("127.0.0.1", port())) {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 1_100; i++) {
          send(socket, "GET /f" + i + " HTTP/1.1\r\nHost: h\r\n\r\n");
          assertThat(next(socket).body()).isEqualTo("" + i);
        }
      }
    }
    nothingStaysOpen();
  }

  @Test
  void manyNamesOfOneFileKeepFewDescriptors() throws IOException {
    sparse("f.bin", 100_000);
    serve(PLAIN.withKeptFor(Duration.ofMinutes(1)));
    try (Socket socket = new Socket("127.0.0.1", port())) {
      for (int i = 1; i <= 300; i++) {
        send(socket, "HEAD " + "/".repeat(i) + "f.bin HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(nextHead(socket).status()).isEqualTo(200);
      }
      assertThat(openFiles()).isBetween(1L, 140L);
    }
    nothingStaysOpen();
  }
}
