package io.netloop.chat;

/**
 * A connection as the room sees it: a place that can be told something and can be ended. Each
 * transport has its own. Called on one loop only: the room's, or the seat's own where a {@link
 * FarMember} stands between.
 *
 * <p>A seat may call {@link Place#leave} from inside these methods, for example when a queue is
 * over its limit: the room finishes what it is doing first. It should not throw; if it does, that
 * costs this seat only.
 */
interface Seat {
  /**
   * Passes a message on to the peer, without waiting: {@link Outgoing#line} or {@link
   * Outgoing#frame} in this style. Messages arrive in the order of the calls.
   */
  void send(Outgoing message, Style style);

  /**
   * Ends the connection once everything sent before is written. The room calls it at most once and
   * nothing after it.
   *
   * @param why a few words for the log
   */
  void end(Ending how, String why);

  /** Who this is in log lines, for example {@code 127.0.0.1:50342}. */
  String label();
}
