package io.netloop.chat;

import io.netloop.loop.NetException;
import io.netloop.net.DrainReport;
import io.netloop.net.HostPort;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The ways into a room that lead to one port: a {@link TcpGate}, or {@link WorkerGates}. */
interface Gates {
  /** Told on the room's loop when they are open, with where. Any thread. */
  void onListening(Consumer<HostPort> listener);

  /** Told on the room's loop if they cannot be opened, and then they may be again. Any thread. */
  void onError(Consumer<NetException> listener);

  /**
   * Opens them. Any thread.
   *
   * @throws NetException {@code ERR_SERVER_ALREADY_LISTEN} if they are open
   */
  void open();

  /** How many connections there are, those on their way out included. Any thread. */
  int connections();

  /**
   * How many bytes wait for peers. Any thread; where the connections are on other loops, as it was
   * at the call before.
   */
  long queuedBytes();

  /**
   * Closes them for good: all are told and ended, spread over the time, and who is still there when
   * it is up is cut. Called on the room's loop, which has stopped the room before.
   *
   * @return completed on the room's loop when all are gone; it never fails
   */
  CompletableFuture<DrainReport> close(Duration within);
}
