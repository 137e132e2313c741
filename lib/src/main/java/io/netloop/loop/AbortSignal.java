package io.netloop.loop;

import io.netloop.engine.Listeners;

/** Says that something is to end; made by an {@link AbortController}. <i>Thread-safe.</i> */
public final class AbortSignal {
  private Listeners<Runnable> listeners = Listeners.none();
  private boolean aborted;

  AbortSignal() {}

  /** Whether it has been given. */
  public synchronized boolean aborted() {
    return aborted;
  }

  /** Called on the aborting thread; at once where the signal was given before. */
  public AbortSignal onAbort(Runnable listener) {
    synchronized (this) {
      if (!aborted) {
        listeners = listeners.with(listener);
        return this;
      }
    }
    listener.run();
    return this;
  }

  /** Takes a listener out, the same object. */
  public synchronized AbortSignal off(Runnable listener) {
    listeners = listeners.without(listener);
    return this;
  }

  void abort() {
    Listeners<Runnable> told;
    synchronized (this) {
      aborted = true;
      told = listeners;
      listeners = Listeners.none();
    }
    told.forEach(Runnable::run);
  }
}
