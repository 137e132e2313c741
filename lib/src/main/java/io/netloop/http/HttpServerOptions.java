package io.netloop.http;

import io.netloop.loop.NetException;
import io.netloop.net.TcpOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The limits and the ways of an HTTP server. <i>Immutable.</i>
 *
 * @param headersTimeout how long a request's line and headers may take, from the first byte, or
 *     from the begin of the connection for the first request; 60 seconds by default, zero for ever
 * @param requestTimeout how long a whole request may take with its body; 5 minutes by default, zero
 *     for ever
 * @param keepAliveTimeout how long a connection is kept after a response for another request; 5
 *     seconds by default, zero for ever
 * @param keepAliveTimeoutBuffer added in silence to the former, so that clients close first; 1
 *     second by default
 * @param timeout how long a connection may be without any activity before 'timeout' is told, or it
 *     is destroyed where nobody listens; zero, the default, for ever: the others bound it
 * @param maxHeaderSize the most bytes of a request line with its headers; 16,384 by default, 431
 *     answers more
 * @param maxHeadersCount the most header lines; 2,000 by default, 431 answers more
 * @param maxBodySize the most bytes of a request's body; 413 answers more. {@link #UNLIMITED} by
 *     default: a body is never gathered, and what waits for its reader is bounded
 * @param maxRequestsPerSocket how many requests a connection may bring, 503 answers more; 0, the
 *     default, for any number
 * @param maxPipelined how many requests of one connection may wait for their responses before no
 *     more are read; 32 by default
 * @param requireHostHeader true by default: a request of HTTP/1.1 without {@code Host} is answered
 *     with 400 (RFC 9112 §3.2)
 * @param joinDuplicateHeaders false by default; see {@link Headers#get}
 * @param rejectNonStandardBodyWrites false by default: a body where none may be is dropped. With
 *     true writing one throws {@code ERR_HTTP_BODY_NOT_ALLOWED}
 * @param strictContentLength what {@link HttpResponse#strictContentLength} is at first; false by
 *     default
 * @param uniqueHeaders names of headers, in small letters, whose lists go in one line, joined with
 *     {@code "; "}; none by default
 * @param http2 what holds for connections of HTTP/2
 * @param tcp what holds for the connections; a server's are half-open and have no delay, whatever
 *     it says
 */
public record HttpServerOptions(
    Duration headersTimeout,
    Duration requestTimeout,
    Duration keepAliveTimeout,
    Duration keepAliveTimeoutBuffer,
    Duration timeout,
    int maxHeaderSize,
    int maxHeadersCount,
    long maxBodySize,
    int maxRequestsPerSocket,
    int maxPipelined,
    boolean requireHostHeader,
    boolean joinDuplicateHeaders,
    boolean rejectNonStandardBodyWrites,
    boolean strictContentLength,
    Set<String> uniqueHeaders,
    Http2Options http2,
    TcpOptions tcp) {

  /** For a limit that is not wanted: written out, so that it is seen. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final int MOST_HEAD = 1 << 20;

  private static final HttpServerOptions DEFAULTS =
      new HttpServerOptions(
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ZERO,
          16 * 1024,
          2_000,
          UNLIMITED,
          0,
          32,
          true,
          false,
          false,
          false,
          Set.of(),
          Http2Options.defaults(),
          TcpOptions.defaults());

  /**
   * Checks the limits.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public HttpServerOptions {
    notNegative("headersTimeout", headersTimeout);
    notNegative("requestTimeout", requestTimeout);
    notNegative("keepAliveTimeout", keepAliveTimeout);
    notNegative("keepAliveTimeoutBuffer", keepAliveTimeoutBuffer);
    notNegative("timeout", timeout);
    uniqueHeaders =
        uniqueHeaders.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    range("maxHeaderSize", maxHeaderSize, 64, MOST_HEAD);
    range("maxHeadersCount", maxHeadersCount, 1, 1 << 16);
    range("maxBodySize", maxBodySize, 0, UNLIMITED);
    range("maxRequestsPerSocket", maxRequestsPerSocket, 0, Integer.MAX_VALUE);
    range("maxPipelined", maxPipelined, 1, 1 << 16);
    if (requestTimeout.isPositive() && headersTimeout.compareTo(requestTimeout) > 0) {
      throw outOfRange("headersTimeout", headersTimeout, "<= requestTimeout, " + requestTimeout);
    }
  }

  private static void notNegative(String name, Duration time) {
    if (time.isNegative() || time.toDays() > 36_500) {
      throw outOfRange(name, time, "from zero to 100 years");
    }
  }

  private static void range(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw outOfRange(name, value, ">= " + least + " && <= " + most);
    }
  }

  private static NetException outOfRange(String name, Object value, String wanted) {
    return new NetException(
        "ERR_OUT_OF_RANGE",
        "The value of \"%s\" is out of range. It must be %s. Received %s"
            .formatted(name, wanted, value));
  }

  /** What holds where nothing else is said. */
  public static HttpServerOptions defaults() {
    return DEFAULTS;
  }

  private Draft draft() {
    return new Draft(this);
  }

  public HttpServerOptions withHeadersTimeout(Duration time) {
    Draft draft = draft();
    draft.headersTimeout = time;
    return draft.done();
  }

  public HttpServerOptions withRequestTimeout(Duration time) {
    Draft draft = draft();
    draft.requestTimeout = time;
    return draft.done();
  }

  public HttpServerOptions withKeepAliveTimeout(Duration time) {
    Draft draft = draft();
    draft.keepAliveTimeout = time;
    return draft.done();
  }

  public HttpServerOptions withKeepAliveTimeoutBuffer(Duration time) {
    Draft draft = draft();
    draft.keepAliveTimeoutBuffer = time;
    return draft.done();
  }

  public HttpServerOptions withTimeout(Duration time) {
    Draft draft = draft();
    draft.timeout = time;
    return draft.done();
  }

  public HttpServerOptions withMaxHeaderSize(int bytes) {
    Draft draft = draft();
    draft.maxHeaderSize = bytes;
    return draft.done();
  }

  public HttpServerOptions withMaxHeadersCount(int most) {
    Draft draft = draft();
    draft.maxHeadersCount = most;
    return draft.done();
  }

  public HttpServerOptions withMaxBodySize(long bytes) {
    Draft draft = draft();
    draft.maxBodySize = bytes;
    return draft.done();
  }

  public HttpServerOptions withMaxRequestsPerSocket(int most) {
    Draft draft = draft();
    draft.maxRequestsPerSocket = most;
    return draft.done();
  }

  public HttpServerOptions withMaxPipelined(int most) {
    Draft draft = draft();
    draft.maxPipelined = most;
    return draft.done();
  }

  public HttpServerOptions withRequireHostHeader(boolean on) {
    Draft draft = draft();
    draft.requireHostHeader = on;
    return draft.done();
  }

  public HttpServerOptions withJoinDuplicateHeaders(boolean on) {
    Draft draft = draft();
    draft.joinDuplicateHeaders = on;
    return draft.done();
  }

  public HttpServerOptions withRejectNonStandardBodyWrites(boolean on) {
    Draft draft = draft();
    draft.rejectNonStandardBodyWrites = on;
    return draft.done();
  }

  public HttpServerOptions withStrictContentLength(boolean on) {
    Draft draft = draft();
    draft.strictContentLength = on;
    return draft.done();
  }

  /** The names are taken in any letter case. */
  public HttpServerOptions withUniqueHeaders(String... names) {
    Draft draft = draft();
    draft.uniqueHeaders = Set.of(names);
    return draft.done();
  }

  /** What holds for connections of HTTP/2. */
  public HttpServerOptions withHttp2(Http2Options options) {
    Draft draft = draft();
    draft.http2 = options;
    return draft.done();
  }

  public HttpServerOptions withTcp(TcpOptions options) {
    Draft draft = draft();
    draft.tcp = options;
    return draft.done();
  }

  /** All values, open to a change. */
  private static final class Draft {
    private Duration headersTimeout;
    private Duration requestTimeout;
    private Duration keepAliveTimeout;
    private Duration keepAliveTimeoutBuffer;
    private Duration timeout;
    private int maxHeaderSize;
    private int maxHeadersCount;
    private long maxBodySize;
    private int maxRequestsPerSocket;
    private int maxPipelined;
    private boolean requireHostHeader;
    private boolean joinDuplicateHeaders;
    private boolean rejectNonStandardBodyWrites;
    private boolean strictContentLength;
    private Set<String> uniqueHeaders;
    private Http2Options http2;
    private TcpOptions tcp;

    Draft(HttpServerOptions from) {
      headersTimeout = from.headersTimeout;
      requestTimeout = from.requestTimeout;
      keepAliveTimeout = from.keepAliveTimeout;
      keepAliveTimeoutBuffer = from.keepAliveTimeoutBuffer;
      timeout = from.timeout;
      maxHeaderSize = from.maxHeaderSize;
      maxHeadersCount = from.maxHeadersCount;
      maxBodySize = from.maxBodySize;
      maxRequestsPerSocket = from.maxRequestsPerSocket;
      maxPipelined = from.maxPipelined;
      requireHostHeader = from.requireHostHeader;
      joinDuplicateHeaders = from.joinDuplicateHeaders;
      rejectNonStandardBodyWrites = from.rejectNonStandardBodyWrites;
      strictContentLength = from.strictContentLength;
      uniqueHeaders = from.uniqueHeaders;
      http2 = from.http2;
      tcp = from.tcp;
    }

    HttpServerOptions done() {
      return new HttpServerOptions(
          headersTimeout,
          requestTimeout,
          keepAliveTimeout,
          keepAliveTimeoutBuffer,
          timeout,
          maxHeaderSize,
          maxHeadersCount,
          maxBodySize,
          maxRequestsPerSocket,
          maxPipelined,
          requireHostHeader,
          joinDuplicateHeaders,
          rejectNonStandardBodyWrites,
          strictContentLength,
          uniqueHeaders,
          http2,
          tcp);
    }
  }
}
