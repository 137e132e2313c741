package io.netloop.ws;

import static io.netloop.ws.Frames.close;
import static io.netloop.ws.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.loop.Buffer;
import io.netloop.loop.Workers;
import io.netloop.ws.WebSocketServerOptions.SlowReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One to many. */
class TopicsTest extends WsTest {
  private final List<WebSocketConnection> opened = Collections.synchronizedList(new ArrayList<>());

  /** A server whose connections all subscribe to "room". */
  private WebSocketServer room(WebSocketServerOptions options) {
    return serve(
        options,
        socket -> {
          socket.subscribe("room");
          opened.add(socket);
        });
  }

  private List<RawClient> join(WebSocketServer server, int count) {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(connect(server));
      int now = i + 1;
      await().until(() -> opened.size() == now);
    }
    return clients;
  }

  private static String numbered(int number, int length) {
    return (number + ":").concat("x".repeat(length)).substring(0, length);
  }

  // Who gets what

  @Test
  void sendsToAllButTheOneWhoPublishes() {
    WebSocketServer server = room(options());
    List<RawClient> clients = join(server, 3);
    doOnLoop(() -> {
      assertThat(opened.get(0).publish("room", "hello")).isTrue();
      assertThat(opened.get(0).publish("other", "unheard")).isFalse();
      assertThat(server.publish("room", Message.binary(Buffer.from("all")))).isTrue();
      assertThat(server.publish("nobody", "there")).isFalse();
    });
    assertThat(clients.get(1).text()).isEqualTo("hello");
    assertThat(clients.get(2).text()).isEqualTo("hello");
    for (RawClient client : clients) {
      assertThat(client.frame()).hasToString("82 all");
    }
    assertThat(server.topics().stats()).isEqualTo(new TopicStats(2, 5, 0, 0));
  }

  @Test
  void letsOnlySubscribersPublish() {
    WebSocketServer server = room(options());
    List<RawClient> clients = join(server, 2);
    doOnLoop(() -> {
      assertThat(opened.get(0).unsubscribe("room")).isTrue();
      assertThat(opened.get(0).unsubscribe("room")).isFalse();
      assertThat(opened.get(0).publish("room", "from outside")).isFalse();
      assertThat(opened.get(1).publish("room", "to nobody but me")).isTrue();
      opened.get(1).send("end");
    });
    assertThat(clients.get(1).text()).isEqualTo("end");
  }

  @Test
  void knowsWhoHasSubscribedToWhat() {
    WebSocketServer server = room(options());
    server.onSubscription((socket, topic, now, before) -> add(topic + " " + before + " -> " + now));
    settle();
    List<RawClient> clients = join(server, 1);
    WebSocketConnection socket = opened.getFirst();
    doOnLoop(() -> {
      assertThat(socket.subscribe("room")).isFalse();
      assertThat(socket.subscribe("b")).isTrue();
      assertThat(socket.isSubscribed("b")).isTrue();
      assertThat(socket.isSubscribed("c")).isFalse();
      assertThat(socket.getTopics()).containsExactly("room", "b");
      assertThat(server.numSubscribers("room")).isEqualTo(1);
      assertThat(socket.unsubscribe("b")).isTrue();
      assertThat(socket.getTopics()).containsExactly("room");
    });
    assertThat(server.numSubscribers("b")).isZero();
    socket.onClose(event -> {
      add("close " + socket.getTopics() + " " + server.numSubscribers("room"));
      assertThat(socket.unsubscribe("room")).isFalse();
      assertThat(socket.subscribe("late")).isFalse();
    });
    settle();
    clients.getFirst().close();
    happens("room 0 -> 1", "b 0 -> 1", "b 1 -> 0", "room 1 -> 0", "close [room] 0");
    doOnLoop(() -> assertThat(socket.getTopics()).isEmpty());
  }

  @Test
  void takesNamesAsTheyAre() {
    WebSocketServer server =
        serve(socket -> {
          socket.subscribe("a/#");
          socket.subscribe("*");
          socket.subscribe("");
          opened.add(socket);
        });
    RawClient client = join(server, 1).getFirst();
    assertThat(server.publish("a/b", "no")).isFalse();
    assertThat(server.publish("A/#", "no")).isFalse();
    assertThat(server.publish("a/#", "1")).isTrue();
    assertThat(server.publish("*", "2")).isTrue();
    assertThat(server.publish("", "3")).isTrue();
    assertThat(List.of(client.text(), client.text(), client.text())).containsExactly("1", "2", "3");
  }

  @Test
  void keepsTheOrderOfDirectMessagesToo() {
    WebSocketServer server = room(options());
    List<RawClient> clients = join(server, 2);
    doOnLoop(() -> {
      for (int i = 0; i < 1_000; i++) {
        opened.get(1).send("direct " + i);
        opened.get(0).publish("room", "published " + i);
      }
    });
    for (int i = 0; i < 1_000; i++) {
      assertThat(clients.get(1).text()).isEqualTo("direct " + i);
      assertThat(clients.get(1).text()).isEqualTo("published " + i);
    }
  }

  @Test
  void takesPublicationsFromAnyThread() {
    WebSocketServer server = room(options());
    List<RawClient> clients = join(server, 2);
    for (int i = 0; i < 500; i++) {
      server.publish("room", "server " + i);
      assertThat(opened.get(0).publish("room", "socket " + i)).isTrue();
    }
    List<String> of0 = new ArrayList<>();
    List<String> of1 = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      of0.add(clients.get(0).text());
    }
    for (int i = 0; i < 1_000; i++) {
      of1.add(clients.get(1).text());
    }
    for (int i = 0; i < 500; i++) {
      assertThat(of0.get(i)).isEqualTo("server " + i);
    }
    for (String who : List.of("server", "socket")) {
      List<String> his = of1.stream().filter(each -> each.startsWith(who)).toList();
      for (int i = 0; i < 500; i++) {
        assertThat(his.get(i)).isEqualTo(who + " " + i);
      }
    }
  }

  @Test
  void changesSubscriptionsInsideListenersWhilePublishing() {
    WebSocketServer server =
        serve(socket -> {
          socket.subscribe("room");
          opened.add(socket);
          socket.onMessage(message -> {
            // Everybody leaves, comes back, and publishes in between.
            opened.forEach(each -> each.unsubscribe("room"));
            server(socket).publish("room", "to nobody");
            opened.forEach(each -> each.subscribe("room"));
            socket.publish("room", message);
            socket.unsubscribe("room");
            socket.publish("room", "not subscribed");
            socket.subscribe("room");
          });
        });
    servers.add(server);
    List<RawClient> clients = join(server, 3);
    clients.get(0).send(Frames.join(text("1"), text("2")));
    clients.get(1).text();
    clients.get(1).text();
    clients.get(1).send(text("3"));
    assertThat(List.of(clients.get(0).text())).containsExactly("3");
    assertThat(List.of(clients.get(2).text(), clients.get(2).text(), clients.get(2).text()))
        .containsExactly("1", "2", "3");
    assertThat(server.numSubscribers("room")).isEqualTo(3);
  }

  private final List<WebSocketServer> servers = new ArrayList<>();

  private WebSocketServer server(WebSocketConnection unused) {
    return servers.getFirst();
  }

  // Compression

  @Test
  void compressesOnceForAllWhoCanReadThat() {
    DeflateOptions deflate = DeflateOptions.defaults().withServerContextTakeover(true);
    WebSocketServer server = room(options().withDeflate(deflate));
    List<RawClient> clients = new ArrayList<>();
    String offer = "Sec-WebSocket-Extensions: permessage-deflate";
    for (String header :
        List.of(
            "X-None: x",
            offer + "; server_no_context_takeover",
            offer + "; server_no_context_takeover",
            offer,
            offer + "; server_max_window_bits=9")) {
      clients.add(connect(server, header));
    }
    await().until(() -> opened.size() == 5);
    String words = "compressible words, ".repeat(500);
    server.publish("room", "short");
    server.publish("room", words);
    server.publish("room", words);

    for (RawClient client : clients) {
      assertThat(client.text()).isEqualTo("short");
    }
    assertThat(clients.getFirst().text()).isEqualTo(words);
    assertThat(clients.getFirst().text()).isEqualTo(words);
    Deflate.Shared shared = new Deflate.Shared();
    for (RawClient client : clients.subList(1, 5)) {
      boolean takeover = client.equals(clients.get(3));
      Deflate inflater = new Deflate(shared, new DeflateAgreement(takeover, false, 15, 0), 6, true);
      for (int i = 0; i < 2; i++) {
        RawClient.Frame frame = client.frame();
        assertThat(frame.first()).isEqualTo(0xc1);
        assertThat(frame.payload()).hasSizeLessThan(words.length() / 4);
        assertThat(inflated(inflater, frame.payload())).isEqualTo(words);
      }
      inflater.end();
    }
    shared.end();
  }

  private static String inflated(Deflate with, byte[] payload) {
    var out = new java.io.ByteArrayOutputStream();
    try {
      with.inflate(
          payload, 0, payload.length, true, (bytes, from, to) -> out.write(bytes, from, to - from));
    } catch (ProtocolError error) {
      throw new AssertionError(error.reason());
    }
    return out.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  // Peers that do not read

  /** What one who does not read at first gets of that many messages, each of a kilobyte. */
  private List<String> slowly(SlowReader policy, int messages, long maxBackpressure) {
    WebSocketServer server =
        room(options().withSlowReader(policy).withMaxBackpressure(maxBackpressure));
    RawClient slow = join(server, 1).getFirst();
    doOnLoop(() -> {
      // Fills what the system holds for it.
      while (opened.getFirst().send(Buffer.from(new byte[100_000])) == SendResult.SUCCESS) {
        add("filled");
      }
      for (int i = 0; i < messages; i++) {
        server.publish("room", numbered(i, 1_000));
      }
      add("published");
    });
    comes("published");
    List<String> got = new ArrayList<>();
    int filled = events.size();
    for (int i = 0; i < filled; i++) {
      slow.frame();
    }
    stats = server.topics().stats();
    // One more, which comes behind all that was kept.
    opened.getFirst().send("end");
    for (String next = slow.text(); !next.equals("end"); next = slow.text()) {
      got.add(next.substring(0, next.indexOf(':')));
    }
    return got;
  }

  private TopicStats stats;

  @Test
  void dropsTheNewestForOneWhoDoesNotRead() {
    assertThat(slowly(SlowReader.DROP_NEWEST, 200, 64 * 1024)).isEmpty();
    assertThat(stats).isEqualTo(new TopicStats(200, 0, 200, 0));
  }

  @Test
  void dropsTheOldestForOneWhoDoesNotRead() {
    List<String> got = slowly(SlowReader.DROP_OLDEST, 200, 64 * 1024);
    assertThat(got).hasSize(65).first().isEqualTo("135");
    assertThat(got).last().isEqualTo("199");
    assertThat(stats).isEqualTo(new TopicStats(200, 200, 135, 0));
  }

  @Test
  void keepsTheNewestForOneWhoDoesNotRead() {
    assertThat(slowly(SlowReader.KEEP_NEWEST, 200, 64 * 1024)).containsExactly("199");
    assertThat(stats).isEqualTo(new TopicStats(200, 200, 199, 0));
  }

  /** Below the mark at which the queue itself tells of its end. */
  @ParameterizedTest
  @EnumSource(
      value = SlowReader.class,
      names = {"DROP_OLDEST", "KEEP_NEWEST"})
  void sendsWhatHasWaitedAlsoWhereItsLimitIsSmall(SlowReader policy) {
    WebSocketServer server = room(options().withSlowReader(policy).withMaxBackpressure(0));
    RawClient client = join(server, 1).getFirst();
    for (int round = 0; round < 20; round++) {
      doOnLoop(() -> {
        opened.getFirst().send(Buffer.from(new byte[50_000]));
        server.publish("room", "a");
        server.publish("room", "b");
      });
      assertThat(client.frame().payload()).hasSize(50_000);
      String next;
      do {
        next = client.text();
      } while (!next.equals("b"));
    }
    assertThat(server.topics().stats().published()).isEqualTo(40);
  }

  @Test
  void sendsWhatWasPublishedBeforeADirectMessageBeforeIt() {
    WebSocketServer server = room(options().withSlowReader(SlowReader.DROP_OLDEST));
    RawClient client = join(server, 1).getFirst();
    int[] filled = {0};
    doOnLoop(() -> {
      do {
        filled[0]++;
      } while (opened.getFirst().send(Buffer.from(new byte[100_000])) == SendResult.SUCCESS);
      server.publish("room", "first");
      opened.getFirst().send("second");
      server.publish("room", "third");
    });
    for (int i = 0; i < filled[0]; i++) {
      client.frame();
    }
    assertThat(List.of(client.text(), client.text(), client.text()))
        .containsExactly("first", "second", "third");
  }

  @Test
  void sendsWhatWasPublishedBeforeAPreparedMessageBeforeIt() {
    WebSocketServer server = room(options().withSlowReader(SlowReader.DROP_OLDEST));
    RawClient client = join(server, 1).getFirst();
    int[] filled = {0};
    doOnLoop(() -> {
      do {
        filled[0]++;
      } while (opened.getFirst().send(Buffer.from(new byte[100_000])) == SendResult.SUCCESS);
      server.publish("room", "first");
      assertThat(opened.getFirst().send(PreparedMessage.of(Message.text("second"))))
          .isEqualTo(SendResult.BACKPRESSURE);
    });
    for (int i = 0; i < filled[0]; i++) {
      client.frame();
    }
    assertThat(List.of(client.text(), client.text())).containsExactly("first", "second");
  }

  @Test
  void closesOneWhoDoesNotRead() {
    WebSocketServer server = room(options().withSlowReader(SlowReader.CLOSE));
    List<RawClient> clients = join(server, 3);
    doOnLoop(() -> {
      WebSocketConnection slow = opened.get(1);
      slow.onClose(event -> add(told(event) + " " + event.cause().code()));
      // Its listener changes who has subscribed, in the middle of it all.
      slow.onError(error -> opened.get(0).unsubscribe("room"));
      while (slow.send(Buffer.from(new byte[100_000])) == SendResult.SUCCESS) {
        add("filled");
      }
      events.clear();
      for (int i = 0; i < 10; i++) {
        server.publish("room", "" + i);
      }
    });
    for (RawClient other : List.of(clients.get(0), clients.get(2))) {
      for (int i = 0; i < 10; i++) {
        assertThat(other.text()).isEqualTo("" + i);
      }
      assertThat(other.isSilent()).isTrue();
    }
    happens("1006 ERR_OUTBOX_LIMIT");
    TopicStats stats = server.topics().stats();
    assertThat(stats.closed()).isEqualTo(1);
    assertThat(stats.delivered()).isEqualTo(20);
    assertThat(server.numSubscribers("room")).isEqualTo(1);
  }

  @Test
  void letsPublicationsWaitForTheEndOfAMessageInPieces() {
    WebSocketServer server = room(options().withSlowReader(SlowReader.DROP_OLDEST));
    RawClient client = join(server, 1).getFirst();
    var body = onLoop(() -> opened.getFirst().createMessage(false));
    doOnLoop(() -> {
      body.write("a");
      for (int i = 0; i < 300; i++) {
        server.publish("room", numbered(i, 1_000));
      }
      assertThat(opened.getFirst().bufferedAmount()).isLessThan(70_000);
      body.end("b");
    });
    assertThat(client.frame()).hasToString("01 a");
    assertThat(client.frame()).hasToString("00 b");
    assertThat(client.frame()).hasToString("80");
    assertThat(client.text()).startsWith("0:");
    String last;
    int count = 1;
    do {
      last = client.text();
      count++;
    } while (!last.startsWith("299:"));
    assertThat(count).isBetween(100, 200);
    assertThat(server.topics().stats().dropped()).isEqualTo(300 - count);
  }

  // Across workers

  @Test
  void reachesTheSubscribersOfAllWorkers() {
    List<HttpServer> listening = Collections.synchronizedList(new ArrayList<>());
    List<WebSocketServer> all = Collections.synchronizedList(new ArrayList<>());
    Workers workers =
        Workers.fork(
            2,
            () -> {
              HttpServer http = Http.createServer();
              all.add(
                  WebSockets.attach(
                      http,
                      "/room",
                      socket -> {
                        socket.subscribe("room");
                        opened.add(socket);
                        socket.onMessage(message -> socket.publish("room", message));
                      }));
              listening.add(http);
              http.listen(0, "127.0.0.1");
            });
    await()
        .until(() -> listening.size() == 2 && listening.stream().allMatch(HttpServer::listening));
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(connect(listening.getFirst().address().port(), "/room"));
    }
    await().until(() -> opened.size() == 8);
    assertThat(all.get(0).topics()).isSameAs(all.get(1).topics());
    assertThat(all.get(0).numSubscribers("room")).isEqualTo(8);
    assertThat(all).allMatch(server -> server.connections() > 0);

    RawClient talker = clients.getFirst();
    for (int i = 0; i < 200; i++) {
      talker.send(text("" + i));
    }
    for (RawClient client : clients.subList(1, 8)) {
      for (int i = 0; i < 200; i++) {
        assertThat(client.text()).isEqualTo("" + i);
      }
    }
    all.get(1).publish("room", "to all");
    for (RawClient client : clients) {
      assertThat(client.text()).isEqualTo("to all");
      client.close();
    }
    await().until(() -> all.get(0).numSubscribers("room") == 0);
    listening.forEach(server -> server.close().closeAllConnections());
    get(workers.close(Duration.ofSeconds(5)));
  }

  // Many

  /** 5,000 who listen, 100 of whom do not read: the others get everything, in order. */
  @ParameterizedTest
  @EnumSource(SlowReader.class)
  void servesThousandsWhereAHundredDoNotRead(SlowReader policy) throws Exception {
    int many = Integer.getInteger("netloop.subscribers", 1_000);
    int stalled = many / 50;
    int messages = 300;
    int length = 20_000;
    WebSocketServer server = room(options().withSlowReader(policy));
    int port = port(server);
    try (Crowd crowd = new Crowd(port, many - stalled)) {
      crowd.opened();
      for (int i = 0; i < stalled; i++) {
        connect(server);
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> server.numSubscribers("room") == many);
      long before = used();
      for (int i = 0; i < messages; i++) {
        String message = numbered(i, length);
        doOnLoop(() -> server.publish("room", message));
        crowd.hasAll(i + 1);
      }
      assertThat(crowd.mistakes()).isZero();
      TopicStats stats = server.topics().stats();
      assertThat(stats.published()).isEqualTo(messages);
      if (policy == SlowReader.CLOSE) {
        assertThat(stats.closed()).isEqualTo(stalled);
        // Each had two seconds to read its close frame.
        await().until(() -> server.numSubscribers("room") == many - stalled);
      } else {
        assertThat(stats.dropped()).isGreaterThan(stalled * 10L);
        assertThat(server.numSubscribers("room")).isEqualTo(many);
      }
      // Each of the stalled may hold its queue and its lane; one message exists once for all.
      assertThat(used() - before).isLessThan(stalled * 300_000L + (40 << 20));
    }
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void closesInOrderOfSubscription() {
    WebSocketServer server = room(options());
    List<RawClient> clients = join(server, 3);
    clients.get(0).send(close(1000, "")).closing();
    clients.get(0).close();
    await().until(() -> server.numSubscribers("room") == 2);
    server.publish("room", "rest");
    assertThat(clients.get(1).text()).isEqualTo("rest");
    assertThat(clients.get(2).text()).isEqualTo("rest");
  }
}
