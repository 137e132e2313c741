package io.netloop.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pipes that take from one source. The source is paused while any destination is full and
 * resumed when none is, so that one slow destination holds back the others but never fills up.
 * <i>Loop-confined</i> to the source's loop; {@code add} and {@code remove} may be called from any
 * thread.
 */
public final class Pipes {
  private final Readable source;
  private final Loop loop;
  private final List<Pipe> open = new ArrayList<>(1);
  private final Consumer<Buffer> toAll = this::deliver;
  private int full;

  /** The pipes of a source that belongs to this loop. */
  public Pipes(Readable source, Loop loop) {
    this.source = source;
    this.loop = loop;
  }

  void add(Writable destination, boolean end) {
    loop.run(() -> {
      boolean first = open.isEmpty();
      open.add(new Pipe(destination, end));
      destination.piped(source, true);
      if (first) {
        source.onData(toAll);
      }
      if (destination.writableNeedDrain()) {
        open.getLast().foundFull();
      } else if (full == 0) {
        source.resume();
      }
    });
  }

  @SuppressWarnings("ReferenceEquality") // a destination is the same object, not an equal one
  void remove(Writable destination) {
    loop.run(() -> {
      for (Pipe pipe : List.copyOf(open)) {
        if (pipe.destination == destination) {
          pipe.close();
          return;
        }
      }
    });
  }

  /**
   * Pauses the source until this destination has drained, as after a write that was told "full". Of
   * use to who writes a {@code Writable}.
   */
  @SuppressWarnings("ReferenceEquality") // a destination is the same object, not an equal one
  public void hold(Writable destination) {
    loop.run(() -> {
      for (Pipe pipe : open) {
        if (pipe.destination == destination) {
          pipe.filled();
        }
      }
    });
  }

  /**
   * This destination was found full when its pipe was made, and is not, as it says itself: its
   * 'drain' may have come before it was listened to. Of use to who writes a {@code Writable}; see
   * {@link Writable#piped}.
   */
  @SuppressWarnings("ReferenceEquality") // a destination is the same object, not an equal one
  public void release(Writable destination) {
    loop.run(() -> {
      for (Pipe pipe : open) {
        if (pipe.destination == destination && pipe.wasFoundFull) {
          pipe.drained();
        }
      }
    });
  }

  /** The one destination, or null where there is none or more than one. On the source's loop. */
  public @Nullable Writable only() {
    return open.size() == 1 ? open.getFirst().destination : null;
  }

  private void deliver(Buffer data) {
    for (int i = 0; i < open.size(); i++) {
      Pipe pipe = open.get(i);
      if (!pipe.destination.write(data)) {
        pipe.filled();
      }
    }
  }

  /** One destination of the source. */
  @SuppressWarnings("UnnecessaryLambda") // a listener is taken out by being the same object
  private final class Pipe {
    private final Writable destination;
    private final Runnable onDrain = () -> loop.run(this::drained);
    private final Runnable onFinish = () -> loop.run(this::close);
    private final Consumer<CloseCause> onClose = cause -> loop.run(this::close);
    private final Runnable onEnd;
    private boolean isFull;

    /** Full since before the pipe was made, so that its 'drain' may have been missed. */
    private boolean wasFoundFull;

    Pipe(Writable destination, boolean end) {
      this.destination = destination;
      this.onEnd = end ? () -> destination.end() : () -> {};
      destination.onDrain(onDrain);
      destination.onFinish(onFinish);
      destination.onClose(onClose);
      source.onEnd(onEnd);
    }

    void foundFull() {
      wasFoundFull = true;
      filled();
    }

    void filled() {
      if (!isFull) {
        isFull = true;
        full++;
      }
      source.pause();
    }

    void drained() {
      wasFoundFull = false;
      if (isFull) {
        isFull = false;
        if (--full == 0) {
          source.resume();
        }
      }
    }

    void close() {
      if (!open.remove(this)) {
        return;
      }
      destination.piped(source, false);
      destination.off(onDrain);
      destination.off(onFinish);
      destination.off(onClose);
      source.off(onEnd);
      if (isFull) {
        full--;
      }
      if (open.isEmpty()) {
        source.off(toAll);
        source.pause();
      } else if (full == 0) {
        source.resume();
      }
    }
  }
}
