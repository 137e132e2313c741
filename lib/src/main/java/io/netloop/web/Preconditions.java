package io.netloop.web;

import io.netloop.http.Headers;
import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request's conditions say of what is there (RFC 9110 §13). The order is that of its section
 * 13.2.2.
 */
final class Preconditions {
  /** What to answer. */
  enum Verdict {
    /** As if there were no condition. */
    SEND,
    /** 304: the client has it. */
    NOT_MODIFIED,
    /** 412: it is not what the client means. */
    FAILED
  }

  private final Headers headers;
  private final @Nullable String etag;
  private final @Nullable Instant modified;

  /**
   * @param etag the entity tag that is sent, or null
   * @param modified the {@code Last-Modified} that is sent, in whole seconds, or null
   */
  Preconditions(Headers headers, @Nullable String etag, @Nullable Instant modified) {
    this.headers = headers;
    this.etag = etag;
    this.modified = modified;
  }

  /**
   * Whether the client of a request that reads has the response already, by the {@code ETag} and
   * {@code Last-Modified} that are set by now.
   */
  static boolean isFresh(HttpRequest request, HttpResponse response) {
    Headers headers = request.headers();
    boolean asks = headers.has("If-None-Match") || headers.has("If-Modified-Since");
    int status = response.statusCode();
    if (!asks || !reads(request.method()) || (status != 304 && (status < 200 || status >= 300))) {
      return false;
    }
    Instant modified = HttpDate.parse(text(response.getHeader("Last-Modified")));
    return new Preconditions(headers, text(response.getHeader("ETag")), modified).isFresh();
  }

  private static boolean reads(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("QUERY");
  }

  private static @Nullable String text(@Nullable Object header) {
    return header == null ? null : header.toString();
  }

  Verdict verdict() {
    String match = headers.get("if-match");
    if (match != null) {
      if (!isStar(match) && !lists(match, true)) {
        return Verdict.FAILED;
      }
    } else if (isChangedSince(headers.get("if-unmodified-since"))) {
      return Verdict.FAILED;
    }
    return isFresh() ? Verdict.NOT_MODIFIED : Verdict.SEND;
  }

  /** Whether the client's copy is still right, and it has not been told to ask for another. */
  boolean isFresh() {
    return isKnown() && !isReload();
  }

  private boolean isKnown() {
    String noneMatch = headers.get("if-none-match");
    if (noneMatch != null) {
      return isStar(noneMatch) || lists(noneMatch, false);
    }
    Instant since = HttpDate.parse(headers.get("if-modified-since"));
    return since != null && modified != null && !modified.isAfter(since);
  }

  private boolean isChangedSince(@Nullable String date) {
    Instant since = HttpDate.parse(date);
    return since != null && modified != null && modified.isAfter(since);
  }

  /** A reload of the user's, which the client asks the origin for: no 304 answers it. */
  private boolean isReload() {
    String control = headers.get("cache-control");
    return control != null
        && MediaType.split(control, ',').stream().anyMatch("no-cache"::equalsIgnoreCase);
  }

  /**
   * Whether a part may be sent: the client has the other parts of the same (RFC 9110 §13.1.5). A
   * weak tag says that it means the same, which for parts is not enough.
   */
  boolean allowsRange() {
    String condition = headers.get("if-range");
    if (condition == null) {
      return true;
    }
    String text = condition.strip();
    if (text.startsWith("\"") || text.startsWith("W/")) {
      return text.equals(etag) && !isWeak(text);
    }
    return modified != null && modified.equals(HttpDate.parse(text));
  }

  private static boolean isStar(String list) {
    return list.strip().equals("*");
  }

  private static boolean isWeak(String tag) {
    return tag.startsWith("W/");
  }

  private static String opaque(String tag) {
    return isWeak(tag) ? tag.substring(2) : tag;
  }

  /** Whether a list of entity tags has ours. A tag may hold commas. */
  private boolean lists(String list, boolean strongly) {
    if (etag == null || (strongly && isWeak(etag))) {
      return false;
    }
    String ours = opaque(etag);
    if (!ours.startsWith("\"")) { // It is no tag; but clients send back what a program has set.
      return MediaType.split(list, ',').stream().anyMatch(tag -> opaque(tag).equals(ours));
    }
    int at = 0;
    while (at < list.length()) {
      int quote = list.indexOf('"', at);
      int end = quote < 0 ? -1 : list.indexOf('"', quote + 1);
      if (end < 0) {
        return false;
      }
      boolean weak = quote >= 2 && list.startsWith("W/", quote - 2);
      if (list.regionMatches(quote, ours, 0, ours.length())
          && end + 1 - quote == ours.length()
          && !(strongly && weak)) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }
}
