package io.netloop.web;

import io.netloop.http.Http;
import io.netloop.loop.Buffer;
import io.netloop.template.TemplateError;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what no handler has answered: 404, or the status of an error. What has failed inside the
 * program is logged, and shown to the client in development only.
 */
final class LastResort {
  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

  private LastResort() {}

  static void answer(WebRequest request, WebResponse response, @Nullable Throwable error) {
    if (error != null) {
      fail(request, response, error);
    } else if (!response.headersSent()) {
      String allowed = request.allowed();
      boolean wrongMethod = !allowed.isEmpty();
      if (wrongMethod) {
        response.setHeader("Allow", allowed);
      }
      String path = request.target().substring(request.pathStart(), request.pathEnd());
      send(
          response,
          wrongMethod ? 405 : 404,
          "Cannot " + request.method() + " " + Percent.encodeUrl(path.isEmpty() ? "/" : path));
    }
  }

  private static void fail(WebRequest request, WebResponse response, Throwable error) {
    int status = status(response, error);
    if (status >= 500) {
      LOG.error("{} {} failed.", request.method(), request.originalUrl(), error);
    }
    if (response.headersSent()) {
      if (!response.writableEnded()) {
        response.destroy();
      }
      return;
    }
    send(response, status, message(request, status, error));
  }

  private static int status(WebResponse response, Throwable error) {
    if (error instanceof WebException known) {
      return known.status();
    }
    int set = response.statusCode();
    return set >= 400 && set < 600 ? set : 500;
  }

  private static String message(WebRequest request, int status, Throwable error) {
    if (status < 500 && error instanceof WebException) {
      return String.valueOf(error.getMessage());
    }
    if (request.app().isDevelopment()) {
      if (error instanceof TemplateError) {
        // It shows the place in the template: that is where its author looks.
        return String.valueOf(error.getMessage());
      }
      StringWriter stack = new StringWriter();
      error.printStackTrace(new PrintWriter(stack));
      return stack.toString();
    }
    return Http.STATUS_CODES.getOrDefault(status, String.valueOf(status));
  }

  private static void send(WebResponse response, int status, String message) {
    Answers.forgetBody(response.raw(), status);
    response.statusCode(status);
    response.setHeader("Content-Security-Policy", "default-src 'none'");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    Buffer page = Buffer.from(page(message));
    response.setHeader("Content-Length", page.length());
    response.end(page);
  }

  private static String page(String message) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>Error</title>
    </head>
    <body>
    <pre>%s</pre>
    </body>
    </html>
    """
        .formatted(escapeHtml(message).replace("\n", "<br>").replace("  ", " &nbsp;"));
  }

  static String escapeHtml(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
