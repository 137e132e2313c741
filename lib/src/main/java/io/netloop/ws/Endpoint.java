package io.netloop.ws;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.loop.PassThrough;
import io.netloop.net.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One side of a WebSocket over its connection: frames in and out, and the closing handshake (RFC
 * 6455 §7). What is sent while something is being read leaves when that has been gone through.
 *
 * <p>Loop-confined.
 */
final class Endpoint implements FrameReader.Sink, Carrier.Listener {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** Up to this length a payload is copied behind its header: cheaper than a piece of its own. */
  private static final int SMALL_BYTES = 8 * 1024;

  private static final int FULL_BYTES = 32 * 1024;

  /** What one that waits takes of memory beside its bytes, about. */
  private static final int LATER_BYTES = 64;

  /**
   * So much of a message that comes piece by piece waits for its reader: where a stream is full.
   */
  private static final int MOST_STREAMED = OutboxLimits.defaults().highWaterMark();

  /** How long a peer that broke the rules may take to hear it. */
  private static final long LINGER_NANOS = 2_000_000_000;

  /** Who uses it. */
  interface Owner {
    void message(Message message);

    void pinged(Buffer data);

    void ponged(Buffer data);

    void drained();

    /** A close frame has come. */
    default void closing() {}

    void failed(NetException error);

    void closed(CloseEvent event);
  }

  /**
   * What both sides have agreed on, and what we bear.
   *
   * @param client whether we are the client
   * @param closeNanos how long the peer may take to close
   */
  record Terms(
      boolean client,
      long maxPayload,
      int maxFragments,
      boolean autoPong,
      long closeNanos,
      @Nullable Deflate deflate,
      int threshold) {}

  private enum State {
    OPEN,
    /** Our close frame is sent, or waits for what was sent before; or the connection has failed. */
    CLOSING,
    CLOSED
  }

  private final Reactor reactor;
  private final Carrier carrier;
  private final Terms terms;
  private final Owner owner;
  private final FrameReader frames;
  private final MessageReader messages;
  private final FrameWriter writer;

  /** A message that comes piece by piece. */
  private @Nullable PassThrough incoming;

  /** A message that goes piece by piece, and what waits for its end. */
  private @Nullable OutgoingStream outgoing;

  /** A message that is being compressed elsewhere, for whose end others wait too. */
  private @Nullable Compressing compressing;

  private final ArrayDeque<Runnable> later = new ArrayDeque<>(0);
  private long laterBytes;
  private final long mostLaterBytes;

  /** Whether somebody was told to wait for one of these ends. */
  private boolean promisedDrain;

  private volatile State state = State.OPEN;
  private boolean reading;
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

  private int peerCode = CloseCode.ABNORMAL;
  private String peerReason = "";
  private boolean closeAsked;
  private boolean closeSent;
  private @Nullable Future<?> closeTimer;
  private @Nullable NetException failure;
  private int failureCode;

  Endpoint(
      Reactor reactor, Carrier carrier, Terms terms, @Nullable RandomGenerator keys, Owner owner) {
    this.reactor = reactor;
    this.carrier = carrier;
    this.terms = terms;
    this.owner = owner;
    this.frames = new FrameReader(this, !terms.client, terms.deflate != null);
    this.messages =
        new MessageReader(terms.maxPayload, terms.maxFragments, terms.deflate, owner::message);
    this.writer = new FrameWriter(keys);
    this.mostLaterBytes = carrier.socket().limits().hardLimitBytes();
    this.lastSeen = reactor.now();
  }

  /** Begins to read; what came with the handshake comes first. */
  void start(Buffer head) {
    if (!head.isEmpty()) {
      reactor.nextTick(() -> data(head)); // Before anything that the socket may hold already.
    }
    carrier.listen(this);
  }

  // What comes

  @Override
  public void data(Buffer data) {
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
    reading = true;
    try {
      next = frames.read(bytes, from, to);
    } catch (ProtocolError error) {
      fail(error);
    } finally {
      reading = false;
    }
    flush();
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
      closeFrame(bytes, from, to);
      return;
    }
    Buffer data = Buffer.from(bytes, from, to - from);
    if (opcode == FrameReader.PING) {
      if (terms.autoPong && state == State.OPEN) {
        put(FrameWriter.FIN | FrameReader.PONG, data);
      }
      owner.pinged(data);
    } else {
      owner.ponged(data);
    }
    if (deaf || stopped) {
      frames.stop();
    }
  }

  private void closeFrame(byte[] bytes, int from, int to) throws ProtocolError {
    int code = CloseCode.NONE;
    if (to - from == 1) {
      throw new ProtocolError(
          CloseCode.PROTOCOL_ERROR,
          "WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH",
          "Invalid WebSocket frame: invalid payload length 1");
    }
    if (to > from) {
      code = (bytes[from] & 0xff) << 8 | (bytes[from + 1] & 0xff);
      if (!CloseCode.mayBeSent(code)) {
        throw new ProtocolError(
            CloseCode.PROTOCOL_ERROR,
            "WS_ERR_INVALID_CLOSE_CODE",
            "Invalid WebSocket frame: invalid status code " + code);
      }
      Utf8Check check = new Utf8Check();
      if (!check.accept(bytes, from + 2, to) || !check.isComplete()) {
        throw new ProtocolError(
            CloseCode.BAD_PAYLOAD,
            "WS_ERR_INVALID_UTF8",
            "Invalid WebSocket frame: invalid UTF-8 sequence");
      }
      peerReason = new String(bytes, from + 2, to - from - 2, StandardCharsets.UTF_8);
    }
    peerCode = code;
    owner.closing();
    goDeaf();
    close(code == CloseCode.NONE ? 0 : code, code == CloseCode.NONE ? "" : peerReason);
    if (!terms.client) {
      whenCompressed(() -> {
        flush();
        carrier.end(); // The server closes first (RFC 6455 §7.1.1).
      });
    }
  }

  /** Whatever comes from here on is not for us. */
  private void goDeaf() {
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
      ended();
    }
    CloseCause why = closeWaits;
    if (why != null) {
      closeWaits = null;
      closed(why);
    }
  }

  private void inflateRest() {
    messages.beginTurn();
    reading = true;
    try {
      messages.goOn();
      giveWay();
    } catch (ProtocolError error) {
      fail(error);
    } finally {
      reading = false;
    }
    flush();
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

  // What goes

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
  private void whenCompressed(Runnable then) {
    if (compressing == null) {
      then.run();
    } else {
      later.add(then);
    }
  }

  /** Runs something when all that was sent so far is with the system; never after the end. */
  void whenWritten(Runnable then) {
    whenFree(() -> {
      if (state == State.OPEN) {
        sendWritten();
        carrier.write(
            Buffer.empty(),
            failure -> {
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
      if (state != State.OPEN) {
        body.destroy(notOpen());
        return;
      }
      outgoing = this;
      body.onData(this::part);
      body.onEnd(() -> end(true));
      body.onClose(cause -> end(false));
      body.resume();
    }

    private void part(Buffer data) {
      if (state == State.OPEN && !data.isEmpty()) {
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
      if (!whole && state == State.OPEN) {
        fail(
            CloseCode.INTERNAL_ERROR,
            new NetException(
                "ERR_STREAM_PREMATURE_CLOSE", "A message was given up in its middle."));
      } else if (state == State.OPEN) {
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
      if (state == State.OPEN && !carrier.needsDrain()) {
        carrier.write(Buffer.empty(), failure -> tellDrained(failure == null));
      }
    }
  }

  private void tellDrained(boolean isWritten) {
    if (isWritten && !promisedDrain) {
      owner.drained();
    }
  }

  private static NetException notOpen() {
    return new NetException("ERR_WS_NOT_OPEN", "WebSocket is not open: it is closing or closed");
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
    if (state != State.OPEN) {
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
      reactor.nextTick(() -> callback.accept(notOpen()));
    }
  }

  /** Whether a message may be sent that was taken while it was open. */
  private boolean maySend() {
    return state == State.OPEN || (!closeSent && state != State.CLOSED && carrier.isWritable());
  }

  private void sendNow(
      int opcode,
      Buffer data,
      boolean compress,
      @Nullable Consumer<@Nullable NetException> callback) {
    Deflate deflate = terms.deflate;
    if (!maySend()) {
      refuse(callback);
    } else if (!compress || deflate == null || data.length() < terms.threshold) {
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
      fail(
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
        fail(
            CloseCode.INTERNAL_ERROR,
            new NetException(
                "ERR_WS_DEFLATE", "A message could not be compressed: " + failure, failure));
      }
      send.accept(maySend() ? made : null);
      sendWhatWaits();
    }
  }

  private void sendWhenCompressed(
      CompletableFuture<Buffer> result, int length, Consumer<@Nullable Buffer> send) {
    Compressing waiting = new Compressing(length, send);
    result.whenComplete((made, failure) -> reactor.run(() -> waiting.end(made, failure)));
  }

  /** What waits will not be sent: whoever waits for an answer is told. */
  private void dropWhatWaits() {
    if (compressing != null) {
      compressing.end(null, null);
    }
    sendWhatWaits();
  }

  /** Sends what goes to many, and is framed and compressed once for all of them. */
  SendResult send(PreparedMessage prepared) {
    if (state != State.OPEN) {
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
    Deflate deflate = terms.deflate;
    int length = prepared.message().length();
    if (!maySend()) {
      return;
    }
    if (deflate == null || length < terms.threshold) {
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
    if (reading && frame.length() <= SMALL_BYTES) {
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
            if (maySend()) {
              sendControl(opcode, data);
            }
          });
    }
  }

  private void put(int first, Buffer data) {
    if (terms.client || data.length() <= SMALL_BYTES) {
      writer.put(first, data);
    } else {
      writer.putHeader(first, data.length());
      sendWritten();
      carrier.write(data);
    }
    if (!reading || writer.length() >= FULL_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (state != State.CLOSED) {
      sendWritten();
    }
  }

  private void sendWritten() {
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

  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  @Nullable Deflate deflate() {
    return terms.deflate;
  }

  // The end

  /**
   * Sends a close frame behind what was sent before, and waits for the peer's; with code 0 an empty
   * one. Nothing where that has been done.
   */
  void close(int code, String reason) {
    if (closeAsked || state == State.CLOSED) {
      return;
    }
    closeAsked = true;
    state = State.CLOSING;
    endWithin(terms.closeNanos);
    whenCompressed(() -> sendClose(code, reason));
  }

  private void sendClose(int code, String reason) {
    if (closeSent || state == State.CLOSED) {
      return;
    }
    closeAsked = true;
    closeSent = true;
    byte[] words = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[code == 0 ? 0 : 2 + words.length];
    if (code != 0) {
      payload[0] = (byte) (code >> 8);
      payload[1] = (byte) code;
      System.arraycopy(words, 0, payload, 2, words.length);
    }
    if (carrier.isWritable()) {
      put(FrameWriter.FIN | FrameReader.CLOSE, BYTES.wrap(payload));
    }
  }

  private void endWithin(long nanos) {
    if (closeTimer == null) {
      closeTimer = reactor.schedule(carrier::destroy, nanos);
    }
  }

  /** The peer has broken the rules: it is told, and nothing more is heard. */
  private void fail(ProtocolError error) {
    fail(error.closeCode(), new NetException(error.code(), error.reason()));
  }

  /** Ends it because of an error, which the peer is told by this code. */
  void fail(int closeCode, NetException error) {
    if (state == State.CLOSED || failure != null) {
      return;
    }
    failure = error;
    failureCode = closeCode;
    goDeaf();
    state = State.CLOSING;
    sendClose(closeCode, "");
    sendWritten();
    carrier.end();
    dropWhatWaits();
    if (closeTimer != null) {
      closeTimer.cancel(false);
      closeTimer = null;
    }
    endWithin(LINGER_NANOS);
    owner.failed(error);
  }

  @Override
  public void drained() {
    if (outgoing != null) {
      outgoing.body.resume();
    }
    tellDrained(true);
  }

  /** What has come before the end is handed out first, also where somebody lets it wait. */
  @Override
  public void ended() {
    if (somethingWaits()) {
      endWaits = true;
    } else if (state != State.CLOSED) {
      flush();
      state = State.CLOSING; // What is sent from here on would be sent to nobody.
      whenCompressed(carrier::end);
    }
  }

  @Override
  public void failed(NetException error) {
    boolean saidGoodbye = closeSent && peerCode != CloseCode.ABNORMAL;
    if (failure == null && !saidGoodbye) {
      failure = error;
      owner.failed(error);
    }
  }

  @Override
  public void closed(CloseCause why) {
    if (state == State.CLOSED) {
      return;
    }
    if (somethingWaits() && why.error() == null && why.by() == CloseCause.By.PEER) {
      closeWaits = why; // A client's connection closes by itself: what has come comes first.
      return;
    }
    state = State.CLOSED;
    deaf = true;
    if (closeTimer != null) {
      closeTimer.cancel(false);
    }
    messages.end();
    if (incoming != null) {
      incoming.destroy(notOpen());
    }
    if (outgoing != null) {
      outgoing.over = true;
      outgoing.body.destroy(notOpen());
      outgoing = null;
    }
    dropWhatWaits();
    if (terms.deflate != null) {
      terms.deflate.end();
    }
    boolean clean = closeSent && peerCode != CloseCode.ABNORMAL && failureCode == 0;
    CloseCause cause =
        failure == null || why.error() != null
            ? why
            : new CloseCause(
                failureCode == 0 ? why.by() : CloseCause.By.PEER,
                "ws",
                failure.code(),
                why.queuedBytes(),
                failure);
    owner.closed(new CloseEvent(peerCode, peerReason, clean, cause));
  }

  /** Ends the connection at once; what has come and was not handed out yet is dropped. */
  void terminate() {
    goDeaf();
    carrier.destroy();
  }

  void flushCarrier() {
    carrier.flush();
  }

  TcpSocket socket() {
    return carrier.socket();
  }
}
