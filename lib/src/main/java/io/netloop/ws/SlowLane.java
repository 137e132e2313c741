package io.netloop.ws;

import io.netloop.ws.WebSocketServerOptions.SlowReader;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Publications that wait for a peer that reads too slowly, by a policy that drops some of them.
 * Loop-confined.
 */
final class SlowLane {
  /** There may be one for each so many bytes: empty ones take memory too. */
  private static final int LEAST_BYTES = 16;

  private static final int FEW = 16;

  private final SlowReader policy;
  private final long mostBytes;
  private final long most;
  private final ArrayDeque<Publication> waiting = new ArrayDeque<>();
  private long bytes;

  SlowLane(SlowReader policy, long mostBytes) {
    this.policy = policy;
    this.mostBytes = mostBytes;
    this.most = Math.max(FEW, mostBytes / LEAST_BYTES);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Lets one more wait; returns how many were dropped for it. */
  int add(Publication publication) {
    int dropped = 0;
    if (policy == SlowReader.KEEP_NEWEST) {
      Iterator<Publication> all = waiting.iterator();
      while (all.hasNext()) {
        Publication older = all.next();
        if (older.topic().equals(publication.topic())) {
          all.remove();
          bytes -= older.length();
          dropped++;
        }
      }
    }
    waiting.add(publication);
    bytes += publication.length();
    while ((bytes > mostBytes && waiting.size() > 1) || waiting.size() > most) {
      bytes -= waiting.remove().length();
      dropped++;
    }
    return dropped;
  }

  /** Hands out all that waits, the oldest first. */
  void release(Consumer<Publication> to) {
    Publication publication;
    while ((publication = waiting.poll()) != null) {
      to.accept(publication);
    }
    bytes = 0;
  }
}
