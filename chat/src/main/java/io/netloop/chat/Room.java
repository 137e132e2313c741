package io.netloop.chat;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chat room: who is in it under which name, and who hears what. It knows nothing of sockets;
 * each connection is a {@link Seat}, spoken for by its {@link Member} from {@link Member#enter} on.
 * <i>Loop-confined:</i> one room belongs to one loop, and so a name is claimed in one step and all
 * hear everything in one order.
 *
 * <p>One event is carried through to its end before the next begins, even if a seat that is being
 * written to closes and leaves at that moment: its leaving waits until everybody has been told what
 * is being told. So nobody is skipped, nothing is overtaken, and no collection changes under a
 * loop.
 */
final class Room {
  private static final Logger log = LoggerFactory.getLogger(Room.class);

  private final RoomOptions options;
  private final LongSupplier nanoClock;
  private final MessageReader reader;

  /** All connections, logged in or not. */
  private final Set<Member> members = new LinkedHashSet<>();

  /** Who is logged in, by name, in the order of their logins. */
  private final Map<String, Member> users = new LinkedHashMap<>();

  private final Queue<Runnable> events = new ArrayDeque<>();
  private boolean busy;
  private boolean stopped;

  /** The size of {@code users}, for other threads. Only the loop writes it. */
  private volatile int userCount;

  /**
   * An empty room.
   *
   * @param nanoClock the loop's time in nanoseconds, from any origin; the rate limit reads it
   */
  Room(RoomOptions options, LongSupplier nanoClock) {
    this.options = options;
    this.nanoClock = nanoClock;
    reader = new MessageReader(options.maxMessageBytes());
  }

  /** Who speaks for a connection that is about to {@link Member#enter}. Any thread. */
  Member member(Seat seat) {
    return new Member(
        this, seat, new TokenBucket(options.messagesPerSecond(), options.burst(), nanoClock));
  }

  /** A connection comes in; it hears nothing until it has logged in. */
  void enter(Member member) {
    inTurn(() -> {
      members.add(member);
      if (stopped) {
        member.stop();
      }
    });
  }

  /** How many are logged in. Any thread. */
  int users() {
    return userCount;
  }

  /** How many connections there are, logged in or not. */
  int members() {
    return members.size();
  }

  /**
   * The server stops: from now on nobody is told that others leave. Who is here is told and ended
   * by {@link Member#stop}, one by one, so that not all come back at once; who still comes in, at
   * once.
   */
  void stop() {
    inTurn(() -> stopped = true);
  }

  RoomOptions options() {
    return options;
  }

  MessageReader reader() {
    return reader;
  }

  /**
   * Runs the event now, or after the one that is running and those that wait already. One that
   * fails holds up none of the others: the first failure is thrown when all have run.
   */
  void inTurn(Runnable event) {
    events.add(event);
    if (busy) {
      return;
    }
    busy = true;
    Throwable failure = null;
    for (Runnable next = events.poll(); next != null; next = events.poll()) {
      try {
        next.run();
      } catch (RuntimeException | Error thrown) {
        if (failure == null) {
          failure = thrown;
        } else {
          failure.addSuppressed(thrown);
        }
      }
    }
    busy = false;
    switch (failure) {
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      case null, default -> {}
    }
  }

  /**
   * Gives the member the name, tells it, and tells the others; or says why not, and nothing has
   * changed.
   */
  @Nullable Refusal claim(@Nullable String asked, Member member) {
    String name = asked == null ? null : Nickname.accept(asked);
    if (name == null) {
      return Refusal.NICKNAME_INVALID;
    }
    if (users.size() >= options.maxUsers()) {
      return Refusal.ROOM_FULL;
    }
    if (users.putIfAbsent(name, member) != null) {
      return Refusal.NICKNAME_TAKEN;
    }
    userCount = users.size();
    member.named(name);
    log.info("{} joined as {}, users: {}", member.label(), Harmless.text(name), users.size());
    List<String> names = member.wantsPresence() ? List.copyOf(users.keySet()) : List.of();
    member.send(Outgoing.loggedIn(name, users.size(), names));
    toAllBut(member, Outgoing.joined(name, users.size()));
    return null;
  }

  /** Who is meant by this name, or null if nobody is logged in under it. */
  @Nullable Member find(String asked) {
    String name = Nickname.accept(asked);
    return name == null ? null : users.get(name);
  }

  /** Tells everyone who is logged in, the sender too. */
  void toAll(Outgoing message) {
    toAllBut(null, message);
  }

  /** The one place where a member is removed; at the second time nothing happens. */
  void remove(Member member, String cause) {
    if (!members.remove(member)) {
      return;
    }
    String name = member.nickname();
    String harmlessCause = Harmless.text(cause);
    if (name == null) {
      log.debug("{} left without a login: {}", member.label(), harmlessCause);
      return;
    }
    users.remove(name);
    userCount = users.size();
    log.info(
        "{} left as {}, users: {}, cause: {}",
        member.label(),
        Harmless.text(name),
        users.size(),
        harmlessCause);
    if (!stopped) {
      toAll(Outgoing.left(name, users.size()));
    }
  }

  /** A seat threw, which is a mistake in its adapter: it leaves, the room goes on. */
  void failed(Member member, Throwable failure) {
    log.warn("{}: the connection's adapter failed", member.label(), failure);
    inTurn(() -> remove(member, "sending failed"));
  }

  /** Nothing can change the users meanwhile: all changes are events, and this is part of one. */
  private void toAllBut(@Nullable Member one, Outgoing message) {
    for (Member user : users.values()) {
      if (user != one) {
        user.send(message);
      }
    }
  }
}
