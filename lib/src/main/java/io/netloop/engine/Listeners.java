package io.netloop.engine;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The listeners of one event, in the order in which they were added. A list never changes: adding
 * makes another one, so that a run goes over the listeners that were there when it began (Node
 * copies the list for that), and an object without listeners costs one shared empty list.
 * <i>Immutable.</i>
 *
 * @param <L> the type of listener
 */
public final class Listeners<L> {
  private static final Listeners<?> NONE = new Listeners<>(new Object[0]);

  private final Object[] list;

  /** A listener that is to be removed before its first call. */
  private record Once(Object listener) {}

  private Listeners(Object[] list) {
    this.list = list;
  }

  @SuppressWarnings("unchecked")
  public static <L> Listeners<L> none() {
    return (Listeners<L>) NONE;
  }

  public boolean isEmpty() {
    return list.length == 0;
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
    for (int i = 0; i < list.length; i++) {
      if (get(i) == listener) {
        return without(i);
      }
    }
    return this;
  }

  /** The list as it has to be before a run: without those that were to run once. */
  public Listeners<L> afterOnce() {
    Listeners<L> rest = this;
    for (int i = list.length - 1; i >= 0; i--) {
      if (list[i] instanceof Once) {
        rest = rest.without(i);
      }
    }
    return rest;
  }

  public int size() {
    return list.length;
  }

  @SuppressWarnings("unchecked")
  public L get(int index) {
    Object listener = list[index];
    return (L) (listener instanceof Once once ? once.listener : listener);
  }

  public void forEach(Consumer<L> action) {
    for (int i = 0; i < list.length; i++) {
      action.accept(get(i));
    }
  }

  private Listeners<L> plus(Object entry) {
    Object[] longer = Arrays.copyOf(list, list.length + 1);
    longer[list.length] = entry;
    return new Listeners<>(longer);
  }

  private Listeners<L> without(int index) {
    if (list.length == 1) {
      return none();
    }
    Object[] shorter = new Object[list.length - 1];
    System.arraycopy(list, 0, shorter, 0, index);
    System.arraycopy(list, index + 1, shorter, index, shorter.length - index);
    return new Listeners<>(shorter);
  }
}
