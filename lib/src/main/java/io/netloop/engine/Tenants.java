package io.netloop.engine;

import io.netloop.engine.Reactor.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What is open on a worker's loop, and how it all ends with it. Loop-confined. */
final class Tenants {
  /** How often a worker ends what the listeners of its ending objects open anew. */
  private static final int ROUNDS = 3;

  private final Reactor reactor;
  private final Set<Tenant> open = new LinkedHashSet<>();

  Tenants(Reactor reactor) {
    this.reactor = reactor;
  }

  void add(Tenant tenant) {
    open.add(tenant);
  }

  void remove(Tenant tenant) {
    open.remove(tenant);
  }

  /**
   * First what leaves first, within this time, then the rest at once and what their listeners have
   * opened meanwhile; then the loop ends.
   */
  void leave(Duration within) {
    List<Tenant> first = new ArrayList<>(open);
    first.removeIf(tenant -> !tenant.leavesFirst());
    leave(first, within, () -> leaveAll(ROUNDS));
  }

  private void leaveAll(int rounds) {
    if (rounds == 0 || open.isEmpty()) {
      reactor.shutdown();
      List.copyOf(open).forEach(tenant -> tenant.leave(Duration.ZERO));
    } else {
      leave(List.copyOf(open), Duration.ZERO, () -> leaveAll(rounds - 1));
    }
  }

  private void leave(List<Tenant> leaving, Duration within, Runnable next) {
    List<CompletableFuture<?>> gone = new ArrayList<>();
    leaving.forEach(tenant -> gone.add(tenant.leave(within)));
    CompletableFuture.allOf(gone.toArray(new CompletableFuture<?>[0]))
        .whenComplete((nothing, failure) -> reactor.execute(next));
  }
}
