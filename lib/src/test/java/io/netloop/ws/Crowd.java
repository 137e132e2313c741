package io.netloop.ws;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** Many clients on one thread, who check that each gets numbered messages in their order. */
final class Crowd implements AutoCloseable {
  private static final class One {
    boolean open;
    final byte[] head = new byte[16];
    int headLength;
    long left;
    int next;
    long tail;
  }

  private final Selector selector;
  private final List<SocketChannel> channels = new ArrayList<>();
  private final List<One> all = new ArrayList<>();
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(256 * 1024);
  private final Thread thread;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger mistakes = new AtomicInteger();
  private volatile boolean closing;
  private final AtomicLong messages = new AtomicLong();

  Crowd(int port, int count) throws IOException {
    selector = Selector.open();
    byte[] request = RawClient.request("/");
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.write(ByteBuffer.wrap(request));
      channel.configureBlocking(false);
      One one = new One();
      all.add(one);
      channels.add(channel);
      channel.register(selector, SelectionKey.OP_READ, one);
    }
    thread = Thread.ofVirtual().name("VirtualThread-crowd").start(this::run);
  }

  private void run() {
    try {
      while (!closing) {
        selector.select(key -> read((SocketChannel) key.channel(), (One) key.attachment()), 100);
      }
    } catch (IOException e) {
      mistakes.incrementAndGet();
    }
  }

  private void read(SocketChannel channel, One one) {
    try {
      bytes.clear();
      if (channel.read(bytes) < 0) {
        mistakes.incrementAndGet();
        channel.close();
        return;
      }
      bytes.flip();
      while (bytes.hasRemaining()) {
        if (one.open) {
          frame(one);
        } else {
          handshake(one);
        }
      }
    } catch (IOException e) {
      mistakes.incrementAndGet();
    }
  }

  private void handshake(One one) {
    while (bytes.hasRemaining()) {
      one.tail = one.tail << 8 | bytes.get();
      if ((int) one.tail == 0x0d0a0d0a) {
        one.open = true;
        opened.incrementAndGet();
        return;
      }
    }
  }

  /** A text of 126 to 65,535 bytes that begins with its number and a colon. */
  private void frame(One one) {
    if (one.left == 0) {
      one.head[one.headLength++] = bytes.get();
      String text = one.headLength <= 4 ? "" : ascii(one.head, one.headLength);
      if (text.endsWith(":")) {
        int length = (one.head[2] & 0xff) << 8 | (one.head[3] & 0xff);
        int number = Integer.parseInt(text.substring(0, text.length() - 1));
        if (one.head[0] != (byte) 0x81 || one.head[1] != 126 || number != one.next++) {
          mistakes.incrementAndGet();
        }
        one.left = 4L + length - one.headLength;
        one.headLength = 0;
      }
      return;
    }
    int taken = (int) Math.min(one.left, bytes.remaining());
    bytes.position(bytes.position() + taken);
    one.left -= taken;
    if (one.left == 0) {
      messages.incrementAndGet();
    }
  }

  private static String ascii(byte[] bytes, int to) {
    return new String(bytes, 4, to - 4, StandardCharsets.US_ASCII);
  }

  void opened() {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> opened.get() == all.size());
  }

  /** Waits until everybody has had so many. */
  void hasAll(int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> messages.get() == (long) count * all.size() || mistakes.get() > 0);
  }

  int mistakes() {
    return mistakes.get();
  }

  @Override
  public void close() throws IOException {
    closing = true;
    selector.wakeup();
    Awaitility.await().until(() -> !thread.isAlive());
    for (SocketChannel channel : channels) {
      channel.close();
    }
    selector.close();
  }
}
