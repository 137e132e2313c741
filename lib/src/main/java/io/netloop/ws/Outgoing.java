package io.netloop.ws;

import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.PassThrough;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a WebSocket sends: messages whole, to many, or piece by piece, in the order in
 * which they were given. What is sent while something is being read leaves when that has been gone
 * through; what is sent while a message has not ended waits for its end.
 *
 * <p>Loop-confined.
 */
final class Outgoing {
  /** Up to this length a payload is copied behind its header: cheaper than a piece of its own. */
  private static final int SMALL_BYTES = 8 * 1024;

  private static final int FULL_BYTES = 32 * 1024;

  /** What one that waits takes of memory beside its bytes, about. */
  private static final int LATER_BYTES = 64;

  private final Endpoint endpoint;
  private final Reactor reactor;
  private final Carrier carrier;
  private final Endpoint.Terms terms;
  private final Endpoint.Owner owner;
  private final FrameWriter writer;

  /** Something is being read: what is sent is gathered meanwhile. */
  private boolean gathering;

  /** A message that goes piece by piece, and what waits for its end. */
  private @Nullable OutgoingStream outgoing;

  /** A message that is being compressed elsewhere, for whose end others wait too. */
  private @Nullable Compressing compressing;

  private final ArrayDeque<Runnable> later = new ArrayDeque<>(0);
  private long laterBytes;
  private final long mostLaterBytes;

  /** Whether somebody was told to wait for one of these ends. */
  private boolean promisedDrain;

  Outgoing(
      Endpoint endpoint,
      Reactor reactor,
      Carrier carrier,
      Endpoint.Terms terms,
      @Nullable RandomGenerator keys,
      Endpoint.Owner owner) {
    this.endpoint = endpoint;
    this.reactor = reactor;
    this.carrier = carrier;
    this.terms = terms;
    this.owner = owner;
    this.writer = new FrameWriter(keys);
    this.mostLaterBytes = carrier.socket().limits().hardLimitBytes();
  }

  /** A message that is written piece by piece; others that are sent meanwhile wait for its end. */
  PassThrough stream(Loop loop, boolean binary) {
    PassThrough body = new PassThrough(loop);
    body.pause();
    reactor.run(() ->
        whenFree(() -> new OutgoingStream(body, binary ? FrameReader.BINARY : FrameReader.TEXT)));
    return body;
  }

  /** Whether what is sent has to wait for the end of a message. */
  private boolean isBusy() {
    return outgoing != null || compressing != null;
  }

  private void whenFree(Runnable send) {
    if (isBusy()) {
      later.add(send);
    } else {
      send.run();
    }
  }

  /** Behind what was sent so far, but for a message in pieces, whose end may never come. */
  void whenCompressed(Runnable then) {
    if (compressing == null) {
      then.run();
    } else {
      later.add(then);
    }
  }

  /** Runs something when all that was sent so far is with the system; never after the end. */
  void whenWritten(Runnable then) {
    whenFree(() -> {
      if (endpoint.isOpen()) {
        tellWhenWritten(failure -> {
          if (failure == null) {
            then.run();
          }
        });
      }
    });
  }

  /** The one message whose frames are being sent. */
  private final class OutgoingStream {
    private final PassThrough body;
    private int opcode;
    private boolean over;

    OutgoingStream(PassThrough body, int opcode) {
      this.body = body;
      this.opcode = opcode;
      if (!endpoint.isOpen()) {
        body.destroy(Endpoint.notOpen());
        return;
      }
      outgoing = this;
      body.onData(this::part);
      body.onEnd(() -> end(true));
      body.onClose(cause -> end(false));
      body.resume();
    }

    private void part(Buffer data) {
      if (endpoint.isOpen() && !data.isEmpty()) {
        put(opcode, data);
        opcode = FrameReader.CONTINUATION;
        if (carrier.needsDrain()) {
          body.pause();
        }
      }
    }

    /** One that was destroyed leaves a message without an end: so does the connection. */
    private void end(boolean whole) {
      if (over) {
        return;
      }
      over = true;
      outgoing = null;
      if (!whole && endpoint.isOpen()) {
        endpoint.fail(
            CloseCode.INTERNAL_ERROR,
            new NetException(
                "ERR_STREAM_PREMATURE_CLOSE", "A message was given up in its middle."));
      } else if (endpoint.isOpen()) {
        put(FrameWriter.FIN | opcode, Buffer.empty());
      }
      sendWhatWaits();
    }
  }

  private void sendWhatWaits() {
    while (!isBusy() && !later.isEmpty()) {
      later.remove().run();
    }
    if (!isBusy() && promisedDrain) {
      promisedDrain = false;
      if (endpoint.isOpen() && !carrier.needsDrain()) {
        carrier.write(Buffer.empty(), failure -> tellDrained(failure == null));
      }
    }
  }

  private void tellDrained(boolean isWritten) {
    if (isWritten && !promisedDrain) {
      owner.drained();
    }
  }

  /**
   * Sends a message.
   *
   * @param opcode {@link FrameReader#TEXT} or {@link FrameReader#BINARY}
   * @param callback told when it is with the system, or null
   */
  SendResult send(
      int opcode,
      Buffer data,
      boolean compress,
      @Nullable Consumer<@Nullable NetException> callback) {
    if (!endpoint.isOpen()) {
      refuse(callback);
      return SendResult.DROPPED;
    }
    if (isBusy()) {
      sendLater(data.length(), () -> sendNow(opcode, data, compress, callback));
    } else {
      sendNow(opcode, data, compress, callback);
    }
    return result();
  }

  private SendResult result() {
    if (isBusy()) {
      promisedDrain = true;
      return SendResult.BACKPRESSURE;
    }
    return carrier.needsDrain() ? SendResult.BACKPRESSURE : SendResult.SUCCESS;
  }

  private void refuse(@Nullable Consumer<@Nullable NetException> callback) {
    if (callback != null) {
      reactor.nextTick(() -> callback.accept(Endpoint.notOpen()));
    }
  }

  private void sendNow(
      int opcode,
      Buffer data,
      boolean compress,
      @Nullable Consumer<@Nullable NetException> callback) {
    Deflate deflate = terms.deflate();
    if (!endpoint.maySend()) {
      refuse(callback);
    } else if (!compress || deflate == null || data.length() < terms.threshold()) {
      put(FrameWriter.FIN | opcode, data);
      tellWhenWritten(callback);
    } else if (data.length() < Compression.BIG_BYTES) {
      put(FrameWriter.FIN | FrameWriter.RSV1 | opcode, deflate.compress(data));
      tellWhenWritten(callback);
    } else {
      sendWhenCompressed(
          deflate.compressElsewhere(data),
          data.length(),
          made -> {
            if (made == null) {
              refuse(callback);
            } else {
              put(FrameWriter.FIN | FrameWriter.RSV1 | opcode, made);
              tellWhenWritten(callback);
            }
          });
    }
  }

  private void tellWhenWritten(@Nullable Consumer<@Nullable NetException> callback) {
    if (callback != null) {
      sendWritten();
      carrier.write(Buffer.empty(), callback);
    }
  }

  /** What waits behind a message. That itself is the one write that the limits let pass. */
  private long waitingBytes() {
    return laterBytes - (compressing == null ? 0 : compressing.length);
  }

  /** Behind a message that has not ended; no more of it than may be queued at all. */
  private void sendLater(int length, Runnable send) {
    long held = carrier.queuedBytes() + waitingBytes() + LATER_BYTES * (long) later.size();
    laterBytes += length;
    later.add(() -> {
      laterBytes -= length;
      send.run();
    });
    if (held > mostLaterBytes) {
      endpoint.fail(
          CloseCode.INTERNAL_ERROR,
          new NetException(
              "ERR_OUTBOX_LIMIT",
              "%d bytes wait for the end of a message that is being sent, more than %d."
                  .formatted(held, mostLaterBytes)));
    }
  }

  /** A message that is being compressed elsewhere. */
  private final class Compressing {
    final int length;

    /** Given the result, or null where nothing may be sent any more. */
    final Consumer<@Nullable Buffer> send;

    Compressing(int length, Consumer<@Nullable Buffer> send) {
      this.length = length;
      this.send = send;
      compressing = this;
      laterBytes += length;
    }

    void end(@Nullable Buffer made, @Nullable Throwable failure) {
      if (compressing != this) {
        return; // It was given up.
      }
      compressing = null;
      laterBytes -= length;
      if (failure != null) {
        endpoint.fail(
            CloseCode.INTERNAL_ERROR,
            new NetException(
                "ERR_WS_DEFLATE", "A message could not be compressed: " + failure, failure));
      }
      send.accept(endpoint.maySend() ? made : null);
      sendWhatWaits();
    }
  }

  private void sendWhenCompressed(
      CompletableFuture<Buffer> result, int length, Consumer<@Nullable Buffer> send) {
    Compressing waiting = new Compressing(length, send);
    result.whenComplete((made, failure) -> reactor.run(() -> waiting.end(made, failure)));
  }

  /** What waits will not be sent: whoever waits for an answer is told. */
  void dropWhatWaits() {
    if (compressing != null) {
      compressing.end(null, null);
    }
    sendWhatWaits();
  }

  /** Sends what goes to many, and is framed and compressed once for all of them. */
  SendResult send(PreparedMessage prepared) {
    if (!endpoint.isOpen()) {
      return SendResult.DROPPED;
    }
    if (isBusy()) {
      sendLater(prepared.message().length(), () -> sendNow(prepared));
    } else {
      sendNow(prepared);
    }
    return result();
  }

  private void sendNow(PreparedMessage prepared) {
    Deflate deflate = terms.deflate();
    int length = prepared.message().length();
    if (!endpoint.maySend()) {
      return;
    }
    if (deflate == null || length < terms.threshold()) {
      putFrame(prepared.plain());
    } else if (!deflate.isStateless()) {
      sendNow(prepared.opcode(), prepared.message().data(), true, null);
    } else {
      CompletableFuture<Buffer> frame = prepared.compressed(deflate);
      if (frame.state() == Future.State.SUCCESS) {
        putFrame(frame.resultNow());
      } else {
        sendWhenCompressed(
            frame,
            length,
            made -> {
              if (made != null) {
                putFrame(made);
              }
            });
      }
    }
  }

  private void putFrame(Buffer frame) {
    if (gathering && frame.length() <= SMALL_BYTES) {
      writer.putFrame(frame);
    } else {
      sendWritten();
      carrier.write(frame);
    }
  }

  /** Sends a control frame at once, between what else is sent. */
  void sendControl(int opcode, Buffer data) {
    put(FrameWriter.FIN | opcode, data);
  }

  /** Sends a control frame behind the messages that were sent before. */
  void sendControlInTurn(int opcode, Buffer data) {
    if (compressing == null) {
      sendControl(opcode, data);
    } else {
      sendLater(
          data.length(),
          () -> {
            if (endpoint.maySend()) {
              sendControl(opcode, data);
            }
          });
    }
  }

  void put(int first, Buffer data) {
    if (terms.client() || data.length() <= SMALL_BYTES) {
      writer.put(first, data);
    } else {
      writer.putHeader(first, data.length());
      sendWritten();
      carrier.write(data);
    }
    if (!gathering || writer.length() >= FULL_BYTES) {
      flush();
    }
  }

  void flush() {
    if (!endpoint.isClosed()) {
      sendWritten();
    }
  }

  void sendWritten() {
    if (!writer.isEmpty()) {
      carrier.write(writer.take());
    }
  }

  /** Bytes, with their framing, that are not yet with the system. */
  long bufferedAmount() {
    return carrier.queuedBytes() + writer.length() + laterBytes;
  }

  /**
   * The part of it for which the peer is to blame. That something waits for a message that is being
   * compressed is not the peer's fault, up to half of what may be queued at all.
   */
  long unreadBytes() {
    long waiting = waitingBytes();
    long itsFault = outgoing == null ? Math.max(0, waiting - mostLaterBytes / 2) : waiting;
    return carrier.queuedBytes() + writer.length() + itsFault;
  }

  /** Has what is sent gathered until {@link #flush}, or no more. */
  void gather(boolean on) {
    gathering = on;
  }

  /** There is room for more. */
  void drained() {
    if (outgoing != null) {
      outgoing.body.resume();
    }
    tellDrained(true);
  }

  /** The connection has ended: whoever waits for something is told. */
  void end() {
    if (outgoing != null) {
      outgoing.over = true;
      outgoing.body.destroy(Endpoint.notOpen());
      outgoing = null;
    }
    dropWhatWaits();
  }
}
