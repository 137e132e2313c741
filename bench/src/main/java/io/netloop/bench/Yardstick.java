package io.netloop.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How fast a server over Netty's channels can be that has a parser and an encoder and nothing else:
 * it finds the parts of each head in a byte array, and puts each answer together from its lines,
 * all answers to a read in one buffer. It makes no objects, compares no names, refuses nothing but
 * what has no parts, and knows no bodies.
 */
final class Yardstick extends ChannelInboundHandlerAdapter {
  private static final int ARRAY_BYTES = 1 << 16;
  private static final int MOST_ANSWER_BYTES = 512;
  private static final int MOST_FIELDS = 64;
  private static final byte[] NOTHING = {};
  private static final byte[] STATUS = ascii("HTTP/1.1 200 OK\r\n");
  private static final byte[] TYPE = ascii("Content-Type: ");
  private static final byte[] PLAIN = ascii("text/plain");
  private static final byte[] LENGTH = ascii("Content-Length: ");
  private static final byte[] LINE_END = ascii("\r\n");
  private static final byte[] VERSION = ascii("HTTP/1.1\r\n");
  private static final ThreadLocal<Memory> MEMORY = ThreadLocal.withInitial(Memory::new);

  private static volatile byte[] date = date();

  /** What the connections of a loop share: it is used by one of them at a time. */
  private static final class Memory {
    final byte[] in = new byte[ARRAY_BYTES];
    final byte[] out = new byte[ARRAY_BYTES];

    /** Where name and value of each field begin and end. */
    final int[] fields = new int[4 * MOST_FIELDS];
  }

  private final Memory memory = MEMORY.get();

  /** The begin of a head whose rest has not come. */
  private byte[] begun = NOTHING;

  private int written;

  Yardstick() {}

  static void main(String[] args) {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(Integer.parseInt(args[0]), EpollIoHandler.newFactory());
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Yardstick());
                  }
                })
            .bind("127.0.0.1", Integer.parseInt(args[1]))
            .syncUninterruptibly()
            .channel();
    loops.next().scheduleAtFixedRate(() -> date = date(), 1, 1, TimeUnit.SECONDS);
    Control.listening(((InetSocketAddress) server.localAddress()).getPort());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] date() {
    return ascii("Date: " + Greeting.date() + "\r\n");
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf read = (ByteBuf) message;
    byte[] in = memory.in;
    while (read.isReadable()) {
      int kept = begun.length;
      System.arraycopy(begun, 0, in, 0, kept);
      int length = Math.min(read.readableBytes(), ARRAY_BYTES - kept);
      read.readBytes(in, kept, length);
      int end = kept + length;
      int next = 0;
      int after;
      while (next < end && (after = head(in, next, end)) > 0) {
        next = after;
        answer(context);
      }
      begun = next == end ? NOTHING : Arrays.copyOfRange(in, next, end);
      if (next == 0 && end == ARRAY_BYTES) {
        throw new IllegalStateException("A head is longer than " + ARRAY_BYTES + " bytes.");
      }
    }
    read.release();
    hand(context);
  }

  /** Finds the parts of a head; returns where it ends, or 0 where its end has not come. */
  private int head(byte[] in, int from, int end) {
    int at = from;
    for (int spaces = 0; spaces < 2; at++) {
      if (at == end) {
        return 0;
      }
      spaces += in[at] == ' ' ? 1 : 0;
    }
    if (end - at < VERSION.length) {
      return 0;
    }
    if (!Arrays.equals(in, at, at + VERSION.length, VERSION, 0, VERSION.length)) {
      throw new IllegalStateException("Not HTTP/1.1.");
    }
    at += VERSION.length;
    int[] fields = memory.fields;
    for (int field = 0; ; field += 4) {
      if (end - at < 2) {
        return 0;
      }
      if (in[at] == '\r' && in[at + 1] == '\n') {
        return at + 2;
      }
      fields[field] = at;
      while (in[at] != ':') {
        if (++at == end) {
          return 0;
        }
      }
      fields[field + 1] = at++;
      while (at < end && in[at] == ' ') {
        at++;
      }
      fields[field + 2] = at;
      while (at < end && in[at] != '\r') {
        at++;
      }
      fields[field + 3] = at;
      at += 2;
    }
  }

  private void answer(ChannelHandlerContext context) {
    if (ARRAY_BYTES - written < MOST_ANSWER_BYTES) {
      hand(context);
    }
    put(STATUS);
    put(TYPE);
    put(PLAIN);
    put(LINE_END);
    put(date);
    put(LENGTH);
    put(Greeting.BYTES.length);
    put(LINE_END);
    put(LINE_END);
    put(Greeting.BYTES);
  }

  private void put(byte[] part) {
    System.arraycopy(part, 0, memory.out, written, part.length);
    written += part.length;
  }

  private void put(int number) {
    if (number >= 10) {
      put(number / 10);
    }
    memory.out[written++] = (byte) ('0' + number % 10);
  }

  private void hand(ChannelHandlerContext context) {
    if (written > 0) {
      ByteBuf out = context.alloc().directBuffer(written);
      out.writeBytes(memory.out, 0, written);
      written = 0;
      context.write(out, context.voidPromise());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    context.close();
  }
}
