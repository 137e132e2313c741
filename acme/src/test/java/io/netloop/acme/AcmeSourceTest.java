package io.netloop.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.acme.RenewalPlan.Window;
import io.netloop.engine.Clock;
import io.netloop.tls.AcmeChallenge;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a source asks, by a clock that the test turns, with an authority that the test plays. */
class AcmeSourceTest {
  private static final LocalAuthority AUTHORITY = LocalAuthority.inMemory();

  /** Certificates hold for 397 days, so two thirds of that are over after 264. */
  private static final Duration ALMOST_TWO_THIRDS = Duration.ofDays(255);

  @TempDir Path folder;
  private final Log log = new Log(AcmeSource.class);
  private final List<KeyAndChain> replaced = new ArrayList<>();
  private AcmeFailure failure;
  private RuntimeException bug;
  private Window window;
  private int windowsAsked;
  private Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private AcmeStore store;
  private AcmeSource source;

  private final AcmeSource.Talk talk =
      new AcmeSource.Talk() {
        @Override
        public KeyAndChain obtain(Proofs proofs, KeyAndChain old) throws AcmeFailure {
          replaced.add(old);
          if (failure != null) {
            throw failure;
          }
          if (bug != null) {
            throw bug;
          }
          return AUTHORITY.issue(List.of("a.test"));
        }

        @Override
        public Window window(KeyAndChain current) {
          windowsAsked++;
          return window;
        }
      };

  private final Clock clock =
      new Clock() {
        @Override
        public long nanoTime() {
          return 0;
        }

        @Override
        public long epochMillis() {
          return now.toEpochMilli();
        }
      };

  @BeforeEach
  void open() throws IOException {
    store = AcmeStore.open(options());
    source = source();
  }

  @AfterEach
  void close() {
    log.close();
  }

  private AcmeOptions options() {
    return AcmeOptions.of("a.test").withFolder(folder);
  }

  private AcmeSource source() {
    return new AcmeSource(options(), store, talk, clock, new RenewalPlan(new Random(1)));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void obtainsTheFirstAtOnceAndLooksAgainWithinTheHour() throws InterruptedException {
    assertThat(source.current()).isNull();

    assertThat(source.look()).isEqualTo(Duration.ofHours(1));

    assertThat(source.current()).isNotNull();
    assertThat(replaced).hasSize(1).containsOnlyNulls();
  }

  @Test
  void renewsAtTwoThirdsAndSaysWhatIsReplaced() throws InterruptedException {
    source.look();
    KeyAndChain first = source.current();

    pass(ALMOST_TWO_THIRDS);
    source.look();
    assertThat(source.current()).isSameAs(first);

    pass(Duration.ofDays(10));
    source.look();
    assertThat(source.current()).isNotSameAs(first);
    assertThat(replaced).hasSize(2).endsWith(first);
  }

  @Test
  void renewsWhenTheAuthorityWantsItEarlier() throws InterruptedException {
    source.look();
    KeyAndChain first = source.current();
    window = new Window(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)));

    source.look();
    assertThat(source.current()).isSameAs(first);
    pass(Duration.ofDays(2));
    source.look();

    assertThat(source.current()).isNotSameAs(first);
  }

  @Test
  void asksForTheWindowFourTimesADay() throws InterruptedException {
    source.look();
    for (int hour = 0; hour < 24; hour++) {
      source.look();
      pass(Duration.ofHours(1));
    }

    assertThat(windowsAsked).isEqualTo(4);
  }

  @Test
  void pausesAfterAFailureAndKeepsWhatItHas() throws InterruptedException {
    source.look();
    KeyAndChain first = source.current();
    pass(Duration.ofDays(270));
    failure = new AcmeFailure("it rains");

    Duration pause = source.look();
    assertThat(pause).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    source.look();
    assertThat(replaced).hasSize(2);
    pass(pause);
    source.look();
    assertThat(replaced).hasSize(3);

    assertThat(source.current()).isSameAs(first);
    assertThat(log.warnings())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("The certificate for a.test was not obtained: it rains. The old one goes on");

    failure = null;
    pass(Duration.ofHours(1));
    source.look();
    assertThat(source.current()).isNotSameAs(first);
  }

  @Test
  void triesLessAndLessOftenWhileThereIsNoCertificate() throws InterruptedException {
    failure = new AcmeFailure("nobody listens");

    Instant begin = now;
    for (int i = 0; i < 10; i++) {
      pass(source.look());
    }

    assertThat(replaced).hasSize(10).containsOnlyNulls();
    assertThat(Duration.between(begin, now)).isGreaterThan(Duration.ofHours(2));
  }

  @Test
  void doesNotOrderAgainAtOnceWhereTheNewOneIsDueAlready() throws InterruptedException {
    pass(Duration.ofDays(300)); // A clock that is ahead.

    assertThat(source.look()).isEqualTo(Duration.ofHours(1));
    for (int i = 0; i < 10; i++) {
      source.look();
    }
    assertThat(replaced).hasSize(1);
    assertThat(log.warnings())
        .singleElement()
        .asString()
        .startsWith("It is due for another at once")
        .endsWith("is this machine's clock right?");

    pass(Duration.ofHours(1));
    source.look();
    assertThat(replaced).hasSize(2);
  }

  @Test
  void doesNotOrderAgainAtOnceWhereTheWindowIsOver() throws InterruptedException {
    window = new Window(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));

    for (int i = 0; i < 10; i++) {
      source.look();
    }

    assertThat(replaced).hasSize(1);
  }

  /** Breaks also the source's own telling of it. */
  private static final class UntellableFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no words");
    }
  }

  @Test
  void goesOnWhereLookingAfterItHasFailed() {
    AtomicInteger looks = new AtomicInteger();
    AcmeSource started =
        AcmeSource.start(
            options(),
            store,
            new AcmeSource.Talk() {
              @Override
              public KeyAndChain obtain(Proofs proofs, KeyAndChain old) {
                looks.incrementAndGet();
                throw new UntellableFailure();
              }

              @Override
              public Window window(KeyAndChain current) {
                return null;
              }
            });
    started.listening(AcmeChallenge.TLS_ALPN_01);
    await().until(() -> looks.get() == 1);

    started.renew();
    await().until(() -> looks.get() == 2);

    started.close();
    assertThat(log.warnings())
        .first()
        .asString()
        .startsWith("The certificate for a.test could not be looked after");
  }

  @Test
  void waitsAsLongAsTheAuthorityDemands() throws InterruptedException {
    failure = new AcmeFailure("too often", now.plus(Duration.ofMinutes(50)), null);

    assertThat(source.look()).isEqualTo(Duration.ofMinutes(50));
    pass(Duration.ofMinutes(49));
    source.look();
    assertThat(replaced).hasSize(1);
    pass(Duration.ofMinutes(1));
    source.look();
    assertThat(replaced).hasSize(2);
  }

  @Test
  void livesOnAfterAnErrorThatNobodyHasThoughtOf() throws InterruptedException {
    bug = new IllegalStateException("what is that?");

    source.look();

    assertThat(log.warnings()).singleElement().asString().contains("what is that?");
    bug = null;
    pass(Duration.ofMinutes(2));
    source.look();
    assertThat(source.current()).isNotNull();
  }

  @Test
  void triesAtOnceWhenItIsAskedAlsoWithinAPause() throws InterruptedException {
    failure = new AcmeFailure("it rains");
    source.look();
    failure = null;

    source.renew();
    source.look();

    assertThat(source.current()).isNotNull();
  }

  @Test
  void usesWhatWasKeptAndTakesUpWhatAnotherProgramHasRenewed() throws Exception {
    KeyAndChain kept = AUTHORITY.issue(List.of("a.test"));
    store.write(kept);
    AcmeSource again = source();
    assertThat(again.current().chain()).isEqualTo(kept.chain());

    again.look();
    assertThat(replaced).isEmpty();

    source.look();
    assertThat(source.current().chain()).isEqualTo(kept.chain());
    assertThat(replaced).isEmpty();
  }

  @Test
  void keepsWhatItHasObtained() throws InterruptedException {
    source.look();

    assertThat(source().current().chain()).isEqualTo(source.current().chain());
  }

  @Test
  void usesWhatItCannotKeepAndSaysSo() throws Exception {
    Path kept = folder.resolve("acme-v02.api.letsencrypt.org");
    Files.delete(kept);
    Files.writeString(kept, "in the way");

    source.look();

    assertThat(source.current()).isNotNull();
    assertThat(log.warnings())
        .singleElement()
        .asString()
        .startsWith("The certificate can't be kept, and is lost when the program ends: ");
    source.look();
    assertThat(replaced).hasSize(1);
  }

  @Test
  void doesNotUseWhatWasKeptForOtherNamesOrIsDamaged() throws Exception {
    store.write(AUTHORITY.issue(List.of("a.test", "b.test")));
    assertThat(source().current()).isNull();

    Files.writeString(
        folder.resolve("acme-v02.api.letsencrypt.org").resolve("a.test.pem"), "damaged");
    try (Log stored = new Log(AcmeStore.class)) {
      assertThat(source().current()).isNull();
      assertThat(stored.warnings()).singleElement().asString().contains("another is obtained");
    }
  }

  @Test
  void waitsForAServerThatListensInTheWayThatIsProved() {
    AcmeSource started = AcmeSource.start(options(), store, talk);
    started.listening(AcmeChallenge.HTTP_01);
    assertThat(replaced).isEmpty();

    started.listening(AcmeChallenge.TLS_ALPN_01);

    await().until(() -> started.current() != null);
    started.close();
  }

  @Test
  void endsItsThreadWhenItIsClosedAlsoInTheMiddleOfATalk() {
    CountDownLatch talking = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    AcmeSource started =
        AcmeSource.start(
            options(),
            store,
            new AcmeSource.Talk() {
              @Override
              public KeyAndChain obtain(Proofs proofs, KeyAndChain old)
                  throws InterruptedException {
                talking.countDown();
                try {
                  new CountDownLatch(1).await();
                } finally {
                  interrupted.countDown();
                }
                throw new AssertionError("unreachable");
              }

              @Override
              public Window window(KeyAndChain current) {
                return null;
              }
            });
    started.listening(AcmeChallenge.TLS_ALPN_01);
    await().until(() -> talking.getCount() == 0);

    started.close();

    await().until(() -> interrupted.getCount() == 0);
    assertThat(log.warnings()).isEmpty();
  }

  @Test
  void keepsTheAccountsKey() throws IOException {
    var made = store.accountKey();
    var again = AcmeStore.open(options()).accountKey();

    assertThat(again.getPrivate()).isEqualTo(made.getPrivate());
    assertThat(again.getPublic()).isEqualTo(made.getPublic());
    assertThat(folder.resolve("acme-v02.api.letsencrypt.org").resolve("account.key")).exists();
  }
}
