package io.netloop.ws;

import io.netloop.engine.Reactor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One loop's subscribers. Loop-confined, but for {@link #post}, by which other loops hand their
 * publications in: all of a turn come over in one task.
 */
final class TopicHub {
  /** The subscribers of one topic. A place is kept by each, so that leaving costs no search. */
  private static final class Subscribers {
    final List<WebSocketConnection> all = new ArrayList<>();
    final Map<WebSocketConnection, Integer> places = new HashMap<>();

    boolean add(WebSocketConnection connection) {
      if (places.putIfAbsent(connection, all.size()) != null) {
        return false;
      }
      all.add(connection);
      return true;
    }

    boolean remove(WebSocketConnection connection) {
      Integer place = places.remove(connection);
      if (place == null) {
        return false;
      }
      WebSocketConnection last = all.removeLast();
      if (!last.equals(connection)) {
        all.set(place, last);
        places.put(last, place);
      }
      return true;
    }
  }

  private final Topics topics;
  private final Reactor reactor;
  private final Map<String, Subscribers> byName = new HashMap<>();
  private final Queue<Publication> posted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean coming = new AtomicBoolean();

  TopicHub(Topics topics, Reactor reactor) {
    this.topics = topics;
    this.reactor = reactor;
  }

  boolean isOn(Reactor that) {
    return reactor.equals(that);
  }

  boolean subscribe(String topic, WebSocketConnection connection) {
    boolean news = byName.computeIfAbsent(topic, unknown -> new Subscribers()).add(connection);
    if (news) {
      topics.count(topic, 1);
    }
    return news;
  }

  boolean unsubscribe(String topic, WebSocketConnection connection) {
    Subscribers subscribers = byName.get(topic);
    if (subscribers == null || !subscribers.remove(connection)) {
      return false;
    }
    topics.count(topic, -1);
    if (subscribers.all.isEmpty()) {
      byName.remove(topic);
    }
    if (byName.isEmpty()) {
      topics.forget(reactor, this);
    }
    return true;
  }

  /** To all subscribers of this loop but one. */
  void deliver(Publication publication, @Nullable WebSocketConnection except) {
    Subscribers subscribers = byName.get(publication.topic());
    if (subscribers == null) {
      return;
    }
    long delivered = 0;
    // One may be closed for reading too slowly, and so leave while we go through: from the end.
    for (int i = subscribers.all.size() - 1; i >= 0; i--) {
      if (i < subscribers.all.size()) {
        WebSocketConnection connection = subscribers.all.get(i);
        if (connection != except && connection.deliver(publication)) {
          delivered++;
        }
      }
    }
    topics.delivered.add(delivered);
  }

  /** From another thread. */
  void post(Publication publication) {
    posted.add(publication);
    if (coming.compareAndSet(false, true)) {
      reactor.execute(this::deliverPosted);
    }
  }

  private void deliverPosted() {
    coming.set(false);
    Publication publication;
    while ((publication = posted.poll()) != null) {
      deliver(publication, null);
    }
  }
}
