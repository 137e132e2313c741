package io.netloop.http;

/** A connection as an agent's pool sees it. */
interface Pooled {
  AgentPool.Place place();

  /** Serves this request from now on; {@link #isUsable} has said that it can. */
  void begin(ClientRequest next);

  /** Whether another request may be sent over it now. */
  boolean isUsable();

  /**
   * Stays open for another request for a while. Returns whether that makes sense: a server that
   * closes within a second might do so under the next request.
   */
  boolean keep(AgentOptions options);

  /** When its time as a kept connection is over, by the loop's clock; or {@code MAX_VALUE}. */
  long keptUntil();

  /** It is not needed, or can't be trusted: it ends, and requests under way with it. */
  void discard();
}
