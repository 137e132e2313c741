package io.netloop.ws;

import io.netloop.http.Http;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection that was one of HTTP/1.1 and is a WebSocket's alone. Loop-confined. */
final class SocketCarrier implements Carrier {
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final TcpSocket socket;

  SocketCarrier(TcpSocket socket) {
    this.socket = socket;
  }

  @Override
  public void open(List<String> lines) {
    socket.write(Buffer.from(String.join("\r\n", lines) + "\r\n\r\n", "latin1"));
  }

  @Override
  public void refuse(ServerHandshake.Refused refused) {
    String body = refused.text();
    int status = refused.status();
    StringBuilder answer = new StringBuilder("HTTP/1.1 ");
    answer.append(status).append(' ').append(Http.STATUS_CODES.getOrDefault(status, "unknown"));
    answer.append("\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: ");
    answer.append(body.getBytes(StandardCharsets.UTF_8).length).append("\r\n");
    if (!refused.header().isEmpty()) {
      answer.append(refused.header()).append("\r\n");
    }
    socket.resume();
    socket.end(answer.append("\r\n").append(body).toString());
    // A client that does not end in its turn would keep the connection for ever.
    Timer cut = Loop.current().setTimeout(LINGER, () -> socket.destroy());
    socket.onClose(cause -> cut.clear());
  }

  @Override
  public void onGone(Runnable listener) {
    socket.onError(error -> {}).onClose(cause -> listener.run());
  }

  @Override
  public boolean isGone() {
    return socket.destroyed();
  }

  @Override
  public void listen(Listener listener) {
    socket
        .onData(listener::data)
        .onEnd(listener::ended)
        .onDrain(listener::drained)
        .onError(listener::failed)
        .onClose(listener::closed);
  }

  @Override
  public void write(Buffer data) {
    socket.write(data);
  }

  @Override
  public void write(Buffer data, Consumer<@Nullable NetException> callback) {
    socket.write(data, callback);
  }

  @Override
  public void flush() {
    socket.flush();
  }

  @Override
  public void end() {
    socket.end();
  }

  @Override
  public boolean isWritable() {
    String state = socket.readyState();
    return state.equals("open") || state.equals("writeOnly");
  }

  @Override
  public void destroy() {
    socket.destroy();
  }

  @Override
  public void pause() {
    socket.pause();
  }

  @Override
  public void resume() {
    socket.resume();
  }

  @Override
  public boolean needsDrain() {
    return socket.writableNeedDrain();
  }

  @Override
  public long queuedBytes() {
    return socket.writableLength();
  }

  @Override
  public TcpSocket socket() {
    return socket;
  }
}
