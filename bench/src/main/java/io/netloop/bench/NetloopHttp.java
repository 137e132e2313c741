package io.netloop.bench;

import io.netloop.http.Http;
import io.netloop.http.Http2Options;
import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.http.HttpServer;
import io.netloop.http.HttpServerOptions;
import io.netloop.loop.Buffer;
import io.netloop.loop.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Greets, or sends back the body that comes; with several loops, on the workers of the library.
 * Over HTTP/1.1 it does not look at the path, as raw Netty, Vert.x, Undertow and Node do not.
 */
final class NetloopHttp {
  private static final Buffer GREETING = Buffer.from(Greeting.BYTES);

  private static final Buffer LARGE = Buffer.from(new byte[Http2Check.LARGE]);

  /** Long enough for idle connections to be counted. */
  private static final HttpServerOptions OPTIONS =
      HttpServerOptions.defaults()
          .withKeepAliveTimeout(Duration.ofMinutes(10))
          .withHttp2(Http2Options.defaults().withPriorKnowledge(true));

  private NetloopHttp() {}

  static void main(String[] args) {
    int loops = Integer.parseInt(args[0]);
    int port = Integer.parseInt(args[1]);
    if (loops == 1) {
      HttpServer server = Http.createServer(OPTIONS, NetloopHttp::answer);
      server.listen(
          port,
          "127.0.0.1",
          () -> Control.listening(Objects.requireNonNull(server.address()).port()));
      return;
    }
    AtomicInteger missing = new AtomicInteger(loops);
    Workers.fork(
        loops,
        () ->
            Http.createServer(OPTIONS, NetloopHttp::answer)
                .listen(
                    port,
                    "127.0.0.1",
                    () -> {
                      if (missing.decrementAndGet() == 0) {
                        Control.listening(port);
                      }
                    }));
  }

  private static void answer(HttpRequest request, HttpResponse response) {
    if (request.method().equals("POST")) {
      List<Buffer> parts = new ArrayList<>();
      request.onData(parts::add);
      request.onEnd(
          () -> response.setHeader("Content-Type", "application/json").end(Buffer.concat(parts)));
    } else if (request.httpVersionMajor() == 2 && request.url().equals("/large")) {
      response.setHeader("Content-Type", "text/plain").end(LARGE);
    } else {
      response.setHeader("Content-Type", "text/plain").end(GREETING);
    }
  }
}
