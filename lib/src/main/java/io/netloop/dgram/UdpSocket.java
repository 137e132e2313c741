package io.netloop.dgram;

import io.netloop.engine.DatagramHandle;
import io.netloop.engine.Errno;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import io.netloop.loop.AbortSignal;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.net.BlockList;
import io.netloop.net.HostPort;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket. <i>Loop-confined:</i> its listeners and callbacks run on the loop that it was made
 * on. Its methods may be called from any thread: {@code bind}, {@code send}, {@code connect} and
 * {@code close} take effect in the order of the calls; those that answer, or that throw what the
 * system says, have the loop answer, and the caller waits for it.
 *
 * @see <a href="https://nodejs.org/api/dgram.html#class-dgramsocket">Node: dgram.Socket</a>
 */
public final class UdpSocket {
  private enum State {
    UNBOUND,
    BINDING,
    BOUND
  }

  private enum Link {
    NONE,
    CONNECTING,
    CONNECTED
  }

  /** In place of a port: to the peer that the socket is connected to. */
  private static final int CONNECTED_PEER = -1;

  private final Reactor reactor = Reactor.current();
  private final UdpOptions options;
  private final UdpEvents events = new UdpEvents(reactor);
  private final SendQueue queue;
  private final Peers peers;
  private final Names names;
  private final Ref ref = new Ref();

  /** Set by the calls, on their threads, so that a wrong second call is refused there and then. */
  private final AtomicReference<State> state = new AtomicReference<>(State.UNBOUND);

  private final AtomicReference<Link> link = new AtomicReference<>(Link.NONE);
  private final AtomicBoolean closing = new AtomicBoolean();

  private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

  /** A worker's end closes the socket. */
  private final Reactor.Tenant tenant = within -> dispose();

  @SuppressWarnings("UnnecessaryLambda") // a listener is taken out by being the same object
  private final Runnable onAbort = () -> dispose();

  private @Nullable DatagramHandle handle;
  private volatile @Nullable HostPort address;
  private @Nullable Peer connectedPeer;
  private volatile long dropped;

  /** What waits for 'listening': told null then, or why there will be none. */
  private final List<Consumer<@Nullable NetException>> whenBound = new ArrayList<>(1);

  UdpSocket(UdpOptions options) {
    this.options = options;
    boolean ipv6 = options.isIpv6();
    peers = new Peers(ipv6);
    names = new Names(ipv6, options.lookup());
    queue = new SendQueue(reactor, new Sending(), ipv6, options.maxQueuedBytes());
    AbortSignal signal = options.signal();
    if (signal != null) {
      signal.onAbort(onAbort);
    }
  }

  // Binding

  /** Binds to a port that the system chooses, of all addresses. */
  public UdpSocket bind() {
    return bind(0);
  }

  /** As {@link #bind()}; the listener is told once, at 'listening'. */
  public UdpSocket bind(Runnable listener) {
    return bind(0, listener);
  }

  /** Binds to this port of all addresses; 0 has the system choose one. */
  public UdpSocket bind(int port) {
    return bind(BindOptions.port(port));
  }

  /** As {@link #bind(int)}; the listener is told once, at 'listening'. */
  public UdpSocket bind(int port, Runnable listener) {
    return bind(BindOptions.port(port), listener);
  }

  /** Binds to this port of one own address; a name is looked up first. */
  public UdpSocket bind(int port, @Nullable String address) {
    return bind(BindOptions.port(port).withAddress(address));
  }

  /** As {@link #bind(int, String)}; the listener is told once, at 'listening'. */
  public UdpSocket bind(int port, @Nullable String address, Runnable listener) {
    return bind(BindOptions.port(port).withAddress(address), listener);
  }

  /** Binds. */
  public UdpSocket bind(BindOptions where) {
    return bind(where, () -> {});
  }

  /**
   * Binds, later than this call: to be told by 'listening', or by 'error', after which it may be
   * tried again.
   *
   * @param listener told once, at 'listening'
   * @throws NetException {@code ERR_SOCKET_ALREADY_BOUND}, also while it is being bound; {@code
   *     ERR_SOCKET_DGRAM_NOT_RUNNING} after close
   */
  public UdpSocket bind(BindOptions where, Runnable listener) {
    checkOpen();
    begin(() -> {
      events.listening = events.listening.withOnce(listener);
      binder(where).start();
    });
    return this;
  }

  private void begin(Runnable binding) {
    if (!state.compareAndSet(State.UNBOUND, State.BINDING)) {
      throw Misuse.alreadyBound();
    }
    ref.open();
    if (reactor.hasEnded() || !reactor.run(binding)) {
      state.set(State.UNBOUND);
      ref.close();
      throw Misuse.loopEnded();
    }
  }

  private void bindIfUnbound() {
    if (state.get() == State.UNBOUND) {
      begin(() -> binder(BindOptions.port(0).withExclusive(true)).start());
    }
  }

  private Binder binder(BindOptions where) {
    reactor.moveIn(tenant);
    return new Binder(reactor, this, options, names, where);
  }

  /** The binder has done it. */
  void bound(DatagramHandle with) {
    handle = with;
    address = shown(with.localAddress());
    state.set(State.BOUND);
    with.startReading(reactor.receiveBuffer(), options.receiveBatch());
    reactor.nextTick(() -> listens(with));
  }

  private void listens(DatagramHandle with) {
    if (isClosed()) {
      return;
    }
    queue.open(with);
    events.tellListening();
    tellWaiting(null);
  }

  private void tellWaiting(@Nullable NetException failure) {
    List<Consumer<@Nullable NetException>> waiting = List.copyOf(whenBound);
    whenBound.clear();
    waiting.forEach(told -> told.accept(failure));
  }

  private HostPort shown(InetSocketAddress at) {
    boolean ipv6 = options.isIpv6();
    boolean any = ipv6 && at.getAddress().isAnyLocalAddress();
    String host = any ? "::" : Peers.text(at.getAddress(), ipv6);
    return new HostPort(host, at.getPort(), ipv6 ? "IPv6" : "IPv4");
  }

  /** The binder could not: everybody who waits for it is told, and it may be tried again. */
  void bindFailed(NetException failure) {
    state.set(State.UNBOUND);
    link.set(Link.NONE);
    reactor.moveOut(tenant);
    queue.failAll(failure);
    tellWaiting(failure);
    events.tellError(failure);
    ref.close();
  }

  /** Runs it now, or right after 'listening' where the socket is not bound yet. */
  private void whenBound(Consumer<@Nullable NetException> task) {
    if (handle != null) {
      task.accept(null);
    } else {
      whenBound.add(task);
    }
  }

  // Sending

  /** Sends to the connected peer. */
  public void send(Object message) {
    send(message, (SendCallback) null);
  }

  /** Sends to the connected peer; see {@link #send(Object, int, String, SendCallback)}. */
  public void send(Object message, @Nullable SendCallback callback) {
    Buffer bytes = Payload.of(message);
    if (link.get() != Link.CONNECTED) {
      throw Misuse.badPort(null);
    }
    hop(bytes, CONNECTED_PEER, null, callback);
  }

  /** Sends a part of the message, in bytes, to the connected peer. */
  public void send(Object message, int offset, int length) {
    send(message, offset, length, (SendCallback) null);
  }

  /** Sends a part of the message, in bytes, to the connected peer. */
  public void send(Object message, int offset, int length, @Nullable SendCallback callback) {
    send(Payload.part(message, offset, length), callback);
  }

  /** Sends to this port of the own host. */
  public void send(Object message, int port) {
    send(message, port, null, null);
  }

  /** Sends to this port of the own host. */
  public void send(Object message, int port, @Nullable SendCallback callback) {
    send(message, port, null, callback);
  }

  /** Sends to this port of an address; a name is looked up first. */
  public void send(Object message, int port, @Nullable String address) {
    send(message, port, address, null);
  }

  /** Sends a part of the message, in bytes, to this port of the own host. */
  public void send(Object message, int offset, int length, int port) {
    send(Payload.part(message, offset, length), port, null, null);
  }

  /** Sends a part of the message, in bytes, to this port of the own host. */
  public void send(
      Object message, int offset, int length, int port, @Nullable SendCallback callback) {
    send(Payload.part(message, offset, length), port, null, callback);
  }

  /** Sends a part of the message, in bytes. */
  public void send(Object message, int offset, int length, int port, @Nullable String address) {
    send(Payload.part(message, offset, length), port, address, null);
  }

  /** Sends a part of the message, in bytes. */
  public void send(
      Object message,
      int offset,
      int length,
      int port,
      @Nullable String address,
      @Nullable SendCallback callback) {
    send(Payload.part(message, offset, length), port, address, callback);
  }

  /** Sends to a port that is given as digits. */
  public void send(Object message, String port, @Nullable String address) {
    send(message, port, address, null);
  }

  /** Sends to a port that is given as digits. */
  public void send(
      Object message, String port, @Nullable String address, @Nullable SendCallback callback) {
    boolean digits =
        !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      throw Misuse.badPort(port);
    }
    send(message, Integer.parseInt(port), address, callback);
  }

  /**
   * Sends a datagram, at the end of the loop's turn. A socket that isn't bound yet is bound to a
   * port that the system chooses.
   *
   * @param message text, which is sent as UTF-8, a {@link Buffer}, a {@code byte[]}, or a list of
   *     those, which is joined; an empty one sends an empty datagram
   * @param port 1 to 65535
   * @param address an address, or a name, which is looked up first; null or empty for the own host
   * @param callback told later, when the datagram is with the system or can't be sent; or null:
   *     then a failure goes to the 'error' listeners, if there are any
   * @throws NetException {@code ERR_INVALID_ARG_TYPE} for another message, {@code
   *     ERR_SOCKET_BAD_PORT}, {@code ERR_SOCKET_DGRAM_IS_CONNECTED} on a connected socket, {@code
   *     ERR_SOCKET_DGRAM_NOT_RUNNING} after close
   */
  public void send(
      Object message, int port, @Nullable String address, @Nullable SendCallback callback) {
    if (link.get() == Link.CONNECTED && !isClosed()) {
      throw Misuse.connected();
    }
    Buffer bytes = Payload.of(message);
    if (port <= 0 || port > 65535) {
      throw Misuse.badPort(port);
    }
    hop(bytes, port, address, callback);
  }

  private void hop(
      Buffer bytes, int port, @Nullable String address, @Nullable SendCallback callback) {
    checkOpen();
    bindIfUnbound();
    if (reactor.inLoop()) {
      sendHere(bytes, port, address, callback);
    } else if (!reactor.execute(() -> sendHere(bytes, port, address, callback))) {
      throw Misuse.loopEnded();
    }
  }

  private void sendHere(
      Buffer bytes, int port, @Nullable String address, @Nullable SendCallback callback) {
    if (isClosed()) { // from another thread, in between
      queue.tell(callback, Misuse.notRunning(), 0);
      return;
    }
    if (port == CONNECTED_PEER) {
      Peer to = connectedPeer;
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
      whenBound(failure -> sendToName(failure, host, port, bytes, callback));
    }
  }

  private String host(@Nullable String address) {
    return address != null && !address.isEmpty() ? address : options.isIpv6() ? "::1" : "127.0.0.1";
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
          if (isClosed()) {
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
    BlockList blocked = options.sendBlockList();
    if (to.isForeign()) {
      NetException failure = Misuse.at("send", Errno.EINVAL, to.host, to.port, null);
      whenBound(unbound -> queue.tell(callback, failure, 0));
    } else if (blocked != null && isIn(blocked, to.socketAddress)) {
      whenBound(unbound -> queue.tell(callback, Misuse.blocked(to.host), 0));
    } else {
      queue.add(to, Payload.array(bytes), Payload.offset(bytes), bytes.length(), callback);
    }
  }

  private static boolean isIn(BlockList list, InetSocketAddress address) {
    return list.check(address.getAddress().getAddress());
  }

  /** What the queue has to say. */
  private final class Sending implements SendQueue.Owner {
    @Override
    public void sendFailed(NetException failure) {
      if (!events.error.isEmpty() && !isClosed()) {
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

  // Receiving

  /** A datagram has come. The bytes are the channel's: they are copied. */
  void received(ByteBuf content, InetSocketAddress from) {
    if (isClosed() || events.message.isEmpty()) {
      return;
    }
    BlockList blocked = options.receiveBlockList();
    if (blocked != null && isIn(blocked, from)) {
      return;
    }
    byte[] bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    events.tellMessage(Payload.wrap(bytes), peers.sender(from).info(bytes.length));
  }

  /** Receiving has failed: a connected peer's host has said that nobody is there, as a rule. */
  void receiveFailed(Throwable failure) {
    if (!isClosed()) {
      events.tellError(Misuse.refused("recvmsg", Errno.of(failure)));
    }
  }

  // Connecting

  /** Connects to this port of the own host. */
  public UdpSocket connect(int port) {
    return connect(port, null, null);
  }

  /** Connects to this port of the own host; see {@link #connect(int, String, Consumer)}. */
  public UdpSocket connect(int port, @Nullable Consumer<@Nullable NetException> callback) {
    return connect(port, null, callback);
  }

  /** Connects to this port of an address. */
  public UdpSocket connect(int port, @Nullable String address) {
    return connect(port, address, null);
  }

  /**
   * Talks to one peer only from now on: what others send is not received, and {@code send} needs no
   * target. Nothing is sent for it. A socket that isn't bound yet is bound first.
   *
   * @param port 1 to 65535
   * @param address an address or a name; null or empty for the own host
   * @param callback told once, with null after 'connect', or with the failure, which the 'error'
   *     listeners get where it is null
   * @throws NetException {@code ERR_SOCKET_BAD_PORT}, {@code ERR_SOCKET_DGRAM_IS_CONNECTED}, {@code
   *     ERR_SOCKET_DGRAM_NOT_RUNNING}
   */
  public UdpSocket connect(
      int port, @Nullable String address, @Nullable Consumer<@Nullable NetException> callback) {
    if (port <= 0 || port > 65535) {
      throw Misuse.badPort(port);
    }
    checkOpen();
    if (!link.compareAndSet(Link.NONE, Link.CONNECTING)) {
      throw Misuse.connected();
    }
    bindIfUnbound();
    String host = host(address);
    reactor.run(() ->
        whenBound(unbound -> {
          if (unbound == null) {
            connectTo(host, port, callback);
          } else if (callback != null) {
            connectFailed(unbound, callback);
          }
        }));
    return this;
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
            connectFailed(Misuse.unknownName(host), callback);
          }
        });
  }

  private void connectTo(Peer to, @Nullable Consumer<@Nullable NetException> callback) {
    DatagramHandle with = handle;
    if (with == null || isClosed()) {
      return;
    }
    if (to.isForeign()) {
      connectFailed(Misuse.at("connect", Errno.EINVAL, to.host, to.port, null), callback);
      return;
    }
    try {
      queue.flush(); // what was sent before goes before
      with.connect(to.socketAddress);
    } catch (IOException | RuntimeException refused) {
      connectFailed(Misuse.at("connect", Errno.of(refused), to.host, to.port, null), callback);
      return;
    }
    connectedPeer = to;
    address = shown(with.localAddress());
    link.set(Link.CONNECTED);
    reactor.nextTick(() -> {
      if (!isClosed()) {
        if (callback != null) {
          events.connect = events.connect.withOnce(() -> callback.accept(null));
        }
        events.tellConnect();
      }
    });
  }

  private void connectFailed(
      NetException failure, @Nullable Consumer<@Nullable NetException> callback) {
    link.set(Link.NONE);
    reactor.nextTick(() -> {
      if (isClosed()) {
        return;
      }
      if (callback != null) {
        callback.accept(failure);
      } else {
        events.tellError(failure);
      }
    });
  }

  /**
   * Talks to everybody again.
   *
   * @throws NetException {@code ERR_SOCKET_DGRAM_NOT_CONNECTED}
   */
  public UdpSocket disconnect() {
    return ask(() -> {
      DatagramHandle with = connected();
      connectedPeer = null;
      link.set(Link.NONE);
      queue.flush();
      system("disconnect", with, DatagramHandle::disconnect);
      address = shown(with.localAddress());
      return this;
    });
  }

  private DatagramHandle connected() {
    checkOpen();
    DatagramHandle with = handle;
    if (with == null || link.get() != Link.CONNECTED) {
      throw Misuse.notConnected();
    }
    return with;
  }

  /**
   * The peer that the socket is connected to.
   *
   * @throws NetException {@code ERR_SOCKET_DGRAM_NOT_CONNECTED}
   */
  public HostPort remoteAddress() {
    return ask(() -> {
      connected();
      Peer peer = connectedPeer;
      if (peer == null) {
        throw Misuse.notConnected();
      }
      return shown(peer.socketAddress);
    });
  }

  // Options of the system

  private interface Call {
    void on(DatagramHandle with) throws IOException;
  }

  /** Has the loop do it, and the caller wait for the answer. */
  private <T> T ask(Supplier<T> work) {
    if (reactor.inLoop()) {
      return work.get();
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    boolean taken =
        reactor.execute(() -> {
          try {
            answer.complete(work.get());
          } catch (Throwable failure) {
            answer.completeExceptionally(failure);
          }
        });
    if (!taken) {
      throw Misuse.loopEnded();
    }
    try {
      return answer.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof NetException known ? known : failed;
    }
  }

  private static void system(String name, DatagramHandle with, Call call) {
    try {
      call.on(with);
    } catch (IOException | RuntimeException refused) {
      throw Misuse.refused(name, Errno.of(refused));
    }
  }

  /** Asks the system about a socket that is bound. */
  private void onBound(String name, Call call) {
    ask(() -> {
      checkOpen();
      DatagramHandle with = handle;
      if (with == null) {
        throw Misuse.refused(name, Errno.EBADF);
      }
      system(name, with, call);
      return this;
    });
  }

  private int bufferSize(String name, java.util.function.ToIntFunction<DatagramHandle> call) {
    return ask(() -> {
      checkOpen();
      DatagramHandle with = handle;
      if (with == null) {
        throw Misuse.noBufferYet(name);
      }
      return call.applyAsInt(with);
    });
  }

  /**
   * Allows sending to broadcast addresses, which is refused with {@code EACCES} else.
   *
   * @throws NetException {@code EBADF} before 'listening'
   */
  public void setBroadcast(boolean on) {
    onBound("setBroadcast", with -> with.broadcast(on));
  }

  /**
   * Sets how many routers a datagram may pass that goes to one host; 64 by default, as a rule. Not
   * with NIO, where it is {@code ENOTSUP}.
   *
   * @param hops 1 to 255
   * @return the same number
   * @throws NetException {@code EINVAL} for another number; {@code EBADF} before 'listening'
   */
  public int setTTL(int hops) {
    onBound("setTTL", with -> with.ttl(inRange(hops, 1)));
    return hops;
  }

  /**
   * Sets how many routers a datagram may pass that goes to a group; 1 by default: none.
   *
   * @param hops 0 to 255; with 0 it does not leave the host
   * @return the same number
   * @throws NetException {@code EINVAL} for another number; {@code EBADF} before 'listening'
   */
  public int setMulticastTTL(int hops) {
    onBound("setMulticastTTL", with -> with.multicastTtl(inRange(hops, 0)));
    return hops;
  }

  private static int inRange(int hops, int least) {
    if (hops < least || hops > 255) {
      throw new IllegalArgumentException(Errno.EINVAL.words());
    }
    return hops;
  }

  /**
   * Sets whether the members on this host, too, get what this socket sends to a group; true by
   * default. Over the loopback interface they always do.
   *
   * @return the same value
   */
  public boolean setMulticastLoopback(boolean on) {
    onBound("setMulticastLoopback", with -> with.multicastLoop(on));
    return on;
  }

  /**
   * Sets by which interface datagrams to groups leave.
   *
   * @param multicastInterface of udp4, an own address, {@code 0.0.0.0} for the system's choice; of
   *     udp6, {@code ::%eth0} or {@code ::%2}
   * @throws NetException {@code EINVAL}, {@code EADDRNOTAVAIL}; {@code ENOPROTOOPT} for the form of
   *     IPv6 on udp4
   */
  public void setMulticastInterface(String multicastInterface) {
    onBound(
        "setMulticastInterface",
        with -> {
          boolean ipv6 = options.isIpv6();
          Interfaces at = Interfaces.outgoing(multicastInterface, ipv6);
          with.multicastInterface(at.ipv4(), at.index());
        });
  }

  /** How many bytes the system holds for us at the most. */
  public int getRecvBufferSize() {
    return bufferSize("uv_recv_buffer_size", DatagramHandle::receiveBufferSize);
  }

  /** Sets how many bytes the system may hold for us; Linux takes twice the number. */
  public void setRecvBufferSize(int bytes) {
    Misuse.checkBufferSize(bytes);
    bufferSize(
        "uv_recv_buffer_size",
        with -> {
          with.receiveBufferSize(bytes);
          return bytes;
        });
  }

  /** How many bytes of ours the system holds at the most. */
  public int getSendBufferSize() {
    return bufferSize("uv_send_buffer_size", DatagramHandle::sendBufferSize);
  }

  /** Sets how many bytes of ours the system may hold; Linux takes twice the number. */
  public void setSendBufferSize(int bytes) {
    Misuse.checkBufferSize(bytes);
    bufferSize(
        "uv_send_buffer_size",
        with -> {
          with.sendBufferSize(bytes);
          return bytes;
        });
  }

  // Groups

  /** Joins a group on the interface that the system chooses. */
  public void addMembership(@Nullable String group) {
    addMembership(group, null);
  }

  /**
   * Joins a group: from now on what is sent to it is received. A socket that isn't bound yet is
   * bound at once, to a port that the system chooses. Closing leaves all groups.
   *
   * @param multicastInterface one of our interfaces: of udp4 an own address, of udp6 {@code
   *     ::%eth0}, {@code eth0} or {@code 2}; null for the system's choice
   * @throws NetException {@code ERR_MISSING_ARGS} without a group; {@code EADDRINUSE} where it was
   *     joined before; {@code EINVAL} for what is no group or no interface; {@code ENODEV} for an
   *     interface that there isn't
   */
  public void addMembership(@Nullable String group, @Nullable String multicastInterface) {
    membership("addMembership", true, null, group, multicastInterface);
  }

  /** Leaves a group that was joined on the interface that the system chose. */
  public void dropMembership(@Nullable String group) {
    dropMembership(group, null);
  }

  /**
   * Leaves a group.
   *
   * @throws NetException {@code EADDRNOTAVAIL} where it was not joined
   */
  public void dropMembership(@Nullable String group, @Nullable String multicastInterface) {
    membership("dropMembership", false, null, group, multicastInterface);
  }

  /** Joins a group for one sender, on the interface that the system chooses. */
  public void addSourceSpecificMembership(String source, String group) {
    addSourceSpecificMembership(source, group, null);
  }

  /**
   * Joins a group for what one sender sends to it (RFC 4607).
   *
   * @throws NetException {@code EADDRNOTAVAIL} where it was joined before; as {@link
   *     #addMembership(String, String)} for the rest
   */
  public void addSourceSpecificMembership(
      String source, String group, @Nullable String multicastInterface) {
    membership("addSourceSpecificMembership", true, source, group, multicastInterface);
  }

  /** Leaves a group for one sender, on the interface that the system chose. */
  public void dropSourceSpecificMembership(String source, String group) {
    dropSourceSpecificMembership(source, group, null);
  }

  /** Leaves a group for one sender. */
  public void dropSourceSpecificMembership(
      String source, String group, @Nullable String multicastInterface) {
    membership("dropSourceSpecificMembership", false, source, group, multicastInterface);
  }

  private void membership(
      String name,
      boolean join,
      @Nullable String source,
      @Nullable String group,
      @Nullable String multicastInterface) {
    if (group == null || group.isEmpty()) {
      throw Misuse.missing("multicastAddress");
    }
    ask(() -> {
      checkOpen();
      if (state.get() == State.UNBOUND) {
        begin(() -> binder(BindOptions.port(0)).startNow());
      }
      DatagramHandle with = handle;
      if (with == null) {
        throw Misuse.refused(name, Errno.EBADF);
      }
      system(
          name,
          with,
          socket -> {
            boolean ipv6 = options.isIpv6();
            InetAddress to = Interfaces.ip(group, ipv6);
            InetAddress from = source == null ? null : Interfaces.ip(source, ipv6);
            Interfaces at = Interfaces.incoming(multicastInterface, ipv6);
            socket.membership(join, to, at.ipv4(), at.index(), from);
          });
      return this;
    });
  }

  // Closing

  /**
   * Closes: no more 'message' comes, what was sent to addresses goes out still, and 'close'
   * follows.
   *
   * @throws NetException {@code ERR_SOCKET_DGRAM_NOT_RUNNING} where it was closed before
   */
  public UdpSocket close() {
    return close(null);
  }

  /** As {@link #close()}; the listener is told once, at 'close'. */
  public UdpSocket close(@Nullable Runnable listener) {
    if (!closing.compareAndSet(false, true)) {
      throw Misuse.notRunning();
    }
    reactor.run(() -> {
      if (listener != null) {
        events.close = events.close.withOnce(listener);
      }
      closeHere();
    });
    return this;
  }

  /**
   * Closes, unless that was done before.
   *
   * @return completed after 'close'; it never fails
   */
  public CompletableFuture<@Nullable Void> dispose() {
    if (closing.compareAndSet(false, true)) {
      reactor.run(this::closeHere);
    }
    return gone;
  }

  private void closeHere() {
    AbortSignal signal = options.signal();
    if (signal != null) {
      signal.off(onAbort);
    }
    address = null;
    names.giveUp();
    tellWaiting(Misuse.notRunning());
    queue.finish(this::closeSystems);
  }

  /** What was sent is with the system. */
  private void closeSystems() {
    queue.close(Misuse.notRunning());
    connectedPeer = null;
    DatagramHandle closed = handle;
    handle = null;
    if (closed == null) {
      reactor.nextTick(this::closed);
      return;
    }
    closed.channel().close();
    if (closed.closesInTheNextTurn()) {
      reactor.immediate(() -> reactor.immediate(this::closed));
    } else {
      reactor.nextTick(this::closed);
    }
  }

  private void closed() {
    events.tellClose();
    reactor.moveOut(tenant);
    ref.close();
    gone.complete(null);
  }

  boolean isClosed() {
    return closing.get();
  }

  private void checkOpen() {
    if (closing.get()) {
      throw Misuse.notRunning();
    }
  }

  // Listeners

  /** It is bound; {@link #address} is known. */
  public UdpSocket onListening(Runnable listener) {
    return add(
        () -> events.listening = events.listening.with(listener), () -> address != null, listener);
  }

  /** A datagram has come: its bytes, and who sent it. */
  public UdpSocket onMessage(BiConsumer<Buffer, RemoteInfo> listener) {
    reactor.run(() -> events.message = events.message.with(listener));
    return this;
  }

  /**
   * Binding, looking a name up, or receiving has failed, or sending without a callback. No 'close'
   * follows, and the socket can be used. Without a listener it reaches the program's uncaught
   * handler, but for what sending meets.
   */
  public UdpSocket onError(Consumer<NetException> listener) {
    reactor.run(() -> events.addError(listener));
    return this;
  }

  /** A datagram was not sent, since more than {@code maxQueuedBytes} would wait. */
  public UdpSocket onDrop(Consumer<SendDrop> listener) {
    reactor.run(() -> events.drop = events.drop.with(listener));
    return this;
  }

  /** After {@link #connect}: it is connected. */
  public UdpSocket onConnect(Runnable listener) {
    return add(
        () -> events.connect = events.connect.with(listener),
        () -> link.get() == Link.CONNECTED,
        listener);
  }

  /** After {@link #close()}. */
  public UdpSocket onClose(Runnable listener) {
    return add(() -> events.close = events.close.with(listener), gone::isDone, listener);
  }

  /**
   * Takes out a listener that was added to any event, the same object; unknown ones are no error.
   */
  public UdpSocket off(Object listener) {
    reactor.run(() -> events.off(listener));
    return this;
  }

  /** A listener that comes from another thread, after the event, is told late. */
  private UdpSocket add(Runnable add, Supplier<Boolean> happened, Runnable tellLate) {
    if (reactor.inLoop()) {
      add.run();
    } else {
      reactor.execute(() -> {
        boolean late = happened.get();
        add.run();
        if (late) {
          tellLate.run();
        }
      });
    }
    return this;
  }

  // What can be asked

  /**
   * Where it is bound.
   *
   * @throws NetException {@code EBADF} before 'listening', {@code ERR_SOCKET_DGRAM_NOT_RUNNING}
   *     after close
   */
  public HostPort address() {
    checkOpen();
    HostPort at = address;
    if (at == null) {
      throw Misuse.refused("getsockname", Errno.EBADF);
    }
    return at;
  }

  /** How many bytes wait to be sent; 0 after close. */
  public long getSendQueueSize() {
    return isClosed() ? 0 : ask(queue::bytes);
  }

  /** How many datagrams wait to be sent; 0 after close. */
  public int getSendQueueCount() {
    return isClosed() ? 0 : ask(queue::count);
  }

  /** How many datagrams were dropped, since more than {@code maxQueuedBytes} would have waited. */
  public long dropped() {
    return dropped;
  }

  /** Counts the socket again among what keeps the program alive, as it does from bind on. */
  public UdpSocket ref() {
    ref.ref();
    return this;
  }

  /** Lets the program end although the socket is open. */
  public UdpSocket unref() {
    ref.unref();
    return this;
  }

  @Override
  public String toString() {
    HostPort at = address;
    return "UdpSocket " + (at == null ? "not bound" : at);
  }
}
