package io.netloop.dgram;

import io.netloop.engine.DatagramHandle;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import io.netloop.loop.NetException;
import io.netloop.net.HostPort;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a socket comes to be bound, to what, and what waits for that. Loop-confined, but for the
 * state: a wrong second call is refused on the thread that makes it.
 */
final class BindSide {
  private enum State {
    UNBOUND,
    BINDING,
    BOUND
  }

  private final Reactor reactor;
  private final UdpSocket socket;
  private final UdpOptions options;
  private final UdpEvents events;
  private final Names names;

  /** Counts among what keeps the program alive, from the beginning of the bind on. */
  private final Ref ref;

  /** A worker's end closes the socket. */
  private final Reactor.Tenant tenant;

  private final AtomicReference<State> state = new AtomicReference<>(State.UNBOUND);
  private @Nullable DatagramHandle handle;
  private volatile @Nullable HostPort address;

  /** The same, but that closing leaves it: what was queued goes out after it. */
  private @Nullable HostPort latestAddress;

  /** What waits for 'listening': told null then, or why there will be none. */
  private final List<Consumer<@Nullable NetException>> waiting = new ArrayList<>(1);

  BindSide(
      Reactor reactor,
      UdpSocket socket,
      UdpOptions options,
      UdpEvents events,
      Names names,
      Ref ref) {
    this.reactor = reactor;
    this.socket = socket;
    this.options = options;
    this.events = events;
    this.names = names;
    this.ref = ref;
    this.tenant = within -> socket.dispose();
  }

  /** The system's socket; null before it is bound and once it is closed. */
  @Nullable DatagramHandle handle() {
    return handle;
  }

  /** Where it is bound; null before that and after close. Any thread. */
  @Nullable HostPort address() {
    return address;
  }

  /** Where it is bound, or was before it was closed. On the loop. */
  @Nullable HostPort latestAddress() {
    return latestAddress;
  }

  boolean isUnbound() {
    return state.get() == State.UNBOUND;
  }

  /** Binds, later than this call; from any thread. */
  void begin(BindOptions where, @Nullable Runnable listener) {
    begin(() -> {
      if (listener != null) {
        events.listening = events.listening.withOnce(listener);
      }
      binder(where).start();
    });
  }

  /** Binds to what the system chooses, unless it is bound; from any thread. */
  void beginIfUnbound() {
    if (isUnbound()) {
      begin(BindOptions.port(0).withExclusive(true), null);
    }
  }

  /** The same within this call, for what needs the system's socket at once. */
  void beginNow() {
    begin(() -> binder(BindOptions.port(0)).startNow());
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

  private Binder binder(BindOptions where) {
    reactor.moveIn(tenant);
    return new Binder(reactor, socket, this, options, names, where);
  }

  /** The binder has done it. */
  void bound(DatagramHandle with) {
    handle = with;
    readAddress(with);
    state.set(State.BOUND);
    with.startReading(reactor.receiveBuffer(), options.receiveBatch());
    reactor.nextTick(() -> listens(with));
  }

  private void listens(DatagramHandle with) {
    if (socket.isClosed()) {
      return;
    }
    socket.canSend(with);
    events.tellListening();
    tellWaiting(null);
  }

  /** The binder could not: everybody who waits for it is told, and it may be tried again. */
  void failed(NetException failure) {
    state.set(State.UNBOUND);
    reactor.moveOut(tenant);
    socket.cannotSend(failure);
    tellWaiting(failure);
    events.tellError(failure);
    ref.close();
  }

  /** Runs it now, or right after 'listening' where the socket is not bound yet. */
  void whenBound(Consumer<@Nullable NetException> task) {
    if (handle != null) {
      task.accept(null);
    } else {
      waiting.add(task);
    }
  }

  private void tellWaiting(@Nullable NetException failure) {
    List<Consumer<@Nullable NetException>> told = List.copyOf(waiting);
    waiting.clear();
    told.forEach(task -> task.accept(failure));
  }

  /** Asks the system where it is bound now: connecting may change it. */
  void readAddress(DatagramHandle with) {
    latestAddress = shown(with.localAddress());
    address = latestAddress;
  }

  HostPort shown(InetSocketAddress at) {
    boolean ipv6 = options.isIpv6();
    boolean any = ipv6 && at.getAddress().isAnyLocalAddress();
    String host = any ? "::" : Peers.text(at.getAddress(), ipv6);
    return new HostPort(host, at.getPort(), ipv6 ? "IPv6" : "IPv4");
  }

  /** The socket is being closed: nothing waits any more, and it has no address. */
  void giveUp(NetException why) {
    address = null;
    tellWaiting(why);
  }

  /** Hands over the system's socket for closing; null where there is none. */
  @Nullable DatagramHandle release() {
    DatagramHandle released = handle;
    handle = null;
    return released;
  }

  /** It is closed, and counts no more. */
  void closed() {
    reactor.moveOut(tenant);
    ref.close();
  }
}
