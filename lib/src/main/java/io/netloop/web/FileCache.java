package io.netloop.web;

import io.netloop.engine.Clock;
import io.netloop.web.FileTree.Forms;
import io.netloop.web.FileTree.Found;
import io.netloop.web.FileTree.Kept;
import io.netloop.web.FileTree.Missing;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files and the lists of names that were found a moment ago, so that those that everybody wants
 * cost no look at the disk each time. What many look for at once is looked for once. Bounded in
 * files, open ones and bytes, since one file can be asked for under many names: where it is full,
 * those that come later are looked up each time. What nobody asks for is let go of after a second
 * or two. <i>Thread-safe.</i>
 */
final class FileCache {
  private static final Logger LOG = LoggerFactory.getLogger(FileCache.class);

  private static final int MOST_FILES = 1024;
  private static final int MOST_OPEN = 128;
  private static final int LONGEST_PATH = 512;
  private static final long MOST_BYTES = 16 << 20;
  private static final long SWEEP_NANOS = 1_000_000_000;

  /** Runs the sweep, which closes files, on no loop. */
  private static final Executor A_SECOND_LATER =
      CompletableFuture.delayedExecutor(
          SWEEP_NANOS,
          TimeUnit.NANOSECONDS,
          sweep -> Thread.ofVirtual().name("netloop-files").start(sweep));

  private final ConcurrentHashMap<String, Line> lines = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, CompletableFuture<Found>> lookups =
      new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private final long keptNanos;

  /** A file that was found, and until when it is taken to be as it was. */
  private static final class Line {
    final Kept kept;
    final long validUntil;
    volatile boolean used = true;

    Line(Kept kept, long validUntil) {
      this.kept = kept;
      this.validUntil = validUntil;
    }
  }

  FileCache(long keptNanos) {
    this.keptNanos = keptNanos;
  }

  /**
   * What was found a moment ago, or null. It may be let go of at any time: retain what is needed.
   *
   * @param now the loop's time
   */
  @Nullable Kept fresh(String path, long now) {
    Line line = lines.get(path);
    if (line == null || now - line.validUntil >= 0) {
      return null;
    }
    line.used = true;
    return line.kept;
  }

  /**
   * Looks on a thread of its own, unless somebody does already.
   *
   * @param look given what was found before, or null
   * @param then told on that thread. What is kept may be let go of at any time: who cannot retain
   *     it asks {@link #look}
   */
  void find(String path, Function<@Nullable Forms, Found> look, Consumer<Found> then) {
    CompletableFuture<Found> ours = new CompletableFuture<>();
    CompletableFuture<Found> others = lookups.putIfAbsent(path, ours);
    if (others != null) {
      others.thenAccept(then);
      return;
    }
    ours.thenAccept(then);
    Thread.ofVirtual()
        .name("netloop-files")
        .start(() -> {
          Line before = lines.get(path);
          Found found =
              safely(look, before != null && before.kept instanceof Forms forms ? forms : null);
          boolean kept = found instanceof Kept some && keep(path, some);
          lookups.remove(path, ours);
          ours.complete(found);
          if (!kept && found instanceof Kept some) {
            some.release();
          }
        });
  }

  /** Looks on a thread of its own, for one alone: who is told has to release what is found. */
  void look(Function<@Nullable Forms, Found> look, Consumer<Found> then) {
    Thread.ofVirtual().name("netloop-files").start(() -> then.accept(safely(look, null)));
  }

  boolean keepsAny() {
    return keptNanos > 0;
  }

  /** What was found; a failure that nobody has thought of is one for the client, too. */
  static Found safely(Function<@Nullable Forms, Found> look, @Nullable Forms before) {
    try {
      return look.apply(before);
    } catch (RuntimeException | Error failure) {
      LOG.warn("A file could not be looked for", failure);
      return new Missing(500);
    }
  }

  private boolean keep(String path, Kept found) {
    Line before = lines.get(path);
    int more = found.keptBytes();
    int moreOpen = found.openFiles();
    boolean full =
        lines.size() >= MOST_FILES
            || bytes.get() + more > MOST_BYTES
            || open.get() + moreOpen > MOST_OPEN;
    if (before == null && (full || path.length() > LONGEST_PATH)) {
      return false;
    }
    bytes.addAndGet(more);
    open.addAndGet(moreOpen);
    Line line = new Line(found, Clock.SYSTEM.nanoTime() + keptNanos);
    forget(lines.put(path, line));
    sweepLater();
    return true;
  }

  private void forget(@Nullable Line line) {
    if (line != null) {
      bytes.addAndGet(-line.kept.keptBytes());
      open.addAndGet(-line.kept.openFiles());
      line.kept.release();
    }
  }

  private void sweepLater() {
    if (sweeping.compareAndSet(false, true)) {
      A_SECOND_LATER.execute(this::sweep);
    }
  }

  /** Lets go of what nobody has asked for since the last time. */
  private void sweep() {
    sweeping.set(false);
    lines.forEach((path, line) -> {
      if (line.used) {
        line.used = false;
      } else if (lines.remove(path, line)) {
        forget(line);
      }
    });
    if (!lines.isEmpty()) {
      sweepLater();
    }
  }
}
