package io.netloop.chat;

import io.netloop.chat.Incoming.Login;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
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

  /** What all sessions together may hold of private messages. */
  private static final int MOST_WHISPERS = 100_000;

  private static final long MOST_WHISPER_BYTES = 4 << 20;

  /** So many ids there are for each millisecond: more than a room can say. */
  private static final long IDS_PER_MILLI = 1000;

  private final RoomOptions options;
  private final LongSupplier nanoClock;
  private final InstantSource wallClock;
  private final MessageReader reader;
  private final RoomCounts counts = new RoomCounts();

  /** All connections, logged in or not. */
  private final Set<Member> members = new LinkedHashSet<>();

  /**
   * Who is logged in, by name, in the order of their logins; with those whose connection was lost
   * and may come back.
   */
  private final Map<String, Member> users = new LinkedHashMap<>();

  private final Arrivals arrivals = new Arrivals();
  private final Executor endOfTurn;
  private final Sessions sessions;
  private final History history;
  private final History whispers;

  private final Queue<Runnable> events = new ArrayDeque<>();
  private boolean busy;
  private boolean stopped;

  /** The id of the latest message. */
  private long lastId;

  /** The highest id that is known not to be kept of what was said to all. */
  private long goneUpTo;

  /** The same of what was said to one whose session has ended. */
  private long whispersGoneUpTo;

  /** The size of {@code users}, for other threads. Only the loop writes it. */
  private volatile int userCount;

  /**
   * An empty room.
   *
   * @param nanoClock the loop's time in nanoseconds, from any origin; the rate limit and the
   *     sessions read it
   * @param endOfTurn runs what it is given when the loop has gone through what has come in this
   *     turn
   */
  Room(RoomOptions options, LongSupplier nanoClock, Executor endOfTurn) {
    this(options, nanoClock, InstantSource.system(), endOfTurn);
  }

  /** With a clock of its own for the times of messages. */
  Room(RoomOptions options, LongSupplier nanoClock, InstantSource wallClock, Executor endOfTurn) {
    this.endOfTurn = endOfTurn;
    this.options = options;
    this.nanoClock = nanoClock;
    this.wallClock = wallClock;
    reader = new MessageReader(options.maxMessageBytes());
    sessions =
        new Sessions(
            options.sessionTime().toNanos(), options.maxUsers(), nanoClock, this::sessionEnded);
    history =
        new History(
            options.historyMessages(), options.historyBytes(), said -> goneUpTo = said.id());
    whispers = new History(MOST_WHISPERS, MOST_WHISPER_BYTES, Room::forgetWhisper);
    // Ids go on growing when the server is started anew: what a client has seen stays seen.
    lastId = wallClock.millis() * IDS_PER_MILLI;
    goneUpTo = lastId;
    whispersGoneUpTo = lastId;
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
    inTurn(() -> {
      stopped = true;
      sessions.endWaiting();
    });
  }

  /** Time has passed: who was waited for in vain has left. To be called each second or so. */
  void endOverdueSessions() {
    inTurn(sessions::endOverdue);
  }

  /** What it has done so far. */
  RoomCounts counts() {
    return counts;
  }

  Sessions sessions() {
    return sessions;
  }

  History history() {
    return history;
  }

  History whispers() {
    return whispers;
  }

  /** The stamp of the next message. */
  Stamp stamp() {
    return new Stamp(++lastId, wallClock.millis());
  }

  /** The names of all who are here. */
  List<String> names() {
    return List.copyOf(users.keySet());
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
   * changed. Who comes back with a session is the user that it was.
   */
  @Nullable Refusal claim(Login login, Member member) {
    String name = login.nickname() == null ? null : Nickname.accept(login.nickname());
    if (name == null) {
      return Refusal.NICKNAME_INVALID;
    }
    Wishes wishes = login.wishes();
    Session session = sessions.find(wishes.session());
    if (session != null && !session.name().equals(name)) {
      session = null;
    }
    boolean isHere = session != null && session.keepsName();
    if (!isHere) {
      if (users.size() >= options.maxUsers()) {
        return Refusal.ROOM_FULL;
      }
      if (users.containsKey(name)) {
        return Refusal.NICKNAME_TAKEN;
      }
    }
    boolean knowsWhispers = knowsWhispers(session, wishes.last());
    if (session != null) {
      takeOver(session, member);
    } else if (wishes.stamped()) {
      session = sessions.begin(name, member);
    }
    users.put(name, member);
    userCount = users.size();
    member.named(name, session);
    log.info(
        "{} {} as {}, users: {}",
        member.label(),
        isHere ? "is back" : "joined",
        Harmless.text(name),
        users.size());
    member.deliver(welcome(name, wishes, session, knowsWhispers));
    if (isHere) {
      arrivals.knowsAll(member);
    } else {
      arrived(member, Outgoing.joined(name, users.size(), stamp()));
    }
    return null;
  }

  /** The others hear of it at the end of the turn, or before whatever else anybody hears. */
  private void arrived(Member newcomer, Outgoing notice) {
    if (arrivals.isFull()) {
      announceArrivals();
    }
    boolean isFirst = arrivals.isEmpty();
    arrivals.add(newcomer, notice);
    if (isFirst) {
      endOfTurn.execute(() -> inTurn(this::announceArrivals));
    }
  }

  /** So that nothing overtakes the news of who has come. */
  void announceArrivals() {
    if (!arrivals.isEmpty()) {
      counts.deliveries += arrivals.announce(users.values());
    }
  }

  private void takeOver(Session session, Member member) {
    Member before = session.member();
    session.takenBy(member);
    counts.resumed++;
    if (members.remove(before)) {
      counts.count(Ending.TAKEN_OVER);
      before.takenOver();
    }
  }

  /** Whether none of what was whispered after this id, to who shows that session, is lost. */
  private boolean knowsWhispers(@Nullable Session session, long last) {
    return session == null ? whispersGoneUpTo <= last : session.knowsWhispersSince(last);
  }

  private Outgoing welcome(
      String name, Wishes wishes, @Nullable Session session, boolean knowsWhispers) {
    List<String> names = wishes.presence() ? names() : List.of();
    if (session == null) {
      return Outgoing.loggedIn(name, users.size(), names);
    }
    // An id that was never given out tells nothing about what its owner has seen.
    long last = wishes.last() > lastId ? Wishes.NEVER : wishes.last();
    List<Said> said = history.since(last, null);
    boolean recovered = goneUpTo <= last && knowsWhispers && (wishes.history() || said.isEmpty());
    boolean comesBack = wishes.comesBack();
    return Outgoing.loggedIn(
        name,
        users.size(),
        names,
        new Outgoing.Welcome(
            wishes.features(),
            session.token(),
            wishes.history() ? said.stream().map(Said::json).toList() : null,
            comesBack ? whispers.since(last, session).stream().map(Said::json).toList() : null,
            comesBack ? recovered : null),
        stamp());
  }

  private static void forgetWhisper(Said whisper) {
    Session to = whisper.to();
    if (to != null) {
      to.whisperGone(whisper.id());
    }
  }

  /** Nobody went on with it. */
  private void sessionEnded(Session session) {
    whispersGoneUpTo = Math.max(whispersGoneUpTo, session.lastWhisper());
    if (session.keepsName() && users.remove(session.name(), session.member())) {
      leftTheRoom(session.member(), session.name(), "did not come back");
    }
  }

  /** Who is meant by this name, or null if nobody is logged in under it. */
  @Nullable Member find(String asked) {
    String name = Nickname.accept(asked);
    return name == null ? null : users.get(name);
  }

  /** Says something to everyone who is logged in, the sender too. */
  Stamp say(String sender, String message) {
    Stamp stamp = stamp();
    counts.broadcasts++;
    history.add(new Said(stamp, sender, message, null));
    toAll(Outgoing.broadcast(sender, message, stamp));
    return stamp;
  }

  /** Says something to one alone, who may be away for a moment. */
  Stamp whisper(String sender, Member receiver, String message) {
    Stamp stamp = stamp();
    counts.whispers++;
    Session session = receiver.session();
    if (session != null) {
      session.whispered(stamp.id());
      whispers.add(new Said(stamp, sender, message, session));
    }
    receiver.send(Outgoing.whisper(sender, message, stamp));
    return stamp;
  }

  /**
   * The connection is gone, and the user with it. The one place where that is done; at the second
   * time nothing happens.
   */
  void remove(Member member, Ending how, String cause) {
    if (!members.remove(member)) {
      return;
    }
    counts.count(how);
    String name = member.nickname();
    if (name == null) {
      log.debug("{} left without a login: {}", member.label(), Harmless.text(cause));
      return;
    }
    Session session = member.session();
    if (session != null) {
      sessions.goesAway(session, /* keepsName= */ false);
    }
    if (users.remove(name, member)) {
      leftTheRoom(member, name, cause);
    }
  }

  /** As {@link #remove}, but for a while nobody is told: its user may come back. */
  void lose(Member member, Ending how, String cause) {
    Session session = member.session();
    if (session == null || stopped || options.sessionTime().isZero()) {
      remove(member, how, cause);
    } else if (members.remove(member)) {
      counts.count(how);
      log.info(
          "{} lost its connection as {}, cause: {}",
          member.label(),
          Harmless.text(session.name()),
          Harmless.text(cause));
      sessions.goesAway(session, /* keepsName= */ true);
    }
  }

  private void leftTheRoom(Member member, String name, String cause) {
    userCount = users.size();
    log.info(
        "{} left as {}, users: {}, cause: {}",
        member.label(),
        Harmless.text(name),
        users.size(),
        Harmless.text(cause));
    if (!stopped) {
      toAll(Outgoing.left(name, users.size(), stamp()));
    }
  }

  /** A seat threw, which is a mistake in its adapter: it leaves, the room goes on. */
  void failed(Member member, Throwable failure) {
    log.warn("{}: the connection's adapter failed", member.label(), failure);
    inTurn(() -> remove(member, Ending.FAILED, "sending failed"));
  }

  /** Nothing can change the users meanwhile: all changes are events, and this is part of one. */
  private void toAll(Outgoing message) {
    for (Member user : users.values()) {
      user.send(message);
    }
    counts.deliveries += users.size();
  }
}
