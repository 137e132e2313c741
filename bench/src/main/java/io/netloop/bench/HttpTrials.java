package io.netloop.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/** The ways to measure an HTTP server; those that need no wrk are in {@link Trials}. */
final class HttpTrials {
  private static final long PID = ProcessHandle.current().pid();
  private static final double PERCENT = 100;
  private static final double MICROS = 1e6;
  private static final double MB = 1e6;
  private static final int MOST_TRIES = 3;

  /** The place of {@link Metric#OTHERS_BUSY} in {@link #UNDER_LOAD}. */
  private static final int OTHERS = 6;

  /** What {@link #underLoad} measures. */
  static final List<Metric> UNDER_LOAD =
      List.of(
          Metric.more("requests/s", 0),
          Metric.more("requests per CPU-second", 0),
          Metric.less("user µs per request", 2),
          Metric.less("system µs per request", 2),
          Metric.SERVER_BUSY,
          Metric.GENERATOR_BUSY,
          Metric.OTHERS_BUSY,
          new Metric("resident MB", 0, Metric.Better.NEITHER));

  private static final int WARM_UPS = 3;

  private HttpTrials() {}

  /**
   * How much a server does while a load has it work, after a warm-up; its first answer must be that
   * of all. What others on the machine have disturbed is measured again, twice at most, but not in
   * a test of the bench.
   */
  static double[] underLoad(Peer peer, Options options, HttpLoad load) throws IOException {
    long nanos = (long) (options.seconds() * Clock.SECOND);
    int tries = options.small() ? 1 : MOST_TRIES;
    try (ServerProcess server = new ServerProcess(peer, Redirect.INHERIT, Trials.freePort())) {
      Trials.awaitAnswer(server, load.question());
      load.check(server.port());
      warmUp(server, load, nanos);
      double[] values = measured(server, load, nanos);
      for (int i = 1; i < tries && values[OTHERS] > Trials.DISTURBED; i++) {
        values = measured(server, load, nanos);
      }
      return values;
    }
  }

  /** As {@link #underLoad}, where nobody but wrk speaks the server's protocol. */
  static double[] overTls(Peer peer, Options options, Wrk wrk) throws IOException {
    long nanos = (long) (options.seconds() * Clock.SECOND);
    try (ServerProcess server = new ServerProcess(peer, Redirect.INHERIT, Trials.freePort())) {
      TlsTrials.awaitListening(server);
      warmUp(server, wrk, nanos);
      return measured(server, wrk, nanos);
    }
  }

  /**
   * Several runs: what a JVM compiled while connections only lived it compiles anew when they end,
   * and would do so while it is measured.
   */
  private static void warmUp(ServerProcess server, HttpLoad load, long nanos) throws IOException {
    for (int i = 0; i < WARM_UPS; i++) {
      load.run(server.port(), nanos);
    }
  }

  private static double[] measured(ServerProcess server, HttpLoad load, long nanos)
      throws IOException {
    double allBefore = Machine.busySeconds();
    Proc.Times serverBefore = server.times();
    double generatorBefore = generatorSeconds();
    long start = Clock.nanos();
    HttpLoad.Result result = load.run(server.port(), nanos);
    double took = (double) (Clock.nanos() - start) / Clock.SECOND;
    Proc.Times used = server.times().minus(serverBefore);
    double serverSeconds = Math.max(used.seconds(), 1 / Proc.TICKS_PER_SECOND);
    double generator = generatorSeconds() - generatorBefore;
    double all = Machine.busySeconds() - allBefore;
    return new double[] {
      result.answers() / result.seconds(),
      result.answers() / serverSeconds,
      MICROS * used.user() / result.answers(),
      MICROS * used.system() / result.answers(),
      PERCENT * serverSeconds / took,
      PERCENT * generator / took,
      PERCENT * Math.max(0, all - generator - serverSeconds) / took,
      server.residentBytes() / MB
    };
  }

  /** The load's processes have ended and count as this one's children. */
  private static double generatorSeconds() throws IOException {
    return Proc.cpuSeconds(PID) + Proc.endedChildrenSeconds(PID);
  }
}
