package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.FileCutShort;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file in a message whose way out sends no files by itself: it is read a block at a
 * time, on another thread, as there is room for it. What the program writes behind it waits.
 * Loop-confined.
 */
final class FileCopy {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final int BLOCK_BYTES = 64 * 1024;

  private final OutgoingMessage<?> message;
  private final FileChannel file;
  private final Consumer<@Nullable NetException> whenUnused;
  private final ArrayDeque<Runnable> behind = new ArrayDeque<>(2);
  private long position;
  private long left;
  private boolean reading;
  private boolean over;
  private @Nullable NetException failure;

  FileCopy(
      OutgoingMessage<?> message,
      FileChannel file,
      long position,
      long length,
      Consumer<@Nullable NetException> whenUnused) {
    this.message = message;
    this.file = file;
    this.position = position;
    this.left = length;
    this.whenUnused = whenUnused;
  }

  /** To be done when all of the file has been written. */
  void then(Runnable next) {
    behind.add(next);
  }

  /** There is room: reads, unless that is under way. */
  void goOn() {
    if (reading || over) {
      return;
    }
    reading = true;
    long from = position;
    int length = (int) Math.min(BLOCK_BYTES, left);
    Loop.offload(() -> read(file, from, length)).onResult(this::took).onError(this::failed);
  }

  private static byte[] read(FileChannel file, long position, int length) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(length);
    while (block.hasRemaining()) {
      if (file.read(block, position + block.position()) < 0) {
        throw new FileCutShort();
      }
    }
    return block.array();
  }

  private void took(byte[] block) {
    reading = false;
    if (over) {
      whenUnused.accept(failure);
      return;
    }
    position += block.length;
    left -= block.length;
    boolean room = message.writeCopied(BYTES.wrap(block));
    if (left == 0) {
      over = true;
      whenUnused.accept(null);
      message.copied();
      behind.forEach(message::guard);
    } else if (room) {
      goOn();
    }
  }

  private void failed(Exception unreadable) {
    reading = false;
    if (over) {
      whenUnused.accept(failure);
      return;
    }
    String code = unreadable instanceof FileCutShort ? "ERR_FILE_CUT_SHORT" : "EIO";
    message.destroy(new NetException(code, String.valueOf(unreadable.getMessage()), unreadable));
  }

  /** The message is over: nothing more of it will be sent. */
  void stop(NetException why) {
    if (!over) {
      over = true;
      failure = why;
      if (!reading) {
        whenUnused.accept(why);
      }
      behind.forEach(message::guard); // They are told that it is over.
    }
  }
}
