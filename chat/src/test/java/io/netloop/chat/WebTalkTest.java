package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Browsers in the room: the same room, rules and limits as for all others. */
class WebTalkTest {
  @RegisterExtension final House house = new House();

  @Test
  void sharesOneRoomWithThoseOnTcpInOneOrder() {
    house.openWeb();
    Peer ann = house.user("ann");
    Browser bob = house.browser().logsIn("bob");
    Peer cat = house.user("cat");
    ann.hears(2);
    bob.hears();
    for (int i = 0; i < 40; i++) {
      ann.broadcasts("a" + i);
      bob.broadcasts("b" + i);
      cat.broadcasts("c" + i);
    }
    List<String> heard = ann.hears(120);
    assertThat(bob.hears(120)).isEqualTo(heard);
    assertThat(cat.hears(120)).isEqualTo(heard);
    assertThat(heard.stream().filter(line -> line.contains("\"bob\"")))
        .isEqualTo(
            IntStream.range(0, 40)
                .mapToObj(i -> Outgoing.broadcast("bob", "b" + i).toString())
                .toList());
  }

  @Test
  void isToldNothingNewUnlessItAsks() {
    house.openWeb();
    Browser ann = house.browser();
    ann.says(Peer.login("ann"));
    assertThat(ann.hears()).isEqualTo(Outgoing.loggedIn("ann", 1, List.of()).toString());
    ann.broadcasts("hello");
    assertThat(ann.hears()).isEqualTo(Outgoing.broadcast("ann", "hello").toString());
  }

  @Test
  void whispersBothWaysAndRefusesATakenName() {
    house.openWeb();
    Peer ann = house.user("ann");
    Browser bob = house.browser();
    bob.says(Peer.login("ann"));
    assertThat(Browser.field(bob.hears(), "code")).isEqualTo("NICKNAME_TAKEN");
    bob.logsIn("bob");
    ann.hears();
    ann.whispers("bob", "psst");
    assertThat(bob.hears()).isEqualTo(Outgoing.whisper("ann", "psst").toString());
    bob.says(Peer.whisper("ann", "what?"));
    assertThat(ann.hears()).isEqualTo(Outgoing.whisper("bob", "what?").toString());
  }

  @Test
  void closesBytesWith1003AndTellsTheOthers() {
    house.openWeb();
    Peer ann = house.user("ann");
    Browser bob = house.browser().logsIn("bob");
    ann.hears();
    bob.sendsBytes((byte) '{', (byte) '}');
    assertThat(bob.closeCode()).isEqualTo(1003);
    assertThat(ann.hears()).isEqualTo(Outgoing.left("bob", 1).toString());
  }

  @Test
  void saysInTheRoomsWordsThatAMessageIsTooLongAndClosesWith1009() {
    house.openWeb(
        ChatOptions.defaults().withRoom(RoomOptions.defaults().withMaxMessageBytes(100)),
        WebOptions.defaults());
    Browser ann = house.browser().logsIn("ann");
    ann.broadcasts("x".repeat(100));
    assertThat(Browser.field(ann.hears(), "code")).isEqualTo("MESSAGE_TOO_LONG");
    assertThat(ann.closeCode()).isEqualTo(1009);
  }

  @Test
  void closesAMessageFarTooLongBeforeItHasCome() {
    house.openWeb(
        ChatOptions.defaults().withRoom(RoomOptions.defaults().withMaxMessageBytes(100)),
        WebOptions.defaults());
    Browser ann = house.browser().logsIn("ann");
    ann.broadcasts("x".repeat(1000));
    assertThat(ann.closeCode()).isEqualTo(1009);
  }

  @Test
  void dropsWhatIsOverTheRateAndEndsAfterTenBadMessages() {
    house.openWeb(
        ChatOptions.defaults()
            .withRoom(RoomOptions.defaults().withMessagesPerSecond(1).withBurst(12)),
        WebOptions.defaults());
    Browser ann = house.browser().logsIn("ann");
    for (int i = 0; i < 11; i++) {
      ann.broadcasts("m" + i);
      ann.hears();
    }
    ann.broadcasts("over");
    assertThat(Browser.field(ann.hears(), "code")).isEqualTo("RATE_LIMITED");
    Browser bob = house.browser();
    for (int i = 0; i < 10; i++) {
      bob.says("no JSON");
    }
    assertThat(bob.closeCode()).isEqualTo(1008);
  }

  @Test
  void endsWhoDoesNotLogInInTime() {
    house.openWeb(
        ChatOptions.defaults().withLoginTimeout(Duration.ofMillis(50)), WebOptions.defaults());
    assertThat(house.browser().closeCode()).isEqualTo(1008);
  }

  @Test
  void endsWhoSaysNothingForTooLong() {
    house.openWeb(
        ChatOptions.defaults().withIdleTimeout(Duration.ofMillis(100)), WebOptions.defaults());
    assertThat(house.browser().logsIn("ann").closeCode()).isEqualTo(1008);
  }

  @Test
  void admitsNoMoreThanItsLimitsFromOneAddressWhateverTheWayIn() {
    ChatServer server =
        house.openWeb(ChatOptions.defaults().withMaxPerAddress(2), WebOptions.defaults());
    house.user("ann");
    Browser bob = house.browser().logsIn("bob");
    House.until(() -> server.connections() == 2);
    Browser cat = house.browser();
    assertThat(Browser.field(cat.hears(), "code")).isEqualTo("TOO_MANY_CONNECTIONS");
    assertThat(cat.closeCode()).isEqualTo(1013);
    bob.leaves(1000);
    assertThat(bob.closeCode()).isEqualTo(1000);
    House.until(() -> server.connections() == 1);
    house.browser().logsIn("dan");
  }

  @Test
  void dropsASlowReaderAndNobodyElse() {
    ChatServer server =
        house.openWeb(
            ChatOptions.defaults()
                .withMaxQueuedBytes(64 * 1024)
                .withRoom(RoomOptions.defaults().withBurst(10_000)),
            WebOptions.defaults());
    Peer talker = house.user("talker");
    house.browser().logsIn("slow");
    talker.hears();
    for (int i = 0; server.users() == 2 && i < 2000; i++) {
      talker.broadcasts("x".repeat(30_000)).hears();
    }
    assertThat(talker.hears()).isEqualTo(Outgoing.left("slow", 1).toString());
  }

  // Origins

  @Test
  void letsInPagesOfTheSameHostAndProgramsButNoOtherPages() {
    house.openWeb();
    String here = "localhost:" + house.webPort();
    assertThat(house.browser().status()).isEqualTo(101);
    assertThat(house.browser(Map.of("Origin", "http://" + here)).status()).isEqualTo(101);
    assertThat(house.browser(Map.of("Origin", "https://LOCALHOST:" + house.webPort())).status())
        .isEqualTo(101);
    for (String strange :
        List.of("http://evil.example", "null", "http://" + here + ".evil.example", here, "")) {
      assertThat(house.browser(Map.of("Origin", strange)).status()).as(strange).isEqualTo(403);
    }
  }

  @Test
  void letsInPagesOfTheOriginsThatAreNamedAndNoOthers() {
    house.openWeb(
        ChatOptions.defaults(),
        WebOptions.defaults().withOrigins(Set.of("https://chat.example.org")));
    assertThat(house.browser(Map.of("Origin", "https://chat.example.org")).status()).isEqualTo(101);
    assertThat(house.browser(Map.of("Origin", "http://chat.example.org")).status()).isEqualTo(403);
    assertThat(house.browser(Map.of("Origin", "http://localhost:" + house.webPort())).status())
        .isEqualTo(403);
  }

  // Proxies

  @Test
  void believesOnlyATrustedProxyWhomItSpeaksFor() {
    Map<String, String> forwarded =
        Map.of("X-Forwarded-For", "6.6.6.6, 203.0.113.7, 127.0.0.1, [::1]");
    house.openWeb();
    house.browser(forwarded).logsIn("ann");
    assertThat(house.logged("joined as ann")).singleElement().asString().startsWith("127.0.0.1:");
    house.openWeb(
        ChatOptions.defaults(),
        WebOptions.defaults().withTrustedProxies(List.of("127.0.0.0/8", "::1")));
    house.browser(forwarded).logsIn("bob");
    house.browser(Map.of("X-Forwarded-For", "203.0.113.7, junk")).logsIn("cat");
    assertThat(house.logged("joined as bob"))
        .singleElement()
        .asString()
        .startsWith("203.0.113.7 via 127.0.0.1:");
    assertThat(house.logged("joined as cat")).singleElement().asString().startsWith("127.0.0.1:");
  }

  @Test
  void countsTheSeatsOfTheRealAddressBehindAProxy() {
    house.openWeb(
        ChatOptions.defaults().withMaxPerAddress(1),
        WebOptions.defaults().withTrustedProxies(List.of("127.0.0.1")));
    house.browser(Map.of("X-Forwarded-For", "203.0.113.7")).logsIn("ann");
    house.browser(Map.of("X-Forwarded-For", "203.0.113.8")).logsIn("bob");
    assertThat(house.browser(Map.of("X-Forwarded-For", "203.0.113.7")).closeCode()).isEqualTo(1013);
  }

  // Opening and closing

  @Test
  void closesWith1012AfterTellingAll() {
    ChatServer server = house.openWeb();
    Browser ann = house.browser().logsIn("ann");
    Browser stranger = house.browser();
    House.until(() -> server.connections() == 2);
    var report = server.stop(Duration.ofSeconds(5));
    assertThat(ann.hears()).isEqualTo("{\"type\":\"log\",\"message\":\"服务器即将关闭\"}");
    assertThat(ann.closeCode()).isEqualTo(1012);
    ann.leaves(1012).close();
    assertThat(stranger.closeCode()).isEqualTo(1012);
    stranger.leaves(1012).close();
    assertThat(report.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join().ended())
        .isEqualTo(2);
    assertThat(server.users()).isZero();
  }

  @Test
  void namesWhoHoldsThePortForBrowsersAndOpensNothing() throws IOException {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      WebOptions taken = WebOptions.defaults().withPort(holder.getLocalPort());
      assertThat(House.failsToOpen(ChatOptions.defaults().withPort(0).withWeb(taken)))
          .hasMessageContaining("EADDRINUSE")
          .hasMessageContaining(":" + holder.getLocalPort() + " (held by java, pid");
    }
  }

  @Test
  void givesThePortForBrowsersBackIfTheOtherIsTaken() throws IOException {
    ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    CompletableFuture<String> failed = new CompletableFuture<>();
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    ChatServer server =
        new ChatServer(
                ChatOptions.defaults()
                    .withPort(holder.getLocalPort())
                    .withWeb(WebOptions.defaults().withPort(0)))
            .onListening(address -> listening.complete(address.port()))
            .onError(error -> failed.complete(error.code()))
            .start();
    assertThat(failed.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join())
        .isEqualTo("EADDRINUSE");
    assertThat(server.webAddress()).isNull();
    holder.close();
    server.start();
    listening.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(server.webAddress()).isNotNull();
    House.stop(server, Duration.ZERO);
  }
}
