package io.netloop.http;

import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a server has answered. It is handed out when its headers have come; the body follows as a
 * stream, and has to be read to its end, or thrown away with {@link #resume}, before the connection
 * can serve another request. <i>Loop-confined.</i>
 *
 * @see <a href="https://nodejs.org/api/http.html#class-httpincomingmessage">Node:
 *     http.IncomingMessage</a>
 */
public final class ClientResponse extends IncomingMessage {
  private final ClientExchange exchange;
  private final ClientRequest request;
  private final int statusCode;
  private final String statusMessage;

  ClientResponse(
      ClientExchange exchange, ClientRequest request, MessageHead head, Headers headers) {
    super(
        exchange.reactor(),
        exchange.socket(),
        headers,
        head.minorVersion == 1 ? HTTP_1_1 : 10,
        request.highWaterMark());
    this.exchange = exchange;
    this.request = request;
    this.statusCode = head.status;
    this.statusMessage = phrase(head);
  }

  /** A response that came over HTTP/2, which has no phrase: it is given the usual one. */
  ClientResponse(ClientExchange exchange, ClientRequest request, int status, Headers headers) {
    super(exchange.reactor(), exchange.socket(), headers, HTTP_2, request.highWaterMark());
    this.exchange = exchange;
    this.request = request;
    this.statusCode = status;
    this.statusMessage = StatusCodes.phrase(status);
  }

  /** What follows the status in its line. */
  static String phrase(MessageHead head) {
    return new String(
        head.bytes, head.reasonFrom, head.reasonTo - head.reasonFrom, StandardCharsets.ISO_8859_1);
  }

  /** The status, 101 or 200 to 999: 404 for example. */
  public int statusCode() {
    return statusCode;
  }

  /** What the server says with the status: {@code Not Found} for example; perhaps nothing. */
  public String statusMessage() {
    return statusMessage;
  }

  /** What this answers. */
  public ClientRequest request() {
    return request;
  }

  @Override
  Loop loop() {
    return exchange.loop();
  }

  @Override
  void wantsMore() {
    exchange.goOn();
  }

  @Override
  void wasRead() {
    exchange.responseRead(this);
  }

  @Override
  void listenerFailed(Throwable failure) {
    exchange.listenerFailed(request, failure);
  }

  @Override
  void cut(@Nullable NetException failure) {
    abort();
    String code = failure == null ? "DESTROYED" : failure.code();
    over(new CloseCause(CloseCause.By.US, "app", code, 0, failure));
    exchange.cutAt(this, failure);
  }

  @Override
  public String toString() {
    return statusCode + " to " + request;
  }
}
