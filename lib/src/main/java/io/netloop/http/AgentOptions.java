package io.netloop.http;

import io.netloop.loop.NetException;
import java.time.Duration;

/**
 * How an {@link Agent} keeps connections. The limits hold on each loop for itself.
 * <i>Immutable.</i>
 *
 * @see <a href="https://nodejs.org/api/http.html#new-agentoptions">Node: new Agent</a>
 * @param keepAlive false by default: a connection is closed after its request, unless another waits
 *     for one. With true it is kept for the next
 * @param keepAliveMsecs the silence before the system first probes a kept connection, in whole
 *     seconds; 1 second by default
 * @param maxSockets the most connections to one place (see {@link Agent#getName}) at a time;
 *     further requests wait. {@link #UNLIMITED} by default
 * @param maxTotalSockets the most connections to all places; {@link #UNLIMITED} by default
 * @param maxFreeSockets the most connections to one place that are kept while nobody uses them; 256
 *     by default
 * @param scheduling which of several kept connections is taken; the latest used by default
 * @param timeout how long a connection is kept without a request; zero, the default, for as long as
 *     the server keeps it. A server that says {@code Keep-Alive: timeout=n} shortens it to a second
 *     less than that
 */
public record AgentOptions(
    boolean keepAlive,
    Duration keepAliveMsecs,
    int maxSockets,
    int maxTotalSockets,
    int maxFreeSockets,
    Scheduling scheduling,
    Duration timeout) {

  /** For a limit that is not wanted: written out, so that it is seen. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Which of several kept connections is taken. */
  public enum Scheduling {
    /** The one that was used last: few connections stay busy, the others may go. */
    LIFO,
    /** The one that has been idle longest: all are used in turns. */
    FIFO
  }

  private static final AgentOptions DEFAULTS =
      new AgentOptions(
          false,
          Duration.ofSeconds(1),
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          256,
          Scheduling.LIFO,
          Duration.ZERO);

  /**
   * Checks the limits.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public AgentOptions {
    atLeast("maxSockets", maxSockets, 1);
    atLeast("maxTotalSockets", maxTotalSockets, 1);
    atLeast("maxFreeSockets", maxFreeSockets, 0);
    notNegative("keepAliveMsecs", keepAliveMsecs, Duration.ofSeconds(32_767));
    notNegative("timeout", timeout, Duration.ofDays(36_500));
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw outOfRange(name, value, ">= " + least);
    }
  }

  private static void notNegative(String name, Duration time, Duration most) {
    if (time.isNegative() || time.compareTo(most) > 0) {
      throw outOfRange(name, time, "from zero to " + most);
    }
  }

  private static NetException outOfRange(String name, Object value, String wanted) {
    return new NetException(
        "ERR_OUT_OF_RANGE",
        "The value of \"%s\" is out of range. It must be %s. Received %s"
            .formatted(name, wanted, value));
  }

  /** What holds where nothing else is said. */
  public static AgentOptions defaults() {
    return DEFAULTS;
  }

  private Draft draft() {
    return new Draft(this);
  }

  public AgentOptions withKeepAlive(boolean on) {
    Draft draft = draft();
    draft.keepAlive = on;
    return draft.done();
  }

  public AgentOptions withKeepAliveMsecs(Duration time) {
    Draft draft = draft();
    draft.keepAliveMsecs = time;
    return draft.done();
  }

  public AgentOptions withMaxSockets(int most) {
    Draft draft = draft();
    draft.maxSockets = most;
    return draft.done();
  }

  public AgentOptions withMaxTotalSockets(int most) {
    Draft draft = draft();
    draft.maxTotalSockets = most;
    return draft.done();
  }

  public AgentOptions withMaxFreeSockets(int most) {
    Draft draft = draft();
    draft.maxFreeSockets = most;
    return draft.done();
  }

  public AgentOptions withScheduling(Scheduling order) {
    Draft draft = draft();
    draft.scheduling = order;
    return draft.done();
  }

  public AgentOptions withTimeout(Duration time) {
    Draft draft = draft();
    draft.timeout = time;
    return draft.done();
  }

  /** All values, open to a change. */
  private static final class Draft {
    private boolean keepAlive;
    private Duration keepAliveMsecs;
    private int maxSockets;
    private int maxTotalSockets;
    private int maxFreeSockets;
    private Scheduling scheduling;
    private Duration timeout;

    Draft(AgentOptions from) {
      keepAlive = from.keepAlive;
      keepAliveMsecs = from.keepAliveMsecs;
      maxSockets = from.maxSockets;
      maxTotalSockets = from.maxTotalSockets;
      maxFreeSockets = from.maxFreeSockets;
      scheduling = from.scheduling;
      timeout = from.timeout;
    }

    AgentOptions done() {
      return new AgentOptions(
          keepAlive,
          keepAliveMsecs,
          maxSockets,
          maxTotalSockets,
          maxFreeSockets,
          scheduling,
          timeout);
    }
  }
}
