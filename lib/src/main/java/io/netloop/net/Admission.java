package io.netloop.net;

import io.netloop.engine.Clock;
import io.netloop.engine.IpText;
import io.netloop.loop.NetException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect: the one place that counts connections and refuses those over a limit. One
 * admission may serve several servers, and several workers: then the limits hold for all together.
 * <i>Thread-safe.</i>
 *
 * <pre>{@code
 * var admission = new Admission(Admission.Limits.defaults().withPerAddress(20));
 * Net.createServer(socket -> socket.pipe(socket)).admission(admission).listen(8124);
 * }</pre>
 */
public final class Admission {
  private static final long SECOND = 1_000_000_000L;

  /** Which limit a connection was over. */
  public enum Refusal {
    /** All connections together. */
    TOTAL,
    /** Those from one address. */
    ADDRESS,
    /** Those from one network: the first 24 bits of IPv4, the first 64 of IPv6. */
    PREFIX,
    /** New connections per second. */
    RATE
  }

  /**
   * The limits, each from 1 to {@link #UNLIMITED}. <i>Immutable.</i>
   *
   * @param total connections at a time, 20,000 by default
   * @param perAddress connections at a time from one address, 2,000 by default
   * @param perPrefix connections at a time from one network, 10,000 by default
   * @param perSecond new connections per second; as many may come at once. 5,000 by default
   */
  public record Limits(int total, int perAddress, int perPrefix, int perSecond) {
    /** For a limit that is not wanted: written out, so that it is seen. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final Limits DEFAULTS = new Limits(20_000, 2_000, 10_000, 5_000);

    public Limits {
      for (int limit : new int[] {total, perAddress, perPrefix, perSecond}) {
        if (limit < 1) {
          throw new NetException(
              "ERR_OUT_OF_RANGE", "A limit of an admission must be at least 1, not " + limit + ".");
        }
      }
    }

    /** The defaults named above. */
    public static Limits defaults() {
      return DEFAULTS;
    }

    public Limits withTotal(int connections) {
      return new Limits(connections, perAddress, perPrefix, perSecond);
    }

    public Limits withPerAddress(int connections) {
      return new Limits(total, connections, perPrefix, perSecond);
    }

    public Limits withPerPrefix(int connections) {
      return new Limits(total, perAddress, connections, perSecond);
    }

    public Limits withPerSecond(int connections) {
      return new Limits(total, perAddress, perPrefix, connections);
    }
  }

  private final Limits limits;
  private final Clock clock;
  private final Map<String, Integer> byAddress = new HashMap<>();
  private final Map<String, Integer> byPrefix = new HashMap<>();
  private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
  private int connections;

  /** What may come now, a connection being worth a second in nanoseconds; grows with the time. */
  private long credit;

  private long refilledAt;

  /** An admission with these limits. */
  public Admission(Limits limits) {
    this(limits, Clock.SYSTEM);
  }

  Admission(Limits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    this.credit = limits.perSecond * SECOND;
    this.refilledAt = clock.nanoTime();
  }

  /**
   * Counts a connection in, or says which limit it is over: then it is not counted.
   *
   * @param address the peer's address as text
   */
  public synchronized @Nullable Refusal enter(String address) {
    byte[] ip = unmapped(address);
    String host = host(address, ip);
    String network = network(address, ip);
    Refusal refusal = refusalOf(host, network);
    if (refusal != null) {
      refused.merge(refusal, 1L, Long::sum);
      return refusal;
    }
    connections++;
    credit -= SECOND;
    byAddress.merge(host, 1, Integer::sum);
    byPrefix.merge(network, 1, Integer::sum);
    return null;
  }

  private @Nullable Refusal refusalOf(String host, String network) {
    long now = clock.nanoTime();
    long passed = Math.min(SECOND, now - refilledAt);
    credit = Math.min(limits.perSecond * SECOND, credit + passed * limits.perSecond);
    refilledAt = now;
    if (credit < SECOND) {
      return Refusal.RATE;
    }
    if (connections >= limits.total) {
      return Refusal.TOTAL;
    }
    if (byAddress.getOrDefault(host, 0) >= limits.perAddress) {
      return Refusal.ADDRESS;
    }
    return byPrefix.getOrDefault(network, 0) >= limits.perPrefix ? Refusal.PREFIX : null;
  }

  /** A connection that was counted in has closed. */
  public synchronized void leave(String address) {
    byte[] ip = unmapped(address);
    connections--;
    countDown(byAddress, host(address, ip));
    countDown(byPrefix, network(address, ip));
  }

  /** How many are counted in now. */
  public synchronized int connections() {
    return connections;
  }

  /** How many were refused so far for this reason. */
  public synchronized long refused(Refusal reason) {
    return refused.getOrDefault(reason, 0L);
  }

  private static void countDown(Map<String, Integer> counts, String key) {
    counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
  }

  /**
   * The bytes of an address: of IPv4 in the form that a server of both families shows, 4. Null for
   * a peer without one, on a Unix domain socket: such peers count as one address.
   */
  private static byte @Nullable [] unmapped(String address) {
    byte[] ip = IpText.parse(address);
    if (ip == null || ip.length == 4) {
      return ip;
    }
    boolean mapped = ip[10] == -1 && ip[11] == -1;
    for (int i = 0; i < 10; i++) {
      mapped &= ip[i] == 0;
    }
    return mapped ? Arrays.copyOfRange(ip, 12, 16) : ip;
  }

  private static String host(String address, byte @Nullable [] ip) {
    return ip == null ? address : IpText.format(ip);
  }

  private static String network(String address, byte @Nullable [] ip) {
    if (ip == null) {
      return address;
    }
    return IpText.format(Arrays.copyOf(Arrays.copyOf(ip, ip.length == 4 ? 3 : 8), ip.length));
  }
}
