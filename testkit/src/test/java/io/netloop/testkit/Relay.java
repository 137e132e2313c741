package io.netloop.testkit;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pipe from one socket to another, with a program that disturbs it: it writes to the destination
 * itself, corks it, takes the pipe away for a while, listens to the source. Knows what must arrive
 * behind the destination. Loop-confined.
 */
final class Relay implements Incoming {
  private final Loop loop = Loop.current();
  private final TcpSocket source;
  private final TcpSocket destination;
  private final SplittableRandom random;
  private final Incoming relayed;
  private final Bytes own;
  private final boolean writesItself;
  private final List<String> wrong;
  private final List<Block> blocks = new ArrayList<>();
  private long ownBytes;
  private int stepsLeft;
  private int corks;
  private boolean piped;
  private boolean over;
  private @Nullable CloseCause closedBy;
  private @Nullable Timer nextStep;
  private @Nullable Consumer<Buffer> listener;

  /** Bytes of ours among those that are passed on. */
  private record Block(long at, long ownBefore, int length) {}

  /**
   * @param relayed what comes out of the source
   * @param own what we write ourselves
   */
  Relay(
      TcpSocket source,
      TcpSocket destination,
      SplittableRandom random,
      Incoming relayed,
      Bytes own,
      boolean writesItself,
      List<String> wrong) {
    this.source = source;
    this.destination = destination;
    this.random = random;
    this.relayed = relayed;
    this.own = own;
    this.writesItself = writesItself;
    this.wrong = wrong;
    this.stepsLeft = random.nextInt(30);
    source.onEnd(this::stop);
    source.onClose(cause -> {
      closedBy = cause;
      stop();
    });
    destination.onClose(cause -> stop());
  }

  void begin() {
    pipe();
    steps();
  }

  long ownBytes() {
    return ownBytes;
  }

  private void stop() {
    over = true;
    if (nextStep != null) {
      nextStep.clear();
    }
    // At the end of the source the pipe ends the destination, and with it the corks.
    if (!piped && !destination.destroyed()) {
      destination.end();
    }
  }

  private void steps() {
    if (over) {
      return;
    }
    if (stepsLeft-- <= 0) {
      while (corks-- > 0) {
        destination.uncork();
      }
      pipe();
      source.resume();
      return;
    }
    step();
    if (random.nextInt(4) == 0) {
      nextStep = loop.setImmediate(this::steps);
    } else {
      nextStep = loop.setTimeout(random.nextInt(1, 6), this::steps);
    }
  }

  private void step() {
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> write(random.nextInt(3) == 0 ? 100_000 : 2000);
      case 4 -> {
        destination.cork();
        corks++;
      }
      case 5 -> {
        if (corks > 0) {
          corks--;
          destination.uncork();
        }
      }
      case 6 -> {
        if (piped) {
          unpipe();
        }
      }
      case 7 -> pipe();
      case 8 -> destination.flush();
      default -> listenOrNot();
    }
  }

  private void pipe() {
    if (!piped) {
      piped = true;
      source.pipe(destination);
    }
  }

  private void unpipe() {
    if (listener != null) {
      listenOrNot(); // the pipe is to be told of bytes before it
    }
    source.unpipe(destination);
    piped = false;
  }

  private void write(int most) {
    if (!writesItself || destination.destroyed()) {
      return;
    }
    int length = random.nextInt(1, most);
    blocks.add(new Block(destination.bytesWritten(), ownBytes, length));
    Buffer data = own.from(ownBytes, length);
    ownBytes += length;
    destination.write(data);
  }

  /** While somebody else listens too, bytes do not pass through but come as buffers. */
  private void listenOrNot() {
    if (listener != null) {
      source.off(listener);
      listener = null;
    } else if (piped) {
      listener =
          data -> {
            long position = destination.bytesWritten() - ownBytes - data.length();
            if (!destination.destroyed() && relayed.firstWrong(data, position) >= 0) {
              wrong.add("a listener beside the pipe got a wrong byte after " + position);
            }
          };
      source.onData(listener);
    }
  }

  @Override
  public int firstWrong(Buffer data, long position) {
    int at = 0;
    long ours = 0;
    for (Block block : blocks) {
      long begin = block.at - position;
      if (begin + block.length <= 0) {
        ours += block.length;
        continue;
      }
      if (begin >= data.length()) {
        break;
      }
      int from = (int) Math.max(0, begin);
      int to = (int) Math.min(data.length(), begin + block.length);
      if (from > at) {
        int bad = relayed.firstWrong(data.slice(at, from), position + at - ours);
        if (bad >= 0) {
          return at + bad;
        }
      }
      int bad = own.firstWrong(data.slice(from, to), block.ownBefore + from - begin);
      if (bad >= 0) {
        return from + bad;
      }
      at = to;
      ours += block.length;
    }
    int bad = relayed.firstWrong(data.slice(at), position + at - ours);
    return bad < 0 ? -1 : at + bad;
  }

  @Override
  public String toString() {
    return "relay with %d own bytes, %spiped, source %s, %s, destination %s"
        .formatted(ownBytes, piped ? "" : "not ", source, closedBy, destination);
  }
}
