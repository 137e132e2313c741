package io.netloop.bench;

import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.http.HttpServerOptions;
import io.netloop.web.StaticFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** Serves the files of a folder, as {@link StaticFiles} does by default. */
final class NetloopFiles {
  private static final HttpServerOptions OPTIONS =
      HttpServerOptions.defaults().withKeepAliveTimeout(Duration.ofMinutes(10));

  private NetloopFiles() {}

  static void main(String[] args) {
    HttpServer server = Http.createServer(OPTIONS, StaticFiles.from(Path.of(args[0])));
    server.listen(
        Integer.parseInt(args[1]),
        "127.0.0.1",
        () -> Control.listening(Objects.requireNonNull(server.address()).port()));
  }
}
