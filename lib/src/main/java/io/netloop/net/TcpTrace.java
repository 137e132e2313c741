package io.netloop.net;

import io.netloop.engine.IpText;
import io.netloop.engine.PacketFile;
import io.netloop.engine.PacketRoute;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection in a capture: what was read and written becomes the segments that would have
 * carried it (RFC 9293 §3.4 to §3.6), each acknowledged at once, so that no window is ever full.
 * Loop-confined.
 */
final class TcpTrace {
  /**
   * What the first numbers of two connections are apart, so that a reader tells a new one on the
   * same ports from a repetition; as BSD once had it.
   */
  private static final int APART = 64_000;

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int FIRST_PORT = 1024;

  private final PacketFile file;
  private final Side us;
  private final Side peer;
  private boolean over;

  /** What was written behind a file that is still being sent; an empty place is another file. */
  private @Nullable ArrayDeque<Optional<ByteBuf>> behindFile;

  /** One direction. */
  private static final class Side {
    final PacketRoute route;
    int next;
    boolean ended;

    Side(PacketRoute route, int first) {
      this.route = route;
      this.next = first;
    }
  }

  private TcpTrace(PacketFile file, PacketRoute ours, int first) {
    this.file = file;
    us = new Side(ours, first);
    peer = new Side(ours.reversed(), first + APART / 2);
  }

  /** A connection that is there, with its handshake. */
  static TcpTrace begin(
      PacketFile file, boolean accepted, @Nullable HostPort local, @Nullable HostPort remote) {
    int stream = file.nextStream();
    TcpTrace trace = new TcpTrace(file, route(accepted, local, remote, stream), stream * APART);
    trace.shakeHands(accepted);
    return trace;
  }

  /**
   * The way from us to the peer. A Unix domain socket has no addresses of IP: it is shown on the
   * loopback, with port 1 for the server and another port for each client.
   */
  private static PacketRoute route(
      boolean accepted, @Nullable HostPort local, @Nullable HostPort remote, int stream) {
    byte[] from = local == null ? null : IpText.parse(local.host());
    byte[] to = remote == null ? null : IpText.parse(remote.host());
    if (local != null && remote != null && from != null && to != null) {
      return new PacketRoute(from, local.port(), to, remote.port());
    }
    int client = FIRST_PORT + stream % (65_536 - FIRST_PORT);
    return new PacketRoute(LOOPBACK, accepted ? 1 : client, LOOPBACK, accepted ? client : 1);
  }

  private void shakeHands(boolean accepted) {
    Side client = accepted ? peer : us;
    Side server = accepted ? us : peer;
    client.route.tcp(file, PacketRoute.SYN, client.next++, 0, Unpooled.EMPTY_BUFFER, 0, 0);
    say(server, PacketRoute.SYN | PacketRoute.ACK, client);
    server.next++;
    say(client, PacketRoute.ACK, server);
  }

  /** A segment without bytes. */
  private void say(Side from, int flags, Side to) {
    from.route.tcp(file, flags, from.next, to.next, Unpooled.EMPTY_BUFFER, 0, 0);
  }

  /** We have written these bytes. */
  void sent(byte[] bytes, int offset, int length) {
    sent(Unpooled.wrappedBuffer(bytes, offset, length));
  }

  /** We have written these bytes, whose indices stay as they are. */
  void sent(ByteBuf bytes) {
    if (behindFile != null) {
      // Whose memory it is may soon use it for something else.
      behindFile.add(Optional.of(Unpooled.copiedBuffer(bytes)));
      return;
    }
    carry(us, bytes, peer);
  }

  /** We have written a part of a file, whose bytes are told of as they are sent. */
  void fileBegins() {
    if (behindFile == null) {
      behindFile = new ArrayDeque<>();
    } else {
      behindFile.add(Optional.empty());
    }
  }

  /** These bytes are the next of the first file. */
  void fileSent(byte[] block) {
    carry(us, Unpooled.wrappedBuffer(block), peer);
  }

  /** The first file was sent: what was written behind it comes now, up to the next file. */
  void fileEnds() {
    ArrayDeque<Optional<ByteBuf>> behind = behindFile;
    if (behind == null) {
      return;
    }
    while (!behind.isEmpty()) {
      Optional<ByteBuf> next = behind.remove();
      if (next.isEmpty()) {
        return;
      }
      carry(us, next.get(), peer);
    }
    behindFile = null;
  }

  /** These bytes have come; their indices stay as they are. */
  void received(ByteBuf bytes) {
    carry(peer, bytes, us);
  }

  private void carry(Side from, ByteBuf bytes, Side to) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end && !over) {
      int length = Math.min(end - at, from.route.longestSegment());
      int flags = at + length == end ? PacketRoute.PSH | PacketRoute.ACK : PacketRoute.ACK;
      from.route.tcp(file, flags, from.next, to.next, bytes, at, length);
      from.next += length;
      at += length;
      say(to, PacketRoute.ACK, from);
    }
  }

  /** We have ended our side. */
  void ended() {
    end(us, peer);
  }

  /** The peer has ended its side. */
  void peerEnded() {
    end(peer, us);
  }

  private void end(Side from, Side to) {
    if (!over && !from.ended) {
      from.ended = true;
      say(from, PacketRoute.FIN | PacketRoute.ACK, to);
      from.next++;
      say(to, PacketRoute.ACK, from);
    }
  }

  /** One of us has ended the connection with a reset. */
  void reset(boolean byPeer) {
    if (!over) {
      say(byPeer ? peer : us, PacketRoute.RST | PacketRoute.ACK, byPeer ? us : peer);
      over = true;
    }
  }

  /** The connection is over. */
  void closed() {
    ended();
    over = true;
  }
}
