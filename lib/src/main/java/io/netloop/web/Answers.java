package io.netloop.web;

import io.netloop.http.Http;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How answers end, and those of the file server that are no files. */
final class Answers {
  private Answers() {}

  /**
   * Ends with a whole body, by the way that middleware may have changed; HEAD is told its length
   * alone.
   */
  static void end(HttpResponse response, @Nullable WebResponse web, Buffer body) {
    if (response.request().method().equals("HEAD") && !response.hasHeader("Content-Length")) {
      response.setHeader("Content-Length", body.length());
    }
    endWith(response, web, body);
  }

  /** Ends with nothing, whatever the headers say of a body. */
  static void end(HttpResponse response, @Nullable WebResponse web) {
    endWith(response, web, Buffer.empty());
  }

  private static void endWith(HttpResponse response, @Nullable WebResponse web, Buffer body) {
    if (web == null) {
      response.end(body);
    } else {
      web.end(body);
    }
  }

  /** Answers with a status and what it means. */
  static void refuse(HttpResponse response, @Nullable WebResponse web, int status) {
    forgetBody(response, status);
    response.statusCode(status);
    response.setHeader("Content-Type", "text/plain; charset=utf-8");
    response.setHeader("X-Content-Type-Options", "nosniff");
    Buffer body = Buffer.from(status + " " + Http.STATUS_CODES.get(status) + "\n");
    response.setHeader("Content-Length", body.length());
    end(response, web, body);
  }

  /**
   * Takes out the headers of a body that does not come. Its length above all: another body behind
   * it would be read as the next answer.
   */
  static void forgetBody(HttpResponse response, int status) {
    boolean keepsRange = status == 416;
    for (String name : response.getHeaderNames()) {
      boolean aboutBody =
          name.startsWith("content-")
              || name.equals("transfer-encoding")
              || name.equals("etag")
              || name.equals("last-modified")
              || name.equals("cache-control")
              || name.equals("accept-ranges");
      if (aboutBody && !(keepsRange && name.equals("content-range"))) {
        response.removeHeader(name);
      }
    }
  }

  /** Sends the client to another path of the same server. */
  static void redirect(HttpResponse response, @Nullable WebResponse web, String location) {
    String page =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>Redirecting</title>
        </head>
        <body>
        <pre>Redirecting to %s</pre>
        </body>
        </html>
        """
            .formatted(LastResort.escapeHtml(location));
    response.statusCode(301);
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader("Content-Security-Policy", "default-src 'none'");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Location", location);
    end(response, web, Buffer.from(page));
  }

  /** Names of headers in {@code Vary}, each once; a star stands for all. */
  static void vary(HttpResponse response, String... names) {
    Object set = response.getHeader("Vary");
    String all =
        set == null
            ? ""
            : set instanceof List<?> lines
                ? String.join(", ", lines.stream().map(String::valueOf).toList())
                : set.toString();
    for (String name : names) {
      List<String> known = MediaType.split(all, ',');
      if (known.contains("*") || name.equals("*")) {
        all = "*";
      } else if (known.stream().noneMatch(name::equalsIgnoreCase)) {
        all = all.isEmpty() ? name : all + ", " + name;
      }
    }
    if (!all.isEmpty()) {
      response.setHeader("Vary", all);
    }
  }
}
