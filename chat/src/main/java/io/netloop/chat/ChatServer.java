package io.netloop.chat;

import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import io.netloop.net.DrainReport;
import io.netloop.net.HostPort;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The chat room, on TCP and, where {@link ChatOptions#web} says so, for browsers: who comes in by a
 * connection gets a seat in the room. The room is on the loop that the server was made on, and so
 * are the connections, unless there are several {@link ChatOptions#workers}: then those of TCP are
 * on theirs. Its methods may be called from any thread; its listeners run on the loop that it was
 * made on.
 *
 * <pre>{@code
 * new ChatServer(ChatOptions.defaults().withWeb(WebOptions.defaults())).start();
 * }</pre>
 */
public final class ChatServer {
  /** How often it is looked whether somebody is waited for in vain. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Loop loop = Loop.current();
  private final Room room;
  private final Gates gates;
  private final @Nullable WebGate web;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CompletableFuture<DrainReport> stopped = new CompletableFuture<>();
  private @Nullable Timer sessionTimer;

  /** A room that nobody can enter yet. */
  public ChatServer(ChatOptions options) {
    this(options, TcpSeat.Patience.DEFAULT);
  }

  ChatServer(ChatOptions options, TcpSeat.Patience patience) {
    this.room = new Room(options.room(), loop::nanoTime, loop);
    TcpGate.Terms terms = new TcpGate.Terms(options, patience);
    this.gates =
        options.workers() == 1
            ? new TcpGate(terms, room::member)
            : new WorkerGates(options.workers(), terms, room);
    WebOptions webOptions = options.web();
    this.web = webOptions == null ? null : new WebGate(terms, webOptions, room, gates);
    gates.onListening(address -> watchSessions());
    if (web != null) {
      // The port for browsers first, because it can be given back if the other is taken.
      web.onListening(address -> gates.open());
    }
  }

  private void watchSessions() {
    sessionTimer = loop.setInterval(LOOK, room::endOverdueSessions).unref();
  }

  /** Told once the room is open, with where it is on TCP. */
  public ChatServer onListening(Consumer<HostPort> listener) {
    gates.onListening(listener);
    return this;
  }

  /**
   * Told if the room cannot be opened, for example {@code EADDRINUSE}; it may be started again.
   * Once it is open nothing is told here: that a connection cannot be accepted, for want of
   * descriptors, is logged, and the room stays open.
   */
  public ChatServer onError(Consumer<NetException> listener) {
    if (web == null) {
      gates.onError(listener);
    } else {
      web.onError(listener);
      gates.onError(error -> web.closeAtOnce(() -> listener.accept(error)));
    }
    return this;
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
    if (web == null) {
      gates.open();
    } else {
      web.open();
    }
    return this;
  }

  /** Where the room is open for browsers; null where it is not, or not yet. */
  public @Nullable HostPort webAddress() {
    return web == null ? null : web.address();
  }

  /** How many users are logged in, with those who lost their connection and may come back. */
  public int users() {
    return room.users();
  }

  /** How many connections there are, logged in or not, and those on their way out. */
  public int connections() {
    return gates.connections() + (web == null ? 0 : web.connections());
  }

  /**
   * Closes the room politely and for good: nobody comes in any more, all are told and ended, spread
   * over the time, and who is still there when it is up is cut. WebSockets are closed with 1012.
   * Called again, it is still the first stop, with the time given there.
   *
   * @return completed on the server's loop when all are gone; it never fails
   */
  public CompletableFuture<DrainReport> stop(Duration within) {
    if (stopping.compareAndSet(false, true)) {
      // In one step: nobody may come in between.
      loop.run(() -> {
        room.stop();
        if (sessionTimer != null) {
          sessionTimer.clear();
        }
        CompletableFuture<DrainReport> gone = gates.close(within);
        (web == null ? gone : gone.thenCombine(web.close(within), ChatServer::sum))
            .thenAccept(stopped::complete);
      });
    }
    return stopped.copy();
  }

  private static DrainReport sum(DrainReport a, DrainReport b) {
    return new DrainReport(a.ended() + b.ended(), a.cut() + b.cut(), a.lostBytes() + b.lostBytes());
  }
}
