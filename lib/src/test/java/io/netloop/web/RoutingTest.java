package io.netloop.web;

import static io.netloop.web.Web.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Log;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which handlers a request comes to, and in which order. */
class RoutingTest extends WebTest {

  @Test
  void answersByMethodAndPath() throws IOException {
    app.get("/users/:id", (request, response) -> response.json(Map.of("id", request.param("id"))));
    app.post("/users/:id", (request, response) -> response.send("posted"));
    assertThat(get("/users/7").body()).isEqualTo("{\"id\":\"7\"}");
    assertThat(get("/USERS/a%20b/").body()).isEqualTo("{\"id\":\"a b\"}");
    assertThat(post("/users/7", "").body()).isEqualTo("posted");
    assertThat(get("/nothing").status()).isEqualTo(404);
  }

  @Test
  void goesFromOneToTheNextInTheOrderOfRegistration() throws IOException {
    app.use((request, response, next) -> {
      told.add("first");
      next.run();
      told.add("first again");
    });
    app.get(
        "/:any",
        (request, response, next) -> {
          told.add("any");
          next.run();
        });
    app.use(
        "/x",
        (request, response, next) -> {
          told.add("x");
          next.run();
        });
    app.get("/x", (request, response) -> response.send("done"));
    app.use((request, response) -> response.send("never"));
    assertThat(get("/x").body()).isEqualTo("done");
    assertThat(told).containsExactly("first", "any", "x", "first again");
  }

  @Test
  void runsHandlersThatWaitOnVirtualThreads() throws IOException {
    app.get(
        "/report",
        blocking((request, response) -> {
          told.add(String.valueOf(Thread.currentThread().isVirtual()));
          response.status(201).setHeader("X-A", "1");
          response.json(Map.of("a", request.query("q")));
        }));
    app.use("/guarded", blocking((request, response, next) -> next.run()));
    app.get(
        "/guarded/x",
        (request, response) -> {
          told.add(String.valueOf(loop.inLoop()));
          response.send("on the loop");
        });
    app.get(
        "/fails",
        blocking((request, response) -> {
          throw new WebException(503, "The database is away.");
        }));
    app.use((error, request, response, next) ->
        response.status(503).send("error " + error.getMessage()));
    Answer report = get("/report?q=1");
    assertThat(report.status()).isEqualTo(201);
    assertThat(report.header("X-A")).isEqualTo("1");
    assertThat(report.body()).isEqualTo("{\"a\":\"1\"}");
    assertThat(get("/guarded/x").body()).isEqualTo("on the loop");
    assertThat(get("/fails").body()).isEqualTo("error The database is away.");
    assertThat(told).containsExactly("true", "true");
  }

  @Test
  void handlesWhatABlockingHandlerDoesTooLateAsItsFailure() throws IOException {
    try (Log log = new Log(LastResort.class)) {
      app.get(
          "/twice",
          blocking((request, response) -> {
            response.json(1);
            response.json(2);
          }));
      assertThat(get("/twice").body()).isEqualTo("1");
      await().untilAsserted(() -> assertThat(log.events()).hasSize(1));
      assertThat(log.events().getFirst().getThrowableProxy().getMessage())
          .contains("Cannot set headers after they are sent");
    }
  }

  @Test
  void nextMayBeCalledFromAnyThreadAndLater() throws IOException {
    app.use((request, response, next) -> Thread.ofVirtual().start(next));
    app.use((request, response, next) -> loop.setTimeout(1, next));
    app.get("/", (request, response) -> response.send(String.valueOf(loop.inLoop())));
    assertThat(get("/").body()).isEqualTo("true");
  }

  @Test
  void aSecondCallOfNextIsLoggedAndChangesNothing() throws IOException {
    try (Log log = new Log(Walk.class)) {
      app.use((request, response, next) -> {
        next.run();
        next.run();
        next.fail(new IllegalStateException("late"));
      });
      app.get(
          "/",
          (request, response) -> {
            told.add("called");
            response.send("once");
          });
      assertThat(get("/").body()).isEqualTo("once");
      assertThat(told).containsExactly("called");
      assertThat(log.events()).hasSize(2);
      assertThat(log.events().getFirst().getFormattedMessage())
          .isEqualTo("use / called next a second time for GET /: nothing follows from that.");
    }
  }

  @Test
  void whatIsThrownAfterNextIsLoggedAndTheAnswerStands() throws IOException {
    try (Log log = new Log(Walk.class)) {
      app.use((request, response, next) -> {
        next.run();
        throw new IllegalStateException("after");
      });
      app.get("/", (request, response) -> response.send("answer"));
      assertThat(get("/").body()).isEqualTo("answer");
      assertThat(log.events()).hasSize(1);
      assertThat(log.events().getFirst().getFormattedMessage())
          .isEqualTo("use / failed for GET / after it had called next.");
    }
  }

  @Test
  void takesAnyNumberOfHandlersWithoutAStackOverflow() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      app.use((request, response, next) -> next.run());
    }
    app.get("/", (request, response) -> response.send("at last"));
    assertThat(get("/").body()).isEqualTo("at last");
  }

  @Test
  void seesWhatIsRegisteredWhileItServes() throws IOException {
    assertThat(get("/late").status()).isEqualTo(404);
    app.get("/late", (request, response) -> response.send("there"));
    assertThat(get("/late").body()).isEqualTo("there");
  }

  @Test
  void preparesParametersOnceForEachRequestAndValue() throws IOException {
    app.param(
        "id",
        (request, response, next, value) -> {
          told.add(value);
          next.run();
        });
    app.use("/:id", (request, response, next) -> next.run());
    app.get("/:id", (request, response, next) -> next.run());
    app.get("/:other/:id", (request, response) -> response.send("two"));
    app.get("/:id", (request, response) -> response.send("one"));
    assertThat(get("/a").body()).isEqualTo("one");
    assertThat(told).containsExactly("a");
    told.clear();
    assertThat(get("/a/b").body()).isEqualTo("two");
    assertThat(told).containsExactly("a", "b");
  }

  @Test
  void aParameterMayBeRefusedOrLeaveItsRoute() throws IOException {
    app.param(
        "id",
        (request, response, next, value) -> {
          switch (value) {
            case "bad" -> next.fail(new WebException(404, "There is no such user."));
            case "throws" -> throw new WebException(410, "It is gone.");
            case "other" -> next.route();
            default -> next.run();
          }
        });
    app.get("/u/:id", (request, response) -> response.send("user"));
    app.get("/u/other", (request, response) -> response.send("the other route"));
    assertThat(get("/u/7").body()).isEqualTo("user");
    assertThat(get("/u/bad").status()).isEqualTo(404);
    assertThat(get("/u/throws").status()).isEqualTo(410);
    assertThat(get("/u/other").body()).isEqualTo("the other route");
  }

  @Test
  void answersAWrongMethodWith405WhereThatIsWanted() throws IOException {
    app.methodNotAllowed(true);
    app.get("/x", (request, response) -> response.send("x"));
    app.put("/x", (request, response) -> response.send("x"));
    app.use("/m", Web.router().delete("/y", (request, response) -> response.send("y")));
    Answer refused = post("/x", "");
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("Allow")).isEqualTo("GET, HEAD, PUT");
    assertThat(get("/m/y").header("Allow")).isEqualTo("DELETE");
    assertThat(get("/nothing").status()).isEqualTo(404);
    app.get("/passed", (request, response, next) -> next.run());
    assertThat(get("/passed").status()).isEqualTo(404);
  }

  @Test
  void aRouteOfHeadStandsInFrontOfGet() throws IOException {
    app.route("/x")
        .get((request, response) -> response.setHeader("X-By", "get").end())
        .head((request, response) -> response.setHeader("X-By", "head").end());
    app.get("/y", (request, response) -> response.setHeader("X-By", "get").end("body"));
    assertThat(ask("HEAD", "/x", "").header("X-By")).isEqualTo("head");
    Answer plain = ask("HEAD", "/y", "");
    assertThat(plain.header("X-By")).isEqualTo("get");
    assertThat(plain.body()).isEmpty();
  }

  @Test
  void refusesAMethodThatNobodyKnows() {
    assertThatThrownBy(() -> app.on("FOO", "/", (request, response) -> response.end()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"FOO\" is no method that servers know: see Http.METHODS.");
  }

  @Test
  void goesOnAfterAnErrorThatAHandlerHasTakenCareOf() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          throw new IllegalStateException("x");
        });
    app.use("/elsewhere", (error, request, response, next) -> response.send("never"));
    app.use((error, request, response, next) -> {
      told.add(error.getMessage());
      next.run();
    });
    app.get("/", (request, response) -> response.send("after all"));
    assertThat(get("/").body()).isEqualTo("after all");
    assertThat(told).containsExactly("x");
  }

  @Test
  void anErrorHandlerThatFailsHandsItsOwnErrorOn() throws IOException {
    app.get(
        "/",
        (request, response) -> {
          throw new IllegalStateException("first");
        });
    app.use((error, request, response, next) -> {
      throw new WebException(502, "second");
    });
    app.use((error, request, response, next) -> response.status(500).send(error.getMessage()));
    assertThat(get("/").body()).isEqualTo("second");
  }

  @Test
  void servesRequestsOfOneConnectionWhoseHandlersTakeTheirTime() throws IOException {
    app.get(
        "/:n",
        (request, response, next) -> {
          long wait = request.param("n").equals("1") ? 20 : 1;
          loop.setTimeout(wait, () -> response.send(request.param("n")));
        });
    Socket socket = connect();
    send(
        socket,
        "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    String heard = hearAll(socket);
    assertThat(heard.indexOf("\r\n\r\n1")).isPositive().isLessThan(heard.indexOf("\r\n\r\n2"));
  }

  @Test
  void wildcardsHandOutTheirSegments() throws IOException {
    app.get(
        "/files/*path",
        (request, response) ->
            response.json(List.of(request.param("path"), request.params().get("path"))));
    assertThat(get("/files/a/b%20c").body()).isEqualTo("[\"a/b c\",[\"a\",\"b c\"]]");
  }
}
