package io.netloop.chat;

import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The page and its parts, read once, and held ready for every answer: compressed and not, with what
 * lets a browser keep them. {@code index.html} is answered at {@code /}, all others at {@code
 * /assets/NAME}. <i>Immutable.</i>
 *
 * <p>The parts are also at {@code /assets/HASH/NAME}, and the page is rewritten to ask for them
 * there: what a hash stands for never changes, and so a browser may keep it for ever. It asks for
 * the page each time, which costs an answer without a body.
 */
final class PageFiles {
  private static final String INDEX = "index.html";
  private static final String ASSETS = "/assets/";
  private static final int HASH_DIGITS = 16;

  /** By the end of the name. */
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "webmanifest", "application/manifest+json",
          "txt", "text/plain; charset=utf-8");

  /** Nothing runs and nothing is loaded but what comes from here. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " connect-src 'self'";

  /**
   * A file as it is answered.
   *
   * @param gzip the same compressed, or null where that is not shorter
   * @param tag its content in a few characters (RFC 9110 §8.8.3)
   */
  private record Held(String type, Buffer plain, @Nullable Buffer gzip, String tag) {}

  private final Map<String, Held> byPath = new HashMap<>();
  private final String hash;

  /** Holds these files, by their names. */
  PageFiles(SortedMap<String, byte[]> files) {
    MessageDigest all = sha256();
    files.forEach((name, content) -> {
      all.update(name.getBytes(StandardCharsets.UTF_8));
      all.update(content);
    });
    hash = digits(all);
    files.forEach((name, content) -> {
      if (name.equals(INDEX)) {
        String page = new String(content, StandardCharsets.UTF_8);
        String rewritten = page.replace("\"" + ASSETS, "\"" + ASSETS + hash + "/");
        byPath.put("/", held(name, rewritten.getBytes(StandardCharsets.UTF_8)));
      } else {
        byPath.put(ASSETS + name, held(name, content));
      }
    });
  }

  private static Held held(String name, byte[] content) {
    MessageDigest digest = sha256();
    digest.update(content);
    byte[] packed = gzip(content);
    return new Held(
        TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream"),
        Buffer.from(content),
        packed.length < content.length ? Buffer.from(packed) : null,
        digits(digest));
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return packed.toByteArray();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java has SHA-256", impossible);
    }
  }

  private static String digits(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
  }

  /**
   * Answers a request for one of the files.
   *
   * @param path of the request, without a query
   * @return false, and nothing is answered, where there is none
   */
  boolean answer(String path, HttpRequest request, HttpResponse response) {
    String plainPath = withoutHash(path);
    Held file = byPath.get(plainPath);
    if (file == null) {
      return false;
    }
    boolean packed = file.gzip != null && takesGzip(request.header("accept-encoding"));
    String tag = "\"" + file.tag + (packed ? "-gz\"" : "\"");
    boolean forEver = path.startsWith(ASSETS + hash + "/");
    response.setHeader(
        "Cache-Control", forEver ? "public, max-age=31536000, immutable" : "no-cache");
    response.setHeader("ETag", tag);
    if (file.gzip != null) {
      response.setHeader("Vary", "Accept-Encoding");
    }
    if (isKnown(file.tag, request.header("if-none-match"))) {
      response.statusCode(304).end();
      return true;
    }
    if (plainPath.equals("/")) {
      String here = webSockets(request.header("host"), request.socket().encrypted());
      response.setHeader("Content-Security-Policy", POLICY + here);
    } else {
      // An image that is opened by itself is a page, too.
      response.setHeader("Content-Security-Policy", POLICY);
    }
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader("Content-Type", file.type);
    Buffer body = packed && file.gzip != null ? file.gzip : file.plain;
    if (packed) {
      response.setHeader("Content-Encoding", "gzip");
    }
    response.setHeader("Content-Length", body.length());
    if (request.method().equals("HEAD")) {
      response.end();
    } else {
      response.end(body);
    }
    return true;
  }

  /** The page as it is answered; empty where there is none. */
  String page() {
    Held page = byPath.get("/");
    return page == null ? "" : page.plain.toString();
  }

  /** The path with any hash taken out: a page that was loaded before the server was renewed. */
  private static String withoutHash(String path) {
    int from = ASSETS.length();
    int to = from + HASH_DIGITS;
    if (path.startsWith(ASSETS)
        && path.length() > to
        && path.charAt(to) == '/'
        && path.substring(from, to).matches("[0-9a-f]+")) {
      return ASSETS + path.substring(to + 1);
    }
    return path;
  }

  /** For browsers in which 'self' does not stand for WebSockets; nothing for a strange host. */
  private static String webSockets(@Nullable String host, boolean encrypted) {
    if (host == null || !host.matches("[A-Za-z0-9.:\\[\\]-]{1,255}")) {
      return "";
    }
    // Without TLS here there may be a proxy in front that has it.
    return encrypted ? " wss://" + host : " ws://" + host + " wss://" + host;
  }

  /** Whether one of the codings is gzip, and is not refused (RFC 9110 §12.5.3). */
  static boolean takesGzip(@Nullable String accepted) {
    if (accepted == null) {
      return false;
    }
    for (String coding : accepted.split(",", -1)) {
      String[] parts = coding.split(";", -1);
      if (parts[0].strip().equalsIgnoreCase("gzip")) {
        return parts.length < 2 || !parts[1].strip().matches("(?i)q=0(\\.0*)?");
      }
    }
    return false;
  }

  /** Whether the client has this content already (RFC 9110 §13.1.2), in either coding. */
  private static boolean isKnown(String tag, @Nullable String known) {
    if (known == null) {
      return false;
    }
    for (String one : known.split(",", -1)) {
      String text = one.strip();
      String bare = text.startsWith("W/") ? text.substring(2) : text;
      if (bare.equals("*") || bare.equals("\"" + tag + "\"") || bare.equals("\"" + tag + "-gz\"")) {
        return true;
      }
    }
    return false;
  }
}
