package io.netloop.http;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server, in no order: they are gone through every second, and so without a
 * copy, though some may leave meanwhile. Loop-confined.
 */
final class ServedList {
  private static final int FIRST = 16;

  private @Nullable Served[] all = new Served[FIRST];
  private int size;

  void add(Served connection) {
    if (size == all.length) {
      all = Arrays.copyOf(all, size * 2);
    }
    connection.place(size);
    all[size++] = connection;
  }

  /** The last takes its place. */
  void remove(Served connection) {
    int place = connection.place();
    Served last = all[--size];
    all[size] = null;
    if (last != null && place < size) {
      all[place] = last;
      last.place(place);
    }
  }

  /**
   * Goes through them from the last to the first: who takes the place of one that leaves has had
   * its turn.
   */
  void forEach(Consumer<Served> action) {
    for (int i = size - 1; i >= 0; i--) {
      Served each = i < size ? all[i] : null;
      if (each != null) {
        action.accept(each);
      }
    }
  }
}
