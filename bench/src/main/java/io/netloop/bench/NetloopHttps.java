package io.netloop.bench;

import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.http.HttpServer;
import io.netloop.http.Https;
import io.netloop.loop.Buffer;
import io.netloop.tls.TlsOptions;
import java.nio.file.Path;
import java.util.Objects;

/** Greets over TLS, or sends {@link Gigabyte#BYTES}. */
final class NetloopHttps {
  private static final Buffer GREETING = Buffer.from(Greeting.BYTES);
  private static final Buffer PIECE = Buffer.from(Gigabyte.piece());

  private NetloopHttps() {}

  static void main(String[] args) {
    Path folder = Path.of(args[0]);
    TlsOptions tls = TlsOptions.pem(folder.resolve("server.pem"), folder.resolve("server.key"));
    HttpServer server = Https.createServer(tls, NetloopHttps::answer);
    server.listen(
        Integer.parseInt(args[1]),
        "127.0.0.1",
        () -> Control.listening(Objects.requireNonNull(server.address()).port()));
  }

  private static void answer(HttpRequest request, HttpResponse response) {
    response.setHeader("Content-Type", "text/plain");
    if (request.url().equals(Gigabyte.PATH)) {
      response.setHeader("Content-Length", Gigabyte.BYTES);
      new Sending(response).go();
    } else {
      response.end(GREETING);
    }
  }

  /** Writes as long as there is room. */
  private static final class Sending {
    private final HttpResponse response;
    private long left = Gigabyte.BYTES;

    Sending(HttpResponse response) {
      this.response = response;
      response.onDrain(this::go);
    }

    void go() {
      boolean room = true;
      while (left > 0 && room) {
        left -= PIECE.length();
        room = response.write(PIECE);
      }
      if (left == 0 && !response.writableEnded()) {
        response.end();
      }
    }
  }
}
