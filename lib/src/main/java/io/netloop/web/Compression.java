package io.netloop.web;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compresses what goes out, where the client takes it and it is worth the while: decided when the
 * headers leave.
 */
final class Compression implements Middleware {
  private static final Set<String> COMPRESSIBLE =
      Set.of(
          "application/javascript",
          "application/json",
          "application/manifest+json",
          "application/ld+json",
          "application/rtf",
          "application/wasm",
          "application/xml",
          "application/vnd.ms-fontobject",
          "application/x-javascript",
          "application/x-ndjson",
          "font/otf",
          "font/ttf",
          "image/bmp",
          "image/svg+xml",
          "image/vnd.microsoft.icon",
          "image/x-icon");

  private final CompressionOptions options;
  private final List<String> codings;

  Compression(CompressionOptions options) {
    this.options = options;
    this.codings = Encoder.CODINGS; // Now, and not on the loop: libraries are loaded for it.
  }

  @Override
  public void handle(WebRequest request, WebResponse response, Next next) {
    response.onHeaders(() -> decide(request, response));
    next.run();
  }

  private void decide(WebRequest request, WebResponse response) {
    int status = response.statusCode();
    boolean hasBody = status >= 200 && status != 204 && status != 205 && status != 304;
    if (!hasBody || !isCompressible(response) || !options.filter().test(response)) {
      return;
    }
    response.vary("Accept-Encoding");
    long length = response.body().knownLength();
    if ((length >= 0 && length < options.threshold())
        || request.method().equals("HEAD")
        || status == 206
        || response.hasHeader("Content-Range")) {
      return;
    }
    String coding = Accept.encodingByOurs(request.header("Accept-Encoding"), codings);
    if (coding == null) {
      return;
    }
    response.setHeader("Content-Encoding", coding);
    if (response.hasHeader("Content-Length")) {
      response.removeHeader("Content-Length");
    }
    String etag = text(response.getHeader("ETag"));
    if (etag != null && !etag.startsWith("W/")) {
      response.setHeader("ETag", "W/" + etag);
    }
    response.body().filter(new CompressedBody(response, new Encoder(coding, options)));
  }

  private static boolean isCompressible(WebResponse response) {
    String encoding = text(response.getHeader("Content-Encoding"));
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return false;
    }
    String caching = text(response.getHeader("Cache-Control"));
    if (caching != null && caching.toLowerCase(Locale.ROOT).contains("no-transform")) {
      return false;
    }
    MediaType type = MediaType.parse(text(response.getHeader("Content-Type")));
    return type != null
        && (type.main().equals("text")
            || COMPRESSIBLE.contains(type.name())
            || type.sub().endsWith("+json")
            || type.sub().endsWith("+xml")
            || type.sub().endsWith("+text"));
  }

  private static @Nullable String text(@Nullable Object header) {
    return header instanceof List<?> lines
        ? String.valueOf(lines.getFirst())
        : header == null ? null : header.toString();
  }
}
