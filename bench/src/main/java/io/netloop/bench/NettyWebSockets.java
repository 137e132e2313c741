package io.netloop.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.net.InetSocketAddress;

/**
 * Sends each message back, flushed once for all that a read has brought, or to all by a channel
 * group; there also with the handler that Netty has for putting off flushes to the loop's end.
 */
@Sharable
final class NettyWebSockets extends ChannelInboundHandlerAdapter {
  private static final int MOST_HEAD = 64 * 1024;
  private static final int MOST_FLUSHES_IN_ONE = 256;

  private final boolean echoes;
  private final ChannelGroup all;

  private NettyWebSockets(boolean echoes, ChannelGroup all) {
    this.echoes = echoes;
    this.all = all;
  }

  static void main(String[] args) {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    boolean consolidates = args[0].equals("fanout-consolidated");
    NettyWebSockets handler =
        new NettyWebSockets(args[0].equals("echo"), new DefaultChannelGroup(loops.next()));
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
                    ChannelPipeline pipeline = channel.pipeline();
                    if (consolidates) {
                      pipeline.addLast(new FlushConsolidationHandler(MOST_FLUSHES_IN_ONE, true));
                    }
                    pipeline.addLast(new HttpServerCodec());
                    pipeline.addLast(new HttpObjectAggregator(MOST_HEAD));
                    pipeline.addLast(new WebSocketServerProtocolHandler("/"));
                    pipeline.addLast(handler);
                  }
                })
            .bind("127.0.0.1", Integer.parseInt(args[1]))
            .syncUninterruptibly()
            .channel();
    Control.listening(((InetSocketAddress) server.localAddress()).getPort());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof HandshakeComplete) {
      all.add(context.channel());
    }
  }

  /** All frames that come here are texts and bytes; the handler before answers the others. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object frame) {
    if (echoes) {
      context.write(frame, context.voidPromise());
    } else {
      all.writeAndFlush(frame, ChannelMatchers.all(), true);
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
