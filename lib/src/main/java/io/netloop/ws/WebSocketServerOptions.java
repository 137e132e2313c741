package io.netloop.ws;

import io.netloop.http.HttpRequest;
import io.netloop.loop.NetException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect to a WebSocket server, and what its connections may do. <i>Immutable.</i>
 *
 * @param path the path that it answers on, a query behind it aside; null for any
 * @param origins the origins whose pages may connect, for example {@code https://example.org};
 *     null, the default, for any. A client that sends no {@code Origin}, which browsers always do,
 *     may
 * @param verifier says who else may not, or null
 * @param lateVerifier says it later, when it has asked others, or null; it is asked after {@code
 *     verifier}
 * @param protocolChooser chooses one of the subprotocols that a client offers; the first by default
 * @param maxPayload the most bytes of a message, inflated; 1 MiB by default
 * @param maxFragments the most frames of a message; 131,072 by default
 * @param idleTimeout how long a peer may be silent before its connection is cut, zero for ever; 120
 *     seconds by default. A peer that answers pings is not silent
 * @param sendPings whether pings are sent when three quarters of that have passed; true by default
 * @param autoPong whether pings are answered; true by default
 * @param closeTimeout how long a peer may take to answer a close frame; 30 seconds by default
 * @param maxLifetime how long a connection may last before it is closed with 1001; zero, the
 *     default, for ever
 * @param maxBackpressure how many bytes may wait for a peer before {@code slowReader} decides about
 *     what is published to it; 64 KiB by default. What is sent to it directly is bounded by {@link
 *     io.netloop.loop.OutboxLimits}
 * @param slowReader what becomes of a publication for a peer that reads too slowly; the publication
 *     is dropped by default
 * @param deflate how messages are compressed, or null, the default, for not at all
 */
public record WebSocketServerOptions(
    @Nullable String path,
    @Nullable Set<String> origins,
    @Nullable Verifier verifier,
    @Nullable LateVerifier lateVerifier,
    ProtocolChooser protocolChooser,
    long maxPayload,
    int maxFragments,
    Duration idleTimeout,
    boolean sendPings,
    boolean autoPong,
    Duration closeTimeout,
    Duration maxLifetime,
    long maxBackpressure,
    SlowReader slowReader,
    @Nullable DeflateOptions deflate) {

  /** Says who may connect. */
  @FunctionalInterface
  public interface Verifier {
    /** Returns null for a client that may connect, else how it is answered. */
    @Nullable Refusal verify(HttpRequest request) throws Exception;
  }

  /**
   * Says who may connect when it knows: after a look-up in a database, say. Meanwhile the client
   * waits, 30 seconds at most.
   */
  @FunctionalInterface
  public interface LateVerifier {
    /**
     * Returns what is completed, on any thread, with null for a client that may connect, else with
     * how it is answered. A failure is answered with 500.
     */
    CompletionStage<@Nullable Refusal> verify(HttpRequest request) throws Exception;
  }

  /**
   * The answer to a client that may not connect. <i>Immutable.</i>
   *
   * @param status of the answer, 400 to 599
   * @param text for people
   */
  public record Refusal(int status, String text) {
    /** Only errors refuse. */
    public Refusal {
      if (status < 400 || status > 599) {
        throw new NetException(
            "ERR_OUT_OF_RANGE", "A refusal has a status from 400 to 599, not " + status + ".");
      }
    }
  }

  /** Chooses a subprotocol. */
  @FunctionalInterface
  public interface ProtocolChooser {
    /** Returns one of those offered, or null for none. */
    @Nullable String choose(List<String> offered, HttpRequest request);
  }

  /** What becomes of a publication for a peer that reads too slowly. */
  public enum SlowReader {
    /** It is dropped, and counted. */
    DROP_NEWEST,
    /** It waits; of those that wait the oldest are dropped, and counted. */
    DROP_OLDEST,
    /** Of each topic only the newest waits; those before it are dropped, and counted. */
    KEEP_NEWEST,
    /** The connection is closed with 1008. */
    CLOSE
  }

  private static final WebSocketServerOptions DEFAULTS =
      new WebSocketServerOptions(
          null,
          null,
          null,
          null,
          (offered, request) -> offered.getFirst(),
          1 << 20,
          131_072,
          Duration.ofSeconds(120),
          true,
          true,
          Duration.ofSeconds(30),
          Duration.ZERO,
          64 * 1024,
          SlowReader.DROP_NEWEST,
          null);

  /**
   * Checks the limits.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public WebSocketServerOptions {
    check("maxPayload", maxPayload, 1, Integer.MAX_VALUE - 8);
    check("maxFragments", maxFragments, 1, Integer.MAX_VALUE);
    check("maxBackpressure", maxBackpressure, 0, Long.MAX_VALUE);
    check("idleTimeout", idleTimeout, 0);
    check("closeTimeout", closeTimeout, 1);
    check("maxLifetime", maxLifetime, 0);
    origins = origins == null ? null : Set.copyOf(origins);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "%s must be from %d to %d, not %d.".formatted(name, least, most, value));
    }
  }

  private static void check(String name, Duration time, long leastMillis) {
    if (time.compareTo(Duration.ofMillis(leastMillis)) < 0 || time.toDays() > 36_500) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "%s must be from %d ms to 100 years, not %s.".formatted(name, leastMillis, time));
    }
  }

  /** What holds where nothing else is said. */
  public static WebSocketServerOptions defaults() {
    return DEFAULTS;
  }

  public WebSocketServerOptions withPath(@Nullable String newPath) {
    Draft draft = new Draft(this);
    draft.path = newPath;
    return draft.done();
  }

  public WebSocketServerOptions withOrigins(@Nullable Set<String> allowed) {
    Draft draft = new Draft(this);
    draft.origins = allowed;
    return draft.done();
  }

  public WebSocketServerOptions withVerifier(@Nullable Verifier newVerifier) {
    Draft draft = new Draft(this);
    draft.verifier = newVerifier;
    return draft.done();
  }

  public WebSocketServerOptions withLateVerifier(@Nullable LateVerifier newVerifier) {
    Draft draft = new Draft(this);
    draft.lateVerifier = newVerifier;
    return draft.done();
  }

  public WebSocketServerOptions withProtocolChooser(ProtocolChooser chooser) {
    Draft draft = new Draft(this);
    draft.protocolChooser = chooser;
    return draft.done();
  }

  public WebSocketServerOptions withMaxPayload(long bytes) {
    Draft draft = new Draft(this);
    draft.maxPayload = bytes;
    return draft.done();
  }

  public WebSocketServerOptions withMaxFragments(int most) {
    Draft draft = new Draft(this);
    draft.maxFragments = most;
    return draft.done();
  }

  public WebSocketServerOptions withIdleTimeout(Duration time) {
    Draft draft = new Draft(this);
    draft.idleTimeout = time;
    return draft.done();
  }

  public WebSocketServerOptions withSendPings(boolean on) {
    Draft draft = new Draft(this);
    draft.sendPings = on;
    return draft.done();
  }

  public WebSocketServerOptions withAutoPong(boolean on) {
    Draft draft = new Draft(this);
    draft.autoPong = on;
    return draft.done();
  }

  public WebSocketServerOptions withCloseTimeout(Duration time) {
    Draft draft = new Draft(this);
    draft.closeTimeout = time;
    return draft.done();
  }

  public WebSocketServerOptions withMaxLifetime(Duration time) {
    Draft draft = new Draft(this);
    draft.maxLifetime = time;
    return draft.done();
  }

  public WebSocketServerOptions withMaxBackpressure(long bytes) {
    Draft draft = new Draft(this);
    draft.maxBackpressure = bytes;
    return draft.done();
  }

  public WebSocketServerOptions withSlowReader(SlowReader policy) {
    Draft draft = new Draft(this);
    draft.slowReader = policy;
    return draft.done();
  }

  public WebSocketServerOptions withDeflate(@Nullable DeflateOptions options) {
    Draft draft = new Draft(this);
    draft.deflate = options;
    return draft.done();
  }

  /** All values, open to a change. */
  private static final class Draft {
    private @Nullable String path;
    private @Nullable Set<String> origins;
    private @Nullable Verifier verifier;
    private @Nullable LateVerifier lateVerifier;
    private ProtocolChooser protocolChooser;
    private long maxPayload;
    private int maxFragments;
    private Duration idleTimeout;
    private boolean sendPings;
    private boolean autoPong;
    private Duration closeTimeout;
    private Duration maxLifetime;
    private long maxBackpressure;
    private SlowReader slowReader;
    private @Nullable DeflateOptions deflate;

    Draft(WebSocketServerOptions from) {
      path = from.path;
      origins = from.origins;
      verifier = from.verifier;
      lateVerifier = from.lateVerifier;
      protocolChooser = from.protocolChooser;
      maxPayload = from.maxPayload;
      maxFragments = from.maxFragments;
      idleTimeout = from.idleTimeout;
      sendPings = from.sendPings;
      autoPong = from.autoPong;
      closeTimeout = from.closeTimeout;
      maxLifetime = from.maxLifetime;
      maxBackpressure = from.maxBackpressure;
      slowReader = from.slowReader;
      deflate = from.deflate;
    }

    WebSocketServerOptions done() {
      return new WebSocketServerOptions(
          path,
          origins,
          verifier,
          lateVerifier,
          protocolChooser,
          maxPayload,
          maxFragments,
          idleTimeout,
          sendPings,
          autoPong,
          closeTimeout,
          maxLifetime,
          maxBackpressure,
          slowReader,
          deflate);
    }
  }
}
