package io.netloop.bench;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** Sends each message back, or to all, as Java-WebSocket's own examples do. */
final class JavaWebSocketServer extends WebSocketServer {
  /** It has one thread that reads and writes besides these, which decode and call us. */
  private static final int WORKERS = 1;

  private static final int BACKLOG = 1024;

  private final boolean echoes;

  private JavaWebSocketServer(boolean echoes, int port) {
    super(new InetSocketAddress("127.0.0.1", port), WORKERS);
    this.echoes = echoes;
  }

  static void main(String[] args) {
    JavaWebSocketServer server =
        new JavaWebSocketServer(args[0].equals("echo"), Integer.parseInt(args[1]));
    server.setTcpNoDelay(true);
    server.setMaxPendingConnections(BACKLOG);
    // Nobody else asks in these rows whether clients live.
    server.setConnectionLostTimeout(0);
    server.start();
  }

  @Override
  public void onStart() {
    Control.listening(getPort());
  }

  @Override
  public void onMessage(WebSocket socket, String message) {
    if (echoes) {
      socket.send(message);
    } else {
      broadcast(message);
    }
  }

  @Override
  public void onMessage(WebSocket socket, ByteBuffer message) {
    if (echoes) {
      socket.send(message);
    } else {
      broadcast(message);
    }
  }

  @Override
  public void onOpen(WebSocket socket, ClientHandshake handshake) {
    // There is nothing to say before a message comes.
  }

  @Override
  public void onClose(WebSocket socket, int code, String reason, boolean remote) {
    // The server forgets the socket by itself.
  }

  /** With no socket, the server itself has failed. */
  @Override
  public void onError(WebSocket socket, Exception failure) {
    if (socket == null) {
      throw new IllegalStateException(failure);
    }
  }
}
