package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Somebody at a WebSocket, as a page would be, over a plain socket of the JDK; reads only when told
 * to. Reading waits some seconds at most, and then fails.
 */
final class Browser implements AutoCloseable {
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final String status;

  Browser(int port) {
    this(port, Map.of());
  }

  /** Connects to {@code /ws}, and has the answer to the handshake once this returns. */
  Browser(int port, Map<String, String> headers) {
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5000);
      socket.setSoTimeout((int) House.SOON.toMillis());
      socket.setTcpNoDelay(true);
      in = new DataInputStream(socket.getInputStream());
      StringBuilder head = new StringBuilder("GET /ws HTTP/1.1\r\nConnection: Upgrade\r\n");
      head.append("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
      head.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
      if (!headers.containsKey("Host")) {
        head.append("Host: localhost:").append(port).append("\r\n");
      }
      headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.UTF_8));
      status = line();
      while (!line().isEmpty()) {
        // The rest of the answer's head.
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  /** How the handshake was answered. */
  int status() {
    return Integer.parseInt(status.split(" ", -1)[1]);
  }

  // Saying

  Browser says(String json) {
    return frame(TEXT, json.getBytes(StandardCharsets.UTF_8));
  }

  Browser sendsBytes(byte... bytes) {
    return frame(BINARY, bytes);
  }

  Browser logsIn(String nickname) {
    says(Peer.login(nickname));
    assertThat(hears()).contains("\"success\":true");
    return this;
  }

  Browser broadcasts(String message) {
    return says(Peer.broadcast(message));
  }

  /** Logs in with all features and returns the answer. */
  String comesIn(String nickname, String more) {
    says(
        "{\"type\":\"login\",\"nickname\":\""
            + nickname
            + "\",\"v\":1,\"features\":[\"history\",\"presence\",\"ack\"]"
            + more
            + "}");
    return hears();
  }

  /** With a key of zeros, which leaves the bytes as they are. */
  private Browser frame(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
    frame.put((byte) (0x80 | opcode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length < 65_536) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    frame.putInt(0).put(payload);
    try {
      socket.getOutputStream().write(frame.array(), 0, frame.position());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return this;
  }

  // Hearing

  /** The next message. */
  String hears() {
    try {
      while (true) {
        int opcode = in.readUnsignedByte() & 0xf;
        byte[] payload = payload();
        if (opcode == TEXT) {
          return new String(payload, StandardCharsets.UTF_8);
        }
        assertThat(opcode).as("a frame that ends the connection").isNotEqualTo(CLOSE);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  List<String> hears(int messages) {
    List<String> heard = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      heard.add(hears());
    }
    return heard;
  }

  private byte[] payload() throws IOException {
    int length = in.readUnsignedByte();
    long size = length < 126 ? length : length == 126 ? in.readUnsignedShort() : in.readLong();
    byte[] payload = new byte[Math.toIntExact(size)];
    in.readFully(payload);
    return payload;
  }

  /** With which code the server closes, whatever comes before; 1006 where it just ends. */
  int closeCode() {
    try {
      while (true) {
        int opcode = in.readUnsignedByte() & 0xf;
        byte[] payload = payload();
        if (opcode == CLOSE) {
          return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
        }
      }
    } catch (EOFException end) {
      return 1006;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The value of a field in this JSON, as it stands there. */
  static String field(String json, String name) {
    var field = Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|([0-9a-z]+))").matcher(json);
    assertThat(field.find()).as("%s in %s", name, json).isTrue();
    return field.group(1) == null ? field.group(2) : field.group(1);
  }

  // Going

  /** Says with a close frame that it goes. */
  Browser leaves(int code) {
    return frame(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  /** Goes as a lost network does, without a word. */
  void vanishes() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
