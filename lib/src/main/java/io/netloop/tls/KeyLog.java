package io.netloop.tls;

import io.netloop.loop.NetException;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.internal.tcnative.SSLContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes the secrets of sessions to a file, by which Wireshark reads what was captured of them.
 * <i>Thread-safe.</i>
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-tls-keylogfile/">SSLKEYLOGFILE</a>
 */
final class KeyLog {
  private static final Map<Path, KeyLog> OPEN = new ConcurrentHashMap<>();

  private final OutputStream out;

  private KeyLog(OutputStream out) {
    this.out = out;
  }

  /**
   * The log in this file, which is appended to, and new ones can be read by their owner only.
   *
   * @throws NetException {@code EACCES} where it can't be written
   */
  static KeyLog to(Path file) {
    return OPEN.computeIfAbsent(file.toAbsolutePath().normalize(), KeyLog::open);
  }

  private static KeyLog open(Path file) {
    try {
      if (!Files.exists(file)
          && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      return new KeyLog(
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    } catch (IOException refused) {
      throw new NetException(
          "EACCES", "The key log " + file + " can't be written: " + refused.getMessage(), refused);
    }
  }

  /**
   * Has the sessions of a context written. Netty has no way to ask for that: its context's native
   * counterpart is taken from its field.
   */
  void listenTo(ReferenceCountedOpenSslContext context) {
    try {
      Field pointer = ReferenceCountedOpenSslContext.class.getDeclaredField("ctx");
      pointer.setAccessible(true);
      if (SSLContext.setKeyLogCallback(pointer.getLong(context), (ssl, line) -> write(line))) {
        return;
      }
    } catch (ReflectiveOperationException | RuntimeException closed) {
      throw new NetException(
          "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
          "There is no key log on the module path: netloop and Netty have to be on the class path.",
          closed);
    }
    throw new NetException(
        "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", "This build of BoringSSL has no key log.");
  }

  private void write(byte[] line) {
    byte[] whole = Arrays.copyOf(line, line.length + 1);
    whole[line.length] = '\n';
    try {
      synchronized (out) {
        out.write(whole);
      }
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }
}
