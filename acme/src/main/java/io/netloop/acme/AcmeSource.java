package io.netloop.acme;

import io.netloop.acme.RenewalPlan.Window;
import io.netloop.engine.Clock;
import io.netloop.tls.AcmeChallenge;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.CertificateSource;
import io.netloop.tls.KeyAndChain;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One certificate: what servers ask for it, and the thread that looks after it. Only that thread
 * talks to the authority and to the files.
 */
final class AcmeSource implements CertificateSource {
  private static final Logger LOG = LoggerFactory.getLogger(AcmeSource.class);

  /** The wall's clock may be set, and a machine may sleep: no wait is longer. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** How often the authority is asked when it would have the certificate renewed. */
  private static final Duration ASK_AGAIN = Duration.ofHours(6);

  /** After which time without a server the log says so: most programs listen at once. */
  private static final Duration SAYS_THAT_IT_WAITS = Duration.ofMinutes(1);

  /** The talk with the authority. */
  interface Talk {
    KeyAndChain obtain(Proofs proofs, @Nullable KeyAndChain replaced)
        throws AcmeFailure, InterruptedException;

    /** When the authority would have it renewed, or null. */
    @Nullable Window window(KeyAndChain current) throws AcmeFailure;
  }

  private final AcmeOptions options;
  private final AcmeStore store;
  private final Talk talk;
  private final Clock clock;
  private final RenewalPlan plan;
  private final Proofs proofs;
  private volatile @Nullable KeyAndChain current;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean listening;
  private boolean asked;
  private volatile boolean closed;

  /** The next four are the thread's own. */
  private Instant pausedUntil = Instant.MIN;

  private Instant nextAsk = Instant.MIN;
  private @Nullable Window window;
  private boolean saidThatItWaits;
  private volatile @Nullable Thread thread;

  AcmeSource(AcmeOptions options, AcmeStore store, Talk talk, Clock clock, RenewalPlan plan) {
    this.options = options;
    this.store = store;
    this.talk = talk;
    this.clock = clock;
    this.plan = plan;
    this.proofs = new Proofs(options.dns());
    this.listening = options.challenge() == AcmeChallenge.DNS_01;
    this.current = store.read(now());
  }

  static AcmeSource start(AcmeOptions options, AcmeStore store, Talk talk) {
    AcmeSource source =
        new AcmeSource(
            options,
            store,
            talk,
            Clock.SYSTEM,
            new RenewalPlan(() -> ThreadLocalRandom.current().nextLong()));
    source.thread =
        Thread.ofVirtual()
            .name("netloop-acme " + options.names().getFirst())
            .start(source::lookAfter);
    return source;
  }

  @Override
  public @Nullable KeyAndChain current() {
    return current;
  }

  @Override
  public @Nullable KeyAndChain challenge(String serverName) {
    return proofs.certificate(serverName.toLowerCase(Locale.ROOT));
  }

  @Override
  public @Nullable String answer(String token) {
    return proofs.answer(token);
  }

  @Override
  public void listening(AcmeChallenge way) {
    if (way == options.challenge()) {
      tell(() -> listening = true);
    }
  }

  @Override
  public void renew() {
    tell(() -> asked = true);
  }

  @Override
  public void close() {
    tell(() -> closed = true);
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  private void tell(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void lookAfter() {
    Duration pause = Duration.ZERO;
    try {
      while (awaitTurn(pause)) {
        pause = lookOrLog();
      }
    } catch (InterruptedException closing) {
      // The thread ends, which is all that was wanted of it.
    }
  }

  /** What nobody has thought of must not end the thread: nothing would be renewed any more. */
  private Duration lookOrLog() throws InterruptedException {
    try {
      return look();
    } catch (RuntimeException bug) {
      LOG.error(
          "The certificate for {} could not be looked after; that is tried again in an hour.",
          String.join(", ", options.names()),
          bug);
      return LONGEST_WAIT;
    }
  }

  /** Waits for the time, or for somebody who asks; false when it is closed. */
  private boolean awaitTurn(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = pause.toNanos();
      while (!closed && (!listening || (left > 0 && !asked))) {
        if (listening) {
          left = changed.awaitNanos(left);
        } else if (saidThatItWaits) {
          changed.await();
        } else if (!changed.await(SAYS_THAT_IT_WAITS.toSeconds(), TimeUnit.SECONDS)) {
          saidThatItWaits = true;
          LOG.warn(
              "The certificate for {} is not asked for: no server listens yet that can prove the"
                  + " names by {}.",
              String.join(", ", options.names()),
              options.challenge().type());
        }
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean takeAsked() {
    lock.lock();
    try {
      boolean was = asked;
      asked = false;
      return was;
    } finally {
      lock.unlock();
    }
  }

  /** Does what is due, and returns how long to wait until the next look. */
  Duration look() throws InterruptedException {
    Instant now = now();
    takeNewer(now);
    askWindow(now);
    boolean due = !now.isBefore(plan.due(current, window)) && !now.isBefore(pausedUntil);
    if (takeAsked() || due) {
      obtain();
    }
    Instant next = plan.due(current, window);
    next = next.isBefore(pausedUntil) ? pausedUntil : next;
    now = now();
    if (!now.isBefore(next)) {
      return Duration.ZERO;
    }
    return now.plus(LONGEST_WAIT).isBefore(next) ? LONGEST_WAIT : Duration.between(now, next);
  }

  /** Another program of this user may have renewed it. */
  private void takeNewer(Instant now) {
    KeyAndChain mine = current;
    KeyAndChain kept = store.read(now);
    if (kept != null && (mine == null || kept.notAfter().isAfter(mine.notAfter()))) {
      current = kept;
      plan.succeeded();
    }
  }

  private void askWindow(Instant now) {
    KeyAndChain mine = current;
    if (mine == null || now.isBefore(nextAsk)) {
      return;
    }
    nextAsk = now.plus(ASK_AGAIN);
    try {
      window = talk.window(mine);
    } catch (AcmeFailure | RuntimeException failure) {
      // Two thirds of its time will do.
      LOG.debug("The authority was not asked when to renew: {}", failure.getMessage());
    }
  }

  private void obtain() throws InterruptedException {
    KeyAndChain old = current;
    try {
      KeyAndChain fresh = talk.obtain(proofs, old);
      keep(fresh);
      current = fresh;
      plan.succeeded();
      window = null;
      nextAsk = Instant.MIN;
      pausedUntil = now().plus(restOf(fresh));
      LOG.info(
          "The certificate for {} is a new one, until {}.",
          String.join(", ", fresh.names()),
          fresh.notAfter());
      if (!now().isBefore(plan.due(fresh, null))) {
        LOG.warn(
            "It is due for another at once, which is ordered at {}: is this machine's clock right?",
            pausedUntil);
      }
    } catch (AcmeFailure failure) {
      failed(old, failure, failure.notBefore());
    } catch (RuntimeException failure) {
      failed(old, failure, null);
    }
  }

  /** However soon the next one seems to be due: authorities give out few of the same in a week. */
  private static Duration restOf(KeyAndChain fresh) {
    Duration tenth = Duration.between(fresh.notBefore(), fresh.notAfter()).dividedBy(10);
    return tenth.compareTo(LONGEST_WAIT) < 0 ? tenth : LONGEST_WAIT;
  }

  /** It is used in any case: authorities give out few of the same. */
  private void keep(KeyAndChain fresh) {
    try {
      store.write(fresh);
    } catch (IOException failure) {
      LOG.warn(
          "The certificate can't be kept, and is lost when the program ends: {}",
          failure.toString());
    }
  }

  private void failed(@Nullable KeyAndChain old, Exception failure, @Nullable Instant notBefore)
      throws InterruptedException {
    if (closed) {
      throw new InterruptedException("closed");
    }
    Instant now = now();
    Duration left = old == null ? Duration.ZERO : Duration.between(now, old.notAfter());
    pausedUntil = now.plus(plan.afterFailure(left));
    if (notBefore != null && notBefore.isAfter(pausedUntil)) {
      pausedUntil = notBefore;
    }
    LOG.warn(
        "The certificate for {} was not obtained: {}. {}; it is tried again at {}.",
        String.join(", ", options.names()),
        failure.getMessage(),
        old == null ? "There is none yet" : "The old one goes on, until " + old.notAfter(),
        pausedUntil);
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.epochMillis());
  }
}
