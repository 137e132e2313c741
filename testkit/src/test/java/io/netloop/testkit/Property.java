package io.netloop.testkit;

import io.netloop.engine.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Runs one property with many seeds: the same seeds in each build, for some seconds; with {@code
 * -Dnetloop.soakMinutes=20} fresh seeds for that long, all properties together, each seed noted in
 * {@code target/soak.log} before it runs; with {@code -Dnetloop.seed=42} that seed alone. Some
 * cases run at the same time. After each batch nothing may be left open, and no buffer lost.
 */
final class Property {
  private static final int AT_ONCE = 8;
  private static final int BATCHES_PER_COLLECTION = 8;
  private static final int PROPERTIES = 5;
  private static final Duration USUAL = Duration.ofSeconds(4);
  private static final Path LOG = Path.of("target/soak.log");

  private final String name;
  private final Case property;
  private final long soakMinutes = Long.getLong("netloop.soakMinutes", 0);

  /** Fails with an AssertionError where the property does not hold. */
  interface Case {
    void run(long seed) throws Exception;
  }

  private Property(String name, Case property) {
    this.name = name;
    this.property = property;
  }

  static void holds(String name, Case property) throws Exception {
    new Property(name, property).run();
  }

  private void run() throws Exception {
    Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
    try {
      Long one = Long.getLong("netloop.seed");
      if (one != null) {
        batch(List.of(one), uncaught, true);
        return;
      }
      long nanos =
          soakMinutes > 0 ? TimeUnit.MINUTES.toNanos(soakMinutes) / PROPERTIES : USUAL.toNanos();
      long begin = Clock.SYSTEM.nanoTime();
      long next = 1;
      for (int batches = 1; Clock.SYSTEM.nanoTime() - begin < nanos; batches++) {
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          seeds.add(soakMinutes > 0 ? ThreadLocalRandom.current().nextLong() : next++);
        }
        batch(seeds, uncaught, batches % BATCHES_PER_COLLECTION == 0);
      }
      batch(List.of(next), uncaught, true);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
  }

  private void batch(List<Long> seeds, Queue<Throwable> uncaught, boolean collect)
      throws Exception {
    note("run " + seeds);
    LeakCheck leaks = LeakCheck.begin();
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (long seed : seeds) {
        running.add(each.submit(one(seed)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (Exception failure) {
      note("FAILED " + failure);
      throw failure;
    }
    if (collect) {
      LeakCheck.collect();
    }
    try {
      leaks.end();
    } catch (AssertionError left) {
      throw failed("one of the seeds " + seeds, left);
    }
    if (!uncaught.isEmpty()) {
      throw failed("one of the seeds " + seeds, uncaught.remove());
    }
  }

  private Callable<Void> one(long seed) {
    return () -> {
      try {
        property.run(seed);
      } catch (Throwable failure) {
        throw failed("seed " + seed, failure);
      }
      return null;
    };
  }

  private AssertionError failed(String seed, Throwable failure) {
    note("FAILED " + seed + " " + failure);
    return new AssertionError(
        name + " fails with " + seed + " (replay: -Dnetloop.seed=…): " + failure.getMessage(),
        failure);
  }

  private void note(String what) {
    if (soakMinutes > 0) {
      try {
        Files.writeString(
            LOG,
            Instant.now() + " " + name + " " + what + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
