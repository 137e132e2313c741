package io.netloop.web;

import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Buffer;
import io.netloop.web.FileTree.Item;
import io.netloop.web.FileTree.Listing;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The names in a directory: as a page, or as JSON for who prefers that. */
final class DirectoryPage {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private static final String STYLE =
      "body{font:16px/1.6 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
          + "color-scheme:light dark}table{border-collapse:collapse;width:100%}"
          + "td{padding:.1rem .5rem;border-bottom:1px solid #8883;overflow-wrap:anywhere}"
          + "td+td{text-align:right;white-space:nowrap}a{text-decoration:none}a:hover{text-decoration:underline}";

  private DirectoryPage() {}

  /**
   * Makes both.
   *
   * @param items in their order
   * @param path of the directory, as the client names it
   * @param isRoot whether it is the uppermost
   * @param more whether there are more than these
   */
  static Listing of(List<Item> items, UrlPath path, boolean isRoot, boolean more) {
    String names = String.join("/", path.names());
    String shown = names.isEmpty() ? "/" : "/" + names + "/";
    return new Listing(
        Buffer.from(html(items, shown, isRoot, more)), Buffer.from(json(items, more)));
  }

  static void send(
      HttpRequest request, HttpResponse response, @Nullable WebResponse web, Listing listing) {
    boolean json = prefersJson(Objects.requireNonNullElse(request.header("accept"), ""));
    Answers.vary(response, "Accept");
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader(
        "Content-Type", json ? "application/json; charset=utf-8" : "text/html; charset=utf-8");
    if (!json) {
      response.setHeader(
          "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    }
    Answers.end(response, web, json ? listing.json() : listing.page());
  }

  /** JSON is named, and HTML is not: what curl and browsers say by themselves gets the page. */
  private static boolean prefersJson(String accept) {
    String types = accept.toLowerCase(Locale.ROOT);
    return types.contains("application/json") && !types.contains("text/html");
  }

  private static String html(List<Item> items, String path, boolean isRoot, boolean more) {
    String title = LastResort.escapeHtml("Index of " + path);
    StringBuilder page = new StringBuilder(256 + 160 * items.size());
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
        .append(title)
        .append("</title>\n<style>")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>")
        .append(title)
        .append("</h1>\n<table>\n");
    if (!isRoot) {
      page.append("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
    }
    for (Item item : items) {
      String end = item.directory() ? "/" : "";
      page.append("<tr><td><a href=\"./")
          .append(LastResort.escapeHtml(Percent.encodeComponent(item.name())))
          .append(end)
          .append("\">")
          .append(LastResort.escapeHtml(item.name()))
          .append(end)
          .append("</a></td><td>")
          .append(item.directory() ? "" : size(item.size()))
          .append("</td><td>")
          .append(moment(item))
          .append("</td></tr>\n");
    }
    page.append("</table>\n");
    if (more) {
      page.append("<p>These are the first %d names; there are more.</p>\n".formatted(items.size()));
    }
    return page.append("</body>\n</html>\n").toString();
  }

  /** {@code 2026-11-25T22:05:00Z}: whole seconds. */
  private static String moment(Item item) {
    return Instant.ofEpochSecond(Math.floorDiv(item.modifiedMillis(), 1000L)).toString();
  }

  private static String size(long bytes) {
    double shown = bytes;
    int unit = 0;
    while (shown >= 1024) {
      shown /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", shown, UNITS[unit]);
  }

  private static String json(List<Item> items, boolean more) {
    StringBuilder text = new StringBuilder(64 + 96 * items.size());
    text.append("{\"more\":").append(more).append(",\"entries\":[");
    String comma = "";
    for (Item item : items) {
      text.append(comma).append("{\"name\":");
      quote(text, item.name());
      text.append(",\"type\":").append(item.directory() ? "\"directory\"" : "\"file\"");
      if (!item.directory()) {
        text.append(",\"size\":").append(item.size());
      }
      text.append(",\"modified\":\"").append(moment(item)).append("\"}");
      comma = ",";
    }
    return text.append("]}\n").toString();
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
