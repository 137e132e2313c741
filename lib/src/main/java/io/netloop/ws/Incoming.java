package io.netloop.ws;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.PassThrough;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a WebSocket receives: reads frames, hands out messages, and holds the peer back
 * where the program wants a pause, has not taken the pieces of a message, or it is the turn of
 * others.
 *
 * <p>Loop-confined.
 */
final class Incoming implements FrameReader.Sink {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /**
   * So much of a message that comes piece by piece waits for its reader: where a stream is full.
   */
  private static final int MOST_STREAMED = OutboxLimits.defaults().highWaterMark();

  private final Endpoint endpoint;
  private final Outgoing out;
  private final Reactor reactor;
  private final Carrier carrier;
  private final Endpoint.Terms terms;
  private final Endpoint.Owner owner;
  private final FrameReader frames;
  private final MessageReader messages;

  /** A message that comes piece by piece. */
  private @Nullable PassThrough incoming;

  private boolean deaf;

  /** Why nothing is read: the program wants a pause, or has not taken the pieces of a message. */
  private volatile boolean paused;

  private @Nullable PassThrough holder;
  private boolean stopped;
  private @Nullable Buffer rest;

  /** The peer's end, and the connection's, that come behind what waits. */
  private boolean endWaits;

  private @Nullable CloseCause closeWaits;

  private long lastSeen;

  Incoming(
      Endpoint endpoint,
      Outgoing out,
      Reactor reactor,
      Carrier carrier,
      Endpoint.Terms terms,
      Endpoint.Owner owner) {
    this.endpoint = endpoint;
    this.out = out;
    this.reactor = reactor;
    this.carrier = carrier;
    this.terms = terms;
    this.owner = owner;
    this.frames = new FrameReader(this, !terms.client(), terms.deflate() != null);
    this.messages =
        new MessageReader(
            terms.maxPayload(), terms.maxFragments(), terms.deflate(), owner::message);
    this.lastSeen = reactor.now();
  }

  /** Something has come. */
  void data(Buffer data) {
    lastSeen = reactor.now();
    if (deaf) {
      return;
    }
    if (rest != null) {
      rest = Buffer.concat(List.of(rest, data));
    } else if (stopped || messages.waits()) {
      rest = data;
    } else {
      read(data);
    }
  }

  private void read(Buffer data) {
    byte[] bytes = BYTES.array(data);
    int from = BYTES.offset(data);
    int to = from + data.length();
    int next = to;
    messages.beginTurn();
    out.gather(true);
    try {
      next = frames.read(bytes, from, to);
    } catch (ProtocolError error) {
      endpoint.fail(error);
    } finally {
      out.gather(false);
    }
    out.flush();
    if (next < to && !deaf) {
      rest = data.slice(next - from);
    }
  }

  @Override
  public void begin(int opcode, boolean compressed, boolean fin, long length) throws ProtocolError {
    messages.begin(opcode, compressed, fin, length);
  }

  @Override
  public void payload(byte[] bytes, int from, int to, boolean last) throws ProtocolError {
    messages.payload(bytes, from, to, last);
    giveWay();
    if (deaf || stopped) {
      frames.stop();
    }
  }

  @Override
  public void control(int opcode, byte[] bytes, int from, int to) throws ProtocolError {
    if (opcode == FrameReader.CLOSE) {
      endpoint.closeFrame(bytes, from, to);
      return;
    }
    Buffer data = Buffer.from(bytes, from, to - from);
    if (opcode == FrameReader.PING) {
      if (terms.autoPong() && endpoint.isOpen()) {
        out.put(FrameWriter.FIN | FrameReader.PONG, data);
      }
      owner.pinged(data);
    } else {
      owner.ponged(data);
    }
    if (deaf || stopped) {
      frames.stop();
    }
  }

  /** Whatever comes from here on is not for us. */
  void goDeaf() {
    deaf = true;
    rest = null;
    frames.stop();
    messages.end();
    if (stopped) {
      carrier.resume();
    }
  }

  /** When something has come last, by the loop's clock. One who is held back may be silent. */
  long lastSeen() {
    return stopped ? reactor.now() : lastSeen;
  }

  /** Hands out no more messages, and has the peer held back. */
  void pause() {
    paused = true;
    stopReading();
  }

  void resume() {
    paused = false;
    readAgain();
  }

  private void stopReading() {
    if (!stopped && !deaf) {
      stopped = true;
      carrier.pause();
    }
  }

  /** A great deal has been inflated: others have their turns before it goes on. */
  private void giveWay() {
    if (messages.hasHadItsTurn() && !stopped && !deaf) {
      stopReading();
      reactor.immediate(this::readAgain);
    }
  }

  private void readAgain() {
    if (stopped && !paused && holder == null) {
      stopped = false;
      lastSeen = reactor.now();
      reactor.nextTick(this::readRest);
    }
  }

  private void readRest() {
    if (!stopped && !deaf && messages.waits()) {
      inflateRest();
    }
    Buffer waiting = rest;
    if (!stopped && waiting != null && !deaf) {
      rest = null;
      read(waiting);
    }
    if (stopped || somethingWaits()) {
      return;
    }
    carrier.resume();
    if (endWaits) {
      endWaits = false;
      endpoint.ended();
    }
    CloseCause why = closeWaits;
    if (why != null) {
      closeWaits = null;
      endpoint.closed(why);
    }
  }

  private void inflateRest() {
    messages.beginTurn();
    out.gather(true);
    try {
      messages.goOn();
      giveWay();
    } catch (ProtocolError error) {
      endpoint.fail(error);
    } finally {
      out.gather(false);
    }
    out.flush();
  }

  /** Whether something has come that was not handed out, and still may be. */
  private boolean somethingWaits() {
    return !deaf && (rest != null || messages.waits());
  }

  boolean isPaused() {
    return paused;
  }

  /** Hands messages out piece by piece; a piece that nobody takes stops the reading. */
  void streamTo(Consumer<MessageStream> listener) {
    messages.streamTo(
        new MessageReader.Parts() {
          @Override
          public void begin(boolean isBinary) {
            PassThrough body = new PassThrough();
            incoming = body;
            body.onDrain(() -> release(body));
            body.onClose(cause -> {
              if (body.equals(incoming)) {
                incoming = null; // Nobody wants the rest of it.
              }
              release(body);
            });
            listener.accept(new MessageStream(body, isBinary));
          }

          @Override
          public int room() {
            PassThrough body = incoming;
            if (deaf || stopped) {
              return 0;
            }
            return body == null ? MOST_STREAMED : (int) (MOST_STREAMED - body.writableLength());
          }

          @Override
          public void part(Buffer data) {
            PassThrough body = incoming;
            if (body != null && !body.write(data) && body.writableNeedDrain()) {
              holder = body;
              stopReading();
            }
          }

          @Override
          public void end() {
            if (incoming != null) {
              incoming.end();
              incoming = null;
            }
          }
        });
  }

  /** The pieces that were handed out are taken, or will never be. */
  private void release(PassThrough body) {
    if (body.equals(holder)) {
      holder = null;
      readAgain();
    }
  }

  /** Whether the peer's end has to wait for what came before; it is told then. */
  boolean endsLater() {
    endWaits |= somethingWaits();
    return endWaits;
  }

  /** Whether the connection's end has to wait for what came before; it is told then. */
  boolean closesLater(CloseCause why) {
    if (somethingWaits()) {
      closeWaits = why;
      return true;
    }
    return false;
  }

  /** The connection has ended: nothing more is handed out. */
  void end() {
    deaf = true;
    messages.end();
    if (incoming != null) {
      incoming.destroy(Endpoint.notOpen());
    }
  }
}
