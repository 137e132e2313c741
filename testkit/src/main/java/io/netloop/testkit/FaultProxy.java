package io.netloop.testkit;

import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.ConnectOptions;
import io.netloop.net.HostPort;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import io.netloop.testkit.FaultEvent.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A bad network in front of a server: listens on a port of 127.0.0.1, forwards each connection to a
 * port of 127.0.0.1, and on the way delays, splits, merges, resets, half-closes and swallows as its
 * {@link Faults} say. What it decides follows from its seed, the number of the connection and byte
 * positions, not from time: the same seed makes the same decisions at the same bytes.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.open(server.address().port(), Faults.harsh(), 42)) {
 *   Net.createConnection(proxy.port());
 * }
 * }</pre>
 *
 * <p>It works on the default loop, so that a listener which blocks that loop blocks the proxy too.
 * <i>Thread-safe.</i>
 */
public final class FaultProxy implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;
  private static final int MOST_EVENTS = 10_000;

  private final Loop loop = Loop.current();
  private final int serverPort;
  private final Faults faults;
  private final long seed;
  private final TcpServer listener;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final List<FaultEvent> log = new ArrayList<>();
  private final Set<TcpSocket> open = new LinkedHashSet<>();
  private int connections;
  private boolean closing;
  private boolean listenerClosed;
  private volatile int port;

  private FaultProxy(int serverPort, Faults faults, long seed) {
    this.serverPort = serverPort;
    this.faults = faults;
    this.seed = seed;
    TcpOptions passive = TcpOptions.defaults().withAllowHalfOpen(true).withNoDelay(true);
    this.listener = Net.createServer(passive, client -> connected(client, passive));
  }

  /**
   * Opens a proxy on a free port and returns once it listens.
   *
   * @param serverPort where the server listens on 127.0.0.1
   * @throws IllegalStateException on a loop's own thread, which it would block
   * @throws NetException if it can't listen
   */
  public static FaultProxy open(int serverPort, Faults faults, long seed) {
    FaultProxy proxy = new FaultProxy(serverPort, faults, seed);
    if (proxy.loop.inLoop()) {
      throw new IllegalStateException(
          "FaultProxy.open waits for the loop and can't be called on the loop's own thread.");
    }
    CompletableFuture<HostPort> listening = new CompletableFuture<>();
    proxy
        .listener
        .onClose(() -> {
          proxy.listenerClosed = true;
          proxy.closeIfOver();
        })
        .onError(listening::completeExceptionally)
        .listen(
            0,
            "127.0.0.1",
            () -> listening.complete(Objects.requireNonNull(proxy.listener.address())));
    proxy.port = listening.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().port();
    return proxy;
  }

  /** Where to connect to, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** What all decisions follow from. */
  public long seed() {
    return seed;
  }

  /**
   * What it has done so far, in order. Of delays, splits and merges it keeps the first 10,000 or
   * so; what loses bytes is always there.
   */
  public List<FaultEvent> log() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  /** Whether it has done anything that can lose bytes: a reset, a half-close or a black hole. */
  public boolean hasLost() {
    synchronized (log) {
      return log.stream().anyMatch(event -> event.kind().loses());
    }
  }

  /**
   * Listens no more, ends what is still connected, and returns once all of it is closed; on a
   * loop's own thread it returns at once.
   */
  @Override
  public void close() {
    loop.run(() -> {
      if (!closing) {
        closing = true;
        listener.close();
        List.copyOf(open).forEach(TcpSocket::destroy);
      }
    });
    if (!loop.inLoop()) {
      closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  @Override
  public String toString() {
    return "FaultProxy on port " + port + ", seed " + seed + ", " + faults;
  }

  private void connected(TcpSocket client, TcpOptions passive) {
    ConnectOptions to = ConnectOptions.port(serverPort).withHost("127.0.0.1").withSocket(passive);
    Link link = new Link(connections++, client, Net.createConnection(to));
    link.begin();
  }

  private void closeIfOver() {
    if (listenerClosed && open.isEmpty()) {
      closed.complete(null);
    }
  }

  /** A client's connection and the one to the server that belongs to it. */
  private final class Link {
    private final int number;
    private final TcpSocket client;
    private final TcpSocket server;
    private final FaultPipe toServer;
    private final FaultPipe toClient;

    Link(int number, TcpSocket client, TcpSocket server) {
      this.number = number;
      this.client = client;
      this.server = server;
      this.toServer = pipe(client, server, true);
      this.toClient = pipe(server, client, false);
    }

    private FaultPipe pipe(TcpSocket from, TcpSocket to, boolean isToServer) {
      return new FaultPipe(
          from,
          to,
          new FaultPlan(faults, seed, number, isToServer),
          new FaultPipe.Host() {
            @Override
            public void note(long at, Kind kind, int value) {
              synchronized (log) {
                if (log.size() < MOST_EVENTS || kind.loses()) {
                  log.add(new FaultEvent(number, isToServer, at, kind, value));
                }
              }
            }

            @Override
            public void reset(Kind kind) {
              end(kind);
            }
          });
    }

    void begin() {
      follow(client, server);
      follow(server, client);
    }

    /** A connection that ends before its time takes the other one with it, by a reset. */
    private void follow(TcpSocket one, TcpSocket other) {
      open.add(one);
      one.onError(noise -> {});
      one.onClose(cause -> {
        open.remove(one);
        if (!isInOrder(cause)) {
          stop();
          if (!other.destroyed()) {
            other.resetAndDestroy();
          }
        }
        closeIfOver();
      });
    }

    private boolean isInOrder(CloseCause cause) {
      return cause.code().equals("END");
    }

    private void end(Kind kind) {
      stop();
      if (kind == Kind.RESET_CLIENT) {
        server.destroy();
        client.resetAndDestroy();
      } else if (kind == Kind.RESET_SERVER) {
        client.destroy();
        server.resetAndDestroy();
      } else {
        client.resetAndDestroy();
        server.resetAndDestroy();
      }
    }

    private void stop() {
      toServer.stop();
      toClient.stop();
    }
  }
}
