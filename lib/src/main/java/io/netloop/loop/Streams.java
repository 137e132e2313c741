package io.netloop.loop;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be done with streams as a whole. <i>Thread-safe.</i> */
public final class Streams {
  private Streams() {}

  /**
   * Pipes a source to a destination and answers for both: when one of them fails or closes too
   * early, the other is destroyed.
   *
   * @param done told once, on the loop of the side that decided: null when the destination has
   *     finished, else the first error, which for a side that closed without one is {@code
   *     ERR_STREAM_PREMATURE_CLOSE}
   * @see <a
   *     href="https://nodejs.org/api/stream.html#streampipelinesource-transforms-destination-callback">Node:
   *     stream.pipeline</a>
   */
  public static <W extends Writable> W pipeline(
      Readable source, W destination, Consumer<@Nullable NetException> done) {
    Outcome outcome = new Outcome(source, destination, done);
    source.onEnd(() -> outcome.sourceEnded = true);
    source.onError(outcome::failed);
    source.onClose(cause -> outcome.closed(outcome.sourceEnded));
    destination.onFinish(outcome::finished);
    destination.onError(outcome::failed);
    destination.onClose(cause -> outcome.closed(false));
    return source.pipe(destination);
  }

  private static final class Outcome {
    private final Readable source;
    private final Writable destination;
    private final Consumer<@Nullable NetException> done;
    private volatile boolean sourceEnded;
    private boolean decided;

    Outcome(Readable source, Writable destination, Consumer<@Nullable NetException> done) {
      this.source = source;
      this.destination = destination;
      this.done = done;
    }

    void finished() {
      if (decide()) {
        done.accept(null);
      }
    }

    void closed(boolean inOrder) {
      if (!inOrder) {
        failed(new NetException("ERR_STREAM_PREMATURE_CLOSE", "Premature close"));
      }
    }

    void failed(NetException error) {
      if (decide()) {
        source.destroy(error);
        destination.destroy(error);
        done.accept(error);
      }
    }

    /** The two sides may belong to different loops: the first to decide wins. */
    private synchronized boolean decide() {
      boolean first = !decided;
      decided = true;
      return first;
    }
  }
}
