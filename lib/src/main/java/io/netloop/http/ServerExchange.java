package io.netloop.http;

import io.netloop.engine.Reactor;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import org.jspecify.annotations.Nullable;

/** What a request and its response ask of the connection, or the stream, that they belong to. */
interface ServerExchange {
  Reactor reactor();

  Loop loop();

  TcpSocket socket();

  HttpServerOptions options();

  int highWaterMark();

  HeaderLines headerLines();

  DateLine dateLine();

  /** Puts a head of HTTP/1.1 together; see {@link OutgoingMessage#putHead}. */
  void putHead(HttpResponse response, HeadWriter head, long bodyLength);

  /** Somebody takes the body of this request: more of it may come, if it is the one under way. */
  void bodyTaken(HttpRequest request);

  /** A response is complete. */
  void responseEnded(HttpResponse response);

  /** A listener threw: the client is answered with 500 where nothing has been sent. */
  void handlerFailed(@Nullable HttpResponse response, Throwable failure);

  /** Ends everything at once, because of this response. */
  void cut(HttpResponse response, @Nullable NetException failure);

  /** Ends everything at once where this request still has to do with it. */
  void cutFor(HttpRequest request);
}
