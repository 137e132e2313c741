package io.netloop.net;

import io.netloop.engine.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files that Unix domain sockets leave in the file system. */
final class SocketFiles {
  /** In a file's mode, as stat(2) has it: the bits of its type, and those of a socket. */
  private static final int TYPE = 0170000;

  private static final int SOCKET = 0140000;

  private SocketFiles() {}

  static boolean isTooLong(String path) {
    return path.getBytes(StandardCharsets.UTF_8).length > Transport.chosen().mostPathBytes();
  }

  private static boolean isAbstract(String path) {
    return path.startsWith("\0");
  }

  /** Whether the system knows no such path: it is empty, or a NUL is in it. */
  static boolean isNoPath(String path) {
    boolean known = !isAbstract(path) || Transport.chosen().knowsAbstractNames();
    return path.isEmpty() || path.indexOf(0, 1) > 0 || !known;
  }

  static boolean exists(String path) {
    return !isAbstract(path) && Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes our own socket file; one that has gone already is no matter. */
  static void delete(String path) {
    try {
      if (!isAbstract(path) && isSocket(Path.of(path))) {
        Files.deleteIfExists(Path.of(path));
      }
    } catch (IOException gone) {
      // The next server finds it stale, and can say so.
    }
  }

  /**
   * Removes a socket that nobody listens on. It may take a while.
   *
   * @return whether it was removed: never anything but a socket, never one that answers
   */
  static boolean deleteIfStale(String path) throws IOException {
    Path file = Path.of(path);
    if (!isSocket(file)) {
      return false;
    }
    // Where its queue is full, a connect that blocks would wait for its turn.
    try (SocketChannel asking = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      asking.configureBlocking(false);
      asking.connect(UnixDomainSocketAddress.of(file));
      return false;
    } catch (ConnectException refused) {
      return Files.deleteIfExists(file);
    } catch (IOException unclear) {
      return refusedBySystem(unclear) && Files.deleteIfExists(file);
    }
  }

  /** The JDK throws a plain SocketException for a Unix socket that refuses. */
  private static boolean refusedBySystem(IOException failure) {
    return String.valueOf(failure.getMessage()).contains("Connection refused");
  }

  private static boolean isSocket(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Object mode = Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return mode instanceof Integer bits && (bits & TYPE) == SOCKET;
  }

  /** Lets everybody read from the socket, or write to it. */
  static void open(String path, boolean readable, boolean writable) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(Path.of(path));
      if (readable) {
        mode.addAll(
            Set.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ));
      }
      if (writable) {
        mode.addAll(
            Set.of(
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.OTHERS_WRITE));
      }
      Files.setPosixFilePermissions(Path.of(path), mode);
    } catch (IOException | UnsupportedOperationException e) {
      throw new IllegalStateException("The mode of " + path + " could not be changed.", e);
    }
  }

  /**
   * The path that a descriptor of this process is bound to, or null where it is no Unix domain
   * socket; only Linux tells (proc_net(5)).
   */
  static @Nullable String pathOf(int fd) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
      if (!target.startsWith("socket:[")) {
        return null;
      }
      String inode = target.substring("socket:[".length(), target.length() - 1);
      // Lossy: the names that other programs give are bytes of any kind.
      String all =
          new String(Files.readAllBytes(Path.of("/proc/net/unix")), StandardCharsets.UTF_8);
      for (String line : all.split("\n", -1)) {
        String[] columns = line.strip().split("\\s+", 8);
        if (columns.length > 6 && columns[6].equals(inode)) {
          return columns.length < 8 ? "" : columns[7].replaceFirst("^@", "\0");
        }
      }
    } catch (IOException noSuchDescriptor) {
      return null;
    }
    return null;
  }
}
