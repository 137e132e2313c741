package io.netloop.chat;

import io.netloop.chat.Incoming.Broadcast;
import io.netloop.chat.Incoming.Login;
import io.netloop.chat.Incoming.Message;
import io.netloop.chat.Incoming.Unreadable;
import io.netloop.chat.Incoming.Whisper;
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
        send(Outgoing.RATE_LIMITED);
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
    room.inTurn(() -> end(Outgoing.MESSAGE_TOO_LONG, "sent a message that is too long"));
  }

  @Override
  public void stop() {
    room.inTurn(() -> end(Outgoing.SERVER_STOPS, "the server stops"));
  }

  @Override
  public void leave(String cause) {
    gone = true;
    room.inTurn(() -> room.remove(this, cause));
  }

  @Override
  public void quit(String why) {
    room.inTurn(() -> {
      if (!gone) {
        gone = true;
        room.remove(this, why);
        endSeat(why);
      }
    });
  }

  @Override
  public void loginTimedOut(String why) {
    room.inTurn(() -> {
      if (!isLoggedIn()) {
        quit(why);
      }
    });
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

  /** Whether the peer asked for the presence fields. */
  boolean wantsPresence() {
    return style.presence();
  }

  /** Who this is in log lines, without a character that could harm them. */
  String label() {
    return Harmless.text(seat.label());
  }

  /** The room has given this name to the peer. */
  void named(String name) {
    nickname = name;
  }

  /** Sends, unless the connection has ended; a seat that throws has. */
  void send(Outgoing message) {
    if (gone) {
      return;
    }
    try {
      seat.send(message, style);
    } catch (RuntimeException | Error failure) {
      gone = true;
      room.failed(this, failure);
      endSeat("sending failed");
    }
  }

  /** Says a last thing, ends the connection, and leaves. */
  void end(Outgoing last, String why) {
    if (gone) {
      return;
    }
    send(last);
    if (!gone) {
      gone = true;
      endSeat(why);
      room.remove(this, why);
    }
  }

  private void endSeat(String why) {
    try {
      seat.end(why);
    } catch (RuntimeException | Error failure) {
      room.failed(this, failure);
    }
  }

  private void answerBad() {
    badInARow++;
    if (badInARow >= room.options().badMessagesInARow()) {
      end(Outgoing.BAD_MESSAGE, "sent " + badInARow + " bad messages in a row");
    } else {
      send(Outgoing.BAD_MESSAGE);
    }
  }

  private void answer(Message message) {
    badInARow = 0;
    if (nickname == null) {
      // The login decides for good; before it, each is answered as it asks.
      style = Style.of(message.kind(), message instanceof Login login && login.presence());
    }
    switch (message) {
      case Login login -> login(login);
      case Broadcast broadcast -> broadcast(broadcast);
      case Whisper whisper -> whisper(whisper);
    }
  }

  private void login(Login login) {
    Refusal refusal =
        nickname == null ? room.claim(login.nickname(), this) : Refusal.ALREADY_LOGGED_IN;
    if (refusal != null) {
      send(Outgoing.loginRefused(refusal, login.nickname(), room.users()));
    }
  }

  private void broadcast(Broadcast broadcast) {
    if (nickname == null) {
      send(Outgoing.NOT_LOGGED_IN);
    } else if (broadcast.message().isBlank() && !room.options().allowEmpty()) {
      send(Outgoing.MESSAGE_EMPTY);
    } else {
      room.toAll(Outgoing.broadcast(nickname, broadcast.message()));
    }
  }

  private void whisper(Whisper whisper) {
    if (nickname == null) {
      send(Outgoing.WHISPER_NOT_LOGGED_IN);
      return;
    }
    Member receiver = room.find(whisper.nickname());
    if (receiver == null) {
      send(Outgoing.userNotFound(nickname, whisper.nickname()));
    } else {
      receiver.send(Outgoing.whisper(nickname, whisper.message()));
    }
  }
}
