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
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request as handlers of an {@link App} see it: an {@link HttpRequest} and what it means.
 * <i>Loop-confined,</i> as that is; what only reads it may be called from the thread of a {@link
 * Web#blocking blocking} handler.
 *
 * @see <a href="https://expressjs.com/en/5x/api.html#req">Express: Request</a>
 */
public final class WebRequest implements Readable {
  /** As many as Node's querystring reads. */
  private static final int MOST_QUERY_PAIRS = 1000;

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
  private @Nullable Values query;
  private @Nullable Map<String, String> cookies;
  private @Nullable String id;
  private boolean bodyTaken;
  private @Nullable Object body;
  private List<Upload> files = List.of();
  private @Nullable Set<String> allowed;
  private boolean methodTaken;

  /** Where the handler belongs to that has it now. */
  @Nullable Walk walk;

  /** Set right after both are made. */
  @Nullable WebResponse response;

  WebRequest(App app, HttpRequest raw) {
    this.app = app;
    this.raw = raw;
    this.target = raw.url();
    this.pathStart = UrlPath.start(target);
    this.pathEnd = UrlPath.end(target);
    this.mountedAt = pathStart;
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
  void noteAllowed(Set<String> methods) {
    if (allowed == null) {
      allowed = new TreeSet<>();
    }
    allowed.addAll(methods);
  }

  /** A route has taken this request's method, and answered nothing. */
  void methodTaken() {
    methodTaken = true;
  }

  /** For {@code Allow}; empty where the method is not what was wrong. */
  String allowed() {
    return allowed == null || methodTaken ? "" : String.join(", ", allowed);
  }

  /**
   * What a handler has begun has failed later: a file is not there, a page can't be rendered. The
   * app's error handlers are told, unless a part of the answer has left: then the connection ends.
   */
  void failed(Throwable error) {
    Walk at = walk;
    if (at == null || response().headersSent()) {
      LastResort.answer(this, response(), error);
    } else {
      at.failed(error);
    }
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
   * …)} it is {@code /x} for {@code /m/x}, and {@code /} for {@code /m}. Scheme and host stay,
   * where a client that takes us for a proxy has sent them.
   */
  public String url() {
    if (mountedAt == pathStart) {
      return target;
    }
    String rest = target.substring(mountedAt);
    return target.substring(0, pathStart) + (rest.startsWith("/") ? rest : "/" + rest);
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

  /** The name that {@link Web#requestIds} has given it, or null. */
  public @Nullable String id() {
    return id;
  }

  void id(String given) {
    id = given;
  }

  /** What handlers leave for those behind them, and for templates; the response has the same. */
  public Map<String, Object> locals() {
    if (locals == null) {
      locals = new LinkedHashMap<>();
    }
    return locals;
  }

  // What the target and the headers mean

  /**
   * A value of the query, decoded: the first of this name, or null where it did not come. {@code +}
   * is a blank.
   */
  public @Nullable String query(String name) {
    return query().get(name);
  }

  /** The query: at most 1,000 pairs, what follows them is left out. */
  public Values query() {
    if (query == null) {
      int sign = pathEnd < target.length() && target.charAt(pathEnd) == '?' ? pathEnd + 1 : -1;
      int end = target.indexOf('#', pathEnd);
      query =
          sign < 0
              ? Values.NONE
              : Values.parse(
                  target.substring(sign, end < 0 ? target.length() : end),
                  MOST_QUERY_PAIRS,
                  StandardCharsets.UTF_8);
    }
    return query;
  }

  /** A cookie's value, decoded; null where it did not come. */
  public @Nullable String cookie(String name) {
    return cookies().get(name);
  }

  /** All cookies, decoded: of equal names the first. */
  public Map<String, String> cookies() {
    if (cookies == null) {
      cookies = Cookies.parse(raw.header("Cookie"));
    }
    return cookies;
  }

  /**
   * The value of a cookie that was signed with the app's secret; null where none came, or somebody
   * has changed it.
   *
   * @see App#cookieSecrets
   */
  public @Nullable String signedCookie(String name) {
    String value = cookie(name);
    return value == null ? null : Cookies.unsign(value, app.cookieSecrets());
  }

  /** The host and port that the client asks for, as it says, or a proxy that is trusted. */
  public @Nullable String host() {
    return app.proxies().host(raw);
  }

  /** {@link #host} without the port. */
  public @Nullable String hostname() {
    String host = host();
    if (host == null) {
      return null;
    }
    int colon = host.indexOf(':', host.startsWith("[") ? Math.max(0, host.indexOf(']')) : 0);
    return colon < 0 ? host : host.substring(0, colon);
  }

  /** {@code http} or {@code https}: of the connection, or as a proxy says that is trusted. */
  public String protocol() {
    return app.proxies().protocol(raw);
  }

  /** Whether {@link #protocol} is {@code https}. */
  public boolean secure() {
    return protocol().equals("https");
  }

  /**
   * The client's address: of the connection, or as proxies say that are trusted; an IPv4 address
   * always in its short form. Null on a Unix domain socket.
   */
  public @Nullable String ip() {
    return app.proxies().address(raw);
  }

  /** The client's address and those of the proxies, as far as they are named and trusted. */
  public List<String> ips() {
    return app.proxies().addresses(raw);
  }

  /** Whether a script of a page has sent it, as some libraries say. */
  public boolean xhr() {
    return "XMLHttpRequest".equalsIgnoreCase(raw.header("X-Requested-With"));
  }

  /**
   * Whether there is a body, and of one of these types: {@code json}, {@code text/*}, {@code
   * +json}, {@code application/pdf}.
   */
  public boolean is(String... types) {
    MediaType type = hasBody() ? MediaType.parse(raw.header("Content-Type")) : null;
    for (String wanted : types) {
      if (type != null && type.is(wanted)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the headers announce a body, be it empty. */
  boolean hasBody() {
    return raw.headers().has("Content-Length") || raw.headers().has("Transfer-Encoding");
  }

  /**
   * Which of these types ({@code html}, {@code application/json} …) the client likes best; null
   * where it takes none of them.
   */
  public @Nullable String accepts(String... types) {
    List<String> full = Stream.of(types).map(TypeNames::of).toList();
    String accept = raw.header("Accept");
    String best = Accept.type(accept == null || accept.isEmpty() ? "*/*" : accept, full);
    return best == null ? null : types[full.indexOf(best)];
  }

  /** Which of these content codings the client likes best, or null. */
  public @Nullable String acceptsEncodings(String... codings) {
    return Accept.encoding(raw.header("Accept-Encoding"), List.of(codings));
  }

  /** Which of these charsets the client likes best, or null. */
  public @Nullable String acceptsCharsets(String... charsets) {
    return Accept.charset(raw.header("Accept-Charset"), List.of(charsets));
  }

  /** Which of these languages the client likes best, or null. */
  public @Nullable String acceptsLanguages(String... languages) {
    return Accept.language(raw.header("Accept-Language"), List.of(languages));
  }

  /**
   * Whether the client has this response already: by the {@code ETag} and {@code Last-Modified}
   * that are set by now.
   */
  public boolean fresh() {
    return Preconditions.isFresh(raw, response().raw());
  }

  // The body, once middleware has read it

  /**
   * The body as {@link Web#json}, {@link Web#form}, {@link Web#text} or {@link Web#raw} has read
   * it: maps, lists, texts, numbers, booleans; {@link Values}; a text; a {@link Buffer}. Null where
   * none of them was in the way, or the body is of another type.
   */
  public @Nullable Object body() {
    return body;
  }

  /**
   * The body that {@link Web#json} or {@link Web#form} has read, as an object: of a record, mostly.
   *
   * @throws WebException 400 where the body is not of that type, with a sentence for the client;
   *     415 where there is none
   */
  public <T> T body(Class<T> type) {
    Object read = body;
    if (read == null) {
      throw new WebException(
          415,
          "ERR_NO_BODY",
          "A body was expected, of a type that this path takes, not "
              + Objects.requireNonNullElse(raw.header("Content-Type"), "none")
              + ".");
    }
    return type.isInstance(read)
        ? type.cast(read)
        : app.json().convert(read instanceof Values values ? values.toMap() : read, type);
  }

  /** The fields of a form that {@link Web#form} or {@link Web#multipart} has read; else none. */
  public Values form() {
    return body instanceof Values values ? values : Values.NONE;
  }

  /** The files of a form that {@link Web#multipart} has read; else none. */
  public List<Upload> files() {
    return files;
  }

  void files(List<Upload> uploads) {
    files = List.copyOf(uploads);
  }

  /** Whether middleware has taken the body already. */
  boolean bodyTaken() {
    return bodyTaken;
  }

  void takeBody() {
    bodyTaken = true;
  }

  void body(@Nullable Object read) {
    body = read;
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
