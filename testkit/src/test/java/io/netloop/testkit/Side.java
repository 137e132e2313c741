package io.netloop.testkit;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One side of a connection: does at random what a program can do with a socket, and notes what the
 * socket does that it must not. Loop-confined.
 */
final class Side {
  private static final int LARGEST_WRITE = 300 * 1024;

  private final Loop loop = Loop.current();
  final String name;
  final TcpSocket socket;
  private final SplittableRandom random;
  private final boolean allowHalfOpen;
  private final boolean mayDestroy;
  private final Bytes outgoing;
  private final List<String> wrong;
  private final CompletableFuture<CloseCause> over = new CompletableFuture<>();
  @Nullable Side peer;

  private int stepsLeft;
  private @Nullable Timer nextStep;

  long written;
  private long released;
  private int corks;
  private int writes;
  private int answers;
  private int failedAnswers;
  private boolean fullTold;
  private boolean paused;
  private int errors;
  private boolean finished;
  private boolean endSeen;
  private boolean ended;
  boolean destroyedByUs;
  long received;

  /**
   * @param mayDestroy whether it may end other than by end()
   * @param wrong where to note what must not be
   */
  Side(
      String name,
      TcpSocket socket,
      SplittableRandom random,
      boolean allowHalfOpen,
      boolean mayDestroy,
      Bytes outgoing,
      List<String> wrong) {
    this.name = name;
    this.socket = socket;
    this.random = random;
    this.allowHalfOpen = allowHalfOpen;
    this.mayDestroy = mayDestroy;
    this.outgoing = outgoing;
    this.wrong = wrong;
    this.stepsLeft = random.nextInt(1, 30);
  }

  /** Listens; what comes must be these bytes. */
  void listen(Incoming incoming) {
    socket.onData(data -> {
      check(!over(), "data after close");
      check(!endSeen, "data after end");
      check(!paused, "data while paused");
      check(!data.isEmpty(), "empty data");
      int bad = incoming.firstWrong(data, received);
      check(bad < 0, "wrong byte at " + (received + bad));
      received += data.length();
      if (peer != null) {
        check(received <= peer.released, "received what the peer holds back by a cork");
      }
    });
    socket.onEnd(() -> {
      check(!endSeen && !over(), "a second end, or one after close");
      endSeen = true;
      if (!allowHalfOpen) {
        corks = 0;
        released = written;
      }
    });
    socket.onDrain(() -> {
      check(fullTold, "drain without a write that returned false");
      check(!over() && !hasEnded(), "drain after end or close");
      fullTold = false;
    });
    socket.onFinish(() -> {
      check(!finished && !over(), "a second finish, or one after close");
      check(answers == writes && failedAnswers == 0, "finish before the callbacks of the writes");
      check(ended || (endSeen && !allowHalfOpen), "finish without end");
      finished = true;
    });
    socket.onError(failure -> {
      check(++errors == 1, "a second error: " + failure);
      check(!over(), "error after close: " + failure);
    });
    socket.onClose(this::closed);
  }

  private void closed(CloseCause cause) {
    check(!over(), "a second close");
    check(
        errors == (cause.error() == null ? 0 : 1), errors + " errors, but the close says " + cause);
    check(
        socket.bytesRead() == received || destroyedByUs || cause.error() != null || paused,
        "bytesRead is " + socket.bytesRead() + ", received " + received);
    if (nextStep != null) {
      nextStep.clear();
    }
    over.complete(cause);
  }

  boolean over() {
    return over.isDone();
  }

  CompletableFuture<CloseCause> closing() {
    return over;
  }

  boolean sawTheEnd() {
    return endSeen;
  }

  boolean hasFinished() {
    return finished;
  }

  boolean waitsForDrain() {
    return fullTold;
  }

  boolean hasEnded() {
    return ended || (endSeen && !allowHalfOpen);
  }

  boolean allSucceeded() {
    return answers == writes && failedAnswers == 0;
  }

  void startsPaused(boolean is) {
    paused = is;
  }

  boolean allAnswered() {
    return answers == writes;
  }

  /** Begins to do things, one after another. */
  void begin() {
    if (over()) {
      return;
    }
    if (stepsLeft-- <= 0) {
      last();
      return;
    }
    if (!step()) {
      return;
    }
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> begin();
      case 4 -> loop.nextTick(this::begin);
      case 5, 6 -> nextStep = loop.setImmediate(this::begin);
      default -> nextStep = loop.setTimeout(random.nextInt(1, 4), this::begin);
    }
  }

  /** Whether there is another. */
  private boolean step() {
    int drawn = random.nextInt(100);
    if (drawn < 45) {
      write();
    } else if (drawn < 55) {
      socket.pause();
      paused = true;
    } else if (drawn < 70) {
      resume();
    } else if (drawn < 78) {
      socket.cork();
      corks++;
    } else if (drawn < 88) {
      uncork();
    } else if (drawn < 94) {
      socket.flush();
    } else if (drawn < 96) {
      end();
    } else if (mayDestroy && drawn < 98) {
      return endRoughly();
    }
    return true;
  }

  private void write() {
    if (ended || (endSeen && !allowHalfOpen)) {
      return;
    }
    int length =
        switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1, 2 -> random.nextInt(1, 16);
          case 3, 4, 5 -> random.nextInt(1, 5000);
          case 6 -> random.nextInt(1, 70_000);
          default -> random.nextInt(1, LARGEST_WRITE);
        };
    Buffer data = outgoing.from(written, length);
    written += length;
    if (corks == 0) {
      released = written;
    }
    boolean roomLeft;
    if (random.nextInt(4) == 0) {
      roomLeft = socket.write(data);
    } else {
      int number = writes++;
      roomLeft = socket.write(data, failure -> answered(number, failure));
    }
    if (!socket.destroyed()) {
      fullTold |= !roomLeft;
      check(
          socket.bytesWritten() == written,
          "bytesWritten is " + socket.bytesWritten() + ", written " + written);
      check(
          roomLeft == (socket.writableLength() < socket.writableHighWaterMark()),
          "write returned %s with %d bytes queued".formatted(roomLeft, socket.writableLength()));
    }
  }

  private void answered(int number, @Nullable NetException failure) {
    check(number == answers, "the callback of write " + number + " is number " + answers);
    answers++;
    if (failure != null) {
      failedAnswers++;
    } else {
      check(failedAnswers == 0, "a callback without a failure after one with it");
    }
  }

  private void resume() {
    paused = false;
    socket.resume();
  }

  private void uncork() {
    socket.uncork();
    if (corks > 0 && --corks == 0) {
      released = written;
    }
    check(socket.writableCorked() == corks, "corks are miscounted");
  }

  private void end() {
    ended = true;
    corks = 0;
    released = written;
    socket.end();
  }

  private boolean endRoughly() {
    destroyedByUs = true;
    switch (random.nextInt(4)) {
      case 0 -> socket.destroy();
      case 1 -> socket.destroy(new NetException("ETEST", "The test ends it."));
      case 2 -> socket.resetAndDestroy();
      default -> {
        end();
        socket.write("after the end");
      }
    }
    return false;
  }

  private void last() {
    resume();
    end();
  }

  /** Ends it where nothing else does. */
  void kill() {
    if (!over.isDone()) {
      destroyedByUs = true;
      socket.destroy();
    }
  }

  void check(boolean right, String what) {
    if (!right) {
      wrong.add(name + ": " + what);
    }
  }

  @Override
  public String toString() {
    return "%s: %s, written %d, received %d, %d of %d callbacks, %s%s%s%s, %s"
        .formatted(
            name,
            socket,
            written,
            received,
            answers,
            writes,
            ended ? "ended " : "",
            finished ? "finished " : "",
            endSeen ? "saw the end " : "",
            paused ? "paused" : "",
            over.getNow(null));
  }
}
