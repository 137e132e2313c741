package io.netloop.http;

import io.netloop.loop.NetException;
import java.time.Duration;

/**
 * What a server allows the connections of HTTP/2. What holds for HTTP/1.1 in {@link
 * HttpServerOptions} holds for HTTP/2 too, as far as there is such a thing. <i>Immutable.</i>
 *
 * @param enabled true by default: offered to clients over TLS, by ALPN
 * @param priorKnowledge false by default: whether a connection without TLS may begin with HTTP/2
 *     (RFC 9113 §3.3), beside HTTP/1.1 on the same port
 * @param maxConcurrentStreams how many requests of one connection may be under way; 100 by default.
 *     More are refused, and may be sent again
 * @param streamWindow how many bytes of one request's body a client may send that the program has
 *     not taken: 65,535 to 2³¹−1; 128 KiB by default
 * @param connectionWindow the same for all bodies of a connection together; 1 MiB by default. It is
 *     what a client can have us keep at most
 * @param maxResets how many requests a client may take back at once, or get wrong, before its
 *     connection ends with {@code ENHANCE_YOUR_CALM}; 200 by default. A thirtieth of it is given
 *     back each second
 * @param maxIdleFrames how many frames that move nothing it may send at once: pings, settings,
 *     priorities, empty bodies; 1,000 by default. A tenth of it is given back each second, and some
 *     with each request and each KiB, or whole write, of a body that it has let us send
 * @param stallTimeout how long a response that waits for its client may stay without moving by a
 *     KiB, or to its end, before its stream is reset; 60 seconds by default, zero for ever
 */
public record Http2Options(
    boolean enabled,
    boolean priorKnowledge,
    int maxConcurrentStreams,
    int streamWindow,
    int connectionWindow,
    int maxResets,
    int maxIdleFrames,
    Duration stallTimeout) {

  private static final int LEAST_WINDOW = 65_535;
  private static final int LEAST_PATIENCE = 30;

  private static final Http2Options DEFAULTS =
      new Http2Options(true, false, 100, 128 * 1024, 1 << 20, 200, 1_000, Duration.ofSeconds(60));

  /**
   * Checks the limits.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public Http2Options {
    range("maxConcurrentStreams", maxConcurrentStreams, 1);
    range("streamWindow", streamWindow, LEAST_WINDOW);
    range("connectionWindow", connectionWindow, LEAST_WINDOW);
    range("maxResets", maxResets, LEAST_PATIENCE);
    range("maxIdleFrames", maxIdleFrames, LEAST_PATIENCE);
    if (stallTimeout.isNegative() || stallTimeout.toDays() > 36_500) {
      throw outOfRange("stallTimeout", stallTimeout, "from zero to 100 years");
    }
  }

  private static void range(String name, int value, int least) {
    if (value < least) {
      throw outOfRange(name, value, ">= " + least);
    }
  }

  private static NetException outOfRange(String name, Object value, String wanted) {
    return new NetException(
        "ERR_OUT_OF_RANGE",
        "The value of \"%s\" is out of range. It must be %s. Received %s"
            .formatted(name, wanted, value));
  }

  /** What holds where nothing else is said. */
  public static Http2Options defaults() {
    return DEFAULTS;
  }

  public Http2Options withEnabled(boolean on) {
    return new Http2Options(
        on,
        priorKnowledge,
        maxConcurrentStreams,
        streamWindow,
        connectionWindow,
        maxResets,
        maxIdleFrames,
        stallTimeout);
  }

  public Http2Options withPriorKnowledge(boolean on) {
    return new Http2Options(
        enabled,
        on,
        maxConcurrentStreams,
        streamWindow,
        connectionWindow,
        maxResets,
        maxIdleFrames,
        stallTimeout);
  }

  public Http2Options withMaxConcurrentStreams(int most) {
    return new Http2Options(
        enabled,
        priorKnowledge,
        most,
        streamWindow,
        connectionWindow,
        maxResets,
        maxIdleFrames,
        stallTimeout);
  }

  /** Both windows, in bytes. */
  public Http2Options withWindows(int ofStream, int ofConnection) {
    return new Http2Options(
        enabled,
        priorKnowledge,
        maxConcurrentStreams,
        ofStream,
        ofConnection,
        maxResets,
        maxIdleFrames,
        stallTimeout);
  }

  public Http2Options withMaxResets(int most) {
    return new Http2Options(
        enabled,
        priorKnowledge,
        maxConcurrentStreams,
        streamWindow,
        connectionWindow,
        most,
        maxIdleFrames,
        stallTimeout);
  }

  public Http2Options withMaxIdleFrames(int most) {
    return new Http2Options(
        enabled,
        priorKnowledge,
        maxConcurrentStreams,
        streamWindow,
        connectionWindow,
        maxResets,
        most,
        stallTimeout);
  }

  public Http2Options withStallTimeout(Duration time) {
    return new Http2Options(
        enabled,
        priorKnowledge,
        maxConcurrentStreams,
        streamWindow,
        connectionWindow,
        maxResets,
        maxIdleFrames,
        time);
  }
}
