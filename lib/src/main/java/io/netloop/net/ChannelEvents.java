package io.netloop.net;

import io.netloop.engine.Reactor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * What the channel says, told to its socket: the last stage of the pipeline. Each event is an entry
 * into the loop of its own, so that what listeners put off runs right after them. A socket that has
 * connected again, or given an attempt up, takes no notice of the channel it had before.
 */
final class ChannelEvents extends ChannelInboundHandlerAdapter {
  private final Reactor reactor;
  private final TcpSocket socket;

  ChannelEvents(Reactor reactor, TcpSocket socket) {
    this.reactor = reactor;
    this.socket = socket;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    boolean outermost = reactor.enter();
    ByteBuf data = (ByteBuf) message;
    try {
      if (socket.isOn(context.channel())) {
        socket.received(data);
      }
    } finally {
      data.release();
      reactor.exit(outermost);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    boolean outermost = reactor.enter();
    try {
      reactor.readComplete();
      if (socket.isOn(context.channel())) {
        socket.readComplete();
      }
    } finally {
      reactor.exit(outermost);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE && socket.isOn(context.channel())) {
      boolean outermost = reactor.enter();
      try {
        socket.peerEnded();
      } finally {
        reactor.exit(outermost);
      }
    }
  }

  @Override
  @SuppressWarnings("deprecation") // not deprecated for inbound handlers, only for outbound ones
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    boolean outermost = reactor.enter();
    try {
      if (socket.isOn(context.channel())) {
        socket.broken("read", failure);
      }
    } finally {
      reactor.exit(outermost);
    }
  }

  /**
   * The channel closed under us: on our own close the socket is done already and takes no notice.
   */
  @Override
  public void channelInactive(ChannelHandlerContext context) {
    boolean outermost = reactor.enter();
    try {
      if (socket.isOn(context.channel())) {
        socket.gone();
      }
    } finally {
      reactor.exit(outermost);
    }
  }
}
