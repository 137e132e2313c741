package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.net.BlockList;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Sending and receiving. */
class SendTest extends UdpTest {
  private final List<Buffer> received = Collections.synchronizedList(new ArrayList<>());
  private final List<RemoteInfo> senders = Collections.synchronizedList(new ArrayList<>());

  private UdpSocket receiver(UdpOptions options) {
    return bound(
        options,
        socket ->
            socket.onMessage((message, remote) -> {
              received.add(message);
              senders.add(remote);
            }));
  }

  private void awaitReceived(String... messages) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(List.copyOf(received)).map(Buffer::toString).containsExactly(messages));
  }

  @Test
  void aDatagramIsReceivedAndAnswered() {
    UdpSocket server =
        bound(socket ->
            socket.onMessage((message, remote) -> {
              log.add("server got " + message + " from " + remote.host());
              socket.send("world", remote.port(), remote.host());
            }));
    UdpSocket client = socket(logged("client"));

    client.send("hello", port(server), LOCALHOST);

    awaitLog("server got hello from 127.0.0.1", "client: world");
  }

  @Test
  void theSenderIsToldWithEachMessage() {
    UdpSocket server = receiver(UdpOptions.udp4());
    UdpSocket one = bound();
    UdpSocket two = bound();
    one.send("abc", port(server));
    await().until(() -> senders.size() == 1);
    one.send("de", port(server));
    await().until(() -> senders.size() == 2);
    two.send("de", port(server));
    await().until(() -> senders.size() == 3);

    assertThat(senders)
        .containsExactly(
            new RemoteInfo(LOCALHOST, port(one), "IPv4", 3),
            new RemoteInfo(LOCALHOST, port(one), "IPv4", 2),
            new RemoteInfo(LOCALHOST, port(two), "IPv4", 2));
    assertThat(senders.getFirst()).hasToString("127.0.0.1:" + port(one));
    assertThat(senders.getFirst().address()).isEqualTo(LOCALHOST);
  }

  @Test
  void manySendersAreToldApart() {
    UdpSocket server =
        bound(socket ->
            socket.onMessage((message, remote) -> {
              log.add(message + " " + remote.port());
              socket.send("back", remote.port(), remote.host());
            }));
    List<String> expected = new ArrayList<>();
    CompletableFuture<?>[] answers = new CompletableFuture<?>[600];
    for (int i = 0; i < answers.length; i++) {
      CompletableFuture<?> answer = new CompletableFuture<>();
      answers[i] = answer;
      UdpSocket client =
          bound(socket -> socket.onMessage((message, remote) -> answer.complete(null)));
      client.send(String.valueOf(i), port(server), LOCALHOST);
      expected.add(i + " " + port(client));
      if (i % 10 == 0) {
        settle();
      }
    }

    await().atMost(SOON).untilAsserted(() -> assertThat(log).hasSameSizeAs(expected));
    assertThat(log).containsExactlyInAnyOrderElementsOf(expected);
    await().atMost(SOON).until(() -> Arrays.stream(answers).allMatch(CompletableFuture::isDone));
  }

  @Test
  void textBytesAndListsAreSent() {
    UdpSocket server = receiver(UdpOptions.udp4());
    UdpSocket client = bound();
    onLoop(() -> {
      client.send("tëxt", port(server));
      client.send(Buffer.from("buffer"), port(server));
      byte[] bytes = {'b', 'y'};
      client.send(bytes, port(server));
      bytes[0] = '!'; // what was sent is what it was
      client.send(List.of("a", Buffer.from("b"), new byte[] {'c'}), port(server));
      client.send("0123456789", 2, 3, port(server));
      client.send(Buffer.from("0123456789"), 9, 1, port(server), LOCALHOST);
      client.send("digits", String.valueOf(port(server)), "");
    });

    awaitReceived("tëxt", "buffer", "by", "abc", "234", "9", "digits");
  }

  @Test
  void emptyDatagramsAreSentAndDelivered() {
    UdpSocket server = receiver(UdpOptions.udp4());
    UdpSocket client = bound();
    onLoop(() -> {
      client.send("before", port(server));
      client.send("", port(server), logs("empty"));
      client.send(List.of(), port(server));
      client.send("between", port(server));
      client.send(new byte[0], port(server), LOCALHOST, logs("last"));
    });

    awaitReceived("before", "", "", "between", "");
    assertThat(senders.get(1).size()).isZero();
    awaitLog("empty 0", "last 0");
  }

  @Test
  void theLongestDatagramArrivesWhole() {
    UdpSocket server = receiver(UdpOptions.udp4().withRecvBufferSize(4 << 20));
    UdpSocket client = bound(UdpOptions.udp4().withSendBufferSize(1 << 20), socket -> {});
    for (int size : new int[] {65_507, 2048, 2049, 1, 65_506, 9000, 1472}) {
      received.clear();
      client.send(bytes(size), port(server), logs("sent"));
      await().atMost(SOON).until(() -> received.size() == 1);
      assertThat(received.getFirst()).isEqualTo(bytes(size));
    }
    onLoop(() -> {
      received.clear();
      for (int i = 0; i < 20; i++) {
        client.send(bytes(65_507 - i), port(server));
      }
    });
    await().atMost(SOON).until(() -> received.size() == 20);
    for (int i = 0; i < 20; i++) {
      assertThat(received.get(i)).isEqualTo(bytes(65_507 - i));
    }
  }

  @Test
  void rowsOfEqualLengthKeepTheirBordersAndOrder() {
    UdpSocket server = receiver(UdpOptions.udp4().withRecvBufferSize(4 << 20));
    UdpSocket other = receiver(UdpOptions.udp4().withRecvBufferSize(4 << 20));
    UdpSocket client = bound();
    List<String> expected = new ArrayList<>();
    onLoop(() -> {
      for (int i = 0; i < 300; i++) {
        String text = "%05d".formatted(i).repeat(i % 70 == 69 ? 1 : i < 200 ? 20 : 200);
        client.send(text, port(server));
        expected.add(text);
        if (i == 150) {
          client.send("aside", port(other));
          client.send("", port(server));
          expected.add("");
        }
      }
    });

    await().atMost(SOON).until(() -> received.size() == 302);
    List<String> seen = new ArrayList<>(received.stream().map(Buffer::toString).toList());
    assertThat(seen.remove("aside")).isTrue();
    assertThat(seen).containsExactlyElementsOf(expected);
  }

  @Test
  void oneAtATimeOrManyAreReadInOneCall() {
    for (int batch : new int[] {1, 2, 64}) {
      received.clear();
      UdpSocket server = receiver(UdpOptions.udp4().withReceiveBatch(batch));
      UdpSocket client = bound();
      List<String> expected = new ArrayList<>();
      onLoop(() -> {
        for (int i = 0; i < 100; i++) {
          client.send("%d of %d".formatted(i, batch), port(server));
          expected.add("%d of %d".formatted(i, batch));
        }
      });
      awaitReceived(expected.toArray(new String[0]));
    }
  }

  @Test
  void theListenerMayBeGivenWithTheSocket() {
    UdpSocket byType =
        closedLater(Dgram.createSocket("udp4", (message, remote) -> log.add("one: " + message)));
    UdpSocket byOptions =
        closedLater(
            Dgram.createSocket(UdpOptions.udp4(), (message, remote) -> log.add("two: " + message)));
    UdpSocket client = bound();
    byType.bind(0, LOCALHOST, () -> client.send("hello", port(byType), LOCALHOST));
    awaitInLog("one: hello");
    byOptions.bind(0, LOCALHOST, () -> byType.send("hello", port(byOptions), LOCALHOST));
    awaitInLog("two: hello");
  }

  @Test
  void otherMessagesAreRefused() {
    UdpSocket socket = bound();
    String said =
        "ERR_INVALID_ARG_TYPE The \"buffer\" argument must be of type string or an instance of Buffer,"
            + " byte[] or List. Received ";

    assertThat(thrown(() -> socket.send(5, 3000))).isEqualTo(said + "type number (5)");
    assertThat(thrown(() -> socket.send(null, 3000))).isEqualTo(said + "null");
    assertThat(thrown(() -> socket.send(new Object(), 3000)))
        .isEqualTo(said + "an instance of Object");
    assertThat(thrown(() -> socket.send(List.of("a", 5), 3000)))
        .startsWith("ERR_INVALID_ARG_TYPE The \"buffer list arguments\" argument must be");
    assertThat(thrown(() -> socket.send(List.of("a"), 0, 1, 3000)))
        .startsWith("ERR_INVALID_ARG_TYPE");
  }

  @Test
  void offsetAndLengthStayInsideTheMessage() {
    UdpSocket socket = bound();

    assertThat(thrown(() -> socket.send("abc", 4, 0, 3000)))
        .isEqualTo("ERR_BUFFER_OUT_OF_BOUNDS \"offset\" is outside of buffer bounds");
    assertThat(thrown(() -> socket.send("abc", -1, 0, 3000)))
        .isEqualTo("ERR_BUFFER_OUT_OF_BOUNDS \"offset\" is outside of buffer bounds");
    assertThat(thrown(() -> socket.send("abc", 1, 3, 3000)))
        .isEqualTo("ERR_BUFFER_OUT_OF_BOUNDS \"length\" is outside of buffer bounds");
    assertThat(thrown(() -> socket.send("abc", 1, -1, 3000)))
        .isEqualTo("ERR_BUFFER_OUT_OF_BOUNDS \"length\" is outside of buffer bounds");
  }

  @Test
  void portsOutOfRangeAreRefused() {
    UdpSocket socket = bound();
    String said = "ERR_SOCKET_BAD_PORT Port should be > 0 and < 65536. Received ";

    assertThat(thrown(() -> socket.send("x", 0))).isEqualTo(said + "type number (0).");
    assertThat(thrown(() -> socket.send("x", 70000))).isEqualTo(said + "type number (70000).");
    assertThat(thrown(() -> socket.send("x", -1))).isEqualTo(said + "type number (-1).");
    assertThat(thrown(() -> socket.send("x", 0, 1, 0))).isEqualTo(said + "type number (0).");
    assertThat(thrown(() -> socket.send("x"))).isEqualTo(said + "undefined.");
    for (String text : new String[] {"abc", "0", "70000", "", "-1", "123456"}) {
      assertThat(thrown(() -> socket.send("x", text, null)))
          .isEqualTo(said + "type string ('" + text + "').");
    }
  }

  @Test
  void sendingBindsAndWaitsForListening() {
    UdpSocket server = receiver(UdpOptions.udp4());
    onLoop(() -> {
      UdpSocket socket = closedLater(Dgram.createSocket("udp4"));
      socket.onListening(() -> log.add("listening " + socket.address().host()));
      socket.send("a", port(server), logs("cb0"));
      socket.send("bc", port(server), LOCALHOST, logs("cb1"));
      socket.send("def", port(server), "", logs("cb2"));
      log.add("send has returned");
    });

    awaitLog("send has returned", "listening 0.0.0.0", "cb0 1", "cb1 2", "cb2 3");
    awaitReceived("a", "bc", "def");
  }

  @Test
  void namesAreLookedUpForTheFamilyAndKeepTheirOrder() {
    UdpOptions options =
        UdpOptions.udp4()
            .withLookup(name -> {
              log.add("looking up " + name);
              return List.of("::1", LOCALHOST);
            });
    UdpSocket server = receiver(UdpOptions.udp4());
    UdpSocket client = bound(options, socket -> {});
    onLoop(() -> {
      client.send("one", port(server), "some.name");
      client.send("two", port(server), "some.name");
      client.send("three", port(server), "some.name", logs("sent"));
    });

    awaitReceived("one", "two", "three");
    awaitLog("looking up some.name", "sent 5");
  }

  @Test
  void localhostIsAName() {
    UdpSocket server = receiver(UdpOptions.udp4());
    bound().send("by name", port(server), "localhost");

    awaitReceived("by name");
  }

  @Test
  void anUnknownNameIsToldToTheCallbackOrElseToTheErrorListeners() {
    UdpOptions options =
        UdpOptions.udp4()
            .withLookup(name -> {
              throw new UnknownHostException(name);
            });
    UdpSocket client =
        bound(options, socket -> socket.onError(error -> log.add("error " + error.getMessage())));
    client.send("x", 3000, "no.such.host", logs("cb"));
    awaitLog("cb getaddrinfo ENOTFOUND no.such.host");
    client.send("x", 3000, "no.such.host");
    awaitInLog("error getaddrinfo ENOTFOUND no.such.host");

    bound(options, socket -> {}).send("x", 3000, "nobody.listens");
    assertThat(Uncaught.next()).hasMessage("getaddrinfo ENOTFOUND nobody.listens");
  }

  @Test
  void whatTheSystemRefusesIsToldToTheCallback() {
    UdpSocket client = bound();
    client.send(bytes(65_508), 41272, LOCALHOST, logs("long"));
    awaitInLog("long send EMSGSIZE 127.0.0.1:41272");
    client.send("x", 41272, "255.255.255.255", logs("broadcast"));
    awaitInLog("broadcast send EACCES 255.255.255.255:41272");
    client.send("x", 41272, "127.255.255.255", logs("directed"));
    awaitInLog("directed send EACCES 127.255.255.255:41272");
    client.send("x", 41272, "::1", logs("family"));
    awaitInLog("family send EINVAL ::1:41272");
    bound(UdpOptions.udp6(), socket -> {}).send("x", 41272, LOCALHOST, logs("family6"));
    awaitInLog("family6 send EINVAL 127.0.0.1:41272");
  }

  @Test
  void withoutACallbackItIsAnErrorWhereSomebodyListensAndElseNothing() {
    UdpSocket silent = bound();
    silent.send("x", 41272, "255.255.255.255");
    UdpSocket heard = bound(socket -> socket.onError(error -> log.add(error.getMessage())));
    heard.send("x", 41272, "255.255.255.255");

    awaitLog("send EACCES 255.255.255.255:41272");
  }

  @Test
  void oneRefusedDatagramDoesNotHarmTheOthers() {
    UdpSocket server = receiver(UdpOptions.udp4());
    UdpSocket client = bound();
    onLoop(() -> {
      for (int i = 0; i < 5; i++) {
        client.send("good" + i, port(server), LOCALHOST, logs("good"));
        client.send("bad", port(server), "255.255.255.255", logs("bad"));
      }
    });

    awaitReceived("good0", "good1", "good2", "good3", "good4");
    await().until(() -> log.size() == 10);
    assertThat(log.get(0)).isEqualTo("good 5");
    assertThat(log.get(1)).isEqualTo("bad send EACCES 255.255.255.255:" + port(server));
    assertThat(log.subList(0, 2)).isEqualTo(log.subList(8, 10));
  }

  @Test
  void aRowThatIsRefusedInOnePieceIsToldForEach() {
    UdpSocket client = bound();
    onLoop(() -> {
      for (int i = 0; i < 4; i++) {
        client.send("same", 41272, "255.255.255.255", logs("each"));
      }
    });

    String said = "each send EACCES 255.255.255.255:41272";
    awaitLog(said, said, said, said);
    onLoop(() -> assertThat(client.getSendQueueCount()).isZero());
  }

  @Test
  void sendingToNobodySucceeds() {
    UdpSocket nobody = bound();
    int port = port(nobody);
    nobody.close();
    UdpSocket client = bound(socket -> socket.onError(error -> log.add(error.getMessage())));
    client.send("anybody?", port, LOCALHOST, logs("sent"));
    awaitLog("sent 8");
    client.send("really nobody?", port, LOCALHOST, logs("sent"));
    awaitLog("sent 8", "sent 14");
  }

  @Test
  void aClosedSocketSendsNothing() {
    UdpSocket socket = bound();
    socket.close();

    assertThat(thrown(() -> socket.send("x", 3000)))
        .isEqualTo("ERR_SOCKET_DGRAM_NOT_RUNNING Not running");
  }

  @Test
  void ipv6WorksAndShowsIpv4SendersInItsForm() {
    UdpSocket server =
        socket(
            UdpOptions.udp6(),
            socket ->
                socket.onMessage((message, remote) -> {
                  log.add(message + " " + remote.host() + " " + remote.family());
                  socket.send("back", remote.port(), remote.host());
                }));
    server.bind(0, () -> log.add("listening"));
    awaitInLog("listening");
    UdpSocket six = bound(UdpOptions.udp6(), logged("six"));
    six.send("from 6", port(server));
    awaitInLog("six: back");
    UdpSocket four = bound(logged("four"));
    four.send("from 4", port(server));
    awaitInLog("four: back");

    awaitLog(
        "listening", "from 6 ::1 IPv6", "six: back", "from 4 ::ffff:127.0.0.1 IPv6", "four: back");
  }

  @Test
  void aBlockListSilencesSendersAndRefusesTargets() {
    BlockList loopback = new BlockList().addSubnet("127.0.0.0", 8);
    UdpSocket deaf = receiver(UdpOptions.udp4().withReceiveBlockList(loopback));
    UdpSocket hearing = receiver(UdpOptions.udp4());
    UdpSocket client = bound();
    client.send("to the deaf", port(deaf));
    client.send("to the hearing", port(hearing));
    awaitReceived("to the hearing");

    UdpSocket bridled = bound(UdpOptions.udp4().withSendBlockList(loopback), socket -> {});
    bridled.send("x", port(hearing), LOCALHOST, logs("blocked"));
    awaitLog("blocked IP(127.0.0.1) is blocked by net.BlockList");
    assertThat(received).hasSize(1);
  }

  @Test
  void aListenerThatThrowsDoesNotCloseTheSocket() {
    UdpSocket server =
        bound(socket -> {
          socket.onMessage((message, remote) -> {
            if (message.toString().equals("bad")) {
              throw new IllegalStateException("of the listener");
            }
          });
          logged("server").accept(socket);
        });
    UdpSocket client = bound();
    client.send("bad", port(server));
    client.send("good", port(server));

    awaitLog("server: bad", "server: good");
    assertThat(Uncaught.next()).hasMessage("of the listener");
  }

  @Test
  void whatIsPutOffRunsBeforeTheNextMessage() {
    UdpSocket server =
        bound(socket ->
            socket.onMessage((message, remote) -> {
              log.add("message " + message);
              loop.nextTick(() -> log.add("tick " + message));
            }));
    UdpSocket client = bound();
    onLoop(() -> {
      client.send("1", port(server));
      client.send("2", port(server));
    });

    awaitLog("message 1", "tick 1", "message 2", "tick 2");
  }

  @Test
  void anotherThreadsDatagramsKeepTheirOrder() {
    UdpSocket server = receiver(UdpOptions.udp4().withRecvBufferSize(4 << 20));
    UdpSocket client = socket();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      client.send(String.valueOf(i), port(server));
      expected.add(String.valueOf(i));
    }

    awaitReceived(expected.toArray(new String[0]));
  }

  @Test
  void aListenerThatIsTakenOutHearsNothingMore() {
    BiConsumer<Buffer, RemoteInfo> out = (message, remote) -> log.add("out");
    UdpSocket server =
        bound(socket -> {
          socket.onMessage(out);
          logged("in").accept(socket);
        });
    server.off(out);
    bound().send("x", port(server));

    awaitLog("in: x");
  }
}
