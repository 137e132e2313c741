package io.netloop.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** What is open in this process, for the test kit, which looks after each test. Thread-safe. */
public final class Inventory {
  /** So many buffers that one of them surely looks for lost ones before it. */
  private static final int PROBES = 100;

  private Inventory() {}

  /** How many counted things are open: servers, sockets, timers, work under way. */
  public static int open() {
    return ProcessLife.open();
  }

  /**
   * The names of the loops on which something waits for its time, counted or not. Asks each loop,
   * for a second at most, and leaves out one that does not answer or is the caller's.
   */
  public static List<String> loopsWithTimers() {
    List<String> names = new ArrayList<>();
    for (Reactor loop : ProcessLife.loops()) {
      if (!loop.inLoop() && hasTimers(loop)) {
        names.add(loop.name());
      }
    }
    return names;
  }

  private static boolean hasTimers(Reactor loop) {
    try {
      return loop.eventLoop().submit(loop::hasTimers).get(1, TimeUnit.SECONDS);
    } catch (RejectedExecutionException | ExecutionException | TimeoutException noAnswer) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Follows every buffer from now on, which is slow; the listener is told of each that is lost. */
  public static void watchBuffers(Consumer<String> onLost) {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((type, records) ->
        onLost.accept("a buffer that was not released (" + type + ")" + records));
  }

  /** Has those told that the garbage collector has found. */
  public static void reportLostBuffers() {
    for (int i = 0; i < PROBES; i++) {
      ByteBuf probe = ByteBufAllocator.DEFAULT.directBuffer();
      probe.release();
    }
  }
}
