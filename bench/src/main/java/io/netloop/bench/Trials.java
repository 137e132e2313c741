package io.netloop.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** The ways to measure a server. */
final class Trials {
  private static final long PID = ProcessHandle.current().pid();
  private static final double PERCENT = 100;
  private static final double KIB = 1024;
  private static final double MB = 1e6;
  private static final int MOST_TRIES = 3;

  /** From here on others have disturbed a measurement, in percent of a core. */
  static final double DISTURBED = 10;

  /** The place of {@link Metric#OTHERS_BUSY} in {@link #underLoad(String)}. */
  private static final int OTHERS = 4;

  private static final int WARM_UP_CONNECTIONS = 2_000;
  private static final int WARM_UPS = 5;
  private static final int OPENED_AT_ONCE = 100;
  private static final long KNOCK_NANOS = Clock.MILLISECOND / 2;
  private static final long START_NANOS = 60 * Clock.SECOND;

  /** Puts a load on the server that listens on a port. */
  interface Work {
    Load on(int port) throws IOException;
  }

  /** Asks once on each connection from a number on, and waits for the answers. */
  interface Question {
    void ask(Connections connections, int from) throws IOException;
  }

  private Trials() {}

  /** What {@link #underLoad(Peer, double, double, Work)} measures. */
  static List<Metric> underLoad(String units) {
    return List.of(
        Metric.more(units + "/s", 0),
        Metric.more(units + " per CPU-second", 0),
        Metric.SERVER_BUSY,
        Metric.GENERATOR_BUSY,
        Metric.OTHERS_BUSY,
        new Metric("resident MB", 0, Metric.Better.NEITHER));
  }

  /**
   * How much a server does while it is under load, after as long a warm-up: per second, per second
   * of its own on a core, then how busy both sides and the others were, and its memory in MB.
   *
   * <p>What others on the machine have disturbed is measured again, twice at most.
   *
   * @param unit how much is counted as one
   */
  static double[] underLoad(Peer peer, double seconds, double unit, Work work) throws IOException {
    long nanos = (long) (seconds * Clock.SECOND);
    try (ServerProcess server = new ServerProcess(peer);
        Load load = work.on(server.port())) {
      load.run(nanos);
      double[] values = measured(server, load, nanos, unit);
      for (int i = 1; i < MOST_TRIES && values[OTHERS] > DISTURBED; i++) {
        values = measured(server, load, nanos, unit);
      }
      return values;
    }
  }

  private static double[] measured(ServerProcess server, Load load, long nanos, double unit)
      throws IOException {
    double allBefore = Machine.busySeconds();
    double serverBefore = server.cpuSeconds();
    double generatorBefore = Proc.cpuSeconds(PID);
    long start = Clock.nanos();
    double done = load.run(nanos) / unit;
    double took = (double) (Clock.nanos() - start) / Clock.SECOND;
    double generatorSeconds = Proc.cpuSeconds(PID) - generatorBefore;
    double serverSeconds = server.cpuSeconds() - serverBefore;
    double allSeconds = Machine.busySeconds() - allBefore;
    return new double[] {
      done / took,
      done / serverSeconds,
      PERCENT * serverSeconds / took,
      PERCENT * generatorSeconds / took,
      PERCENT * Math.max(0, allSeconds - generatorSeconds - serverSeconds) / took,
      server.residentBytes() / MB
    };
  }

  /**
   * The resident memory of a connection that has been answered once and is idle, in KiB. Before,
   * others have come and gone, several times, so that the server has loaded, compiled and touched
   * what it needs anyway.
   */
  static double[] idle(Peer peer, int count) throws IOException {
    return idle(peer, 0, count, PingPong::once);
  }

  /**
   * The same with a question of another protocol.
   *
   * @param port where the server is to listen; 0 leaves that to the system
   */
  static double[] idle(Peer peer, int port, int count, Question question) throws IOException {
    try (ServerProcess server = new ServerProcess(peer, ProcessBuilder.Redirect.INHERIT, port)) {
      awaitAnswer(server, question);
      long empty = 0;
      for (int i = 0; i < WARM_UPS; i++) {
        try (Connections before = new Connections(server.port(), 0, Linux.EPOLLIN)) {
          openAndAsk(before, server.port(), Math.min(count, WARM_UP_CONNECTIONS), question);
        }
        // Each time, so that no more is left over than one round of them needed.
        empty = server.settledBytes();
      }
      try (Connections connections = new Connections(server.port(), 0, Linux.EPOLLIN)) {
        openAndAsk(connections, server.port(), count, question);
        return new double[] {(server.settledBytes() - empty) / KIB / count};
      }
    }
  }

  private static void openAndAsk(Connections connections, int port, int count, Question question)
      throws IOException {
    while (connections.size() < count) {
      int from = connections.size();
      connections.open(port, Math.min(OPENED_AT_ONCE, count - from));
      question.ask(connections, from);
    }
  }

  /** The milliseconds from the start of a program until it has answered its first connection. */
  static double[] start(Peer peer) throws IOException {
    return start(peer, PingPong::once);
  }

  /** The same with a question of another protocol. */
  static double[] start(Peer peer, Question question) throws IOException {
    int port = freePort();
    long start = Clock.nanos();
    Process process =
        new ProcessBuilder(peer.commandFor(port))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      while (!isAnswered(port, question)) {
        if (!process.isAlive() || Clock.nanos() - start > START_NANOS) {
          throw new IOException("it did not start to listen");
        }
        Clock.pause(KNOCK_NANOS);
      }
      return new double[] {(double) (Clock.nanos() - start) / Clock.MILLISECOND};
    } finally {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  /** Not every server says its port when it listens already. */
  static void awaitAnswer(ServerProcess server, Question question) throws IOException {
    long start = Clock.nanos();
    while (!isAnswered(server.port(), question)) {
      if (!server.isAlive() || Clock.nanos() - start > START_NANOS) {
        throw new IOException("it did not start to answer");
      }
      Clock.pause(KNOCK_NANOS);
    }
  }

  /** A server may listen before it is ready: Vert.x closes what comes too early. */
  private static boolean isAnswered(int port, Question question) {
    try (Connections connections = new Connections(port, 0, Linux.EPOLLIN)) {
      if (connections.tryOpen(port)) {
        question.ask(connections, 0);
        return true;
      }
    } catch (IOException tooEarly) {
      return false;
    }
    return false;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
