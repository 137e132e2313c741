package io.netloop.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for the kernel and runs listeners: what {@code Loop} shows to users.
 *
 * <p>Its life is a row of <b>turns</b>. A turn asks the kernel what has happened, gives each event
 * to the object it belongs to, runs what other threads and timers have put in, and ends by running
 * the immediates and sending what has been written: once per socket, however often it was written
 * to.
 *
 * <p>Each call of a listener happens inside an <b>entry</b>: {@link #enter} and {@link #exit} stand
 * around it, and the outermost exit runs the ticks, so that what was put off to "later" runs after
 * the listener that put it off and before any other event.
 *
 * <p>A method without "any thread" in its description must be called on the loop's own thread.
 */
public final class Reactor {
  private static final VarHandle TURN;

  static {
    NettyLog.install();
    // Netty's events for the flight recorder start it at the first buffer: a stall of 100 ms and
    // more in every program. Who records them sets the property.
    preset("io.netty.jfr.enabled", "false");
    // Netty names its channels after the process and the machine, for which it goes through all
    // network interfaces. Nobody sees these names.
    preset("io.netty.processId", "1");
    preset("io.netty.machineId", "00:00:00:00:00:01");
    try {
      TURN = MethodHandles.lookup().findVarHandle(Reactor.class, "turn", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static void preset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Sets what Netty must know before any class of it is used. Any thread. */
  public static void prepareNetty() {
    // The initializer above has done it.
  }

  private final Kernel kernel;
  private final Thread thread;
  private final Clock clock;
  private final StallMeter stalls;

  /** The group that this worker belongs to, or null. */
  private final @Nullable WorkerGroup group;

  /** What has to leave before a worker's loop can end. */
  private final Tenants tenants = new Tenants(this);

  /** The object that users see in place of this one: a {@code Loop}. */
  private @Nullable Object face;

  private final ArrayDeque<Runnable> ticks = new ArrayDeque<>();
  private ArrayDeque<Runnable> immediates = new ArrayDeque<>();
  private ArrayDeque<Runnable> spareImmediates = new ArrayDeque<>();
  private ArrayDeque<Sender> unsent = new ArrayDeque<>();
  private ArrayDeque<Sender> spareUnsent = new ArrayDeque<>();

  private final ReceiveBuffer receiveBuffer = new ReceiveBuffer();

  /** What all sockets of this loop read into, or null where the transport can't share it. */
  private final @Nullable ReadMemory readMemory =
      Transport.chosen().readsWhenReady() ? new ReadMemory() : null;

  /** Where a connection's bytes are gathered for one system call. */
  private @Nullable ByteBuf sendMemory;

  private final SpareArray spareArray = new SpareArray();

  private final CompletableFuture<?> terminated = new CompletableFuture<>();
  private volatile boolean ended;
  private boolean entered;
  private boolean ending;
  private long now;
  private boolean nowKnown;

  /** Odd inside a turn, even between two: what the stall meter sees from its thread. */
  private long turn;

  /** When the turn began. Written before its number: who reads the number sees it. */
  private long turnBegan;

  /** A turn whose length the stall meter wants to know, and that length once the turn has ended. */
  private volatile long suspectTurn;

  private volatile long suspectNanos;

  /** Starts a reactor with a daemon thread of this name. */
  public Reactor(String name) {
    this(name, Clock.SYSTEM, StallMeter.shared());
  }

  /** Starts a worker's reactor. */
  public Reactor(String name, WorkerGroup group) {
    this(name, Clock.SYSTEM, StallMeter.shared(), group);
  }

  Reactor(String name, Clock clock, StallMeter stalls) {
    this(name, clock, stalls, null);
  }

  private Reactor(String name, Clock clock, StallMeter stalls, @Nullable WorkerGroup group) {
    this.clock = clock;
    this.stalls = stalls;
    this.group = group;
    this.kernel = new Kernel(task -> new LoopThread(task, name, terminated));
    this.thread = kernel.start();
    stalls.watch(this);
    ProcessLife.add(this);
  }

  /**
   * The reactor whose thread this is, or on any other thread the default one, which starts when it
   * is first asked for. Any thread.
   */
  public static Reactor current() {
    if (Thread.currentThread() instanceof LoopThread thread && thread.reactor != null) {
      return thread.reactor;
    }
    return byDefault();
  }

  /** The default one. Any thread. */
  public static Reactor byDefault() {
    // A transport that cannot be had is told here as what it is, and not as a class that is broken.
    Transport.chosen();
    return Default.REACTOR;
  }

  /** The object that users see in place of this one, made when first asked for. Any thread. */
  public synchronized Object face(Function<Reactor, Object> make) {
    if (face == null) {
      face = make.apply(this);
    }
    return face;
  }

  /** The name of the thread, for logs and for people. Any thread. */
  public String name() {
    return thread.getName();
  }

  /** Netty's side of this loop, for registering channels. Any thread. */
  public EventLoop eventLoop() {
    return kernel;
  }

  /** Makes a channel one of this loop. It has read nothing so far. Any thread. */
  public void register(Channel channel) {
    if (readMemory != null) {
      channel.config().setRecvByteBufAllocator(readMemory);
    }
    kernel.register(channel);
  }

  /** A channel has read all that was there, for this turn. */
  public void readComplete() {
    if (readMemory != null) {
      readMemory.settle();
    }
  }

  @Nullable ReadMemory readMemory() {
    return readMemory;
  }

  /** Memory of this size for the length of one call. Always of the same size. */
  ByteBuf sendMemory(int bytes) {
    if (sendMemory == null) {
      sendMemory = ReadMemory.MEMORY.directBuffer(bytes, bytes);
    }
    return sendMemory.clear();
  }

  /** Where messages are put together before they are written. On the loop. */
  public SpareArray spareArray() {
    return spareArray;
  }

  /** The loop has ended: nobody reads or sends any more. */
  void releaseMemory() {
    if (readMemory != null) {
      readMemory.release();
    }
    receiveBuffer.release();
    if (sendMemory != null) {
      sendMemory.release();
    }
  }

  Thread thread() {
    return thread;
  }

  long turnNumber() {
    return (long) TURN.getAcquire(this);
  }

  long turnBegan() {
    return turnBegan;
  }

  /** Asks for the length of a turn that is still running, or has just ended. */
  void noteLengthOf(long suspect) {
    suspectNanos = 0;
    suspectTurn = suspect;
  }

  /** The length of the noted turn; 0 where it ended before the note reached the loop. */
  long lengthOf(long suspect) {
    return suspectTurn == suspect ? suspectNanos : 0;
  }

  /** Whether the caller is on this loop's thread. Any thread. */
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  /** Nanoseconds of the monotonic clock, read once per turn. */
  public long now() {
    if (!nowKnown) {
      now = clock.nanoTime();
      nowKnown = true;
    }
    return now;
  }

  /**
   * Runs a task on the loop after those handed in before it. From another thread it counts as
   * something open until it has run, so that the JVM doesn't end under it. Any thread.
   *
   * @return whether it will run: not where the loop has ended, and with it all that is on it
   */
  public boolean execute(Runnable task) {
    if (inLoop()) {
      return handIn(() -> call(task));
    }
    ProcessLife.ref();
    boolean taken =
        handIn(() -> {
          try {
            call(task);
          } finally {
            ProcessLife.unref();
          }
        });
    if (!taken) {
      ProcessLife.unref();
    }
    return taken;
  }

  private boolean handIn(Runnable task) {
    try {
      kernel.execute(task);
      return true;
    } catch (RejectedExecutionException ended) {
      return false;
    }
  }

  /**
   * Runs a task at once where the caller is on the loop, else as {@link #execute}, with the same
   * answer. Any thread.
   */
  public boolean run(Runnable task) {
    if (inLoop()) {
      task.run();
      return true;
    }
    return execute(task);
  }

  /** Runs a task as an entry of its own; what it throws goes to {@link #uncaught}. */
  public void call(Runnable task) {
    boolean outermost = enter();
    try {
      task.run();
    } catch (Throwable failure) {
      uncaught(failure);
    } finally {
      exit(outermost);
    }
  }

  /** Runs a task after the running listener and before any other event. */
  public void nextTick(Runnable task) {
    ticks.add(task);
    if (!entered) {
      handIn(this::runTicks);
    }
  }

  /** Runs a task at the end of this turn, or of the next where this one is ending. */
  public void immediate(Runnable task) {
    immediates.add(task);
    anotherTurn();
  }

  /** Runs a task as an entry of its own after a time; cancelled by the future that it returns. */
  public Future<?> schedule(Runnable task, long delayNanos) {
    return kernel.schedule(() -> call(task), delayNanos, TimeUnit.NANOSECONDS);
  }

  /** Whether a task of {@link #schedule} has still to come. */
  boolean hasTimers() {
    return kernel.hasTimers();
  }

  /** What gathers writes during a turn, to send them at its end. */
  public interface Sender {
    /** Sends what has been gathered. */
    void endOfTurn();
  }

  /** Has the sender send at the end of this turn. It sees to it that it asks once per turn. */
  public void sendAtEndOfTurn(Sender sender) {
    unsent.add(sender);
    anotherTurn();
  }

  /** Begins an entry; hand the answer to {@link #exit}, in a finally block. */
  public boolean enter() {
    if (entered) {
      return false;
    }
    entered = true;
    if ((turn & 1) == 0) {
      turnBegan = now();
      TURN.setRelease(this, turn + 1);
    }
    return true;
  }

  /** Ends an entry; where it was the outermost, the ticks run. */
  public void exit(boolean outermost) {
    if (outermost) {
      drainTicks();
      entered = false;
    }
  }

  /**
   * A failure that no listener took: it reaches the program's uncaught handler, and by default
   * standard error, but never ends the loop.
   */
  public void uncaught(Throwable failure) {
    ProcessLife.failed();
    Thread current = Thread.currentThread();
    try {
      current.getUncaughtExceptionHandler().uncaughtException(current, failure);
    } catch (Throwable handlerFailure) {
      // The handler itself is broken: there is nobody left to tell, and the loop must go on.
    }
  }

  /** Something open on a worker's loop that is ended with it. */
  public interface Tenant {
    /**
     * Ends politely within this time. Called on the loop; the answer is completed when it is over.
     */
    CompletableFuture<?> leave(Duration within);

    /** Whether it may need the others until it has left: as a server, whose connections may. */
    default boolean leavesFirst() {
      return false;
    }
  }

  /** Where datagrams are received, for all sockets of this loop. */
  public ReceiveBuffer receiveBuffer() {
    return receiveBuffer;
  }

  /** The group that this worker belongs to, or null. Any thread. */
  public @Nullable WorkerGroup group() {
    return group;
  }

  /** Remembers what is to end with the worker; on other loops nothing does. */
  public void moveIn(Tenant tenant) {
    if (group != null) {
      tenants.add(tenant);
    }
  }

  /** It has ended by itself. */
  public void moveOut(Tenant tenant) {
    tenants.remove(tenant);
  }

  /**
   * Ends all that is open here, then the thread: first what leaves first, within this time, then
   * the rest at once, and what their listeners have opened meanwhile. Any thread.
   *
   * @return completed when the thread ends, on it, but no more as one of the loop
   */
  public CompletableFuture<?> leave(Duration within) {
    execute(() -> tenants.leave(within));
    return terminated;
  }

  /** Whether nothing can be opened here any more. Any thread. */
  public boolean hasEnded() {
    return ended;
  }

  /**
   * Ends the loop's thread, once what it runs has returned. Any thread.
   *
   * @return completed when the thread ends, on it, but no more as one of the loop
   */
  public CompletableFuture<?> shutdown() {
    ended = true;
    stalls.unwatch(this);
    ProcessLife.remove(this);
    kernel.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    return terminated;
  }

  /** Whether the loop's thread is about to end, or has. Any thread. */
  public boolean isShuttingDown() {
    return kernel.isShuttingDown();
  }

  /** Whether the loop's thread has ended. Any thread. */
  public boolean isTerminated() {
    return kernel.isTerminated();
  }

  private void runTicks() {
    exit(enter());
  }

  private void drainTicks() {
    Runnable tick;
    while ((tick = ticks.poll()) != null) {
      try {
        tick.run();
      } catch (Throwable failure) {
        uncaught(failure);
      }
    }
  }

  /**
   * Makes sure that a turn ends after this one, for what comes in while this one is ending: without
   * a task the loop would wait in the kernel with bytes unsent.
   */
  private void anotherTurn() {
    if (ending || !entered) {
      handIn(Reactor::doNothing);
    }
  }

  private static void doNothing() {}

  /**
   * Runs the immediates, then sends. What these cause to be written goes out with the next turn.
   */
  private void endTurn() {
    ending = true;
    if (!immediates.isEmpty()) {
      runImmediates();
    }
    if (!unsent.isEmpty()) {
      boolean outermost = enter();
      ArrayDeque<Sender> sending = unsent;
      unsent = spareUnsent;
      spareUnsent = sending;
      Sender sender;
      while ((sender = sending.poll()) != null) {
        try {
          sender.endOfTurn();
        } catch (Throwable failure) {
          uncaught(failure); // One connection's failure is not the loop's.
        }
      }
      exit(outermost);
    }
    ending = false;
    nowKnown = false;
    if ((turn & 1) == 1) {
      if (suspectTurn == turn) {
        suspectNanos = clock.nanoTime() - turnBegan;
      }
      TURN.setRelease(this, turn + 1);
    }
  }

  private void runImmediates() {
    ArrayDeque<Runnable> running = immediates;
    immediates = spareImmediates;
    spareImmediates = running;
    Runnable immediate;
    while ((immediate = running.poll()) != null) {
      call(immediate);
    }
  }

  private static final class Default {
    static final Reactor REACTOR = new Reactor("loop");
  }

  /** Netty's loop with one addition: it says when a turn ends. */
  private final class Kernel extends SingleThreadIoEventLoop {
    Kernel(ThreadFactory threads) {
      super(null, threads, Transport.chosen().ioHandlerFactory());
    }

    /** Starts the thread, and returns once it runs. */
    Thread start() {
      LoopThread started =
          (LoopThread) submit(Thread::currentThread).syncUninterruptibly().getNow();
      started.reactor = Reactor.this;
      return started;
    }

    boolean hasTimers() {
      return nextScheduledTaskDeadlineNanos() >= 0;
    }

    @Override
    protected void afterRunningAllTasks() {
      super.afterRunningAllTasks();
      endTurn();
    }
  }
}
