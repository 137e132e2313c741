package io.netloop.testkit;

import io.netloop.loop.CloseCause;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.OutboxLimits.AtLimit;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What goes through pipes arrives as it was, in its order among what is written to the same
 * destination by others, whatever the network does.
 */
class PipePropertyTest {
  private static final int MIB = 1 << 20;

  @Test
  void echoesWhatWasWrittenAmongBytesOfItsOwn() throws Exception {
    Property.holds("echo", seed -> new Echo(seed).run());
  }

  @Test
  void relaysBothWaysBetweenTwoConnections() throws Exception {
    Property.holds("relay", seed -> new Between(seed).run());
  }

  /** What both have: a client, and options for who relays. */
  private abstract static class Case {
    final Scene scene;
    final boolean mayDestroy;
    final boolean writesItself;
    final TcpOptions relayOptions;

    Case(long seed) {
      scene = new Scene(seed);
      mayDestroy = scene.random.nextInt(4) == 0;
      writesItself = scene.random.nextBoolean();
      int highWaterMark = 1 << scene.random.nextInt(8, 18);
      OutboxLimits limits = OutboxLimits.defaults().withHighWaterMark(highWaterMark);
      if (!writesItself && scene.random.nextBoolean()) {
        limits =
            limits
                .withHardLimit(scene.random.nextInt(1, 2 * highWaterMark))
                .withAtLimit(AtLimit.PAUSE_SOURCE);
      } else {
        limits = limits.withHardLimit(64L * MIB);
      }
      relayOptions = TcpOptions.defaults().withAllowHalfOpen(true).withLimits(limits);
    }

    Side side(String name, TcpSocket socket, boolean allowHalfOpen, Bytes outgoing) {
      return new Side(
          name, socket, scene.random.split(), allowHalfOpen, mayDestroy, outgoing, scene.wrong);
    }

    int maybeProxy(int port) {
      return scene.random.nextInt(5) == 0
          ? port
          : scene.proxy(port, scene.faults(scene.random.nextBoolean()));
    }

    static void judge(Side side, long due) {
      CloseCause cause = side.closing().getNow(null);
      side.check(cause != null && cause.code().equals("END"), "failed: " + cause);
      side.check(side.received == due, "received %d of %d".formatted(side.received, due));
      side.check(side.allSucceeded(), "a write failed");
    }
  }

  private static final class Echo extends Case {
    private @Nullable Side client;
    private @Nullable Relay relay;
    private @Nullable TcpSocket echo;

    Echo(long seed) {
      super(seed);
    }

    void run() {
      Bytes sent = new Bytes(scene.random.nextLong());
      Bytes own = new Bytes(scene.random.nextLong());
      try (scene) {
        int port =
            maybeProxy(
                scene.listen(
                    relayOptions,
                    socket -> {
                      echo = socket.onError(noise -> {});
                      relay =
                          new Relay(
                              socket,
                              socket,
                              scene.random.split(),
                              sent,
                              own,
                              writesItself,
                              scene.wrong);
                      relay.begin();
                    }));
        boolean allowHalfOpen = scene.random.nextBoolean();
        TcpOptions options = TcpOptions.defaults().withAllowHalfOpen(allowHalfOpen);
        scene.onLoop(() -> {
          client = side("client", scene.connect(port, options), allowHalfOpen, sent);
          client.listen((data, at) -> relay == null ? 0 : relay.firstWrong(data, at));
          client.begin();
        });
        scene.awaitOver(
            () -> client.over() && (echo == null || echo.closed()),
            () -> {
              client.kill();
              if (echo != null) {
                echo.destroy();
              }
            });
        scene.await("the callback of each write", client::allAnswered);
        scene.onLoop(() -> {
          if (!scene.hasLost() && !client.destroyedByUs) {
            judge(client, client.written + relay.ownBytes());
          }
        });
        scene.judge(client, relay);
      }
    }
  }

  private static final class Between extends Case {
    private @Nullable Side client;
    private @Nullable Side backend;
    private @Nullable TcpSocket front;
    private @Nullable TcpSocket back;
    private @Nullable Relay in;
    private @Nullable Relay out;
    private boolean destroyed;

    Between(long seed) {
      super(seed);
    }

    void run() {
      Bytes requests = new Bytes(scene.random.nextLong());
      Bytes answers = new Bytes(scene.random.nextLong());
      Bytes ownIn = new Bytes(scene.random.nextLong());
      Bytes ownOut = new Bytes(scene.random.nextLong());
      boolean halfOpen = scene.random.nextBoolean();
      TcpOptions options = TcpOptions.defaults().withAllowHalfOpen(halfOpen);
      int destroyAfter = mayDestroy ? scene.random.nextInt(60) : -1;
      try (scene) {
        int backPort =
            maybeProxy(
                scene.listen(
                    options,
                    socket -> {
                      backend = side("backend", socket, halfOpen, answers);
                      backend.listen(in);
                      backend.begin();
                    }));
        int frontPort =
            maybeProxy(
                scene.listen(
                    relayOptions,
                    socket -> {
                      front = socket;
                      back = scene.connect(backPort, relayOptions);
                      together(front, back);
                      together(back, front);
                      in = relay(front, back, requests, ownIn);
                      out = relay(back, front, answers, ownOut);
                      in.begin();
                      out.begin();
                      if (destroyAfter >= 0) {
                        scene.loop.setTimeout(destroyAfter, this::destroy);
                      }
                    }));
        scene.onLoop(() -> {
          client = side("client", scene.connect(frontPort, options), halfOpen, requests);
          client.listen((data, at) -> out == null ? 0 : out.firstWrong(data, at));
          client.begin();
        });
        scene.awaitOver(this::isOver, this::kill);
        scene.await(
            "the callback of each write",
            () -> client.allAnswered() && (backend == null || backend.allAnswered()));
        scene.onLoop(this::judge);
        scene.judge(client, backend, in, out);
      }
    }

    private Relay relay(TcpSocket from, TcpSocket to, Bytes relayed, Bytes own) {
      return new Relay(from, to, scene.random.split(), relayed, own, writesItself, scene.wrong);
    }

    /** What ends one before its time ends the other. */
    private static void together(TcpSocket one, TcpSocket other) {
      one.onError(noise -> {});
      one.onClose(cause -> {
        if (!cause.code().equals("END")) {
          other.destroy();
        }
      });
    }

    private boolean isOver() {
      return client.over()
          && (front == null || front.closed())
          && (back == null || back.closed())
          && (backend == null || backend.over());
    }

    private void destroy() {
      if (!front.closed() || !back.closed()) {
        destroyed = true;
        (scene.random.nextBoolean() ? front : back).destroy();
      }
    }

    private void kill() {
      client.kill();
      if (backend != null) {
        backend.kill();
      }
      if (front != null) {
        front.destroy();
        back.destroy();
      }
    }

    private void judge() {
      if (scene.hasLost() || destroyed || client.destroyedByUs) {
        return;
      }
      if (backend == null) {
        scene.wrong.add("no connection at the backend");
      } else if (!backend.destroyedByUs) {
        judge(client, backend.written + out.ownBytes());
        judge(backend, client.written + in.ownBytes());
      }
    }
  }
}
