package io.netloop.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A client of HTTP/2 that says frame by frame what it is told to, right or wrong, and writes down
 * what it hears. Fields go out as literals that nobody keeps (RFC 7541 §6.2.2).
 */
final class FrameClient implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  /** A frame as it came. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    int number(int at) {
      return (payload[at] & 0xff) << 24
          | (payload[at + 1] & 0xff) << 16
          | (payload[at + 2] & 0xff) << 8
          | (payload[at + 3] & 0xff);
    }
  }

  /** One answer: its fields, its body, its trailers, and the answers before it. */
  static final class Answer {
    final List<Map<String, String>> early = new ArrayList<>();
    Map<String, String> fields = Map.of();
    Map<String, String> trailers = Map.of();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** The code of RST_STREAM, or -1. */
    int reset = -1;

    String status() {
      return fields.getOrDefault(":status", "none");
    }

    String text() {
      return body.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
  private final Map<Integer, Answer> answers = new TreeMap<>();

  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private int blockFlags;

  /** Frames that came and belong to no answer, in order. */
  final List<Frame> others = new ArrayList<>();

  FrameClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Connects, and says hello: the preface and these settings. */
  static FrameClient greet(int port, int... settings) throws IOException {
    FrameClient client = new FrameClient(port);
    client.preface().settings(settings).send();
    return client;
  }

  // What goes

  FrameClient bytes(byte[] bytes) {
    unsent.writeBytes(bytes);
    return this;
  }

  FrameClient hex(String hex) {
    return bytes(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
  }

  FrameClient preface() {
    return bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  FrameClient frame(int type, int flags, int stream, byte[] payload) {
    unsent.write(payload.length >> 16);
    unsent.write(payload.length >> 8);
    unsent.write(payload.length);
    unsent.write(type);
    unsent.write(flags);
    number(unsent, stream);
    return bytes(payload);
  }

  private static void number(ByteArrayOutputStream to, int number) {
    to.write(number >> 24);
    to.write(number >> 16);
    to.write(number >> 8);
    to.write(number);
  }

  static byte[] numbers(int... numbers) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int number : numbers) {
      number(bytes, number);
    }
    return bytes.toByteArray();
  }

  FrameClient settings(int... settings) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (int i = 0; i < settings.length; i += 2) {
      payload.write(settings[i] >> 8);
      payload.write(settings[i]);
      number(payload, settings[i + 1]);
    }
    return frame(SETTINGS, 0, 0, payload.toByteArray());
  }

  FrameClient headers(int stream, boolean ends, String... fields) {
    return frame(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
  }

  /** A GET of a path. */
  FrameClient get(int stream, String path) {
    return headers(stream, true, fields("GET", path));
  }

  /** The fields of a request, and perhaps more. */
  static String[] fields(String method, String path, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "http", ":path", path, ":authority", "h.test"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0);
      text(block, fields[i]);
      text(block, fields[i + 1]);
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      to.write(bytes.length);
    } else {
      to.write(127);
      int rest = bytes.length - 127;
      while (rest >= 128) {
        to.write((rest & 127) | 128);
        rest >>= 7;
      }
      to.write(rest);
    }
    to.writeBytes(bytes);
  }

  FrameClient data(int stream, boolean ends, String latin1) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return frame(DATA, ends ? END_STREAM : 0, stream, bytes);
  }

  FrameClient widen(int stream, int more) {
    return frame(WINDOW_UPDATE, 0, stream, numbers(more));
  }

  FrameClient reset(int stream, int code) {
    return frame(RST_STREAM, 0, stream, numbers(code));
  }

  FrameClient ping(String eight) {
    return frame(PING, 0, 0, eight.getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends what was put together; a server that is gone hears nothing. */
  FrameClient send() throws IOException {
    byte[] bytes = unsent.toByteArray();
    unsent.reset();
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException gone) {
      // What it has said before can still be heard.
    }
    return this;
  }

  // What comes

  /** The next frame, or null at the end. */
  Frame next() throws IOException {
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = new byte[length];
      in.readFully(payload);
      return note(new Frame(type, flags, stream, payload));
    } catch (EOFException | SocketException end) {
      return null;
    }
  }

  /** Fields that are continued are one frame, as if they had come in one. */
  private Frame note(Frame frame) throws IOException {
    if (frame.type == HEADERS && (frame.flags & END_HEADERS) == 0) {
      block.reset();
      block.writeBytes(frame.payload);
      blockFlags = frame.flags;
      return next();
    }
    if (frame.type == CONTINUATION) {
      block.writeBytes(frame.payload);
      if ((frame.flags & END_HEADERS) == 0) {
        return next();
      }
      return noteWhole(new Frame(HEADERS, blockFlags, frame.stream, block.toByteArray()));
    }
    return noteWhole(frame);
  }

  private Frame noteWhole(Frame frame) {
    Answer answer = answers.computeIfAbsent(frame.stream, unknown -> new Answer());
    switch (frame.type) {
      case HEADERS -> noteFields(answer, read(frame));
      case DATA -> answer.body.writeBytes(frame.payload);
      case RST_STREAM -> answer.reset = frame.number(0);
      default -> others.add(frame);
    }
    return frame;
  }

  private static void noteFields(Answer answer, Map<String, String> fields) {
    if (!answer.fields.isEmpty()) {
      answer.trailers = fields;
    } else if (fields.getOrDefault(":status", "").startsWith("1")) {
      answer.early.add(fields);
    } else {
      answer.fields = fields;
    }
  }

  private Map<String, String> read(Frame frame) {
    Map<String, String> fields = new TreeMap<>();
    try {
      Http2Headers headers =
          decoder.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload));
      headers.forEach(field ->
          fields.merge(
              field.getKey().toString(), field.getValue().toString(), (a, b) -> a + ", " + b));
    } catch (Http2Exception wrong) {
      throw new AssertionError(wrong);
    }
    return fields;
  }

  /** Reads until such a frame comes. */
  Frame hear(Predicate<Frame> wanted) throws IOException {
    while (true) {
      Frame frame = next();
      if (frame == null) {
        throw new AssertionError("The connection ended before the frame came: " + others);
      }
      if (wanted.test(frame)) {
        return frame;
      }
    }
  }

  Frame hear(int type) throws IOException {
    return hear(frame -> frame.type == type);
  }

  /** Reads until a stream has ended. */
  Answer answer(int stream) throws IOException {
    hear(frame -> frame.stream == stream && (frame.endsStream() || frame.type == RST_STREAM));
    return answers.get(stream);
  }

  /** What has come of a stream so far. */
  Answer soFar(int stream) {
    return answers.computeIfAbsent(stream, unknown -> new Answer());
  }

  /** Sends, and reads the answer of a stream to its end. */
  Answer ask(int stream) throws IOException {
    send();
    return answer(stream);
  }

  /** Reads to the end of the connection; gives the code of the last GOAWAY, or -1. */
  int hearGoAway() throws IOException {
    int code = -1;
    Frame frame;
    while ((frame = next()) != null) {
      if (frame.type == GOAWAY) {
        code = frame.number(4);
      }
    }
    return code;
  }

  /** Answers pings and settings no more, and says that nothing more comes. */
  void end() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
