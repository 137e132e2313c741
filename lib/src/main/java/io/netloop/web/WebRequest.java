package io.netloop.web;

import io.netloop.engine.Reactor;
import io.netloop.http.Headers;
import io.netloop.http.HttpRequest;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.loop.Pipes;
import io.netloop.loop.Readable;
import io.netloop.net.TcpSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request as handlers of an {@link App} see it: an {@link HttpRequest} and what it means.
 * <i>Loop-confined,</i> as that is; what only reads it may be called from the thread of a {@link
 * Web#blocking blocking} handler.
 *
 * @see <a href="https://expressjs.com/en/5x/api.html#req">Express: Request</a>
 */
public final class WebRequest implements Readable {
  private final App app;
  private final HttpRequest raw;
  private final Reactor reactor = Reactor.current();

  /** The target, with the path from here to there. */
  private final String target;

  private final int pathStart;
  private final int pathEnd;

  /** Where the path goes on behind what the handler is mounted at. */
  private int mountedAt;

  private Params parameters = Params.NONE;
  private @Nullable Map<String, Object> locals;
  private String allowed = "";

  /** Set right after both are made. */
  @Nullable WebResponse response;

  WebRequest(App app, HttpRequest raw) {
    this.app = app;
    this.raw = raw;
    this.target = raw.url();
    this.pathStart = pathStart(target);
    this.pathEnd = pathEnd(target);
    this.mountedAt = pathStart;
  }

  /** Behind scheme and host, where a client that takes us for a proxy sends them. */
  private static int pathStart(String target) {
    if (target.isEmpty() || target.charAt(0) == '/') {
      return 0;
    }
    int scheme = target.indexOf("://");
    if (scheme < 0 || scheme > pathEnd(target)) {
      return 0;
    }
    int slash = target.indexOf('/', scheme + 3);
    return slash < 0 || slash > pathEnd(target) ? pathEnd(target) : slash;
  }

  private static int pathEnd(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '?' || c == '#') {
        return i;
      }
    }
    return target.length();
  }

  // What the router asks and sets

  Reactor reactor() {
    return reactor;
  }

  String target() {
    return target;
  }

  int pathStart() {
    return pathStart;
  }

  int pathEnd() {
    return pathEnd;
  }

  int mountedAt() {
    return mountedAt;
  }

  void mount(int at) {
    mountedAt = at;
  }

  Params parameters() {
    return parameters;
  }

  void parameters(Params found) {
    parameters = found;
  }

  /** Methods that the path has routes for, though none for this request's. */
  void noteAllowed(String methods) {
    if (!methods.isEmpty()) {
      allowed = allowed.isEmpty() ? methods : allowed + ", " + methods;
    }
  }

  String allowed() {
    return allowed;
  }

  // What it is

  /** The app that handles it. */
  public App app() {
    return app;
  }

  /** The request beneath: all that {@code http} offers. */
  public HttpRequest raw() {
    return raw;
  }

  /** What answers it. */
  public WebResponse response() {
    return Objects.requireNonNull(response);
  }

  /** The method, in capital letters. */
  public String method() {
    return raw.method();
  }

  /** The target, exactly as it came: see {@link HttpRequest#url}. */
  public String originalUrl() {
    return target;
  }

  /**
   * The target behind what the handler is mounted at, with the query: inside {@code app.use("/m",
   * …)} it is {@code /x} for {@code /m/x}, and {@code /} for {@code /m}.
   */
  public String url() {
    if (mountedAt == pathStart && pathStart == 0) {
      return target;
    }
    String rest = target.substring(mountedAt);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  /**
   * {@link #url} without the query, escaped as it came: check before making a file's path of it.
   */
  public String path() {
    String path = target.substring(mountedAt, pathEnd);
    return path.isEmpty() ? "/" : path;
  }

  /** What the handler is mounted at, for example {@code /m}; empty where it is not. */
  public String baseUrl() {
    int end = mountedAt;
    while (end > pathStart && target.charAt(end - 1) == '/') {
      end--;
    }
    return target.substring(pathStart, end);
  }

  /**
   * A parameter of the route's path, decoded; of a wildcard, its segments with slashes between.
   * Null where the path has no such parameter, or it is optional and was left out.
   */
  public @Nullable String param(String name) {
    Object value = parameters.get(name);
    return value == null ? null : Params.text(value);
  }

  /**
   * All parameters of the route's path: texts, and for wildcards lists of texts. A name is what the
   * route says, never what a client does.
   */
  public Map<String, Object> params() {
    return parameters.toMap();
  }

  /** What handlers leave for those behind them, and for templates; the response has the same. */
  public Map<String, Object> locals() {
    if (locals == null) {
      locals = new LinkedHashMap<>();
    }
    return locals;
  }

  // As HttpRequest has it

  /** The headers. */
  public Headers headers() {
    return raw.headers();
  }

  /** A header, or null; see {@link Headers#get}. */
  public @Nullable String header(String name) {
    return raw.header(name);
  }

  /** The headers that came behind a chunked body; none before 'end'. */
  public Headers trailers() {
    return raw.trailers();
  }

  /** {@code "1.1"} or {@code "1.0"}. */
  public String httpVersion() {
    return raw.httpVersion();
  }

  /** Whether all of the request has come. */
  public boolean complete() {
    return raw.complete();
  }

  /** Whether the connection was lost before the request was read to its end. */
  public boolean aborted() {
    return raw.aborted();
  }

  /** Whether it is done with: read and answered, or lost. */
  public boolean destroyed() {
    return raw.destroyed();
  }

  /** The connection. */
  public TcpSocket socket() {
    return raw.socket();
  }

  /** Name, value, name, value …, as they came. */
  public List<String> rawHeaders() {
    return raw.rawHeaders();
  }

  /** Has 'data' deliver text; see {@link HttpRequest#setEncoding(String)}. */
  public WebRequest setEncoding(String name) {
    raw.setEncoding(name);
    return this;
  }

  // The body as a stream

  @Override
  public WebRequest onData(Consumer<Buffer> listener) {
    raw.onData(listener);
    return this;
  }

  @Override
  public WebRequest onEnd(Runnable listener) {
    raw.onEnd(listener);
    return this;
  }

  /** The connection was lost before the request was read to its end. */
  public WebRequest onAborted(Runnable listener) {
    raw.onAborted(listener);
    return this;
  }

  @Override
  public WebRequest onError(Consumer<NetException> listener) {
    raw.onError(listener);
    return this;
  }

  @Override
  public WebRequest onClose(Consumer<CloseCause> listener) {
    raw.onClose(listener);
    return this;
  }

  @Override
  public WebRequest pause() {
    raw.pause();
    return this;
  }

  @Override
  public WebRequest resume() {
    raw.resume();
    return this;
  }

  @Override
  public boolean isPaused() {
    return raw.isPaused();
  }

  @Override
  public WebRequest off(Object listener) {
    raw.off(listener);
    return this;
  }

  @Override
  public WebRequest destroy(NetException error) {
    raw.destroy(error);
    return this;
  }

  /** Ends the connection at once. */
  public WebRequest destroy() {
    raw.destroy();
    return this;
  }

  @Override
  public Pipes pipes() {
    return raw.pipes();
  }

  @Override
  public String toString() {
    return raw.toString();
  }
}
