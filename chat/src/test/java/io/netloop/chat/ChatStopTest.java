package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import io.netloop.net.DrainReport;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Opening and closing the room. */
class ChatStopTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @RegisterExtension final House house = new House();

  @Test
  void tellsAllAndEndsThemWithoutANoticeOfTheOthersLeaving() {
    ChatServer server = house.open();
    Peer a = house.user("a");
    Peer b = house.user("b");
    Peer stranger = house.stranger();
    a.hears();
    House.until(() -> server.connections() == 3);
    CompletableFuture<DrainReport> report = server.stop(Duration.ofSeconds(5));
    for (Peer peer : List.of(a, b, stranger)) {
      assertThat(peer.hearsToTheEnd())
          .isEqualTo(
              """
              {"type":"log","message":"服务器即将关闭"}
              """);
      peer.close();
    }
    assertThat(within(report)).isEqualTo(new DrainReport(3, 0, 0));
    assertThat(server.users()).isZero();
    assertThat(house.logged("left as a")).singleElement().asString().endsWith("the server stops");
  }

  @Test
  void cutsWhoDoesNotGoInTimeAndReportsIt() {
    ChatServer server = house.open();
    Peer goes = house.user("goes");
    house.user("stays");
    goes.hears();
    CompletableFuture<DrainReport> report = server.stop(SHORT);
    goes.hearsToTheEnd();
    goes.close();
    assertThat(within(report)).isEqualTo(new DrainReport(1, 1, 0));
    assertThat(server.connections()).isZero();
  }

  /** The time that one goodbye may take must not cut into the time of the whole. */
  @Test
  void givesThosePeersTheWholeTimeAndReportsThemAsCut() {
    TcpSeat.Patience little = new TcpSeat.Patience(SHORT, Duration.ofMillis(20));
    ChatServer server = house.open(ChatOptions.defaults(), little);
    Peer stays = house.user("stays");
    Peer ended = house.user("ended");
    stays.hears();
    long before = System.nanoTime();
    DrainReport report = within(server.stop(SHORT));
    assertThat(report).isEqualTo(new DrainReport(0, 2, 0));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(SHORT);
    assertThat(stays.isDropped()).isTrue();
    assertThat(ended.isDropped()).isTrue();
  }

  @Test
  void reportsWhatWasLostWithAPeerThatDoesNotRead() {
    ChatServer server =
        house.open(
            ChatOptions.defaults()
                .withMaxQueuedBytes(64 << 20)
                .withRoom(RoomOptions.defaults().withBurst(10_000)));
    Peer slow = house.strangerWithLittleRoom().logsIn("slow");
    Peer talker = house.user("talker");
    for (int i = 0; i < 300; i++) {
      talker.whispers("slow", "x".repeat(30_000));
    }
    talker.broadcasts("done").hears();
    CompletableFuture<DrainReport> report = server.stop(SHORT);
    talker.hearsToTheEnd();
    talker.close();
    assertThat(within(report).lostBytes()).isGreaterThan(1_000_000);
    assertThat(slow.isDropped()).isTrue();
  }

  @Test
  void letsNobodyInOnceItStops() {
    ChatServer server = house.open();
    house.user("a");
    CompletableFuture<DrainReport> report = server.stop(SHORT);
    within(report);
    assertThatThrownBy(house::stranger).hasMessageContaining("refused");
  }

  @Test
  void leavesNobodyBehindWhoComesInWhileItStops() throws Exception {
    for (int round = 0; round < 10; round++) {
      ChatServer server = house.open();
      List<Peer> came = new ArrayList<>();
      Thread comers =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 1000; i++) {
                    came.add(house.stranger().sends(Peer.login("n" + i)));
                  }
                } catch (RuntimeException closed) {
                  // The room has closed: nobody comes any more.
                }
              });
      House.until(() -> server.users() > 3);
      CompletableFuture<DrainReport> report = server.stop(SHORT);
      within(report);
      assertThat(server.connections()).isZero();
      assertThat(server.users()).isZero();
      comers.join();
      came.forEach(peer -> assertThat(peer.isDropped()).isTrue());
    }
  }

  @Test
  void isTheSameStopWhenAskedAgain() {
    ChatServer server = house.open();
    house.user("a");
    CompletableFuture<DrainReport> first = server.stop(SHORT);
    CompletableFuture<DrainReport> second = server.stop(Duration.ofHours(1));
    assertThat(within(second)).isEqualTo(within(first));
    assertThat(within(server.stop(Duration.ZERO))).isEqualTo(within(first));
  }

  @Test
  void stopsARoomThatWasNeverOpened() {
    assertThat(within(new ChatServer(ChatOptions.defaults()).stop(SHORT)))
        .isEqualTo(new DrainReport(0, 0, 0));
  }

  @Test
  void cannotBeOpenedAgainAfterItWasStopped() {
    ChatServer server = house.open();
    within(server.stop(SHORT));
    assertThatThrownBy(server::start)
        .isInstanceOf(NetException.class)
        .hasMessageContaining("has been stopped")
        .extracting(failure -> ((NetException) failure).code())
        .isEqualTo("ERR_SERVER_STOPPED");
  }

  @Test
  void cannotBeOpenedTwice() {
    ChatServer server = house.open();
    assertThatThrownBy(server::start)
        .extracting(failure -> ((NetException) failure).code())
        .isEqualTo("ERR_SERVER_ALREADY_LISTEN");
  }

  @Test
  void namesWhoHoldsThePort() {
    house.open();
    NetException failure = House.failsToOpen(ChatOptions.defaults().withPort(house.port()));
    assertThat(failure)
        .hasMessage(
            "listen EADDRINUSE: address already in use 127.0.0.1:%d (held by java, pid %d, this process)"
                .formatted(house.port(), ProcessHandle.current().pid()));
  }

  @Test
  void opensAtTheSecondTryOnceThePortIsFree() throws IOException {
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    CompletableFuture<NetException> failed = new CompletableFuture<>();
    ServerSocket holder = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
    ChatServer server =
        new ChatServer(ChatOptions.defaults().withPort(holder.getLocalPort()))
            .onListening(address -> listening.complete(address.port()))
            .onError(failed::complete)
            .start();
    assertThat(failed.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join().code())
        .isEqualTo("EADDRINUSE");
    int port = holder.getLocalPort();
    holder.close();
    server.start();
    assertThat(listening.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join())
        .isEqualTo(port);
    within(server.stop(SHORT));
  }

  private static DrainReport within(CompletableFuture<DrainReport> report) {
    try {
      return report.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException late) {
      throw new AssertionError("The room has not stopped.", late);
    }
  }
}
