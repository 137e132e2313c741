package io.netloop.http;

import io.netloop.engine.IpText;
import io.netloop.loop.NetException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL of HTTP, cut as the URL standard does it, where that leaves no doubt: what browsers mend
 * (line ends within, numbers of odd forms as addresses) is refused. <i>Immutable.</i>
 *
 * @param protocol with its colon, in small letters
 * @param auth user and password, decoded, or null
 * @param host in small letters and ASCII, an IPv6 address without its brackets
 * @param port the number, the scheme's own where none is named
 * @param path with its query, escaped; at least {@code /}
 * @see <a href="https://url.spec.whatwg.org/">URL standard</a>
 */
record HttpUrl(String protocol, @Nullable String auth, String host, int port, String path) {
  private static final Pattern WHOLE =
      Pattern.compile(
          "([A-Za-z][A-Za-z0-9+.-]*):[/\\\\]{2}(?:([^/\\\\?#]*)@)?([^@/\\\\?#]*)([^#]*)(?:#.*)?");
  private static final Pattern PLACE =
      Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]*)(?::(\\d{0,5}))?");
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
  private static final Pattern FORBIDDEN_IN_HOST = Pattern.compile("[^a-z0-9._~!$&'()*+,;=-]");
  private static final Pattern LOOKS_LIKE_NUMBER = Pattern.compile("(\\d+|0x[0-9a-f]*)\\.?");

  /** What stays as it is in a path; beside it everything is escaped, but what is escaped. */
  private static final String ESCAPED_IN_PATH = " \"<>`{}^";

  /**
   * Reads an absolute URL.
   *
   * @throws NetException {@code ERR_INVALID_URL}, {@code ERR_INVALID_PROTOCOL}
   */
  static HttpUrl parse(String text) {
    Matcher whole = WHOLE.matcher(text.strip());
    if (hasControls(text.strip()) || !whole.matches()) {
      throw invalid(text);
    }
    String protocol = whole.group(1).toLowerCase(Locale.ROOT) + ":";
    checkProtocol(protocol);
    Matcher place = PLACE.matcher(whole.group(3));
    if (!place.matches()) {
      throw invalid(text);
    }
    String host = host(place.group(1), text);
    String number = place.group(2);
    int port = number == null || number.isEmpty() ? usualPort(protocol) : Integer.parseInt(number);
    if (port > 65535) {
      throw invalid(text);
    }
    String user = whole.group(2);
    String auth = user == null || user.isEmpty() ? null : decoded(user, text);
    return new HttpUrl(protocol, auth, host, port, path(whole.group(4)));
  }

  /**
   * Reads what stands in a {@code Location}, which may leave out what is the same (RFC 9110
   * §10.2.2).
   *
   * @throws NetException as {@link #parse}
   */
  HttpUrl resolve(String reference) {
    String text = reference.strip();
    if (hasControls(text)) {
      throw invalid(reference);
    }
    if (SCHEME.matcher(text).matches()) {
      return parse(text);
    }
    String slashed = text.replace('\\', '/');
    if (slashed.startsWith("//")) {
      return parse(protocol + text);
    }
    int fragment = text.indexOf('#');
    String cut = fragment < 0 ? text : text.substring(0, fragment);
    if (cut.isEmpty()) {
      return this;
    }
    int query = path.indexOf('?');
    String base = query < 0 ? path : path.substring(0, query);
    String whole =
        switch (cut.charAt(0)) {
          case '/', '\\' -> cut;
          case '?' -> base + cut;
          default -> base.substring(0, base.lastIndexOf('/') + 1) + cut;
        };
    return new HttpUrl(protocol, null, host, port, path(whole));
  }

  /** Whether both have scheme, host and port in common: what is secret may go to both. */
  boolean isSameOrigin(HttpUrl other) {
    return protocol.equals(other.protocol) && host.equals(other.host) && port == other.port;
  }

  @Override
  public String toString() {
    return protocol + "//" + hostAndPort(protocol, host, port) + path;
  }

  /**
   * Refuses what is neither HTTP nor HTTPS.
   *
   * @throws NetException {@code ERR_INVALID_PROTOCOL}
   */
  static void checkProtocol(String protocol) {
    if (!protocol.equals("http:") && !protocol.equals("https:")) {
      throw new NetException(
          "ERR_INVALID_PROTOCOL",
          "Protocol \"" + protocol + "\" not supported. Expected \"http:\" or \"https:\"");
    }
  }

  /** The port where a URL names none. */
  static int usualPort(String protocol) {
    return protocol.equals("https:") ? 443 : 80;
  }

  /** What {@code Host} says: the port where it is not the usual one. */
  static String hostAndPort(String protocol, String host, int port) {
    String name = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return port == usualPort(protocol) ? name : name + ":" + port;
  }

  private static NetException invalid(String text) {
    return new NetException("ERR_INVALID_URL", "Invalid URL: " + text);
  }

  private static boolean hasControls(String text) {
    return text.chars().anyMatch(c -> c < 0x20 || c == 0x7f);
  }

  private static String host(String raw, String text) {
    if (raw.startsWith("[")) {
      String address = raw.substring(1, raw.length() - 1);
      if (IpText.version(address) != 6 || address.indexOf('%') >= 0) {
        throw invalid(text);
      }
      return address.toLowerCase(Locale.ROOT);
    }
    String host;
    try {
      host = IDN.toASCII(decoded(raw, text), IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException noName) {
      throw invalid(text);
    }
    String lastLabel = host.substring(host.lastIndexOf('.', Math.max(0, host.length() - 2)) + 1);
    boolean oddNumber = LOOKS_LIKE_NUMBER.matcher(lastLabel).matches() && IpText.version(host) != 4;
    if (host.isEmpty() || oddNumber || FORBIDDEN_IN_HOST.matcher(host).find()) {
      throw invalid(text);
    }
    return host;
  }

  private static String decoded(String escaped, String text) {
    byte[] bytes = escaped.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%' && i + 2 < bytes.length && isEscape(bytes, i)) {
        bytes[length++] = (byte) (Syntax.hex(bytes[i + 1]) << 4 | Syntax.hex(bytes[i + 2]));
        i += 2;
      } else {
        bytes[length++] = bytes[i];
      }
    }
    String decoded = new String(bytes, 0, length, StandardCharsets.UTF_8);
    if (hasControls(decoded)) {
      throw invalid(text);
    }
    return decoded;
  }

  private static boolean isEscape(byte[] bytes, int at) {
    return Syntax.hex(bytes[at + 1]) >= 0 && Syntax.hex(bytes[at + 2]) >= 0;
  }

  /** Escapes what needs to be, and takes dot segments out; the query stays but for escapes. */
  private static String path(String raw) {
    int query = raw.indexOf('?');
    String path = (query < 0 ? raw : raw.substring(0, query)).replace('\\', '/');
    String rest = query < 0 ? "" : raw.substring(query);
    return withoutDots(escaped(path)) + escaped(rest);
  }

  private static String escaped(String text) {
    StringBuilder escaped = null;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      boolean stays = bytes[i] > 0x20 && ESCAPED_IN_PATH.indexOf(bytes[i]) < 0;
      if (!stays && escaped == null) {
        escaped = new StringBuilder(new String(bytes, 0, i, StandardCharsets.ISO_8859_1));
      }
      if (escaped != null && stays) {
        escaped.append((char) bytes[i]);
      } else if (escaped != null) {
        escaped.append("%%%02X".formatted(bytes[i] & 0xff));
      }
    }
    return escaped == null ? text : escaped.toString();
  }

  private static String withoutDots(String path) {
    if (path.isEmpty()) {
      return "/";
    }
    List<String> kept = new ArrayList<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      String plain = segments[i].replaceAll("(?i)%2e", ".");
      if (plain.equals("..")) {
        if (!kept.isEmpty()) {
          kept.removeLast();
        }
      } else if (!plain.equals(".")) {
        kept.add(segments[i]);
        continue;
      }
      if (last) {
        kept.add("");
      }
    }
    return "/" + String.join("/", kept);
  }
}
