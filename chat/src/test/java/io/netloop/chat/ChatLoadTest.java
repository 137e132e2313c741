package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many people at once, and many one after another. */
@Tag("load")
@Timeout(60)
class ChatLoadTest {
  private static final int MEGABYTE = 1 << 20;

  @RegisterExtension final House house = new House();

  @Test
  void aThousandHearEveryMessageInOrderOnceWhileOneStopsReading() {
    int people = 1000;
    int talkers = 8;
    ChatServer server =
        house.open(
            ChatOptions.defaults()
                .withMaxQueuedBytes(256 * 1024)
                .withRoom(
                    RoomOptions.defaults().withMessagesPerSecond(1_000_000).withBurst(1_000_000)));
    long heapBefore = heap();
    Peer slow = house.strangerWithLittleRoom().logsIn("slow");
    try (Crowd crowd = new Crowd(house.port(), people - 1)) {
      crowd.logsIn();
      House.until(() -> server.users() == people);
      crowd.startTalk(talkers, 4000);
      House.until(() -> server.users() == people - 1);
      crowd.endTalk();
      crowd.hasHeardTheSame();
      crowd.witnessHasHeardInOrder(talkers);

      assertThat(house.logged(" left as "))
          .singleElement()
          .asString()
          .contains("left as slow, users: 999, cause: ended by us: ERR_OUTBOX_LIMIT")
          .contains("more than the limit of 262144");
      assertThat(slow.isDropped()).isTrue();
      assertThat(crowd.mostDirectBytes()).as("direct memory").isLessThan(128 * MEGABYTE);
    }
    House.untilEmpty(server);
    assertThat(heap() - heapBefore).as("heap after all").isLessThan(32 * MEGABYTE);
    hasLeakedNoBuffer();
  }

  @Test
  void nothingIsLeftOfAHundredThousandWhoCameAndWent() throws InterruptedException {
    House.notesTroubleOnly();
    ChatServer server = house.open();
    Peer a = house.user("a");
    comeAndGo(4, 250);
    House.until(() -> server.connections() == 1);
    long heapBefore = heap();
    long directBefore = direct();
    comeAndGo(4, 25_000);
    House.until(() -> server.connections() == 1);
    House.until(() -> server.users() == 1);
    long grown = heap() - heapBefore;
    assertThat(grown).as("heap").isLessThan(8 * MEGABYTE);
    assertThat(direct() - directBefore).as("direct memory").isLessThan(16 * MEGABYTE);
    hasLeakedNoBuffer();
    a.close();
  }

  /** Connects and goes, in threads of its own, in each of the ways that there are to go. */
  private void comeAndGo(int threads, int each) throws InterruptedException {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      all.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 0; i < each; i++) {
                    comesAndGoes(thread, i);
                  }
                } catch (IOException failure) {
                  failures.add(failure);
                }
              }));
    }
    for (Thread one : all) {
      one.join();
    }
    assertThat(failures).isEmpty();
  }

  private void comesAndGoes(int thread, int i) throws IOException {
    try (SocketChannel channel = SocketChannel.open()) {
      // Ports of those who end first are not free for a while: many addresses have many ports.
      channel.bind(
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (1 + (i + thread) % 32)}), 0));
      channel.connect(new InetSocketAddress("127.0.0.1", house.port()));
      if (i % 50 == 0) {
        // The system holds a few hundred ready for the server, and who overtakes it waits a second.
        says(channel, Peer.broadcast("?"));
        channel.read(ByteBuffer.allocate(1));
      }
      switch (i % 4) {
        case 0 -> {}
        case 1 -> resets(channel);
        case 2 -> {
          says(channel, "garbage");
          resets(channel);
        }
        default -> {
          says(channel, Peer.login("n" + thread + "-" + i) + Peer.whisper("nobody", "x") + "{");
          if (i % 8 == 3) {
            resets(channel);
          }
        }
      }
    }
  }

  private static void says(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void resets(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
  }

  /** What is in use on the heap, in bytes, without what nobody holds any more. */
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  /** Netty tells of a buffer that was lost when it makes the next after a collection. */
  private void hasLeakedNoBuffer() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(16);
      buffer.release();
    }
    assertThat(house.logged("LEAK")).isEmpty();
  }
}
