package io.netloop.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files that hold secrets: nobody but their owner may read them, not even for the moment in which
 * they are made, and a reader finds the old content or the new, never a part. Blocks.
 */
public final class OwnerFiles {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /** A system's lock belongs to a process, so there is one between threads, too. */
  private static final Object ALONE = new Object();

  /** What is done while nobody else does. */
  public interface Work<T> {
    T run() throws IOException;
  }

  private OwnerFiles() {}

  /**
   * Does something while no other thread, and no other program of this user, does so in the same
   * directory, as far as they come here for it. Waits for them.
   */
  public static <T> T alone(Path directory, Work<T> work) throws IOException {
    synchronized (ALONE) {
      try (FileChannel lock =
          FileChannel.open(
              directory.resolve(".lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              rights("rw-------"))) {
        lock.lock(); // Until the channel is closed.
        return work.run();
      }
    }
  }

  /** Makes a directory, where there is none, that only its owner may look into. */
  public static void directory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(directory, rights("rwx------"));
    } catch (java.nio.file.FileAlreadyExistsException raced) {
      if (!Files.isDirectory(directory)) {
        throw raced;
      }
    }
  }

  /** Replaces a file, or makes it, readable by its owner only. */
  public static void writeSecret(Path file, byte[] content) throws IOException {
    replace(file, content, "rw-------");
  }

  /** Replaces a file, or makes it, readable by all. */
  public static void writePublic(Path file, byte[] content) throws IOException {
    replace(file, content, "rw-r--r--");
  }

  private static void replace(Path file, byte[] content, String rights) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException("There is no directory to write " + file + " to.");
    }
    Path fresh = Files.createTempFile(directory, ".new-", ".tmp", rights("rw-------"));
    try {
      try (FileChannel out = FileChannel.open(fresh, Set.of(StandardOpenOption.WRITE))) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      // Given afterwards, because the system takes its mask off what a file is made with.
      if (POSIX) {
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(rights));
      }
      move(fresh, file);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void move(Path fresh, Path file) throws IOException {
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException elsewhere) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Whether others than the owner may read the file; false where the system has no such rights. */
  public static boolean isOpenToOthers(Path file) throws IOException {
    return POSIX
        && Files.getPosixFilePermissions(file).stream()
            .anyMatch(right -> !right.name().startsWith("OWNER"));
  }

  private static FileAttribute<?>[] rights(String text) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))
        }
        : new FileAttribute<?>[0];
  }

  /** The folder for what a program of this user keeps: settings, keys. It need not exist yet. */
  public static Path configFolder() {
    return configFolder(
        System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home", "."));
  }

  static Path configFolder(Map<String, String> environment, String system, String home) {
    @Nullable String known = environment.get("XDG_CONFIG_HOME");
    // A relative path is to be ignored, says the XDG Base Directory Specification.
    if (known != null && Path.of(known).isAbsolute()) {
      return Path.of(known, "netloop");
    }
    if (system.startsWith("Mac")) {
      return Path.of(home, "Library", "Application Support", "netloop");
    }
    @Nullable String roaming = environment.get("APPDATA");
    if (system.startsWith("Windows") && roaming != null) {
      return Path.of(roaming, "netloop");
    }
    return Path.of(home, ".config", "netloop");
  }
}
