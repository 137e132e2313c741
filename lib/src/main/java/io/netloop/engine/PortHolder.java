package io.netloop.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the process that has a port, from what Linux tells in {@code /proc}. It reads many small
 * files: to be called off the loop.
 */
public final class PortHolder {
  private static final String LISTENS = "0A";
  private static final String UNCONNECTED = "07";

  private PortHolder() {}

  /**
   * Who listens on a TCP port: {@code held by java, pid 4711}; null where the system doesn't tell.
   */
  public static @Nullable String ofTcp(int port) {
    return describe("tcp", LISTENS, port);
  }

  /** Who is bound to a UDP port. */
  public static @Nullable String ofUdp(int port) {
    return describe("udp", UNCONNECTED, port);
  }

  private static @Nullable String describe(String protocol, String state, int port) {
    try {
      Set<String> inodes = new HashSet<>();
      collect(Path.of("/proc/net/" + protocol), state, port, inodes);
      collect(Path.of("/proc/net/" + protocol + "6"), state, port, inodes);
      if (inodes.isEmpty()) {
        return null;
      }
      Path process = holder(inodes);
      if (process == null) {
        return "held by a process that this user may not see";
      }
      String name = Files.readString(process.resolve("comm")).strip();
      String pid = process.getFileName().toString();
      boolean ours = pid.equals(String.valueOf(ProcessHandle.current().pid()));
      return "held by %s, pid %s%s".formatted(name, pid, ours ? ", this process" : "");
    } catch (IOException noProc) {
      return null;
    }
  }

  /** Adds the inodes of the sockets in this state on this port. */
  private static void collect(Path table, String state, int port, Set<String> inodes)
      throws IOException {
    if (!Files.exists(table)) {
      return;
    }
    String end = ":%04X".formatted(port);
    List<String> lines = Files.readAllLines(table);
    for (String line : lines.subList(1, lines.size())) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length > 9 && columns[3].equals(state) && columns[1].endsWith(end)) {
        inodes.add("socket:[" + columns[9] + "]");
      }
    }
  }

  private static @Nullable Path holder(Set<String> inodes) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, inodes)) {
          return process;
        }
      }
    }
    return null;
  }

  /** A process may end while we look, and most may not be looked at: neither is worth a word. */
  private static boolean holds(Path process, Set<String> inodes) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        if (inodes.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException unreadable) {
      return false;
    }
    return false;
  }
}
