package io.netloop.bench;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Single requests over HTTP/2: whether a server answers, and as all the others do. */
final class Http2Check {
  /** The length of the body at {@code /large}. */
  static final int LARGE = 100 * 1024;

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;

  private Http2Check() {}

  /** The preface, settings with a large window, and a GET whose fields are literals. */
  private static byte[] request(String path) {
    HexFormat hex = HexFormat.of();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(hex.parseHex("000006040000000000" + "000400100000"));
    bytes.writeBytes(hex.parseHex("000004080000000000" + "000f0001"));
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(hex.parseHex("8286" + "01"));
    byte[] host = "127.0.0.1".getBytes(StandardCharsets.US_ASCII);
    block.write(host.length);
    block.writeBytes(host);
    byte[] target = path.getBytes(StandardCharsets.US_ASCII);
    block.write(4);
    block.write(target.length);
    block.writeBytes(target);
    bytes.writeBytes(hex.parseHex("0000%02x010500000001".formatted(block.size())));
    bytes.writeBytes(block.toByteArray());
    return bytes.toByteArray();
  }

  /** One greeting on every connection from a number on. */
  static void greet(Connections connections, int from) throws IOException {
    byte[] bytes = request("/");
    MemorySegment request = connections.memory(bytes.length);
    request.copyFrom(MemorySegment.ofArray(bytes));
    MemorySegment buffer = connections.memory(BUFFER_BYTES);
    for (int i = from; i < connections.size(); i++) {
      connections.sendAll(i, request);
    }
    int left = connections.size() - from;
    while (left > 0) {
      int events = connections.await();
      for (int event = 0; event < events; event++) {
        int count = connections.receive(connections.connection(event), buffer);
        if (holdsGreeting(buffer, count)) {
          left--;
        }
      }
    }
  }

  /** A greeting comes in one piece: it is short, and the servers write it at once. */
  private static boolean holdsGreeting(MemorySegment buffer, int count) {
    byte[] wanted = Greeting.BYTES;
    for (int at = 0; at <= count - wanted.length; at++) {
      int same = 0;
      while (same < wanted.length
          && buffer.get(ValueLayout.JAVA_BYTE, (long) at + same) == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return true;
      }
    }
    return false;
  }

  /**
   * Asks once, and compares the body.
   *
   * @throws IOException if the answer is not what all are to answer
   */
  static void ask(int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request(path));
      byte[] body = body(new DataInputStream(socket.getInputStream()));
      boolean right = path.equals("/") ? Arrays.equals(body, Greeting.BYTES) : body.length == LARGE;
      if (!right) {
        throw new IOException("it answered with another body, of %,d bytes".formatted(body.length));
      }
    }
  }

  private static byte[] body(DataInputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean answered = false;
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      in.readInt();
      byte[] payload = in.readNBytes(length);
      if (type == RST_STREAM || type == GOAWAY) {
        throw new IOException("it ended the stream: " + HexFormat.of().formatHex(payload));
      }
      answered |= type == HEADERS;
      if (type == DATA) {
        body.writeBytes(payload);
      }
      if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0 && answered) {
        return body.toByteArray();
      }
    }
  }
}
