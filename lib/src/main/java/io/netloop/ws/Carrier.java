package io.netloop.ws;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What carries the frames of a WebSocket: a connection of its own, or a stream of HTTP/2.
 * Loop-confined.
 */
sealed interface Carrier permits SocketCarrier, StreamCarrier {
  /** Who is told what happens; 'close' comes once and last. */
  interface Listener {
    void data(Buffer data);

    void ended();

    void drained();

    void failed(NetException error);

    void closed(CloseCause cause);
  }

  /** A server's answer that opens the WebSocket: the status line, then headers. */
  void open(List<String> lines);

  /** A server's answer where it opens none; then nothing more is said. */
  void refuse(ServerHandshake.Refused refused);

  /** Tells when the peer has gone before the WebSocket is open. */
  void onGone(Runnable listener);

  /** Whether the peer has gone. */
  boolean isGone();

  /** Begins to read. */
  void listen(Listener listener);

  void write(Buffer data);

  void write(Buffer data, Consumer<@Nullable NetException> callback);

  /** Sends what waits only for the end of the turn. */
  void flush();

  /** Nothing more will be written. */
  void end();

  /** Whether something may still be written: it has not been ended. */
  boolean isWritable();

  /** Ends it at once. */
  void destroy();

  void pause();

  void resume();

  boolean needsDrain();

  long queuedBytes();

  /** The connection, which may carry other streams too. */
  TcpSocket socket();
}
