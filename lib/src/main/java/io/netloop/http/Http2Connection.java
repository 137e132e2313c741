package io.netloop.http;

import io.netloop.engine.Reactor;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2 (RFC 9113), of a server or a client: its frames, its streams, the flow
 * control that all of them share, and how much of a peer it bears. What goes out is the {@link
 * Http2Outlet}'s.
 *
 * <p>What is sent while something is being read leaves when that has been gone through: one write
 * for the answers of many streams. While more than a little waits that a peer has made us say and
 * does not read, nothing more of it is read.
 *
 * <p>Loop-confined.
 */
abstract class Http2Connection implements Http2FrameReader.Sink, Intake.Reader {
  private static final int RESETS_GIVEN_BACK = 30;
  private static final int FRAMES_GIVEN_BACK = 10;
  private static final int EARNED_BY_STREAM = 4;
  private static final int EARNED_BY_BODY = 2;
  private static final int EARNED_BY_CANCEL = 16;

  final Reactor reactor;
  final Loop loop;
  final TcpSocket socket;
  private final Http2Options options;
  final Http2Outlet out;
  final Intake intake;
  private final Http2FrameReader frames;
  private final HpackReader fieldsIn;

  final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
  private final ClosedStreams closedStreams = new ClosedStreams();

  /** The latest stream that the peer has begun. */
  int lastPeerStream;

  // What the peer may send.
  private int receiveWindow;
  private int credit;
  private final Patience resets;
  private final Patience idleFrames;
  private @Nullable Http2Stream receiving;

  /** How long the DATA frame is that comes, with its padding. */
  private int receivingLength;

  boolean over;

  Http2Connection(
      Reactor reactor,
      Loop loop,
      TcpSocket socket,
      Http2Options options,
      boolean ofClient,
      int maxHead,
      int maxFields) {
    this.reactor = reactor;
    this.loop = loop;
    this.socket = socket;
    this.options = options;
    this.out = new Http2Outlet(this, socket);
    this.intake = new Intake(reactor, socket, this);
    this.frames =
        new Http2FrameReader(this, ofClient, Math.max(Http2Frames.DEFAULT_FRAME, maxHead) * 4);
    this.fieldsIn = new HpackReader(maxHead, maxFields);
    this.receiveWindow = options.connectionWindow();
    long now = reactor.now();
    this.resets = new Patience(options.maxResets(), options.maxResets() / RESETS_GIVEN_BACK, now);
    this.idleFrames =
        new Patience(options.maxIdleFrames(), options.maxIdleFrames() / FRAMES_GIVEN_BACK, now);
  }

  /** Listens to the socket, and says what we allow. */
  final void start(int... more) {
    socket
        .onData(this::data)
        .onEnd(this::peerEnded)
        .onDrain(this::socketDrained)
        .onError(this::failed)
        .onClose(this::closed);
    int[] settings = new int[more.length + 2];
    settings[0] = Http2Frames.INITIAL_WINDOW_SIZE;
    settings[1] = options.streamWindow();
    System.arraycopy(more, 0, settings, 2, more.length);
    HeadWriter to = out.writer();
    Http2Frames.settings(to, settings);
    if (options.connectionWindow() > Http2Frames.DEFAULT_WINDOW) {
      int wider = options.connectionWindow() - Http2Frames.DEFAULT_WINDOW;
      Http2Frames.windowUpdate(to, 0, wider);
    }
    out.written();
  }

  // What the two sides do differently

  /** A block of fields: a new message, or trailers. */
  abstract void fields(int streamId, FieldBlock block, boolean endStream) throws Http2Error;

  /** The peer will answer no streams of ours behind this one. */
  abstract void leaving(int lastStreamId, int code);

  /** A setting that concerns one side only. */
  abstract void setting(int number, int value) throws Http2Error;

  /** The peer has said what it allows. */
  void settled() {}

  /** A stream is over. */
  abstract void streamOver();

  /** The connection has ended, or never will do anything any more. */
  abstract void ended(NetException why, CloseCause.By by);

  abstract void count(String code);

  // What comes

  private void data(Buffer data) {
    if (!over) {
      intake.data(data);
    }
  }

  @Override
  public final int read(byte[] bytes, int from, int to) {
    out.hold();
    try {
      return frames.read(bytes, from, to);
    } catch (Http2Error error) {
      fail(error.code(), error.reason(), CloseCause.By.PEER);
      return to;
    } finally {
      out.release();
    }
  }

  @Override
  public final boolean isBlocked() {
    return over || out.isOverfull();
  }

  @Override
  public final boolean isOver() {
    return over;
  }

  /** Whether a block of fields, or the begin of the connection, is awaited. */
  final boolean isInFields() {
    return frames.isInFields();
  }

  @Override
  public final void headers(int streamId, byte[] block, int from, int to, boolean endStream)
      throws Http2Error {
    FieldBlock read = fieldsIn.read(streamId, block, from, to);
    fields(streamId, read, endStream);
    if (isBlocked()) {
      frames.stop();
    }
  }

  @Override
  public final void dataBegins(int streamId, int length) throws Http2Error {
    receiveWindow -= length;
    if (receiveWindow < 0) {
      throw new Http2Error(
          Http2Code.FLOW_CONTROL_ERROR, "More bytes came than the connection's window has.");
    }
    Http2Stream stream = streams.get(streamId);
    receiving = null;
    receivingLength = length;
    if (stream == null || stream.remoteEnded) {
      dataForNobody(streamId, length, stream);
    } else if (!stream.takeWindow(length)) {
      giveBack(length);
      resetFor(stream, Http2Code.FLOW_CONTROL_ERROR);
    } else if (!stream.mayHaveBody()) {
      giveBack(length);
      malformed(stream, "a body comes before its head");
    } else {
      receiving = stream;
    }
    if (length == 0) {
      spend();
    }
  }

  private void dataForNobody(int streamId, int length, @Nullable Http2Stream ended)
      throws Http2Error {
    giveBack(length);
    if (isIdle(streamId)) {
      throw new Http2Error(
          Http2Code.PROTOCOL_ERROR, "DATA came for stream " + streamId + ", which nobody began.");
    }
    if (ended != null) {
      resetFor(ended, Http2Code.STREAM_CLOSED);
    } else if (!mayBeLate(streamId)) {
      spendReset();
      out.sendReset(streamId, Http2Code.STREAM_CLOSED);
      closedStreams.add(streamId, true);
    } else {
      spend(); // It was on its way when we ended the stream.
    }
  }

  @Override
  public final void data(int streamId, byte[] bytes, int from, int to) throws Http2Error {
    Http2Stream stream = receiving;
    if (stream == null) {
      return;
    }
    if (stream.closed) {
      giveBack(to - from); // A listener has ended it in the middle of a frame.
    } else if (!stream.receive(bytes, from, to)) {
      giveBack(to - from);
      malformed(stream, "the body is longer than content-length says");
    }
  }

  @Override
  public final void dataEnds(int streamId, int padding, boolean endStream) throws Http2Error {
    Http2Stream stream = receiving;
    receiving = null;
    if (stream == null) {
      return;
    }
    if (padding > 0) {
      stream.giveBack(padding);
      if (padding == receivingLength) {
        spend(); // As empty as one of no length.
      }
    }
    if (!stream.closed && endStream) {
      remoteEnd(stream, Headers.NONE);
    }
  }

  /** The peer's message is complete. */
  final void remoteEnd(Http2Stream stream, Headers trailers) throws Http2Error {
    if (!stream.isWhole()) {
      malformed(stream, "the body is shorter than content-length says");
      return;
    }
    stream.remoteEnded = true;
    stream.deliverEnd(trailers);
    if (!stream.closed) {
      sideEnded(stream);
    }
  }

  /** What a peer has got wrong costs the stream, and some of our patience. */
  final void malformed(Http2Stream stream, String what) throws Http2Error {
    spendReset();
    count("ERR_HTTP2_PROTOCOL_ERROR");
    end(stream, Http2End.reset(CloseCause.By.US, Http2Code.PROTOCOL_ERROR, ": " + what), true);
  }

  @Override
  public final void wrongStream(int streamId, int code, String reason) throws Http2Error {
    Http2Stream stream = streams.get(streamId);
    if (stream != null) {
      resetFor(stream, code);
    } else if (isIdle(streamId)) {
      throw new Http2Error(code, reason); // It can't be reset before it begins (RFC 9113 §6.4).
    } else {
      spendReset();
      out.sendReset(streamId, code);
    }
  }

  @Override
  public final void reset(int streamId, int code) throws Http2Error {
    Http2Stream stream = streams.get(streamId);
    if (stream == null) {
      if (isIdle(streamId)) {
        throw new Http2Error(
            Http2Code.PROTOCOL_ERROR,
            "RST_STREAM came for stream " + streamId + ", which nobody began.");
      }
      spend();
      return;
    }
    takenBack();
    end(stream, Http2End.reset(CloseCause.By.PEER, code), false);
  }

  /** The peer has ended a stream before its time. */
  abstract void takenBack() throws Http2Error;

  @Override
  public final void settings(byte[] bytes, int from, int to) throws Http2Error {
    spend();
    for (int at = from; at < to; at += Http2Frames.SETTING_BYTES) {
      if (at > from) {
        spend(); // A frame has room for 2,730 of them, and each may concern every stream.
      }
      int number = (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
      apply(number, Http2FrameReader.int32(bytes, at + 2));
    }
    Http2Frames.settingsAck(out.writer());
    out.put();
    out.serveLine();
    settled();
  }

  private void apply(int number, int value) throws Http2Error {
    switch (number) {
      case Http2Frames.HEADER_TABLE_SIZE -> out.maxTableBytes(Integer.toUnsignedLong(value));
      case Http2Frames.ENABLE_PUSH, Http2Frames.ENABLE_CONNECT_PROTOCOL -> {
        if (value != 0 && value != 1) {
          throw new Http2Error(
              Http2Code.PROTOCOL_ERROR, "Setting " + number + " is neither 0 nor 1.");
        }
        setting(number, value);
      }
      case Http2Frames.INITIAL_WINDOW_SIZE -> initialWindow(value);
      case Http2Frames.MAX_FRAME_SIZE -> {
        if (value < Http2Frames.DEFAULT_FRAME || value > Http2Frames.MOST_FRAME) {
          throw new Http2Error(
              Http2Code.PROTOCOL_ERROR,
              "SETTINGS_MAX_FRAME_SIZE is " + value + ", not from 16384 to 16777215.");
        }
        out.maxFrame(value);
      }
      default -> setting(number, value);
    }
  }

  private void initialWindow(int value) throws Http2Error {
    if (value < 0) {
      throw new Http2Error(
          Http2Code.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE is above 2147483647.");
    }
    int change = out.initialWindow(value);
    for (Http2Stream stream : streams.values()) {
      if (!stream.closed && !stream.widen(change)) { // It stands in line, and sends nothing yet.
        throw new Http2Error(
            Http2Code.FLOW_CONTROL_ERROR, "SETTINGS makes a window larger than 2147483647.");
      }
    }
  }

  @Override
  public final void settingsAcknowledged() throws Http2Error {
    spend();
  }

  @Override
  public final void ping(byte[] bytes, int from, boolean ack) throws Http2Error {
    spend();
    if (ack) {
      pinged();
    } else {
      Http2Frames.ping(out.writer(), true, bytes, from);
      out.put();
    }
  }

  /** A ping of ours has come back. */
  void pinged() {}

  @Override
  public final void goAway(int lastStreamId, int code) throws Http2Error {
    spend();
    leaving(lastStreamId, code);
  }

  @Override
  public final void windowUpdate(int streamId, int more) throws Http2Error {
    spend();
    if (streamId == 0) {
      if (!out.widen(more)) {
        throw new Http2Error(
            Http2Code.FLOW_CONTROL_ERROR, "The connection's window is larger than 2147483647.");
      }
    } else {
      Http2Stream stream = streams.get(streamId);
      if (stream == null) {
        if (isIdle(streamId)) {
          throw new Http2Error(
              Http2Code.PROTOCOL_ERROR,
              "WINDOW_UPDATE came for stream " + streamId + ", which nobody began.");
        }
        return;
      }
      if (!stream.widen(more)) {
        resetFor(stream, Http2Code.FLOW_CONTROL_ERROR);
      }
    }
    out.serveLine();
  }

  @Override
  public final void idle(int type) throws Http2Error {
    spend();
  }

  /** A frame that moves nothing: some are needed, many are an attack. */
  final void spend() throws Http2Error {
    if (!idleFrames.take(reactor.now())) {
      throw new Http2Error(
          Http2Code.ENHANCE_YOUR_CALM, "There are too many frames that move nothing.");
    }
  }

  /** A stream that was begun for nothing. */
  final void spendReset() throws Http2Error {
    if (!resets.take(reactor.now())) {
      throw new Http2Error(
          Http2Code.ENHANCE_YOUR_CALM, "Too many requests were taken back, or wrong.");
    }
  }

  /** Whether what comes for a stream that is over may have been on its way when we ended it. */
  boolean mayBeLate(int streamId) {
    return closedStreams.isOurs(streamId);
  }

  /** Our program has ended a stream: what of it is on its way is no fault of the peer's. */
  final void expectLateFrames() {
    idleFrames.earn(EARNED_BY_CANCEL);
  }

  /** Whether nobody has begun this stream yet. */
  abstract boolean isIdle(int streamId);

  /** Whether a stream was there not long ago. */
  final boolean isKnownClosed(int streamId) {
    return closedStreams.has(streamId);
  }

  /** Whether we have ended a stream, which the peer may not have known when it sent more. */
  final boolean isResetByUs(int streamId) {
    return closedStreams.isOurs(streamId);
  }

  // Streams

  final void add(Http2Stream stream) {
    streams.put(stream.id, stream);
    idleFrames.earn(EARNED_BY_STREAM);
  }

  final List<Http2Stream> allStreams() {
    return new ArrayList<>(streams.values());
  }

  /** One direction of a stream has ended: perhaps both have. */
  final void sideEnded(Http2Stream stream) {
    if (stream.closed) {
      return;
    }
    if (stream.remoteEnded && stream.endIsSent()) {
      remove(stream, false);
      streamOver();
    } else if (stream.endIsSent()) {
      sentBeforeReceived(stream);
    }
  }

  /** Our message is sent, and the peer's not complete. */
  void sentBeforeReceived(Http2Stream stream) {}

  /** A stream that is not begun at all. */
  final void refuse(int streamId, int code) throws Http2Error {
    spendReset();
    out.sendReset(streamId, code);
    closedStreams.add(streamId, true);
  }

  private void remove(Http2Stream stream, boolean byUs) {
    streams.remove(stream.id);
    closedStreams.add(stream.id, byUs);
    stream.close();
  }

  /** Ends a stream because of what the peer, or we, have done with it. */
  final void end(Http2Stream stream, Http2End why, boolean tellPeer) {
    if (stream.closed) {
      return;
    }
    if (tellPeer) {
      out.sendReset(stream.id, why.code());
    }
    remove(stream, tellPeer);
    stream.broken(why);
    streamOver();
  }

  final void resetByUs(Http2Stream stream, int code) {
    end(stream, Http2End.reset(CloseCause.By.US, code), true);
  }

  /**
   * The same where the peer has made us do it, which costs what its own reset would: the program
   * has begun to work for it all the same (CVE-2025-8671).
   */
  final void resetFor(Http2Stream stream, int code) throws Http2Error {
    spendReset();
    resetByUs(stream, code);
  }

  // Giving back

  /** So many bytes of bodies are off our hands. */
  final void giveBack(int length) {
    credit += length;
    if (credit >= options.connectionWindow() / 2) {
      receiveWindow += credit;
      out.sendWindowUpdate(0, credit);
      credit = 0;
    }
  }

  abstract long hardLimitBytes();

  /** The stream of which most waits to be sent, or null. */
  final @Nullable Http2Stream longestQueue() {
    Http2Stream most = null;
    for (Http2Stream stream : streams.values()) {
      if (most == null || stream.pendingCost() > most.pendingCost()) {
        most = stream;
      }
    }
    return most;
  }

  /** A part of a body has been sent: that is of use. */
  final void sentBody() {
    idleFrames.earn(EARNED_BY_BODY);
  }

  /** Nothing more is read until the peer has taken what waits for it. */
  final void overfull() {
    frames.stop();
  }

  private void socketDrained() {
    out.drained();
    if (intake.waits()) {
      intake.goOn();
    }
  }

  final Http2Options options() {
    return options;
  }

  final long now() {
    return reactor.now();
  }

  // The end

  /** The peer can't be borne any more, or has broken the rules: it is told, and all ends. */
  final void fail(int code, String reason, CloseCause.By by) {
    if (over) {
      return;
    }
    String name = Http2Code.name(code);
    count("ERR_HTTP2_" + name);
    NetException why =
        new NetException(
            "ERR_HTTP2_SESSION_ERROR",
            "Session closed with error code NGHTTP2_%s: %s".formatted(name, reason));
    out.sendGoAway(lastPeerStream, code, reason);
    finish();
    abandon(why, by);
  }

  /** Our end; who reads on may still hear the last of us. */
  final void finish() {
    over = true;
    frames.stop(); // What follows in the same read could only be answered behind our end.
    intake.forget();
    out.flush();
    socket.end();
    socket.resume();
  }

  private void abandon(NetException why, CloseCause.By by) {
    over = true;
    out.end();
    for (Http2Stream stream : allStreams()) {
      if (!stream.closed) {
        remove(stream, true);
        stream.broken(Http2End.lost(by, why));
      }
    }
    ended(why, by);
  }

  private void peerEnded() {
    if (!over) {
      NetException why = new NetException("ECONNRESET", "The peer has ended the connection.");
      finish();
      abandon(why, CloseCause.By.PEER);
    }
  }

  private void failed(NetException error) {
    count(error.code());
  }

  private void closed(CloseCause why) {
    NetException error = why.error();
    abandon(
        error != null ? error : new NetException("ECONNRESET", "The connection was closed."),
        why.by());
    gone();
  }

  /** The socket has closed. */
  abstract void gone();
}
