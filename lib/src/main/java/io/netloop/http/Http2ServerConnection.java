package io.netloop.http;

import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;

/**
 * A server's connection of HTTP/2: each request is a stream of its own and is handed out as its
 * headers come. Loop-confined.
 */
final class Http2ServerConnection extends Http2Connection implements Served {
  /** How long a client that has been sent the last byte may take to end in its turn. */
  private static final long LINGER_NANOS = 2_000_000_000;

  /** How long a client may take to answer the ping that says that it knows of our leaving. */
  private static final long FAREWELL_NANOS = 1_000_000_000;

  private static final byte[] FAREWELL = {'f', 'a', 'r', 'e', 'w', 'e', 'l', 'l'};

  private final HttpServer server;
  private final HttpServerOptions limits;
  private int place;
  private int requests;

  /** When the connection was last of use, or when it ended. */
  private long since;

  /** What the socket had not sent when the time was last checked. */
  private long unsent;

  /** When fields began that have not ended; 0 for none. */
  private long fieldsSince;

  /** We have said that we will leave, and when. */
  private boolean retiring;

  private long retiringSince;

  /** The client knows which streams are the last. */
  private boolean saidLast;

  /** The latest stream that came too late to be one of these. */
  private int lastIgnored;

  Http2ServerConnection(HttpServer server, TcpSocket socket, HttpServerOptions limits) {
    super(
        server.reactor(),
        server.loop(),
        socket,
        limits.http2(),
        true,
        limits.maxHeaderSize(),
        limits.maxHeadersCount());
    this.server = server;
    this.limits = limits;
    this.since = server.reactor().now();
  }

  void start() {
    if (limits.timeout().isPositive()) {
      socket.setTimeout(limits.timeout().toMillis());
      socket.onTimeout(() -> server.timedOut(socket));
    }
    start(
        Http2Frames.MAX_CONCURRENT_STREAMS,
        limits.http2().maxConcurrentStreams(),
        Http2Frames.MAX_HEADER_LIST_SIZE,
        limits.maxHeaderSize(),
        Http2Frames.ENABLE_CONNECT_PROTOCOL,
        server.tunnels() ? 1 : 0);
  }

  // Requests

  @Override
  void fields(int streamId, FieldBlock block, boolean endStream) throws Http2Error {
    Http2Stream stream = streams.get(streamId);
    if (stream != null) {
      trailers(stream, block, endStream);
    } else if (checkNew(streamId)) {
      lastPeerStream = streamId;
      String wrong = block.wrongRequest();
      if (wrong == null && endStream && block.contentLength > 0) {
        wrong = "a body was announced, and there is none";
      }
      if (wrong != null && !block.tooLarge) {
        count("ERR_HTTP2_PROTOCOL_ERROR");
        refuse(streamId, Http2Code.PROTOCOL_ERROR);
      } else if (streams.size() >= options().maxConcurrentStreams()) {
        refuse(streamId, Http2Code.REFUSED_STREAM);
      } else {
        begin(streamId, block, endStream);
      }
    }
  }

  /** Whether fields begin a stream; those of one that we have ended are read over. */
  private boolean checkNew(int streamId) throws Http2Error {
    if (streamId % 2 == 0) {
      throw new Http2Error(
          Http2Code.PROTOCOL_ERROR,
          "A client has no streams of even numbers, as " + streamId + ".");
    }
    if (!isIdle(streamId)) {
      checkKnown(streamId);
      return false;
    }
    if (saidLast) {
      lastIgnored = streamId; // It has not seen yet that we leave, and sends it again elsewhere.
      refuse(streamId, Http2Code.REFUSED_STREAM);
    }
    return !saidLast;
  }

  private void checkKnown(int streamId) throws Http2Error {
    if (isResetByUs(streamId)) {
      spendReset();
      return;
    }
    throw new Http2Error(
        isKnownClosed(streamId) ? Http2Code.STREAM_CLOSED : Http2Code.PROTOCOL_ERROR,
        "Stream %d begins, after stream %d."
            .formatted(streamId, Math.max(lastPeerStream, lastIgnored)));
  }

  private void trailers(Http2Stream stream, FieldBlock block, boolean endStream) throws Http2Error {
    if (stream.remoteEnded) {
      resetFor(stream, Http2Code.STREAM_CLOSED);
      return;
    }
    String wrong = endStream ? block.wrongTrailers() : "trailers do not end the stream";
    if (wrong != null || block.tooLarge) {
      malformed(stream, wrong == null ? "the trailers are too large" : wrong);
    } else {
      remoteEnd(stream, block.headers);
    }
  }

  private void begin(int streamId, FieldBlock block, boolean endStream) throws Http2Error {
    requests++;
    Http2ServerStream stream = new Http2ServerStream(this, streamId, requests);
    add(stream);
    server.countRequest();
    stream.begin(block);
    if (endStream && !stream.closed) {
      remoteEnd(stream, Headers.NONE);
    }
    int most = limits.maxRequestsPerSocket();
    if (most > 0 && requests >= most && !retiring) {
      retire();
    }
  }

  /** The response is complete before the request: the rest of that is thrown away, if short. */
  @Override
  void sentBeforeReceived(Http2Stream stream) {
    if (stream instanceof Http2ServerStream ours) {
      ours.throwAwayRest();
    }
  }

  @Override
  void streamOver() {
    since = now();
    if (streams.isEmpty() && !over && (saidLast || (!retiring && server.isClosing()))) {
      leave();
    }
  }

  /** It was begun for nothing (CVE-2023-44487). */
  @Override
  void takenBack() throws Http2Error {
    spendReset();
  }

  // Time

  @Override
  public void check(long now) {
    if (over) {
      if (!isBeingSent(now) && now - since >= LINGER_NANOS) {
        socket.destroy();
      }
      return;
    }
    if (isInFields()) {
      if (fieldsSince == 0) {
        fieldsSince = now;
      } else if (Served.isLonger(now - fieldsSince, limits.headersTimeout())) {
        fail(Http2Code.ENHANCE_YOUR_CALM, "Fields take too long.", CloseCause.By.PEER);
        return;
      }
    } else {
      fieldsSince = 0;
    }
    if (retiring && !saidLast && now - retiringSince >= FAREWELL_NANOS) {
      pinged();
    }
    if (streams.isEmpty() && !isBeingSent(now) && Served.isLonger(now - since, server.keptFor())) {
      leave();
      return;
    }
    if (streams.isEmpty()) {
      return; // As most are, most of the time: nothing is made for them.
    }
    for (Http2Stream stream : allStreams()) {
      if (stream instanceof Http2ServerStream ours && !ours.closed) {
        ours.check(now);
      }
    }
  }

  /**
   * Whether it is still being sent what it asked for, the last of which is with the socket: its
   * time begins after that, unless it takes none of it for too long.
   */
  private boolean isBeingSent(long now) {
    long left = socket.writableLength();
    if (left == 0) {
      return false;
    }
    if (left != unsent) {
      unsent = left;
      since = now;
    }
    return !Served.isLonger(now - since, limits.http2().stallTimeout());
  }

  // The end

  @Override
  public void closeIfIdle() {
    if (over) {
      return;
    }
    if (streams.isEmpty()) {
      leave();
    } else if (server.isClosing()) {
      retire();
    }
  }

  /**
   * First says that it will leave, then, when the client has answered and so knows, which streams
   * are the last (RFC 9113 §6.8).
   */
  @Override
  public void retire() {
    if (over || retiring) {
      return;
    }
    retiring = true;
    retiringSince = now();
    out.sendGoAway(Integer.MAX_VALUE, Http2Code.NO_ERROR, "");
    out.sendPing(FAREWELL);
  }

  @Override
  void pinged() {
    if (retiring && !saidLast && !over) {
      if (streams.isEmpty()) {
        leave();
      } else {
        saidLast = true;
        out.sendGoAway(lastPeerStream, Http2Code.NO_ERROR, "");
      }
    }
  }

  private void leave() {
    saidLast = true;
    out.sendGoAway(lastPeerStream, Http2Code.NO_ERROR, "");
    finish();
    since = now();
  }

  @Override
  void leaving(int lastStreamId, int code) {
    // The client begins no more; what is under way goes on, and then it ends the connection.
  }

  @Override
  void setting(int number, int value) {
    // None of them concerns a server that pushes nothing.
  }

  @Override
  void ended(NetException why, CloseCause.By by) {
    since = now();
  }

  @Override
  void gone() {
    server.forget(socket);
  }

  @Override
  boolean isIdle(int streamId) {
    return streamId > Math.max(lastPeerStream, lastIgnored) || streamId % 2 == 0;
  }

  @Override
  void count(String code) {
    server.countError(code);
  }

  @Override
  long hardLimitBytes() {
    return limits.tcp().limits().hardLimitBytes();
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int newPlace) {
    place = newPlace;
  }

  // What streams ask

  HttpServer server() {
    return server;
  }

  HttpServerOptions limits() {
    return limits;
  }
}
