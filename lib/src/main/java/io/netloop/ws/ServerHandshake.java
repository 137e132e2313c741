package io.netloop.ws;

import io.netloop.http.Http;
import io.netloop.http.HttpRequest;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client's opening handshake, read and checked (RFC 6455 §4.2). <i>Immutable.</i>
 *
 * @param accept the proof that we have read its key
 * @param protocols the subprotocols that it offers, in its order
 * @param extensions what it offers of them, or null for nothing
 */
record ServerHandshake(
    String accept, List<String> protocols, @Nullable ExtensionOffers extensions) {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** A handshake that is refused: how it is answered. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private static final Duration LINGER = Duration.ofSeconds(2);

    private final int status;
    private final String header;

    Refused(int status, String text) {
      this(status, text, "");
    }

    /** With one more line in the answer, its line's end included. */
    Refused(int status, String text, String header) {
      super(text, null, false, false);
      this.status = status;
      this.header = header;
    }

    String text() {
      return String.valueOf(getMessage());
    }

    /** Answers, and ends the connection. */
    void answer(TcpSocket socket) {
      String body = text();
      StringBuilder answer = new StringBuilder("HTTP/1.1 ");
      answer.append(status).append(' ').append(Http.STATUS_CODES.getOrDefault(status, "unknown"));
      answer.append("\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: ");
      answer.append(body.getBytes(StandardCharsets.UTF_8).length).append("\r\n");
      answer.append(header);
      socket.resume();
      socket.end(answer.append("\r\n").append(body).toString());
      // A client that does not end in its turn would keep the connection for ever.
      Timer cut = Loop.current().setTimeout(LINGER, () -> socket.destroy());
      socket.onClose(cause -> cut.clear());
    }
  }

  /**
   * Reads a request to upgrade.
   *
   * @throws Refused where it is none that a WebSocket begins with
   */
  static ServerHandshake read(HttpRequest request) throws Refused {
    if (!request.method().equals("GET")) {
      throw new Refused(405, "Invalid HTTP method");
    }
    if (!request.httpVersion().equals("1.1")) {
      throw new Refused(400, "Invalid HTTP version");
    }
    if (!"websocket".equalsIgnoreCase(request.header("upgrade"))) {
      throw new Refused(400, "Invalid Upgrade header");
    }
    String key = request.header("sec-websocket-key");
    if (key == null || !isKey(key)) {
      throw new Refused(400, "Missing or invalid Sec-WebSocket-Key header");
    }
    if (!"13".equals(request.header("sec-websocket-version"))) {
      throw new Refused(
          426, "Missing or invalid Sec-WebSocket-Version header", "Sec-WebSocket-Version: 13\r\n");
    }
    String extensions = request.header("sec-websocket-extensions");
    ExtensionOffers offers = extensions == null ? null : ExtensionOffers.parse(extensions);
    if (extensions != null && offers == null) {
      throw new Refused(400, "Invalid or unacceptable Sec-WebSocket-Extensions header");
    }
    return new ServerHandshake(
        accept(key), protocols(request.header("sec-websocket-protocol")), offers);
  }

  /** Sixteen bytes in base64. */
  private static boolean isKey(String key) {
    if (key.length() != 24 || !key.endsWith("==")) {
      return false;
    }
    for (int i = 0; i < 22; i++) {
      char c = key.charAt(i);
      boolean isDigit = (c >= '0' && c <= '9') || c == '+' || c == '/';
      if (!isDigit && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return true;
  }

  private static List<String> protocols(@Nullable String header) throws Refused {
    if (header == null) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>();
    for (String name : header.split(",", -1)) {
      if (!ExtensionOffers.isToken(name.strip()) || !names.add(name.strip())) {
        throw new Refused(400, "Invalid Sec-WebSocket-Protocol header");
      }
    }
    return List.copyOf(names);
  }

  /** What the peer of a client with this key answers. */
  static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java has SHA-1", impossible);
    }
  }

  /** The lines of the answer that opens the connection. */
  List<String> answer(@Nullable String protocol, @Nullable DeflateAgreement deflate) {
    List<String> lines = new ArrayList<>();
    lines.add("HTTP/1.1 101 Switching Protocols");
    lines.add("Upgrade: websocket");
    lines.add("Connection: Upgrade");
    lines.add("Sec-WebSocket-Accept: " + accept);
    if (protocol != null) {
      lines.add("Sec-WebSocket-Protocol: " + protocol);
    }
    if (deflate != null) {
      lines.add("Sec-WebSocket-Extensions: " + deflate.header());
    }
    return lines;
  }

  /** The lines as they go out. */
  static Buffer bytes(List<String> lines) {
    return Buffer.from(String.join("\r\n", lines) + "\r\n\r\n", "latin1");
  }

  /** The path of a request without its query, in the letter case that it came in. */
  static String path(HttpRequest request) {
    String url = request.url();
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }

  /** An origin as it is compared: scheme and host know no letter case. */
  static String origin(String origin) {
    return origin.toLowerCase(Locale.ROOT);
  }
}
