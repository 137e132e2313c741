package io.netloop.engine;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of one event, in the order in which they were added. A list never changes: adding
 * makes another one, so that a run goes over the listeners that were there when it began (Node
 * copies the list for that), and an object without listeners costs one shared empty list.
 * <i>Immutable.</i>
 *
 * @param <L> the type of listener
 */
public final class Listeners<L> {
  private static final Object[] NO_MORE = {};
  private static final Listeners<?> NONE = new Listeners<>(null, NO_MORE);

  /** The first, which mostly is the only one and needs no array; or null. */
  private final @Nullable Object first;

  private final Object[] more;

  /** A listener that is to be removed before its first call. */
  private record Once(Object listener) {}

  private Listeners(@Nullable Object first, Object[] more) {
    this.first = first;
    this.more = more;
  }

  @SuppressWarnings("unchecked")
  public static <L> Listeners<L> none() {
    return (Listeners<L>) NONE;
  }

  public boolean isEmpty() {
    return first == null;
  }

  public Listeners<L> with(L listener) {
    return plus(listener);
  }

  /** Adds a listener that {@link #afterOnce} leaves out. */
  public Listeners<L> withOnce(L listener) {
    return plus(new Once(listener));
  }

  /** The list without the first entry of this listener; itself where there is none. */
  @SuppressWarnings("ReferenceEquality") // a listener is taken out by being the same object
  public Listeners<L> without(Object listener) {
    for (int i = 0; i < size(); i++) {
      if (get(i) == listener) {
        return without(i);
      }
    }
    return this;
  }

  /** The list as it has to be before a run: without those that were to run once. */
  public Listeners<L> afterOnce() {
    Listeners<L> rest = this;
    for (int i = size() - 1; i >= 0; i--) {
      if (entry(i) instanceof Once) {
        rest = rest.without(i);
      }
    }
    return rest;
  }

  public int size() {
    return first == null ? 0 : 1 + more.length;
  }

  /** The listener at this place, which is less than the size. */
  @SuppressWarnings("unchecked")
  public L get(int index) {
    Object listener = entry(index);
    return (L) (listener instanceof Once once ? once.listener : listener);
  }

  public void forEach(Consumer<L> action) {
    for (int i = 0; i < size(); i++) {
      action.accept(get(i));
    }
  }

  private Object entry(int index) {
    return index == 0 ? Objects.requireNonNull(first) : more[index - 1];
  }

  private Listeners<L> plus(Object entry) {
    if (first == null) {
      return new Listeners<>(entry, NO_MORE);
    }
    Object[] longer = Arrays.copyOf(more, more.length + 1);
    longer[more.length] = entry;
    return new Listeners<>(first, longer);
  }

  private Listeners<L> without(int index) {
    Listeners<L> rest = none();
    for (int i = 0; i < size(); i++) {
      if (i != index) {
        rest = rest.plus(entry(i));
      }
    }
    return rest;
  }
}
