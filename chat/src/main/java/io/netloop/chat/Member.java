package io.netloop.chat;

import io.netloop.chat.Incoming.Broadcast;
import io.netloop.chat.Incoming.Login;
import io.netloop.chat.Incoming.Message;
import io.netloop.chat.Incoming.Ping;
import io.netloop.chat.Incoming.Unreadable;
import io.netloop.chat.Incoming.Whisper;
import io.netloop.chat.Incoming.WhoIsHere;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's part in the room, logged in or not: what may it say, and how often. The adapter
 * calls it with what the peer sends, and {@link #leave} when the connection has closed, for
 * whatever reason; calls after the end are ignored. <i>Loop-confined.</i>
 */
final class Member implements Place {
  private static final Logger log = LoggerFactory.getLogger(Member.class);

  private final Room room;
  private final Seat seat;
  private final TokenBucket bucket;
  private Style style = Style.TEXT;
  private @Nullable String nickname;
  private @Nullable Session session;
  private boolean acknowledges;
  private int badInARow;
  private boolean gone;

  Member(Room room, Seat seat, TokenBucket bucket) {
    this.room = room;
    this.seat = seat;
    this.bucket = bucket;
  }

  @Override
  public void enter() {
    room.enter(this);
  }

  /** One JSON text from the peer. Also over the rate it costs no more than the answer. */
  @Override
  public void receive(byte[] json) {
    room.inTurn(() -> {
      if (gone) {
        return;
      }
      if (!bucket.take()) {
        refuse(Refusal.RATE_LIMITED, Outgoing.RATE_LIMITED);
        return;
      }
      switch (room.reader().read(json)) {
        case Unreadable unreadable -> {
          log.debug("{} sent no message: {}", label(), unreadable.reason());
          answerBad();
        }
        case Message message -> answer(message);
      }
    });
  }

  /** The peer sent bytes that are no JSON object, or one that hangs. */
  @Override
  public void badMessage() {
    room.inTurn(() -> {
      if (!gone) {
        answerBad();
      }
    });
  }

  /** The peer sent more bytes in one message than allowed: what follows cannot be trusted. */
  @Override
  public void tooLong() {
    room.inTurn(() -> {
      room.counts().count(Refusal.MESSAGE_TOO_LONG);
      end(Outgoing.MESSAGE_TOO_LONG, Ending.TOO_LONG, "sent a message that is too long");
    });
  }

  @Override
  public void stop() {
    room.inTurn(() -> end(Outgoing.SERVER_STOPS, Ending.STOPPED, "the server stops"));
  }

  @Override
  public void leave(Ending how, String cause) {
    gone = true;
    room.inTurn(() -> room.lose(this, how, cause));
  }

  @Override
  public void quit(Ending how, String why) {
    room.inTurn(() -> {
      if (!gone) {
        gone = true;
        room.remove(this, how, why);
        endSeat(how, why);
      }
    });
  }

  @Override
  public void loginTimedOut(String why) {
    room.inTurn(() -> {
      if (!isLoggedIn()) {
        quit(Ending.TIMED_OUT, why);
      }
    });
  }

  /** Its session goes on over another connection, and the room has forgotten this one. */
  void takenOver() {
    if (!gone) {
      gone = true;
      endSeat(Ending.TAKEN_OVER, "its session goes on over another connection");
    }
  }

  /** Whether the peer has a name in the room. */
  boolean isLoggedIn() {
    return nickname != null;
  }

  /** Whether the connection has ended, by either side. */
  boolean hasLeft() {
    return gone;
  }

  /** The peer's name, or null while it has none. */
  @Nullable String nickname() {
    return nickname;
  }

  /** What would bring the peer back, or null if it has not asked for that. */
  @Nullable Session session() {
    return session;
  }

  /** Who this is in log lines, without a character that could harm them. */
  String label() {
    return Harmless.text(seat.label());
  }

  /** The room has given this name to the peer. */
  void named(String name, @Nullable Session itsSession) {
    nickname = name;
    session = itsSession;
  }

  /** Sends, behind the news of who has come. */
  void send(Outgoing message) {
    room.announceArrivals();
    deliver(message);
  }

  /** Sends this and nothing before it, unless the connection has ended; a seat that throws has. */
  void deliver(Outgoing message) {
    if (gone) {
      return;
    }
    try {
      seat.send(message, style);
    } catch (RuntimeException | Error failure) {
      gone = true;
      room.failed(this, failure);
      endSeat(Ending.FAILED, "sending failed");
    }
  }

  /** Says what belongs to nobody else, with a stamp of its own where the peer reads that. */
  private void tell(Outgoing message) {
    send(style.stamped() ? message.stamped(room.stamp()) : message);
  }

  /** Counts that something is not done, and says so. */
  private void refuse(Refusal why, Outgoing answer) {
    room.counts().count(why);
    tell(answer);
  }

  /** Says a last thing, ends the connection, and leaves. */
  private void end(Outgoing last, Ending how, String why) {
    if (gone) {
      return;
    }
    tell(last);
    if (!gone) {
      gone = true;
      endSeat(how, why);
      room.remove(this, how, why);
    }
  }

  private void endSeat(Ending how, String why) {
    try {
      seat.end(how, why);
    } catch (RuntimeException | Error failure) {
      room.failed(this, failure);
    }
  }

  private void answerBad() {
    badInARow++;
    if (badInARow >= room.options().badMessagesInARow()) {
      room.counts().count(Refusal.BAD_MESSAGE);
      String why = "sent " + badInARow + " bad messages in a row";
      end(Outgoing.BAD_MESSAGE, Ending.BAD_MESSAGES, why);
    } else {
      refuse(Refusal.BAD_MESSAGE, Outgoing.BAD_MESSAGE);
    }
  }

  private void answer(Message message) {
    if (message instanceof WhoIsHere && nickname != null && !style.stamped()) {
      answerBad(); // the answer would be of a type that its client may not know
      return;
    }
    badInARow = 0;
    if (nickname == null) {
      // The login decides for good; before it, each is answered as it asks.
      Wishes wishes = message instanceof Login login ? login.wishes() : Wishes.NONE;
      style = Style.of(message.kind(), wishes.presence(), wishes.stamped());
      acknowledges = wishes.ack();
    }
    switch (message) {
      case Login login -> login(login);
      case Broadcast broadcast -> broadcast(broadcast);
      case Whisper whisper -> whisper(whisper);
      case WhoIsHere _ -> whoIsHere();
      case Ping _ -> send(Outgoing.PONG);
    }
  }

  private void login(Login login) {
    Refusal refusal = nickname == null ? room.claim(login, this) : Refusal.ALREADY_LOGGED_IN;
    if (refusal != null) {
      refuse(refusal, Outgoing.loginRefused(refusal, login.nickname(), room.users()));
    }
  }

  private void broadcast(Broadcast broadcast) {
    if (nickname == null) {
      refuse(Refusal.NOT_LOGGED_IN, Outgoing.NOT_LOGGED_IN);
    } else if (broadcast.message().isBlank() && !room.options().allowEmpty()) {
      refuse(Refusal.MESSAGE_EMPTY, Outgoing.MESSAGE_EMPTY);
    } else if (!isRepeated(broadcast.ref())) {
      accepted(broadcast.ref(), room.say(nickname, broadcast.message()));
    }
  }

  private void whisper(Whisper whisper) {
    if (nickname == null) {
      refuse(Refusal.NOT_LOGGED_IN, Outgoing.WHISPER_NOT_LOGGED_IN);
      return;
    }
    if (isRepeated(whisper.ref())) {
      return;
    }
    Member receiver = room.find(whisper.nickname());
    if (receiver == null) {
      String ref = acknowledges ? whisper.ref() : null;
      Outgoing answer = Outgoing.userNotFound(nickname, whisper.nickname(), ref);
      refuse(Refusal.USER_NOT_FOUND, answer);
    } else {
      accepted(whisper.ref(), room.whisper(nickname, receiver, whisper.message()));
    }
  }

  private void whoIsHere() {
    if (nickname == null) {
      refuse(Refusal.NOT_LOGGED_IN, Outgoing.NOT_LOGGED_IN);
    } else {
      tell(Outgoing.users(room.names()));
    }
  }

  /** Whether this was accepted before; then it is acknowledged again, and nothing else happens. */
  private boolean isRepeated(@Nullable String ref) {
    Stamp stamp = session == null || ref == null ? null : session.accepted(ref);
    if (stamp == null || ref == null) {
      return false;
    }
    room.counts().repeated++;
    acknowledge(ref, stamp);
    return true;
  }

  private void accepted(@Nullable String ref, Stamp stamp) {
    if (session != null && ref != null) {
      session.accept(ref, stamp);
      acknowledge(ref, stamp);
    }
  }

  private void acknowledge(String ref, Stamp stamp) {
    if (acknowledges) {
      send(Outgoing.ack(ref, stamp));
    }
  }
}
