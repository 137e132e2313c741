package io.netloop.bench;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Objects;

/** Vert.x, greeting over TLS or sending a large body; over BoringSSL, as Netloop, or the JDK's. */
final class VertxHttps {
  private static final Buffer GREETING = Buffer.buffer(Greeting.BYTES);
  private static final Buffer PIECE = Buffer.buffer(Gigabyte.piece());
  private static final int PIECES_AT_ONCE = 16;

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
    send(response, Gigabyte.BYTES);
  }

  /**
   * A few pieces, and the next few once they are out. Led by {@code writeQueueFull} and {@code
   * drainHandler} Vert.x 5.2 stops for good after some hundred megabytes.
   */
  private static void send(HttpServerResponse response, long bytesLeft) {
    for (int i = 1; i < PIECES_AT_ONCE; i++) {
      response.write(PIECE);
    }
    long bytesThen = bytesLeft - (long) PIECES_AT_ONCE * PIECE.length();
    if (bytesThen == 0) {
      response.end(PIECE);
      return;
    }
    Context context = Objects.requireNonNull(Vertx.currentContext());
    response
        .write(PIECE)
        .onSuccess(written -> context.runOnContext(next -> send(response, bytesThen)));
  }
}
