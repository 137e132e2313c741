package io.netloop.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** How connections become WebSockets, and the first message on each, which is looked at. */
final class Opening {
  /** What RFC 6455, section 1.3, computes for the key of its example. */
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static final String OPENED = "HTTP/1.1 101 ";
  private static final String END = "\r\n\r\n";

  /** Engine.IO's first packet, and the two of Socket.IO by which a client is let in. */
  private static final String ENGINE_OPEN = "0{";

  private static final String CONNECT = "40";
  private static final String CONNECTED = "40{";

  private static final int MOST_HEAD_BYTES = 4096;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int AT_ONCE = 100;
  private static final int ONCE_BYTES = 64;

  private Opening() {}

  /** Opens WebSockets to a port, a hundred at a time, as many as a short backlog takes. */
  static Connections open(int port, int count, Dialect dialect) throws IOException {
    Connections connections = new Connections(port, 0, Linux.EPOLLIN);
    try {
      while (connections.size() < count) {
        int from = connections.size();
        connections.open(port, Math.min(AT_ONCE, count - from));
        shake(connections, from, dialect);
      }
      return connections;
    } catch (IOException e) {
      connections.close();
      throw e;
    }
  }

  /**
   * Asks on each connection from a number on for a WebSocket, and waits for the answers.
   *
   * @throws IOException if one is not 101 with the right key, or a Socket.IO server lets nobody in
   */
  static void shake(Connections connections, int from, Dialect dialect) throws IOException {
    boolean greets = dialect == Dialect.SOCKET_IO;
    sendAll(connections, from, request(dialect.path()).getBytes(US_ASCII));
    for (byte[] answer : answers(connections, from, bytes -> isAnswered(bytes, greets))) {
      String text = new String(answer, US_ASCII);
      int end = text.indexOf(END) + END.length();
      if (!text.startsWith(OPENED)
          || !text.contains(ACCEPT)
          || !(greets ? isText(answer, end, ENGINE_OPEN) : end == answer.length)) {
        throw new IOException("it opened no WebSocket, but answered " + text.lines().toList());
      }
    }
    if (greets) {
      sendAll(connections, from, Frames.fromClient(Frames.TEXT, CONNECT.getBytes(US_ASCII)));
      for (byte[] answer : answers(connections, from, bytes -> isWhole(bytes, 0))) {
        if (!isText(answer, 0, CONNECTED)) {
          throw new IOException("it let nobody in, but answered " + Frames.text(answer, 0));
        }
      }
    }
  }

  /** It offers no extension: nobody compresses. */
  private static String request(String path) {
    return """
    GET %s HTTP/1.1\r
    Host: 127.0.0.1\r
    Connection: Upgrade\r
    Upgrade: websocket\r
    Sec-WebSocket-Version: 13\r
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
    \r
    """
        .formatted(path);
  }

  /** Whether a head is complete, and where a greeting must follow it, that too. */
  private static boolean isAnswered(byte[] bytes, boolean greets) throws IOException {
    String text = new String(bytes, US_ASCII);
    int end = text.indexOf(END);
    if (end >= 0 && greets && text.startsWith(OPENED)) {
      return isWhole(bytes, end + END.length());
    }
    return end >= 0 || bytes.length >= MOST_HEAD_BYTES;
  }

  private static boolean isWhole(byte[] bytes, int from) throws IOException {
    return Frames.end(bytes, from, bytes.length) != Units.INCOMPLETE;
  }

  /** Whether a text that begins so is there, and nothing behind it. */
  private static boolean isText(byte[] bytes, int from, String beginning) throws IOException {
    return Frames.end(bytes, from, bytes.length) == bytes.length
        && Frames.text(bytes, from).startsWith(beginning);
  }

  /** Opens a WebSocket on each connection from a number on, and has a text of 64 bytes echoed. */
  static void once(Connections connections, int from, Dialect dialect) throws IOException {
    shake(connections, from, dialect);
    echo(connections, from, dialect, Frames.TEXT, Frames.payload(ONCE_BYTES));
  }

  /**
   * Sends one message on each WebSocket from a number on, and waits for it to come back.
   *
   * @throws IOException if something else comes
   */
  static void echo(Connections connections, int from, Dialect dialect, int opcode, byte[] payload)
      throws IOException {
    sendAll(connections, from, dialect.fromClient(opcode, payload));
    expect(connections, from, dialect.fromServer(opcode, payload));
  }

  private static void sendAll(Connections connections, int from, byte[] bytes) throws IOException {
    MemorySegment memory = copy(connections, bytes);
    for (int i = from; i < connections.size(); i++) {
      connections.sendAll(i, memory);
    }
  }

  /** Waits until the same frame, and nothing else, has come on each from a number on. */
  static void expect(Connections connections, int from, byte[] wanted) throws IOException {
    for (byte[] answer : answers(connections, from, bytes -> bytes.length >= wanted.length)) {
      if (!Arrays.equals(answer, wanted)) {
        throw new IOException(
            "it answered %d bytes that are not the message".formatted(answer.length));
      }
    }
  }

  /** Memory with these bytes. */
  static MemorySegment copy(Connections connections, byte[] bytes) {
    return connections.memory(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  /** Whether an answer is complete. */
  private interface Completion {
    boolean of(byte[] answer) throws IOException;
  }

  private static byte[][] answers(Connections connections, int from, Completion completion)
      throws IOException {
    MemorySegment buffer = connections.memory(BUFFER_BYTES);
    byte[][] answers = new byte[connections.size() - from][0];
    int left = answers.length;
    while (left > 0) {
      int events = connections.await();
      for (int event = 0; event < events; event++) {
        int connection = connections.connection(event);
        int count = connections.receive(connection, buffer);
        if (connection < from) {
          throw new IOException("it said something unasked");
        }
        byte[] before = answers[connection - from];
        byte[] now = Arrays.copyOf(before, before.length + count);
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, now, before.length, count);
        answers[connection - from] = now;
        if (completion.of(now)) {
          left--;
        }
      }
    }
    return answers;
  }
}
