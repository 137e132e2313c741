package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client that sends the bytes that it is told to, and reads what comes, frame by frame. */
final class RawClient implements AutoCloseable {
  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  /** A frame that has come, which had no mask. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  record Frame(int first, byte[] payload) {
    int opcode() {
      return first & 0x0f;
    }

    /** First byte and payload, for example {@code 81 Hello}. */
    @Override
    public String toString() {
      return "%02x %s".formatted(first, new String(payload, StandardCharsets.UTF_8)).strip();
    }

    /** The code of a close frame, or 0. */
    int code() {
      return payload.length == 0 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xffff;
    }

    String reason() {
      return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  private final Socket socket;
  private final InputStream in;

  RawClient(int port) {
    this(port, 0);
  }

  /** With so small a buffer for what comes, or 0 for the usual. */
  RawClient(int port, int receiveBuffer) {
    try {
      socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
      in = new java.io.BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client whose handshake was answered with 101. */
  static RawClient open(int port, String path, String... headers) {
    RawClient client = new RawClient(port);
    client.shake(path, headers);
    return client;
  }

  RawClient shake(String path, String... headers) {
    send(request(path, headers));
    assertThat(head()).startsWith("HTTP/1.1 101 ");
    return this;
  }

  static byte[] request(String path, String... headers) {
    StringBuilder text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: x\r\n");
    text.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
    text.append("Sec-WebSocket-Key: ").append(KEY).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return latin1(text.append("\r\n").toString());
  }

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  RawClient send(String text) {
    return send(latin1(text));
  }

  /** Up to and with the empty line. */
  String head() {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) read());
    }
    return head.toString();
  }

  private int read() {
    try {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the server has ended the connection");
      }
      return next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] read(int length) {
    byte[] bytes = new byte[length];
    try {
      int got = in.readNBytes(bytes, 0, length);
      if (got < length) {
        throw new EOFException("the server has ended the connection after " + got + " bytes");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  Frame frame() {
    int first = read();
    int second = read();
    assertThat(second & 0x80).describedAs("a server's frame has no mask").isZero();
    long length = second & 0x7f;
    if (length == 126) {
      length = ByteBuffer.wrap(read(2)).getShort() & 0xffff;
      assertThat(length).describedAs("the shortest form").isGreaterThan(125);
    } else if (length == 127) {
      length = ByteBuffer.wrap(read(8)).getLong();
      assertThat(length).describedAs("the shortest form").isGreaterThan(65_535);
    }
    return new Frame(first, read((int) length));
  }

  /** The payload of the next frame, a whole text. */
  String text() {
    Frame frame = frame();
    assertThat(frame.first()).isEqualTo(0x81);
    return new String(frame.payload(), StandardCharsets.UTF_8);
  }

  /** The next frame, which closes, and behind which the server ends the connection. */
  Frame closing() {
    Frame frame = frame();
    assertThat(frame.first()).isEqualTo(0x88);
    assertThat(isEnded()).isTrue();
    return frame;
  }

  /** Everything up to the server's end. */
  String rest() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      in.transferTo(all);
    } catch (SocketException reset) {
      // What came before it counts.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the next that comes is the end; waits for it. */
  boolean isEnded() {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException none) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Whether nothing comes for a moment: only for what must not come. */
  boolean isSilent() {
    try {
      socket.setSoTimeout(100);
      return in.read() < -1;
    } catch (SocketTimeoutException none) {
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      patience();
    }
  }

  private void patience() {
    try {
      socket.setSoTimeout(10_000);
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends our side. */
  RawClient end() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Ends the connection as a program does that was killed. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends bytes one at a time. */
  RawClient trickle(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      send(Arrays.copyOfRange(bytes, i, i + 1));
    }
    return this;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
