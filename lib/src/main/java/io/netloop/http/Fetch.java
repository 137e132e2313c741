package io.netloop.http;

import io.netloop.engine.Reactor;
import io.netloop.http.FetchOptions.Redirect;
import io.netloop.loop.AbortSignal;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Http#fetch}: its requests, one after another while it is redirected, until a
 * response is gathered. Loop-confined.
 */
final class Fetch {
  /** May be sent again when a kept connection has turned out to be closed (RFC 9110 §9.2.2). */
  private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

  private static final int MOST_TRIES = 3;

  /** Of the body of a redirection so much is read, so that its connection can be kept. */
  private static final int MOST_DUMPED_BYTES = 64 * 1024;

  /** What another origin must not see. */
  private static final Set<String> SECRET =
      Set.of("authorization", "cookie", "proxy-authorization", "host");

  /** What speaks of a body, and goes with it. */
  private static final Set<String> OF_BODY =
      Set.of(
          "content-encoding",
          "content-language",
          "content-location",
          "content-type",
          "content-length",
          "transfer-encoding");

  private final FetchOptions options;
  private final Reactor reactor = Reactor.current();
  private final CompletableFuture<FetchResponse> future = new CompletableFuture<>();
  private final Runnable onAbort = this::aborted;

  private HttpUrl url;
  private @Nullable String auth;
  private String method;
  private List<String> headers;
  private @Nullable Buffer body;
  private int redirects;
  private int tries;
  private @Nullable ClientRequest request;

  /** Responses that redirect and have not come to their end. */
  private final Set<ClientResponse> thrownAway = new HashSet<>(2);

  private @Nullable Future<?> timeout;

  private Fetch(HttpUrl url, FetchOptions options) {
    this.url = new HttpUrl(url.protocol(), null, url.host(), url.port(), url.path());
    this.auth = url.auth();
    this.options = options;
    this.method = options.method();
    this.headers = options.headers();
    this.body = options.body();
  }

  static CompletableFuture<FetchResponse> start(String url, FetchOptions options) {
    try {
      boolean bodiless = options.method().equals("GET") || options.method().equals("HEAD");
      if (options.body() != null && bodiless) {
        throw new NetException(
            "ERR_INVALID_ARG_VALUE", "Request with GET/HEAD method cannot have body.");
      }
      Fetch fetch = new Fetch(HttpUrl.parse(url), options);
      fetch.reactor.run(fetch::begin);
      return fetch.future;
    } catch (NetException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private void begin() {
    if (options.timeout().isPositive()) {
      timeout = reactor.schedule(this::timedOut, options.timeout().toNanos());
    }
    future.whenComplete((response, failure) -> reactor.run(this::over));
    AbortSignal signal = options.signal();
    if (signal != null) {
      signal.onAbort(onAbort);
    }
    send();
  }

  private void send() {
    if (future.isDone()) {
      return;
    }
    tries++;
    try {
      ClientRequest sent = ClientRequest.start(target(), this::answered);
      request = sent;
      sent.onError(failure -> failed(sent, failure));
      sent.onClose(why -> closed(sent));
      if (body == null) {
        sent.end();
      } else {
        sent.end(body);
      }
    } catch (NetException refused) {
      fail(refused);
    }
  }

  private RequestOptions target() {
    List<String> lines = new ArrayList<>(headers);
    addWhereMissing(lines, "Accept", "*/*");
    if (options.decompress()) {
      addWhereMissing(lines, "Accept-Encoding", "gzip, deflate");
    }
    return RequestOptions.defaults()
        .withUrl(url)
        .withAuth(auth)
        .withMethod(method)
        .withHeaders(lines)
        .withAgent(options.agent())
        .withMaxHeaderSize(options.maxHeaderSize())
        .withHttp2(options.http2())
        .withTls(options.tls());
  }

  private static void addWhereMissing(List<String> lines, String name, String value) {
    for (int i = 0; i < lines.size(); i += 2) {
      if (lines.get(i).equalsIgnoreCase(name)) {
        return;
      }
    }
    lines.add(name);
    lines.add(value);
  }

  // What comes

  private void answered(ClientResponse response) {
    if (future.isDone()) {
      response.destroy();
      return;
    }
    String location = response.header("location");
    if (isRedirect(response.statusCode()) && options.redirect() != Redirect.MANUAL) {
      if (options.redirect() == Redirect.ERROR) {
        fail(new NetException("ERR_HTTP_REDIRECT", "Unexpected redirection by " + url + "."));
        return;
      }
      if (location != null) {
        follow(response, location);
        return;
      }
    }
    gather(response);
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private void gather(ClientResponse response) {
    BodyCollector all = new BodyCollector(options.maxBodySize());
    response
        .onData(data -> {
          try {
            all.add(data);
          } catch (NetException tooLarge) {
            fail(tooLarge);
          }
        })
        .onError(this::fail)
        .onEnd(() -> gathered(response, all.take()));
  }

  private void gathered(ClientResponse response, Buffer all) {
    String coding = response.header("content-encoding");
    if (future.isDone()) {
      return;
    }
    if (!options.decompress() || coding == null || !ContentCoding.isCoded(coding)) {
      done(response, all);
      return;
    }
    Loop.offload(() -> ContentCoding.decode(all, coding, options.maxBodySize()))
        .onResult(decoded -> done(response, decoded))
        .onError(failure ->
            fail(
                failure instanceof NetException known
                    ? known
                    : new NetException("Z_DATA_ERROR", String.valueOf(failure), failure)));
  }

  private void done(ClientResponse response, Buffer whole) {
    request = null;
    future.complete(new FetchResponse(response, url.toString(), redirects > 0, whole));
  }

  // Redirection

  /** Fetch standard, HTTP-redirect fetch. */
  private void follow(ClientResponse response, String location) {
    HttpUrl next;
    try {
      next = url.resolve(location);
      if (next.auth() != null) {
        throw new NetException("ERR_HTTP_REDIRECT", "Redirected to a URL with credentials.");
      }
      if (++redirects > options.maxRedirects()) {
        throw new NetException(
            "ERR_HTTP_TOO_MANY_REDIRECTS",
            "Redirected more than " + options.maxRedirects() + " times, the last time by " + url);
      }
    } catch (NetException refused) {
      fail(refused);
      return;
    }
    request = null;
    throwAway(response);
    int status = response.statusCode();
    boolean rewritten =
        status == 303
            ? !method.equals("GET") && !method.equals("HEAD")
            : status < 303 && method.equals("POST");
    if (rewritten) {
      method = "GET";
      body = null;
      headers = without(headers, OF_BODY);
    }
    if (!next.isSameOrigin(url)) {
      headers = without(headers, SECRET);
      auth = null;
    }
    url = next;
    tries = 0;
    send();
  }

  private static List<String> without(List<String> lines, Set<String> names) {
    List<String> rest = new ArrayList<>(lines.size());
    for (int i = 0; i < lines.size(); i += 2) {
      if (!names.contains(lines.get(i).toLowerCase(Locale.ROOT))) {
        rest.add(lines.get(i));
        rest.add(lines.get(i + 1));
      }
    }
    return rest;
  }

  /** Read on, so that its connection can be kept; for no longer than the whole takes. */
  private void throwAway(ClientResponse response) {
    thrownAway.add(response);
    response.onClose(cause -> thrownAway.remove(response));
    long[] dumped = {0};
    response.onData(data -> {
      dumped[0] += data.length();
      if (dumped[0] > MOST_DUMPED_BYTES) {
        response.destroy();
      }
    });
  }

  // The end

  private boolean isCurrent(ClientRequest asked) {
    return asked.equals(request) && !future.isDone();
  }

  private void failed(ClientRequest asked, NetException failure) {
    if (!isCurrent(asked)) {
      return;
    }
    if (asked.unprocessed && tries < MOST_TRIES) {
      send(); // Nothing was done: any request may be sent again (RFC 9113 §8.7).
      return;
    }
    boolean lostBefore = failure.code().equals("ECONNRESET") || failure.code().equals("EPIPE");
    if (lostBefore
        && asked.reusedSocket()
        && asked.response() == null
        && tries < MOST_TRIES
        && IDEMPOTENT.contains(method)) {
      send();
    } else {
      fail(failure);
    }
  }

  /** A request can end without an error and without a response: a 101 that nobody asked for. */
  private void closed(ClientRequest asked) {
    if (isCurrent(asked) && (asked.response() == null || asked.response().statusCode() == 101)) {
      fail(new NetException("ECONNRESET", "The server has left HTTP, which nobody asked for."));
    }
  }

  private void timedOut() {
    timeout = null;
    fail(
        new NetException(
            "ETIMEDOUT", "No whole response by " + url + " within " + options.timeout() + "."));
  }

  private void aborted() {
    reactor.run(() -> fail(new NetException("ABORT_ERR", "The operation was aborted")));
  }

  private void fail(NetException failure) {
    future.completeExceptionally(failure);
  }

  /** Completed, by us or by who has cancelled it: what is open is given up. */
  private void over() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
    AbortSignal signal = options.signal();
    if (signal != null) {
      signal.off(onAbort);
    }
    if (request != null) {
      ClientRequest left = request;
      request = null;
      left.destroy();
    }
    List.copyOf(thrownAway).forEach(ClientResponse::destroy);
  }
}
