package io.netloop.http;

import io.netloop.engine.Reactor;
import io.netloop.http.AgentOptions.Scheduling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * An agent's connections on one loop: those in use, those that are kept, and the requests that wait
 * for one. Loop-confined, but for the counts of its places.
 */
final class AgentPool {
  /** All to one place, by the agent's name for it. */
  static final class Place {
    final String name;
    final Set<ClientConnection> all = new LinkedHashSet<>();
    final ArrayDeque<ClientConnection> free = new ArrayDeque<>();
    final ArrayDeque<ClientRequest> waiting = new ArrayDeque<>();

    // What other threads may see.
    private volatile int allCount;
    private volatile int freeCount;
    private volatile int waitingCount;

    Place(String name) {
      this.name = name;
    }

    private void count() {
      allCount = all.size();
      freeCount = free.size();
      waitingCount = waiting.size();
    }

    int busyCount() {
      return allCount - freeCount;
    }

    int freeCount() {
      return freeCount;
    }

    int waitingCount() {
      return waitingCount;
    }
  }

  private final Agent agent;
  private final AgentOptions options;
  private final Reactor reactor;
  private final Map<String, Place> places = new ConcurrentHashMap<>();

  /** Places with requests that wait, the longest first. */
  private final Set<Place> hungry = new LinkedHashSet<>();

  private int total;

  /** Looks for kept connections whose time is over. */
  private @Nullable Future<?> sweep;

  private long sweepTime;

  AgentPool(Agent agent, Reactor reactor) {
    this.agent = agent;
    this.options = agent.options();
    this.reactor = reactor;
  }

  Map<String, Place> places() {
    return places;
  }

  // Requests

  /** Gives the request a connection, now or when one is free. */
  void add(ClientRequest request) {
    Place place = places.computeIfAbsent(agent.getName(request.options()), Place::new);
    ClientConnection kept = takeFree(place);
    if (kept != null) {
      kept.begin(request);
    } else if (mayConnect(place)) {
      connect(place, request);
    } else {
      place.waiting.add(request);
      hungry.add(place);
    }
    place.count();
  }

  /** A request that may be waiting does so no more. */
  void forget(ClientRequest request) {
    Place place = places.get(agent.getName(request.options()));
    if (place != null && place.waiting.remove(request)) {
      tidy(place);
    }
  }

  private @Nullable ClientConnection takeFree(Place place) {
    ClientConnection kept;
    do {
      kept =
          options.scheduling() == Scheduling.LIFO ? place.free.pollLast() : place.free.pollFirst();
    } while (kept != null && !kept.isUsable());
    return kept;
  }

  private boolean mayConnect(Place place) {
    if (place.all.size() >= options.maxSockets()) {
      return false;
    }
    return total < options.maxTotalSockets() || dropOneFree();
  }

  /** A connection that nobody uses makes room for one that somebody waits for. */
  private boolean dropOneFree() {
    for (Place place : places.values()) {
      ClientConnection idle = place.free.pollFirst();
      if (idle != null) {
        remove(place, idle);
        tidy(place);
        idle.discard();
        return true;
      }
    }
    return false;
  }

  private void connect(Place place, ClientRequest request) {
    ClientConnection connection;
    try {
      connection = new ClientConnection(this, place, request.newSocket(), reactor);
    } catch (RuntimeException refused) {
      tidy(place);
      throw refused;
    }
    place.all.add(connection);
    total++;
    connection.begin(request);
  }

  // Connections

  /** A connection has served its request, and could serve another. */
  void release(ClientConnection connection) {
    Place place = connection.place();
    ClientRequest next = place.waiting.poll();
    if (next != null) {
      connection.begin(next);
    } else if (options.keepAlive()
        && place.free.size() < options.maxFreeSockets()
        && hungry.isEmpty()
        && connection.keep(options)) {
      place.free.add(connection);
      if (connection.keptUntil() != Long.MAX_VALUE) {
        sweepAt(connection.keptUntil());
      }
    } else {
      connection.discard();
    }
    tidy(place);
  }

  /** A connection is gone, or belongs to somebody else from now on. */
  void forget(ClientConnection connection) {
    Place place = connection.place();
    if (remove(place, connection)) {
      feed();
      tidy(place);
    }
  }

  private boolean remove(Place place, ClientConnection connection) {
    if (!place.all.remove(connection)) {
      return false;
    }
    place.free.remove(connection);
    total--;
    return true;
  }

  /** There may be room for connections that requests wait for. */
  private void feed() {
    for (Place place : List.copyOf(hungry)) {
      while (!place.waiting.isEmpty() && mayConnect(place)) {
        ClientRequest next = place.waiting.remove();
        try {
          connect(place, next);
        } catch (RuntimeException refused) {
          next.refused(refused);
        }
      }
      tidy(place);
    }
  }

  /** After every change: what is empty goes, and the counts are told. */
  private void tidy(Place place) {
    place.count();
    if (place.waiting.isEmpty()) {
      hungry.remove(place);
    }
    if (place.all.isEmpty() && place.waiting.isEmpty()) {
      places.remove(place.name, place);
      if (places.isEmpty()) {
        endSweep();
        agent.forget(reactor);
      }
    }
  }

  void destroyAll() {
    for (Place place : List.copyOf(places.values())) {
      new ArrayList<>(place.all).forEach(ClientConnection::discard);
    }
  }

  // The time that connections are kept for

  private void sweepAt(long nanos) {
    if (sweep == null || nanos - sweepTime < 0) {
      endSweep();
      sweepTime = nanos;
      sweep = reactor.schedule(this::sweep, Math.max(0, nanos - reactor.now()));
    }
  }

  private void endSweep() {
    if (sweep != null) {
      sweep.cancel(false);
      sweep = null;
    }
  }

  private void sweep() {
    sweep = null;
    long now = reactor.now();
    long earliest = Long.MAX_VALUE;
    for (Place place : List.copyOf(places.values())) {
      for (ClientConnection kept : List.copyOf(place.free)) {
        long until = kept.keptUntil();
        if (until != Long.MAX_VALUE && until - now <= 0) {
          kept.discard();
        } else {
          earliest = Math.min(earliest, until);
        }
      }
    }
    if (earliest != Long.MAX_VALUE) {
      sweepAt(earliest);
    }
  }
}
