package io.netloop.tls;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that looks whether watched files have changed. It looks, and is not told by the
 * system: certificates are often symbolic links whose target changes, or on file systems of other
 * machines, and of both the system's notices say nothing. Watchers are held weakly, and without any
 * the thread ends.
 */
final class FileWatch {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  /** A change is read when it has rested for one look: at 400 ms that is within a second. */
  private static final long EVERY_NANOS = 400_000_000L;

  private static final FileWatch SHARED = new FileWatch();

  /** Something that looks at its files when told to. */
  interface Watcher {
    void look();
  }

  private final List<WeakReference<Watcher>> watchers = new ArrayList<>();
  private boolean running;

  private FileWatch() {}

  static FileWatch shared() {
    return SHARED;
  }

  synchronized void add(Watcher watcher) {
    watchers.add(new WeakReference<>(watcher));
    if (!running) {
      running = true;
      Thread.ofPlatform().daemon().name("netloop-certificates").start(this::watch);
    }
  }

  synchronized void remove(Watcher watcher) {
    watchers.removeIf(held -> held.refersTo(watcher));
  }

  private void watch() {
    while (goesOn()) {
      LockSupport.parkNanos(this, EVERY_NANOS);
      for (WeakReference<Watcher> held : copy()) {
        Watcher watcher = held.get();
        if (watcher != null) {
          look(watcher);
        }
      }
    }
  }

  /** One that fails must not end the watch of the others. */
  private static void look(Watcher watcher) {
    try {
      watcher.look();
    } catch (RuntimeException failure) {
      LOG.error("Certificate files could not be looked at.", failure);
    }
  }

  private synchronized boolean goesOn() {
    watchers.removeIf(held -> held.refersTo(null));
    running = !watchers.isEmpty();
    return running;
  }

  private synchronized List<WeakReference<Watcher>> copy() {
    return List.copyOf(watchers);
  }
}
