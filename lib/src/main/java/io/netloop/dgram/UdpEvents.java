package io.netloop.dgram;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.engine.Ref;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a socket, and how they are told. A listener that throws has told the program's
 * uncaught handler, and no more: one bad datagram must not close the socket for all the others.
 */
final class UdpEvents {
  /**
   * How long an error waits for a listener still on its way from the thread that made the socket.
   */
  private static final long GRACE_NANOS = 100_000_000;

  private final Reactor reactor;
  private final boolean madeOutside;

  /** Keeps the program alive while an error waits. */
  private final Ref waiting = new Ref();

  private @Nullable NetException untold;

  Listeners<Runnable> listening = Listeners.none();
  Listeners<Runnable> connect = Listeners.none();
  Listeners<BiConsumer<Buffer, RemoteInfo>> message = Listeners.none();
  Listeners<Consumer<SendDrop>> drop = Listeners.none();
  Listeners<Consumer<NetException>> error = Listeners.none();
  Listeners<Runnable> close = Listeners.none();

  UdpEvents(Reactor reactor) {
    this.reactor = reactor;
    this.madeOutside = !reactor.inLoop();
  }

  void tellListening() {
    Listeners<Runnable> told = listening;
    listening = told.afterOnce();
    told.forEach(reactor::call);
  }

  void tellConnect() {
    Listeners<Runnable> told = connect;
    connect = told.afterOnce();
    told.forEach(reactor::call);
  }

  /** The hot one: no object is made. */
  void tellMessage(Buffer bytes, RemoteInfo remote) {
    Listeners<BiConsumer<Buffer, RemoteInfo>> told = message;
    for (int i = 0; i < told.size(); i++) {
      try {
        told.get(i).accept(bytes, remote);
      } catch (Throwable failure) {
        reactor.uncaught(failure);
      }
    }
  }

  void tellDrop(SendDrop dropped) {
    drop.forEach(listener -> reactor.call(() -> listener.accept(dropped)));
  }

  void tellClose() {
    Listeners<Runnable> told = close;
    close = told.afterOnce();
    told.forEach(reactor::call);
  }

  void tellError(NetException failure) {
    if (!error.isEmpty()) {
      error.forEach(listener -> reactor.call(() -> listener.accept(failure)));
    } else if (madeOutside && untold == null) {
      untold = failure;
      waiting.open();
      reactor.schedule(this::tellNobody, GRACE_NANOS);
    } else {
      reactor.uncaught(failure);
    }
  }

  private void tellNobody() {
    NetException failure = untold;
    if (failure != null) {
      untold = null;
      waiting.close();
      reactor.uncaught(failure);
    }
  }

  /** Adds a listener; one that comes from another thread may be waited for. */
  void addError(Consumer<NetException> listener) {
    error = error.with(listener);
    NetException failure = untold;
    if (failure != null) {
      untold = null;
      waiting.close();
      reactor.call(() -> listener.accept(failure));
    }
  }

  void off(Object listener) {
    listening = listening.without(listener);
    connect = connect.without(listener);
    message = message.without(listener);
    drop = drop.without(listener);
    error = error.without(listener);
    close = close.without(listener);
  }
}
