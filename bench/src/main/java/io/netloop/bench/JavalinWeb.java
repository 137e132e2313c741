package io.netloop.bench;

import io.javalin.Javalin;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** An app of a hundred routes. */
final class JavalinWeb {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private JavalinWeb() {}

  static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.jetty.modifyHttpConfiguration(http -> http.setSendDateHeader(true));
              config.routes.get(
                  "/", context -> context.contentType("text/plain").result(Greeting.TEXT));
              for (int i = 0; i < WebRoutes.RESOURCES; i++) {
                config.routes.get(
                    WebRoutes.list(i),
                    context -> context.contentType("application/json").result("{}"));
                config.routes.get(
                    WebRoutes.list(i) + "/{id}",
                    context ->
                        context
                            .contentType("application/json")
                            .result(JSON.writeValueAsBytes(Map.of("id", context.pathParam("id")))));
              }
            })
        .start("127.0.0.1", port);
    Control.listening(port);
  }
}
