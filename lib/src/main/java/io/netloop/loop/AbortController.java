package io.netloop.loop;

/**
 * Ends what was started with its {@link #signal}: a server stops listening, a connection is
 * destroyed with {@code ABORT_ERR}. <i>Thread-safe.</i>
 *
 * @see <a href="https://nodejs.org/api/globals.html#class-abortcontroller">Node:
 *     AbortController</a>
 */
public final class AbortController {
  private final AbortSignal signal = new AbortSignal();

  /** A controller that has not aborted. */
  public AbortController() {}

  /** The signal to hand out. */
  public AbortSignal signal() {
    return signal;
  }

  /** Aborts, once. */
  public void abort() {
    signal.abort();
  }
}
