package io.netloop.net;

import io.netloop.engine.CaptureAccess;
import io.netloop.engine.Clock;
import io.netloop.engine.Errno;
import io.netloop.engine.PacketFile;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A file that the plain bytes of chosen connections are written to, as packets, for Wireshark and
 * its like to open: see {@link TcpSocket#capture} and {@code UdpSocket.capture}. One capture may
 * take connections of all loops. <i>Thread-safe.</i>
 *
 * <p>The addresses, ports and bytes are the true ones. What only the system sees is made up: how a
 * stream was cut into packets, its handshake, its acknowledgements, and the numbers it counts from.
 * The times are the wall clock's when the file was opened, counted on from there, in nanoseconds.
 *
 * <p>The loops never wait for the disk. A thread of the capture's own writes the file; up to 16 MiB
 * may wait for it, and what comes then is dropped and counted. A full disk ends the capture, with a
 * line in the log, and no connection. What waits to be written keeps the program alive; an open
 * capture does not.
 *
 * <p>The file holds what was said, passwords and all: a new one can be read by its owner only.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/">The pcap format</a>
 */
public final class Capture {
  private static final long MOST_QUEUED_BYTES = 16 << 20;

  static {
    CaptureAccess.share(
        new CaptureAccess<Capture>() {
          @Override
          public PacketFile file(Capture capture) {
            return capture.file;
          }
        });
  }

  private final Path path;
  private final PacketFile file;

  private Capture(Path path, PacketFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens a file to capture to; one that exists is emptied. With a named pipe it waits until
   * somebody reads from it.
   *
   * @throws NetException the system's code, for example {@code ENOENT} or {@code EACCES}, where the
   *     file cannot be opened
   */
  public static Capture to(Path path) {
    return to(path, MOST_QUEUED_BYTES);
  }

  static Capture to(Path path, long maxQueuedBytes) {
    try {
      return new Capture(path, PacketFile.open(path, maxQueuedBytes, Clock.SYSTEM));
    } catch (IOException refused) {
      throw cannotOpen(path, refused);
    }
  }

  private static NetException cannotOpen(Path path, IOException refused) {
    String reason =
        refused instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : String.valueOf(refused.getMessage());
    Errno errno =
        switch (refused) {
          case NoSuchFileException missing -> Errno.ENOENT;
          case AccessDeniedException denied -> Errno.EACCES;
          default -> reason.contains("Is a directory") ? Errno.EISDIR : Errno.of(refused);
        };
    String words = errno == Errno.EIO ? reason : errno.words();
    return NetException.system(
        "open", errno.name(), words, path.toString(), null, "no capture can be written there");
  }

  /**
   * Takes no more packets, also of connections that go on. Those that wait are written still.
   *
   * @return completed when all is in the file, or the disk has refused it; it never fails
   */
  public CompletableFuture<@Nullable Void> close() {
    return file.close();
  }

  /**
   * How many packets are missing in the file: those that came while too much waited to be written,
   * and those that came after the disk was full. Wireshark shows the gaps they leave in a
   * connection.
   */
  public long dropped() {
    return file.dropped();
  }

  @Override
  public String toString() {
    return "Capture " + path;
  }
}
