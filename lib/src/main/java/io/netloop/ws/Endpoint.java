package io.netloop.ws;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One side of a WebSocket over its connection: how it begins and ends, with the closing handshake
 * (RFC 6455 §7). What comes is {@link Incoming}'s matter, what goes {@link Outgoing}'s.
 *
 * <p>Loop-confined.
 */
final class Endpoint implements Carrier.Listener {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

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
  private final Incoming in;
  private final Outgoing out;

  private volatile State state = State.OPEN;
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
    this.out = new Outgoing(this, reactor, carrier, terms, keys, owner);
    this.in = new Incoming(this, out, reactor, carrier, terms, owner);
  }

  /** Begins to read; what came with the handshake comes first. */
  void start(Buffer head) {
    if (!head.isEmpty()) {
      reactor.nextTick(() -> in.data(head)); // Before anything that the socket may hold already.
    }
    carrier.listen(this);
  }

  @Override
  public void data(Buffer data) {
    in.data(data);
  }

  @Override
  public void drained() {
    out.drained();
  }

  /** What comes. */
  Incoming in() {
    return in;
  }

  /** What goes. */
  Outgoing out() {
    return out;
  }

  /** Whether a message may be sent that was taken while it was open. */
  boolean maySend() {
    return state == State.OPEN || (!closeSent && state != State.CLOSED && carrier.isWritable());
  }

  static NetException notOpen() {
    return new NetException("ERR_WS_NOT_OPEN", "WebSocket is not open: it is closing or closed");
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

  /** The peer's close frame has come. */
  void closeFrame(byte[] bytes, int from, int to) throws ProtocolError {
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
    in.goDeaf();
    close(code == CloseCode.NONE ? 0 : code, code == CloseCode.NONE ? "" : peerReason);
    if (!terms.client) {
      out.whenCompressed(() -> {
        out.flush();
        carrier.end(); // The server closes first (RFC 6455 §7.1.1).
      });
    }
  }

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
    out.whenCompressed(() -> sendClose(code, reason));
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
      out.put(FrameWriter.FIN | FrameReader.CLOSE, BYTES.wrap(payload));
    }
  }

  private void endWithin(long nanos) {
    if (closeTimer == null) {
      closeTimer = reactor.schedule(carrier::destroy, nanos);
    }
  }

  /** The peer has broken the rules: it is told, and nothing more is heard. */
  void fail(ProtocolError error) {
    fail(error.closeCode(), new NetException(error.code(), error.reason()));
  }

  /** Ends it because of an error, which the peer is told by this code. */
  void fail(int closeCode, NetException error) {
    if (state == State.CLOSED || failure != null) {
      return;
    }
    failure = error;
    failureCode = closeCode;
    in.goDeaf();
    state = State.CLOSING;
    sendClose(closeCode, "");
    out.sendWritten();
    carrier.end();
    out.dropWhatWaits();
    if (closeTimer != null) {
      closeTimer.cancel(false);
      closeTimer = null;
    }
    endWithin(LINGER_NANOS);
    owner.failed(error);
  }

  /** What has come before the end is handed out first, also where somebody lets it wait. */
  @Override
  public void ended() {
    if (!in.endsLater() && state != State.CLOSED) {
      out.flush();
      state = State.CLOSING; // What is sent from here on would be sent to nobody.
      out.whenCompressed(carrier::end);
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
    boolean byPeer = why.error() == null && why.by() == CloseCause.By.PEER;
    if (byPeer && in.closesLater(why)) {
      return; // A client's connection closes by itself: what has come comes first.
    }
    state = State.CLOSED;
    if (closeTimer != null) {
      closeTimer.cancel(false);
    }
    in.end();
    out.end();
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
    in.goDeaf();
    carrier.destroy();
  }

  void flushCarrier() {
    carrier.flush();
  }

  TcpSocket socket() {
    return carrier.socket();
  }
}
