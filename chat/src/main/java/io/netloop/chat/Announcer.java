package io.netloop.chat;

import io.netloop.dgram.RemoteInfo;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import io.netloop.net.HostPort;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a room known: says each second to the group that it is there, and answers at once who asks.
 * Answers go out 20 times a second at most, and none is longer than its question, so a room cannot
 * be made to flood anybody; who gets none hears the next announcement. What the system refuses is
 * logged, and the room is found less well or not at all. <i>Loop-confined</i> to the loop it was
 * made on, but for the counters and {@link #stop}.
 *
 * <pre>{@code
 * server.onListening(address ->
 *     new Announcer(Discovery.defaults(), "Ann's room", address, server::users).start());
 * }</pre>
 */
public final class Announcer {
  private static final Logger log = LoggerFactory.getLogger(Announcer.class);

  private static final int ANSWERS_PER_SECOND = 20;

  private final Loop loop = Loop.current();
  private final String name;
  private final int port;
  private final IntSupplier users;
  private final Radio radio;
  private final TokenBucket answers;
  private @Nullable Timer timer;

  private final AtomicLong answered = new AtomicLong();
  private @Nullable String lastTrouble;

  /**
   * For a room that is open.
   *
   * @param name what people will see, see {@link #isName}
   * @param room where the room listens; it is announced as being where the datagrams come from
   * @param users tells how many are logged in; called on the loop
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} for a name that cannot be, or a room that
   *     cannot be {@linkplain #canReach reached} where it would be announced
   */
  public Announcer(Discovery discovery, String name, HostPort room, IntSupplier users) {
    if (!isName(name)) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "A room's name must be 1 to 64 visible characters, not '%s'"
              .formatted(Harmless.text(name)));
    }
    if (!canReach(discovery, room)) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "A room at %s cannot be joined by those who would hear of it".formatted(room));
    }
    this.name = name;
    this.users = users;
    port = room.port();
    String from = from(discovery, room);
    Discovery here = from.equals("0.0.0.0") ? discovery : discovery.withVia(from);
    radio = new Radio(here, from, this::heard, this::trouble);
    answers = new TokenBucket(ANSWERS_PER_SECOND, ANSWERS_PER_SECOND, loop::nanoTime);
  }

  /** Whether a room can have this name: 1 to 64 characters that can be seen, and blanks. */
  public static boolean isName(String name) {
    return Signal.isRoomName(name);
  }

  /**
   * Whether those who hear the announcements can join the room: one on the loopback address is for
   * this machine only, and one on a single IPv6 address is not where IPv4 comes from.
   */
  public static boolean canReach(Discovery discovery, HostPort room) {
    if (Discovery.isLocal(room.host())) {
      return discovery.isLocal() && room.host().startsWith("127.");
    }
    return isAny(room) || !room.host().contains(":");
  }

  private static boolean isAny(HostPort room) {
    return room.host().equals("0.0.0.0") || room.host().equals("::");
  }

  /** A room on one address has to be announced from there. */
  private static String from(Discovery discovery, HostPort room) {
    if (!isAny(room)) {
      return room.host();
    }
    return discovery.via() == null ? "0.0.0.0" : discovery.via();
  }

  /** Begins. To be called once. */
  public Announcer start() {
    radio.start(() -> {
      announce();
      timer = loop.setInterval(Discovery.PERIOD, this::announce).unref();
    });
    return this;
  }

  /** How many questions were answered. Any thread. */
  public long answered() {
    return answered.get();
  }

  /** How many datagrams were dropped: junk, and questions that were too many. Any thread. */
  public long dropped() {
    return radio.dropped();
  }

  /**
   * Ends for good. Any thread.
   *
   * @return completed when nothing more is sent or heard; it never fails
   */
  public CompletableFuture<@Nullable Void> stop() {
    CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
    loop.run(() -> {
      if (timer != null) {
        timer.clear();
      }
      if (dropped() > 0) {
        log.info("Discovery: {} questions answered, {} datagrams dropped", answered(), dropped());
      }
      radio.stop().thenRun(() -> stopped.complete(null));
    });
    return stopped;
  }

  private void announce() {
    radio.toGroup(announcement());
  }

  private Buffer announcement() {
    int now = Math.min(users.getAsInt(), Signal.Announcement.MOST_USERS);
    return new Signal.Announcement(name, port, now).bytes();
  }

  private void heard(Signal signal, RemoteInfo peer) {
    if (!(signal instanceof Signal.Query)) {
      // Other rooms speak here, too, and so do we.
      return;
    }
    Buffer answer = announcement();
    if (peer.size() < answer.length() || !answers.take()) {
      radio.drop();
      return;
    }
    radio.to(answer, peer);
    answered.incrementAndGet();
  }

  /** A network that is down is so for every datagram: it is told once. */
  private void trouble(NetException error) {
    String text = String.valueOf(error.getMessage());
    if (!text.equals(lastTrouble)) {
      lastTrouble = text;
      log.warn("The room may not be found by those who look for it: {}", text);
    }
  }
}
