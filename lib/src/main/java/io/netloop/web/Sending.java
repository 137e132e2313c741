package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.http.Http;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** How {@link WebResponse} sends whole bodies: type, entity tag, 304. On the loop. */
final class Sending {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  private Sending() {}

  /** Sends a body, of this type where the program has set none. */
  static void send(WebResponse response, Buffer body, String type) {
    if (response.headersSent()) {
      throw new NetException(
          "ERR_HTTP_HEADERS_SENT", "Cannot set headers after they are sent to the client");
    }
    Object set = response.getHeader("Content-Type");
    if (set == null) {
      response.setHeader("Content-Type", type);
    } else if (type.startsWith("text/") && lacksCharset(set.toString())) {
      response.setHeader("Content-Type", set + "; charset=utf-8");
    }
    if (response.app().makesEtags() && !response.hasHeader("ETag")) {
      response.setHeader("ETag", Etag.weak(BYTES.array(body), BYTES.offset(body), body.length()));
    }
    if (response.request().fresh()) {
      response.statusCode(304);
    }
    int status = response.statusCode();
    if (status == 204 || status == 304) {
      response.removeHeader("Content-Type");
      response.end();
    } else {
      Answers.end(response.raw(), response, body);
    }
  }

  private static boolean lacksCharset(String type) {
    return !type.toLowerCase(Locale.ROOT).contains("charset=");
  }

  static void redirect(WebResponse response, int status, String target) {
    String phrase = Http.STATUS_CODES.getOrDefault(status, String.valueOf(status));
    String best = response.request().accepts("text", "html");
    Answers.vary(response.raw(), "Accept");
    if (best == null) {
      response.end();
      return;
    }
    response.type(best);
    if (best.equals("text")) {
      Answers.end(response.raw(), response, Buffer.from(phrase + ". Redirecting to " + target));
      return;
    }
    String shown = LastResort.escapeHtml(target);
    String page =
        "<!DOCTYPE html><head><title>%s</title></head><body><p>%s. Redirecting to %s</p></body>"
            .formatted(phrase, phrase, shown);
    Answers.end(response.raw(), response, Buffer.from(page));
  }

  /** A value of {@code Link} (RFC 8288 §3). */
  static String links(Map<String, String> urls) {
    StringJoiner links = new StringJoiner(", ");
    urls.forEach((rel, url) -> links.add("<" + Percent.encodeUrl(url) + ">; rel=\"" + rel + "\""));
    return links.toString();
  }
}
