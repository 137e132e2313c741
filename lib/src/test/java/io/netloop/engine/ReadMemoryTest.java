package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.NothingLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.RecvByteBufAllocator;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bytes that pass through, from the loop's memory to a peer with a real socket. */
@ExtendWith(NothingLeaks.class)
class ReadMemoryTest {
  private static final int MANY = 64 * 1024;
  private static final int HIGH_WATER = 64 * 1024;

  private final Reactor reactor = Reactor.current();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Outbox outbox =
      new Outbox(
          reactor,
          new Owner(),
          HIGH_WATER,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          TimeUnit.DAYS.toNanos(1));
  private ServerSocket listening;
  private Socket peer;
  private Channel channel;

  @SuppressWarnings("deprecation") // the type is, but Netty has no other
  private RecvByteBufAllocator.Handle reads;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(reactor.readMemory() != null, "this transport has no memory that is shared");
    listening = new ServerSocket(0);
    channel = Transport.chosen().newSocketChannel();
    assumeTrue(
        Transport.chosen().straightTo(channel) != null, "this transport has no way past a channel");
    reactor.register(channel);
    channel.connect(new InetSocketAddress("127.0.0.1", listening.getLocalPort())).sync();
    peer = listening.accept();
    reads = reactor.readMemory().newHandle();
    onLoop(() -> {
      outbox.open(channel);
      return null;
    });
  }

  @AfterEach
  void close() throws Exception {
    if (channel != null) {
      channel.close().sync();
      peer.close();
      listening.close();
    }
  }

  @Test
  void readsOfOneTurnStandBehindEachOtherAndLeaveWhenTheChannelHasRead() throws Exception {
    onLoop(() -> {
      reads.reset(channel.config());
      assertThat(pass('a', MANY)).isTrue();
      assertThat(pass('b', MANY)).isTrue();
      assertThat(pass('c', 10)).isTrue();
      assertThat(outbox.queuedBytes()).isEqualTo(2 * MANY + 10);
      reactor.readComplete();
      assertThat(outbox.queuedBytes()).isZero();
      return null;
    });

    assertThat(received(2 * MANY + 10))
        .isEqualTo("a".repeat(MANY) + "b".repeat(MANY) + "c".repeat(10));
    assertThat(log).isEmpty();
  }

  @Test
  void whatIsWrittenMeanwhileComesAfter() throws Exception {
    onLoop(() -> {
      pass('a', MANY);
      write("then");
      pass('b', MANY);
      reactor.readComplete();
      return null;
    });

    assertThat(received(2 * MANY + 4)).isEqualTo("a".repeat(MANY) + "then" + "b".repeat(MANY));
  }

  @Test
  void whatWasWrittenBeforeComesBefore() throws Exception {
    onLoop(() -> {
      write("first");
      pass('a', MANY);
      reactor.readComplete();
      return null;
    });

    assertThat(received(MANY + 5)).isEqualTo("first" + "a".repeat(MANY));
  }

  @Test
  void aCorkHoldsBackOnlyWhatComesAfterIt() throws Exception {
    onLoop(() -> {
      pass('a', MANY);
      outbox.cork();
      assertThat(outbox.queuedBytes()).isZero();
      pass('b', MANY);
      reactor.readComplete();
      assertThat(outbox.queuedBytes()).isEqualTo(MANY);
      outbox.uncork();
      return null;
    });

    assertThat(received(2 * MANY)).isEqualTo("a".repeat(MANY) + "b".repeat(MANY));
  }

  @Test
  void anotherChannelsReadFindsTheMemoryFree() throws Exception {
    onLoop(() -> {
      pass('a', MANY);
      reads.reset(channel.config());
      assertThat(outbox.queuedBytes()).isZero();
      pass('b', MANY);
      reactor.readComplete();
      return null;
    });

    assertThat(received(2 * MANY)).isEqualTo("a".repeat(MANY) + "b".repeat(MANY));
  }

  @Test
  void whatASlowPeerDoesNotTakeIsCopiedAndWaits() throws Exception {
    int[] total = {0};
    onLoop(() -> {
      while (outbox.queuedBytes() == 0) {
        reads.reset(channel.config());
        for (int i = 0; i < 16; i++) {
          pass((char) ('a' + i), MANY);
          total[0] += MANY;
        }
        reactor.readComplete();
      }
      assertThat(outbox.wantsDrain()).isEqualTo(outbox.queuedBytes() >= HIGH_WATER);
      reads.reset(channel.config());
      pass('z', MANY);
      assertThat(outbox.wantsDrain()).isTrue();
      reactor.readComplete();
      return null;
    });

    String all = received(total[0] + MANY);
    for (int i = 0; i < total[0] / MANY; i++) {
      String piece = all.substring(i * MANY, (i + 1) * MANY);
      assertThat(piece.chars().distinct().toArray()).containsExactly('a' + i % 16);
    }
    assertThat(all.substring(total[0])).isEqualTo("z".repeat(MANY));
  }

  @Test
  void anOutboxThatIsClosedMeanwhileSendsNothing() throws Exception {
    onLoop(() -> {
      pass('a', MANY);
      outbox.close(new IOException("over"));
      assertThat(outbox.queuedBytes()).isZero();
      reactor.readComplete();
      return null;
    });
    channel.close().sync();

    assertThat(peer.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aChannelThatIsClosedUnderTheOutboxIsAFailureAndNotAnotherConnectionsBytes()
      throws Exception {
    channel.close().sync();

    onLoop(() -> {
      write("x");
      outbox.flush();
      return null;
    });

    assertThat(log).containsExactly("failed");
  }

  @Test
  void whoKeepsTheMemoryCostsTheNextReadOneOfItsOwn() throws Exception {
    onLoop(() -> {
      ByteBuf kept = read('a', MANY);
      ByteBuf other = read('b', MANY);
      assertThat(kept.getByte(0)).isEqualTo((byte) 'a');
      assertThat(other.getByte(0)).isEqualTo((byte) 'b');
      assertThat(reactor.readMemory().lend(other, outbox)).isFalse();
      kept.release();
      other.release();
      return null;
    });
  }

  @Test
  void theFirstReadOfATurnBrings64KiBAndEachFurtherOne256() throws Exception {
    onLoop(() -> {
      for (int turn = 0; turn < 2; turn++) {
        reads.reset(channel.config());
        assertThat(roomOfARead()).isEqualTo(MANY);
        reads.lastBytesRead(MANY);
        assertThat(roomOfARead()).isEqualTo(4 * MANY);
        reads.lastBytesRead(4 * MANY);
        assertThat(roomOfARead()).isEqualTo(4 * MANY);
      }
      return null;
    });
  }

  @Test
  void aTurnReadsNoMoreThanAMegabyteOfOneConnection() throws Exception {
    onLoop(() -> {
      RecvByteBufAllocator.ExtendedHandle handle = (RecvByteBufAllocator.ExtendedHandle) reads;
      handle.reset(channel.config());
      int[] sizes = {MANY, 4 * MANY, 4 * MANY, 4 * MANY};
      for (int size : sizes) {
        handle.incMessagesRead(1);
        handle.lastBytesRead(size);
        assertThat(handle.continueReading(() -> true)).isTrue();
      }
      handle.lastBytesRead(3 * MANY);
      assertThat(handle.continueReading(() -> true)).isFalse();
      handle.reset(channel.config());
      handle.incMessagesRead(1);
      handle.lastBytesRead(1);
      assertThat(handle.continueReading(() -> true)).isTrue();
      return null;
    });
  }

  @Test
  void whatIsLentLeavesWhenThereIsNoRoomBehindIt() throws Exception {
    onLoop(() -> {
      reads.reset(channel.config());
      for (int i = 0; i < 16; i++) {
        pass((char) ('a' + i), MANY);
        reads.lastBytesRead(MANY);
      }
      long lent = outbox.queuedBytes();
      assertThat(lent).isEqualTo(16 * MANY);
      assertThat(roomOfARead()).isEqualTo(4 * MANY);
      assertThat(outbox.queuedBytes()).isLessThan(lent);
      return null;
    });

    String all = received(16 * MANY);
    for (int i = 0; i < 16; i++) {
      assertThat(all.charAt(i * MANY)).isEqualTo((char) ('a' + i));
    }
  }

  private int roomOfARead() {
    ByteBuf data = reads.allocate(ByteBufAllocator.DEFAULT);
    int room = data.writableBytes();
    data.release();
    return room;
  }

  private boolean pass(char letter, int bytes) {
    ByteBuf data = read(letter, bytes);
    try {
      return outbox.write(data);
    } finally {
      data.release();
    }
  }

  private ByteBuf read(char letter, int bytes) {
    ByteBuf data = reads.allocate(ByteBufAllocator.DEFAULT);
    for (int i = 0; i < bytes; i++) {
      data.writeByte(letter);
    }
    return data;
  }

  private void write(String text) {
    outbox.write(text.getBytes(StandardCharsets.US_ASCII), 0, text.length(), null);
  }

  private String received(int bytes) throws IOException {
    byte[] all = new byte[bytes];
    new DataInputStream(peer.getInputStream()).readFully(all);
    return new String(all, StandardCharsets.US_ASCII);
  }

  private void onLoop(Callable<@Nullable Object> task) throws Exception {
    reactor
        .eventLoop()
        .submit(() -> {
          boolean outermost = reactor.enter();
          try {
            return task.call();
          } finally {
            reactor.exit(outermost);
          }
        })
        .get(10, TimeUnit.SECONDS);
  }

  private final class Owner implements Outbox.Owner {
    @Override
    public void drained() {
      log.add("drained");
    }

    @Override
    public void emptied() {}

    @Override
    public void failed(Throwable failure) {
      log.add("failed");
      outbox.close(failure);
    }

    @Override
    public boolean limitReached(long queuedBytes, long limitBytes, long nanos) {
      return true;
    }
  }
}
