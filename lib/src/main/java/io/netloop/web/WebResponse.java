package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Reactor;
import io.netloop.http.Http;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.loop.Readable;
import io.netloop.loop.Writable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String BYTES_TYPE = "application/octet-stream";

  private final WebRequest request;
  private final HttpResponse raw;
  private final Reactor reactor;

  private final ResponseBody body;

  WebResponse(WebRequest request, HttpResponse raw) {
    this.request = request;
    this.raw = raw;
    this.reactor = request.reactor();
    this.body = new ResponseBody(raw, reactor);
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
    return body.headersSent();
  }

  /**
   * Adds a listener that is told once, right before the headers leave: the last moment to change
   * them. The latest that was added is told first, as of npm's {@code on-headers}.
   */
  public WebResponse onHeaders(Runnable listener) {
    body.onHeaders(listener);
    return this;
  }

  /** Sends the headers now and not with the body. */
  public WebResponse flushHeaders() {
    body.flushHeaders();
    return this;
  }

  // The body

  /** Its way, with what middleware has put in it. */
  ResponseBody body() {
    return body;
  }

  @Override
  public boolean write(Buffer data) {
    return body.write(data);
  }

  @Override
  public boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
    return body.write(data, callback);
  }

  /** Has what was written so far go out now, where a compression would hold it back. */
  public WebResponse flush() {
    body.flush();
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
    body.end(data);
    return this;
  }

  /** Ends; the callback is told before the 'finish' listeners, or gets what prevented it. */
  public WebResponse end(Consumer<@Nullable NetException> callback) {
    return end(Buffer.empty(), callback);
  }

  /** Writes and ends, as one; the callback is told as {@link #end(Consumer)} says. */
  public WebResponse end(Buffer data, Consumer<@Nullable NetException> callback) {
    body.end(data, callback);
    return this;
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

  /**
   * Answers with a value as JSON: maps, lists, records, what Jackson knows; see {@link App#json}.
   * It is written on the calling thread.
   */
  public WebResponse json(@Nullable Object value) {
    send(BYTES.wrap(app().json().write(value)), JSON);
    return this;
  }

  /**
   * Answers with a page: renders it on the calling thread, whole, and sends it as HTML, with an
   * {@code ETag} as all {@link #send(String)} does. What fails is thrown, and then handled as a
   * failure of the handler: logged with the place in the template, and shown to clients in
   * development only.
   *
   * @param name of a file in {@link App#views}; without an extension it gets the engine's
   * @param data a map, a record or an object with getters; to a map, and to null, {@link #locals}
   *     are added, below what it has itself
   * @throws io.netloop.template.TemplateError where there is no such page, or it fails
   */
  public WebResponse render(String name, @Nullable Object data) {
    return send(app().views().render(name, data, locals()));
  }

  /** As {@link #render(String, Object)}, with {@link #locals} alone. */
  public WebResponse render(String name) {
    return render(name, null);
  }

  /**
   * Answers with a page that may be larger than the memory: a virtual thread renders it, and waits
   * where the client does not read. The data is used by that thread, and what it gives as a stream
   * or an {@code Iterable} is taken as the page grows. Up to the first piece, some 16,000
   * characters, an error is handled as of {@link #render(String, Object)}; later it ends the
   * connection, so that the client knows that the page is not whole.
   */
  public WebResponse renderStream(String name, @Nullable Object data) {
    new PageStream(this).render(name, data);
    return this;
  }

  /** Answers with text: as HTML, where no {@code Content-Type} was set. */
  public WebResponse send(String text) {
    send(Buffer.from(text), HTML);
    return this;
  }

  /** Answers with bytes: as {@code application/octet-stream}, where no type was set. */
  public WebResponse send(Buffer data) {
    send(data, BYTES_TYPE);
    return this;
  }

  private void send(Buffer body, String type) {
    act(() -> Sending.send(this, body, type));
  }

  /** At once, or on the loop later: what fails then is handled as a failure of the handler. */
  private void act(Runnable action) {
    if (reactor.inLoop()) {
      action.run();
      return;
    }
    reactor.execute(() -> {
      try {
        action.run();
      } catch (RuntimeException failure) {
        request.failed(failure);
      }
    });
  }

  /** Answers with a status and its phrase as text. */
  public WebResponse sendStatus(int code) {
    statusCode(code).setHeader("Content-Type", TEXT);
    return send(Http.STATUS_CODES.getOrDefault(code, String.valueOf(code)));
  }

  /** {@code Content-Type} by a short name ({@code json}, {@code html}), an extension, or a type. */
  public WebResponse type(String type) {
    return setHeader("Content-Type", TypeNames.withCharset(TypeNames.of(type)));
  }

  /** {@code Location}, escaped where it has to be. */
  public WebResponse location(String url) {
    return setHeader("Location", Percent.encodeUrl(url));
  }

  /**
   * Sends the client elsewhere, with 302. Never hand in what a client has sent without looking
   * where it leads: {@code //elsewhere} and {@code https://elsewhere} leave the site.
   */
  public WebResponse redirect(String url) {
    return redirect(302, url);
  }

  /** As {@link #redirect(String)}, with another status. */
  public WebResponse redirect(int status, String url) {
    String target = Percent.encodeUrl(url);
    location(url).statusCode(status);
    act(() -> Sending.redirect(this, status, target));
    return this;
  }

  /** Adds names of request headers that the response depends on to {@code Vary}. */
  public WebResponse vary(String... names) {
    act(() -> Answers.vary(raw, names));
    return this;
  }

  /** Adds to {@code Link}: {@code links(Map.of("next", "/users?page=2"))}. */
  public WebResponse links(Map<String, String> urls) {
    String links = Sending.links(urls);
    act(() -> {
      Object before = getHeader("Link");
      setHeader("Link", before == null ? links : before + ", " + links);
    });
    return this;
  }

  /**
   * Calls the one of these that the client likes best, by {@code Accept}, with its type set; 406
   * where it takes none. In the order of the map: a {@code LinkedHashMap}'s is the program's.
   */
  public WebResponse format(Map<String, Runnable> byType) {
    String[] types = byType.keySet().toArray(new String[0]);
    String best = request.accepts(types);
    vary("Accept");
    if (best == null) {
      throw new WebException(
          406,
          "ERR_NOT_ACCEPTABLE",
          "There is " + String.join(", ", types) + " here, and the client takes none of that.");
    }
    type(best);
    Objects.requireNonNull(byType.get(best)).run();
    return this;
  }

  /**
   * Answers with events, as they happen: see {@link EventStream}.
   *
   * @throws NetException {@code ERR_HTTP_HEADERS_SENT} where an answer has begun
   */
  public EventStream eventStream() {
    EventStream stream = new EventStream(this);
    act(stream::begin);
    return stream;
  }

  /** Sets a cookie for the whole site that ends with the client's session. */
  public WebResponse cookie(String name, String value) {
    return cookie(name, value, CookieOptions.defaults());
  }

  /**
   * Sets a cookie; the value is escaped, and may be any text.
   *
   * @throws IllegalStateException where it is to be signed, and the app has no secret
   */
  public WebResponse cookie(String name, String value, CookieOptions options) {
    String text = options.signed() ? SetCookie.signed(name, value, app().cookieSecrets()) : value;
    return appendHeader("Set-Cookie", SetCookie.text(name, text, options));
  }

  /**
   * Has the client forget a cookie; the options have to name the path and domain it was set with.
   */
  public WebResponse clearCookie(String name, CookieOptions options) {
    return cookie(name, "", options.withMaxAge(null).withExpires(Instant.EPOCH).withSigned(false));
  }

  /** As {@link #clearCookie(String, CookieOptions)}, for one that was set for the whole site. */
  public WebResponse clearCookie(String name) {
    return clearCookie(name, CookieOptions.defaults());
  }

  // Files

  /**
   * Answers with a file, as {@link StaticFiles} do: with its type, conditions, and parts. What is
   * no regular file, or not there, is a {@link WebException} of 404 for the app's error handlers,
   * and so for the client. The disk is asked on another thread.
   *
   * @param file chosen by the program: for a name that a client has sent there is {@link
   *     #sendFile(Path, String)}
   */
  public WebResponse sendFile(Path file) {
    return sendFile(file, StaticOptions.defaults());
  }

  /** As {@link #sendFile(Path)}; options about directories have no meaning. */
  public WebResponse sendFile(Path file, StaticOptions options) {
    SentFile.send(this, file, options);
    return this;
  }

  /**
   * Answers with a file below a directory, whose name may come from a client: what leads out of the
   * directory is an error of 403, what is not there one of 404, as with {@link #sendFile(Path)}.
   *
   * @param name a path with slashes, without escapes, for example a parameter of the route
   */
  public WebResponse sendFile(Path directory, String name) {
    return sendFile(directory, name, StaticOptions.defaults());
  }

  /** As {@link #sendFile(Path, String)}, with other options. */
  public WebResponse sendFile(Path directory, String name, StaticOptions options) {
    SentFile.send(this, directory, name, options);
    return this;
  }

  /** Says that the client is to save the body, under a name of its own. */
  public WebResponse attachment() {
    setHeader("Content-Disposition", "attachment");
    return this;
  }

  /**
   * Says that the client is to save the body under this name, and sets the type that belongs to it
   * (RFC 6266).
   *
   * @param name may hold any characters; of a path only the last name is told
   */
  public WebResponse attachment(String name) {
    setHeader("Content-Disposition", ContentDisposition.attachment(name));
    setHeader("Content-Type", MimeTypes.contentType(name));
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
    body.onDrain(listener);
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
    body.off(listener);
    raw.off(listener);
    return this;
  }

  @Override
  public long writableLength() {
    return body.waitingBytes();
  }

  @Override
  public boolean writableNeedDrain() {
    return body.needsDrain();
  }

  @Override
  public void piped(Readable source, boolean begins) {
    raw.piped(source, begins);
  }

  /** Whether {@link #end} was called. */
  public boolean writableEnded() {
    return body.hasEnded();
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
