package io.netloop.loop;

import java.util.function.Consumer;

/**
 * Something that bytes come from: a socket, a request, the terminal. Nothing flows until there is a
 * 'data' listener, a pipe or a call of {@link #resume}; what has come until then waits, and past a
 * bound the source itself is made to wait. <i>Loop-confined:</i> listeners run on the object's
 * loop, in the order in which they were added; methods may be called from any thread.
 *
 * @see <a href="https://nodejs.org/api/stream.html#readable-streams">Node: Readable streams</a>
 */
@SuppressWarnings("AvoidCommonTypeNames") // Node's name
public interface Readable {
  /** Some bytes have come. Adding the first such listener starts the flow, unless paused before. */
  Readable onData(Consumer<Buffer> listener);

  /** No more bytes will come, and all that came were delivered. */
  Readable onEnd(Runnable listener);

  /** Something failed; 'close' follows. */
  Readable onError(Consumer<NetException> listener);

  /** Over, for whatever reason; the last event, and always exactly one. */
  Readable onClose(Consumer<CloseCause> listener);

  /** Stops the flow. */
  Readable pause();

  /** Lets it flow again; without a 'data' listener what comes is dropped. */
  Readable resume();

  /** Whether the flow was stopped by {@link #pause}. */
  boolean isPaused();

  /**
   * Takes out a listener that was added to any event, the same object; unknown ones are no error.
   */
  Readable off(Object listener);

  /** Ends it at once, with an error for its listeners. */
  Readable destroy(NetException error);

  /**
   * Where this source is piped to. Of use to who writes a {@code Readable}, not to who uses one.
   */
  Pipes pipes();

  /**
   * Writes everything that comes to a destination, waits while that is full, and ends it at the
   * end. An error of either side ends neither the other nor anything else: {@link Streams#pipeline}
   * does.
   *
   * @return the destination
   */
  default <W extends Writable> W pipe(W destination) {
    return pipe(destination, true);
  }

  /** As {@link #pipe(Writable)}; {@code end} says whether the end ends the destination too. */
  default <W extends Writable> W pipe(W destination, boolean end) {
    pipes().add(destination, end);
    return destination;
  }

  /** Takes back a {@link #pipe}; where it was the last one the source is paused. */
  default Readable unpipe(Writable destination) {
    pipes().remove(destination);
    return this;
  }
}
