package io.netloop.dgram;

import io.netloop.engine.DatagramHandle;
import io.netloop.engine.Errno;
import io.netloop.engine.Reactor;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A socket's one peer, if it has one. Loop-confined, but for the state: a wrong second call is
 * refused on the thread that makes it.
 */
final class ConnectSide {
  private enum Link {
    NONE,
    CONNECTING,
    CONNECTED
  }

  private final Reactor reactor;
  private final UdpSocket socket;
  private final BindSide binding;
  private final SendQueue queue;
  private final UdpEvents events;
  private final Peers peers;
  private final Names names;

  private final AtomicReference<Link> link = new AtomicReference<>(Link.NONE);
  private @Nullable Peer peer;

  ConnectSide(
      Reactor reactor,
      UdpSocket socket,
      BindSide binding,
      SendQueue queue,
      UdpEvents events,
      Peers peers,
      Names names) {
    this.reactor = reactor;
    this.socket = socket;
    this.binding = binding;
    this.queue = queue;
    this.events = events;
    this.peers = peers;
    this.names = names;
  }

  /** Any thread. */
  boolean isConnected() {
    return link.get() == Link.CONNECTED;
  }

  /** The peer; null where there is none. */
  @Nullable Peer peer() {
    return peer;
  }

  /** Connects, later than this call; from any thread. */
  void begin(String host, int port, @Nullable Consumer<@Nullable NetException> callback) {
    if (!link.compareAndSet(Link.NONE, Link.CONNECTING)) {
      throw Misuse.connected();
    }
    binding.beginIfUnbound();
    reactor.run(() ->
        binding.whenBound(unbound -> {
          if (unbound == null) {
            connectTo(host, port, callback);
          } else if (callback != null) {
            failed(unbound, callback);
          }
        }));
  }

  private void connectTo(
      String host, int port, @Nullable Consumer<@Nullable NetException> callback) {
    Peer to = peers.target(host, port);
    if (to != null) {
      reactor.nextTick(() -> connectTo(to, callback));
      return;
    }
    names.resolve(
        host,
        ip -> {
          if (ip != null) {
            connectTo(peers.resolved(ip, port), callback);
          } else {
            failed(Misuse.unknownName(host), callback);
          }
        });
  }

  private void connectTo(Peer to, @Nullable Consumer<@Nullable NetException> callback) {
    DatagramHandle with = binding.handle();
    if (with == null || socket.isClosed()) {
      return;
    }
    if (to.isForeign()) {
      failed(Misuse.at("connect", Errno.EINVAL, to.host, to.port, null), callback);
      return;
    }
    try {
      queue.flush(); // what was sent before goes before
      with.connect(to.socketAddress);
    } catch (IOException | RuntimeException refused) {
      failed(Misuse.at("connect", Errno.of(refused), to.host, to.port, null), callback);
      return;
    }
    peer = to;
    binding.readAddress(with);
    link.set(Link.CONNECTED);
    reactor.nextTick(() -> {
      if (!socket.isClosed()) {
        if (callback != null) {
          events.connect = events.connect.withOnce(() -> callback.accept(null));
        }
        events.tellConnect();
      }
    });
  }

  private void failed(NetException failure, @Nullable Consumer<@Nullable NetException> callback) {
    link.set(Link.NONE);
    reactor.nextTick(() -> {
      if (socket.isClosed()) {
        return;
      }
      if (callback != null) {
        callback.accept(failure);
      } else {
        events.tellError(failure);
      }
    });
  }

  /** Lets go of the peer. */
  void end() {
    DatagramHandle with = checked();
    forget();
    queue.flush();
    SystemSide.call("disconnect", with, DatagramHandle::disconnect);
    binding.readAddress(with);
  }

  /** The system's socket of one that is connected. */
  DatagramHandle checked() {
    socket.checkOpen();
    DatagramHandle with = binding.handle();
    if (with == null || !isConnected()) {
      throw Misuse.notConnected();
    }
    return with;
  }

  /** The peer of one that is connected. */
  Peer checkedPeer() {
    checked();
    Peer known = peer;
    if (known == null) {
      throw Misuse.notConnected();
    }
    return known;
  }

  /** There is no peer any more, nor is one on its way. */
  void forget() {
    peer = null;
    link.set(Link.NONE);
  }

  /** The socket is closed; a call that comes late still hears that it was connected. */
  void closed() {
    peer = null;
  }
}
