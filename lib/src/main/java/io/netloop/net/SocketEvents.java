package io.netloop.net;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The listeners of a socket, and how they are told. A listener that throws is the end of its socket
 * and of nothing else.
 */
final class SocketEvents {
  private final Reactor reactor;
  private final Consumer<Throwable> failed;

  Listeners<Consumer<Lookup>> lookup = Listeners.none();
  Listeners<Consumer<HostPort>> attempt = Listeners.none();
  Listeners<BiConsumer<HostPort, NetException>> attemptFailed = Listeners.none();
  Listeners<Consumer<HostPort>> attemptTimeout = Listeners.none();
  Listeners<Runnable> connect = Listeners.none();
  Listeners<Runnable> ready = Listeners.none();
  Listeners<Runnable> secureConnect = Listeners.none();
  Listeners<Consumer<Buffer>> data = Listeners.none();
  Listeners<Runnable> pause = Listeners.none();
  Listeners<Runnable> resume = Listeners.none();
  Listeners<Runnable> end = Listeners.none();
  Listeners<Runnable> drain = Listeners.none();
  Listeners<Runnable> finish = Listeners.none();
  Listeners<Runnable> timeout = Listeners.none();
  Listeners<Consumer<NetException>> error = Listeners.none();
  Listeners<Consumer<CloseCause>> close = Listeners.none();

  SocketEvents(Reactor reactor, Consumer<Throwable> failed) {
    this.reactor = reactor;
    this.failed = failed;
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
        guard(tellLate);
      }
    });
  }

  void tell(Listeners<Runnable> listeners) {
    listeners.forEach(this::guard);
  }

  <T> void tell(Listeners<Consumer<T>> listeners, T event) {
    listeners.forEach(listener -> guard(() -> listener.accept(event)));
  }

  /** The hot one: no object is made. */
  void tellData(Buffer piece) {
    Listeners<Consumer<Buffer>> listeners = data;
    try {
      for (int i = 0; i < listeners.size(); i++) {
        listeners.get(i).accept(piece);
      }
    } catch (Throwable failure) {
      failed.accept(failure);
    }
  }

  void tellConnect() {
    Listeners<Runnable> listeners = connect;
    connect = connect.afterOnce();
    tell(listeners);
    tell(ready);
  }

  void tellSecureConnect() {
    Listeners<Runnable> listeners = secureConnect;
    secureConnect = secureConnect.afterOnce();
    tell(listeners);
  }

  void tellTimeout() {
    Listeners<Runnable> listeners = timeout;
    timeout = timeout.afterOnce();
    tell(listeners);
  }

  void tellAttemptFailed(HostPort address, NetException failure) {
    attemptFailed.forEach(listener -> guard(() -> listener.accept(address, failure)));
  }

  void guard(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable failure) {
      failed.accept(failure);
    }
  }

  void off(Object listener) {
    lookup = lookup.without(listener);
    attempt = attempt.without(listener);
    attemptFailed = attemptFailed.without(listener);
    attemptTimeout = attemptTimeout.without(listener);
    connect = connect.without(listener);
    ready = ready.without(listener);
    secureConnect = secureConnect.without(listener);
    data = data.without(listener);
    pause = pause.without(listener);
    resume = resume.without(listener);
    end = end.without(listener);
    drain = drain.without(listener);
    finish = finish.without(listener);
    timeout = timeout.without(listener);
    error = error.without(listener);
    close = close.without(listener);
  }
}
