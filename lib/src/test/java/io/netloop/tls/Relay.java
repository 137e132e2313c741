package io.netloop.tls;

import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bad network between client and server: cuts bytes apart, changes them, and ends. */
final class Relay {
  private static final TcpOptions PASSIVE =
      TcpOptions.defaults().withAllowHalfOpen(true).withNoDelay(true);

  private final int pieces;
  private final TcpServer server;
  private final List<TcpSocket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean bending;
  private volatile int cutAfter = Integer.MAX_VALUE;
  private int passed;

  Relay(int port) {
    this(port, Integer.MAX_VALUE);
  }

  /**
   * @param pieces how many bytes are sent at a time
   */
  Relay(int port, int pieces) {
    this.pieces = pieces;
    server =
        Net.createServer(
            PASSIVE,
            client -> {
              TcpSocket to =
                  Net.createConnection(
                      io.netloop.net.ConnectOptions.port(port)
                          .withHost("127.0.0.1")
                          .withSocket(PASSIVE));
              pass(client, to);
              pass(to, client);
            });
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
  }

  int port() {
    return server.address().port();
  }

  private void pass(TcpSocket from, TcpSocket to) {
    sockets.add(from);
    from.onError(error -> {});
    from.onClose(why -> to.destroy());
    from.onEnd(to::end);
    from.onData(data -> {
      byte[] bytes = data.toByteArray();
      if (bending) {
        bytes[bytes.length - 1] ^= 1;
      }
      for (int at = 0; at < bytes.length; at += pieces) {
        int length = Math.min(pieces, bytes.length - at);
        if (passed + length > cutAfter) {
          from.destroy();
          return;
        }
        passed += length;
        to.write(Buffer.from(bytes, at, length));
        to.flush();
      }
    });
  }

  /** From now on a bit of what comes is another. */
  void bend() {
    bending = true;
  }

  /** After so many bytes both connections end. */
  void cutAfter(int bytes) {
    cutAfter = bytes;
  }

  void close() {
    server.close();
    sockets.forEach(TcpSocket::destroy);
  }
}
