package io.netloop.http;

import io.netloop.engine.Reactor;
import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One request with its response, on a client's connection of HTTP/2. Loop-confined. */
final class Http2ClientStream extends Http2Stream implements ClientExchange {
  private static final CloseCause END = new CloseCause(By.US, "http", "END", 0, null);

  /** So many answers before the answer a server may give; nobody means more. */
  private static final int MOST_INFORMATION = 64;

  private final Http2ClientConnection owner;
  private final ClientRequest request;
  private @Nullable ClientResponse response;
  private int informations;
  private boolean responseRead;

  // The time without activity after which 'timeout' is told.
  private long quietNanos;
  private long lastActive;
  private @Nullable Future<?> quietTimer;

  Http2ClientStream(Http2ClientConnection owner, ClientRequest request) {
    super(owner);
    this.owner = owner;
    this.request = request;
  }

  // What goes

  @Override
  public Wire wire() {
    return this;
  }

  @Override
  public void head(OutgoingMessage<?> message, long bodyLength) {
    NetException lost = owner.lost();
    if (lost != null || closed) {
      return;
    }
    if (id == 0) {
      sendWindow = owner.out.initialSendWindow();
      owner.open(this);
    }
    try {
      super.head(message, bodyLength);
    } catch (NetException unsendable) {
      owner.close(this); // Others may begin before it is set right.
      throw unsendable;
    }
  }

  @Override
  public void requestWritten() {
    if (responseRead) {
      request.over(END);
    }
  }

  @Override
  void drained() {
    lastActive = connection.now();
    request.drained();
  }

  @Override
  int highWaterMark() {
    return request.highWaterMark();
  }

  // What comes

  /** The head of an answer, or its trailers. */
  void fields(FieldBlock block, boolean endStream) throws Http2Error {
    lastActive = connection.now();
    if (remoteEnded) {
      connection.resetFor(this, Http2Code.STREAM_CLOSED);
    } else if (response != null) {
      String wrong = endStream ? block.wrongTrailers() : "trailers do not end the stream";
      if (wrong != null || block.tooLarge) {
        connection.malformed(this, wrong == null ? "the trailers are too large" : wrong);
      } else {
        connection.remoteEnd(this, block.headers);
      }
    } else if (block.tooLarge) {
      NetException tooLarge =
          new NetException("HPE_HEADER_OVERFLOW", "The head of the response is too large.");
      connection.end(this, new Http2End(By.PEER, Http2Code.CANCEL, tooLarge, false), true);
    } else if (block.wrongResponse() != null || block.status == 101) {
      String wrong = block.wrongResponse();
      connection.malformed(this, wrong == null ? "101 is none of HTTP/2" : wrong);
    } else if (block.status < 200) {
      inform(block, endStream);
    } else {
      answer(block, endStream);
    }
  }

  private void inform(FieldBlock block, boolean endStream) throws Http2Error {
    if (endStream || ++informations > MOST_INFORMATION) {
      connection.malformed(this, "an answer before the answer ends the stream, or one of many");
      return;
    }
    request.informed(
        new Information(block.status, StatusCodes.phrase(block.status), "2.0", headers(block)));
  }

  private Headers headers(FieldBlock block) {
    return request.options().joinDuplicateHeaders() ? block.headers.joiningAll() : block.headers;
  }

  private void answer(FieldBlock block, boolean endStream) throws Http2Error {
    boolean bodiless =
        request.method().equals("HEAD") || block.status == 204 || block.status == 304;
    boolean isTunnel = request.isTunnel() && block.status < 300; // RFC 9110 §9.3.6
    expect(bodiless || isTunnel ? -1 : block.contentLength);
    ClientResponse answer = new ClientResponse(this, request, block.status, headers(block));
    response = answer;
    request.answered(answer);
    if (endStream && !closed) {
      connection.remoteEnd(this, Headers.NONE);
    }
  }

  @Override
  boolean mayHaveBody() {
    return response != null;
  }

  @Override
  boolean deliver(byte[] bytes, int from, int to) {
    lastActive = connection.now();
    return Objects.requireNonNull(response).body(bytes, from, to);
  }

  @Override
  void deliverEnd(Headers trailers) {
    Objects.requireNonNull(response).received(trailers);
  }

  @Override
  public void goOn() {
    if (!closed) {
      release();
    }
  }

  @Override
  public void responseRead(ClientResponse read) {
    responseRead = true;
    read.over(END);
    if (request.writableEnded() || closed) {
      // Behind 'close' of the response, as Node has it.
      reactor().nextTick(() -> reactor().nextTick(() -> request.over(END)));
    }
  }

  // Time

  /** The connection is others' too: what counts is what this stream does. */
  @Override
  public void setTimeout(long millis) {
    quietNanos = millis * 1_000_000;
    lastActive = connection.now();
    if (quietTimer != null) {
      quietTimer.cancel(false);
      quietTimer = null;
    }
    if (millis > 0 && !closed) {
      watchQuiet(quietNanos);
    }
  }

  private void watchQuiet(long nanos) {
    quietTimer = reactor().schedule(this::lookQuiet, nanos);
  }

  private void lookQuiet() {
    long quiet = connection.now() - lastActive;
    if (closed) {
      quietTimer = null;
    } else if (quiet < quietNanos) {
      watchQuiet(quietNanos - quiet);
    } else {
      quietTimer = null;
      request.timedOut();
    }
  }

  @Override
  void close() {
    super.close();
    if (quietTimer != null) {
      quietTimer.cancel(false);
      quietTimer = null;
    }
  }

  // The end

  @Override
  void broken(Http2End why) {
    ClientResponse cut = response;
    if (cut != null && cut.isReceived()) {
      // What has come can be read; that the server wants no more of the request is no failure.
      if (responseRead || !request.writableEnded()) {
        request.over(END);
      }
      return;
    }
    NetException failure = why.failure();
    boolean hungUp = why.by() != By.US && failure.code().equals("ECONNRESET");
    NetException told = failure;
    if (hungUp) {
      told = cut == null ? ClientRequest.socketHangUp() : null;
    } else if (why.by() == By.US && failure.code().equals("ERR_STREAM_DESTROYED")) {
      told = cut == null ? ClientRequest.socketHangUp() : null;
    }
    if (why.unprocessed()) {
      request.unprocessed = true;
    }
    String code = told == null ? "ECONNRESET" : told.code();
    CloseCause cause = new CloseCause(why.by(), "http", code, 0, told);
    if (cut == null) {
      request.over(cause);
    } else {
      // In Node's order: error of the request, 'aborted', close of the request, and the response.
      request.overWith(cut, cause);
      reactor().nextTick(() -> cut.lost(cause));
    }
  }

  @Override
  public void cut(ClientRequest given, @Nullable NetException failure) {
    giveUp(failure);
  }

  @Override
  public void cutAt(ClientResponse given, @Nullable NetException failure) {
    giveUp(failure);
  }

  private void giveUp(@Nullable NetException failure) {
    if (closed) {
      return;
    }
    NetException told =
        failure != null
            ? failure
            : new NetException("ERR_STREAM_DESTROYED", "The request was given up.");
    Http2End why = new Http2End(By.US, Http2Code.CANCEL, told, false);
    if (id != 0) {
      connection.expectLateFrames();
      connection.end(this, why, true);
    } else {
      close();
      broken(why);
      owner.giveUp(this);
    }
  }

  @Override
  public void listenerFailed(ClientRequest whose, Throwable failure) {
    reactor().uncaught(failure);
    giveUp(
        new NetException(
            "LISTENER_FAILED", "A listener of this request threw " + failure, failure));
  }

  // What messages ask

  @Override
  public Reactor reactor() {
    return owner.reactor;
  }

  @Override
  public Loop loop() {
    return owner.loop;
  }

  @Override
  public TcpSocket socket() {
    return owner.socket;
  }
}
