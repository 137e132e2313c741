package io.netloop.engine;

import io.netty.channel.DefaultFileRegion;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that waits to be sent. It has several users: the queue it waits in, and what the
 * transport or a reading thread does with it just now. When none is left its owner is told, once,
 * and may close the file: a descriptor that is closed any sooner might be another file's by the
 * time the system comes to it.
 *
 * <p>Loop-confined, but for {@link #release}.
 */
public final class FilePart {
  private final FileChannel file;
  private final Outbox.Receipt whenUnused;
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile @Nullable Throwable failure;
  private long position;
  private long left;

  /**
   * @param file open for reading; its own position is neither used nor changed
   * @param whenUnused told on the loop when the file may be closed: with null where all is with the
   *     system
   */
  public FilePart(FileChannel file, long position, long length, Outbox.Receipt whenUnused) {
    this.file = file;
    this.position = position;
    this.left = length;
    this.whenUnused = whenUnused;
  }

  /** How many bytes have not been handed over. */
  public long left() {
    return left;
  }

  /** So many bytes are handed over. */
  void took(long bytes) {
    position += bytes;
    left -= bytes;
  }

  /** The next bytes as the transport sends them without a copy. It is a user until it is done. */
  DefaultFileRegion region(long most) {
    users.incrementAndGet();
    return new DefaultFileRegion(file, position, Math.min(most, left)) {
      @Override
      protected void deallocate() {
        // The file is open for its other users.
        FilePart.this.release();
      }
    };
  }

  /** One user less. Any thread. */
  void release() {
    if (users.decrementAndGet() == 0) {
      whenUnused.done(failure);
    }
  }

  /** It will not be sent, not all of it; told before the release. */
  void fail(Throwable why) {
    failure = why;
  }

  /** Told of a block that was read, or why it was not. */
  interface Reading {
    void done(byte @Nullable [] block, @Nullable Throwable failure);
  }

  /** Reads the next bytes on a thread of its own, while nobody takes any; told on the loop. */
  void readLater(Reactor reactor, int most, Reading reading) {
    users.incrementAndGet();
    Thread.ofVirtual()
        .name(reactor.name() + "-file")
        .start(() -> {
          byte @Nullable [] block = null;
          Throwable failure = null;
          try {
            block = read(most);
          } catch (EOFException shorter) {
            failure = new FileCutShort();
          } catch (Throwable unreadable) {
            failure = unreadable;
          }
          byte[] read = block;
          Throwable why = failure;
          boolean told =
              reactor.run(() -> {
                release();
                reading.done(read, why);
              });
          if (!told) {
            release();
          }
        });
  }

  private byte[] read(int most) throws IOException {
    ByteBuffer block = ByteBuffer.allocate((int) Math.min(most, left));
    while (block.hasRemaining()) {
      if (file.read(block, position + block.position()) < 0) {
        throw new EOFException();
      }
    }
    return block.array();
  }

  /** Whether the file ends before this part does: it was made shorter. */
  boolean isCutShort() {
    try {
      return file.size() < position + left;
    } catch (IOException closed) {
      return false;
    }
  }
}
