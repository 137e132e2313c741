package io.netloop.web;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open file that several responses send from at once; the last to let go of it closes it.
 * <i>Thread-safe.</i>
 */
final class OpenFile {
  private static final Logger LOG = LoggerFactory.getLogger(OpenFile.class);

  private final FileChannel channel;
  private final AtomicInteger users = new AtomicInteger(1);

  /** With one user: the caller. */
  OpenFile(FileChannel channel) {
    this.channel = channel;
  }

  FileChannel channel() {
    return channel;
  }

  /** One more user, if there is one still. */
  boolean retain() {
    int now;
    do {
      now = users.get();
      if (now == 0) {
        return false;
      }
    } while (!users.compareAndSet(now, now + 1));
    return true;
  }

  /** One user less. To close a file may take its time, where it is on another machine. */
  void release() {
    if (users.decrementAndGet() == 0) {
      Thread.ofVirtual().name("netloop-file-close").start(this::close);
    }
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      LOG.debug("A file that was served could not be closed: {}", failure.getMessage());
    }
  }
}
