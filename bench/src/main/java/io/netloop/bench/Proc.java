package io.netloop.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the system knows about a process, from {@code /proc}. */
final class Proc {
  /** The unit of time in {@code /proc}, the same on all that Linux runs on today. */
  static final double TICKS_PER_SECOND = 100;

  // Counted behind the name, which is in parentheses and may hold anything.
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final int CHILDREN_USER_TICKS = 13;
  private static final int CHILDREN_SYSTEM_TICKS = 14;

  /**
   * What a process has had of a core, in seconds. <i>Immutable.</i>
   *
   * @param user in its own code
   * @param system in the kernel
   */
  record Times(double user, double system) {
    double seconds() {
      return user + system;
    }

    Times plus(Times other) {
      return new Times(user + other.user, system + other.system);
    }

    Times minus(Times other) {
      return new Times(user - other.user, system - other.system);
    }
  }

  private Proc() {}

  /** The seconds that all threads of a process have had of a core, exact to a hundredth. */
  static double cpuSeconds(long pid) throws IOException {
    return times(pid, USER_TICKS, SYSTEM_TICKS).seconds();
  }

  /** The same, in two parts. */
  static Times times(long pid) throws IOException {
    return times(pid, USER_TICKS, SYSTEM_TICKS);
  }

  /** What the children of a process have had that have ended, and were waited for. */
  static double endedChildrenSeconds(long pid) throws IOException {
    return times(pid, CHILDREN_USER_TICKS, CHILDREN_SYSTEM_TICKS).seconds();
  }

  private static Times times(long pid, int userField, int systemField) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new Times(
        Long.parseLong(fields[userField]) / TICKS_PER_SECOND,
        Long.parseLong(fields[systemField]) / TICKS_PER_SECOND);
  }

  /** The memory of a process that is in memory, in bytes; what the kernel holds is not in it. */
  static long residentBytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new IOException("process " + pid + " has ended");
  }
}
