package io.netloop.bench;

import io.netloop.http.Http;
import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.http.HttpServer;
import io.netloop.loop.Buffer;
import io.netloop.web.App;
import io.netloop.web.Handler;
import io.netloop.web.Web;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * An app of a hundred routes; or, to hold it against, one handler that answers the same by itself.
 */
final class NetloopWeb {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ELEMENT = "/api/v1/resource25/";
  private static final int ELEMENT_FROM = ELEMENT.length();

  private NetloopWeb() {}

  static void main(String[] args) {
    HttpServer server =
        args[0].equals("plain")
            ? Http.createServer(NetloopWeb::answer)
            : app().etag(args[0].equals("routes")).server();
    server.listen(
        Integer.parseInt(args[1]),
        "127.0.0.1",
        () -> Control.listening(Objects.requireNonNull(server.address()).port()));
  }

  private static App app() {
    App app = Web.app();
    app.get("/", (request, response) -> response.type("text/plain").send(Greeting.TEXT));
    Handler one =
        (request, response) ->
            response.json(Map.of("id", Objects.requireNonNull(request.param("id"))));
    for (int i = 0; i < WebRoutes.RESOURCES; i++) {
      app.get(WebRoutes.list(i), (request, response) -> response.json(Map.of()));
      app.get(WebRoutes.list(i) + "/:id", one);
    }
    return app;
  }

  private static void answer(HttpRequest request, HttpResponse response) {
    String url = request.url();
    if (url.startsWith(ELEMENT)) {
      response.setHeader("Content-Type", "application/json; charset=utf-8");
      byte[] json = JSON.writeValueAsBytes(Map.of("id", url.substring(ELEMENT_FROM)));
      response.end(Buffer.from(json));
    } else {
      response.setHeader("Content-Type", "text/plain").end(Greeting.TEXT);
    }
  }
}
