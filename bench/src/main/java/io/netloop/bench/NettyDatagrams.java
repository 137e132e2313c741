package io.netloop.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Sends datagrams back, as Netty's own examples do, or counts them and answers an empty one with
 * their number. {@code batches} has it read 64 in one call.
 */
final class NettyDatagrams extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final int BATCH = 64;
  private static final int LONGEST = 2048;

  private final boolean echoes;
  private long count;

  private NettyDatagrams(boolean echoes) {
    this.echoes = echoes;
  }

  static void main(String[] args) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
            .channel(EpollDatagramChannel.class)
            .handler(new NettyDatagrams(args[1].equals("echo")));
    if (args[0].equals("batches")) {
      bootstrap
          .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, LONGEST)
          .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BATCH * LONGEST));
    }
    Channel channel =
        bootstrap.bind("127.0.0.1", Integer.parseInt(args[2])).syncUninterruptibly().channel();
    Control.listening(((InetSocketAddress) channel.localAddress()).getPort());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
    if (echoes) {
      context.write(
          new DatagramPacket(packet.content().retain(), packet.sender()), context.voidPromise());
    } else if (packet.content().isReadable()) {
      count++;
    } else {
      byte[] text = Long.toString(count).getBytes(StandardCharsets.US_ASCII);
      context.write(new DatagramPacket(Unpooled.wrappedBuffer(text), packet.sender()));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }
}
