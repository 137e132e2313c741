package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Reactor;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.loop.Readable;
import io.netloop.loop.Writable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What handlers of an {@link App} answer with: an {@link HttpResponse} and its short ways.
 * <i>Loop-confined,</i> as that is: methods that act may be called from any thread, also from that
 * of a {@link Web#blocking blocking} handler, and take effect on the loop in the order of the
 * calls.
 *
 * @see <a href="https://expressjs.com/en/5x/api.html#res">Express: Response</a>
 */
public final class WebResponse implements Writable {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final String JSON = "application/json; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";

  private final WebRequest request;
  private final HttpResponse raw;
  private final Reactor reactor;

  /** Who is told right before the headers leave; null once they have. */
  private @Nullable List<Runnable> onHead;

  private boolean headTold;
  private @Nullable BodyFilter filter;

  WebResponse(WebRequest request, HttpResponse raw) {
    this.request = request;
    this.raw = raw;
    this.reactor = request.reactor();
  }

  /** The app that answers. */
  public App app() {
    return request.app();
  }

  /** What it answers. */
  public WebRequest request() {
    return request;
  }

  /**
   * The response beneath. What is written to it passes by what middleware has put in the way, such
   * as compression.
   */
  public HttpResponse raw() {
    return raw;
  }

  /** What handlers leave for those behind them, and for templates; the request has the same. */
  public Map<String, Object> locals() {
    return request.locals();
  }

  // Status

  /** 200, or what was set. */
  public int statusCode() {
    return raw.statusCode();
  }

  /**
   * Sets the status, 100 to 999.
   *
   * @throws NetException {@code ERR_HTTP_INVALID_STATUS_CODE}
   */
  public WebResponse statusCode(int code) {
    raw.statusCode(code);
    return this;
  }

  /** The same as {@link #statusCode(int)}, as Express calls it. */
  public WebResponse status(int code) {
    return statusCode(code);
  }

  /** Sets the phrase of the status line. */
  public WebResponse statusMessage(String phrase) {
    raw.statusMessage(phrase);
    return this;
  }

  // Headers, as HttpResponse has them

  /** Sets a header; see {@link HttpResponse#setHeader(String, String)}. */
  public WebResponse setHeader(String name, String value) {
    raw.setHeader(name, value);
    return this;
  }

  /** As {@link #setHeader(String, String)}, a number. */
  public WebResponse setHeader(String name, Number value) {
    raw.setHeader(name, value);
    return this;
  }

  /** As {@link #setHeader(String, String)}; each value makes a line of its own. */
  public WebResponse setHeader(String name, List<String> values) {
    raw.setHeader(name, values);
    return this;
  }

  /** Sets all these headers: texts, numbers, or lists of texts. */
  public WebResponse setHeaders(Map<String, ?> all) {
    raw.setHeaders(all);
    return this;
  }

  /** Adds a line to those that a header has. */
  public WebResponse appendHeader(String name, String... values) {
    raw.appendHeader(name, values);
    return this;
  }

  /** What was set: a text, a number, a list of texts, or null. */
  public @Nullable Object getHeader(String name) {
    return raw.getHeader(name);
  }

  /** All headers that were set, the names in small letters. */
  public Map<String, Object> getHeaders() {
    return raw.getHeaders();
  }

  /** Whether a header of this name was set. */
  public boolean hasHeader(String name) {
    return raw.hasHeader(name);
  }

  /** Takes a header out. */
  public WebResponse removeHeader(String name) {
    raw.removeHeader(name);
    return this;
  }

  /** Sets status and headers at once; see {@link HttpResponse#writeHead(int, Map)}. */
  public WebResponse writeHead(int status, Map<String, ?> headers) {
    raw.writeHead(status, headers);
    return this;
  }

  /** Sets the status; see {@link HttpResponse#writeHead(int)}. */
  public WebResponse writeHead(int status) {
    raw.writeHead(status);
    return this;
  }

  /** The headers behind a chunked body. */
  public WebResponse addTrailers(Map<String, ?> more) {
    raw.addTrailers(more);
    return this;
  }

  /** {@code 103 Early Hints}. */
  public WebResponse writeEarlyHints(Map<String, ?> hints) {
    raw.writeEarlyHints(hints);
    return this;
  }

  /** Whether the headers are on their way, and can't be changed any more. */
  public boolean headersSent() {
    return raw.headersSent();
  }

  /**
   * Adds a listener that is told once, right before the headers leave: the last moment to change
   * them. The latest that was added is told first, as of npm's {@code on-headers}.
   */
  public WebResponse onHeaders(Runnable listener) {
    reactor.run(() -> {
      List<Runnable> listeners = onHead == null ? new ArrayList<>(2) : onHead;
      listeners.add(listener);
      onHead = listeners;
    });
    return this;
  }

  /** Sends the headers now and not with the body. */
  public WebResponse flushHeaders() {
    reactor.run(() -> {
      open();
      raw.flushHeaders();
    });
    return this;
  }

  // The body

  /**
   * Tells that the headers are about to leave, where that has not been done. Before anything is
   * written to {@link #raw}.
   *
   * @return what the body has to go through, or null where it goes as it is
   */
  @Nullable BodyFilter open() {
    List<Runnable> listeners = onHead;
    if (listeners != null && !headTold && !raw.headersSent()) {
      onHead = null;
      for (int i = listeners.size() - 1; i >= 0; i--) {
        listeners.get(i).run();
      }
    }
    headTold = true;
    return filter;
  }

  /** Puts something in the body's way; called by listeners of the headers only. */
  void filter(BodyFilter wanted) {
    filter = wanted;
    raw.onClose(cause -> wanted.close());
  }

  /** Whether anything has to be done on the loop beside writing. */
  private boolean isPlain() {
    return onHead == null && filter == null;
  }

  @Override
  public boolean write(Buffer data) {
    return isPlain() ? raw.write(data) : writeFiltered(data, null);
  }

  @Override
  public boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
    return isPlain() ? raw.write(data, callback) : writeFiltered(data, callback);
  }

  private boolean writeFiltered(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    if (!reactor.inLoop()) {
      reactor.execute(() -> writeFiltered(data, callback));
      return !writableNeedDrain();
    }
    BodyFilter through = open();
    if (through != null) {
      return through.write(data, callback);
    }
    return callback == null ? raw.write(data) : raw.write(data, callback);
  }

  /** Has what was written so far go out now, where a compression would hold it back. */
  public WebResponse flush() {
    reactor.run(() -> {
      if (filter != null) {
        filter.flush();
      }
    });
    return this;
  }

  @Override
  public WebResponse end() {
    return end(Buffer.empty());
  }

  @Override
  public WebResponse end(String text) {
    return end(Buffer.from(text));
  }

  @Override
  public WebResponse end(Buffer data) {
    if (isPlain()) {
      raw.end(data);
    } else {
      reactor.run(() -> endFiltered(data, null));
    }
    return this;
  }

  /** Ends; the callback is told before the 'finish' listeners, or gets what prevented it. */
  public WebResponse end(Consumer<@Nullable NetException> callback) {
    return end(Buffer.empty(), callback);
  }

  /** Writes and ends, as one; the callback is told as {@link #end(Consumer)} says. */
  public WebResponse end(Buffer data, Consumer<@Nullable NetException> callback) {
    reactor.run(() -> endFiltered(data, callback));
    return this;
  }

  private void endFiltered(Buffer data, @Nullable Consumer<@Nullable NetException> callback) {
    BodyFilter through = open();
    if (through != null) {
      through.end(data, callback);
    } else if (callback == null) {
      raw.end(data);
    } else {
      raw.end(data, callback);
    }
  }

  /** Holds back what is written until {@link #uncork} has been called as often, or the end. */
  public WebResponse cork() {
    raw.cork();
    return this;
  }

  /** Takes back one {@link #cork}. */
  public WebResponse uncork() {
    raw.uncork();
    return this;
  }

  // Short ways

  /** Answers with a value as JSON. */
  public WebResponse json(Object value) {
    Buffer body = BYTES.wrap(app().json().write(value));
    reactor.run(() -> {
      if (!raw.hasHeader("Content-Type")) {
        raw.setHeader("Content-Type", JSON);
      }
      end(body);
    });
    return this;
  }

  /** Answers with text: as HTML, where no {@code Content-Type} was set. */
  public WebResponse send(String text) {
    Buffer body = Buffer.from(text);
    reactor.run(() -> {
      if (!raw.hasHeader("Content-Type")) {
        raw.setHeader("Content-Type", HTML);
      }
      end(body);
    });
    return this;
  }

  // Files

  /**
   * Answers with a file, as {@link StaticFiles} do: with its type, conditions, and parts. What is no
   * regular file, or not there, is a 404 for the client. The disk is asked on another thread.
   *
   * @param file chosen by the program: for a name that a client has sent there is {@link
   *     #sendFile(Path, String)}
   */
  public WebResponse sendFile(Path file) {
    return sendFile(file, StaticOptions.defaults());
  }

  /** As {@link #sendFile(Path)}; options about directories have no meaning. */
  public WebResponse sendFile(Path file, StaticOptions options) {
    Path absolute = file.toAbsolutePath().normalize();
    Path directory = absolute.getParent();
    Path name = absolute.getFileName();
    if (directory == null || name == null) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE", "A file is sent, and not the directory " + absolute + ".");
    }
    // The program knows what it sends: its name may be a link, or begin with a dot.
    StaticOptions free = options.withFollowSymlinks(true).withDotFiles(DotFiles.ALLOW);
    return send(directory, free, new UrlPath(List.of(name.toString()), false, 0));
  }

  /**
   * Answers with a file below a directory, whose name may come from a client: what leads out of the
   * directory is answered with 403, what is not there with 404.
   *
   * @param name a path with slashes, without escapes, for example a parameter of the route
   */
  public WebResponse sendFile(Path directory, String name) {
    return sendFile(directory, name, StaticOptions.defaults());
  }

  /** As {@link #sendFile(Path, String)}, with other options. */
  public WebResponse sendFile(Path directory, String name, StaticOptions options) {
    return send(directory, options, UrlPath.ofDecoded(name));
  }

  private WebResponse send(Path directory, StaticOptions options, UrlPath path) {
    FileTree tree = new FileTree(directory, options.withListing(false).withRedirect(false));
    SentFile.send(this, tree, options, path, failure -> {
      if (!headersSent()) {
        removeHeader("Content-Disposition");
      }
      LastResort.answer(request, this, failure);
    });
    return this;
  }

  /** As {@link #sendFile(Path)}, to be saved by the client under the file's name. */
  public WebResponse download(Path file) {
    return download(file, String.valueOf(file.getFileName()));
  }

  /** As {@link #download(Path)}, under another name, which may hold any characters. */
  public WebResponse download(Path file, String name) {
    setHeader("Content-Disposition", ContentDisposition.attachment(name));
    return sendFile(file);
  }

  /** As {@link #sendFile(Path, String)}, to be saved by the client under this name. */
  public WebResponse download(Path directory, String name, String savedAs) {
    setHeader("Content-Disposition", ContentDisposition.attachment(savedAs));
    return sendFile(directory, name);
  }

  // Ending, listeners, and what can be asked

  /** Ends the connection at once. */
  public WebResponse destroy() {
    raw.destroy();
    return this;
  }

  @Override
  public WebResponse destroy(NetException error) {
    raw.destroy(error);
    return this;
  }

  @Override
  public WebResponse onDrain(Runnable listener) {
    raw.onDrain(listener);
    return this;
  }

  @Override
  public WebResponse onFinish(Runnable listener) {
    raw.onFinish(listener);
    return this;
  }

  @Override
  public WebResponse onError(Consumer<NetException> listener) {
    raw.onError(listener);
    return this;
  }

  @Override
  public WebResponse onClose(Consumer<CloseCause> listener) {
    raw.onClose(listener);
    return this;
  }

  @Override
  public WebResponse off(Object listener) {
    raw.off(listener);
    return this;
  }

  @Override
  public long writableLength() {
    BodyFilter through = filter;
    return raw.writableLength() + (through == null ? 0 : through.waitingBytes());
  }

  @Override
  public boolean writableNeedDrain() {
    return raw.writableNeedDrain();
  }

  @Override
  public void piped(Readable source, boolean begins) {
    raw.piped(source, begins);
  }

  /** Whether {@link #end} was called. */
  public boolean writableEnded() {
    return raw.writableEnded();
  }

  /** Whether everything, up to the end, is with the system. */
  public boolean writableFinished() {
    return raw.writableFinished();
  }

  /** Whether it is over: done, or its connection lost. */
  public boolean destroyed() {
    return raw.destroyed();
  }

  @Override
  public String toString() {
    return raw.toString();
  }
}
