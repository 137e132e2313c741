package io.netloop.chat;

import io.netloop.loop.NetException;
import io.netloop.net.Admission;
import io.netloop.net.Capture;
import io.netloop.tls.TlsOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a chat room is served. <i>Immutable.</i> A value out of its range is a {@link NetException}
 * {@code ERR_OUT_OF_RANGE} that names it.
 *
 * @param host the address to listen on; {@code 127.0.0.1} by default, which only this machine
 *     reaches. {@code 0.0.0.0} opens the room to the network
 * @param port 0 to 65535, 3000 by default; 0 has the system choose
 * @param maxQueuedBytes how much may be unsent for one user, 1 KiB to 1 GiB; who reads more slowly
 *     than that is dropped, and the others never wait. 1 MiB by default
 * @param admission how many may connect, in total, from one address, from one network, and per
 *     second
 * @param loginTimeout how long a connection may stay without logging in, up to a day; a minute by
 *     default
 * @param idleTimeout how long a connection may say nothing and be told nothing, up to 30 days;
 *     zero, the default, for as long as it likes: dead peers are found by the system's probes
 * @param legacyGap the least time between two messages to a client that sends bare JSON, up to a
 *     second; zero by default. A few milliseconds keep its system from handing it two messages as
 *     one
 * @param room the limits of the room itself
 * @param workers on how many loops the connections are, 1 to 1024. With 1, the default, that is the
 *     loop of the room itself; with more, connections are spread over that many loops of their own,
 *     and the room has one to itself
 * @param web how the room is served to browsers, or null, the default, for not at all. Their
 *     connections are on the loop of the room itself, with several workers too
 * @param capture gets all that is read from and written to the users' connections, or null, the
 *     default, for nobody. Whoever gave it closes it
 * @param tls encrypts the connections of all users, on TCP and of browsers; null, the default, does
 *     not
 */
public record ChatOptions(
    String host,
    int port,
    int maxQueuedBytes,
    Admission.Limits admission,
    Duration loginTimeout,
    Duration idleTimeout,
    Duration legacyGap,
    RoomOptions room,
    int workers,
    @Nullable WebOptions web,
    @Nullable Capture capture,
    @Nullable TlsOptions tls) {

  private static final ChatOptions DEFAULTS =
      new ChatOptions(
          "127.0.0.1",
          3000,
          1 << 20,
          Admission.Limits.defaults(),
          Duration.ofMinutes(1),
          Duration.ZERO,
          Duration.ZERO,
          RoomOptions.defaults(),
          1,
          null,
          null,
          null);

  public ChatOptions {
    check("port", port, 0, 65535);
    check("maxQueuedBytes", maxQueuedBytes, 1024, 1 << 30);
    check("loginTimeout", loginTimeout, Duration.ofMillis(1), Duration.ofDays(1));
    check("idleTimeout", idleTimeout, Duration.ZERO, Duration.ofDays(30));
    check("legacyGap", legacyGap, Duration.ZERO, Duration.ofSeconds(1));
    check("workers", workers, 1, 1024);
  }

  /** The defaults named above. */
  public static ChatOptions defaults() {
    return DEFAULTS;
  }

  public ChatOptions withHost(String newHost) {
    return new ChatOptions(
        newHost,
        port,
        maxQueuedBytes,
        admission,
        loginTimeout,
        idleTimeout,
        legacyGap,
        room,
        workers,
        web,
        capture,
        tls);
  }

  public ChatOptions withPort(int newPort) {
    return new ChatOptions(
        host,
        newPort,
        maxQueuedBytes,
        admission,
        loginTimeout,
        idleTimeout,
        legacyGap,
        room,
        workers,
        web,
        capture,
        tls);
  }

  public ChatOptions withMaxQueuedBytes(int bytes) {
    return new ChatOptions(
        host,
        port,
        bytes,
        admission,
        loginTimeout,
        idleTimeout,
        legacyGap,
        room,
        workers,
        web,
        capture,
        tls);
  }

  public ChatOptions withMaxPerAddress(int connections) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        admission.withPerAddress(connections),
        loginTimeout,
        idleTimeout,
        legacyGap,
        room,
        workers,
        web,
        capture,
        tls);
  }

  public ChatOptions withAdmission(Admission.Limits limits) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        limits,
        loginTimeout,
        idleTimeout,
        legacyGap,
        room,
        workers,
        web,
        capture,
        tls);
  }

  public ChatOptions withLoginTimeout(Duration time) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        admission,
        time,
        idleTimeout,
        legacyGap,
        room,
        workers,
        web,
        capture,
        tls);
  }

  public ChatOptions withIdleTimeout(Duration time) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        admission,
        loginTimeout,
        time,
        legacyGap,
        room,
        workers,
        web,
        capture,
        tls);
  }

  public ChatOptions withLegacyGap(Duration time) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        admission,
        loginTimeout,
        idleTimeout,
        time,
        room,
        workers,
        web,
        capture,
        tls);
  }

  public ChatOptions withRoom(RoomOptions options) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        admission,
        loginTimeout,
        idleTimeout,
        legacyGap,
        options,
        workers,
        web,
        capture,
        tls);
  }

  public ChatOptions withWorkers(int loops) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        admission,
        loginTimeout,
        idleTimeout,
        legacyGap,
        room,
        loops,
        web,
        capture,
        tls);
  }

  public ChatOptions withWeb(@Nullable WebOptions options) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        admission,
        loginTimeout,
        idleTimeout,
        legacyGap,
        room,
        workers,
        options,
        capture,
        tls);
  }

  public ChatOptions withCapture(@Nullable Capture to) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        admission,
        loginTimeout,
        idleTimeout,
        legacyGap,
        room,
        workers,
        web,
        to,
        tls);
  }

  public ChatOptions withTls(@Nullable TlsOptions options) {
    return new ChatOptions(
        host,
        port,
        maxQueuedBytes,
        admission,
        loginTimeout,
        idleTimeout,
        legacyGap,
        room,
        workers,
        web,
        capture,
        options);
  }

  private static <T extends Comparable<T>> void check(String name, T value, T least, T most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"%s\" is out of range. It must be >= %s && <= %s. Received %s"
              .formatted(name, least, most, value));
    }
  }
}
