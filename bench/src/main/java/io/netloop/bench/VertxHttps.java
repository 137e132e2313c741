package io.netloop.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;

/** Vert.x, greeting over TLS or sending a large body; over BoringSSL, as Netloop, or the JDK's. */
final class VertxHttps {
  private static final Buffer GREETING = Buffer.buffer(Greeting.BYTES);
  private static final Buffer PIECE = Buffer.buffer(Gigabyte.piece());

  private VertxHttps() {}

  static void main(String[] args) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setTcpNoDelay(true)
            .setSsl(true)
            .setUseAlpn(false)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertPath(args[0] + "/server.pem")
                    .addKeyPath(args[0] + "/server.key"));
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    int port = Integer.parseInt(args[2]);
    if (args[1].equals("openssl")) {
      options.setSslEngineOptions(new OpenSSLEngineOptions());
    }
    vertx
        .createHttpServer(options)
        .requestHandler(VertxHttps::answer)
        .listen(port, "127.0.0.1")
        .onSuccess(server -> Control.listening(server.actualPort()));
  }

  private static void answer(HttpServerRequest request) {
    HttpServerResponse response =
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
    if (!Gigabyte.PATH.equals(request.path())) {
      response.end(GREETING);
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(Gigabyte.BYTES));
    long[] left = {Gigabyte.BYTES};
    Runnable go =
        () -> {
          while (left[0] > 0 && !response.writeQueueFull()) {
            left[0] -= PIECE.length();
            if (left[0] == 0) {
              response.end(PIECE);
            } else {
              response.write(PIECE);
            }
          }
        };
    response.drainHandler(nothing -> go.run());
    go.run();
  }
}
