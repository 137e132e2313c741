package io.netloop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What has reached the program's uncaught handler. */
public final class Uncaught {
  private static final LinkedBlockingQueue<Throwable> SEEN = new LinkedBlockingQueue<>();

  private Uncaught() {}

  static void forget() {
    SEEN.clear();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> SEEN.add(failure));
  }

  /** Waits for the next failure, which the test has thereby expected. */
  public static Throwable next() {
    try {
      Throwable next = SEEN.poll(5, TimeUnit.SECONDS);
      assertThat(next).describedAs("a failure in the uncaught handler").isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether no failure has come, or all were taken by {@link #next}. */
  public static boolean isEmpty() {
    return SEEN.isEmpty();
  }

  static List<Throwable> rest() {
    List<Throwable> rest = new ArrayList<>();
    SEEN.drainTo(rest);
    return rest;
  }
}
