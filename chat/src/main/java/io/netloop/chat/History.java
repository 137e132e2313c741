package io.netloop.chat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The latest of what was said, as much as its limits allow, in the order of the ids.
 * <i>Loop-confined.</i>
 */
final class History {
  private final int mostMessages;
  private final long mostBytes;
  private final Consumer<Said> forgotten;
  private final ArrayDeque<Said> kept = new ArrayDeque<>();
  private long bytes;

  /**
   * An empty history.
   *
   * @param forgotten told of each message that is kept no longer
   */
  History(int mostMessages, long mostBytes, Consumer<Said> forgotten) {
    this.mostMessages = mostMessages;
    this.mostBytes = mostBytes;
    this.forgotten = forgotten;
  }

  /** Keeps it, and forgets the oldest for it where there is no room. */
  void add(Said said) {
    kept.add(said);
    bytes += said.bytes();
    while (kept.size() > mostMessages || bytes > mostBytes) {
      Said oldest = kept.remove();
      bytes -= oldest.bytes();
      forgotten.accept(oldest);
    }
  }

  /**
   * What was said after this id: to all, where {@code to} is null, else to that session. It costs
   * as much as was said since, not as much as is kept.
   */
  List<Said> since(long id, @Nullable Session to) {
    List<Said> found = new ArrayList<>();
    Iterator<Said> newestFirst = kept.descendingIterator();
    while (newestFirst.hasNext()) {
      Said said = newestFirst.next();
      if (said.id() <= id) {
        break;
      }
      if (said.to() == to) {
        found.add(said);
      }
    }
    Collections.reverse(found);
    return found;
  }

  int messages() {
    return kept.size();
  }

  /** How much memory it holds, in bytes. */
  long bytes() {
    return bytes;
  }
}
