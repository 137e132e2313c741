package io.netloop.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Greets, with Netty's own codec, as its fast examples do: the answer's headers are constants that
 * nobody validates, and the connection is flushed once for all that a read has brought. Sends
 * bodies back with an aggregator.
 */
@Sharable
final class NettyHttp extends ChannelInboundHandlerAdapter {
  private static final ByteBuf GREETING =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(Greeting.BYTES));
  private static final CharSequence GREETING_LENGTH =
      AsciiString.cached(Integer.toString(Greeting.BYTES.length));
  private static final HttpHeadersFactory FAST =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);
  private static final HttpHeadersFactory NONE =
      DefaultHttpHeadersFactory.trailersFactory().withValidation(false);
  private static final int MOST_BODY = 1 << 20;

  private volatile CharSequence date = AsciiString.cached(Greeting.date());

  private NettyHttp() {}

  static void main(String[] args) {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(Integer.parseInt(args[1]), EpollIoHandler.newFactory());
    NettyHttp handler = new NettyHttp();
    boolean echoes = args[0].equals("echo");
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
                    channel.pipeline().addLast(new HttpServerCodec());
                    if (echoes) {
                      channel.pipeline().addLast(new HttpObjectAggregator(MOST_BODY));
                    }
                    channel.pipeline().addLast(handler);
                  }
                })
            .bind("127.0.0.1", Integer.parseInt(args[2]))
            .syncUninterruptibly()
            .channel();
    loops
        .next()
        .scheduleAtFixedRate(
            () -> handler.date = AsciiString.cached(Greeting.date()), 1, 1, TimeUnit.SECONDS);
    Control.listening(((InetSocketAddress) server.localAddress()).getPort());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof FullHttpRequest request && request.content().isReadable()) {
      ByteBuf body = request.content();
      context.write(
          answer(body, HttpHeaderValues.APPLICATION_JSON, Integer.toString(body.readableBytes())),
          context.voidPromise());
      return;
    }
    if (message instanceof HttpRequest) {
      context.write(
          answer(GREETING.duplicate(), HttpHeaderValues.TEXT_PLAIN, GREETING_LENGTH),
          context.voidPromise());
    }
    ReferenceCountUtil.release(message);
  }

  private FullHttpResponse answer(ByteBuf body, CharSequence type, CharSequence length) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body, FAST, NONE);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.DATE, date)
        .set(HttpHeaderNames.CONTENT_LENGTH, length);
    return response;
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
