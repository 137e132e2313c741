package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the files of one upload, one after another, on a virtual thread: the loop hands in what it
 * has, and is told when there is room again. Loop-confined, but for the writing.
 */
final class Spool {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** From so many bytes on the client has to wait. */
  private static final int FULL_BYTES = 1024 * 1024;

  /** What a piece takes beside its bytes, of which a client may send one at a time. */
  private static final int PIECE_BYTES = 128;

  /** How a new file comes to be. */
  interface Creation {
    /** Makes one and gives its path. */
    Path create() throws IOException;
  }

  /** Something to be done with the disk. */
  private interface Work {
    void run() throws IOException;
  }

  private final Creation files;
  private final Consumer<Throwable> onError;
  private final Runnable onRoom;
  private List<Work> waiting = new ArrayList<>();
  private long waitingBytes;
  private boolean working;
  private boolean deleting;
  private @Nullable Runnable onIdle;

  /** All files that were made. Written by the thread that writes, read when it is done. */
  private final List<Path> made = new ArrayList<>();

  /** What is told on the loop when the work under way is done. As {@link #made}. */
  private final List<Runnable> ends = new ArrayList<>();

  private @Nullable WritableByteChannel open;

  Spool(Creation files, Consumer<Throwable> onError, Runnable onRoom) {
    this.files = files;
    this.onError = onError;
    this.onRoom = onRoom;
  }

  /** In that folder, or where the system has such files. */
  static Creation in(@Nullable Path directory) {
    return () ->
        directory == null
            ? Files.createTempFile("netloop-", ".upload")
            : Files.createTempFile(directory, "netloop-", ".upload");
  }

  void begin() {
    add(
        0,
        () -> {
          Path path = files.create();
          made.add(path);
          open = Files.newByteChannel(path, StandardOpenOption.WRITE);
        });
  }

  void write(Buffer data) {
    add(
        data.length(),
        () -> {
          ByteBuffer bytes = ByteBuffer.wrap(BYTES.array(data), BYTES.offset(data), data.length());
          WritableByteChannel channel = open;
          while (channel != null && bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /** Closes the file; its path is told on the loop. */
  void end(Consumer<Path> told) {
    add(
        0,
        () -> {
          closeOpen();
          Path path = made.getLast();
          ends.add(() -> told.accept(path));
        });
  }

  private void closeOpen() throws IOException {
    WritableByteChannel channel = open;
    open = null;
    if (channel != null) {
      channel.close();
    }
  }

  private void add(int bytes, Work work) {
    if (!deleting) {
      waiting.add(work);
      waitingBytes += bytes + PIECE_BYTES;
      goOn();
    }
  }

  boolean isFull() {
    return waitingBytes >= FULL_BYTES;
  }

  /** Calls it when all is written. */
  void whenIdle(Runnable listener) {
    onIdle = listener;
    goOn();
  }

  /** Deletes all files that are still where they were made. */
  void delete() {
    if (!deleting) {
      waiting.clear();
      waitingBytes = 0;
      onIdle = null;
      waiting.add(() -> {
        IOException failed = null;
        try {
          closeOpen();
        } catch (IOException full) {
          failed = full;
        }
        for (Path path : made) {
          try {
            Files.deleteIfExists(path);
          } catch (IOException stays) {
            failed = stays;
          }
        }
        if (failed != null) {
          LOG.warn("A file of an upload may stay behind: {}", failed.toString());
        }
      });
      deleting = true;
      goOn();
    }
  }

  private void goOn() {
    if (working) {
      return;
    }
    if (waiting.isEmpty()) {
      Runnable idle = onIdle;
      onIdle = null;
      if (idle != null && !deleting) {
        idle.run();
      }
      return;
    }
    working = true;
    List<Work> all = waiting;
    long bytes = waitingBytes;
    waiting = new ArrayList<>();
    Loop.offload(
            () -> {
              for (Work work : all) {
                work.run();
              }
              return bytes;
            })
        .onResult(this::done)
        .onError(failure -> {
          onIdle = null; // It is not all written, and never will be.
          done(bytes);
          if (!deleting) {
            onError.accept(failure);
          }
        });
  }

  private void done(long bytes) {
    working = false;
    boolean wasFull = isFull();
    waitingBytes = Math.max(0, waitingBytes - bytes);
    List<Runnable> told = List.copyOf(ends);
    ends.clear();
    if (!deleting) {
      told.forEach(Runnable::run);
    }
    if (wasFull && !isFull()) {
      onRoom.run();
    }
    goOn();
  }
}
