package io.netloop.bench;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Greets, or sends back the body that comes, on Helidon's virtual threads. */
final class HelidonHttp {
  private static final Header TEXT =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain");
  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  private static final byte[] LARGE = new byte[Http2Check.LARGE];

  /** Held, so that its level stays as it is set. */
  private static final Logger LOG = Logger.getLogger("io.helidon");

  private HelidonHttp() {}

  static void main(String[] args) {
    LOG.setLevel(Level.WARNING);
    WebServer server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(Integer.parseInt(args[0]))
            .routing(HelidonHttp::route)
            .build()
            .start();
    Control.listening(server.port());
  }

  private static void route(HttpRouting.Builder routing) {
    routing
        .get("/large", (request, response) -> response.header(TEXT).send(LARGE))
        .get("/", (request, response) -> response.header(TEXT).send(Greeting.BYTES))
        .post(
            "/",
            (request, response) -> response.header(JSON).send(request.content().as(byte[].class)));
  }
}
