package io.netloop.chat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has come in this turn of the loop, and the others have not heard of yet. When thousands come
 * back at once, each of the others is told of many in one go: going through all connections once
 * for each newcomer would cost far more than what is written. <i>Loop-confined.</i>
 */
final class Arrivals {
  /** So many wait at the most: a peer's queue must not fill up with what could have left. */
  static final int MOST = 64;

  private final List<Outgoing> notices = new ArrayList<>();

  /** Who has come after how many of them, and so hears of those behind these only. */
  private final Map<Member, Integer> heardOf = new HashMap<>();

  boolean isEmpty() {
    return notices.isEmpty();
  }

  boolean isFull() {
    return notices.size() >= MOST;
  }

  /** Somebody has come, whom the others are told of by this. */
  void add(Member newcomer, Outgoing notice) {
    notices.add(notice);
    knowsAll(newcomer);
  }

  /** It has been told who is here, and need not hear again of those who have come before. */
  void knowsAll(Member member) {
    if (!notices.isEmpty()) {
      heardOf.put(member, notices.size());
    }
  }

  /**
   * Tells these of all who have come.
   *
   * @return how many times somebody was told of somebody
   */
  long announce(Collection<Member> users) {
    long told = 0;
    for (Member user : users) {
      for (int i = heardOf.getOrDefault(user, 0); i < notices.size(); i++) {
        user.deliver(notices.get(i));
        told++;
      }
    }
    notices.clear();
    heardOf.clear();
    return told;
  }
}
