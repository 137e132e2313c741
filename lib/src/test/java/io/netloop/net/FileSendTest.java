package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.CaptureFile;
import io.netloop.engine.Transport;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of files on their way through a socket. */
class FileSendTest extends TcpTest {
  private static final int LONG = 3_000_000;
  private static final long MOST_CAPTURED = 256 << 20;

  @TempDir private Path dir;

  private final List<FileChannel> opened = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void everyFileWasGivenBack() throws IOException {
    closeWhatIsOpen();
    await().untilAsserted(() -> assertThat(told).hasSameSizeAs(opened));
    for (FileChannel file : opened) {
      file.close();
    }
  }

  @Test
  void aFileArrivesBetweenTheBytesBeforeAndBehindIt() throws IOException {
    FileChannel file = open(bytes(LONG));

    byte[] got =
        receive(socket -> {
          socket.write("before ");
          send(socket, file, 10, LONG - 20);
          socket.write(" behind");
          socket.end();
        });

    assertThat(got).isEqualTo(join("before ", bytes(LONG), 10, LONG - 10, " behind"));
    assertThat(told).containsExactly("sent");
  }

  @Test
  void filesAndBytesKeepTheirOrder() throws IOException {
    FileChannel first = open(Buffer.from("one"));
    FileChannel second = open(bytes(LONG));
    FileChannel third = open(Buffer.from("three"));

    byte[] got =
        receive(socket -> {
          send(socket, first, 0, 3);
          send(socket, second, 0, LONG);
          socket.write("|");
          send(socket, third, 1, 3);
          send(socket, third, 0, 0);
          send(socket, second, LONG - 1, 1);
          socket.end();
        });

    assertThat(got).hasSize(3 + LONG + 1 + 3 + 1);
    assertThat(new String(got, 3 + LONG, 4, StandardCharsets.UTF_8)).isEqualTo("|hre");
    assertThat(got[got.length - 1]).isEqualTo(bytes(LONG).toByteArray()[LONG - 1]);
    opened.add(third); // It was sent twice,
    opened.add(second); // and so was this one.
  }

  @Test
  void aCapturingSocketReadsTheFileAndTheCaptureHasItInOrder() throws IOException {
    FileChannel file = open(bytes(LONG));
    FileChannel small = open(Buffer.from("small"));
    Path packets = dir.resolve("file.pcap");
    Capture capture = Capture.to(packets, MOST_CAPTURED);
    byte[] got =
        receive(socket -> {
          socket.capture(capture);
          socket.write("before ");
          send(socket, file, 0, LONG);
          socket.write(" between ");
          send(socket, small, 0, 5);
          socket.write(" behind");
          socket.end();
        });
    capture.close().orTimeout(10, TimeUnit.SECONDS).join();

    byte[] sent = join("before ", bytes(LONG), 0, LONG, " between small behind");
    assertThat(got).isEqualTo(sent);
    assertThat(sent(packets)).isEqualTo(sent);
  }

  @Test
  void aCaptureThatBeginsWhileAFileIsSentHasTheRestInOrder() throws Exception {
    FileChannel file = open(bytes(LONG * 10));
    Path packets = dir.resolve("late.pcap");
    Capture capture = Capture.to(packets, MOST_CAPTURED);
    Pair pair = pair();
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    onLoop(() -> {
      send(pair.accepted(), file, 0, LONG * 10);
      pair.accepted().write("behind");
    });
    settle();
    assertThat(pair.accepted().writableLength()).isPositive();
    onLoop(() -> {
      pair.accepted().capture(capture);
      pair.accepted().end("!");
      pair.client().onData(data -> got.writeBytes(data.toByteArray()));
    });
    await().atMost(Duration.ofSeconds(30)).until(() -> pair.client().closed());
    capture.close().orTimeout(10, TimeUnit.SECONDS).join();

    byte[] all = got.toByteArray();
    byte[] captured = sent(packets);
    assertThat(all).hasSize(LONG * 10 + 7);
    assertThat(captured.length).isBetween(LONG, LONG * 10);
    assertThat(captured)
        .isEqualTo(Arrays.copyOfRange(all, all.length - captured.length, all.length));
  }

  @Test
  void aFileCountsAsQueuedButNotAgainstTheLimits() throws IOException {
    FileChannel file = sparse(1L << 34);
    Pair pair = pair();
    onLoop(() -> {
      send(pair.accepted(), file, 0, 1L << 34);
      assertThat(pair.accepted().write("behind")).isFalse();
      assertThat(pair.accepted().writableNeedDrain()).isTrue();
      assertThat(pair.accepted().bytesWritten()).isEqualTo((1L << 34) + 6);
    });
    settle();

    assertThat(pair.accepted().destroyed()).isFalse();
    assertThat(pair.accepted().writableLength()).isGreaterThan(1L << 33);
  }

  @Test
  void theCloseCauseTellsHowMuchOfTheFileIsUnsent() throws IOException {
    FileChannel file = open(bytes(LONG * 10));
    Pair pair = pair();
    CompletableFuture<CloseCause> cause = new CompletableFuture<>();
    AtomicLong received = new AtomicLong();
    onLoop(() -> {
      pair.accepted().onClose(cause::complete);
      send(pair.accepted(), file, 0, LONG * 10);
    });
    settle();
    onLoop(() -> pair.accepted().destroy());
    onLoop(() -> pair.client().onData(data -> received.addAndGet(data.length())));
    await().until(() -> pair.client().closed());

    assertThat(cause.join().queuedBytes()).isPositive();
    // io_uring tells of what it has sent when it is done with a chunk of the file.
    int untold = Transport.chosen() == Transport.IO_URING ? 512 * 1024 : 0;
    assertThat(received.get() + cause.join().queuedBytes())
        .isBetween(LONG * 10L, LONG * 10L + untold);
    await().untilAsserted(() -> assertThat(told).containsExactly("ERR_STREAM_DESTROYED"));
  }

  @Test
  void aFileIsGivenBackWhenThePeerVanishes() throws IOException {
    FileChannel file = sparse(1L << 33);
    Pair pair = pair();
    onLoop(() -> pair.accepted().onError(error -> {}));
    onLoop(() -> send(pair.accepted(), file, 0, 1L << 33));
    settle();
    assertThat(told).isEmpty();
    onLoop(() -> pair.client().resetAndDestroy());

    await().untilAsserted(() -> assertThat(told).hasSize(1));
    assertThat(told.getFirst()).isIn("ECONNRESET", "EPIPE");
  }

  @Test
  void aFileThatBecomesShorterEndsTheConnection() throws IOException {
    FileChannel file = open(bytes(LONG * 10));
    shorten(pair(), file);
  }

  @Test
  void aFileThatBecomesShorterEndsACapturedConnection() throws IOException {
    FileChannel file = open(bytes(LONG * 10));
    Pair pair = pair();
    Capture capture = Capture.to(dir.resolve("short.pcap"));
    onLoop(() -> pair.accepted().capture(capture));
    shorten(pair, file);
    capture.close().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private void shorten(Pair pair, FileChannel file) throws IOException {
    CompletableFuture<CloseCause> cause = new CompletableFuture<>();
    AtomicLong received = new AtomicLong();
    onLoop(() -> {
      pair.accepted().onError(error -> {}).onClose(cause::complete);
      pair.client().onError(error -> {});
      send(pair.accepted(), file, 0, LONG * 10);
    });
    settle();
    file.truncate(100);
    onLoop(() -> pair.client().onData(data -> received.addAndGet(data.length())));

    CloseCause why = cause.orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(why.code()).isEqualTo("ERR_FILE_CUT_SHORT");
    assertThat(why.by()).isEqualTo(CloseCause.By.US);
    await().until(() -> pair.client().closed());
    assertThat(received.get()).isLessThan(LONG * 10);
    await().untilAsserted(() -> assertThat(told).containsExactly("ERR_FILE_CUT_SHORT"));
  }

  @Test
  void aFastReceiverOfAFileLeavesOthersTheirTurn() throws IOException {
    FileChannel file = sparse(4L << 30);
    Pair fast = pair();
    Pair other = pair();
    AtomicLong received = new AtomicLong();
    AtomicLong echoes = new AtomicLong();
    onLoop(() -> {
      fast.client().onData(data -> received.addAndGet(data.length()));
      other.accepted().pipe(other.accepted());
      other
          .client()
          .onData(data -> {
            if (echoes.incrementAndGet() < 50) {
              other.client().write("x");
            }
          });
      send(fast.accepted(), file, 0, 4L << 30);
      other.client().write("x");
    });

    await().until(() -> echoes.get() == 50);
    assertThat(received.get()).isLessThan(4L << 30);
  }

  @Test
  void writingAFileAfterTheEndGivesItBackWithTheReason() throws IOException {
    FileChannel file = open(Buffer.from("late"));
    Pair pair = pair();
    onLoop(() -> {
      pair.accepted().onError(error -> {});
      pair.accepted().end();
      send(pair.accepted(), file, 0, 4);
    });

    await().untilAsserted(() -> assertThat(told).containsExactly("ERR_STREAM_WRITE_AFTER_END"));
  }

  @Test
  void aFileCanBeWrittenFromAnotherThread() throws IOException {
    FileChannel file = open(Buffer.from("from afar"));
    byte[] got;
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    TcpServer server = listen(accepted::complete);
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    TcpSocket client =
        connect(server, socket -> socket.onData(data -> heard.writeBytes(data.toByteArray())));
    send(accepted.join(), file, 5, 4);
    accepted.join().end();
    await().until(client::closed);
    got = heard.toByteArray();

    assertThat(new String(got, StandardCharsets.UTF_8)).isEqualTo("afar");
  }

  @Test
  void negativeNumbersAreRefused() throws IOException {
    Pair pair = pair();
    FileChannel file = FileChannel.open(Files.createFile(dir.resolve("none")));
    assertThatThrownBy(() -> pair.client().writeFile(file, -1, 4, failure -> {}))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.code()).isEqualTo("ERR_OUT_OF_RANGE"))
        .hasMessageContaining("not 4 bytes from -1 on");
    file.close();
  }

  // What the tests need

  private void send(TcpSocket socket, FileChannel file, long position, long length) {
    Consumer<@Nullable NetException> note =
        failure -> told.add(failure == null ? "sent" : failure.code());
    socket.writeFile(file, position, length, note);
  }

  /** Everything that a client hears from a server that does this. */
  private byte[] receive(Consumer<TcpSocket> onConnection) {
    TcpServer server = listen(onConnection);
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    TcpSocket client =
        connect(server, socket -> socket.onData(data -> heard.writeBytes(data.toByteArray())));
    await().atMost(Duration.ofSeconds(30)).until(client::closed);
    return heard.toByteArray();
  }

  private FileChannel open(Buffer content) throws IOException {
    Path path = Files.createTempFile(dir, "sent", ".bin");
    Files.write(path, content.toByteArray());
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    opened.add(file);
    return file;
  }

  private FileChannel sparse(long length) throws IOException {
    FileChannel file = open(Buffer.empty());
    file.write(ByteBuffer.wrap(new byte[1]), length - 1);
    return file;
  }

  private static byte[] join(String before, Buffer middle, int from, int to, String behind) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(before.getBytes(StandardCharsets.UTF_8));
    all.write(middle.toByteArray(), from, to - from);
    all.writeBytes(behind.getBytes(StandardCharsets.UTF_8));
    return all.toByteArray();
  }

  /** What the accepted side has sent, by a capture. */
  private static byte[] sent(Path packets) {
    return CaptureFile.conversations(packets).getFirst().saidByServer();
  }
}
