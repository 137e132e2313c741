package io.netloop.chat;

import io.netloop.dgram.RemoteInfo;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which rooms there are on the network: asks for them, by broadcast too as long as the group
 * brings none, and listens to what they say. A room that has not been heard for some seconds is
 * forgotten. It keeps 64 rooms at most, and 8 of one address, so that a liar cannot crowd out the
 * others by himself. <i>Loop-confined</i> to the loop it was made on, but for what says otherwise.
 */
public final class RoomFinder {
  private static final Logger log = LoggerFactory.getLogger(RoomFinder.class);

  static final int MAX_ROOMS = 64;
  static final int MAX_PER_HOST = 8;

  /** After the first room, the others that were asked with it have so long to answer. */
  private static final Duration OTHERS = Duration.ofMillis(300);

  private static final Comparator<FoundRoom> ORDER =
      Comparator.comparing(FoundRoom::name)
          .thenComparing(FoundRoom::host)
          .thenComparingInt(FoundRoom::port);

  /**
   * How long a finder waits.
   *
   * @param again before it asks for the second time
   * @param period from then on between two questions
   * @param forget until a room that is not heard is forgotten
   */
  record Patience(Duration again, Duration period, Duration forget) {
    static final Patience DEFAULT =
        new Patience(
            Duration.ofMillis(300), Duration.ofSeconds(3), Discovery.PERIOD.multipliedBy(5));
  }

  private final Loop loop = Loop.current();
  private final Patience patience;
  private final Radio radio;

  /** By where they are, the one that was heard last at the end. */
  private final Map<String, Heard> rooms = new LinkedHashMap<>();

  private final List<Timer> timers = new ArrayList<>();
  private Consumer<FoundRoom> found = room -> {};

  private record Heard(FoundRoom room, long atNanos) {}

  /** A finder that has not begun. */
  public RoomFinder(Discovery discovery) {
    this(discovery, Patience.DEFAULT);
  }

  RoomFinder(Discovery discovery, Patience patience) {
    this.patience = patience;
    String from = discovery.via() == null ? "0.0.0.0" : discovery.via();
    radio =
        new Radio(
            discovery,
            from,
            this::heard,
            error -> log.debug("Rooms may not be found: {}", error.getMessage()));
  }

  /**
   * Looks for rooms once.
   *
   * @param most how long, if there is none; else it ends a third of a second after the first. Up to
   *     a minute
   * @return completed on the loop with what {@link #rooms} gives then; it never fails
   */
  public static CompletableFuture<List<FoundRoom>> search(Discovery discovery, Duration most) {
    CompletableFuture<List<FoundRoom>> result = new CompletableFuture<>();
    Loop loop = Loop.current();
    loop.run(() -> {
      RoomFinder finder = new RoomFinder(discovery);
      Runnable end =
          () -> {
            List<FoundRoom> rooms = finder.rooms();
            finder.stop().thenRun(() -> result.complete(rooms));
          };
      Timer last = loop.setTimeout(most, end);
      finder.onFound(first -> {
        last.clear();
        finder.onFound(other -> {});
        loop.setTimeout(OTHERS, end);
      });
      finder.start();
    });
    return result;
  }

  /** Has this told of each room that is new, or was forgotten; replaces who was told before. */
  public RoomFinder onFound(Consumer<FoundRoom> listener) {
    found = listener;
    return this;
  }

  /** Begins. To be called once. */
  public RoomFinder start() {
    radio.start(() -> {
      ask();
      timers.add(
          loop.setTimeout(
                  patience.again(),
                  () -> {
                    ask();
                    timers.add(loop.setInterval(patience.period(), this::ask).unref());
                  })
              .unref());
    });
    return this;
  }

  /** The rooms that are known at this moment, by name. */
  public List<FoundRoom> rooms() {
    forget();
    return rooms.values().stream().map(Heard::room).sorted(ORDER).toList();
  }

  /** How many datagrams were dropped: junk, and rooms beyond the bounds. Any thread. */
  public long dropped() {
    return radio.dropped();
  }

  /**
   * Ends for good.
   *
   * @return completed when nothing more is sent or heard; it never fails
   */
  public CompletableFuture<@Nullable Void> stop() {
    timers.forEach(Timer::clear);
    return radio.stop();
  }

  private void ask() {
    radio.toGroup(new Signal.Query().bytes());
    forget();
    if (rooms.isEmpty() && !timers.isEmpty()) {
      radio.toAll(new Signal.Query().bytes());
    }
  }

  private void heard(Signal signal, RemoteInfo peer) {
    if (!(signal instanceof Signal.Announcement said)) {
      // Others ask here, too, and so do we.
      return;
    }
    FoundRoom room = new FoundRoom(said.name(), peer.host(), said.port(), said.users());
    forget();
    boolean isNew = rooms.remove(room.address()) == null;
    if (isNew && isOneTooMany(room.host())) {
      radio.drop();
      return;
    }
    rooms.put(room.address(), new Heard(room, loop.nanoTime()));
    if (isNew) {
      found.accept(room);
    }
  }

  private boolean isOneTooMany(String host) {
    return rooms.size() >= MAX_ROOMS
        || rooms.values().stream().filter(at -> at.room().host().equals(host)).count()
            >= MAX_PER_HOST;
  }

  private void forget() {
    long oldest = loop.nanoTime() - patience.forget().toNanos();
    rooms.values().removeIf(heard -> heard.atNanos() - oldest < 0);
  }
}
