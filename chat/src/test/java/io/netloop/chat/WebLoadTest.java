package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.Workers;
import io.netloop.net.Admission;
import io.netloop.net.Net;
import io.netloop.net.TcpSocket;
import io.netloop.ws.WebSocket;
import io.netloop.ws.WebSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Many pages in one room, some more that read nothing, and a restart of the server between. {@code
 * -Dnetloop.chat.pages=5000} makes it thousands. Each notes the number in every message: what is
 * out of order, missing or double is seen.
 */
class WebLoadTest {
  private static final int PAGES = Integer.getInteger("netloop.chat.pages", 200);
  private static final int STALLED = PAGES / 50;
  private static final int MESSAGES = 40;
  private static final int BYTES = 8000;

  private final List<Page> pages = new ArrayList<>();
  private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
  private final AtomicInteger here = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private int port;
  private int webPort;

  /** A page that comes back by itself. */
  private final class Page {
    private final String name;
    private final WebSocket socket;
    private int next;

    Page(int number) {
      name = "u" + number;
      socket =
          new WebSocket(
              "ws://127.0.0.1:" + webPort + "/ws",
              List.of(),
              WebSocketOptions.defaults()
                  .withDeflate(null)
                  .withReconnect(
                      new WebSocketOptions.Reconnect(
                          Duration.ofMillis(50), Duration.ofMillis(500), 100)));
      socket.onOpen(event -> socket.send(Peer.login(name)));
      socket.onMessage(event -> heard(event.text()));
    }

    private void heard(String json) {
      if (json.startsWith("{\"type\":\"login\"")) {
        here.incrementAndGet();
      } else if (json.startsWith("{\"type\":\"broadcast\"")) {
        int at = json.indexOf("\"message\":\"") + 11;
        int number = Integer.parseInt(json.substring(at, json.indexOf(' ', at)));
        if (number != next++) {
          troubles.add(name + " has heard " + number + " in place of " + (next - 1));
        }
        if (next % MESSAGES == 0) {
          done.incrementAndGet();
        }
      }
    }
  }

  private ChatServer open() {
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    ChatServer server =
        new ChatServer(
                ChatOptions.defaults()
                    .withPort(port)
                    .withAdmission(new Admission.Limits(20_000, 20_000, 20_000, 20_000))
                    .withMaxQueuedBytes(128 * 1024)
                    .withWeb(WebOptions.defaults().withPort(webPort)))
            .onListening(address -> listening.complete(address.port()))
            .onError(listening::completeExceptionally)
            .start();
    port = listening.orTimeout(10, TimeUnit.SECONDS).join();
    webPort = server.webAddress().port();
    return server;
  }

  private void talks(Peer talker, int from) {
    for (int i = from; i < from + MESSAGES; i++) {
      talker.broadcasts(i + " " + "x".repeat(BYTES));
      talker.hears();
    }
  }

  /** Each who comes is told of to all who are there: thousands take their time. */
  private static void until(Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(30 + PAGES / 20))
        .until(condition);
  }

  @Test
  void everybodyHearsEverythingOnceInOrderThroughARestart() {
    ChatServer server = open();
    List<TcpSocket> stalled = new ArrayList<>();
    // The pages have a loop of their own, and with it a core.
    CompletableFuture<Loop> started = new CompletableFuture<>();
    Workers browsers = Workers.fork(1, () -> started.complete(Loop.current()));
    Loop loop = started.join();
    loop.execute(() -> {
      for (int i = 0; i < STALLED; i++) {
        stalled.add(stalledPage("s" + i));
      }
    });
    until(() -> server.users() == STALLED);
    loop.execute(() -> {
      for (int i = 0; i < PAGES; i++) {
        pages.add(new Page(i));
      }
    });
    until(() -> here.get() == PAGES);
    Peer talker = new Peer(port, 0).logsIn("talker");
    talks(talker, 0);
    until(() -> done.get() == PAGES);
    assertThat(troubles).isEmpty();
    here.set(0);
    CompletableFuture<?> stopped = server.stop(Duration.ofSeconds(4));
    talker.isDropped();
    talker.close();
    stopped.orTimeout(20, TimeUnit.SECONDS).join();
    ChatServer next = open();
    until(() -> here.get() == PAGES);
    Peer again = new Peer(port, 0).logsIn("talker");
    talks(again, MESSAGES);
    until(() -> done.get() == 2 * PAGES);
    assertThat(troubles).isEmpty();

    again.close();
    loop.execute(() -> {
      pages.forEach(page -> page.socket.close());
      stalled.forEach(TcpSocket::destroy);
    });
    House.untilEmpty(next);
    House.stop(next, Duration.ZERO);
    browsers.close(Duration.ZERO).orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** A page that logs in and then reads nothing. */
  private TcpSocket stalledPage(String name) {
    TcpSocket socket = Net.createConnection(webPort, "127.0.0.1");
    socket.onError(error -> {});
    socket.onConnect(() -> {
      socket.write(
          """
          GET /ws HTTP/1.1
          Host: localhost
          Connection: Upgrade
          Upgrade: websocket
          Sec-WebSocket-Version: 13
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

          """
              .replace("\n", "\r\n"));
      byte[] login = Peer.login(name).getBytes(StandardCharsets.UTF_8);
      byte[] frame = new byte[6 + login.length];
      frame[0] = (byte) 0x81;
      frame[1] = (byte) (0x80 | login.length);
      System.arraycopy(login, 0, frame, 6, login.length);
      socket.write(Buffer.from(frame));
      socket.pause();
    });
    return socket;
  }
}
