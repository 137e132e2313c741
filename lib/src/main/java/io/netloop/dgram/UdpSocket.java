package io.netloop.dgram;

import io.netloop.engine.CaptureAccess;
import io.netloop.engine.DatagramHandle;
import io.netloop.engine.Errno;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import io.netloop.loop.AbortSignal;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.net.BlockList;
import io.netloop.net.Capture;
import io.netloop.net.HostPort;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final Reactor reactor = Reactor.current();
  private final UdpOptions options;
  private final UdpEvents events = new UdpEvents(reactor);
  private final Names names;
  private final Ref ref = new Ref();
  private final BindSide binding;
  private final SendSide sending;
  private final ConnectSide connecting;
  private final SystemSide system;
  private @Nullable UdpTrace trace;

  /** Set by the calls, on their threads, so that a second close is refused there and then. */
  private final AtomicBoolean closing = new AtomicBoolean();

  private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

  @SuppressWarnings("UnnecessaryLambda") // a listener is taken out by being the same object
  private final Runnable onAbort = () -> dispose();

  UdpSocket(UdpOptions options) {
    this.options = options;
    names = new Names(options.isIpv6(), options.lookup());
    binding = new BindSide(reactor, this, options, events, names, ref);
    sending = new SendSide(reactor, this, binding, options, events, names);
    connecting = sending.connecting();
    system = new SystemSide(reactor, this, binding, options.isIpv6());
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
    binding.begin(where, listener);
    return this;
  }

  // Sending

  /** Sends to the connected peer. */
  public void send(Object message) {
    send(message, (SendCallback) null);
  }

  /** Sends to the connected peer; see {@link #send(Object, int, String, SendCallback)}. */
  public void send(Object message, @Nullable SendCallback callback) {
    Buffer bytes = Payload.of(message);
    if (!connecting.isConnected()) {
      throw Misuse.badPort(null);
    }
    sending.send(bytes, SendSide.CONNECTED_PEER, null, callback);
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
    int number = digits ? Integer.parseInt(port) : 0;
    if (number <= 0 || number > 65535) {
      throw Misuse.badPort(port);
    }
    send(message, number, address, callback);
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
    if (connecting.isConnected() && !isClosed()) {
      throw Misuse.connected();
    }
    Buffer bytes = Payload.of(message);
    if (port <= 0 || port > 65535) {
      throw Misuse.badPort(port);
    }
    sending.send(bytes, port, address, callback);
  }

  static boolean isIn(BlockList list, InetSocketAddress address) {
    return list.check(address.getAddress().getAddress());
  }

  /** The binder has a socket of the system's: what was queued can go. */
  void canSend(DatagramHandle with) {
    sending.queue().open(with);
  }

  /** There will be no socket of the system's: what was queued for it is told why. */
  void cannotSend(NetException failure) {
    connecting.forget();
    sending.queue().failAll(failure);
  }

  // Receiving

  /** A datagram has come. The bytes are the channel's: they are copied. */
  void received(ByteBuf content, InetSocketAddress from) {
    if (trace != null) {
      trace.received(content, from);
    }
    if (isClosed() || events.message.isEmpty()) {
      return;
    }
    BlockList blocked = options.receiveBlockList();
    if (blocked != null && isIn(blocked, from)) {
      return;
    }
    byte[] bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    events.tellMessage(Payload.wrap(bytes), sending.peers().sender(from).info(bytes.length));
  }

  /** Receiving has failed: a connected peer's host has said that nobody is there, as a rule. */
  void receiveFailed(Throwable failure) {
    if (!isClosed()) {
      events.tellError(Misuse.refused("recvmsg", Errno.of(failure)));
    }
  }

  /**
   * Has each datagram that is received, or that the system takes, from now on written to a file
   * that Wireshark opens. Received are all that come to the socket, also those that no listener
   * gets. Of a socket that is bound to all addresses, the own one is shown as {@code 0.0.0.0} or
   * {@code ::}: which it was, only the system knows.
   *
   * @param to takes the place of another one that was given before
   */
  public UdpSocket capture(Capture to) {
    UdpTrace begun = new UdpTrace(CaptureAccess.fileOf(to), binding);
    reactor.run(() -> {
      trace = begun;
      sending.queue().traceTo(begun);
    });
    return this;
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
    connecting.begin(sending.host(address), port, callback);
    return this;
  }

  /**
   * Talks to everybody again.
   *
   * @throws NetException {@code ERR_SOCKET_DGRAM_NOT_CONNECTED}
   */
  public UdpSocket disconnect() {
    return system.ask(() -> {
      connecting.end();
      return this;
    });
  }

  /**
   * The peer that the socket is connected to.
   *
   * @throws NetException {@code ERR_SOCKET_DGRAM_NOT_CONNECTED}
   */
  public HostPort remoteAddress() {
    return system.ask(() -> binding.shown(connecting.checkedPeer().socketAddress));
  }

  // Options of the system

  /**
   * Allows sending to broadcast addresses, which is refused with {@code EACCES} else.
   *
   * @throws NetException {@code EBADF} before 'listening'
   */
  public void setBroadcast(boolean on) {
    system.onBound("setBroadcast", with -> with.broadcast(on));
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
    system.onBound("setTTL", with -> with.ttl(SystemSide.inRange(hops, 1)));
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
    system.onBound("setMulticastTTL", with -> with.multicastTtl(SystemSide.inRange(hops, 0)));
    return hops;
  }

  /**
   * Sets whether the members on this host, too, get what this socket sends to a group; true by
   * default. Over the loopback interface they always do.
   *
   * @return the same value
   */
  public boolean setMulticastLoopback(boolean on) {
    system.onBound("setMulticastLoopback", with -> with.multicastLoop(on));
    return on;
  }

  /**
   * Sets by which interface datagrams to groups leave.
   *
   * @param multicastInterface of udp4, an own address, {@code 0.0.0.0} for the system's choice; of
   *     udp6, {@code ::%eth0} or {@code ::%2}
   * @throws NetException {@code ERR_INVALID_ARG_TYPE} for null; {@code EINVAL}, {@code
   *     EADDRNOTAVAIL}; {@code ENOPROTOOPT} for the form of IPv6 on udp4
   */
  public void setMulticastInterface(String multicastInterface) {
    system.multicastInterface(multicastInterface);
  }

  /** How many bytes the system holds for us at the most. */
  public int getRecvBufferSize() {
    return system.bufferSize("uv_recv_buffer_size", DatagramHandle::receiveBufferSize);
  }

  /** Sets how many bytes the system may hold for us; Linux takes twice the number. */
  public void setRecvBufferSize(int bytes) {
    Misuse.checkBufferSize(bytes);
    system.bufferSize(
        "uv_recv_buffer_size",
        with -> {
          with.receiveBufferSize(bytes);
          return bytes;
        });
  }

  /** How many bytes of ours the system holds at the most. */
  public int getSendBufferSize() {
    return system.bufferSize("uv_send_buffer_size", DatagramHandle::sendBufferSize);
  }

  /** Sets how many bytes of ours the system may hold; Linux takes twice the number. */
  public void setSendBufferSize(int bytes) {
    Misuse.checkBufferSize(bytes);
    system.bufferSize(
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
    system.membership("addMembership", true, group, multicastInterface);
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
    system.membership("dropMembership", false, group, multicastInterface);
  }

  /** Joins a group for one sender, on the interface that the system chooses. */
  public void addSourceSpecificMembership(String source, String group) {
    addSourceSpecificMembership(source, group, null);
  }

  /**
   * Joins a group for what one sender sends to it (RFC 4607).
   *
   * @throws NetException {@code ERR_INVALID_ARG_TYPE} for null; {@code EADDRNOTAVAIL} where it was
   *     joined before; as {@link #addMembership(String, String)} for the rest
   */
  public void addSourceSpecificMembership(
      String source, String group, @Nullable String multicastInterface) {
    system.sourceMembership("addSourceSpecificMembership", true, source, group, multicastInterface);
  }

  /** Leaves a group for one sender, on the interface that the system chose. */
  public void dropSourceSpecificMembership(String source, String group) {
    dropSourceSpecificMembership(source, group, null);
  }

  /** Leaves a group for one sender. */
  public void dropSourceSpecificMembership(
      String source, String group, @Nullable String multicastInterface) {
    system.sourceMembership(
        "dropSourceSpecificMembership", false, source, group, multicastInterface);
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
    names.giveUp();
    binding.giveUp(Misuse.notRunning());
    sending.queue().finish(this::closeSystems);
  }

  /** What was sent is with the system. */
  private void closeSystems() {
    sending.queue().close(Misuse.notRunning());
    connecting.closed();
    DatagramHandle closed = binding.release();
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
    binding.closed();
    gone.complete(null);
  }

  boolean isClosed() {
    return closing.get();
  }

  void checkOpen() {
    if (closing.get()) {
      throw Misuse.notRunning();
    }
  }

  // Listeners

  /** It is bound; {@link #address} is known. */
  public UdpSocket onListening(Runnable listener) {
    return add(
        () -> events.listening = events.listening.with(listener),
        () -> binding.address() != null,
        listener);
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
        () -> events.connect = events.connect.with(listener), connecting::isConnected, listener);
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
    HostPort at = binding.address();
    if (at == null) {
      throw Misuse.refused("getsockname", Errno.EBADF);
    }
    return at;
  }

  /** How many bytes wait to be sent; 0 after close. */
  public long getSendQueueSize() {
    return isClosed() ? 0 : system.ask(sending.queue()::bytes);
  }

  /** How many datagrams wait to be sent; 0 after close. */
  public int getSendQueueCount() {
    return isClosed() ? 0 : system.ask(sending.queue()::count);
  }

  /** How many datagrams were dropped, since more than {@code maxQueuedBytes} would have waited. */
  public long dropped() {
    return sending.dropped();
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
    HostPort at = binding.address();
    return "UdpSocket " + (at == null ? "not bound" : at);
  }
}
