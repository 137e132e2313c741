package io.netloop.web;

import io.netloop.loop.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The apps of {@code side-by-side.js}, as they are written here. */
final class ExpressApps {
  private static final String LONG = "abc ".repeat(1000);

  private ExpressApps() {}

  static Map<String, App> all() {
    Map<String, App> apps = new LinkedHashMap<>();
    apps.put("routes", routes());
    apps.put("strict", strict());
    apps.put("mounts", mounts());
    apps.put("res", res());
    apps.put("proxied", about(Web.app().trustProxy("loopback")));
    apps.put("body", body(Web.json(), Web.form(), Web.text(), Web.raw()));
    BodyOptions small = BodyOptions.defaults().withLimit(20).withMaxParameters(3);
    apps.put("small", body(Web.json(small), Web.form(small)));
    BodyOptions loose = BodyOptions.defaults().withStrict(false).withTypes("application/*+json");
    apps.put("loose", body(Web.json(loose)));
    apps.put("cors", pages(Web.cors()));
    apps.put(
        "corsSome",
        pages(
            Web.cors(
                CorsOptions.defaults()
                    .withOrigins("https://a.example", "https://b.example")
                    .withCredentials(true)
                    .withMaxAge(Duration.ofMinutes(10))
                    .withAllowedHeaders("X-A", "X-B")
                    .withExposedHeaders("X-C")
                    .withMethods("GET", "PUT"))));
    apps.put("compressed", compressed());
    return apps;
  }

  private static Handler tell(String at) {
    return (request, response) -> {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("at", at);
      told.put("params", request.params());
      told.put("url", request.url());
      told.put("baseUrl", request.baseUrl());
      told.put("originalUrl", request.originalUrl());
      told.put("path", request.path());
      response.json(told);
    };
  }

  private static App routes() {
    App app = Web.app();
    app.get("/", tell("root"));
    app.get("/plain", tell("plain"));
    app.post("/plain", tell("post"));
    app.get("/users/:id", tell("user"));
    app.get("/users/me", tell("me"));
    app.get("/flights/:from-:to", tell("flight"));
    app.get("/ab-:c.:d", tell("several"));
    app.get("/files/*path", tell("files"));
    app.get("/any{/*rest}", tell("any"));
    app.get("/opt{/:x}", tell("optional"));
    app.get("/report{.:format}", tell("format"));
    app.get("/deep{/:a{/:b}}/end", tell("deep"));
    app.get("/two/*a/mid/*b", tell("two"));
    app.get("/q/:\"a-b\"", tell("quoted"));
    app.get("/esc\\(x\\)", tell("escaped"));
    app.get("/mix/:a/:b.:c", tell("mix"));
    app.get("/v:major.:minor/x", tell("version"));
    app.get("/tail/", tell("tail"));
    app.get("/UPPER/Case", tell("upper"));
    app.get("/wild-*w", tell("wildInSegment"));
    app.get("/a/:x/b", tell("axb"));
    app.get("/a/y/:z", tell("ayz"));
    app.all("/all", tell("all"));
    app.route("/book").get(tell("book")).put(tell("putBook"));
    app.head("/head", (request, response) -> response.setHeader("X-Head", "own").end());
    app.get("/head", tell("head"));
    app.options("/own-options", (request, response) -> response.send("own"));
    app.delete("/only-delete", tell("deleted"));
    return app;
  }

  private static App strict() {
    App app = Web.app(RouterOptions.defaults().withStrict(true).withCaseSensitive(true));
    app.get("/", tell("root"));
    app.get("/Users", tell("users"));
    app.get("/with/", tell("with"));
    app.get("/files/*path", tell("files"));
    return app;
  }

  private static App mounts() {
    App app = Web.app();
    Router router = Web.router();
    router.get("/", tell("router root"));
    router.get("/x", tell("router x"));
    router.get("/p/:id", tell("router p"));
    router.use(
        "/deep",
        (request, response, next) -> {
          response.setHeader("X-Deep", request.baseUrl() + "|" + request.url());
          next.run();
        });
    router.get("/deep/y", tell("deep y"));
    app.use("/m", router);
    app.use("/plain/:pid", Web.router().get("/show", tell("no merge")));
    RouterOptions merging = RouterOptions.defaults().withMergeParams(true);
    app.use("/merge/:pid", Web.router(merging).get("/show/:id", tell("merge")));
    app.use("/use/:a", tell("use"));
    Router leaving = Web.router();
    leaving.get("/route", (request, response, next) -> next.route(), tell("never"));
    leaving.get("/route", tell("second route"));
    leaving.get("/router", (request, response, next) -> next.router());
    leaving.get("/router", tell("never"));
    leaving.get(
        "/fails",
        (request, response) -> {
          throw new IllegalStateException("inside");
        });
    leaving.get(
        "/later",
        Web.blocking((request, response) -> {
          throw new WebException(503, "later");
        }));
    app.use("/leave", leaving);
    app.get("/leave/router", tell("behind the router"));
    app.use(
        "/order",
        (request, response, next) -> {
          response.locals().put("order", "first");
          next.run();
        });
    app.use(
        "/order",
        (request, response, next) -> {
          response.locals().put("order", List.of(response.locals().get("order"), "second"));
          next.run();
        });
    app.get("/order/x", (request, response) -> response.json(response.locals().get("order")));
    app.param(
        "uid",
        (request, response, next, value) -> {
          response.appendHeader("X-Param", value);
          if (value.equals("bad")) {
            next.fail(new WebException(422, "bad uid"));
          } else {
            next.run();
          }
        });
    app.get("/uid/:uid", (request, response, next) -> next.run());
    app.get("/uid/:uid", tell("uid"));
    app.use((error, request, response, next) -> {
      if (request.path().startsWith("/leave")) {
        int status = error instanceof WebException known ? known.status() : 500;
        response.status(status).send("handled " + error.getMessage());
      } else {
        next.fail(error);
      }
    });
    Router handled = Web.router();
    handled.get("/x", (request, response, next) -> next.fail(new IllegalStateException("in x")));
    handled.use((error, request, response, next) -> next.run());
    handled.get("/x", tell("recovered"));
    app.use("/handled", handled);
    return app;
  }

  private static App res() {
    App app = Web.app().cookieSecrets("secret", "older");
    app.get("/text", (request, response) -> response.send("text"));
    app.get("/typed", (request, response) -> response.type("txt").send("plain é"));
    app.get(
        "/own-type",
        (request, response) -> response.setHeader("Content-Type", "text/x-own").send("own"));
    app.get("/bytes", (request, response) -> response.send(Buffer.from(new byte[] {1, 2, 3})));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("a", 1);
    json.put("b", Stream.of(true, null).toList());
    json.put("c", "é<&");
    app.get("/json", (request, response) -> response.json(json));
    app.get("/list", (request, response) -> response.json(List.of(1, 2.5, "x")));
    app.get("/null", (request, response) -> response.json(null));
    app.get("/string", (request, response) -> response.json("x"));
    app.get("/number", (request, response) -> response.json(5));
    app.get("/created", (request, response) -> response.status(201).json(Map.of("id", 7)));
    app.get("/status", (request, response) -> response.sendStatus(404));
    app.get("/status-odd", (request, response) -> response.sendStatus(599));
    app.get("/no-content", (request, response) -> response.status(204).send("dropped"));
    app.get("/redirect", (request, response) -> response.redirect("/elsewhere?a=1&b=<c>"));
    app.get(
        "/redirect-301", (request, response) -> response.redirect(301, "https://example.org/ü\"x"));
    app.get("/location", (request, response) -> response.location("/a b").end());
    app.get("/etag", (request, response) -> response.setHeader("ETag", "\"own\"").send("x"));
    app.get(
        "/modified",
        (request, response) ->
            response.setHeader("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT").send("x"));
    app.get(
        "/vary",
        (request, response) -> response.vary("Accept").vary("accept").vary("Origin").send("x"));
    app.get(
        "/vary-all",
        (request, response) -> response.vary("Accept").vary("*").vary("Origin").send("x"));
    Map<String, String> links = new LinkedHashMap<>();
    links.put("next", "/p?page=2");
    links.put("last", "/p?page=9");
    app.get("/links", (request, response) -> response.links(links).send("x"));
    cookies(app);
    app.get(
        "/format",
        (request, response) -> {
          Map<String, Runnable> formats = new LinkedHashMap<>();
          formats.put("text", () -> response.send("text"));
          formats.put("html", () -> response.send("<p>html</p>"));
          formats.put("json", () -> response.json(Map.of("at", "json")));
          response.format(formats);
        });
    app.get(
        "/accepts",
        (request, response) -> response.json(request.accepts("html", "json", "text/plain")));
    app.get(
        "/encodings",
        (request, response) -> response.json(request.acceptsEncodings("br", "gzip", "identity")));
    app.get(
        "/languages",
        (request, response) -> response.json(request.acceptsLanguages("en", "de-AT", "zh")));
    app.get(
        "/charsets",
        (request, response) -> response.json(request.acceptsCharsets("utf-8", "iso-8859-1")));
    app.get("/query", (request, response) -> response.json(request.query().toMap()));
    about(app);
    app.post(
        "/is",
        (request, response) ->
            response.json(
                Stream.of("json", "html", "text/*", "+json", "application/xml")
                    .filter(request::is)
                    .toList()));
    app.get(
        "/fails",
        (request, response) -> {
          throw new IllegalStateException("inside");
        });
    app.get(
        "/fails-409",
        (request, response) -> {
          throw new WebException(409, "conflict");
        });
    app.get(
        "/fails-status",
        (request, response) -> {
          response.status(418);
          throw new IllegalStateException("teapot");
        });
    app.get(
        "/append",
        (request, response) ->
            response.appendHeader("X-A", "1").appendHeader("X-A", "2").send("x"));
    return app;
  }

  private static void cookies(App app) {
    CookieOptions plain = CookieOptions.defaults();
    app.get("/cookie", (request, response) -> response.cookie("a", "b c;").send("x"));
    CookieOptions all =
        plain
            .withDomain("example.org")
            .withPath("/x")
            .withHttpOnly(true)
            .withSecure(true)
            .withPartitioned(true)
            .withPriority(CookieOptions.Priority.HIGH)
            .withSameSite(CookieOptions.SameSite.NONE)
            .withExpires(Instant.EPOCH);
    app.get("/cookie-all", (request, response) -> response.cookie("n", "é=1", all).send("x"));
    app.get(
        "/cookies-two",
        (request, response) ->
            response
                .cookie("a", "1")
                .cookie("b", "2", plain.withSameSite(CookieOptions.SameSite.LAX))
                .send("x"));
    app.get(
        "/cookie-signed",
        (request, response) -> response.cookie("s", "tobi", plain.withSigned(true)).send("x"));
    app.get("/cookie-clear", (request, response) -> response.clearCookie("a").send("x"));
    app.get("/cookies", (request, response) -> response.json(request.cookies()));
    app.get("/signed", (request, response) -> response.json(request.signedCookie("s")));
  }

  private static App about(App app) {
    app.get(
        "/about",
        (request, response) -> {
          Map<String, Object> about = new LinkedHashMap<>();
          about.put("hostname", request.hostname());
          about.put("protocol", request.protocol());
          about.put("secure", request.secure());
          about.put("xhr", request.xhr());
          about.put("ip", Objects.requireNonNull(request.ip()));
          about.put("ips", request.ips());
          response.json(about);
        });
    return app;
  }

  private static App body(Middleware... parsers) {
    App app = Web.app().use(parsers);
    app.post(
        "/",
        (request, response) -> {
          Map<String, Object> told = new LinkedHashMap<>();
          switch (request.body()) {
            case Buffer raw -> told.put("raw", raw.toString("hex"));
            case Values form -> told.put("body", form.toMap());
            case null, default -> told.put("body", request.body());
          }
          response.json(told);
        });
    return app;
  }

  private static App pages(Middleware cors) {
    App app = Web.app().use(cors);
    app.get("/", (request, response) -> response.send("x"));
    app.put("/", (request, response) -> response.send("put"));
    app.options("/", (request, response) -> response.send("options"));
    return app;
  }

  private static App compressed() {
    App app = Web.app().use(Web.compression());
    app.get("/big", (request, response) -> response.type("txt").send(LONG));
    app.get("/small", (request, response) -> response.type("txt").send("abc"));
    app.get(
        "/image",
        (request, response) -> response.type("image/png").send(Buffer.from(new byte[5000])));
    app.get(
        "/kept",
        (request, response) ->
            response.setHeader("Cache-Control", "no-transform").type("txt").send(LONG));
    app.get(
        "/strong",
        (request, response) -> response.setHeader("ETag", "\"s\"").type("txt").send(LONG));
    app.get(
        "/stream",
        (request, response) -> {
          response.type("txt").write(Buffer.from(LONG.substring(0, 2000)));
          response.end("end");
        });
    return app;
  }
}
