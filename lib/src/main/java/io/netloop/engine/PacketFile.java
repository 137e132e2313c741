package io.netloop.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of packets in the pcap format (draft-ietf-opsawg-pcap: big-endian, with nanoseconds,
 * LINKTYPE_RAW), which one thread of its own writes. Loops put records into a queue that is bounded
 * in bytes, and never wait: what does not fit is counted. What the disk refuses ends the file, with
 * one line in the log, and nothing else. <i>Thread-safe.</i>
 */
public final class PacketFile {
  /** Before each packet: seconds, nanoseconds, and its length twice. */
  static final int RECORD_HEADER_BYTES = 16;

  private static final Logger log = LoggerFactory.getLogger(PacketFile.class);

  private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
  private static final int LINKTYPE_RAW = 101;
  private static final int SNAP_LENGTH = 262_144;
  private static final int HEADER_BYTES = 24;

  /** As much as is written in one call; more than the longest record has. */
  private static final int BATCH_BYTES = 256 * 1024;

  /** What a record in the queue costs beside its bytes, so that short ones are bounded too. */
  private static final int COST = 64;

  private static final long SECOND = 1_000_000_000;

  private final Path path;
  private final FileChannel channel;
  private final long maxQueuedBytes;
  private final Clock clock;

  /** The wall clock when the clock of the nanoseconds was at zero. */
  private final long epochNanos;

  /** What is to be written keeps the program alive, the file as such does not. */
  private final Ref ref = new Ref();

  private final CompletableFuture<@Nullable Void> written = new CompletableFuture<>();

  // Of the thread that writes: bytes in the file, and packets that are being written.
  private long whole;
  private int underWay;

  // The rest is guarded by this.
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
  private long queuedBytes;
  private long dropped;
  private int streams;
  private boolean closing;
  private boolean failed;

  private PacketFile(Path path, FileChannel channel, long maxQueuedBytes, Clock clock) {
    this.path = path;
    this.channel = channel;
    this.maxQueuedBytes = maxQueuedBytes;
    this.clock = clock;
    epochNanos = clock.epochMillis() * 1_000_000 - clock.nanoTime();
  }

  /**
   * Opens the file, which is emptied where it exists; a new one only its owner can read.
   *
   * @param maxQueuedBytes how much may wait to be written
   */
  public static PacketFile open(Path path, long maxQueuedBytes, Clock clock) throws IOException {
    Set<StandardOpenOption> create =
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownersOnly =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    PacketFile file =
        new PacketFile(path, FileChannel.open(path, create, ownersOnly), maxQueuedBytes, clock);
    file.ref.open();
    Thread thread = new Thread(file::writeAll, "netloop-capture");
    thread.setDaemon(true);
    thread.start();
    return file;
  }

  /**
   * Takes room in the queue for a packet of so many bytes. Where there is none it counts as
   * dropped; else {@link #add} must follow.
   */
  synchronized boolean reserve(int packetBytes) {
    if (closing) {
      return false;
    }
    long after = queuedBytes + RECORD_HEADER_BYTES + packetBytes + COST;
    if (failed || after > maxQueuedBytes) {
      dropped++;
      return false;
    }
    if (queuedBytes == 0) {
      ref.open();
    }
    queuedBytes = after;
    return true;
  }

  /** Adds a packet that room was taken for: behind the place of the record's header, to be set. */
  void add(byte[] packet) {
    long now = epochNanos + clock.nanoTime();
    int length = packet.length - RECORD_HEADER_BYTES;
    ByteBuffer.wrap(packet)
        .putInt((int) (now / SECOND))
        .putInt((int) (now % SECOND))
        .putInt(length)
        .putInt(length);
    synchronized (this) {
      if (failed) {
        dropped++;
      } else if (!written.isDone()) {
        queue.add(packet);
        notifyAll();
      }
    }
  }

  /** The number of one more connection in this file, from 0 on. */
  public synchronized int nextStream() {
    return streams++;
  }

  /** How many packets are not in the file, for want of room in the queue or on the disk. */
  public synchronized long dropped() {
    return dropped;
  }

  /**
   * Takes no more packets. Those that wait are written still.
   *
   * @return completed when they are, or can't be; it never fails
   */
  public CompletableFuture<@Nullable Void> close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    return written.copy();
  }

  // The thread

  private void writeAll() {
    try (channel) {
      ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);
      write(header());
      taken(0);
      while ((underWay = fill(batch.clear())) > 0) {
        int bytes = batch.position();
        write(batch.flip());
        taken(bytes + (long) underWay * COST);
      }
    } catch (IOException | RuntimeException failure) {
      fail(failure);
    } finally {
      ref.close();
      written.complete(null);
    }
  }

  private static ByteBuffer header() {
    return ByteBuffer.allocate(HEADER_BYTES)
        .putInt(MAGIC_NANOSECONDS)
        .putShort((short) 2)
        .putShort((short) 4)
        .putLong(0)
        .putInt(SNAP_LENGTH)
        .putInt(LINKTYPE_RAW)
        .flip();
  }

  /** Writes all of it or, where the file can be cut, nothing: readers complain of half a packet. */
  private void write(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      whole += length;
    } catch (IOException refused) {
      cut(refused);
      throw refused;
    }
  }

  private void cut(IOException why) {
    try {
      channel.truncate(whole);
    } catch (IOException pipeOrDevice) {
      why.addSuppressed(pipeOrDevice);
    }
  }

  /** Waits for packets and takes as many as fit; 0 when there will be no more. */
  private synchronized int fill(ByteBuffer batch) {
    while (queue.isEmpty() && !closing) {
      try {
        wait();
      } catch (InterruptedException nobodyDoesThat) {
        closing = true;
      }
    }
    int packets = 0;
    byte[] next;
    while ((next = queue.peek()) != null && next.length <= batch.remaining()) {
      batch.put(next);
      queue.remove();
      packets++;
    }
    return packets;
  }

  /** So much of the queue is in the file. */
  private synchronized void taken(long bytes) {
    queuedBytes -= bytes;
    if (queuedBytes == 0) {
      ref.close();
    }
  }

  private void fail(Exception failure) {
    synchronized (this) {
      failed = true;
      dropped += underWay + queue.size();
      queue.clear();
    }
    log.warn(
        "The capture in {} ends here, for it cannot be written: {}. The connections go on.",
        path,
        failure.getMessage() == null ? failure : failure.getMessage());
  }
}
