package io.netloop.http;

import io.netloop.engine.Reactor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * Who gives connections to requests, and keeps them for the next. It has a pool of its own on each
 * loop that it is used on: a connection never changes its loop, and the limits of {@link
 * AgentOptions} hold for each loop. <i>Thread-safe.</i>
 *
 * <p>Kept connections do not keep the program alive. One that the server has closed, or has sent
 * something on that nobody asked for, is thrown away. That a server closes it just when it is taken
 * can't be excluded: the request fails with {@code ECONNRESET} and says {@link
 * ClientRequest#reusedSocket}, so that the program can try again.
 *
 * @see <a href="https://nodejs.org/api/http.html#class-httpagent">Node: http.Agent</a>
 */
public final class Agent {
  private static final Agent GLOBAL =
      new Agent(AgentOptions.defaults().withKeepAlive(true).withTimeout(Duration.ofSeconds(5)));

  private final AgentOptions options;
  private final Map<Reactor, AgentPool> pools = new ConcurrentHashMap<>();

  /** An agent that keeps no connection. */
  public Agent() {
    this(AgentOptions.defaults());
  }

  /** An agent with these limits. */
  public Agent(AgentOptions options) {
    this.options = options;
  }

  /** The agent of requests that name none: it keeps idle connections for 5 seconds. */
  public static Agent global() {
    return GLOBAL;
  }

  /** Its limits. */
  public AgentOptions options() {
    return options;
  }

  /**
   * What connections are told apart by: {@code host:port:localAddress[:family][:socketPath]}, as in
   * Node; over TLS also by the {@link io.netloop.tls.TlsOptions}, the same object.
   */
  public String getName(RequestOptions to) {
    StringBuilder name = new StringBuilder(to.host()).append(':').append(to.port()).append(':');
    if (to.localAddress() != null) {
      name.append(to.localAddress());
    }
    if (to.family() != 0) {
      name.append(':').append(to.family());
    }
    if (to.socketPath() != null) {
      name.append(':').append(to.socketPath());
    }
    if (to.isSecure()) {
      name.append(":https:").append(to.tlsOrDefault());
    }
    return name.toString();
  }

  /**
   * How many connections serve requests now, by their names and over all loops; over HTTP/2 one may
   * serve many. Where requests may not share a connection although they go to the same place, the
   * name ends with {@code :h2} for those that know of HTTP/2, or {@code :http/1.1} for those that
   * refuse it.
   */
  public Map<String, Integer> sockets() {
    return count(AgentPool.Place::busyCount);
  }

  /** How many connections are kept for a request to come, by their names and over all loops. */
  public Map<String, Integer> freeSockets() {
    return count(AgentPool.Place::freeCount);
  }

  /** How many requests wait for a connection, by its name and over all loops. */
  public Map<String, Integer> requests() {
    return count(AgentPool.Place::waitingCount);
  }

  private Map<String, Integer> count(ToIntFunction<AgentPool.Place> what) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    pools
        .values()
        .forEach(pool ->
            pool.places()
                .forEach((name, place) -> {
                  int count = what.applyAsInt(place);
                  if (count > 0) {
                    counts.merge(name, count, Integer::sum);
                  }
                }));
    return counts;
  }

  /**
   * Closes all connections, those in use too; requests that wait for one get it, and the agent can
   * be used on.
   */
  public void destroy() {
    pools.forEach((reactor, pool) -> reactor.run(pool::destroyAll));
  }

  /** The pool of this loop. */
  AgentPool pool(Reactor reactor) {
    return pools.computeIfAbsent(reactor, loop -> new AgentPool(this, loop));
  }

  /** Nothing is left in it. */
  void forget(Reactor reactor) {
    pools.remove(reactor);
  }
}
