package io.netloop.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/** A server that does with each connection what a test says, one after the other. */
final class Script implements AutoCloseable {
  private static final String ACCEPTED =
      """
      HTTP/1.1 101 Switching Protocols\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
      \r
      """;
  private static final int KEY_BYTES = 4;

  private final ServerSocket server;
  private final CompletableFuture<Void> played;

  /** What is done with a connection; it is closed when the peer has gone. */
  interface Scene {
    void play(InputStream in, OutputStream out) throws IOException;
  }

  Script(Scene... scenes) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    played =
        CompletableFuture.runAsync(() -> play(scenes), task -> Thread.ofPlatform().start(task));
  }

  int port() {
    return server.getLocalPort();
  }

  private void play(Scene... scenes) {
    for (Scene scene : scenes) {
      try (Socket socket = server.accept()) {
        socket.setTcpNoDelay(true);
        scene.play(socket.getInputStream(), socket.getOutputStream());
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        // The generator has gone, as it does where an answer is wrong.
      }
    }
  }

  /** Opens a WebSocket, with what stands behind the head in the same write. */
  static void open(InputStream in, OutputStream out, byte[] behind) throws IOException {
    readHead(in);
    byte[] head = ACCEPTED.getBytes(US_ASCII);
    byte[] all = new byte[head.length + behind.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(behind, 0, all, head.length, behind.length);
    out.write(all);
  }

  /** What the client's next short frame says. */
  static String read(InputStream in) throws IOException {
    byte[] head = in.readNBytes(2);
    byte[] key = in.readNBytes(KEY_BYTES);
    byte[] payload = in.readNBytes(head[1] & 0x7f);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= key[i % KEY_BYTES];
    }
    return new String(payload, US_ASCII);
  }

  static byte[] text(String text) {
    return Frames.fromServer(Frames.TEXT, text.getBytes(US_ASCII));
  }

  /** The request of the connection, up to the empty line. */
  static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the head ended early");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    played.join();
  }
}
