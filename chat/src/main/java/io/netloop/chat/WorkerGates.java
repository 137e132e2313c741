package io.netloop.chat;

import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Workers;
import io.netloop.net.DrainReport;
import io.netloop.net.HostPort;
import io.netloop.net.TcpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gate on each of several workers' loops, all on one port, into a room on a loop of its own. The
 * workers' loops live while the gates are open. All that is kept here belongs to the room's loop.
 */
final class WorkerGates implements Gates {
  private static final Logger log = LoggerFactory.getLogger(WorkerGates.class);
  private static final DrainReport NOBODY = new DrainReport(0, 0, 0);

  private final int count;
  private final TcpGate.Terms terms;
  private final Loop loop = Loop.current();
  private final PostOffice office;

  /** Set by the call of open, on its thread, so that a second call is refused there and then. */
  private final AtomicBoolean wanted = new AtomicBoolean();

  /** Those that are there: other threads read it. */
  private final List<TcpGate> gates = new CopyOnWriteArrayList<>();

  private final List<Consumer<HostPort>> onListening = new ArrayList<>(1);
  private final List<Consumer<NetException>> onError = new ArrayList<>(1);
  private volatile @Nullable Workers workers;

  /** Where they are open. */
  private @Nullable HostPort address;

  /** How many workers do not listen yet. */
  private int unlistening;

  private boolean closing;

  /** Gates that are closed, before a room on the loop on which this is called. */
  WorkerGates(int count, TcpGate.Terms terms, Room room) {
    this.count = count;
    this.terms = terms;
    this.office = new PostOffice(loop, room, this::roomHasEnded);
  }

  @Override
  public void onListening(Consumer<HostPort> listener) {
    loop.run(() -> {
      onListening.add(listener);
      if (address != null) {
        listener.accept(address);
      }
    });
  }

  @Override
  public void onError(Consumer<NetException> listener) {
    loop.run(() -> onError.add(listener));
  }

  /** The gates, one for each worker that listens or is about to. Any thread. */
  List<TcpGate> gates() {
    return gates;
  }

  @Override
  public int connections() {
    return gates.stream().mapToInt(TcpGate::connections).sum();
  }

  @Override
  public long queuedBytes() {
    return gates.stream().mapToLong(TcpGate::queuedBytes).sum();
  }

  // Opening

  @Override
  public void open() {
    if (!wanted.compareAndSet(false, true)) {
      throw new NetException(
          "ERR_SERVER_ALREADY_LISTEN", "This chat room is open, or about to be: stop it first.");
    }
    loop.run(() -> {
      if (!closing) {
        fork();
      }
    });
  }

  private void fork() {
    unlistening = count;
    try {
      workers = Workers.fork(count, this::openGate);
      // Not run, but put in: it may be called before this returns.
      workers.onFailure((worker, failure) -> loop.execute(() -> failed(worker.name(), failure)));
    } catch (RuntimeException | Error failure) {
      // For want of threads or descriptors.
      NetException error = failedToStart("One of " + count + " loops", failure);
      loop.execute(() -> tellError(error));
    }
  }

  /** Runs on each worker's loop. */
  private void openGate() {
    Courier courier = new Courier(office);
    TcpGate gate = new TcpGate(terms, courier::place);
    TcpServer server = gate.server();
    server.onListening(() -> {
      HostPort at = Objects.requireNonNull(server.address());
      loop.run(() -> listens(at));
    });
    server.onError(error -> {
      boolean listens = server.listening();
      loop.run(listens ? () -> acceptFailed(gate, error) : () -> failed(error));
    });
    server.onClose(() -> loop.run(() -> closed(gate)));
    loop.run(() -> gates.add(gate));
    gate.open();
  }

  /** They are open when the last of them listens. */
  private void listens(HostPort at) {
    unlistening--;
    if (unlistening == 0 && !closing) {
      address = at;
      onListening.forEach(listener -> listener.accept(at));
    }
  }

  /** All are told of one connection that could not be accepted: the first logs it. */
  private void acceptFailed(TcpGate gate, NetException error) {
    if (!gates.isEmpty() && gate.equals(gates.getFirst())) {
      TcpGate.logUnaccepted(error);
    }
  }

  private void failed(String worker, Throwable failure) {
    failed(failedToStart(worker, failure));
  }

  private static NetException failedToStart(String worker, Throwable failure) {
    return new NetException(
        "ERR_WORKER_FAILED",
        worker + " of the chat room could not be started: " + failure,
        failure);
  }

  /** They share a port: what one is told, all are, and the first time counts. */
  private void failed(NetException error) {
    Workers idle = workers;
    if (idle != null && !closing) {
      workers = null;
      gates.clear();
      idle.close(Duration.ZERO).thenRun(() -> onLoop(() -> tellError(error)));
    }
  }

  /** Nothing is left of the attempt. */
  private void tellError(NetException error) {
    wanted.set(false);
    if (onError.isEmpty()) {
      throw error;
    }
    onError.forEach(listener -> listener.accept(error));
  }

  // Closing

  /** Its last connection has closed, and the members have left or are about to. */
  private void closed(TcpGate gate) {
    if (gates.remove(gate) && !closing) {
      log.warn(
          "{} of the chat room has ended, and with it its connections; workers left: {}",
          gate.loop(),
          gates.size());
    }
  }

  /** On a worker's loop: nobody can be served any more. */
  private void roomHasEnded() {
    Workers useless = workers;
    workers = null;
    if (useless != null) {
      log.warn("The chat room's loop has ended, and so do its workers.");
      useless.close(Duration.ZERO);
    }
  }

  @Override
  public CompletableFuture<DrainReport> close(Duration within) {
    closing = true;
    Workers leaving = workers;
    if (leaving == null) {
      return CompletableFuture.completedFuture(NOBODY);
    }
    List<CompletableFuture<DrainReport>> reports = new ArrayList<>();
    gates.forEach(gate -> reports.add(close(gate, within)));
    CompletableFuture<DrainReport> all = new CompletableFuture<>();
    CompletableFuture.allOf(reports.toArray(new CompletableFuture<?>[0]))
        .thenCompose(nothing -> leaving.close(Duration.ZERO))
        .thenRun(() -> onLoop(() -> all.complete(sum(reports))));
    return all;
  }

  /** On the gate's own loop, which may have ended. */
  private static CompletableFuture<DrainReport> close(TcpGate gate, Duration within) {
    CompletableFuture<DrainReport> report = new CompletableFuture<>();
    try {
      gate.loop().execute(() -> gate.close(within).thenAccept(report::complete));
    } catch (RejectedExecutionException ended) {
      report.complete(NOBODY);
    }
    return report;
  }

  private static DrainReport sum(List<CompletableFuture<DrainReport>> reports) {
    return reports.stream()
        .map(CompletableFuture::join)
        .reduce(
            NOBODY,
            (a, b) ->
                new DrainReport(
                    a.ended() + b.ended(), a.cut() + b.cut(), a.lostBytes() + b.lostBytes()));
  }

  /** On the room's loop, or, where that has ended, here. */
  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException ended) {
      task.run();
    }
  }
}
