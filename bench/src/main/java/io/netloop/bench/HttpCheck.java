package io.netloop.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Single requests: whether a server answers, and as all the others do. */
final class HttpCheck {
  private static final String GET = get("/");
  private static final int BODY_BYTES = 10 * 1024;
  private static final int MOST_HEAD_BYTES = 8 * 1024;
  private static final int BUFFER_BYTES = 4096;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)\r\n");

  private HttpCheck() {}

  private static String get(String path) {
    return """
    GET %s HTTP/1.1\r
    Host: 127.0.0.1\r
    User-Agent: bench\r
    Accept: */*\r
    \r
    """
        .formatted(path);
  }

  /** One greeting on every connection from a number on. */
  static void greet(Connections connections, int from) throws IOException {
    ask(connections, from, "/", Greeting.BYTES[Greeting.BYTES.length - 1]);
  }

  /**
   * One question on every connection from a number on.
   *
   * @param last the last byte of the answer, which no other place of it holds
   */
  static void ask(Connections connections, int from, String path, byte last) throws IOException {
    byte[] bytes = get(path).getBytes(StandardCharsets.US_ASCII);
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
        // No head holds this byte: where it comes last, the answer is complete.
        if (count > 0 && buffer.get(ValueLayout.JAVA_BYTE, count - 1L) == last) {
          left--;
        }
      }
    }
  }

  /**
   * Asks once, and compares.
   *
   * @param mode {@code plain}, {@code echo} or {@code routes}
   * @throws IOException if the answer is not what all are to answer
   */
  static void ask(int port, String mode) throws IOException {
    boolean echo = mode.equals("echo");
    boolean routed = mode.equals("routes");
    byte[] wanted = echo ? json() : routed ? WebRoutes.ANSWER : Greeting.BYTES;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      String path = routed ? WebRoutes.ASKED : "/";
      String head = echo ? post(wanted.length) : GET.replace("GET /", "GET " + path);
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      if (echo) {
        out.write(wanted);
      }
      out.flush();
      InputStream in = socket.getInputStream();
      String answer = readHead(in);
      compare(answer, echo || routed ? "application/json" : "text/plain", wanted.length);
      if (!Arrays.equals(in.readNBytes(wanted.length), wanted)) {
        throw new IOException("it answered with another body");
      }
    }
  }

  /**
   * Asks once for a file, and compares.
   *
   * @throws IOException if the answer is not what all are to answer
   */
  static void file(int port, String path, byte[] wanted) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(get(path).getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      compare(readHead(in), "application/octet-stream", wanted.length);
      if (!Arrays.equals(in.readNBytes(wanted.length), wanted)) {
        throw new IOException("it answered with another body");
      }
    }
  }

  private static String post(int length) {
    return """
    POST / HTTP/1.1\r
    Host: 127.0.0.1\r
    Content-Type: application/json\r
    Content-Length: %d\r
    \r
    """
        .formatted(length);
  }

  private static void compare(String answer, String type, int length) throws IOException {
    String head = answer.toLowerCase(Locale.ROOT);
    Matcher found = LENGTH.matcher(head);
    if (!head.startsWith("http/1.1 200 ")
        || !head.contains("\r\ncontent-type: " + type)
        || !head.contains("\r\ndate: ")
        || !found.find()
        || !found.group(1).equals(Integer.toString(length))) {
      throw new IOException(
          "it answered %s, not 200 with type, date and length".formatted(answer.lines().toList()));
    }
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0 || head.length() == MOST_HEAD_BYTES) {
        throw new IOException("its answer has no end: " + head.toString().lines().toList());
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static byte[] json() {
    String text = "{\"text\":\"";
    return (text + "x".repeat(BODY_BYTES - text.length() - 2) + "\"}")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
