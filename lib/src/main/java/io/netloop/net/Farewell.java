package io.netloop.net;

import io.netloop.engine.Transport;
import io.netloop.loop.Buffer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The last words to a connection that is refused. Were it closed at once, with unread bytes of the
 * peer's, the system would send a reset, which overtakes the words: so the peer is let end first,
 * and what it says until then is dropped.
 */
final class Farewell extends ChannelInboundHandlerAdapter {
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private Farewell() {}

  /**
   * Sends the words and closes: after the peer's end or a second, or, without patience, at once.
   */
  static void say(Buffer words, DuplexChannel to, boolean patient) {
    var sent = to.writeAndFlush(Unpooled.wrappedBuffer(words.toByteBuffer()));
    if (!patient) {
      to.close();
      return;
    }
    Transport.chosen().allowHalfOpen(to);
    to.pipeline().addLast(new Farewell());
    sent.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    sent.addListener(done -> to.shutdownOutput());
    Future<?> impatience =
        to.eventLoop().schedule(() -> to.close(), PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    to.closeFuture().addListener(done -> impatience.cancel(false));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      context.close();
    }
  }

  @Override
  @SuppressWarnings("deprecation") // not deprecated for inbound handlers, only for outbound ones
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    context.close();
  }
}
