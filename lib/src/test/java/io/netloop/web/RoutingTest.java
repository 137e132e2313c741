package io.netloop.web;

import static io.netloop.web.Web.blocking;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which handlers a request comes to, and in which order. */
class RoutingTest extends WebTest {

  @Test
  void answersByMethodAndPath() throws IOException {
    app.get("/users/:id", (request, response) -> response.json(Map.of("id", request.param("id"))));
    app.post("/users/:id", (request, response) -> response.send("posted"));
    app.get("/report", blocking((request, response) -> response.json(Map.of("a", 1))));
    assertThat(get("/users/7").body()).isEqualTo("{\"id\":\"7\"}");
    assertThat(get("/USERS/a%20b/").body()).isEqualTo("{\"id\":\"a b\"}");
    assertThat(post("/users/7", "").body()).isEqualTo("posted");
    assertThat(get("/report").body()).isEqualTo("{\"a\":1}");
    assertThat(get("/nothing").status()).isEqualTo(404);
    assertThat(get("/users/%zz").status()).isEqualTo(400);
  }

  @Test
  void goesOnWhenNextIsCalled() throws IOException {
    Router router = Web.router();
    router.get(
        "/x",
        (request, response) ->
            response.send(request.baseUrl() + " " + request.url() + " " + request.originalUrl()));
    app.use((request, response, next) -> {
      response.setHeader("X-Seen", "1");
      next.run();
    });
    app.use("/m", router);
    app.get(
        "/fails",
        (request, response) -> {
          throw new IllegalStateException("no");
        });
    app.use((error, request, response, next) ->
        response.statusCode(503).send("error " + error.getMessage()));
    Answer answer = get("/m/x?a=1");
    assertThat(answer.body()).isEqualTo("/m /x?a=1 /m/x?a=1");
    assertThat(answer.header("X-Seen")).isEqualTo("1");
    assertThat(get("/fails").body()).isEqualTo("error no");
    assertThat(get("/mx").status()).isEqualTo(404);
  }
}
