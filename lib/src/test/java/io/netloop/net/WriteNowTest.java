package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.engine.SocketAccess;
import io.netloop.engine.Transport;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes that need not wait, from an array that is used for something else right after. */
class WriteNowTest extends TcpTest {
  private static final SocketAccess<TcpSocket> SOCKETS = SocketAccess.of(TcpSocket.class);

  private final List<Buffer> heard = new CopyOnWriteArrayList<>();

  private static void writeNow(TcpSocket socket, String text) {
    byte[] array = ("..." + text + "...").getBytes(StandardCharsets.ISO_8859_1);
    SOCKETS.writeNow(socket, array, 3, array.length - 6);
    Arrays.fill(array, (byte) '#');
  }

  private String heard() {
    return Buffer.concat(heard).toString();
  }

  @Test
  void arriveUnchangedHoweverSlowlyThePeerReads() {
    Pair pair = pair();
    AtomicInteger drains = new AtomicInteger();
    StringBuilder all = new StringBuilder();
    onLoop(() -> {
      pair.client().onDrain(drains::incrementAndGet);
      for (int i = 0; i < 100; i++) {
        String text = Integer.toString(1000 + i).repeat(25_000);
        all.append(text);
        writeNow(pair.client(), text);
      }
      assertThat(pair.client().writableNeedDrain()).isTrue();
      assertThat(pair.client().writableLength()).isPositive();
    });
    pair.accepted().onData(heard::add);

    await().until(() -> pair.accepted().bytesRead() == all.length());
    await().until(() -> drains.get() > 0);
    settle();
    assertThat(heard()).isEqualTo(all.toString());
    assertThat(drains).hasValue(1);
  }

  @Test
  void leaveAtOnceWhereNothingIsBetweenHereAndTheSystem() {
    Pair pair = pair();
    pair.accepted().onData(heard::add);
    boolean straight = Transport.chosen() == Transport.EPOLL;
    onLoop(() -> {
      writeNow(pair.client(), "now");
      assertThat(pair.client().writableLength()).isEqualTo(straight ? 0 : 3);
    });

    await().until(() -> heard().equals("now"));
  }

  @Test
  void keepTheirPlaceAmongWritesFilesAndCorks(@TempDir Path dir) throws IOException {
    Path path = Files.writeString(dir.resolve("file"), "f".repeat(2_000_000));
    Pair pair = pair();
    CompletableFuture<Void> sent = new CompletableFuture<>();
    try (FileChannel file = FileChannel.open(path)) {
      onLoop(() -> {
        TcpSocket socket = pair.client();
        socket.write("a");
        writeNow(socket, "b");
        socket.writeFile(file, 0, 2_000_000, failure -> sent.complete(null));
        writeNow(socket, "c");
        socket.cork();
        writeNow(socket, "d");
        socket.write("e");
        socket.uncork();
        writeNow(socket, "f");
      });
      pair.accepted().onData(heard::add);
      sent.orTimeout(20, TimeUnit.SECONDS).join();
    }

    await().until(() -> pair.accepted().bytesRead() == 2_000_006);
    settle();
    assertThat(heard()).isEqualTo("ab" + "f".repeat(2_000_000) + "cdef");
  }

  @Test
  void areRefusedAsAnyWriteIs() {
    Pair pair = pair();
    CompletableFuture<CloseCause> cause = new CompletableFuture<>();
    onLoop(() -> {
      pair.client().onError(error -> {}).onClose(cause::complete).end();
      writeNow(pair.client(), "late");
    });

    assertThat(cause.orTimeout(5, TimeUnit.SECONDS).join().code())
        .isEqualTo("ERR_STREAM_WRITE_AFTER_END");
  }
}
