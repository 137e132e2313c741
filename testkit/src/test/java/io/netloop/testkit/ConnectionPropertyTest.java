package io.netloop.testkit;

import io.netloop.loop.CloseCause;
import io.netloop.loop.OutboxLimits;
import io.netloop.net.TcpOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever the two sides do and whatever the network does: each side receives what the other wrote,
 * or the begin of it and the news of the end.
 */
class ConnectionPropertyTest {
  @Test
  void deliversWhatWasWrittenOrItsBeginAndOneClose() throws Exception {
    Property.holds("connection", seed -> new Case(seed).run());
  }

  private static final class Case {
    private final Scene scene;
    private final Bytes toServer;
    private final Bytes toClient;
    private final boolean mayDestroy;
    private final TcpOptions clientOptions;
    private final TcpOptions serverOptions;
    private @Nullable Side client;
    private @Nullable Side server;

    Case(long seed) {
      scene = new Scene(seed);
      toServer = new Bytes(scene.random.nextLong());
      toClient = new Bytes(scene.random.nextLong());
      mayDestroy = scene.random.nextInt(3) == 0;
      clientOptions = options();
      serverOptions = options().withPauseOnConnect(scene.random.nextInt(4) == 0);
    }

    private TcpOptions options() {
      int[] marks = {1, 1000, 16 * 1024, 64 * 1024, 1 << 20};
      return TcpOptions.defaults()
          .withAllowHalfOpen(scene.random.nextBoolean())
          .withNoDelay(scene.random.nextBoolean())
          .withLimits(
              OutboxLimits.defaults().withHighWaterMark(marks[scene.random.nextInt(marks.length)]));
    }

    void run() {
      try (scene) {
        int port =
            scene.listen(
                serverOptions,
                socket -> {
                  server =
                      new Side(
                          "server",
                          socket,
                          scene.random.split(),
                          serverOptions.allowHalfOpen(),
                          mayDestroy,
                          toClient,
                          scene.wrong);
                  server.startsPaused(serverOptions.pauseOnConnect());
                  server.listen(toServer);
                  meet();
                  server.begin();
                });
        if (scene.random.nextInt(8) != 0) {
          port = scene.proxy(port, scene.faults(scene.random.nextBoolean()));
        }
        int at = port;
        scene.onLoop(() -> {
          client =
              new Side(
                  "client",
                  scene.connect(at, clientOptions),
                  scene.random.split(),
                  clientOptions.allowHalfOpen(),
                  mayDestroy,
                  toServer,
                  scene.wrong);
          client.listen(toClient);
          meet();
          client.begin();
        });
        scene.awaitOver(
            () -> client.over() && (server == null || server.over()),
            () -> {
              client.kill();
              if (server != null) {
                server.kill();
              }
            });
        // Where the client went at once, the server may still be on its way to learn of it.
        scene.awaitOver(() -> server == null || server.over(), () -> server.kill());
        scene.await(
            "the callback of each write",
            () -> client.allAnswered() && (server == null || server.allAnswered()));
        scene.onLoop(this::judge);
        scene.judge(client, server);
      }
    }

    private void meet() {
      if (client != null && server != null) {
        client.peer = server;
        server.peer = client;
      }
    }

    private void judge() {
      boolean rough =
          scene.hasLost() || client.destroyedByUs || server == null || server.destroyedByUs;
      if (server == null) {
        scene.check(client.destroyedByUs || scene.hasLost(), "no connection at the server");
        return;
      }
      judge(client, server, rough);
      judge(server, client, rough);
    }

    private void judge(Side side, Side peer, boolean rough) {
      side.check(side.received <= peer.written, "received more than was written");
      CloseCause cause = side.closing().getNow(null);
      if (cause == null) {
        return;
      }
      if (side.sawTheEnd() && !scene.hasLost() && !peer.destroyedByUs) {
        side.check(side.received == peer.written, "saw the end before it had everything");
      }
      if (cause.code().equals("END")) {
        side.check(side.sawTheEnd() && side.hasFinished(), "closed before both ends");
      }
      if (!rough) {
        side.check(cause.code().equals("END") && cause.error() == null, "failed: " + cause);
        side.check(side.received == peer.written, "has not received everything");
        side.check(side.allSucceeded(), "a write failed");
        side.check(!side.waitsForDrain() || side.hasEnded(), "no drain");
      }
    }
  }
}
