package io.netloop.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;

/** Serves the files of a folder with {@code sendFile}, on epoll. */
@SuppressWarnings("deprecation") // the plain verticle, which its own guide still shows
final class VertxFiles extends AbstractVerticle {
  private static final long SECOND_MILLIS = 1000;

  private final String folder;
  private final int port;
  private CharSequence date = HttpHeaders.createOptimized(Greeting.date());

  private VertxFiles(String folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  static void main(String[] args) {
    int port = Integer.parseInt(args[1]);
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
        .deployVerticle(() -> new VertxFiles(args[0], port), new DeploymentOptions())
        .onSuccess(deployed -> Control.listening(port));
  }

  @Override
  public void start(Promise<Void> started) {
    vertx.setPeriodic(SECOND_MILLIS, timer -> date = HttpHeaders.createOptimized(Greeting.date()));
    vertx
        .createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
        .requestHandler(request ->
            request.response().putHeader(HttpHeaders.DATE, date).sendFile(folder + request.path()))
        .listen(port, "127.0.0.1")
        .<Void>mapEmpty()
        .onComplete(started);
  }
}
