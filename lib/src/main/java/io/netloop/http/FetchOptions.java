package io.netloop.http;

import io.netloop.loop.AbortSignal;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.tls.TlsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Http#fetch} sends, and what it puts up with. <i>Immutable.</i>
 *
 * @see <a href="https://fetch.spec.whatwg.org/">Fetch standard</a>
 * @param method any token, made upper case; {@code GET} by default. {@code CONNECT} and {@code
 *     TRACE} are refused (Fetch standard, forbidden methods)
 * @param headers name, value, name, value …; none by default
 * @param body what is sent, or null
 * @param redirect what happens at a redirection; it is followed by default
 * @param maxRedirects how many redirections are followed before {@code
 *     ERR_HTTP_TOO_MANY_REDIRECTS}; 20 by default, as the Fetch standard has it
 * @param maxBodySize the most bytes of a response's body, as it comes and decoded; more is an error
 *     {@code ERR_HTTP_BODY_TOO_LARGE}. 64 MiB by default
 * @param decompress true by default: {@code gzip} and {@code deflate} are asked for, and decoded
 * @param timeout how long all of it may take, redirections included, before {@code ETIMEDOUT}; 5
 *     minutes by default, zero for ever
 * @param signal gives it up with {@code ABORT_ERR} when it is given, or null
 * @param agent who keeps the connections; null, the default, for {@link Agent#global}
 * @param maxHeaderSize as {@link RequestOptions#maxHeaderSize}; 16,384 by default
 * @param http2 as {@link RequestOptions#http2}: by default where a server agrees to it
 * @param tls as {@link RequestOptions#tls}; null by default
 */
public record FetchOptions(
    String method,
    List<String> headers,
    @Nullable Buffer body,
    Redirect redirect,
    int maxRedirects,
    long maxBodySize,
    boolean decompress,
    Duration timeout,
    @Nullable AbortSignal signal,
    @Nullable Agent agent,
    int maxHeaderSize,
    Http2Use http2,
    @Nullable TlsOptions tls) {

  /** The longest body that fits into memory as one piece. */
  public static final long MOST_BODY = Integer.MAX_VALUE - 8;

  /** What happens at a redirection. */
  public enum Redirect {
    /** It is followed. */
    FOLLOW,
    /** It is an error, {@code ERR_HTTP_REDIRECT}. */
    ERROR,
    /** The response is handed out as it is. */
    MANUAL
  }

  private static final FetchOptions DEFAULTS =
      new FetchOptions(
          "GET",
          List.of(),
          null,
          Redirect.FOLLOW,
          20,
          64L << 20,
          true,
          Duration.ofMinutes(5),
          null,
          null,
          16 * 1024,
          Http2Use.OFFERED,
          null);

  /**
   * Checks the limits; what the request says is checked by {@link RequestOptions}.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}, {@code ERR_INVALID_HTTP_TOKEN} …, or {@code
   *     ERR_INVALID_ARG_VALUE} for a forbidden method
   */
  public FetchOptions {
    RequestOptions checked =
        RequestOptions.defaults()
            .withMethod(method)
            .withHeaders(headers)
            .withTimeout(timeout)
            .withMaxHeaderSize(maxHeaderSize);
    method = checked.method();
    headers = checked.headers();
    if (method.equals("CONNECT") || method.equals("TRACE")) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE", "'" + method + "' HTTP method is unsupported.");
    }
    range("maxRedirects", maxRedirects, 0, 1000);
    range("maxBodySize", maxBodySize, 0, MOST_BODY);
  }

  private static void range(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"%s\" is out of range. It must be >= %d && <= %d. Received %d"
              .formatted(name, least, most, value));
    }
  }

  /** What holds where nothing else is said. */
  public static FetchOptions defaults() {
    return DEFAULTS;
  }

  /** These headers in place of others: texts, numbers, or lists of texts. */
  public FetchOptions withHeaders(Map<String, ?> map) {
    return withHeaders(RequestOptions.defaults().withHeaders(map).headers());
  }

  /** These headers in place of others: name, value, name, value …, and a name may repeat. */
  public FetchOptions withHeaders(List<String> flat) {
    Draft draft = draft();
    draft.headers = flat;
    return draft.done();
  }

  /** One more header line. */
  public FetchOptions withHeader(String name, String value) {
    List<String> flat = new ArrayList<>(headers);
    flat.add(name);
    flat.add(value);
    return withHeaders(flat);
  }

  /** What is sent; {@code GET} and {@code HEAD} take none. */
  public FetchOptions withBody(@Nullable Buffer data) {
    Draft draft = draft();
    draft.body = data;
    return draft.done();
  }

  /** Text in UTF-8, and what says so where the headers do not yet say otherwise. */
  public FetchOptions withBody(String text) {
    FetchOptions typed =
        has("content-type") ? this : withHeader("Content-Type", "text/plain;charset=UTF-8");
    return typed.withBody(Buffer.from(text));
  }

  /** Whether the headers have one of this name. */
  boolean has(String name) {
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  private Draft draft() {
    return new Draft(this);
  }

  public FetchOptions withMethod(String name) {
    Draft draft = draft();
    draft.method = name;
    return draft.done();
  }

  public FetchOptions withRedirect(Redirect mode) {
    Draft draft = draft();
    draft.redirect = mode;
    return draft.done();
  }

  public FetchOptions withMaxRedirects(int most) {
    Draft draft = draft();
    draft.maxRedirects = most;
    return draft.done();
  }

  public FetchOptions withMaxBodySize(long bytes) {
    Draft draft = draft();
    draft.maxBodySize = bytes;
    return draft.done();
  }

  public FetchOptions withDecompress(boolean on) {
    Draft draft = draft();
    draft.decompress = on;
    return draft.done();
  }

  public FetchOptions withTimeout(Duration time) {
    Draft draft = draft();
    draft.timeout = time;
    return draft.done();
  }

  public FetchOptions withSignal(@Nullable AbortSignal abort) {
    Draft draft = draft();
    draft.signal = abort;
    return draft.done();
  }

  public FetchOptions withAgent(@Nullable Agent keeper) {
    Draft draft = draft();
    draft.agent = keeper;
    return draft.done();
  }

  public FetchOptions withMaxHeaderSize(int bytes) {
    Draft draft = draft();
    draft.maxHeaderSize = bytes;
    return draft.done();
  }

  public FetchOptions withHttp2(Http2Use use) {
    Draft draft = draft();
    draft.http2 = use;
    return draft.done();
  }

  public FetchOptions withTls(@Nullable TlsOptions options) {
    Draft draft = draft();
    draft.tls = options;
    return draft.done();
  }

  /** All values, open to a change. */
  private static final class Draft {
    private String method;
    private List<String> headers;
    private @Nullable Buffer body;
    private Redirect redirect;
    private int maxRedirects;
    private long maxBodySize;
    private boolean decompress;
    private Duration timeout;
    private @Nullable AbortSignal signal;
    private @Nullable Agent agent;
    private int maxHeaderSize;
    private Http2Use http2;
    private @Nullable TlsOptions tls;

    Draft(FetchOptions from) {
      method = from.method;
      headers = from.headers;
      body = from.body;
      redirect = from.redirect;
      maxRedirects = from.maxRedirects;
      maxBodySize = from.maxBodySize;
      decompress = from.decompress;
      timeout = from.timeout;
      signal = from.signal;
      agent = from.agent;
      maxHeaderSize = from.maxHeaderSize;
      http2 = from.http2;
      tls = from.tls;
    }

    FetchOptions done() {
      return new FetchOptions(
          method,
          headers,
          body,
          redirect,
          maxRedirects,
          maxBodySize,
          decompress,
          timeout,
          signal,
          agent,
          maxHeaderSize,
          http2,
          tls);
    }
  }
}
