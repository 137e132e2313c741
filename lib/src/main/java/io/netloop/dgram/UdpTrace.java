package io.netloop.dgram;

import io.netloop.engine.IpText;
import io.netloop.engine.PacketFile;
import io.netloop.engine.PacketRoute;
import io.netloop.net.HostPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One socket in a capture. Loop-confined. */
final class UdpTrace {
  private final PacketFile file;
  private final BindSide binding;

  UdpTrace(PacketFile file, BindSide binding) {
    this.file = file;
    this.binding = binding;
  }

  /** A datagram has come; its indices stay as they are. */
  void received(ByteBuf bytes, InetSocketAddress from) {
    PacketRoute answers = routeTo(from);
    if (answers != null) {
      answers.reversed().udp(file, bytes);
    }
  }

  /** The system has taken a datagram. */
  void sent(byte[] bytes, int offset, int length, InetSocketAddress to) {
    PacketRoute route = routeTo(to);
    if (route != null) {
      route.udp(file, Unpooled.wrappedBuffer(bytes, offset, length));
    }
  }

  /** Null while the socket has no address. */
  private @Nullable PacketRoute routeTo(InetSocketAddress peer) {
    HostPort local = binding.latestAddress();
    byte[] ours = local == null ? null : IpText.parse(local.host());
    return local == null || ours == null
        ? null
        : new PacketRoute(ours, local.port(), peer.getAddress().getAddress(), peer.getPort());
  }
}
