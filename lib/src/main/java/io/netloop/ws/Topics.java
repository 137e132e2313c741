package io.netloop.ws;

import io.netloop.engine.Reactor;
import io.netloop.engine.WorkerGroup;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Who has subscribed to what, over all loops. A message is framed once for all its receivers, and
 * leaves each with whatever else the loop's turn brings for it in one write. Names are exact: there
 * are no wildcards. Of one publisher all receivers see the messages in the order in which it
 * published them. <i>Thread-safe.</i>
 */
public final class Topics {
  /** Those of workers, which share them by the path that they serve. */
  private static final Map<WorkerGroup, Map<String, Topics>> OF_WORKERS = new WeakHashMap<>();

  private final Map<Reactor, TopicHub> hubs = new ConcurrentHashMap<>();
  private final Map<String, Integer> subscribers = new ConcurrentHashMap<>();
  private final LongAdder published = new LongAdder();
  final LongAdder delivered = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder closed = new LongAdder();

  /** Topics that only who has this object shares. */
  public Topics() {}

  /** What a server gets that was given none: the workers of a group share theirs. */
  static Topics byDefault(@Nullable String path) {
    WorkerGroup group = Reactor.current().group();
    if (group == null) {
      return new Topics();
    }
    synchronized (OF_WORKERS) {
      return OF_WORKERS
          .computeIfAbsent(group, unknown -> new ConcurrentHashMap<>())
          .computeIfAbsent(String.valueOf(path), unknown -> new Topics());
    }
  }

  /**
   * Sends a message to all who have subscribed.
   *
   * @return whether there is anybody
   */
  public boolean publish(String topic, Message message) {
    return publish(topic, message, null);
  }

  /** Sends a text to all who have subscribed. */
  public boolean publish(String topic, String text) {
    return publish(topic, Message.text(text));
  }

  /** How many connections have subscribed. */
  public int numSubscribers(String topic) {
    return subscribers.getOrDefault(topic, 0);
  }

  /** What has become of all publications so far. */
  public TopicStats stats() {
    return new TopicStats(published.sum(), delivered.sum(), dropped.sum(), closed.sum());
  }

  /** As {@link #publish(String, Message)}, to all but one. */
  boolean publish(String topic, Message message, @Nullable WebSocketConnection except) {
    if (numSubscribers(topic) == 0) {
      return false;
    }
    published.increment();
    Publication publication = new Publication(topic, PreparedMessage.of(message));
    Reactor here = Reactor.current();
    for (TopicHub hub : hubs.values()) {
      if (hub.isOn(here) && here.inLoop()) {
        hub.deliver(publication, except);
      } else {
        hub.post(publication);
      }
    }
    return true;
  }

  /** That of this loop. */
  TopicHub hub(Reactor reactor) {
    return hubs.computeIfAbsent(reactor, on -> new TopicHub(this, on));
  }

  /** The last subscriber of a loop has left. */
  void forget(Reactor reactor, TopicHub hub) {
    hubs.remove(reactor, hub);
  }

  void count(String topic, int change) {
    subscribers.merge(topic, change, (before, more) -> before + more == 0 ? null : before + more);
  }
}
