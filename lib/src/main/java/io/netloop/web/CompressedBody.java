package io.netloop.web;

import io.netloop.engine.Reactor;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way through an {@link Encoder}. Small parts are compressed on the loop, great ones
 * on a virtual thread, in their order. Nothing stays inside: what was written in a turn of the loop
 * leaves with that turn, so that a stream of events flows as without compression. Loop-confined.
 */
final class CompressedBody implements BodyFilter {
  /** What takes less than a millisecond. */
  private static final int MOST_ON_LOOP = 32 * 1024;

  private record Part(
      Buffer data, @Nullable Consumer<@Nullable NetException> callback, boolean last) {}

  private final WebResponse response;
  private final HttpResponse raw;
  private final Reactor reactor;
  private final Encoder encoder;
  private final ArrayDeque<Part> waiting = new ArrayDeque<>(2);
  private volatile long waitingBytes;
  private boolean working;
  private boolean begun;
  private boolean unflushed;
  private boolean flushDue;
  private boolean wasFull;
  private boolean over;

  CompressedBody(WebResponse response, Encoder encoder) {
    this.response = response;
    this.raw = response.raw();
    this.reactor = response.request().reactor();
    this.encoder = encoder;
  }

  @Override
  public boolean write(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    add(new Part(data, callback, false));
    boolean full = isFull();
    wasFull |= full;
    return !full && !raw.writableNeedDrain();
  }

  @Override
  public void end(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    add(new Part(data, callback, true));
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
  private void add(Part part) {
    waiting.add(part);
    waitingBytes += part.data.length();
    goOn();
  }

  @Override
  public boolean isFull() {
    return waitingBytes >= raw.writableHighWaterMark();
  }

  @Override
  public long waitingBytes() {
    return waitingBytes;
  }

  private void goOn() {
    Part part;
    while (!working && !over && (part = waiting.peek()) != null) {
      if (part.data.length() <= MOST_ON_LOOP) {
        done(part, encoded(part));
      } else {
        working = true;
        Part great = part;
        Loop.offload(() -> encoded(great))
            .onResult(out -> {
              working = false;
              if (over) {
                encoder.close();
              } else {
                done(great, out);
                goOn();
              }
            })
            .onError(failure -> {
              working = false;
              over = true;
              encoder.close();
              raw.destroy(
                  new NetException(
                      "ERR_ENCODING", "The body could not be compressed: " + failure, failure));
            });
      }
    }
  }

  private Buffer encoded(Part part) {
    Buffer out = part.data.isEmpty() ? Buffer.empty() : encoder.encode(part.data);
    return part.last ? Buffer.concat(List.of(out, encoder.finish())) : out;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
  private void done(Part part, Buffer out) {
    waiting.poll();
    waitingBytes -= part.data.length();
    if (part.last) {
      over = true;
      if (part.callback == null) {
        raw.end(out);
      } else {
        raw.end(out, part.callback);
      }
      return;
    }
    unflushed |= !part.data.isEmpty();
    if (part.callback != null) {
      raw.write(out, part.callback);
    } else if (!out.isEmpty() || !begun) {
      raw.write(out);
    }
    begun = true;
    if (unflushed && !flushDue) {
      flushDue = true;
      reactor.immediate(this::flushNow);
    }
    if (wasFull && !isFull()) {
      wasFull = false;
      response.body().drained();
    }
  }

  /** The turn ends: what is inside goes, unless more comes through anyway. */
  private void flushNow() {
    flushDue = false;
    if (unflushed && !over && !working) {
      unflushed = false;
      Buffer out = encoder.flush();
      if (!out.isEmpty()) {
        raw.write(out);
      }
    }
  }

  @Override
  public void flush() {
    flushNow();
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      waiting.clear();
      waitingBytes = 0;
      if (!working) {
        encoder.close();
      }
    }
  }
}
