package io.netloop.ws;

import io.netloop.loop.NetException;
import io.netloop.tls.TlsOptions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the browser's WebSocket does not let one choose. <i>Immutable.</i>
 *
 * @param headers more headers for the handshake; none by default
 * @param maxPayload the most bytes of a message, inflated; 100 MiB by default
 * @param handshakeTimeout how long the handshake may take; 10 seconds by default
 * @param closeTimeout how long the server may take to answer a close frame; 30 seconds by default
 * @param deflate how messages are compressed where the server agrees, or null for not at all; on by
 *     default
 * @param reconnect how a connection that was lost is made again, or null, the default, for not at
 *     all
 * @param tls what holds for {@code wss://}, as {@link io.netloop.http.RequestOptions#tls}; null by
 *     default
 */
public record WebSocketOptions(
    Map<String, String> headers,
    long maxPayload,
    Duration handshakeTimeout,
    Duration closeTimeout,
    @Nullable DeflateOptions deflate,
    @Nullable Reconnect reconnect,
    @Nullable TlsOptions tls) {

  /**
   * How often a lost connection is made again: after a time that doubles with each failure, less a
   * random part of up to half of it, so that not all clients of a server come back at once.
   *
   * @param first the first time
   * @param most what it grows to
   * @param attempts how many failures in a row are the last
   */
  public record Reconnect(Duration first, Duration most, int attempts) {
    private static final Reconnect DEFAULTS =
        new Reconnect(Duration.ofMillis(500), Duration.ofSeconds(30), Integer.MAX_VALUE);

    /**
     * Checks the values.
     *
     * @throws NetException {@code ERR_OUT_OF_RANGE}
     */
    public Reconnect {
      if (!first.isPositive() || most.compareTo(first) < 0 || attempts < 1) {
        throw new NetException(
            "ERR_OUT_OF_RANGE",
            "A reconnect begins with a positive time, grows to at least that, and is tried at"
                + " least once, not "
                + first
                + ", "
                + most
                + ", "
                + attempts
                + ".");
      }
    }

    /** From half a second to half a minute, without end. */
    public static Reconnect defaults() {
      return DEFAULTS;
    }
  }

  private static final WebSocketOptions DEFAULTS =
      new WebSocketOptions(
          Map.of(),
          100 << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          DeflateOptions.defaults(),
          null,
          null);

  /**
   * Checks the limits.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public WebSocketOptions {
    headers = Map.copyOf(headers);
    if (maxPayload < 1 || maxPayload > Integer.MAX_VALUE - 8) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "maxPayload must be from 1 to 2147483639 bytes, not " + maxPayload + ".");
    }
    if (!handshakeTimeout.isPositive() || !closeTimeout.isPositive()) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "handshakeTimeout and closeTimeout must be positive, not %s and %s."
              .formatted(handshakeTimeout, closeTimeout));
    }
  }

  /** What holds where nothing else is said. */
  public static WebSocketOptions defaults() {
    return DEFAULTS;
  }

  public WebSocketOptions withHeaders(Map<String, String> more) {
    return new WebSocketOptions(
        more, maxPayload, handshakeTimeout, closeTimeout, deflate, reconnect, tls);
  }

  public WebSocketOptions withMaxPayload(long bytes) {
    return new WebSocketOptions(
        headers, bytes, handshakeTimeout, closeTimeout, deflate, reconnect, tls);
  }

  public WebSocketOptions withHandshakeTimeout(Duration time) {
    return new WebSocketOptions(headers, maxPayload, time, closeTimeout, deflate, reconnect, tls);
  }

  public WebSocketOptions withCloseTimeout(Duration time) {
    return new WebSocketOptions(
        headers, maxPayload, handshakeTimeout, time, deflate, reconnect, tls);
  }

  public WebSocketOptions withDeflate(@Nullable DeflateOptions how) {
    return new WebSocketOptions(
        headers, maxPayload, handshakeTimeout, closeTimeout, how, reconnect, tls);
  }

  public WebSocketOptions withReconnect(@Nullable Reconnect how) {
    return new WebSocketOptions(
        headers, maxPayload, handshakeTimeout, closeTimeout, deflate, how, tls);
  }

  public WebSocketOptions withTls(@Nullable TlsOptions options) {
    return new WebSocketOptions(
        headers, maxPayload, handshakeTimeout, closeTimeout, deflate, reconnect, options);
  }
}
