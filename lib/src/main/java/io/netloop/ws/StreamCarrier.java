package io.netloop.ws;

import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of HTTP/2 (RFC 8441): the request's body is what comes, the response's what goes. It is
 * closed when both are. Loop-confined.
 */
final class StreamCarrier implements Carrier {
  private final HttpRequest request;
  private final HttpResponse response;
  private int closed;
  private @Nullable CloseCause worst;

  StreamCarrier(HttpRequest request, HttpResponse response) {
    this.request = request;
    this.response = response;
  }

  @Override
  public void open(List<String> lines) {
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      response.appendHeader(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
    response.sendDate(false).statusCode(200).flushHeaders();
  }

  @Override
  public void refuse(ServerHandshake.Refused refused) {
    String header = refused.header();
    if (!header.isEmpty()) {
      int colon = header.indexOf(':');
      response.setHeader(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    response.setHeader("Content-Type", "text/html").statusCode(refused.status());
    response.end(refused.text());
  }

  @Override
  public void onGone(Runnable listener) {
    response.onClose(cause -> listener.run());
  }

  @Override
  public boolean isGone() {
    return response.destroyed();
  }

  @Override
  public void listen(Listener listener) {
    Consumer<CloseCause> onClose =
        cause -> {
          if (worst == null || cause.error() != null) {
            worst = cause;
          }
          if (++closed == 2) {
            listener.closed(worst);
          }
        };
    response.onDrain(listener::drained).onClose(onClose);
    request.onClose(onClose);
    request.onError(listener::failed);
    request.onEnd(listener::ended);
    request.onData(listener::data);
  }

  @Override
  public void write(Buffer data) {
    response.write(data);
  }

  @Override
  public void write(Buffer data, Consumer<@Nullable NetException> callback) {
    response.write(data, callback);
  }

  @Override
  public void flush() {
    // Nothing waits for the end of the turn: the connection's windows decide.
  }

  @Override
  public void end() {
    response.end();
  }

  @Override
  public boolean isWritable() {
    return !response.writableEnded() && !response.destroyed();
  }

  @Override
  public void destroy() {
    response.destroy();
  }

  @Override
  public void pause() {
    request.pause();
  }

  @Override
  public void resume() {
    request.resume();
  }

  @Override
  public boolean needsDrain() {
    return response.writableNeedDrain();
  }

  @Override
  public long queuedBytes() {
    return response.writableLength();
  }

  @Override
  public TcpSocket socket() {
    return response.socket();
  }
}
