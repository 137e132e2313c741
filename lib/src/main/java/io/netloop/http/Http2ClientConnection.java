package io.netloop.http;

import io.netloop.engine.Reactor;
import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection of HTTP/2, which serves as many requests at a time as the server allows.
 * Loop-confined.
 */
final class Http2ClientConnection extends Http2Connection implements Pooled {
  private static final int LAST_STREAM = Integer.MAX_VALUE - 1;

  private final AgentPool pool;
  private final AgentPool.Place place;
  private final long hardLimitBytes;
  private int allowed;
  private int nextStream = 1;

  /** Requests that it serves, those included that have not begun their streams. */
  private int serving;

  /** Those whose requests have not been written to, and so have no number yet. */
  private final Set<Http2ClientStream> unbegun = new LinkedHashSet<>(2);

  private int served;
  private boolean tunnelsAllowed;

  /** The server has said what it allows; who needs to know that waits till then. */
  private boolean settled;

  private final List<ClientRequest> unsettled = new ArrayList<>(0);
  private @Nullable NetException lost;

  /** The server takes no more. */
  private boolean leaving;

  private long keptUntil;
  private boolean kept;

  Http2ClientConnection(
      AgentPool pool,
      AgentPool.Place place,
      TcpSocket socket,
      Reactor reactor,
      RequestOptions first) {
    super(
        reactor,
        Loop.current(),
        socket,
        Http2Options.defaults(),
        false,
        first.maxHeaderSize(),
        first.maxHeadersCount());
    this.pool = pool;
    this.place = place;
    this.allowed = place.allowedStreams;
    this.hardLimitBytes = first.tcp().limits().hardLimitBytes();
    out.writer().put(Http2Frames.PREFACE);
    start(Http2Frames.ENABLE_PUSH, 0, Http2Frames.MAX_HEADER_LIST_SIZE, first.maxHeaderSize());
  }

  // Requests

  @Override
  public boolean isUsable() {
    return !over && !leaving && serving < allowed && !socket.destroyed();
  }

  @Override
  public void begin(ClientRequest next) {
    if (kept) {
      kept = false;
      socket.ref();
    }
    serving++;
    served++;
    if (next.options().tunnelProtocol() != null && !settled) {
      unsettled.add(next);
    } else {
      assign(next);
    }
  }

  private void assign(ClientRequest next) {
    if (next.destroyed()) {
      streamOver();
      return;
    }
    if (next.options().tunnelProtocol() != null && !tunnelsAllowed) {
      streamOver();
      next.refused(
          new NetException(
              "ERR_HTTP2_TUNNEL",
              "The server does not know extended CONNECT (RFC 8441), which %s needs."
                  .formatted(next.options().tunnelProtocol())));
      return;
    }
    Http2ClientStream stream = new Http2ClientStream(this, next);
    unbegun.add(stream);
    next.assigned(stream, served > 1);
  }

  /** A request begins its stream. */
  void open(Http2ClientStream stream) {
    unbegun.remove(stream);
    stream.id = nextStream;
    nextStream += 2;
    if (nextStream >= LAST_STREAM) {
      leaving = true; // A further connection has streams again.
    }
    add(stream);
  }

  /** A stream was to begin, and has not: it will have another number. */
  void close(Http2ClientStream stream) {
    streams.remove(stream.id);
    stream.id = 0;
    unbegun.add(stream);
  }

  /** A request was given up before its stream began. */
  void giveUp(Http2ClientStream stream) {
    unbegun.remove(stream);
    streamOver();
  }

  /** The connection is of no use to those that have not begun; another may be. */
  private void endUnbegun(Http2End why) {
    List<Http2ClientStream> streams = List.copyOf(unbegun);
    unbegun.clear();
    for (Http2ClientStream stream : streams) {
      stream.close();
      stream.broken(why);
      streamOver();
    }
  }

  @Override
  void streamOver() {
    serving--;
    if (over) {
      return;
    }
    // Behind 'close', so that events of the next request do not mix with those of this one.
    reactor.nextTick(() -> reactor.nextTick(this::free));
  }

  private void free() {
    if (over) {
      return;
    }
    if (leaving && serving == 0) {
      discard();
    } else if (serving == 0) {
      if (!kept) {
        pool.release(this);
      }
    } else if (isUsable()) {
      pool.roomIn(this);
    }
  }

  @Override
  public boolean keep(AgentOptions options) {
    keptUntil =
        options.timeout().isPositive() ? now() + options.timeout().toNanos() : Long.MAX_VALUE;
    kept = true;
    socket.setKeepAlive(true, options.keepAliveMsecs());
    socket.unref();
    return true;
  }

  @Override
  public long keptUntil() {
    return keptUntil;
  }

  // What comes

  @Override
  void fields(int streamId, FieldBlock block, boolean endStream) throws Http2Error {
    Http2Stream stream = streams.get(streamId);
    if (stream instanceof Http2ClientStream ours) {
      ours.fields(block, endStream);
    } else if (isIdle(streamId)) {
      throw new Http2Error(
          Http2Code.PROTOCOL_ERROR,
          "The server answers stream %d, which nobody began.".formatted(streamId));
    } else if (mayBeLate(streamId)) {
      spend();
    } else {
      spendReset();
    }
  }

  /** There are no more of them than our program has begun: other requests go on. */
  @Override
  void takenBack() {}

  /** A program may take back more requests than are remembered: those are not held against it. */
  @Override
  boolean mayBeLate(int streamId) {
    return super.mayBeLate(streamId) || !isKnownClosed(streamId);
  }

  @Override
  void setting(int number, int value) throws Http2Error {
    if (number == Http2Frames.ENABLE_PUSH && value == 1) {
      throw new Http2Error(Http2Code.PROTOCOL_ERROR, "A server allows pushes (RFC 9113 §6.5.2).");
    }
    if (number == Http2Frames.MAX_CONCURRENT_STREAMS) {
      allowed = value < 0 ? Integer.MAX_VALUE : value;
      place.allowedStreams = Math.max(1, allowed);
      if (isUsable()) {
        pool.roomIn(this);
      }
    } else if (number == Http2Frames.ENABLE_CONNECT_PROTOCOL) {
      tunnelsAllowed |= value == 1;
    }
  }

  @Override
  void settled() {
    settled = true;
    List<ClientRequest> waiting = List.copyOf(unsettled);
    unsettled.clear();
    waiting.forEach(this::assign);
  }

  @Override
  void leaving(int lastStreamId, int code) {
    leaving = true;
    pool.forget(this);
    for (Http2Stream stream : new ArrayList<>(streams.values())) {
      if (stream.id > lastStreamId && !stream.closed) {
        String text = "The server leaves, and has not looked at this request: ";
        NetException why = new NetException("ECONNRESET", text + "NGHTTP2_" + Http2Code.name(code));
        end(stream, new Http2End(By.PEER, Http2Code.REFUSED_STREAM, why, true), false);
      }
    }
    NetException left = new NetException("ECONNRESET", "The server leaves before the request.");
    endUnbegun(new Http2End(By.PEER, Http2Code.REFUSED_STREAM, left, true));
    if (serving == 0) {
      discard();
    }
  }

  // The end

  @Override
  public void discard() {
    if (over) {
      return;
    }
    pool.forget(this);
    if (serving == 0) {
      out.sendGoAway(0, Http2Code.NO_ERROR, "");
      finish();
      socket.destroySoon();
    } else {
      socket.destroy();
    }
  }

  @Override
  void ended(NetException why, CloseCause.By by) {
    lost = why;
    pool.forget(this);
    List<ClientRequest> waiting = List.copyOf(unsettled);
    unsettled.clear();
    waiting.forEach(request -> request.refused(why));
    endUnbegun(new Http2End(by, Http2Code.CANCEL, why, true));
    if (!socket.destroyed()) {
      socket.destroySoon();
    }
  }

  @Nullable NetException lost() {
    return lost;
  }

  @Override
  void gone() {}

  @Override
  boolean isIdle(int streamId) {
    return streamId >= nextStream || streamId % 2 == 0;
  }

  @Override
  void count(String code) {
    // Requests are told what concerns them.
  }

  @Override
  long hardLimitBytes() {
    return hardLimitBytes;
  }

  @Override
  public AgentPool.Place place() {
    return place;
  }
}
