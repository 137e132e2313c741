package io.netloop.loop;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that bytes go to: a socket, a response, the terminal. <i>Loop-confined:</i> listeners
 * run on the object's loop; methods may be called from any thread and take effect in the order of
 * the calls.
 *
 * @see <a href="https://nodejs.org/api/stream.html#writable-streams">Node: Writable streams</a>
 */
public interface Writable {
  /**
   * Queues bytes.
   *
   * @return whether there is room for more. False is advice to wait for 'drain'; the bytes are
   *     taken all the same, up to the limits of {@link OutboxLimits}
   */
  boolean write(Buffer data);

  /**
   * Queues bytes; the callback is told later, once per write and in order, with null when they are
   * with the system or with the error that kept them from it.
   */
  boolean write(Buffer data, Consumer<@Nullable NetException> callback);

  /** Queues text in UTF-8. */
  default boolean write(String text) {
    return write(Buffer.from(text));
  }

  /** Queues a copy of these bytes. */
  default boolean write(byte[] data) {
    return write(Buffer.from(data));
  }

  /** No more will be written; what is queued still goes out. */
  Writable end();

  /** Writes, then ends. */
  default Writable end(Buffer data) {
    write(data);
    return end();
  }

  /** Writes text in UTF-8, then ends. */
  default Writable end(String text) {
    return end(Buffer.from(text));
  }

  /** The queue is empty again after a write that returned false. */
  Writable onDrain(Runnable listener);

  /** After {@link #end}: everything is with the system. */
  Writable onFinish(Runnable listener);

  /** Something failed; 'close' follows. */
  Writable onError(Consumer<NetException> listener);

  /** Over, for whatever reason; the last event, and always exactly one. */
  Writable onClose(Consumer<CloseCause> listener);

  /**
   * Takes out a listener that was added to any event, the same object; unknown ones are no error.
   */
  Writable off(Object listener);

  /** Ends it at once, with an error for its listeners; what is queued is dropped. */
  Writable destroy(NetException error);

  /** Bytes that were accepted and are not yet with the system. */
  long writableLength();

  /** Whether a write returned false and the queue has not been empty since. */
  boolean writableNeedDrain();

  /**
   * A source begins or ends to write here through a pipe, so that a limit can pause it. Called by
   * {@link Pipes}; of use to who writes a {@code Writable}. One that may belong to another loop
   * than the source calls {@link Pipes#release}, on its own loop and when a source begins, unless
   * it is full: it may have been when the source looked, and told its 'drain' before that was
   * listened to.
   */
  default void piped(Readable source, boolean begins) {}
}
