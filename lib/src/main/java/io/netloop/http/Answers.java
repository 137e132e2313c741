package io.netloop.http;

import io.netloop.loop.CloseCause;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The responses that a connection of HTTP/1.1 owes, in the order of their requests: the first is
 * being sent, the others write into a {@link Backlog} until it is their turn. Loop-confined.
 */
final class Answers {
  private final HttpServer server;
  private final SocketWire wire;
  private @Nullable HttpResponse first;
  private @Nullable HttpResponse newest;
  private int owed;

  Answers(HttpServer server, SocketWire wire) {
    this.server = server;
    this.wire = wire;
  }

  /** The one that is being sent, or null where none is owed. */
  @Nullable HttpResponse first() {
    return first;
  }

  int owed() {
    return owed;
  }

  /** Where one that is owed now would write to. */
  Wire wireOfNext(int highWaterMark, Runnable onBacklog) {
    return first == null ? wire : new Backlog(highWaterMark, onBacklog);
  }

  void add(HttpResponse response) {
    if (first == null) {
      first = response;
    } else if (newest != null) {
      newest.next = response;
    }
    newest = response;
    owed++;
  }

  boolean isNewest(HttpResponse response) {
    return response.equals(newest);
  }

  /** Whether the response to this request is owed. */
  boolean owes(HttpRequest request) {
    for (HttpResponse each = first; each != null; each = each.next) {
      if (each.request().equals(request)) {
        return true;
      }
    }
    return false;
  }

  /** Takes the first out, which is complete; the next one's turn begins with {@link #turn}. */
  void remove() {
    HttpResponse done = Objects.requireNonNull(first);
    first = done.next;
    done.next = null;
    owed--;
    if (first == null) {
      newest = null;
    }
  }

  /** What the first has had to say so far leaves, if it had to wait. */
  void turn() {
    HttpResponse now = first;
    if (now != null && now.wire instanceof Backlog backlog) {
      now.wire = wire;
      backlog.moveTo(wire, now);
      wire.written();
      now.drained();
    }
  }

  /** Bytes that wait for their turn. */
  long backlogBytes() {
    long queued = 0;
    for (HttpResponse each = first; each != null; each = each.next) {
      queued += each.wire instanceof Backlog ? each.wire.queuedBytes() : 0;
    }
    return queued;
  }

  /** None of them will be sent any more. */
  void abandon(CloseCause why) {
    HttpResponse response = first;
    first = null;
    newest = null;
    owed = 0;
    while (response != null) {
      HttpResponse next = response.next;
      response.next = null;
      server.log(response, why);
      response.request().abort();
      response.over(new CloseCause(why.by(), why.layer(), why.code(), why.queuedBytes(), null));
      response.request().lost(why);
      response = next;
    }
  }
}
