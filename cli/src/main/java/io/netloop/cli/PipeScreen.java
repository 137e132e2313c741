package io.netloop.cli;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.Readable;
import io.netloop.loop.Timer;
import io.netloop.loop.Writable;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A talk over standard input and output where they are no terminal: a line in, a line out, no
 * colours. A line waits until the answer to the login is there, and the lines go out no faster than
 * a room takes them by default, so that a whole file can be said. At the end of the input the talk
 * is left once every line is delivered. <i>Loop-confined.</i>
 */
final class PipeScreen implements Screen {
  /** A longer line is cut: no room takes more. */
  private static final int MAX_LINE_BYTES = 1 << 20;

  /** So many lines may wait, and what one piece of input brings in addition. */
  private static final int WAITING_LINES = 100;

  /** A room takes 100 messages at once and 50 per second: half and a little less is safe. */
  private static final int BURST = 50;

  private static final int MILLIS_PER_LINE = 25;

  private final Loop loop = Loop.current();
  private final Readable in;
  private final Writable out;
  private final Writable err;
  private final String askName;
  private final Queue<String> waiting = new ArrayDeque<>();
  private final Lines lines = new Lines(MAX_LINE_BYTES, waiting::add);
  private @Nullable Talk talk;
  private Want wants = Want.NOTHING;
  private boolean inputEnded;
  private int budget = BURST;
  private @Nullable Timer refill;

  PipeScreen(Readable in, Writable out, Writable err, String askName) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.askName = askName;
  }

  @Override
  public void start(Talk started) {
    talk = started;
    out.onDrain(started::resume)
        .onError(error -> {
          // Nobody reads any more what is said.
          started.fail(error.getMessage() + ".");
        });
    in.onData(
            piece -> {
              lines.feed(piece);
              hand();
            })
        .onEnd(() -> {
          lines.end();
          inputEnded = true;
          hand();
        })
        .onError(error -> started.fail(error.getMessage() + "."));
  }

  @Override
  public void want(Want want) {
    wants = want;
    if (want == Want.NAME) {
      write(askName);
    }
    // Not inside the event that the talk is told just now.
    loop.nextTick(this::hand);
  }

  @Override
  public void show(Tone tone, String harmless) {
    write(harmless + "\n");
  }

  @Override
  public void diagnose(String harmless) {
    err.write(harmless + "\n");
  }

  @Override
  public void close(Runnable then) {
    in.pause();
    if (refill != null) {
      refill.clear();
    }
    // Each is told when all that was written before has gone, or cannot go: that the talk has to
    // hear first.
    out.write(
        Buffer.empty(),
        gone -> loop.nextTick(() -> err.write(Buffer.empty(), goneToo -> then.run())));
  }

  private void write(String text) {
    if (!out.write(text)) {
      talk().pause();
    }
  }

  private boolean affordable() {
    if (wants == Want.NAME) {
      return true;
    }
    if (budget == 0) {
      return false;
    }
    budget--;
    if (refill == null) {
      refill = loop.setInterval(MILLIS_PER_LINE, this::refill);
    }
    return true;
  }

  private void refill() {
    if (++budget == BURST && refill != null) {
      refill.clear();
      refill = null;
    }
    hand();
  }

  private Talk talk() {
    return Objects.requireNonNull(talk, "start comes first");
  }

  /** Hands over the lines that may go now. */
  private void hand() {
    while (wants != Want.NOTHING && !waiting.isEmpty() && affordable()) {
      talk().typed(waiting.remove());
    }
    if (waiting.size() > WAITING_LINES) {
      in.pause();
    } else if (in.isPaused()) {
      in.resume();
    }
    if (inputEnded && waiting.isEmpty() && wants != Want.NOTHING) {
      talk().inputEnded();
    }
  }
}
