package io.netloop.web;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends a page while it is rendered. Its thread waits while {@link #MOST_WAITING} bytes have not
 * been taken by the system: a client that does not read costs no more than that.
 */
final class PageStream implements Appendable {
  /** 256 KiB. */
  private static final int MOST_WAITING = 256 * 1024;

  private final WebResponse response;
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private volatile boolean closed;

  /** The first half of a pair of UTF-16 that was cut; 0 for none. */
  private char half;

  PageStream(WebResponse response) {
    this.response = response;
  }

  void render(String name, @Nullable Object data) {
    response.onClose(cause -> {
      closed = true;
      room.release(MOST_WAITING);
    });
    Loop.offload(
            () -> {
              response.app().views().render(name, data, response.locals(), this);
              return true;
            })
        .onResult(done -> response.end())
        .onError(this::failed);
  }

  /** On the loop. A client that has gone is no failure of the page. */
  private void failed(Throwable error) {
    if (!closed) {
      response.request().failed(error);
    }
  }

  @Override
  public Appendable append(@Nullable CharSequence piece) throws IOException {
    String text = String.valueOf(piece);
    if (half != 0) {
      text = half + text;
      half = 0;
    }
    int end = text.length();
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      half = text.charAt(--end);
    }
    if (end > 0) {
      send(Buffer.from(text.substring(0, end)));
    }
    return this;
  }

  @Override
  public Appendable append(@Nullable CharSequence piece, int start, int end) throws IOException {
    return append(String.valueOf(piece).substring(start, end));
  }

  @Override
  public Appendable append(char c) throws IOException {
    return append(String.valueOf(c));
  }

  private void send(Buffer piece) throws IOException {
    int size = Math.min(piece.length(), MOST_WAITING);
    try {
      room.acquire(size);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The rendering was interrupted.", e);
    }
    if (closed) {
      throw new IOException("The client has gone.");
    }
    if (!response.headersSent() && !response.hasHeader("Content-Type")) {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
    }
    response.write(piece, error -> room.release(size));
  }
}
