package io.netloop.http;

import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection whose TLS handshake is under way, and with it the question which version of
 * HTTP it will speak (ALPN, RFC 7301). Loop-confined.
 */
final class Negotiation implements Pooled {
  private final AgentPool pool;
  private final AgentPool.Place place;
  private final TcpSocket socket;

  /** For whom it was begun; null where that has been given up. */
  private @Nullable ClientRequest request;

  // Listeners that are taken out when it is known, by being the same objects.
  private final Runnable onSecureConnect = this::agreed;
  private final Consumer<NetException> onError = failure -> {}; // 'close' tells it, too
  private final Consumer<CloseCause> onClose = this::closed;
  private final Runnable onTimeout = this::timedOut;

  Negotiation(AgentPool pool, AgentPool.Place place, TcpSocket socket, ClientRequest request) {
    this.pool = pool;
    this.place = place;
    this.socket = socket;
    this.request = request;
    socket.onSecureConnect(onSecureConnect).onError(onError).onClose(onClose).onTimeout(onTimeout);
    if (request.timeoutMillis() > 0) {
      socket.setTimeout(request.timeoutMillis());
    }
  }

  private void agreed() {
    socket.off(onSecureConnect).off(onError).off(onClose).off(onTimeout);
    socket.setTimeout(0);
    pool.agreed(this, request, "h2".equals(socket.alpnProtocol()));
  }

  private void closed(CloseCause why) {
    ClientRequest failed = request;
    request = null;
    pool.forget(this);
    if (failed != null) {
      NetException error = why.error() == null ? ClientRequest.socketHangUp() : why.error();
      failed.over(new CloseCause(why.by(), "http", error.code(), 0, error));
    }
  }

  private void timedOut() {
    if (request != null) {
      request.timedOut();
    }
  }

  /** The request is given up: what it has begun is of use to others who wait, or ends. */
  boolean giveUp(ClientRequest given) {
    if (!given.equals(request)) {
      return false;
    }
    request = null;
    if (place.waiting.isEmpty()) {
      discard();
    }
    return true;
  }

  TcpSocket socket() {
    return socket;
  }

  @Override
  public AgentPool.Place place() {
    return place;
  }

  @Override
  public void begin(ClientRequest next) {
    throw new IllegalStateException("A connection that is not made serves nobody");
  }

  @Override
  public boolean isUsable() {
    return false;
  }

  @Override
  public boolean keep(AgentOptions options) {
    return false;
  }

  @Override
  public long keptUntil() {
    return 0;
  }

  @Override
  public void discard() {
    ClientRequest failed = request;
    request = null;
    pool.forget(this);
    if (failed != null) {
      NetException error = ClientRequest.socketHangUp();
      failed.over(new CloseCause(By.US, "http", error.code(), 0, error));
    }
    socket.destroy();
  }
}
