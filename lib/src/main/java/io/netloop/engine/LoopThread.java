package io.netloop.engine;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The thread of a loop: knows its reactor, which a thread-local would have to look up. */
final class LoopThread extends Thread {
  /** Null before the loop runs, and once it has ended. */
  @Nullable Reactor reactor;

  private final CompletableFuture<?> terminated;

  /**
   * @param terminated completed when the thread ends
   */
  LoopThread(Runnable task, String name, CompletableFuture<?> terminated) {
    super(task, name);
    this.terminated = terminated;
    setDaemon(true);
  }

  @Override
  public void run() {
    super.run();
    if (reactor != null) {
      reactor.releaseMemory();
    }
    reactor = null;
    terminated.complete(null);
  }
}
