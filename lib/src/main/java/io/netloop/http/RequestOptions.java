package io.netloop.http;

import io.netloop.loop.AbortSignal;
import io.netloop.loop.NetException;
import io.netloop.net.ConnectOptions;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import io.netloop.tls.TlsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes, and how. <i>Immutable.</i>
 *
 * @see <a href="https://nodejs.org/api/http.html#httprequesturl-options-callback">Node:
 *     http.request</a>
 * @param protocol {@code http:}, as by default, or {@code https:}; others throw {@code
 *     ERR_INVALID_PROTOCOL}
 * @param host a name or an address to connect to, and what {@code Host} says; this machine by
 *     default
 * @param port 1 to 65535; 80 by default, 443 with {@code https:}
 * @param path the path with its query, in visible ASCII; {@code /} by default. {@code CONNECT}
 *     takes {@code host:port} here
 * @param method any token, made upper case; {@code GET} by default
 * @param headers name, value, name, value …; none by default. A name may repeat
 * @param auth {@code user:password} for {@code Authorization: Basic}, or null
 * @param agent who keeps connections for further requests; null, the default, for {@link
 *     Agent#global}
 * @param family 0 for whatever the name resolves to (the default), 4 or 6 for one family only
 * @param localAddress the address to connect from, or null for the system's choice
 * @param localPort the port to connect from; 0, the default, for the system's choice
 * @param lookup resolves names in place of the system, or null
 * @param socketPath the path of a Unix domain socket to connect to in place of host and port, or
 *     null
 * @param timeout tells 'timeout' after this long without activity on the connection; zero, the
 *     default, does not
 * @param signal destroys the request with {@code ABORT_ERR} when it is given, or null
 * @param setHost true by default: {@code Host} is added where the headers have none
 * @param maxHeaderSize the most bytes of a response's status line with its headers, and of its
 *     trailers; 16,384 by default, more is an error {@code HPE_HEADER_OVERFLOW}
 * @param maxHeadersCount the most header lines of a response; 2,000 by default, more is the same
 *     error
 * @param joinDuplicateHeaders false by default; see {@link Headers#get}
 * @param http2 whether the request may go over HTTP/2; by default where a server agrees to it in
 *     the TLS handshake. One that asks for an upgrade never does
 * @param tunnelProtocol what is to be spoken through a tunnel, with {@code CONNECT} over HTTP/2
 *     (RFC 8441): {@code websocket} for example; then the path is a path. Null, the default, for
 *     none
 * @param createConnection makes the socket in place of {@link Net}; then no agent is used and the
 *     connection serves this request only. Called on the request's loop, and must make the socket
 *     there
 * @param tcp what holds for a connection that is made for the request; no delay by default
 * @param tls what holds for its TLS; null, the default, for {@link TlsOptions#client} with the
 *     protocol {@code http/1.1}. Connections, and sessions, are shared among requests with the same
 *     object
 */
public record RequestOptions(
    String protocol,
    String host,
    int port,
    String path,
    String method,
    List<String> headers,
    @Nullable String auth,
    @Nullable Agent agent,
    int family,
    @Nullable String localAddress,
    int localPort,
    ConnectOptions.@Nullable NameLookup lookup,
    @Nullable String socketPath,
    Duration timeout,
    @Nullable AbortSignal signal,
    boolean setHost,
    int maxHeaderSize,
    int maxHeadersCount,
    boolean joinDuplicateHeaders,
    Http2Use http2,
    @Nullable String tunnelProtocol,
    @Nullable Function<ConnectOptions, TcpSocket> createConnection,
    TcpOptions tcp,
    @Nullable TlsOptions tls) {

  private static final int MOST_HEAD = 1 << 20;

  private static final RequestOptions DEFAULTS =
      new RequestOptions(
          "http:",
          "localhost",
          80,
          "/",
          "GET",
          List.of(),
          null,
          null,
          0,
          null,
          0,
          null,
          null,
          Duration.ZERO,
          null,
          true,
          16 * 1024,
          2_000,
          false,
          Http2Use.OFFERED,
          null,
          null,
          TcpOptions.defaults().withNoDelay(true),
          null);

  /**
   * Checks what could break the request, or the connection.
   *
   * @throws NetException {@code ERR_INVALID_PROTOCOL}, {@code ERR_INVALID_HTTP_TOKEN} for the
   *     method or a header's name, {@code ERR_UNESCAPED_CHARACTERS} for the path, {@code
   *     ERR_INVALID_CHAR} for the host or a header's value, {@code ERR_SOCKET_BAD_PORT}, or {@code
   *     ERR_OUT_OF_RANGE}
   */
  public RequestOptions {
    HttpUrl.checkProtocol(protocol);
    if (!Syntax.isToken(method)) {
      throw new NetException(
          "ERR_INVALID_HTTP_TOKEN", "Method must be a valid HTTP token [\"" + method + "\"]");
    }
    method = method.toUpperCase(Locale.ROOT);
    path = path.isEmpty() ? "/" : path;
    if (!isVisible(path)) {
      throw new NetException(
          "ERR_UNESCAPED_CHARACTERS", "Request path contains unescaped characters");
    }
    if (host.isEmpty()
        || !isVisible(host)
        || host.chars().anyMatch(c -> "/?#@\\".indexOf(c) >= 0)) {
      throw new NetException(
          "ERR_INVALID_CHAR",
          "Invalid character in host [\"" + host + "\"]: a name or an address without port.");
    }
    checkPort(port);
    checkPort(localPort);
    headers = checkedLines(headers);
    range("maxHeaderSize", maxHeaderSize, 64, MOST_HEAD);
    range("maxHeadersCount", maxHeadersCount, 1, 1 << 16);
    if (timeout.isNegative() || timeout.toDays() > 36_500) {
      throw outOfRange("timeout", timeout, "from zero to 100 years");
    }
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  private static void checkPort(int port) {
    if (port < 0 || port > 65535) {
      throw new NetException(
          "ERR_SOCKET_BAD_PORT",
          "Port should be >= 0 and < 65536. Received type number (" + port + ").");
    }
  }

  private static List<String> checkedLines(List<String> flat) {
    if (flat.size() % 2 != 0) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "A flat list of headers has a value for each name, not " + flat.size() + " elements.");
    }
    for (int i = 0; i < flat.size(); i += 2) {
      OutgoingHeaders.checkName(flat.get(i));
      OutgoingHeaders.checkValue(flat.get(i), flat.get(i + 1));
    }
    return List.copyOf(flat);
  }

  private static void range(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw outOfRange(name, value, ">= " + least + " && <= " + most);
    }
  }

  private static NetException outOfRange(String name, Object value, String wanted) {
    return new NetException(
        "ERR_OUT_OF_RANGE",
        "The value of \"%s\" is out of range. It must be %s. Received %s"
            .formatted(name, wanted, value));
  }

  /** What holds where nothing else is said. */
  public static RequestOptions defaults() {
    return DEFAULTS;
  }

  /** To this port of this machine. */
  public static RequestOptions port(int port) {
    return DEFAULTS.withPort(port);
  }

  /**
   * To where a URL says.
   *
   * @throws NetException {@code ERR_INVALID_URL}, {@code ERR_INVALID_PROTOCOL}
   */
  public static RequestOptions url(String url) {
    return DEFAULTS.withUrl(url);
  }

  /**
   * To where a URL says: takes host, port, path and, where it has them, user and password from it.
   *
   * @throws NetException {@code ERR_INVALID_URL}, {@code ERR_INVALID_PROTOCOL}
   */
  public RequestOptions withUrl(String url) {
    return withUrl(HttpUrl.parse(url));
  }

  RequestOptions withUrl(HttpUrl url) {
    Draft draft = draft();
    draft.protocol = url.protocol();
    draft.host = url.host();
    draft.port = url.port();
    draft.path = url.path();
    draft.auth = url.auth() == null ? auth : url.auth();
    return draft.done();
  }

  /** These headers in place of others: texts, numbers, or lists of texts. */
  public RequestOptions withHeaders(Map<String, ?> map) {
    List<String> flat = new ArrayList<>(map.size() * 2);
    map.forEach((name, value) -> {
      for (String line : OutgoingHeaders.texts(OutgoingHeaders.checked(name, value))) {
        flat.add(name);
        flat.add(line);
      }
    });
    return withHeaders(flat);
  }

  /** These headers in place of others: name, value, name, value …, and a name may repeat. */
  public RequestOptions withHeaders(List<String> flat) {
    Draft draft = draft();
    draft.headers = flat;
    return draft.done();
  }

  /** One more header line. */
  public RequestOptions withHeader(String name, String value) {
    List<String> flat = new ArrayList<>(headers);
    flat.add(name);
    flat.add(value);
    return withHeaders(flat);
  }

  /** A connection for this request only, which is closed after it: Node's {@code agent: false}. */
  public RequestOptions withoutAgent() {
    return withAgent(new Agent());
  }

  /** Whether HTTP/2 is offered. */
  boolean offersHttp2() {
    return http2 == Http2Use.OFFERED && mayOfferHttp2();
  }

  /** What a connection for it is made with, over TLS. */
  TlsOptions tlsToConnect() {
    TlsOptions wanted = tlsOrDefault();
    boolean known = http2 == Http2Use.PRIOR_KNOWLEDGE;
    return known || offersHttp2() ? Offers.withHttp2(wanted) : wanted;
  }

  /** Whether HTTP/2 can be offered at all: that takes TLS, and no upgrade of HTTP/1.1. */
  boolean mayOfferHttp2() {
    if (!isSecure() || createConnection != null) {
      return false;
    }
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equalsIgnoreCase("upgrade")) {
        return false;
      }
    }
    return true;
  }

  private Draft draft() {
    return new Draft(this);
  }

  /** {@code http:} or {@code https:}; a port that was the usual one stays that. */
  public RequestOptions withProtocol(String scheme) {
    Draft draft = draft();
    draft.port = port == HttpUrl.usualPort(protocol) ? HttpUrl.usualPort(scheme) : port;
    draft.protocol = scheme;
    return draft.done();
  }

  public RequestOptions withHost(String name) {
    Draft draft = draft();
    draft.host = name;
    return draft.done();
  }

  public RequestOptions withPort(int number) {
    Draft draft = draft();
    draft.port = number;
    return draft.done();
  }

  public RequestOptions withPath(String target) {
    Draft draft = draft();
    draft.path = target;
    return draft.done();
  }

  public RequestOptions withMethod(String name) {
    Draft draft = draft();
    draft.method = name;
    return draft.done();
  }

  public RequestOptions withAuth(@Nullable String userAndPassword) {
    Draft draft = draft();
    draft.auth = userAndPassword;
    return draft.done();
  }

  public RequestOptions withAgent(@Nullable Agent keeper) {
    Draft draft = draft();
    draft.agent = keeper;
    return draft.done();
  }

  public RequestOptions withFamily(int version) {
    Draft draft = draft();
    draft.family = version;
    return draft.done();
  }

  public RequestOptions withLocalAddress(@Nullable String address) {
    Draft draft = draft();
    draft.localAddress = address;
    return draft.done();
  }

  public RequestOptions withLocalPort(int number) {
    Draft draft = draft();
    draft.localPort = number;
    return draft.done();
  }

  public RequestOptions withLookup(ConnectOptions.@Nullable NameLookup resolver) {
    Draft draft = draft();
    draft.lookup = resolver;
    return draft.done();
  }

  public RequestOptions withSocketPath(@Nullable String file) {
    Draft draft = draft();
    draft.socketPath = file;
    return draft.done();
  }

  public RequestOptions withTimeout(Duration time) {
    Draft draft = draft();
    draft.timeout = time;
    return draft.done();
  }

  public RequestOptions withSignal(@Nullable AbortSignal abort) {
    Draft draft = draft();
    draft.signal = abort;
    return draft.done();
  }

  public RequestOptions withSetHost(boolean on) {
    Draft draft = draft();
    draft.setHost = on;
    return draft.done();
  }

  public RequestOptions withMaxHeaderSize(int bytes) {
    Draft draft = draft();
    draft.maxHeaderSize = bytes;
    return draft.done();
  }

  public RequestOptions withMaxHeadersCount(int most) {
    Draft draft = draft();
    draft.maxHeadersCount = most;
    return draft.done();
  }

  public RequestOptions withJoinDuplicateHeaders(boolean on) {
    Draft draft = draft();
    draft.joinDuplicateHeaders = on;
    return draft.done();
  }

  public RequestOptions withHttp2(Http2Use use) {
    Draft draft = draft();
    draft.http2 = use;
    return draft.done();
  }

  public RequestOptions withTunnelProtocol(@Nullable String protocol) {
    Draft draft = draft();
    draft.tunnelProtocol = protocol;
    return draft.done();
  }

  public RequestOptions withCreateConnection(@Nullable Function<ConnectOptions, TcpSocket> maker) {
    Draft draft = draft();
    draft.createConnection = maker;
    return draft.done();
  }

  public RequestOptions withTcp(TcpOptions options) {
    Draft draft = draft();
    draft.tcp = options;
    return draft.done();
  }

  public RequestOptions withTls(@Nullable TlsOptions options) {
    Draft draft = draft();
    draft.tls = options;
    return draft.done();
  }

  /** Whether the request goes over TLS. */
  boolean isSecure() {
    return protocol.equals("https:");
  }

  TlsOptions tlsOrDefault() {
    return tls == null ? Offers.byDefault() : tls;
  }

  /** All values, open to a change. */
  private static final class Draft {
    private String protocol;
    private String host;
    private int port;
    private String path;
    private String method;
    private List<String> headers;
    private @Nullable String auth;
    private @Nullable Agent agent;
    private int family;
    private @Nullable String localAddress;
    private int localPort;
    private ConnectOptions.@Nullable NameLookup lookup;
    private @Nullable String socketPath;
    private Duration timeout;
    private @Nullable AbortSignal signal;
    private boolean setHost;
    private int maxHeaderSize;
    private int maxHeadersCount;
    private boolean joinDuplicateHeaders;
    private Http2Use http2;
    private @Nullable String tunnelProtocol;
    private @Nullable Function<ConnectOptions, TcpSocket> createConnection;
    private TcpOptions tcp;
    private @Nullable TlsOptions tls;

    Draft(RequestOptions from) {
      protocol = from.protocol;
      host = from.host;
      port = from.port;
      path = from.path;
      method = from.method;
      headers = from.headers;
      auth = from.auth;
      agent = from.agent;
      family = from.family;
      localAddress = from.localAddress;
      localPort = from.localPort;
      lookup = from.lookup;
      socketPath = from.socketPath;
      timeout = from.timeout;
      signal = from.signal;
      setHost = from.setHost;
      maxHeaderSize = from.maxHeaderSize;
      maxHeadersCount = from.maxHeadersCount;
      joinDuplicateHeaders = from.joinDuplicateHeaders;
      http2 = from.http2;
      tunnelProtocol = from.tunnelProtocol;
      createConnection = from.createConnection;
      tcp = from.tcp;
      tls = from.tls;
    }

    RequestOptions done() {
      return new RequestOptions(
          protocol,
          host,
          port,
          path,
          method,
          headers,
          auth,
          agent,
          family,
          localAddress,
          localPort,
          lookup,
          socketPath,
          timeout,
          signal,
          setHost,
          maxHeaderSize,
          maxHeadersCount,
          joinDuplicateHeaders,
          http2,
          tunnelProtocol,
          createConnection,
          tcp,
          tls);
    }
  }
}
