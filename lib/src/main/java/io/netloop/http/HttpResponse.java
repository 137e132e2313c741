package io.netloop.http;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers. The program sets status and headers, writes a body if it likes, and calls
 * {@link #end()}; how the body is delimited, the date, and whether the connection is kept are added
 * by themselves. <i>Loop-confined.</i>
 *
 * @see <a href="https://nodejs.org/api/http.html#class-httpserverresponse">Node:
 *     http.ServerResponse</a>
 */
public final class HttpResponse extends OutgoingMessage {
  private final ServerConnection connection;
  private final HttpRequest request;
  private int statusCode = 200;
  private @Nullable String statusMessage;
  private boolean sendDate = true;
  private boolean shouldKeepAlive;

  // Headers of ours that the program has taken out.
  private boolean noDate;
  private boolean noConnection;
  private boolean noLength;
  private boolean noEncoding;

  // What the program's own headers say.
  private boolean ownDate;
  private boolean ownConnection;
  private boolean ownKeepAlive;
  private boolean ownEncoding;
  private boolean ownTrailer;

  /**
   * The client waits for {@code 100 Continue}. Unless it is sent nobody knows whether the body will
   * come, or another request (RFC 9110 §10.1.1): the connection is not kept.
   */
  boolean awaitsContinue;

  /** The response to the request behind this one. */
  @Nullable HttpResponse next;

  /** When its request had come, by the loop's clock. */
  final long beganNanos;

  /** The how manieth of its connection. */
  final int number;

  HttpResponse(ServerConnection connection, HttpRequest request, Wire wire) {
    super(connection.reactor(), wire);
    this.connection = connection;
    this.request = request;
    this.shouldKeepAlive = request.keepsAlive;
    this.hasBody = !request.method().equals("HEAD");
    this.beganNanos = connection.reactor().now();
    this.number = connection.requests();
    strictLength(connection.options().strictContentLength());
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
    HeaderLines known = connection.headerLines();
    if (!known.knows(name, value)) {
      OutgoingHeaders.checkName(name);
      OutgoingHeaders.checkValue(name, value);
      known.remember(name, value);
    }
    headers.set(name, value);
    return this;
  }

  @Override
  public HttpResponse setHeader(String name, Number value) {
    super.setHeader(name, value);
    return this;
  }

  @Override
  public HttpResponse setHeader(String name, List<String> values) {
    super.setHeader(name, values);
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
    return writeInformation("HTTP/1.1 100 Continue\r\n\r\n");
  }

  /** {@code 102 Processing}. */
  public HttpResponse writeProcessing() {
    return writeInformation("HTTP/1.1 102 Processing\r\n\r\n");
  }

  /**
   * {@code 103 Early Hints} (RFC 8297), so that the client can begin to load what it will need.
   *
   * @param hints {@code link}, a text or a list of texts, without which nothing is sent; and
   *     perhaps other headers
   */
  public HttpResponse writeEarlyHints(Map<String, ?> hints) {
    HeadWriter lines = new HeadWriter();
    lines.put("HTTP/1.1 103 Early Hints\r\n");
    if (hints.keySet().stream().noneMatch("link"::equalsIgnoreCase)) {
      return this;
    }
    hints.forEach((name, value) -> {
      Object checked = OutgoingHeaders.checked(name, value);
      boolean isLink = name.equalsIgnoreCase("link");
      String text = String.join(", ", OutgoingHeaders.texts(checked));
      lines.putHeader(isLink ? "Link" : name, text);
    });
    lines.putLineEnd();
    return writeInformation(lines.toString());
  }

  private HttpResponse writeInformation(String message) {
    reactor.run(() -> {
      if (!headersSent() && !destroyed() && request.httpVersionMinor() > 0) {
        wire.writer().put(message);
        wire.written();
      }
    });
    return this;
  }

  // The head

  @Override
  void putHead(HeadWriter head, long bodyLength) {
    if (statusMessage == null) {
      StatusCodes.putLine(head, statusCode);
    } else {
      StatusCodes.putLine(head, statusCode, statusMessage);
    }
    boolean empty = statusCode == 205;
    hasBody &= !isBodiless();
    boolean lengthForbidden = statusCode == 204 || statusCode < 200;
    if (headers.size() > 0) {
      putOwn(head, lengthForbidden, empty);
    }
    boolean http11 = request.httpVersionMinor() > 0;
    putConnection(head, http11 || declaredLength >= 0);
    if (empty) {
      head.put("Content-Length: 0\r\n");
    } else if (hasBody && declaredLength < 0 && !ownEncoding) {
      putLength(head, bodyLength, http11);
    }
    head.putLineEnd();
  }

  private void putOwn(HeadWriter head, boolean lengthForbidden, boolean empty) {
    HeaderLines known = connection.headerLines();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      Object value = headers.value(i);
      byte[] line = known.line(name, value);
      if (line != null) {
        head.put(line);
        continue;
      }
      switch (name.length()) {
        case 4 -> ownDate |= name.equalsIgnoreCase("date");
        case 7 -> ownTrailer |= name.equalsIgnoreCase("trailer");
        case 10 -> {
          if (name.equalsIgnoreCase("connection")) {
            noteConnection(value);
          }
          ownKeepAlive |= name.equalsIgnoreCase("keep-alive");
        }
        case 14 -> {
          if (name.equalsIgnoreCase("content-length")) {
            if (lengthForbidden || empty || headers.has("transfer-encoding")) {
              continue;
            }
            declaredLength = lengthOf(value);
          }
        }
        case 17 -> {
          if (name.equalsIgnoreCase("transfer-encoding")) {
            if (lengthForbidden || empty || request.httpVersionMinor() == 0) {
              continue;
            }
            ownEncoding = true;
            chunked = value.toString().toLowerCase(Locale.ROOT).contains("chunked");
            last |= !chunked;
          }
        }
        default -> {
          // The others concern the client, not how the message is framed.
        }
      }
      if (value instanceof List<?> && isUnique(name)) {
        head.putHeader(name, String.join("; ", OutgoingHeaders.texts(value)));
      } else {
        putLines(head, name, value);
      }
    }
    if (ownTrailer && (declaredLength >= 0 || request.httpVersionMinor() == 0)) {
      throw new NetException(
          "ERR_HTTP_TRAILER_INVALID", "Trailers are invalid with this transfer encoding");
    }
  }

  private boolean isUnique(String name) {
    return connection.options().uniqueHeaders().contains(name.toLowerCase(Locale.ROOT));
  }

  private void noteConnection(Object value) {
    ownConnection = true;
    for (String line : OutgoingHeaders.texts(value)) {
      last |= line.toLowerCase(Locale.ROOT).contains("close");
    }
  }

  /** Date, and whether the connection is kept. */
  private void putConnection(HeadWriter head, boolean delimited) {
    boolean dated = sendDate && !noDate && !ownDate;
    shouldKeepAlive &= !awaitsContinue;
    boolean mayKeep = shouldKeepAlive && delimited && !connection.isLast(this);
    if (ownConnection || noConnection) {
      last |= !ownConnection && !shouldKeepAlive;
      last |= connection.isLast(this);
      if (dated) {
        head.put(connection.dateLine().date());
      }
      return;
    }
    boolean kept = mayKeep && !last;
    if (kept && dated && !ownKeepAlive && !connection.countsRequests()) {
      head.put(connection.dateLine().dateAndKept(connection.keepAliveSeconds()));
      return;
    }
    if (dated) {
      head.put(connection.dateLine().date());
    }
    if (kept) {
      head.put("Connection: keep-alive\r\n");
      if (!ownKeepAlive) {
        connection.putKeepAlive(head);
      }
    } else {
      last = true;
      head.put("Connection: close\r\n");
    }
  }

  private void putLength(HeadWriter head, long bodyLength, boolean http11) {
    if (!http11) {
      last = true;
    } else if (bodyLength >= 0 && !noLength && !ownTrailer) {
      head.put("Content-Length: ");
      head.put(bodyLength);
      head.putLineEnd();
    } else if (!noEncoding) {
      chunked = true;
      head.put("Transfer-Encoding: chunked\r\n");
    } else {
      last = true;
    }
  }

  // Its life

  @Override
  void headRefused() {
    hasBody = !request.method().equals("HEAD");
    chunked = false;
    last = false;
    declaredLength = -1;
    ownDate = false;
    ownConnection = false;
    ownKeepAlive = false;
    ownEncoding = false;
    ownTrailer = false;
  }

  @Override
  boolean refusesBody() {
    return connection.options().rejectNonStandardBodyWrites() && (!hasBody || isBodiless());
  }

  /** Whether the status allows no body, or an empty one. */
  private boolean isBodiless() {
    return statusCode == 204 || statusCode == 205 || statusCode == 304 || statusCode < 200;
  }

  @Override
  boolean isWatched() {
    return request.hasCloseListeners();
  }

  @Override
  void wasEnded() {
    connection.responseEnded(this);
  }

  @Override
  void wasFinished() {
    CloseCause end = ServerConnection.ANSWERED;
    request.overAfterFinish(end);
    over(end);
  }

  @Override
  void listenerFailed(Throwable failure) {
    connection.handlerFailed(this, failure);
  }

  @Override
  void cut(@Nullable NetException failure) {
    connection.cut(this, failure);
  }

  @Override
  int highWaterMark() {
    return connection.highWaterMark();
  }

  /**
   * Tells 'timeout' of the connection's socket after this long without activity; 0 turns it off.
   */
  public HttpResponse setTimeout(long millis, Runnable listener) {
    connection.socket().setTimeout(millis, listener);
    return this;
  }

  /** What this answers. */
  public HttpRequest request() {
    return request;
  }

  /** The connection. */
  public TcpSocket socket() {
    return connection.socket();
  }

  @Override
  public HttpResponse end() {
    super.end();
    return this;
  }

  @Override
  public HttpResponse end(String text) {
    super.end(text);
    return this;
  }

  @Override
  public HttpResponse end(Buffer data) {
    super.end(data);
    return this;
  }

  @Override
  public HttpResponse end(Consumer<@Nullable NetException> callback) {
    super.end(callback);
    return this;
  }

  @Override
  public HttpResponse end(Buffer data, Consumer<@Nullable NetException> callback) {
    super.end(data, callback);
    return this;
  }

  @Override
  public String toString() {
    return statusCode + " to " + request;
  }
}
