package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Reactor;
import io.netloop.engine.SocketAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a server, from its first byte to its last: what is read is parsed, each request
 * is handed out as its headers come, and the responses leave in the order of the requests, however
 * the program answers. While a body waits for its reader, too many responses are owed, or the
 * client reads too slowly, nothing more is read.
 *
 * <p>Small bytes of all responses are held until what was read has been gone through: one write for
 * many pipelined requests.
 *
 * <p>Loop-confined.
 */
final class ServerConnection implements MessageParser.Sink, Intake.Reader, Served, ServerExchange {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final SocketAccess<TcpSocket> SOCKETS = SocketAccess.of(TcpSocket.class);

  /** How a request and its response end when all went well. */
  static final CloseCause ANSWERED = new CloseCause(CloseCause.By.US, "http", "END", 0, null);

  /**
   * How long a client that has been sent the last byte may be silent before the connection is cut;
   * and how long it may go on sending, which it has to be done with before some clients listen.
   */
  private static final long LINGER_NANOS = 2_000_000_000;

  /** So many bytes of {@code PRI} may have come before it is known. */
  private static final int MOST_OF_PRI = 4;

  private static final long MOST_LINGER_NANOS = 30_000_000_000L;

  private final HttpServer server;
  private final TcpSocket socket;
  private final HttpServerOptions options;
  private final int highWaterMark;
  private final int maxPipelined;

  /** What the client is told, or -1 where it is told nothing. */
  private final int keepAliveSeconds;

  private final MessageParser parser;
  private final SocketWire wire;
  private final Intake intake;
  private final ResponseHead heads = new ResponseHead(this);

  // Listeners that are taken out at an upgrade, by being the same objects.
  private final Consumer<Buffer> onData = this::data;
  private final Runnable onEnd = this::peerEnded;
  private final Consumer<CloseCause> onClose = this::closed;
  private final Runnable onDrain = this::drained;
  private final Runnable onTimeout;
  private final Consumer<NetException> onError = this::failed;
  private final Runnable onBacklog = this::checkBacklog;

  private final Answers answers;
  private int requests;

  /** The request whose body is coming. */
  private @Nullable HttpRequest incoming;

  private long bodyBytes;
  private boolean bodyWaits;

  /** An upgrade that waits for the responses before it. */
  private @Nullable HttpRequest upgrade;

  /** What was wrong with the latest that came; answered when the responses before it are sent. */
  private @Nullable BadMessage bad;

  private Buffer badPacket = Buffer.empty();

  /** The next response says that it is the last. */
  private boolean retiring;

  /** The last response is complete. */
  private boolean closing;

  /** We have ended, and wait a while for the client to. */
  private boolean lingers;

  private long lingerEnd;

  private boolean over;
  private int place;

  /** When the request that is coming began, or when the connection became idle. */
  private long since;

  ServerConnection(HttpServer server, TcpSocket socket, HttpServerOptions options) {
    this.server = server;
    this.socket = socket;
    this.options = options;
    this.highWaterMark = options.tcp().limits().highWaterMark();
    this.maxPipelined = options.maxPipelined();
    Duration kept = options.keepAliveTimeout();
    this.keepAliveSeconds =
        kept.isPositive() ? (int) Math.min(Integer.MAX_VALUE, kept.toSeconds()) : -1;
    this.wire = new SocketWire(socket, server.reactor());
    this.answers = new Answers(server, wire);
    this.intake = new Intake(server.reactor(), socket, this);
    this.parser = new MessageParser(this, true, options.maxHeaderSize(), options.maxHeadersCount());
    this.since = server.reactor().now();
    this.onTimeout = () -> server.timedOut(socket);
  }

  void start() {
    if (options.timeout().isPositive()) {
      socket.setTimeout(options.timeout().toMillis());
      socket.onTimeout(onTimeout);
    }
    socket.onData(onData).onEnd(onEnd).onClose(onClose).onDrain(onDrain).onError(onError);
  }

  // What comes

  private void data(Buffer data) {
    if (bad != null || over) {
      if (lingers) {
        since = reactor().now();
      }
      return; // A client that was refused: it may still be sending when it hears it.
    }
    if (!parser.isInside() && requests > 0) {
      since = reactor().now();
    }
    intake.data(data);
  }

  /** Parses as far as it may. */
  @Override
  public int read(byte[] bytes, int from, int to) {
    int next = from;
    wire.hold();
    try {
      while (next < to && !isBlocked()) {
        next = parser.parse(bytes, next, to);
      }
    } catch (BadMessage found) {
      next = to;
      if (isHttp2(to - from)) {
        speakHttp2(bytes, from, to);
        return to;
      }
      badPacket = BYTES.wrap(bytes, from, to - from);
      refuse(found);
    } finally {
      if (answers.owed() == 0) {
        wire.sendNow();
      } else {
        wire.flush();
      }
    }
    return next;
  }

  /** Whether the connection has begun as one of HTTP/2, which is served here. */
  private boolean isHttp2(int length) {
    return parser.isHttp2()
        && requests == 0
        && socket.bytesRead() - length < MOST_OF_PRI
        && options.http2().priorKnowledge();
  }

  /** Of the preface at most three bytes have come before these. */
  private void speakHttp2(byte[] bytes, int from, int to) {
    over = true;
    int before = (int) socket.bytesRead() - (to - from);
    byte[] all = Arrays.copyOf(Http2Frames.PREFACE, before + to - from);
    System.arraycopy(bytes, from, all, before, to - from);
    SOCKETS.rewind(socket);
    socket.off(onData).off(onEnd).off(onClose).off(onDrain).off(onError).off(onTimeout);
    server.speaksHttp2(socket, this, all, 0, all.length);
  }

  @Override
  public void wasRead() {
    settle();
  }

  /** Whether nothing more may be parsed for now. */
  @Override
  public boolean isBlocked() {
    return over
        || socket.destroyed()
        || bad != null
        || upgrade != null
        || (closing && !refusesNext())
        || bodyWaits
        || answers.owed() >= maxPipelined
        || wire.isFull();
  }

  @Override
  public boolean isOver() {
    return over;
  }

  /** All requests that may come have; one more that has come already is answered with 503. */
  private boolean refusesNext() {
    return countsRequests() && requests == options.maxRequestsPerSocket();
  }

  @Override
  public void bodyTaken(HttpRequest request) {
    if (request.equals(incoming)) {
      bodyWaits = false;
      goOn();
    }
  }

  /** Something that has held up the parsing may be over. */
  private void goOn() {
    if (intake.waits()) {
      intake.goOn();
    }
  }

  @Override
  public void head() {
    requests++;
    HttpRequest request =
        new HttpRequest(this, parser.head, fields(), Objects.requireNonNull(parser.head.method));
    HttpResponse response =
        new HttpResponse(this, request, answers.wireOfNext(highWaterMark, onBacklog), requests);
    request.response = response;
    answers.add(response);
    incoming = request;
    bodyBytes = 0;
    server.countRequest();
    dispatch(request, response);
  }

  private Headers fields() {
    Headers fields = parser.fields();
    return options.joinDuplicateHeaders() ? fields.joiningAll() : fields;
  }

  private void dispatch(HttpRequest request, HttpResponse response) {
    if (parser.head.hosts > 1 || (parser.head.hosts == 0 && needsHost())) {
      response.shouldKeepAlive(false).statusCode(400).end();
      return;
    }
    if (options.maxRequestsPerSocket() > 0 && requests > options.maxRequestsPerSocket()) {
      server.dropRequest(request, socket);
      response.shouldKeepAlive(false).statusCode(503).end();
      return;
    }
    boolean hasBody = parser.head.contentLength > 0 || parser.head.chunked;
    boolean connects = request.method().equals("CONNECT");
    if (connects && hasBody) {
      refuse(
          new BadMessage("HPE_INVALID_CONTENT_LENGTH", "CONNECT has no body (RFC 9110 §9.3.6)."));
      return;
    }
    if (connects || (!hasBody && asksForUpgrade() && server.upgrades(request))) {
      upgrade = request;
      parser.leave();
      return;
    }
    if (parser.head.contentLength > options.maxBodySize()) {
      refuse(tooLarge());
      return;
    }
    if (!parser.head.expects || parser.head.minorVersion == 0) {
      server.request(request, response);
    } else if (parser.head.expectsContinue) {
      response.awaitsContinue = true;
      server.checkContinue(request, response);
    } else {
      server.checkExpectation(request, response);
    }
  }

  /**
   * HTTP/1.0 has no Upgrade (RFC 9110 §7.8). One with a body is a request as any, since it would
   * not be plain where the other protocol begins.
   */
  private boolean asksForUpgrade() {
    return parser.head.upgrade && parser.head.connectionUpgrade && parser.head.minorVersion == 1;
  }

  private boolean needsHost() {
    return options.requireHostHeader() && parser.head.minorVersion == 1;
  }

  private BadMessage tooLarge() {
    return new BadMessage(
        413,
        "ERR_HTTP_BODY_TOO_LARGE",
        "The body is longer than the limit of " + options.maxBodySize() + " bytes.");
  }

  @Override
  public void body(byte[] bytes, int from, int to) {
    HttpRequest request = incoming;
    if (request == null || bad != null) {
      return;
    }
    bodyBytes += to - from;
    if (bodyBytes > options.maxBodySize()) {
      refuse(tooLarge());
      return;
    }
    if (!request.body(bytes, from, to)) {
      bodyWaits = true;
      parser.stop();
    }
  }

  @Override
  public void end() {
    parser.stop(); // The loop around it looks whether more may follow.
    HttpRequest request = incoming;
    if (request == null || bad != null) {
      return;
    }
    incoming = null;
    bodyWaits = false;
    since = reactor().now();
    request.received(parser.trailers());
  }

  // Upgrade

  /** What was waited for may have come: an upgrade, a refusal, the end of a closing connection. */
  private void settle() {
    if (over) {
      return;
    }
    HttpResponse first = answers.first();
    if (upgrade != null && first != null && first.request().equals(upgrade)) {
      handOver(upgrade);
    } else if (bad != null && (first == null || first.request().equals(incoming))) {
      answerBad(bad);
    } else if (first == null && (closing || (requests > 0 && isIdle() && isLeaving()))) {
      finish();
    }
  }

  /** The connection leaves HTTP: its listeners are the program's from now on. */
  private void handOver(HttpRequest request) {
    over = true;
    Buffer head = intake.rest();
    intake.forget();
    SOCKETS.rewind(socket);
    socket.off(onData).off(onEnd).off(onClose).off(onDrain).off(onError).off(onTimeout);
    socket.setTimeout(0);
    server.forget(socket);
    request.received(Headers.NONE);
    request.leave();
    server.handOver(request, socket, head);
  }

  // Refusal

  /** What came is wrong, and nothing that follows can be trusted. */
  private void refuse(BadMessage found) {
    if (bad == null && !over) {
      bad = found;
      parser.leave();
      intake.forget();
      server.countError(found.code());
    }
  }

  private void answerBad(BadMessage found) {
    over = true;
    HttpResponse first = answers.first();
    boolean answered =
        first == null ? incoming != null : first.headersSent(); // a second answer fits nothing
    NetException error = new NetException(found.code(), found.reason());
    if (server.clientError(new ClientError(error, found.status(), badPacket), socket)) {
      abandon(new CloseCause(CloseCause.By.PEER, "http", found.code(), 0, error));
      linger();
      return;
    }
    if (!answered) {
      wire.writer()
          .put(
              "HTTP/1.1 %d %s\r\nConnection: close\r\n\r\n"
                  .formatted(found.status(), StatusCodes.phrase(found.status())));
    }
    wire.flush();
    abandon(new CloseCause(CloseCause.By.PEER, "http", found.code(), 0, error));
    finish();
  }

  /** Nobody will be answered any more. */
  private void abandon(CloseCause why) {
    HttpRequest reading = incoming;
    incoming = null;
    answers.abandon(why);
    if (reading != null) { // It was answered before all of it had come.
      reading.abort();
      reading.lost(why);
    }
  }

  /**
   * Our end, and a while for the client to hear it: to cut at once would make the system throw away
   * what it has not read yet, our answer with it.
   */
  private void finish() {
    over = true;
    intake.forget();
    wire.flush();
    socket.end();
    linger();
  }

  private void linger() {
    socket.resume();
    lingers = true;
    since = reactor().now();
    lingerEnd = since + MOST_LINGER_NANOS;
  }

  // Time

  @Override
  public void check(long now) {
    if (socket.writableLength() > 0 && (lingers || isIdle())) {
      since = now; // It is still being sent what it asked for: its time begins after that.
      lingerEnd = now + MOST_LINGER_NANOS;
      return;
    }
    long age = now - since;
    if (lingers) {
      if (hasEnded() && (age >= LINGER_NANOS || now - lingerEnd >= 0)) {
        socket.destroy();
      }
    } else if (!over && bad == null) {
      boolean inHead = parser.isInHead() || (requests == 0 && !parser.isInside());
      boolean inBody = incoming != null && !bodyWaits;
      if ((inHead && Served.isLonger(age, options.headersTimeout()))
          || ((inHead || inBody) && Served.isLonger(age, options.requestTimeout()))) {
        refuse(new BadMessage(408, "ERR_HTTP_REQUEST_TIMEOUT", "Request timeout"));
        settle();
      } else if (isIdle() && requests > 0 && Served.isLonger(age, server.keptFor())) {
        finish();
      }
    }
  }

  /** Whether we have said our end: a listener that was told of an error may not have yet. */
  private boolean hasEnded() {
    String state = socket.readyState();
    return state.equals("readOnly") || state.equals("closed");
  }

  /** Between requests, or before the first. */
  boolean isIdle() {
    return answers.owed() == 0
        && !parser.isInside()
        && intake.isEmpty()
        && upgrade == null
        && bad == null;
  }

  @Override
  public void closeIfIdle() {
    if (isIdle() && !over) {
      finish();
    }
  }

  @Override
  public void retire() {
    retiring = true;
    closeIfIdle();
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int newPlace) {
    place = newPlace;
  }

  // The end

  private void peerEnded() {
    if (over) {
      return;
    }
    try {
      parser.finish();
    } catch (BadMessage cut) {
      refuse(cut);
      settle();
    }
    if (!over) {
      over = true;
      wire.flush();
      abandon(new CloseCause(CloseCause.By.PEER, "http", "ECONNRESET", 0, null));
      socket.end();
    }
  }

  /** What peers do to connections is counted, and no failure of the program. */
  private void failed(NetException error) {
    server.countError(error.code());
    server.clientError(new ClientError(error, 0, Buffer.empty()), socket);
  }

  private void closed(CloseCause why) {
    over = true;
    server.forget(socket);
    abandon(why);
  }

  @Override
  public void cut(HttpResponse response, @Nullable NetException failure) {
    CloseCause why =
        new CloseCause(
            CloseCause.By.US, "app", failure == null ? "DESTROYED" : failure.code(), 0, failure);
    response.over(why);
    cutFor(response.request());
  }

  @Override
  public void cutFor(HttpRequest request) {
    boolean isOurs = request.equals(incoming) || answers.owes(request);
    if (isOurs && !over) {
      socket.destroy();
    }
  }

  /**
   * A listener threw: the client is answered with 500 where nothing has been sent, and the
   * connection ends.
   */
  @Override
  public void handlerFailed(@Nullable HttpResponse response, Throwable failure) {
    server.countError("LISTENER_FAILED");
    reactor().uncaught(failure);
    if (response == null || response.writableEnded() || response.destroyed()) {
      return;
    }
    if (response.headersSent()) {
      socket.destroy();
      return;
    }
    for (String name : response.getHeaderNames()) {
      response.removeHeader(name);
    }
    response.setHeader("Connection", "close").statusCode(500);
    response.end();
  }

  // Responses

  /** The next one's turn. */
  @Override
  public void responseEnded(HttpResponse response) {
    if (!response.equals(answers.first())) {
      return; // It waits for those before it, and is found complete when its turn comes.
    }
    advance();
    if (!intake.isReading()) {
      settle();
      goOn();
    }
  }

  private void advance() {
    HttpResponse done = answers.first();
    while (done != null && done.writableEnded()) {
      answers.remove();
      server.log(done, null);
      if (!done.isWatched()) {
        done.request().overAfterFinish(ANSWERED);
      }
      if (done.last) {
        closing = true;
        if (!countsRequests() || done.number < options.maxRequestsPerSocket()) {
          dropOthers(); // Only those that are too many are answered still, with 503.
        }
      }
      if (answers.owed() == 0) {
        since = reactor().now();
      } else {
        answers.turn();
      }
      done = answers.first();
    }
  }

  /** After the last response those to later requests are never sent. */
  private void dropOthers() {
    if (answers.owed() > 0) {
      abandon(new CloseCause(CloseCause.By.US, "http", "CONNECTION_CLOSE", 0, null));
    }
  }

  private void checkBacklog() {
    long queued = answers.backlogBytes();
    long limit = options.tcp().limits().hardLimitBytes();
    if (queued > limit && !over) {
      over = true;
      server.countError("ERR_OUTBOX_LIMIT");
      abandon(new CloseCause(CloseCause.By.US, "http", "ERR_OUTBOX_LIMIT", queued, null));
      socket.destroy();
    }
  }

  private void drained() {
    HttpResponse current = answers.first();
    if (current != null) {
      current.drained();
    }
    goOn();
  }

  // What messages ask

  @Override
  public Reactor reactor() {
    return server.reactor();
  }

  @Override
  public Loop loop() {
    return server.loop();
  }

  @Override
  public TcpSocket socket() {
    return socket;
  }

  @Override
  public HttpServerOptions options() {
    return options;
  }

  @Override
  public int highWaterMark() {
    return highWaterMark;
  }

  @Override
  public HeaderLines headerLines() {
    return server.headerLines();
  }

  RepeatedHeads repeatedHeads() {
    return server.repeatedHeads();
  }

  @Override
  public void putHead(HttpResponse response, HeadWriter head, long bodyLength) {
    heads.put(response, head, bodyLength);
  }

  @Override
  public DateLine dateLine() {
    return server.dateLine();
  }

  int keepAliveSeconds() {
    return keepAliveSeconds;
  }

  /** Whether the number of requests is limited, and said to the client. */
  boolean countsRequests() {
    return options.maxRequestsPerSocket() > 0;
  }

  void putKeepAlive(HeadWriter head) {
    if (keepAliveSeconds >= 0) {
      head.put("Keep-Alive: timeout=");
      head.put((long) keepAliveSeconds);
      if (countsRequests()) {
        head.put(", max=");
        head.put((long) options.maxRequestsPerSocket());
      }
      head.putLineEnd();
    }
  }

  /**
   * Whether no answer follows this one: it is the one to the last request that is allowed, or the
   * server closes and there are no more requests to be answered.
   */
  boolean isLast(HttpResponse response) {
    return (countsRequests() && response.number >= options.maxRequestsPerSocket())
        || ((retiring || server.isClosing()) && answers.isNewest(response));
  }

  /** Whether no more requests are wanted. */
  private boolean isLeaving() {
    return retiring
        || server.isClosing()
        || (countsRequests() && requests >= options.maxRequestsPerSocket());
  }
}
