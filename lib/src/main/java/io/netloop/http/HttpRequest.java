package io.netloop.http;

import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request that a server has received. <i>Loop-confined.</i>
 *
 * @see <a href="https://nodejs.org/api/http.html#class-httpincomingmessage">Node:
 *     http.IncomingMessage</a>
 */
public final class HttpRequest extends IncomingMessage {
  private final Loop loop;

  /** Null once the connection has left HTTP. */
  private @Nullable ServerExchange exchange;

  private final String method;
  private final byte[] head;
  private final int targetFrom;
  private final int targetTo;
  private final @Nullable String protocol;
  private @Nullable String url;

  /** Whether the client would keep the connection after the response. */
  final boolean keepsAlive;

  /** Set right after the request is made. */
  @Nullable HttpResponse response;

  HttpRequest(ServerExchange exchange, MessageHead head, Headers headers, String method) {
    super(
        exchange.reactor(),
        exchange.socket(),
        headers,
        head.minorVersion == 1 ? HTTP_1_1 : 10,
        exchange.highWaterMark());
    this.exchange = exchange;
    this.loop = exchange.loop();
    this.method = method;
    this.head = head.bytes;
    this.targetFrom = head.targetFrom;
    this.targetTo = head.targetTo;
    this.protocol = null;
    this.keepsAlive = !head.close && (head.minorVersion == 1 || head.keepAlive);
  }

  /** A request that came over HTTP/2; its method was found to be one that is known, or not. */
  HttpRequest(ServerExchange exchange, FieldBlock block, String method, HttpServerOptions options) {
    super(
        exchange.reactor(),
        exchange.socket(),
        options.joinDuplicateHeaders() ? block.headers.joiningAll() : block.headers,
        HTTP_2,
        exchange.highWaterMark());
    this.exchange = exchange;
    this.loop = exchange.loop();
    this.method = method;
    boolean hasPath = block.hasPath;
    String authority = block.authority == null ? "" : block.authority;
    this.head = hasPath ? block.bytes : authority.getBytes(StandardCharsets.ISO_8859_1);
    this.targetFrom = hasPath ? block.pathFrom : 0;
    this.targetTo = hasPath ? block.pathTo : head.length;
    this.protocol = block.protocol;
    this.keepsAlive = true;
  }

  /** The method, in capital letters: one of {@link Http#METHODS}. */
  public String method() {
    return method;
  }

  /**
   * The target of the request line, exactly as it came and not decoded: mostly a path and perhaps a
   * query, for a proxy a whole URL, for {@code OPTIONS} perhaps {@code *}. It is what a peer chose
   * to send: never make a path of a file of it without checking.
   */
  public String url() {
    String text = url;
    if (text == null) {
      text = new String(head, targetFrom, targetTo - targetFrom, StandardCharsets.ISO_8859_1);
      url = text;
    }
    return text;
  }

  /**
   * What a client wants to speak through a tunnel, {@code websocket} for example (RFC 8441), or
   * null. Only requests for {@link HttpServer#onTunnel(String, RequestListener)} have it.
   */
  public @Nullable String protocol() {
    return protocol;
  }

  /** Whether its client knows answers before the answer: HTTP/1.0 has none. */
  boolean mayBeInformed() {
    return !httpVersion().equals("1.0");
  }

  @Override
  Loop loop() {
    return loop;
  }

  @Override
  void wantsMore() {
    if (exchange != null) {
      exchange.bodyTaken(this);
    }
  }

  /**
   * The connection is an upgraded one from now on. Whoever has it keeps this request, as a rule,
   * and is not to keep all that HTTP needed with it.
   */
  void leave() {
    exchange = null;
    response = null;
  }

  @Override
  void wasRead() {
    HttpResponse answer = response;
    if (exchange == null || (answer != null && !answer.writableEnded())) {
      over(new CloseCause(CloseCause.By.PEER, "http", "END", 0, null));
    }
  }

  @Override
  void listenerFailed(Throwable failure) {
    if (exchange == null) {
      reactor.uncaught(failure);
    } else {
      exchange.handlerFailed(response, failure);
    }
  }

  @Override
  void cut(@Nullable NetException failure) {
    String code = failure == null ? "DESTROYED" : failure.code();
    abort();
    over(new CloseCause(CloseCause.By.US, "app", code, 0, failure));
    if (exchange != null) {
      exchange.cutFor(this);
    }
  }

  @Override
  public String toString() {
    return method + " " + url();
  }
}
