package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.Reactor;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.loop.Workers;
import io.netloop.testkit.LeakCheck;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seats on two workers' loops, the room on a third: what goes over, in which order and how much.
 */
class FarMemberTest {
  private static final RoomOptions TALKATIVE =
      RoomOptions.defaults().withBurst(1_000_000).withMessagesPerSecond(1_000_000);
  private static final String KILOBYTE = "x".repeat(1024);

  /** A loop that the test can hold up, and do things on. */
  private static final class Hand {
    final Reactor reactor = Reactor.current();
    private final Loop loop = Loop.current();
    private CountDownLatch hold = new CountDownLatch(0);

    <T> T on(Callable<T> work) {
      CompletableFuture<T> result = new CompletableFuture<>();
      loop.execute(() -> {
        try {
          result.complete(work.call());
        } catch (Exception failure) {
          result.completeExceptionally(failure);
        }
      });
      return result.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    void run(Runnable work) {
      on(() -> {
        work.run();
        return true;
      });
    }

    /** Does nothing any more until {@link #release}. */
    void holds() {
      CountDownLatch holds = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      hold = holds;
      loop.execute(() -> {
        held.countDown();
        awaits(holds);
      });
      awaits(held);
    }

    void release() {
      hold.countDown();
    }

    /** Waits until all that has been put in so far, and what that has put in, is done. */
    void settles() {
      run(() -> {});
      run(() -> {});
    }

    /** How many tasks wait for the loop. */
    int waiting() {
      return ((SingleThreadEventExecutor) reactor.eventLoop()).pendingTasks();
    }

    private static void awaits(CountDownLatch latch) {
      try {
        assertThat(latch.await(House.SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }
  }

  private final List<Courier> couriers = new CopyOnWriteArrayList<>();
  private final List<Hand> hands = new CopyOnWriteArrayList<>();
  private final List<String> ended = new CopyOnWriteArrayList<>();
  private LeakCheck leaks;
  private Timer open;
  private Workers roomLoop;
  private Workers workers;
  private Hand roomHand;
  private Room room;
  private PostOffice office;

  @BeforeEach
  void opens() {
    leaks = LeakCheck.begin();
    // Or the library would ask the loops, by tasks of its own, whether the program is to end.
    open = Loop.current().setTimeout(Duration.ofHours(1), () -> {});
    CompletableFuture<Hand> made = new CompletableFuture<>();
    roomLoop =
        Workers.fork(
            1,
            () -> {
              Loop loop = Loop.current();
              room = new Room(TALKATIVE, loop::nanoTime, Runnable::run);
              office = new PostOffice(loop, room, () -> ended.add("room"));
              made.complete(new Hand());
            });
    roomHand = made.join();
    CountDownLatch there = new CountDownLatch(2);
    workers =
        Workers.fork(
            2,
            () -> {
              synchronized (couriers) {
                couriers.add(new Courier(office));
                hands.add(new Hand());
              }
              there.countDown();
            });
    Hand.awaits(there);
  }

  @AfterEach
  void closes() {
    hands.forEach(Hand::release);
    roomHand.release();
    workers.close(Duration.ZERO).join();
    roomLoop.close(Duration.ZERO).join();
    open.clear();
    leaks.end();
  }

  private FarGuest stranger(int worker, String label) {
    return hands.get(worker).on(() -> new FarGuest(couriers.get(worker), label));
  }

  private FarGuest user(int worker, String name) {
    FarGuest guest = stranger(worker, name);
    hands.get(worker).run(() -> guest.says(Peer.login(name)));
    House.until(() -> guest.hasHeard("登录成功"));
    return guest;
  }

  /** Waits until all has arrived that is under way between the loops. */
  private void settles() {
    for (int i = 0; i < 3; i++) {
      hands.forEach(Hand::settles);
      roomHand.settles();
    }
    hands.forEach(Hand::settles);
  }

  private static String broadcast(String from, String message) {
    return Outgoing.broadcast(from, message).toString();
  }

  // What goes over

  @Test
  void aMessageToFiveHundredIsOneTaskForEachWorkerAndTheSameBytesForAll() {
    List<FarGuest> guests = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      guests.add(user(i % 2, "g" + i));
    }
    Guest speaker = roomHand.on(() -> new Guest(room, "near").logsIn("near"));
    settles();
    guests.forEach(FarGuest::forget);
    hands.forEach(Hand::holds);
    roomHand.run(() -> speaker.broadcasts("hello").broadcasts("again"));
    roomHand.settles();

    assertThat(hands).extracting(Hand::waiting).containsExactly(1, 1);

    hands.forEach(Hand::release);
    settles();
    for (FarGuest guest : guests) {
      assertThat(guest.heard())
          .containsExactly(broadcast("near", "hello"), broadcast("near", "again"));
      assertThat(guest.lines().getFirst()).isSameAs(guests.getFirst().lines().getFirst());
    }
  }

  @Test
  void whatIsAskedForInOneTurnIsOneTaskForTheRoom() {
    FarGuest a = user(0, "a");
    FarGuest b = user(0, "b");
    settles();
    roomHand.holds();
    hands
        .getFirst()
        .run(() -> {
          for (int i = 0; i < 10; i++) {
            a.says(Peer.broadcast("a" + i));
            b.says(Peer.broadcast("b" + i));
          }
        });
    hands.getFirst().settles();

    assertThat(roomHand.waiting()).isEqualTo(1);

    roomHand.release();
    House.until(() -> a.hasHeard("\"b9\""));
    List<String> said =
        IntStream.range(0, 10)
            .boxed()
            .flatMap(i -> List.of(broadcast("a", "a" + i), broadcast("b", "b" + i)).stream())
            .toList();
    assertThat(a.heard()).endsWith(said.toArray(new String[0]));
    assertThat(b.heard()).endsWith(said.toArray(new String[0]));
  }

  @Test
  void allHearTheSameInTheSameOrder() {
    FarGuest a = user(0, "a");
    FarGuest b = user(1, "b");
    FarGuest c = user(1, "c");
    settles();
    List.of(a, b, c).forEach(FarGuest::forget);
    for (int i = 0; i < 100; i++) {
      int number = i;
      hands.get(0).reactor.execute(() -> a.says(Peer.broadcast("a" + number)));
      hands.get(1).reactor.execute(() -> b.says(Peer.broadcast("b" + number)));
    }
    House.until(() -> a.heard().size() == 200 && b.heard().size() == 200);
    settles();
    assertThat(b.heard()).isEqualTo(a.heard());
    assertThat(c.heard()).isEqualTo(a.heard());
    assertThat(a.heard().stream().filter(line -> line.contains("\"a\",")))
        .isEqualTo(IntStream.range(0, 100).mapToObj(i -> broadcast("a", "a" + i)).toList());
  }

  // The end

  @Test
  void answersComeBeforeTheEndAndNothingAfterIt() {
    FarGuest a = user(0, "a");
    FarGuest b = stranger(1, "b");
    settles();
    hands
        .get(1)
        .run(() -> {
          b.says(Peer.login("b")).says(Peer.broadcast("bye"));
          b.place().quit("ended by the peer");
          b.says(Peer.broadcast("too late"));
        });
    hands.get(0).run(() -> a.says(Peer.broadcast("too late, too")));
    House.until(() -> a.hasHeard("too late, too"));
    settles();
    assertThat(b.heard()).hasSize(3).first().asString().contains("登录成功");
    assertThat(b.heard()).endsWith(broadcast("b", "bye"), "ended: ended by the peer");
    assertThat(a.hasHeard("\"too late\"")).isFalse();
    assertThat(a.heard()).filteredOn(line -> line.contains("b 离开了聊天室")).hasSize(1);
  }

  @Test
  void aLeaveIsToldOnceHoweverOftenItIsSaid() {
    FarGuest a = user(0, "a");
    FarGuest slow = user(1, "slow");
    hands
        .get(1)
        .run(() -> {
          slow.place().leave("more than 1024 bytes wait for it");
          slow.place().leave("ended by us");
          slow.place().quit("ended by the peer");
        });
    roomHand.run(() -> {}); // and one that the room has already heard of
    hands.get(1).run(() -> slow.place().leave("closed"));
    settles();
    assertThat(a.heard()).filteredOn(line -> line.contains("slow 离开了聊天室")).hasSize(1);
    assertThat(slow.heard()).noneMatch(line -> line.startsWith("ended"));
    assertThat(room.users()).isEqualTo(1);
  }

  @Test
  void whoIsLoggedInOutlivesTheTimeToLogIn() {
    FarGuest user = stranger(0, "user");
    FarGuest stranger = stranger(1, "stranger");
    hands
        .get(0)
        .run(() -> {
          user.says(Peer.login("user"));
          user.place().loginTimedOut("too late"); // while the login is still on its way
        });
    hands.get(1).run(() -> stranger.place().loginTimedOut("too late"));
    settles();
    assertThat(user.heard()).singleElement().asString().contains("登录成功");
    assertThat(stranger.heard()).containsExactly("ended: too late");
  }

  @Test
  void aRoomThatHasStoppedTellsAndEndsWhoComesIn() {
    roomHand.run(room::stop);
    FarGuest late = stranger(0, "late");
    settles();
    assertThat(late.heard())
        .containsExactly(Outgoing.SERVER_STOPS.toString(), "ended: the server stops");
    assertThat(roomHand.on(room::members)).isZero();
  }

  // Failures

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSeatThatThrowsCostsItsNeighboursNothing(boolean isError) {
    List<FarGuest> guests = List.of(user(0, "a"), user(0, "b"), user(0, "c"), user(1, "d"));
    settles();
    guests.forEach(FarGuest::forget);
    FarGuest bad = guests.get(1);
    bad.failsWith = isError ? new AssertionError("a mistake") : new RuntimeException("a mistake");
    hands.get(0).run(() -> guests.getFirst().says(Peer.broadcast("x")));
    House.until(() -> guests.getLast().hasHeard("离开了聊天室"));
    settles();
    assertThat(bad.heard()).containsExactly("ended: sending failed");
    for (FarGuest guest : guests) {
      if (guest != bad) {
        assertThat(guest.heard())
            .containsExactly(broadcast("a", "x"), Outgoing.left("b", 3).toString());
      }
    }
  }

  @Test
  void aRequestAtWhichTheRoomFailsCostsOnlyWhoMadeIt() {
    FarGuest a = user(0, "a");
    FarGuest b = user(0, "b");
    settles();
    a.forget();
    b.forget();
    hands
        .get(0)
        .run(() -> {
          couriers
              .getFirst()
              .ask(
                  new Courier.Errand(
                      (FarMember) b.place(),
                      0,
                      member -> {
                        throw new StackOverflowError("a mistake");
                      }));
          a.says(Peer.broadcast("goes on"));
        });
    settles();
    assertThat(b.heard()).containsExactly("ended: the room failed");
    assertThat(a.heard())
        .containsExactly(Outgoing.left("b", 1).toString(), broadcast("a", "goes on"));
  }

  @Test
  void whoseWorkerHasEndedLeavesAtTheFirstMessage() {
    FarGuest a = user(0, "a");
    user(1, "b");
    user(1, "c");
    settles();
    a.forget();
    hands.get(1).reactor.leave(Duration.ZERO).join();
    hands.get(0).run(() -> a.says(Peer.broadcast("x")).says(Peer.broadcast("y")));
    House.until(() -> room.users() == 1);
    hands.removeLast();
    settles();
    assertThat(a.heard())
        .containsExactly(
            broadcast("a", "x"),
            broadcast("a", "y"),
            Outgoing.left("b", 2).toString(),
            Outgoing.left("c", 1).toString());
    assertThat(a.paused).isFalse();
  }

  @Test
  void isEndedWhereTheRoomsLoopHasEnded() {
    FarGuest a = user(0, "a");
    settles();
    a.forget();
    roomLoop.close(Duration.ZERO).join();
    hands.get(0).run(() -> a.says(Peer.broadcast("is anybody there?")).says(Peer.broadcast("?")));
    hands.get(0).settles();
    assertThat(a.heard()).containsExactly("ended: the room's loop has ended");
    assertThat(ended).containsExactly("room");
  }

  // The bound

  @Test
  void aPeerWaitsWhileTheRoomIsBehindAndGoesOnWhenItHasCaughtUp() {
    FarGuest a = user(0, "a");
    FarGuest other = user(0, "other");
    settles();
    a.forget();
    roomHand.holds();
    Runnable says = () -> a.says(Peer.broadcast(KILOBYTE));
    int said = saysUntilPaused(a, says);

    assertThat(said * 1024).isBetween(FarMember.MOST_PENDING / 2, FarMember.MOST_PENDING + 1024);
    assertThat(other.paused).isFalse();

    roomHand.release();
    House.until(() -> !a.paused);
    House.until(() -> a.heard().size() == said);
    // All of it was taken back: the same again fits.
    settles();
    roomHand.holds();
    assertThat(saysUntilPaused(a, says)).isEqualTo(said);
  }

  @Test
  void aPeerWaitsWhileAnotherWorkerIsBehindWithWhatItSays() {
    FarGuest a = user(0, "a");
    FarGuest b = user(1, "b");
    settles();
    a.forget();
    b.forget();
    hands.get(1).holds();
    int all = saysUntilPaused(a, () -> a.says(Peer.broadcast(KILOBYTE)));
    House.until(() -> a.heard().size() == all);
    hands.get(0).settles();
    assertThat(a.paused).isTrue();
    assertThat(all * 1024).isLessThanOrEqualTo(FarMember.MOST_PENDING + 1024);

    hands.get(1).release();
    House.until(() -> !a.paused);
    House.until(() -> b.heard().size() == all);
  }

  @Test
  void manySmallMessagesCountToo() {
    FarGuest a = user(0, "a");
    settles();
    roomHand.holds();
    assertThat(saysUntilPaused(a, a.place()::badMessage))
        .isEqualTo(FarMember.MOST_PENDING / FarMember.MESSAGE_BYTES + 1);
  }

  /** Has somebody on the first worker say something again and again; returns how often. */
  private int saysUntilPaused(FarGuest guest, Runnable says) {
    int said = 0;
    while (!guest.paused) {
      assertThat(said).as("said without being made to wait").isLessThan(10_000);
      hands.getFirst().run(says);
      said++;
    }
    return said;
  }
}
