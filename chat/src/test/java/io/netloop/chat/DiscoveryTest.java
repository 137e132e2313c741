package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.HostPort;
import io.netloop.testkit.NoLeaks;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rooms and those who look for them, on the loopback interface. */
@ExtendWith(NoLeaks.class)
class DiscoveryTest {
  private static final InetAddress LOCALHOST = InetAddress.getLoopbackAddress();
  private static final RoomFinder.Patience NEVER_FORGETS =
      new RoomFinder.Patience(Duration.ofMillis(50), Duration.ofHours(1), Duration.ofHours(1));

  private final Loop loop = Loop.current();
  private final Discovery discovery =
      Discovery.defaults().withVia("127.0.0.1").withPort(freePort());
  private final AtomicInteger users = new AtomicInteger(3);
  private final List<Announcer> announcers = new ArrayList<>();
  private final List<RoomFinder> finders = new ArrayList<>();

  @AfterEach
  void stop() {
    for (Announcer announcer : announcers) {
      soon(announcer.stop());
    }
    for (RoomFinder finder : finders) {
      soon(onLoop(finder::stop));
    }
  }

  private static <T> T soon(CompletableFuture<T> result) {
    return result.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static int freePort() {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private <T> T onLoop(Callable<T> work) {
    return soon(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return work.call();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            },
            loop));
  }

  private Announcer room(String name, int port) {
    Announcer announcer =
        onLoop(() ->
            new Announcer(discovery, name, new HostPort("0.0.0.0", port, "IPv4"), users::get)
                .start());
    announcers.add(announcer);
    // Only the other sockets' datagrams tell that it is on the air.
    House.until(() -> search().stream().anyMatch(room -> room.port() == port));
    return announcer;
  }

  private RoomFinder finder(RoomFinder.Patience patience) {
    RoomFinder finder = onLoop(() -> new RoomFinder(discovery, patience).start());
    finders.add(finder);
    return finder;
  }

  private List<FoundRoom> search() {
    return soon(RoomFinder.search(discovery, Duration.ofSeconds(1)));
  }

  /** Searches until these are found: an answer may be late where the machine is busy. */
  private void finds(FoundRoom... rooms) {
    House.until(() -> search().equals(List.of(rooms)));
  }

  private List<FoundRoom> rooms(RoomFinder finder) {
    return onLoop(finder::rooms);
  }

  private static void send(DatagramSocket from, byte[] bytes, int port) throws IOException {
    from.send(new DatagramPacket(bytes, bytes.length, LOCALHOST, port));
  }

  private void announce(DatagramSocket from, String name, int port) throws IOException {
    send(from, new Signal.Announcement(name, port, 1).bytes().toByteArray(), discovery.port());
  }

  /** It does not wait for the longest that it was given: that would be the end of the test. */
  @Test
  void endsASearchSoonAfterTheFirstRoomIsFound() {
    room("Ann's", 3000);
    users.set(7);

    assertThat(soon(RoomFinder.search(discovery, Duration.ofMinutes(1))))
        .containsExactly(new FoundRoom("Ann's", "127.0.0.1", 3000, 7));
  }

  @Test
  void findsAllRoomsOfAMachineEachOnce() {
    room("小本", 4000);
    room("Ann's", 3000);

    finds(new FoundRoom("Ann's", "127.0.0.1", 3000, 3), new FoundRoom("小本", "127.0.0.1", 4000, 3));
  }

  @Test
  void findsNothingWhereNothingIs() {
    assertThat(search()).isEmpty();
  }

  @Test
  void hearsTheAnnouncementsOfARoomThatOpensLater() {
    RoomFinder finder = finder(NEVER_FORGETS);
    room("late", 3000);

    House.until(() -> rooms(finder).size() == 1);
    users.set(9);
    House.until(() -> rooms(finder).getFirst().users() == 9);
  }

  /** A network that carries no groups may still carry broadcasts. */
  @Test
  void asksByBroadcastWhereTheGroupBringsNothing() {
    Announcer announcer = room("deaf to the group", 3000);
    long answered = announcer.answered();
    Discovery elsewhere = discovery.withGroup("239.255.77.78");

    assertThat(soon(RoomFinder.search(elsewhere, Duration.ofSeconds(20))))
        .extracting(FoundRoom::name)
        .containsExactly("deaf to the group");
    assertThat(announcer.answered()).isGreaterThan(answered);
  }

  @Test
  void forgetsARoomThatIsSilent() throws IOException {
    RoomFinder finder =
        finder(
            new RoomFinder.Patience(
                Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(200)));
    try (DatagramSocket liar = new DatagramSocket()) {
      House.until(() -> {
        announce(liar, "short", 3000);
        return !rooms(finder).isEmpty();
      });
    }
    House.until(() -> rooms(finder).isEmpty());
  }

  @Test
  void keepsAFewRoomsOfOneAddressOnly() throws IOException {
    RoomFinder finder = finder(NEVER_FORGETS);
    try (DatagramSocket liar = new DatagramSocket(0, LOCALHOST)) {
      House.until(() -> {
        for (int port = 1; port <= 20; port++) {
          announce(liar, "r" + port, port);
        }
        return rooms(finder).size() == RoomFinder.MAX_PER_HOST && finder.dropped() > 0;
      });
    }
  }

  @Test
  void keepsABoundedNumberOfRooms() {
    RoomFinder finder = finder(NEVER_FORGETS);
    House.until(() -> {
      announceFromManyAddresses();
      return rooms(finder).size() == RoomFinder.MAX_ROOMS && finder.dropped() >= 32;
    });
  }

  private void announceFromManyAddresses() throws IOException {
    for (int host = 2; host < 14; host++) {
      try (DatagramSocket liar = new DatagramSocket(0, InetAddress.getByName("127.0.0." + host))) {
        for (int port = 1; port <= 8; port++) {
          announce(liar, "r" + port, port);
        }
      }
    }
  }

  @Test
  void answersNoMoreThanSoOftenAndNeverMoreThanWasAsked() throws IOException {
    Announcer announcer = room("quiet", 3000);
    long answered = announcer.answered();
    byte[] query = new Signal.Query().bytes().toByteArray();
    long before = System.nanoTime();
    try (DatagramSocket flood = new DatagramSocket(0, LOCALHOST)) {
      // The system may lose some of them: it is asked until enough have come.
      House.until(() -> {
        for (int i = 0; i < 50; i++) {
          send(flood, query, discovery.port());
        }
        return announcer.answered() + announcer.dropped() >= answered + 500;
      });
      long seconds = Duration.ofNanos(System.nanoTime() - before).toSeconds();
      assertThat(announcer.answered() - answered).isBetween(1L, 20 + 20 * (seconds + 1));

      int got = 0;
      flood.setSoTimeout(200);
      try {
        while (true) {
          DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
          flood.receive(answer);
          assertThat(answer.getLength()).isLessThanOrEqualTo(query.length);
          got++;
        }
      } catch (SocketTimeoutException all) {
        assertThat(got).isBetween(1, (int) (announcer.answered() - answered));
      }
    }
  }

  @Test
  void answersNoQuestionThatIsShorterThanTheAnswer() throws IOException {
    Announcer announcer = room("quiet", 3000);
    byte[] tooShort = "{\"netloop\":1,\"type\":\"query\"}".getBytes(StandardCharsets.UTF_8);
    byte[] query = new Signal.Query().bytes().toByteArray();
    long before = announcer.dropped();
    try (DatagramSocket asker = new DatagramSocket(0, LOCALHOST)) {
      asker.setSoTimeout(50);
      int[] asked = {0};
      int[] answers = {0};
      // One good question among many: when it is answered, those before it were looked at, too.
      House.until(() -> {
        for (int i = 0; i < 5; i++) {
          send(asker, tooShort, discovery.port());
        }
        send(asker, query, discovery.port());
        asked[0]++;
        answers[0] += received(asker);
        return answers[0] > 0 && announcer.dropped() >= before + 5;
      });
      assertThat(answers[0] + received(asker)).isLessThanOrEqualTo(asked[0]);
    }
  }

  /** How many datagrams come until none comes for a moment. */
  private static int received(DatagramSocket socket) throws IOException {
    for (int count = 0; ; count++) {
      try {
        socket.receive(new DatagramPacket(new byte[2000], 2000));
      } catch (SocketTimeoutException none) {
        return count;
      }
    }
  }

  @Test
  void junkCostsCountedDropsOnly() throws IOException {
    Announcer announcer = room("unmoved", 3000);
    RoomFinder finder = finder(NEVER_FORGETS);
    try (DatagramSocket flood = new DatagramSocket(0, LOCALHOST)) {
      byte[] junk =
          "{\"netloop\":1,\"type\":\"room\",\"name\":\"x\"}".getBytes(StandardCharsets.UTF_8);
      byte[] noise = new byte[1400];
      for (int i = 0; i < 100_000; i++) {
        send(flood, i % 2 == 0 ? junk : noise, discovery.port());
      }
      // One that shares the port gets a unicast: whichever it was.
      House.until(() -> announcer.dropped() + finder.dropped() > 1_000);
    }
    FoundRoom room = new FoundRoom("unmoved", "127.0.0.1", 3000, 3);
    finds(room);
    House.until(() -> rooms(finder).equals(List.of(room)));
  }

  @Test
  void staysUnheardAfterItsStop() {
    Announcer announcer = room("gone", 3000);
    soon(announcer.stop());

    assertThat(search()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0,   ,          true",
    "::,        ,          true",
    "10.0.0.7,  ,          true",
    "127.0.0.1, ,          false",
    "127.0.0.1, 127.0.0.1, true",
    "::1,       ,          false",
    "::1,       127.0.0.1, false",
    "fd00::1,   ,          false",
    "0.0.0.0,   127.0.0.1, true",
  })
  void announcesOnlyWhereOneCanJoin(String host, String via, boolean can) {
    HostPort room = new HostPort(host, 3000, host.contains(":") ? "IPv6" : "IPv4");

    assertThat(Announcer.canReach(Discovery.defaults().withVia(via), room)).isEqualTo(can);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\nb", "\u001b[2J", "\u202eabc"})
  void refusesANameThatCannotBe(String name) {
    HostPort at = new HostPort("0.0.0.0", 3000, "IPv4");

    assertThat(Announcer.isName(name)).isFalse();
    assertThatThrownBy(() -> new Announcer(discovery, name, at, users::get))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("1 to 64");
  }

  @Test
  void refusesOptionsThatCannotBe() {
    assertThatThrownBy(() -> discovery.withGroup("10.0.0.1")).hasMessageContaining("10.0.0.1");
    assertThatThrownBy(() -> discovery.withGroup("224.0.0.1")).hasMessageContaining("239.0.0.0/8");
    assertThatThrownBy(() -> discovery.withPort(0)).hasMessageContaining("Received 0");
    assertThatThrownBy(() -> discovery.withPort(65_536)).hasMessageContaining("65536");
    assertThatThrownBy(() -> discovery.withVia("::1")).hasMessageContaining("IPv4 address");
  }
}
