package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How connections become WebSockets, and the first message on each, which is looked at. */
final class Opening {
  /** It offers no extension: nobody compresses. */
  private static final String REQUEST =
      """
      GET / HTTP/1.1\r
      Host: 127.0.0.1\r
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      \r
      """;

  /** What RFC 6455, section 1.3, computes for the key above. */
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static final String END = "\r\n\r\n";
  private static final int MOST_HEAD_BYTES = 4096;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int AT_ONCE = 100;
  private static final int ONCE_BYTES = 64;

  private Opening() {}

  /** Opens WebSockets to a port, a hundred at a time, as many as a short backlog takes. */
  static Connections open(int port, int count) throws IOException {
    Connections connections = new Connections(port, 0, Linux.EPOLLIN);
    try {
      while (connections.size() < count) {
        int from = connections.size();
        connections.open(port, Math.min(AT_ONCE, count - from));
        shake(connections, from);
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
   * @throws IOException if one is not 101 with the right key
   */
  static void shake(Connections connections, int from) throws IOException {
    MemorySegment request = copy(connections, REQUEST.getBytes(StandardCharsets.US_ASCII));
    for (int i = from; i < connections.size(); i++) {
      connections.sendAll(i, request);
    }
    byte[] end = END.getBytes(StandardCharsets.US_ASCII);
    byte[][] heads =
        answers(connections, from, head -> endsWith(head, end) || head.length >= MOST_HEAD_BYTES);
    for (byte[] bytes : heads) {
      String head = new String(bytes, StandardCharsets.US_ASCII);
      if (!head.startsWith("HTTP/1.1 101 ") || !head.contains(ACCEPT) || !head.endsWith(END)) {
        throw new IOException("it opened no WebSocket, but answered " + head.lines().toList());
      }
    }
  }

  /** Opens a WebSocket on each connection from a number on, and has a text of 64 bytes echoed. */
  static void once(Connections connections, int from) throws IOException {
    shake(connections, from);
    echo(connections, from, Frames.TEXT, Frames.payload(ONCE_BYTES));
  }

  /**
   * Sends one message on each WebSocket from a number on, and waits for it to come back.
   *
   * @throws IOException if something else comes
   */
  static void echo(Connections connections, int from, int opcode, byte[] payload)
      throws IOException {
    MemorySegment message = copy(connections, Frames.fromClient(opcode, payload));
    byte[] wanted = Frames.fromServer(opcode, payload);
    for (int i = from; i < connections.size(); i++) {
      connections.sendAll(i, message);
    }
    expect(connections, from, wanted);
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
    boolean of(byte[] answer);
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

  private static boolean endsWith(byte[] bytes, byte[] end) {
    int from = bytes.length - end.length;
    return from >= 0 && Arrays.equals(bytes, from, bytes.length, end, 0, end.length);
  }
}
