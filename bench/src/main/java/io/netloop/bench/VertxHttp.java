package io.netloop.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** Greets, or sends back the body that comes, on epoll; each loop has a verticle. */
@SuppressWarnings("deprecation") // the plain verticle, which its own guide still shows
final class VertxHttp extends AbstractVerticle {
  private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final Buffer GREETING = Buffer.buffer(Greeting.BYTES);
  private static final Buffer LARGE = Buffer.buffer(new byte[Http2Check.LARGE]);
  private static final CharSequence GREETING_LENGTH =
      HttpHeaders.createOptimized(Integer.toString(Greeting.BYTES.length));
  private static final long SECOND_MILLIS = 1000;

  private final int port;
  private CharSequence date = HttpHeaders.createOptimized(Greeting.date());

  private VertxHttp(int port) {
    this.port = port;
  }

  static void main(String[] args) {
    int loops = Integer.parseInt(args[0]);
    int port = Integer.parseInt(args[1]);
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true))
        .deployVerticle(() -> new VertxHttp(port), new DeploymentOptions().setInstances(loops))
        .onSuccess(deployed -> Control.listening(port));
  }

  @Override
  public void start(io.vertx.core.Promise<Void> started) {
    vertx.setPeriodic(SECOND_MILLIS, timer -> date = HttpHeaders.createOptimized(Greeting.date()));
    vertx
        .createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
        .requestHandler(this::answer)
        .listen(port, "127.0.0.1")
        .<Void>mapEmpty()
        .onComplete(started);
  }

  private void answer(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.POST)) {
      request
          .body()
          .onSuccess(body ->
              request
                  .response()
                  .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                  .putHeader(HttpHeaders.DATE, date)
                  .end(body));
    } else if (request.version() == HttpVersion.HTTP_2 && "/large".equals(request.path())) {
      request
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, TEXT)
          .putHeader(HttpHeaders.DATE, date)
          .end(LARGE);
    } else {
      request
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, TEXT)
          .putHeader(HttpHeaders.DATE, date)
          .putHeader(HttpHeaders.CONTENT_LENGTH, GREETING_LENGTH)
          .end(GREETING);
    }
  }
}
