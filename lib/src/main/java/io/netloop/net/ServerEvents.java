package io.netloop.net;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.loop.NetException;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a server, and how they are told. One that throws has told the program's uncaught
 * handler, and no more; a listener of a connection costs that connection.
 */
final class ServerEvents {
  /**
   * How long an error waits for a listener still on its way from the thread that made the server.
   */
  private static final long GRACE_NANOS = 100_000_000;

  private final Reactor reactor;
  private final boolean madeOutside;
  private final Runnable toldLate;
  private @Nullable NetException untold;

  Listeners<Runnable> listening = Listeners.none();
  Listeners<Consumer<TcpSocket>> connection = Listeners.none();
  Listeners<Consumer<TcpSocket>> secureConnection = Listeners.none();
  Listeners<BiConsumer<NetException, TcpSocket>> tlsClientError = Listeners.none();
  Listeners<Consumer<Drop>> drop = Listeners.none();
  Listeners<Consumer<NetException>> error = Listeners.none();
  Listeners<Consumer<@Nullable NetException>> close = Listeners.none();

  /**
   * @param toldLate called when an error that had to wait was told to somebody
   */
  ServerEvents(Reactor reactor, Runnable toldLate) {
    this.reactor = reactor;
    this.madeOutside = !reactor.inLoop();
    this.toldLate = toldLate;
  }

  /**
   * Adds a listener. From another thread nobody can tell what has happened already: then the
   * listener is told late.
   */
  void add(Runnable add, BooleanSupplier happened, Runnable tellLate) {
    if (reactor.inLoop()) {
      add.run();
      return;
    }
    reactor.execute(() -> {
      boolean late = happened.getAsBoolean();
      add.run();
      if (late) {
        tellLate.run();
      }
    });
  }

  /** Adds a listener of errors. */
  void addError(Consumer<NetException> listener) {
    add(
        () -> error = error.with(listener),
        this::hasUntold,
        () -> {
          NetException failure = Objects.requireNonNull(untold);
          untold = null;
          try {
            listener.accept(failure);
          } finally {
            toldLate.run();
          }
        });
  }

  void tellListening() {
    Listeners<Runnable> listeners = listening;
    listening = listening.afterOnce();
    listeners.forEach(reactor::call);
  }

  void tellConnection(TcpSocket socket) {
    connection.forEach(listener -> {
      if (!socket.destroyed()) {
        socket.guard(() -> listener.accept(socket));
      }
    });
  }

  void tellSecureConnection(TcpSocket socket) {
    secureConnection.forEach(listener -> {
      if (!socket.destroyed()) {
        socket.guard(() -> listener.accept(socket));
      }
    });
  }

  void tellTlsClientError(NetException failure, TcpSocket socket) {
    tlsClientError.forEach(listener -> reactor.call(() -> listener.accept(failure, socket)));
  }

  void tellDrop(Drop why) {
    drop.forEach(listener -> reactor.call(() -> listener.accept(why)));
  }

  void tellError(NetException failure) {
    if (!error.isEmpty()) {
      error.forEach(listener -> reactor.call(() -> listener.accept(failure)));
    } else if (madeOutside) {
      untold = failure;
      reactor.schedule(this::tellNobody, GRACE_NANOS);
    } else {
      reactor.uncaught(failure);
    }
  }

  /** Whether an error waits for its listener. */
  boolean hasUntold() {
    return untold != null;
  }

  private void tellNobody() {
    if (untold != null) {
      reactor.uncaught(untold);
      untold = null;
      toldLate.run();
    }
  }

  void tellClose() {
    Listeners<Consumer<@Nullable NetException>> listeners = close;
    close = close.afterOnce();
    listeners.forEach(listener -> reactor.call(() -> listener.accept(null)));
  }

  /** Takes a listener out, but not of 'close', which is always told. */
  void off(Object listener) {
    listening = listening.without(listener);
    connection = connection.without(listener);
    secureConnection = secureConnection.without(listener);
    tlsClientError = tlsClientError.without(listener);
    drop = drop.without(listener);
    error = error.without(listener);
  }
}
