package io.netloop.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What several worker reactors have in common: one more reactor that accepts for them all, and a
 * place to find what they share. <i>Thread-safe.</i>
 */
public final class WorkerGroup {
  private final Reactor acceptor;
  private final Map<Object, Object> shared = new ConcurrentHashMap<>();
  private final Map<Object, Integer> counts = new ConcurrentHashMap<>();

  /** A group whose accepting thread has this name. */
  public WorkerGroup(String acceptorName) {
    acceptor = new Reactor(acceptorName);
  }

  /** The reactor that accepts connections and hands them to the workers in turns. */
  public Reactor acceptor() {
    return acceptor;
  }

  /** What the workers share under this key, made by the first that asks. */
  @SuppressWarnings("unchecked")
  public <T> T shared(Object key, Supplier<T> make) {
    return (T) shared.computeIfAbsent(key, _ -> make.get());
  }

  /** Nobody shares this any more. */
  public void forget(Object key, Object value) {
    shared.remove(key, value);
  }

  /** Counts: the first call with a key gives 1, the next 2. */
  public int next(Object key) {
    return counts.merge(key, 1, Integer::sum);
  }
}
