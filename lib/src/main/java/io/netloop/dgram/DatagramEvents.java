package io.netloop.dgram;

import io.netloop.engine.Reactor;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * What the channel says, told to its socket: the only stage of the pipeline. Each datagram is an
 * entry into the loop of its own, so that what listeners put off runs right after them.
 */
final class DatagramEvents extends ChannelInboundHandlerAdapter {
  private final Reactor reactor;
  private final UdpSocket socket;

  DatagramEvents(Reactor reactor, UdpSocket socket) {
    this.reactor = reactor;
    this.socket = socket;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    boolean outermost = reactor.enter();
    DatagramPacket packet = (DatagramPacket) message;
    try {
      socket.received(packet.content(), packet.sender());
    } finally {
      packet.release();
      reactor.exit(outermost);
    }
  }

  @Override
  @SuppressWarnings("deprecation") // not deprecated for inbound handlers, only for outbound ones
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    boolean outermost = reactor.enter();
    try {
      socket.receiveFailed(failure);
    } finally {
      reactor.exit(outermost);
    }
  }
}
