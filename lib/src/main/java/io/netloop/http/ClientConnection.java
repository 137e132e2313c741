package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Reactor;
import io.netloop.engine.SocketAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client: it serves a request, and after its response is read perhaps others,
 * one at a time. While a body waits for its reader nothing more is read. What comes when no request
 * is being answered can only be wrong, and ends the connection before it is given to another.
 *
 * <p>Loop-confined.
 */
final class ClientConnection implements MessageParser.Sink, Intake.Reader, Pooled, ClientExchange {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final SocketAccess<TcpSocket> SOCKETS = SocketAccess.of(TcpSocket.class);
  private static final CloseCause END = new CloseCause(By.US, "http", "END", 0, null);

  /** So many answers before the answer a server may give; nobody means more. */
  private static final int MOST_INFORMATION = 64;

  private final AgentPool pool;
  private final AgentPool.Place place;
  private final TcpSocket socket;
  private final Reactor reactor;
  private final Loop loop = Loop.current();
  private final SocketWire wire;
  private final Intake intake;

  // Listeners that are taken out at an upgrade, by being the same objects.
  private final Consumer<Buffer> onData = this::data;
  private final Runnable onEnd = this::peerEnded;
  private final Consumer<NetException> onError = failure -> {}; // 'close' tells it, too
  private final Consumer<CloseCause> onClose = this::closed;
  private final Runnable onDrain = this::drained;
  private final Runnable onTimeout = this::timedOut;

  private MessageParser parser = new MessageParser(this, false, 0, 0);
  private int maxHead;
  private int maxFields;

  /** Who is being served, and what has come for it. */
  private @Nullable ClientRequest request;

  private @Nullable ClientResponse response;
  private boolean informing;
  private int informations;
  private int served;

  /** Whether the response allows another request. */
  private boolean keeps;

  /** The response was read to its end, and the request not yet written to its. */
  private boolean responseRead;

  private boolean bodyWaits;

  private boolean handingOver;
  private @Nullable BadMessage bad;

  /** Nothing more will come, but for what waits here. */
  private boolean inputEnded;

  private boolean closed;
  private boolean over;

  /** What the server says about how long it keeps the connection, in seconds, or -1. */
  private long hint = -1;

  private long keptUntil;

  ClientConnection(AgentPool pool, AgentPool.Place place, TcpSocket socket, Reactor reactor) {
    this.pool = pool;
    this.place = place;
    this.socket = socket;
    this.reactor = reactor;
    this.wire = new SocketWire(socket, reactor);
    this.intake = new Intake(reactor, socket, this);
    socket.onData(onData).onEnd(onEnd).onError(onError).onClose(onClose);
    socket.onDrain(onDrain).onTimeout(onTimeout);
  }

  @Override
  public void begin(ClientRequest next) {
    RequestOptions options = next.options();
    if (maxHead != options.maxHeaderSize() || maxFields != options.maxHeadersCount()) {
      maxHead = options.maxHeaderSize();
      maxFields = options.maxHeadersCount();
      parser = new MessageParser(this, false, maxHead, maxFields);
    }
    request = next;
    response = null;
    responseRead = false;
    informations = 0;
    keeps = false;
    if (served > 0) {
      socket.ref();
    }
    served++;
    next.assigned(this, served > 1);
  }

  // What comes

  private void data(Buffer data) {
    if (over) {
      return;
    }
    if (request == null || (response != null && response.isReceived())) {
      spoil();
      return;
    }
    if (served > 1 && !request.headersSent()) {
      // An answer before the question: meant for an earlier request, or to be taken for another.
      hangUp();
      return;
    }
    intake.data(data);
  }

  /** Parses as far as it may; what follows a response is none of it. */
  @Override
  public int read(byte[] bytes, int from, int to) {
    int next = from;
    try {
      while (next < to && !isBlocked() && !handingOver && !isComplete()) {
        next = parser.parse(bytes, next, to);
      }
    } catch (BadMessage found) {
      bad = found;
    }
    if (over) {
      return to;
    }
    if (bad != null) {
      fail(new NetException(bad.code(), "Parse Error: " + bad.reason()), By.PEER);
      return to;
    }
    if (handingOver) {
      handOver(BYTES.wrap(bytes, next, to - next));
      return to;
    }
    if (next < to && isComplete()) {
      spoil();
      return to;
    }
    return next;
  }

  /** Whether nothing more may be parsed for now. */
  @Override
  public boolean isBlocked() {
    return over || bad != null || bodyWaits;
  }

  @Override
  public boolean isOver() {
    return over;
  }

  private boolean isComplete() {
    return response != null && response.isReceived();
  }

  @Override
  public void goOn() {
    bodyWaits = false;
    if (intake.waits() || inputEnded) {
      intake.goOn();
    }
  }

  @Override
  public void caughtUp() {
    if (inputEnded) {
      inputOver();
    }
  }

  @Override
  public void head() {
    ClientRequest asking = request;
    if (asking == null) {
      parser.leave(); // A listener has given it up meanwhile.
      return;
    }
    boolean connects = asking.method().equals("CONNECT") && parser.head.status >= 200;
    if (connects || parser.head.status == 101) {
      response = new ClientResponse(this, asking, parser.head, fields(asking));
      handingOver = true;
      parser.leave();
      return;
    }
    if (parser.head.status < 200) {
      inform(asking);
      return;
    }
    boolean bodiless =
        asking.method().equals("HEAD") || parser.head.status == 204 || parser.head.status == 304;
    if (bodiless) {
      parser.expectNoBody();
    }
    boolean delimited = bodiless || parser.head.contentLength >= 0 || parser.head.chunked;
    boolean mayKeep =
        !parser.head.close && (parser.head.minorVersion == 1 || parser.head.keepAlive);
    keeps = delimited && mayKeep && asking.keepsAlive();
    Headers fields = fields(asking);
    hint = keeps ? keepAliveSeconds(fields.get("keep-alive")) : -1;
    response = new ClientResponse(this, asking, parser.head, fields);
    asking.answered(response);
  }

  private Headers fields(ClientRequest asking) {
    Headers fields = parser.fields();
    return asking.options().joinDuplicateHeaders() ? fields.joiningAll() : fields;
  }

  private void inform(ClientRequest asking) {
    informing = true;
    parser.expectNoBody();
    if (++informations > MOST_INFORMATION) {
      bad =
          new BadMessage(
              "ERR_HTTP_INFORMATION_LIMIT",
              "More than " + MOST_INFORMATION + " responses of status 1xx before the final one.");
      parser.leave();
      return;
    }
    String version = parser.head.minorVersion == 1 ? "1.1" : "1.0";
    asking.informed(
        new Information(
            parser.head.status, ClientResponse.phrase(parser.head), version, fields(asking)));
  }

  @Override
  public void body(byte[] bytes, int from, int to) {
    if (!over && response != null && !response.body(bytes, from, to)) {
      bodyWaits = true;
      parser.stop();
    }
  }

  @Override
  public void end() {
    if (informing) {
      informing = false;
      return;
    }
    parser.stop();
    if (!over && response != null) {
      bodyWaits = false;
      response.received(parser.trailers());
    }
  }

  // The end of an exchange

  @Override
  public void responseRead(ClientResponse read) {
    read.over(END);
    if (!read.equals(response)) {
      return; // The connection was lost when all had come.
    }
    responseRead = true;
    ClientRequest answered = Objects.requireNonNull(request);
    if (closed) {
      over = true;
      answered.over(END);
    } else if (!keeps || inputEnded) {
      over = true;
      end(answered.writableEnded() && wire.queuedBytes() == 0);
    } else if (answered.writableEnded()) {
      complete();
    }
  }

  /** Ends the connection: politely, or at once where the server does not read what is queued. */
  private void end(boolean politely) {
    if (politely) {
      socket.destroySoon();
    } else {
      socket.destroy();
    }
  }

  @Override
  public void requestWritten() {
    if (responseRead && !over) {
      wire.whenSent(failure -> {
        if (responseRead && !over) {
          complete();
        }
      });
    }
  }

  private void complete() {
    ClientRequest done = Objects.requireNonNull(request);
    request = null;
    response = null;
    done.over(END);
    // Behind 'close', so that events of the next request do not mix with those of this one.
    reactor.nextTick(() -> reactor.nextTick(this::free));
  }

  private void free() {
    if (over) {
      return;
    }
    Long idle = socket.timeout();
    if (idle != null && idle > 0) {
      socket.setTimeout(0);
    }
    if (isUsable()) {
      pool.release(this);
    } else {
      discard();
    }
  }

  @Override
  public boolean isUsable() {
    return !over && !inputEnded && !socket.destroyed() && request == null;
  }

  @Override
  public boolean keep(AgentOptions options) {
    long stay = options.timeout().isPositive() ? options.timeout().toNanos() : Long.MAX_VALUE;
    if (hint >= 0) {
      stay = Math.min(stay, (hint - 1) * 1_000_000_000);
    }
    if (stay <= 0) {
      return false;
    }
    keptUntil = stay == Long.MAX_VALUE ? stay : reactor.now() + stay;
    if (served == 1) {
      socket.setKeepAlive(true, options.keepAliveMsecs());
    }
    socket.unref();
    return true;
  }

  @Override
  public long keptUntil() {
    return keptUntil;
  }

  /** The number after {@code timeout=}, or -1 (RFC 2068 §19.7.1.1, as servers use it today). */
  private static long keepAliveSeconds(@Nullable String value) {
    if (value == null || !value.startsWith("timeout=")) {
      return -1;
    }
    int end = "timeout=".length();
    long seconds = -1;
    while (end < value.length() && value.charAt(end) >= '0' && value.charAt(end) <= '9') {
      seconds = Math.max(0, seconds) * 10 + (value.charAt(end++) - '0');
      if (seconds > Integer.MAX_VALUE) {
        return -1;
      }
    }
    return seconds;
  }

  // The end of the connection

  @Override
  public void discard() {
    if (request != null) {
      hangUp();
      return;
    }
    over = true;
    pool.forget(this);
    socket.destroy();
  }

  /** Something came that nobody asked for: no further request goes over this connection. */
  private void spoil() {
    keeps = false;
    if (request == null) {
      discard();
    } else {
      socket.destroy(); // The response is complete, and can be read.
    }
  }

  private void peerEnded() {
    inputEnded = true;
    if (over) {
      return;
    }
    if (request == null) {
      discard();
    } else if (intake.isEmpty() && !bodyWaits) {
      inputOver();
    }
  }

  /** All that has come was parsed, and no more will. */
  private void inputOver() {
    if (isComplete()) {
      return;
    }
    if (SOCKETS.isTruncated(socket)) {
      hangUp(); // Somebody in between may have ended it: no end of a body (RFC 9112 §9.8).
      return;
    }
    try {
      parser.finish();
    } catch (BadMessage cut) {
      // What is missing is missed below.
    }
    if (!isComplete()) {
      hangUp();
    }
  }

  private void closed(CloseCause why) {
    inputEnded = true;
    closed = true;
    pool.forget(this);
    ClientRequest left = request;
    if (left == null) {
      over = true;
      return;
    }
    boolean waits = !intake.isEmpty() || bodyWaits;
    if (!over && why.error() == null && !isComplete() && waits) {
      return; // The body's reader is slow, not the server: what has come is read all the same.
    }
    if (isComplete()) {
      over = true;
      request = null;
      response = null;
      left.over(new CloseCause(why.by(), "http", why.code(), why.queuedBytes(), null));
    } else if (why.error() != null) {
      fail(why.error(), why.by());
    } else {
      hangUp();
    }
  }

  private void hangUp() {
    fail(null, By.PEER);
  }

  /** It fails; without a failure it was closed too early. */
  private void fail(@Nullable NetException failure, By by) {
    over = true;
    pool.forget(this);
    intake.forget();
    ClientRequest failed = request;
    ClientResponse cut = response;
    request = null;
    response = null;
    if (failed != null) {
      NetException told = failure != null || cut != null ? failure : ClientRequest.socketHangUp();
      String code = told == null ? "ECONNRESET" : told.code();
      CloseCause why = new CloseCause(by, "http", code, 0, told);
      if (cut != null && !cut.isReceived()) {
        // In Node's order: error of the request, 'aborted', close of the request, and the response.
        failed.overWith(cut, why);
        reactor.nextTick(() -> cut.lost(why));
      } else {
        failed.over(why);
      }
    }
    socket.destroy();
  }

  @Override
  public void cut(ClientRequest given, @Nullable NetException failure) {
    if (given.equals(request)) {
      fail(failure, By.US);
    }
  }

  @Override
  public void cutAt(ClientResponse given, @Nullable NetException failure) {
    if (given.equals(response)) {
      if (closed) {
        fail(failure, By.US);
      } else if (failure == null) {
        socket.destroy();
      } else {
        socket.destroy(failure);
      }
    }
  }

  /** A listener threw: that costs the connection. */
  @Override
  public void listenerFailed(ClientRequest whose, Throwable failure) {
    reactor.uncaught(failure);
    cut(
        whose,
        new NetException(
            "LISTENER_FAILED", "A listener of this request threw " + failure, failure));
  }

  /** The connection leaves HTTP: its listeners are the program's from now on. */
  private void handOver(Buffer head) {
    over = true;
    pool.forget(this);
    ClientRequest asked = Objects.requireNonNull(request);
    ClientResponse answer = Objects.requireNonNull(response);
    request = null;
    response = null;
    answer.received(Headers.NONE);
    if (!asked.wantsUpgrade()) {
      asked.over(END);
      socket.destroy();
      return;
    }
    SOCKETS.rewind(socket);
    socket.off(onData).off(onEnd).off(onError).off(onClose).off(onDrain).off(onTimeout);
    socket.setTimeout(0);
    asked.upgraded(answer, socket, head);
    asked.over(END);
  }

  @Override
  public void setTimeout(long millis) {
    socket.setTimeout(millis);
  }

  private void timedOut() {
    if (request != null) {
      request.timedOut();
    }
  }

  private void drained() {
    if (request != null) {
      request.drained();
    }
  }

  // What messages ask

  @Override
  public Reactor reactor() {
    return reactor;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public TcpSocket socket() {
    return socket;
  }

  @Override
  public Wire wire() {
    return wire;
  }

  @Override
  public AgentPool.Place place() {
    return place;
  }
}
