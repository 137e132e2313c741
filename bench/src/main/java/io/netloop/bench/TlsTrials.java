package io.netloop.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The ways to measure a server over TLS. */
final class TlsTrials {
  private static final long PID = ProcessHandle.current().pid();
  private static final double PERCENT = 100;
  private static final double MICROS = 1e6;
  private static final double MB = 1e6;

  /** So many connections warm Java's compilers up; on a busy machine the time below ends it. */
  private static final long WARM = 30_000;

  private static final int MOST_WARM_UPS = 12;

  /** What {@link #handshakes} measures. */
  static final List<Metric> HANDSHAKES =
      List.of(
          Metric.more("per second", 0),
          Metric.more("per CPU-second", 0),
          Metric.less("CPU µs each", 0),
          Metric.SERVER_BUSY,
          Metric.GENERATOR_BUSY,
          Metric.OTHERS_BUSY);

  /** What {@link #transfer} measures. */
  static final List<Metric> TRANSFER =
      List.of(
          Metric.more("MB/s", 0),
          Metric.more("MB per CPU-second", 0),
          Metric.SERVER_BUSY,
          Metric.GENERATOR_BUSY,
          Metric.OTHERS_BUSY);

  private TlsTrials() {}

  /** Connections one after another, each with a handshake. */
  static double[] handshakes(Peer peer, Options options, boolean resumed) throws IOException {
    int seconds = (int) Math.max(1, Math.round(options.seconds()));
    try (ServerProcess server = new ServerProcess(peer, Redirect.INHERIT, Trials.freePort())) {
      awaitListening(server);
      long warm = 0;
      int rounds = options.small() ? 1 : MOST_WARM_UPS;
      for (int i = 0; i < rounds && warm < WARM; i++) {
        warm += OpenSsl.handshakes(server.port(), seconds, resumed);
      }
      return measured(
          server,
          () -> OpenSsl.handshakes(server.port(), seconds, resumed),
          (count, cpu, took) -> new double[] {count / took, count / cpu, MICROS * cpu / count});
    }
  }

  /** One gigabyte, by curl. */
  static double[] transfer(Peer peer, Options options) throws IOException {
    try (ServerProcess server = new ServerProcess(peer, Redirect.INHERIT, Trials.freePort())) {
      awaitListening(server);
      if (!options.small()) {
        download(server.port());
      }
      return measured(
          server,
          () -> download(server.port()),
          (count, cpu, took) -> new double[] {count / MB / took, count / MB / cpu});
    }
  }

  private interface Work {
    /** Returns how much was done. */
    long run() throws IOException;
  }

  private interface Values {
    double[] of(double count, double cpuSeconds, double seconds);
  }

  private static double[] measured(ServerProcess server, Work work, Values values)
      throws IOException {
    double allBefore = Machine.busySeconds();
    Proc.Times serverBefore = server.times();
    double generatorBefore = generatorSeconds();
    long start = Clock.nanos();
    long count = work.run();
    double took = (double) (Clock.nanos() - start) / Clock.SECOND;
    double used = Math.max(server.times().minus(serverBefore).seconds(), 1 / Proc.TICKS_PER_SECOND);
    double generator = generatorSeconds() - generatorBefore;
    double all = Machine.busySeconds() - allBefore;
    double[] first = values.of((double) count, used, took);
    double[] whole = Arrays.copyOf(first, first.length + 3);
    whole[first.length] = PERCENT * used / took;
    whole[first.length + 1] = PERCENT * generator / took;
    whole[first.length + 2] = PERCENT * Math.max(0, all - generator - used) / took;
    return whole;
  }

  /** The generators' processes have ended and count as this one's children. */
  private static double generatorSeconds() throws IOException {
    return Proc.cpuSeconds(PID) + Proc.endedChildrenSeconds(PID);
  }

  /** Until it answers: nginx says its port before it listens. */
  static void awaitListening(ServerProcess server) throws IOException {
    IOException last = null;
    for (int i = 0; i < 100; i++) {
      try {
        if (OpenSsl.handshakes(server.port(), 1, false) > 0) {
          return;
        }
      } catch (IOException notYet) {
        last = notYet;
      }
      Clock.pause(100 * Clock.MILLISECOND);
    }
    throw new IOException("it answers no handshake", last);
  }

  private static long download(int port) throws IOException {
    Process curl =
        new ProcessBuilder(
                "curl",
                "--http1.1",
                "--max-time",
                "120",
                "-sk",
                "--noproxy",
                "*",
                "-o",
                "/dev/null",
                "-w",
                "%{size_download}",
                "https://127.0.0.1:" + port + Gigabyte.PATH)
            .redirectError(Redirect.INHERIT)
            .start();
    String size = new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    curl.onExit().join();
    if (!size.equals(Long.toString(Gigabyte.BYTES))) {
      throw new IOException("curl got " + size + " bytes of " + Gigabyte.BYTES);
    }
    return Gigabyte.BYTES;
  }
}
