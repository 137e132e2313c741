package io.netloop.http;

import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers. The program sets status and headers, writes a body if it likes, and calls
 * {@link #end()}; how the body is delimited, the date, and whether the connection is kept are added
 * by themselves. <i>Loop-confined.</i>
 *
 * @see <a href="https://nodejs.org/api/http.html#class-httpserverresponse">Node:
 *     http.ServerResponse</a>
 */
public final class HttpResponse extends OutgoingMessage<HttpResponse> {
  private static final OutgoingHeaders NO_HEADERS = new OutgoingHeaders();

  private final ServerExchange exchange;
  private final HttpRequest request;
  private int statusCode = 200;
  private @Nullable String statusMessage;
  private boolean sendDate = true;
  boolean shouldKeepAlive;

  // Headers of ours that the program has taken out.
  private boolean noDate;
  boolean noConnection;
  boolean noLength;
  boolean noEncoding;

  /**
   * The client waits for {@code 100 Continue}. Unless it is sent nobody knows whether the body will
   * come, or another request (RFC 9110 §10.1.1): the connection is not kept.
   */
  boolean awaitsContinue;

  /** The response to the request behind this one. */
  @Nullable HttpResponse next;

  /** When its request had come, by the loop's clock. */
  final long beganNanos;

  /** The how manieth of its exchange. */
  final int number;

  HttpResponse(ServerExchange exchange, HttpRequest request, Wire wire, int number) {
    super(exchange.reactor(), wire);
    this.exchange = exchange;
    this.request = request;
    this.shouldKeepAlive = request.keepsAlive;
    this.hasBody = !request.method().equals("HEAD");
    this.beganNanos = exchange.reactor().now();
    this.number = number;
    strictLength(exchange.options().strictContentLength());
  }

  // Status and headers

  /** 200, or what was set. */
  public int statusCode() {
    return statusCode;
  }

  /**
   * Sets the status, 100 to 999.
   *
   * @throws NetException {@code ERR_HTTP_INVALID_STATUS_CODE}
   */
  public HttpResponse statusCode(int code) {
    checkStatus(code);
    if (reactor.inLoop()) {
      statusCode = code;
    } else {
      reactor.execute(() -> statusCode = code);
    }
    return this;
  }

  /** The phrase of the status line, or null for the usual one. */
  public @Nullable String statusMessage() {
    return statusMessage;
  }

  /**
   * Sets the phrase of the status line.
   *
   * @throws NetException {@code ERR_INVALID_CHAR}
   */
  public HttpResponse statusMessage(String phrase) {
    checkPhrase(phrase);
    reactor.run(() -> statusMessage = phrase);
    return this;
  }

  private static void checkStatus(int code) {
    if (code < 100 || code > 999) {
      throw new NetException("ERR_HTTP_INVALID_STATUS_CODE", "Invalid status code: " + code);
    }
  }

  private static void checkPhrase(String phrase) {
    if (Syntax.badValueCharacter(phrase) >= 0) {
      throw new NetException("ERR_INVALID_CHAR", "Invalid character in statusMessage");
    }
  }

  @Override
  public HttpResponse setHeader(String name, String value) {
    if (!reactor.inLoop()) {
      super.setHeader(name, value);
      return this;
    }
    requireUnsent("set");
    HeaderLines known = exchange.headerLines();
    if (!known.knows(name, value)) {
      OutgoingHeaders.checkName(name);
      OutgoingHeaders.checkValue(name, value);
      known.remember(name, value);
    }
    headers.set(name, value);
    return this;
  }

  /**
   * Sets status and headers at once; they stay open to {@link #setHeader} until they are sent.
   *
   * @throws NetException {@code ERR_HTTP_HEADERS_SENT}, or as {@link #setHeader}
   */
  public HttpResponse writeHead(int status) {
    requireUnsent("write");
    return statusCode(status);
  }

  /** As {@link #writeHead(int)}; the headers are texts, numbers, or lists of texts. */
  public HttpResponse writeHead(int status, Map<String, ?> more) {
    requireUnsent("write");
    checkStatus(status);
    setHeaders(more);
    return statusCode(status);
  }

  /** As {@link #writeHead(int, Map)}, with a phrase. */
  public HttpResponse writeHead(int status, String phrase, Map<String, ?> more) {
    checkPhrase(phrase);
    writeHead(status, more);
    return statusMessage(phrase);
  }

  /** As {@link #writeHead(int)}; the headers are name, value, name, value …, and may repeat. */
  public HttpResponse writeHead(int status, List<String> flat) {
    if (flat.size() % 2 != 0) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "A flat list of headers has a value for each name, not " + flat.size() + " elements.");
    }
    for (int i = 0; i < flat.size(); i += 2) {
      OutgoingHeaders.checked(flat.get(i), flat.get(i + 1));
    }
    writeHead(status);
    List<String> lines = List.copyOf(flat);
    reactor.run(() -> {
      for (int i = 0; i < lines.size(); i += 2) {
        headers.remove(lines.get(i));
      }
      for (int i = 0; i < lines.size(); i += 2) {
        headers.add(lines.get(i), lines.get(i + 1));
      }
    });
    return this;
  }

  /** Whether a {@code Date} is added; it is by default. */
  public HttpResponse sendDate(boolean on) {
    reactor.run(() -> sendDate = on);
    return this;
  }

  public boolean sendDate() {
    return sendDate;
  }

  /** Whether the connection is kept, as far as the program and the client are concerned. */
  public boolean shouldKeepAlive() {
    return shouldKeepAlive;
  }

  /** Has the connection be kept, or closed after this response. */
  public HttpResponse shouldKeepAlive(boolean on) {
    reactor.run(() -> shouldKeepAlive = on);
    return this;
  }

  /**
   * Holds the body to the program's own {@code Content-Length}: more or less of it is refused with
   * {@code ERR_HTTP_CONTENT_LENGTH_MISMATCH}.
   */
  public HttpResponse strictContentLength(boolean on) {
    reactor.run(() -> strictLength(on));
    return this;
  }

  /** Whether a date is added where the program has set none. */
  boolean addsDate() {
    return sendDate && !noDate;
  }

  @Override
  void removed(String lowerName) {
    switch (lowerName) {
      case "date" -> noDate = true;
      case "connection" -> noConnection = true;
      case "content-length" -> noLength = true;
      case "transfer-encoding" -> noEncoding = true;
      default -> {
        // Only these are added by ourselves.
      }
    }
  }

  // Answers before the answer

  /** {@code 100 Continue}: the client may send the body. */
  public HttpResponse writeContinue() {
    reactor.run(() -> awaitsContinue = false);
    return writeInformation(100, NO_HEADERS);
  }

  /** {@code 102 Processing}. */
  public HttpResponse writeProcessing() {
    return writeInformation(102, NO_HEADERS);
  }

  /**
   * {@code 103 Early Hints} (RFC 8297), so that the client can begin to load what it will need.
   *
   * @param hints {@code link}, a text or a list of texts, without which nothing is sent; and
   *     perhaps other headers
   */
  public HttpResponse writeEarlyHints(Map<String, ?> hints) {
    if (hints.keySet().stream().noneMatch("link"::equalsIgnoreCase)) {
      return this;
    }
    OutgoingHeaders lines = new OutgoingHeaders();
    hints.forEach((name, value) -> {
      Object checked = OutgoingHeaders.checked(name, value);
      boolean isLink = name.equalsIgnoreCase("link");
      lines.add(isLink ? "Link" : name, String.join(", ", OutgoingHeaders.texts(checked)));
    });
    return writeInformation(103, lines);
  }

  private HttpResponse writeInformation(int status, OutgoingHeaders lines) {
    reactor.run(() -> {
      if (!headersSent() && !destroyed() && request.mayBeInformed()) {
        wire.information(status, lines);
        wire.written();
      }
    });
    return this;
  }

  @Override
  void putFields(OutgoingFields fields, HeadWriter to, long bodyLength) {
    fields.response(this, to, bodyLength, exchange.dateLine());
  }

  Set<String> uniqueHeaders() {
    return exchange.options().uniqueHeaders();
  }

  @Override
  void putHead(HeadWriter head, long bodyLength) {
    exchange.putHead(this, head, bodyLength);
  }

  // Its life

  @Override
  void headRefused() {
    hasBody = !request.method().equals("HEAD");
    chunked = false;
    last = false;
    declaredLength = -1;
  }

  @Override
  boolean refusesBody() {
    return exchange.options().rejectNonStandardBodyWrites() && (!hasBody || isBodiless());
  }

  /** Whether the status allows no body, or an empty one. */
  boolean isBodiless() {
    return statusCode == 204 || statusCode == 205 || statusCode == 304 || statusCode < 200;
  }

  @Override
  boolean isWatched() {
    return request.hasCloseListeners();
  }

  @Override
  void wasEnded() {
    exchange.responseEnded(this);
  }

  @Override
  void wasFinished() {
    CloseCause end = ServerConnection.ANSWERED;
    request.overAfterFinish(end);
    over(end);
  }

  @Override
  void listenerFailed(Throwable failure) {
    exchange.handlerFailed(this, failure);
  }

  @Override
  void cut(@Nullable NetException failure) {
    exchange.cut(this, failure);
  }

  @Override
  int highWaterMark() {
    return exchange.highWaterMark();
  }

  /**
   * Tells 'timeout' of the connection's socket after this long without activity; 0 turns it off.
   */
  public HttpResponse setTimeout(long millis, Runnable listener) {
    exchange.socket().setTimeout(millis, listener);
    return this;
  }

  /** What this answers. */
  public HttpRequest request() {
    return request;
  }

  /** The exchange. */
  public TcpSocket socket() {
    return exchange.socket();
  }

  @Override
  public String toString() {
    return statusCode + " to " + request;
  }
}
