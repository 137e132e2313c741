package io.netloop.testkit;

import io.netloop.engine.Clock;
import io.netloop.engine.Inventory;
import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Finds what is left open since it was begun: things that keep the program alive (servers, sockets,
 * timers, work under way), timers that were {@code unref}'d, sockets of the system, threads, and
 * buffers of the network layer that were lost.
 *
 * <pre>{@code
 * LeakCheck check = LeakCheck.begin();
 * …
 * check.end();
 * }</pre>
 *
 * <p>It looks at the whole process: one at a time, and not while other tests run beside it. Sockets
 * of the system are counted on Linux only. Lost buffers show when the garbage collector has found
 * them: {@link #collect} asks it to. With JUnit, {@link NoLeaks} does all of it.
 * <i>Thread-safe.</i>
 */
public final class LeakCheck implements AutoCloseable {
  /** How long {@link #end} waits for what is on its way to its end. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long POLL_NANOS = 2_000_000;

  /** Of the library, of the JDK and of test tools: threads that stay once they are there. */
  private static final Pattern KNOWN_THREADS =
      Pattern.compile(
          "loop|netloop-(keeper|stall-meter)|awaitility.*|process reaper.*|ForkJoinPool.*"
              + "|VirtualThread-.*|.*[Cc]leaner.*|surefire.*|junit-.*|globalEventExecutor.*"
              + "|DestroyJavaVM|.*Poller");

  private static final List<String> LOST_BUFFERS = new CopyOnWriteArrayList<>();

  static {
    Inventory.watchBuffers(LOST_BUFFERS::add);
  }

  private final int open = Inventory.open();
  private final int lostBuffers = LOST_BUFFERS.size();
  private final long sockets = sockets();
  private final Set<Thread> threads = Thread.getAllStackTraces().keySet();

  private LeakCheck() {}

  /** Remembers what is open now, which is no leak. From its first call on buffers are watched. */
  public static LeakCheck begin() {
    return new LeakCheck();
  }

  /**
   * Waits up to 10 seconds until nothing is left open that was not when it was begun. Not to be
   * called on a loop's own thread.
   *
   * @throws AssertionError with a list of what is left
   */
  public void end() {
    long begin = Clock.SYSTEM.nanoTime();
    List<String> left = findings();
    while (!left.isEmpty() && Clock.SYSTEM.nanoTime() - begin < PATIENCE.toNanos()) {
      if (left.stream().allMatch(LOST_BUFFERS::contains)) {
        break; // They do not come back.
      }
      LockSupport.parkNanos(POLL_NANOS);
      left = findings();
    }
    if (!left.isEmpty()) {
      throw new AssertionError("Left open:\n" + String.join("\n", left));
    }
  }

  /** The same as {@link #end}, for try-with-resources. */
  @Override
  public void close() {
    end();
  }

  /** What is left open at this moment, a sentence each; empty if nothing is. */
  public List<String> findings() {
    List<String> found = new ArrayList<>();
    int openNow = Inventory.open();
    if (openNow > open) {
      found.add(
          "%d more servers, sockets, timers or other work than the %d at the begin"
              .formatted(openNow - open, open));
    }
    for (String loop : Inventory.loopsWithTimers()) {
      found.add("a timer that has not run on " + loop);
    }
    long socketsNow = sockets();
    if (socketsNow > sockets) {
      found.add(
          "%d more sockets of the system than the %d at the begin"
              .formatted(socketsNow - sockets, sockets));
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!threads.contains(thread) && !KNOWN_THREADS.matcher(thread.getName()).matches()) {
        found.add("the thread " + thread.getName());
      }
    }
    found.addAll(LOST_BUFFERS.subList(lostBuffers, LOST_BUFFERS.size()));
    return found;
  }

  /**
   * Has the garbage collector run, so that buffers show which nobody holds and nobody has given
   * back. Takes some 10 milliseconds, more with a large heap.
   */
  public static void collect() {
    ReferenceQueue<Object> found = new ReferenceQueue<>();
    PhantomReference<Object> canary = new PhantomReference<>(new Object(), found);
    System.gc();
    try {
      found.remove(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    canary.clear();
    Inventory.reportLostBuffers();
  }

  /** How many sockets this process has, where the system tells; else 0. */
  private static long sockets() {
    long count = 0;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        if (isSocket(descriptor)) {
          count++;
        }
      }
    } catch (IOException noProc) {
      return 0;
    }
    return count;
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
