package io.netloop.testkit;

import io.netloop.engine.Clock;
import io.netloop.loop.Loop;
import io.netloop.net.ConnectOptions;
import io.netloop.net.HostPort;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import io.netloop.testkit.FaultEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The servers and proxies of one case, and what went wrong in it. For one test thread. */
final class Scene implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofMillis(300);
  private static final long POLL_NANOS = 3_000_000;

  final Loop loop = Loop.current();
  final SplittableRandom random;
  final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
  private final List<TcpServer> servers = new ArrayList<>();
  private final List<FaultProxy> proxies = new ArrayList<>();

  Scene(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A server on 127.0.0.1; returns its port. */
  int listen(TcpOptions options, Consumer<TcpSocket> onConnection) {
    TcpServer server = Net.createServer(options, onConnection);
    servers.add(server);
    CompletableFuture<HostPort> listening = new CompletableFuture<>();
    server
        .onError(listening::completeExceptionally)
        .listen(0, "127.0.0.1", () -> listening.complete(Objects.requireNonNull(server.address())));
    return listening.orTimeout(10, TimeUnit.SECONDS).join().port();
  }

  /** Puts a proxy before a port; returns its port. */
  int proxy(int port, Faults faults) {
    return keep(FaultProxy.open(port, faults, random.nextLong())).port();
  }

  /** Closes this proxy with the scene. */
  FaultProxy keep(FaultProxy proxy) {
    proxies.add(proxy);
    return proxy;
  }

  /** Faults of every sort, or those only that lose nothing. */
  Faults faults(boolean mayLose) {
    Faults drawn =
        switch (random.nextInt(5)) {
          case 0 -> Faults.none();
          case 1 -> Faults.gentle();
          case 2 -> Faults.harsh();
          case 3 ->
              Faults.gentle()
                  .withSplit(1)
                  .withLargestPiece(random.nextInt(1, 2000))
                  .withLongestStretch(random.nextInt(1000, 200_000));
          default ->
              new Faults(
                  random.nextDouble() * 0.5,
                  Duration.ofMillis(random.nextInt(1, 15)),
                  random.nextDouble(),
                  random.nextInt(1, 20_000),
                  random.nextDouble(),
                  Duration.ofMillis(random.nextInt(1, 15)),
                  random.nextDouble() * 0.1,
                  random.nextDouble() * 0.1,
                  random.nextDouble() * 0.1,
                  random.nextInt(1000, 300_000));
        };
    return mayLose ? drawn : drawn.withReset(0).withHalfClose(0).withBlackHole(0);
  }

  TcpSocket connect(int port, TcpOptions options) {
    return Net.createConnection(
        ConnectOptions.port(port).withHost("127.0.0.1").withSocket(options));
  }

  boolean hasLost() {
    return proxies.stream().anyMatch(FaultProxy::hasLost);
  }

  private boolean hasBlackHole() {
    return proxies.stream()
        .flatMap(proxy -> proxy.log().stream())
        .anyMatch(event -> event.kind() == Kind.STALL || event.kind() == Kind.SWALLOW);
  }

  /**
   * Waits for the end, which must come unless a proxy has swallowed something; where it has, those
   * who wait for it are killed.
   */
  void awaitOver(BooleanSupplier over, Runnable kill) {
    long begin = Clock.SYSTEM.nanoTime();
    boolean killed = false;
    while (!ask(over::getAsBoolean)) {
      long waited = Clock.SYSTEM.nanoTime() - begin;
      if (waited > LONG.toNanos()) {
        wrong.add("it does not end");
        onLoop(kill);
        return;
      }
      if (!killed && waited > SOON.toNanos() && hasBlackHole()) {
        killed = true;
        onLoop(kill);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Waits for something that must come. */
  void await(String what, BooleanSupplier condition) {
    long begin = Clock.SYSTEM.nanoTime();
    while (!ask(condition::getAsBoolean)) {
      if (Clock.SYSTEM.nanoTime() - begin > LONG.toNanos()) {
        wrong.add("does not come: " + what);
        return;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  <T> T ask(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        result.complete(work.call());
      } catch (Throwable failure) {
        result.completeExceptionally(failure);
      }
    });
    return result.orTimeout(10, TimeUnit.SECONDS).join();
  }

  void onLoop(Runnable work) {
    ask(() -> {
      work.run();
      return null;
    });
  }

  void check(boolean right, String what) {
    if (!right) {
      wrong.add(what);
    }
  }

  /** Fails where anything went wrong. */
  void judge(Object... whatToShow) {
    if (!wrong.isEmpty()) {
      StringBuilder text =
          new StringBuilder(String.join("\n", wrong.subList(0, Math.min(10, wrong.size()))));
      for (Object shown : whatToShow) {
        text.append('\n').append(shown);
      }
      for (FaultProxy proxy : proxies) {
        text.append('\n').append(proxy);
        List<FaultEvent> log = proxy.log();
        log.subList(Math.max(0, log.size() - 20), log.size())
            .forEach(event -> text.append("\n  ").append(event));
      }
      throw new AssertionError(text.toString());
    }
  }

  /** Waits until the loop has dealt with what is on its way to it now. */
  void settle() {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> turned = new CompletableFuture<>();
      loop.execute(() -> loop.setImmediate(() -> loop.setImmediate(() -> turned.complete(null))));
      turned.orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  void closeServers() {
    for (TcpServer server : servers) {
      CompletableFuture<Void> closed = new CompletableFuture<>();
      server.onClose(() -> closed.complete(null)).close();
      closed.orTimeout(10, TimeUnit.SECONDS).join();
    }
    servers.clear();
  }

  @Override
  public void close() {
    proxies.forEach(FaultProxy::close);
    closeServers();
  }
}
