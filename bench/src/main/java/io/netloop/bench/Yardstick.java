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
import java.util.concurrent.TimeUnit;

/**
 * How fast a server over Netty's channels could be if it did nothing: it looks for the empty line
 * that ends a head, understands no word of the request, and answers with constant bytes, all
 * answers to a read in one buffer. It knows no bodies and refuses nothing.
 */
final class Yardstick extends ChannelInboundHandlerAdapter {
  private static final int END = 0x0d0a0d0a;
  private static final int END_BYTES = 4;
  private static final int READ_BYTES = 1 << 16;
  private static final ThreadLocal<byte[]> ARRAY =
      ThreadLocal.withInitial(() -> new byte[READ_BYTES]);

  private static volatile byte[] answer = answer();

  private final byte[] array = ARRAY.get();

  /** The last bytes that have come, for an end that two reads cut. */
  private int tail;

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
    loops.next().scheduleAtFixedRate(() -> answer = answer(), 1, 1, TimeUnit.SECONDS);
    Control.listening(((InetSocketAddress) server.localAddress()).getPort());
  }

  private static byte[] answer() {
    return """
    HTTP/1.1 200 OK\r
    Content-Type: text/plain\r
    Date: %s\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(Greeting.date(), Greeting.BYTES.length, Greeting.TEXT)
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    int heads = 0;
    while (in.isReadable()) {
      int length = Math.min(in.readableBytes(), READ_BYTES);
      in.readBytes(array, 0, length);
      heads += heads(length);
    }
    in.release();
    if (heads > 0) {
      byte[] one = answer;
      ByteBuf out = context.alloc().directBuffer(heads * one.length);
      for (int i = 0; i < heads; i++) {
        out.writeBytes(one);
      }
      context.write(out, context.voidPromise());
    }
  }

  /** How many heads end in what was read. */
  private int heads(int length) {
    byte[] b = array;
    int heads = 0;
    for (int i = 0; i < Math.min(END_BYTES - 1, length); i++) {
      tail = (tail << 8) | (b[i] & 0xff);
      heads += tail == END ? 1 : 0;
    }
    int last = END_BYTES - 1;
    while (last < length) {
      byte c = b[last];
      if (c == '\n') {
        if (b[last - 1] == '\r' && b[last - 2] == '\n' && b[last - 3] == '\r') {
          heads++;
          last += END_BYTES;
        } else {
          last += 2;
        }
      } else {
        last += c == '\r' ? 1 : END_BYTES;
      }
    }
    for (int i = Math.max(END_BYTES - 1, length - END_BYTES); i < length; i++) {
      tail = (tail << 8) | (b[i] & 0xff);
    }
    return heads;
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
