package io.netloop.chat;

import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Workers;
import io.netloop.net.Admission;
import io.netloop.net.DrainReport;
import io.netloop.net.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chat room on TCP: who comes in by a connection gets a seat in the room. The room is on the
 * loop that the server was made on; with several workers the connections are on theirs. Its methods
 * may be called from any thread; its listeners run on a loop.
 *
 * <pre>{@code
 * new ChatServer(ChatOptions.defaults()).start();
 * }</pre>
 */
public final class ChatServer {
  private static final Logger log = LoggerFactory.getLogger(ChatServer.class);

  private final ChatOptions options;
  private final TcpSeat.Patience patience;
  private final Loop loop = Loop.current();
  private final Room room;
  private final Admission admission;
  private final AtomicInteger refused = new AtomicInteger();
  private final List<TcpGate> gates = new CopyOnWriteArrayList<>();
  private final List<Consumer<HostPort>> onListening = new CopyOnWriteArrayList<>();
  private final List<Consumer<NetException>> onError = new CopyOnWriteArrayList<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CompletableFuture<DrainReport> stopped = new CompletableFuture<>();
  private volatile @Nullable Workers workers;

  /** A room that nobody can enter yet. */
  public ChatServer(ChatOptions options) {
    this(options, TcpSeat.Patience.DEFAULT);
  }

  ChatServer(ChatOptions options, TcpSeat.Patience patience) {
    this.options = options;
    this.patience = patience;
    this.admission = new Admission(options.admission());
    this.room = new Room(options.room(), loop::nanoTime);
    if (options.workers() == 1) {
      TcpGate gate = new TcpGate(options, patience, admission, refused, room::enter);
      watch(gate, new AtomicInteger(1), new AtomicBoolean());
      gates.add(gate);
    }
  }

  /** Told once the room is open, with where. */
  public ChatServer onListening(Consumer<HostPort> listener) {
    onListening.add(listener);
    return this;
  }

  /**
   * Told if the room cannot be opened, for example {@code EADDRINUSE}; it may be started again.
   * Once it is open nothing is told here: that a connection cannot be accepted, for want of
   * descriptors, is logged, and the room stays open.
   */
  public ChatServer onError(Consumer<NetException> listener) {
    onError.add(listener);
    return this;
  }

  /** Tells when the last gate is open, or when the first could not be opened. */
  private void watch(TcpGate gate, AtomicInteger left, AtomicBoolean failed) {
    gate.server()
        .onListening(() -> {
          if (left.decrementAndGet() == 0) {
            HostPort at = Objects.requireNonNull(gate.server().address());
            onListening.forEach(listener -> listener.accept(at));
            left.set(1);
          }
        });
    gate.server()
        .onError(error -> {
          if (gate.server().listening()) {
            log.warn("A connection could not be accepted: {}", error.getMessage());
          } else if (options.workers() == 1 || failed.compareAndSet(false, true)) {
            tellError(error);
          }
        });
  }

  private void tellError(NetException error) {
    Workers idle;
    // Waits until fork has returned: the first worker may fail before that.
    synchronized (this) {
      idle = workers;
      workers = null;
    }
    if (idle != null) {
      gates.clear();
      idle.close(Duration.ZERO);
    }
    if (onError.isEmpty()) {
      throw error;
    }
    onError.forEach(listener -> listener.accept(error));
  }

  /**
   * Opens the room.
   *
   * @throws NetException {@code ERR_SERVER_ALREADY_LISTEN} if it is open, {@code
   *     ERR_SERVER_STOPPED} after {@link #stop}
   */
  public ChatServer start() {
    if (stopping.get()) {
      throw new NetException(
          "ERR_SERVER_STOPPED", "This chat room has been stopped and stays so: make a new one.");
    }
    if (options.workers() == 1) {
      gates.getFirst().open();
    } else {
      fork();
    }
    return this;
  }

  private synchronized void fork() {
    if (workers != null) {
      throw new NetException("ERR_SERVER_ALREADY_LISTEN", "The chat room is open already.");
    }
    AtomicInteger left = new AtomicInteger(options.workers());
    AtomicBoolean failed = new AtomicBoolean();
    workers =
        Workers.fork(
            options.workers(),
            () -> {
              Courier courier = new Courier(loop, Loop.current());
              TcpGate gate =
                  new TcpGate(
                      options,
                      patience,
                      admission,
                      refused,
                      seat -> new FarMember(loop, room, seat, courier));
              watch(gate, left, failed);
              gates.add(gate);
              gate.open();
            });
  }

  /** How many users are logged in. */
  public int users() {
    return room.users();
  }

  /** How many connections there are, logged in or not, and those on their way out. */
  public int connections() {
    return gates.stream().mapToInt(gate -> gate.server().connections()).sum();
  }

  /**
   * Closes the room politely and for good: nobody comes in any more, all are told and ended, spread
   * over the time, and who is still there when it is up is cut. Called again, it is still the first
   * stop, with the time given there.
   *
   * @return completed on a loop when all are gone; it never fails
   */
  public CompletableFuture<DrainReport> stop(Duration within) {
    if (stopping.compareAndSet(false, true)) {
      // In one step: nobody may come in between.
      loop.run(() -> {
        room.stop();
        closeGates(within);
      });
    }
    return stopped.copy();
  }

  private void closeGates(Duration within) {
    List<CompletableFuture<DrainReport>> reports = new ArrayList<>();
    gates.forEach(gate -> reports.add(gate.close(within)));
    CompletableFuture.allOf(reports.toArray(new CompletableFuture<?>[0]))
        .thenRun(() -> {
          DrainReport all = new DrainReport(0, 0, 0);
          for (CompletableFuture<DrainReport> report : reports) {
            DrainReport one = report.join();
            all =
                new DrainReport(
                    all.ended() + one.ended(),
                    all.cut() + one.cut(),
                    all.lostBytes() + one.lostBytes());
          }
          DrainReport total = all;
          Workers idle = workers;
          if (idle == null) {
            stopped.complete(total);
          } else {
            idle.close(Duration.ZERO).thenRun(() -> stopped.complete(total));
          }
        });
  }
}
