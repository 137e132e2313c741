package io.netloop.http;

import io.netloop.engine.Reactor;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One request with its response, on a server's connection of HTTP/2. Loop-confined. */
final class Http2ServerStream extends Http2Stream implements ServerExchange {
  private final Http2ServerConnection owner;
  private final HttpServer server;
  private final int number;
  private final long began;
  private @Nullable HttpRequest request;
  private @Nullable HttpResponse response;
  private boolean isTunnel;
  private boolean logged;

  /** The rest of the request is for nobody; how much of it has come. */
  private boolean throwsAway;

  private long thrownAway;

  Http2ServerStream(Http2ServerConnection owner, int id, int number) {
    super(owner);
    this.owner = owner;
    this.server = owner.server();
    this.id = id;
    this.number = number;
    this.began = owner.now();
  }

  // The request

  /** Its head has come. */
  void begin(FieldBlock block) {
    String name = block.method == null ? "" : block.method;
    byte[] nameBytes = name.getBytes(StandardCharsets.ISO_8859_1);
    String method = Methods.of(nameBytes, 0, nameBytes.length);
    HttpRequest asked = new HttpRequest(this, block, method == null ? name : method, options());
    HttpResponse answer = new HttpResponse(this, asked, this, number);
    asked.response = answer;
    request = asked;
    response = answer;
    expect(block.contentLength);
    if (block.tooLarge) {
      server.countError("HPE_HEADER_OVERFLOW");
      answer.statusCode(431).end();
    } else if (method == null) {
      answer.statusCode(501).end();
    } else if (options().requireHostHeader() && !asked.headers().has("host")) {
      answer.statusCode(400).end();
    } else if (block.contentLength > options().maxBodySize()) {
      tooLarge();
    } else if (method.equals("CONNECT")) {
      connect(block, asked, answer);
    } else if (!block.expects) {
      server.request(asked, answer);
    } else if (block.expectsContinue) {
      answer.awaitsContinue = true;
      server.checkContinue(asked, answer);
    } else {
      server.checkExpectation(asked, answer);
    }
  }

  private void connect(FieldBlock block, HttpRequest asked, HttpResponse answer) {
    if (server.tunnels(block.protocol)) {
      isTunnel = true;
      server.tunnel(asked, answer);
    } else {
      answer.statusCode(block.protocol == null ? 405 : 501).end();
    }
  }

  @Override
  boolean mayHaveBody() {
    return true; // It began with a head.
  }

  @Override
  boolean deliver(byte[] bytes, int from, int to) {
    HttpRequest asked = Objects.requireNonNull(request);
    if (receivedBytes() > options().maxBodySize() && !isTunnel) {
      tooLarge();
      return true;
    }
    if (throwsAway && asked.isUnread()) {
      thrownAway += to - from;
      if (thrownAway > connection.options().streamWindow()) {
        connection.end(this, Http2End.reset(CloseCause.By.US, Http2Code.NO_ERROR), true);
        return true;
      }
    }
    return asked.body(bytes, from, to);
  }

  /** The body is longer than is taken: answered where nothing has been sent. */
  private void tooLarge() {
    server.countError("ERR_HTTP_BODY_TOO_LARGE");
    answerFailure(413);
    if (!closed) {
      connection.end(this, Http2End.reset(CloseCause.By.US, Http2Code.NO_ERROR), true);
    }
  }

  @Override
  void deliverEnd(Headers trailers) {
    Objects.requireNonNull(request).received(trailers);
  }

  /** The response is sent, and the request may still be coming. */
  void throwAwayRest() {
    throwsAway = true;
    if (isTunnel && Objects.requireNonNull(response).statusCode() / 100 != 2) {
      // A tunnel that was refused: its client may never end what it has not begun (RFC 9113 §8.1).
      owner.reactor.nextTick(
          () -> connection.end(this, Http2End.reset(CloseCause.By.US, Http2Code.NO_ERROR), true));
    }
  }

  @Override
  public void bodyTaken(HttpRequest taken) {
    if (!closed) {
      release();
    }
  }

  // The response

  @Override
  public void responseEnded(HttpResponse ended) {
    log(null);
    if (!ended.isWatched()) {
      ended.request().overAfterFinish(ServerConnection.ANSWERED);
    }
  }

  private void log(@Nullable CloseCause cut) {
    if (!logged) {
      logged = true;
      server.log(Objects.requireNonNull(response), cut);
    }
  }

  @Override
  void drained() {
    Objects.requireNonNull(response).drained();
  }

  @Override
  public void handlerFailed(@Nullable HttpResponse failed, Throwable failure) {
    server.countError("LISTENER_FAILED");
    reactor().uncaught(failure);
    if (failed != null && !failed.writableEnded() && !failed.destroyed()) {
      answerFailure(500);
    }
  }

  /** A short answer where none was begun; else the stream ends. */
  private void answerFailure(int status) {
    HttpResponse answer = Objects.requireNonNull(response);
    if (answer.writableEnded() || answer.destroyed()) {
      return;
    }
    if (answer.headersSent()) {
      connection.resetByUs(this, Http2Code.INTERNAL_ERROR);
      return;
    }
    for (String name : answer.getHeaderNames()) {
      answer.removeHeader(name);
    }
    answer.statusCode(status).end();
  }

  @Override
  public void cut(HttpResponse cut, @Nullable NetException failure) {
    String code = failure == null ? "DESTROYED" : failure.code();
    cut.over(new CloseCause(CloseCause.By.US, "app", code, 0, failure));
    cutFor(cut.request());
  }

  @Override
  public void cutFor(HttpRequest cut) {
    if (!closed) {
      connection.resetByUs(this, Http2Code.CANCEL);
    }
  }

  // Its end

  @Override
  void broken(Http2End why) {
    HttpRequest asked = Objects.requireNonNull(request);
    HttpResponse answer = Objects.requireNonNull(response);
    String code = why.failure().code();
    CloseCause cause = new CloseCause(why.by(), "http", code, 0, why.failure());
    boolean answered = answer.writableEnded() && endIsSent();
    if (answered && why.by() == CloseCause.By.US && why.code() == Http2Code.NO_ERROR) {
      asked.over(ServerConnection.ANSWERED);
      return;
    }
    asked.abort();
    log(cause);
    answer.over(new CloseCause(why.by(), "http", code, 0, null));
    asked.lost(cause);
  }

  /** Looks whether its client, or its program, takes too long. */
  void check(long now) {
    Duration whole = options().requestTimeout();
    Duration stall = connection.options().stallTimeout();
    boolean isForClient = endIsSent() || !isHeld(); // and not for a program that will answer
    if (!remoteEnded && !isTunnel && isForClient && Served.isLonger(now - began, whole)) {
      server.countError("ERR_HTTP_REQUEST_TIMEOUT");
      requestTimedOut();
    } else if (stall.isPositive() && hasWaitedSince(now - stall.toNanos())) {
      server.countError("ERR_HTTP2_STALLED");
      connection.resetByUs(this, Http2Code.CANCEL);
    }
  }

  private void requestTimedOut() {
    if (endIsSent()) {
      // What a program holds and does not read would keep others from the connection's window.
      Objects.requireNonNull(request).abort();
      connection.end(this, Http2End.reset(CloseCause.By.US, Http2Code.NO_ERROR), true);
      return;
    }
    answerFailure(408);
    if (!closed) {
      connection.resetByUs(this, Http2Code.CANCEL);
    }
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

  @Override
  public HttpServerOptions options() {
    return owner.limits();
  }

  @Override
  public int highWaterMark() {
    return options().tcp().limits().highWaterMark();
  }

  @Override
  public HeaderLines headerLines() {
    return server.headerLines();
  }

  @Override
  public DateLine dateLine() {
    return server.dateLine();
  }

  @Override
  public void putHead(HttpResponse answer, HeadWriter head, long bodyLength) {
    throw new IllegalStateException("A stream of HTTP/2 has no heads of HTTP/1.1");
  }
}
