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
  /** How many streams are begun before a server has said how many it allows. */
  private static final int ALLOWED_AT_FIRST = 100;

  /** All to one place, by the agent's name for it. */
  static final class Place {
    final String name;
    final Set<Pooled> all = new LinkedHashSet<>();
    final ArrayDeque<Pooled> free = new ArrayDeque<>();

    /** Those that serve several requests at a time, and at least one now. */
    final List<Http2ClientConnection> shared = new ArrayList<>(0);

    /** How many the server allows on one connection, as far as is known. */
    int allowedStreams = ALLOWED_AT_FIRST;

    /** The handshake that will say which version the server speaks, where that is not known. */
    @Nullable Negotiation negotiation;

    /** Whether the server has last agreed to HTTP/1.1: then each request needs a connection. */
    boolean isHttp11;

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
    Place place = places.computeIfAbsent(name(request), Place::new);
    Pooled usable = takeUsable(place);
    if (usable != null) {
      usable.begin(request);
    } else if (!isAsking(place) && mayConnect(place)) {
      connect(place, request);
    } else {
      place.waiting.add(request);
      hungry.add(place);
    }
    place.count();
  }

  /** A request that may be waiting does so no more. */
  void forget(ClientRequest request) {
    Place place = places.get(name(request));
    if (place == null) {
      return;
    }
    if (place.waiting.remove(request)) {
      tidy(place);
    } else {
      for (Pooled each : List.copyOf(place.all)) {
        if (each instanceof Negotiation begun && begun.giveUp(request)) {
          return;
        }
      }
    }
  }

  /** Whether one connection may soon serve all who wait: others are not made before it is known. */
  private static boolean isAsking(Place place) {
    return place.negotiation != null && !place.isHttp11;
  }

  /** Requests that may not share a connection are for different places. */
  private String name(ClientRequest request) {
    String name = agent.getName(request.options());
    return switch (request.options().http2()) {
      case OFFERED -> name;
      case PRIOR_KNOWLEDGE -> name + ":h2";
      case NEVER -> request.options().mayOfferHttp2() ? name + ":http/1.1" : name;
    };
  }

  private @Nullable Pooled takeUsable(Place place) {
    for (int i = 0; i < place.shared.size(); i++) {
      Http2ClientConnection shared = place.shared.get(i);
      if (shared.isUsable()) {
        return shared;
      }
    }
    Pooled kept = takeFree(place);
    if (kept instanceof Http2ClientConnection shared) {
      place.shared.add(shared);
    }
    return kept;
  }

  private @Nullable Pooled takeFree(Place place) {
    Pooled kept;
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
      Pooled idle = place.free.pollFirst();
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
    Pooled connection;
    try {
      if (request.options().http2() == Http2Use.PRIOR_KNOWLEDGE) {
        connection = share(place, request);
      } else if (request.options().offersHttp2()) {
        Negotiation begun = new Negotiation(this, place, request.newSocket(), request);
        place.negotiation = begun;
        place.all.add(begun);
        total++;
        return;
      } else {
        connection = new ClientConnection(this, place, request.newSocket(), reactor);
      }
    } catch (RuntimeException refused) {
      tidy(place);
      throw refused;
    }
    place.all.add(connection);
    total++;
    connection.begin(request);
  }

  /** A handshake has said which version the connection speaks: it serves who waits for it. */
  void agreed(Negotiation done, @Nullable ClientRequest first, boolean isHttp2) {
    Place place = done.place();
    if (!remove(place, done)) {
      done.socket().destroy(); // The agent was destroyed meanwhile.
      return;
    }
    place.isHttp11 = !isHttp2;
    ClientRequest next = first != null ? first : place.waiting.poll();
    if (next == null) {
      done.socket().destroy();
      tidy(place);
      return;
    }
    Pooled connection;
    if (isHttp2) {
      Http2ClientConnection shared =
          new Http2ClientConnection(this, place, done.socket(), reactor, next.options());
      place.shared.add(shared);
      connection = shared;
    } else {
      connection = new ClientConnection(this, place, done.socket(), reactor);
    }
    place.all.add(connection);
    total++;
    connection.begin(next);
    if (connection instanceof Http2ClientConnection shared) {
      roomIn(shared);
    }
    feed();
    tidy(place);
  }

  private Http2ClientConnection share(Place place, ClientRequest first) {
    Http2ClientConnection connection =
        new Http2ClientConnection(this, place, first.newSocket(), reactor, first.options());
    place.shared.add(connection);
    return connection;
  }

  // Connections

  /** A connection that serves several requests has room for more of them. */
  void roomIn(Http2ClientConnection connection) {
    Place place = connection.place();
    while (connection.isUsable() && !place.waiting.isEmpty()) {
      connection.begin(place.waiting.remove());
    }
    tidy(place);
  }

  /** A connection has served its request, and could serve another. */
  void release(Pooled connection) {
    Place place = connection.place();
    boolean isUsable = connection.isUsable(); // A server may allow no more streams for now.
    ClientRequest next = isUsable ? place.waiting.poll() : null;
    if (next != null) {
      connection.begin(next);
      if (connection instanceof Http2ClientConnection shared) {
        roomIn(shared);
      }
    } else if (isUsable
        && options.keepAlive()
        && place.free.size() < options.maxFreeSockets()
        && hungry.isEmpty()
        && connection.keep(options)) {
      place.shared.remove(connection);
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
  void forget(Pooled connection) {
    Place place = connection.place();
    if (remove(place, connection)) {
      feed();
      tidy(place);
    }
  }

  private boolean remove(Place place, Pooled connection) {
    if (!place.all.remove(connection)) {
      return false;
    }
    place.free.remove(connection);
    place.shared.remove(connection);
    if (connection.equals(place.negotiation)) {
      place.negotiation = null;
    }
    total--;
    return true;
  }

  /** There may be room for connections that requests wait for. */
  private void feed() {
    for (Place place : List.copyOf(hungry)) {
      while (!place.waiting.isEmpty() && !isAsking(place) && mayConnect(place)) {
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
      new ArrayList<>(place.all).forEach(Pooled::discard);
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
      for (Pooled kept : List.copyOf(place.free)) {
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
