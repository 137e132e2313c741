package io.netloop.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine that all is measured on. */
final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path CONGESTION = Path.of("/proc/sys/net/ipv4/tcp_congestion_control");

  /** User, nice, system and steal, in the first line of {@code /proc/stat}. */
  private static final int[] BUSY = {1, 2, 3, 8};

  private static final boolean CAN_PIN = cores() >= 2 && program("taskset") != null;

  private static final long LOOK_NANOS = Clock.SECOND / 2;

  /** Of one core. */
  private static final double QUIET = 0.1;

  private Machine() {}

  /** Whether a process can be given a core of its own: there are two, and taskset. */
  static boolean canPin() {
    return CAN_PIN;
  }

  static boolean isLinux() {
    return Files.exists(CPU_INFO) && System.getProperty("os.name", "").equals("Linux");
  }

  /** How many cores there are, whether or not this process may use them. */
  static int cores() {
    return (int) lines(CPU_INFO).stream().filter(line -> line.startsWith("processor")).count();
  }

  static String model() {
    return lines(CPU_INFO).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch", ""));
  }

  static String kernel() {
    return System.getProperty("os.name", "") + " " + System.getProperty("os.version", "");
  }

  /** What paces TCP: its timers are much of the price of a small send. */
  static String congestionControl() {
    return lines(CONGESTION).stream().findFirst().orElse("unknown");
  }

  /** How many wanted to run at a time, on average over the last minute. */
  static String load() {
    return lines(Path.of("/proc/loadavg")).stream()
        .findFirst()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .orElse("unknown");
  }

  /**
   * The seconds that all processes together have had of all cores, and what a machine around this
   * one has taken. The kernel's own work for the network is in none of it.
   */
  static double busySeconds() {
    String[] fields = lines(Path.of("/proc/stat")).getFirst().split(" +", -1);
    long ticks = 0;
    for (int field : BUSY) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks / Proc.TICKS_PER_SECOND;
  }

  /** Waits until others leave the machine alone, but not for ever. */
  static void awaitQuiet(double mostSeconds) {
    double end = mostSeconds * Clock.SECOND + Clock.nanos();
    double busy = 1;
    while (busy > QUIET && Clock.nanos() < end) {
      double before = busySeconds();
      Clock.pause(LOOK_NANOS);
      busy = (busySeconds() - before) * Clock.SECOND / LOOK_NANOS;
    }
  }

  /** Where on the PATH a program is, or null. */
  static @Nullable Path program(String name) {
    String path = System.getenv("PATH");
    for (String folder : path == null ? new String[0] : path.split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
