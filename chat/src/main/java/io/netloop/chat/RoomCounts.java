package io.netloop.chat;

import java.util.EnumMap;
import java.util.Map;

/** What a room has done since it was made. <i>Loop-confined.</i> */
final class RoomCounts {
  /** Messages to all. */
  long broadcasts;

  /** Messages to one alone that reached somebody. */
  long whispers;

  /** Messages to all and notices, counted once for each receiver. */
  long deliveries;

  /** Users who went on with their session. */
  long resumed;

  /** Messages that were sent again, and not delivered twice. */
  long repeated;

  private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
  private final Map<Ending, Long> ended = new EnumMap<>(Ending.class);

  void count(Refusal refusal) {
    refused.merge(refusal, 1L, Long::sum);
  }

  void count(Ending ending) {
    ended.merge(ending, 1L, Long::sum);
  }

  /** How much was not done, by the reason. */
  long refused(Refusal refusal) {
    return refused.getOrDefault(refusal, 0L);
  }

  /** How many connections have ended, by the way. */
  long ended(Ending ending) {
    return ended.getOrDefault(ending, 0L);
  }
}
