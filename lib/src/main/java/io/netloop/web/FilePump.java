package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.FileCutShort;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.web.ByteRanges.Part;
import io.netloop.web.FileResponse.Bytes;
import io.netloop.web.FileResponse.FileBytes;
import io.netloop.web.FileResponse.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Reads a file, a block at a time and on another thread, into a response whose body is changed on
 * its way: compressed, say. The next block is read when there is room for it. Loop-confined.
 */
final class FilePump {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final int BLOCK_BYTES = 64 * 1024;

  private final WebResponse response;
  private final FileEntry entry;
  private final ArrayDeque<Segment> segments;
  private final Runnable onDrain = this::goOn;
  private boolean reading;
  private boolean over;

  FilePump(WebResponse response, FileEntry entry, List<Segment> segments) {
    this.response = response;
    this.entry = entry;
    this.segments = new ArrayDeque<>(segments);
  }

  /** Begins; the file is used until the end. */
  void start() {
    if (!entry.retain()) {
      response.destroy();
      return;
    }
    response.onDrain(onDrain);
    response.onClose(cause -> finish());
    goOn();
  }

  private void goOn() {
    boolean room = true;
    while (room && !over && !reading) {
      Segment next = segments.poll();
      if (next == null) {
        response.off(onDrain);
        response.end();
        finish();
        return;
      }
      room =
          switch (next) {
            case Bytes(Buffer data) -> response.write(data);
            case FileBytes(Part part) -> send(part);
          };
    }
  }

  /** Sends what is here, or begins to read. */
  private boolean send(Part part) {
    FileChannel file = entry.channel();
    if (part.length() == 0) {
      return true;
    }
    if (file == null) {
      return response.write(FileResponse.slice(entry, part));
    }
    reading = true;
    int length = (int) Math.min(BLOCK_BYTES, part.length());
    if (length < part.length()) {
      segments.addFirst(new FileBytes(new Part(part.first() + length, part.last())));
    }
    Loop.offload(() -> read(file, part.first(), length)).onResult(this::took).onError(this::failed);
    return false;
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
      entry.release();
    } else if (response.write(BYTES.wrap(block))) {
      goOn();
    }
  }

  private void failed(Exception failure) {
    reading = false;
    if (over) {
      entry.release();
      return;
    }
    String code = failure instanceof FileCutShort ? "ERR_FILE_CUT_SHORT" : "EIO";
    response.destroy(new NetException(code, String.valueOf(failure.getMessage()), failure));
  }

  private void finish() {
    if (!over) {
      over = true;
      if (!reading) {
        entry.release();
      }
    }
  }
}
