package io.netloop.dgram;

import io.netloop.engine.Errno;
import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.net.BlockList;
import org.jspecify.annotations.Nullable;

/**
 * The way of a datagram from the call into the queue: to the right thread, to an address, past the
 * block list. Loop-confined, but for {@link #send}.
 */
final class SendSide implements SendQueue.Owner {
  /** In place of a port: to the peer that the socket is connected to. */
  static final int CONNECTED_PEER = -1;

  private final Reactor reactor;
  private final UdpSocket socket;
  private final BindSide binding;
  private final UdpEvents events;
  private final Peers peers;
  private final Names names;
  private final @Nullable BlockList blocked;
  private final boolean ipv6;
  private final SendQueue queue;
  private final ConnectSide connecting;
  private volatile long dropped;

  SendSide(
      Reactor reactor,
      UdpSocket socket,
      BindSide binding,
      UdpOptions options,
      UdpEvents events,
      Names names) {
    this.reactor = reactor;
    this.socket = socket;
    this.binding = binding;
    this.events = events;
    this.names = names;
    blocked = options.sendBlockList();
    ipv6 = options.isIpv6();
    peers = new Peers(ipv6);
    queue = new SendQueue(reactor, this, ipv6, options.maxQueuedBytes());
    connecting = new ConnectSide(reactor, socket, binding, queue, events, peers, names);
  }

  SendQueue queue() {
    return queue;
  }

  Peers peers() {
    return peers;
  }

  ConnectSide connecting() {
    return connecting;
  }

  /** How many datagrams the queue had no room for. Any thread. */
  long dropped() {
    return dropped;
  }

  /** Sends; from any thread. */
  void send(Buffer bytes, int port, @Nullable String address, @Nullable SendCallback callback) {
    socket.checkOpen();
    binding.beginIfUnbound();
    if (reactor.inLoop()) {
      sendHere(bytes, port, address, callback);
    } else if (!reactor.execute(() -> sendHere(bytes, port, address, callback))) {
      throw Misuse.loopEnded();
    }
  }

  private void sendHere(
      Buffer bytes, int port, @Nullable String address, @Nullable SendCallback callback) {
    if (socket.isClosed()) { // from another thread, in between
      queue.tell(callback, Misuse.notRunning(), 0);
      return;
    }
    if (port == CONNECTED_PEER) {
      Peer to = connecting.peer();
      if (to == null) {
        queue.tell(callback, Misuse.notConnected(), 0);
      } else {
        sendTo(to, bytes, callback);
      }
      return;
    }
    String host = host(address);
    Peer to = peers.target(host, port);
    if (to != null) {
      sendTo(to, bytes, callback);
    } else if (queue.reserve(host, port, bytes.length(), callback)) {
      binding.whenBound(failure -> sendToName(failure, host, port, bytes, callback));
    }
  }

  /** The address, or the own host where there is none. */
  String host(@Nullable String address) {
    return address != null && !address.isEmpty() ? address : ipv6 ? "::1" : "127.0.0.1";
  }

  private void sendToName(
      @Nullable NetException unbound,
      String name,
      int port,
      Buffer bytes,
      @Nullable SendCallback callback) {
    if (unbound != null) {
      queue.unreserve(bytes.length());
      tellCallback(callback, unbound);
      return;
    }
    names.resolve(
        name,
        ip -> {
          queue.unreserve(bytes.length());
          if (socket.isClosed()) {
            tellCallback(callback, Misuse.notRunning());
          } else if (ip != null) {
            sendTo(peers.resolved(ip, port), bytes, callback);
          } else if (callback != null) {
            tellCallback(callback, Misuse.unknownName(name));
          } else {
            events.tellError(Misuse.unknownName(name));
          }
        });
  }

  /** Tells, later than the call, a callback that there is, and else nobody. */
  private void tellCallback(@Nullable SendCallback callback, NetException failure) {
    if (callback != null) {
      queue.tell(callback, failure, 0);
    }
  }

  private void sendTo(Peer to, Buffer bytes, @Nullable SendCallback callback) {
    if (to.isForeign()) {
      NetException failure = Misuse.at("send", Errno.EINVAL, to.host, to.port, null);
      binding.whenBound(unbound -> queue.tell(callback, failure, 0));
    } else if (blocked != null && UdpSocket.isIn(blocked, to.socketAddress)) {
      binding.whenBound(unbound -> queue.tell(callback, Misuse.blocked(to.host), 0));
    } else {
      queue.add(to, Payload.array(bytes), Payload.offset(bytes), bytes.length(), callback);
    }
  }

  @Override
  public void sendFailed(NetException failure) {
    if (!events.error.isEmpty() && !socket.isClosed()) {
      events.tellError(failure);
    }
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
  public void dropped(String host, int port, int size) {
    dropped++;
    if (!events.drop.isEmpty()) {
      events.tellDrop(new SendDrop(host, port, size, dropped));
    }
  }
}
