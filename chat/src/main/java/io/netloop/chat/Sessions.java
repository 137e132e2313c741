package io.netloop.chat;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a room, with a peer or waiting for one. As many may wait as users may be in the
 * room; then the oldest ends before its time. <i>Loop-confined.</i>
 */
final class Sessions {
  /** Nobody guesses so many. */
  private static final int TOKEN_BYTES = 18;

  /** One time that a session was left; it may have been taken up again since. */
  private record Absence(Session session, long untilNanos) {
    boolean goesOn() {
      return session.isAway() && session.untilNanos() == untilNanos;
    }
  }

  private final long keptNanos;
  private final int most;
  private final LongSupplier nanoClock;
  private final Consumer<Session> ended;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> byToken = new HashMap<>();

  /** In the order of their ends, because all last equally long. */
  private final ArrayDeque<Absence> absences = new ArrayDeque<>();

  /**
   * No session yet.
   *
   * @param keptNanos how long one waits for its peer
   * @param most how many may wait
   * @param ended told of each that has waited in vain
   */
  Sessions(long keptNanos, int most, LongSupplier nanoClock, Consumer<Session> ended) {
    this.keptNanos = keptNanos;
    this.most = most;
    this.nanoClock = nanoClock;
    this.ended = ended;
  }

  Session begin(String name, Member member) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Session session = new Session(token, name, member);
    byToken.put(token, session);
    return session;
  }

  /** The session with this token, unless it has ended. */
  @Nullable Session find(@Nullable String token) {
    return token == null ? null : byToken.get(token);
  }

  /** Its connection has gone; it waits for another. */
  void goesAway(Session session, boolean keepsName) {
    long until = nanoClock.getAsLong() + keptNanos;
    session.goesAway(until, keepsName);
    absences.add(new Absence(session, until));
    if (absences.size() > most) {
      absences.removeIf(absence -> !absence.goesOn()); // Who has come back ends nobody else.
    }
    while (absences.size() > most) {
      endFirst();
    }
  }

  /** Ends those whose time is up. */
  void endOverdue() {
    long now = nanoClock.getAsLong();
    while (!absences.isEmpty() && absences.getFirst().untilNanos() - now <= 0) {
      endFirst();
    }
  }

  /** Ends all that wait. */
  void endWaiting() {
    while (!absences.isEmpty()) {
      endFirst();
    }
  }

  private void endFirst() {
    Absence absence = absences.remove();
    if (absence.goesOn()) {
      byToken.remove(absence.session().token());
      ended.accept(absence.session());
    }
  }

  /** How many there are, with a peer or waiting. */
  int size() {
    return byToken.size();
  }
}
