package io.netloop.ws;

import io.netloop.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
 * @param accept the proof that we have read its key; empty over HTTP/2, which has none (RFC 8441
 *     §5)
 * @param protocols the subprotocols that it offers, in its order
 * @param extensions what it offers of them, or null for nothing
 */
record ServerHandshake(
    String accept, List<String> protocols, @Nullable ExtensionOffers extensions) {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** A handshake that is refused: how it is answered. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String header;

    Refused(int status, String text) {
      this(status, text, "");
    }

    /** With one more line in the answer. */
    Refused(int status, String text, String header) {
      super(text, null, false, false);
      this.status = status;
      this.header = header;
    }

    String text() {
      return String.valueOf(getMessage());
    }

    int status() {
      return status;
    }

    /** One more line in the answer, or an empty text. */
    String header() {
      return header;
    }
  }

  /**
   * Reads a request to upgrade.
   *
   * @throws Refused where it is none that a WebSocket begins with
   */
  static ServerHandshake read(HttpRequest request) throws Refused {
    String accept = request.protocol() == null ? acceptOf(request) : "";
    if (!"13".equals(request.header("sec-websocket-version"))) {
      throw new Refused(
          426, "Missing or invalid Sec-WebSocket-Version header", "Sec-WebSocket-Version: 13");
    }
    String extensions = request.header("sec-websocket-extensions");
    ExtensionOffers offers = extensions == null ? null : ExtensionOffers.parse(extensions);
    if (extensions != null && offers == null) {
      throw new Refused(400, "Invalid or unacceptable Sec-WebSocket-Extensions header");
    }
    return new ServerHandshake(accept, protocols(request.header("sec-websocket-protocol")), offers);
  }

  /** Over HTTP/1.1 an upgrade, with a key to be proven that it was read (RFC 6455 §4.2.1). */
  private static String acceptOf(HttpRequest request) throws Refused {
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
    return accept(key);
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
    if (accept.isEmpty()) {
      lines.add("HTTP/2 200");
    } else {
      lines.add("HTTP/1.1 101 Switching Protocols");
      lines.add("Upgrade: websocket");
      lines.add("Connection: Upgrade");
      lines.add("Sec-WebSocket-Accept: " + accept);
    }
    if (protocol != null) {
      lines.add("Sec-WebSocket-Protocol: " + protocol);
    }
    if (deflate != null) {
      lines.add("Sec-WebSocket-Extensions: " + deflate.header());
    }
    return lines;
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
