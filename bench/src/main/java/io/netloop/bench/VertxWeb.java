package io.netloop.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** A router of a hundred routes, on epoll and one loop. */
@SuppressWarnings("deprecation") // the plain verticle, which its own guide still shows
final class VertxWeb extends AbstractVerticle {
  private static final long SECOND_MILLIS = 1000;

  private final int port;
  private CharSequence date = HttpHeaders.createOptimized(Greeting.date());

  private VertxWeb(int port) {
    this.port = port;
  }

  static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
        .deployVerticle(new VertxWeb(port))
        .onSuccess(deployed -> Control.listening(port));
  }

  @Override
  public void start(Promise<Void> started) {
    vertx.setPeriodic(SECOND_MILLIS, timer -> date = HttpHeaders.createOptimized(Greeting.date()));
    Router router = Router.router(vertx);
    router
        .get("/")
        .handler(context ->
            context
                .response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                .putHeader(HttpHeaders.DATE, date)
                .end(Greeting.TEXT));
    for (int i = 0; i < WebRoutes.RESOURCES; i++) {
      router.get(WebRoutes.list(i)).handler(context -> context.json(new JsonObject()));
      router
          .get(WebRoutes.list(i) + "/:id")
          .handler(context -> {
            context.response().putHeader(HttpHeaders.DATE, date);
            context.json(new JsonObject().put("id", context.pathParam("id")));
          });
    }
    vertx
        .createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
        .requestHandler(router)
        .listen(port, "127.0.0.1")
        .<Void>mapEmpty()
        .onComplete(started);
  }
}
