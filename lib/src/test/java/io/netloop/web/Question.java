package io.netloop.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A request that is sent to Express and to us. */
record Question(String app, String method, String target, List<String> lines, String body) {

  static Question get(String app, String target, String... lines) {
    return new Question(app, "GET", target, List.of(lines), "");
  }

  static Question of(String app, String method, String target, String... lines) {
    return new Question(app, method, target, List.of(lines), "");
  }

  static Question post(String app, String type, String body, String... more) {
    List<String> lines = new ArrayList<>(List.of(more));
    if (!type.isEmpty()) {
      lines.add("Content-Type: " + type);
    }
    lines.add("Content-Length: " + body.length());
    return new Question(app, "POST", "/", lines, body);
  }

  /** Its bytes, one for each character. */
  String bytes() {
    StringBuilder bytes =
        new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: example.org:3000\r\n");
    lines.forEach(line -> bytes.append(line).append("\r\n"));
    return bytes.append("Connection: close\r\n\r\n").append(body).toString();
  }

  @Override
  public String toString() {
    String shown = body.length() > 40 ? body.substring(0, 40) + "…" : body;
    return (app + " " + method + " " + target + " " + String.join(", ", lines) + " " + shown)
        .replaceAll("[^ -~…]", "?")
        .strip();
  }

  static List<Question> all() {
    List<Question> all = new ArrayList<>();
    routes(all);
    mounts(all);
    responses(all);
    negotiation(all);
    proxies(all);
    bodies(all);
    cors(all);
    compression(all);
    return all;
  }

  private static void routes(List<Question> all) {
    for (String target :
        List.of(
            "/",
            "//",
            "/?a=1",
            "/plain",
            "/plain/",
            "/plain//",
            "/PLAIN",
            "/plain?x=/y",
            "/plain/x",
            "/users/7",
            "/users/7/",
            "/users/a%20b",
            "/users/%E4%BD%A0",
            "/users/%zz",
            "/users/%ff",
            "/users/",
            "/users",
            "/users/me",
            "/users/a/b",
            "/users/a+b",
            "/users/..",
            "/users/a;b",
            "/flights/a-b",
            "/flights/a-b-c",
            "/flights/ab",
            "/flights/-",
            "/flights/--",
            "/flights/---",
            "/flights/-b",
            "/flights/a-",
            "/ab-x.y",
            "/ab-x.y.z",
            "/ab-x.",
            "/ab-.y",
            "/ab-..",
            "/ab-...",
            "/files/a",
            "/files/a/b/c",
            "/files",
            "/files/",
            "/files//",
            "/files/a/",
            "/files/a//b",
            "/files/a%2Fb/c",
            "/files/%zz",
            "/any",
            "/any/",
            "/any/a/b",
            "/anyx",
            "/opt",
            "/opt/",
            "/opt/1",
            "/opt/1/",
            "/opt/1/2",
            "/report",
            "/report.json",
            "/report.",
            "/report.a.b",
            "/report/x",
            "/deep/end",
            "/deep/1/end",
            "/deep/1/2/end",
            "/deep/1/2/3/end",
            "/two/a/mid/b",
            "/two/a/mid/b/mid/c",
            "/two/mid/mid/mid",
            "/two/a/b/mid/c/d/",
            "/two/mid/x",
            "/q/1",
            "/esc(x)",
            "/esc%28x%29",
            "/mix/a/b.c",
            "/mix/a/b.c.d",
            "/mix/a/.c",
            "/v1.2/x",
            "/v1/x",
            "/v.2/x",
            "/V1.2/X",
            "/tail",
            "/tail/",
            "/upper/case",
            "/UPPER/CASE/",
            "/wild-a/b",
            "/wild-",
            "/wild-/",
            "/a/y/b",
            "/a/x/b",
            "/a/y/z",
            "/all",
            "/book",
            "/head",
            "/none",
            "/none/%zz",
            "/constructor",
            "/users/__proto__",
            "/users/constructor",
            "/plain#x",
            "/users/a#b",
            "http://other/plain",
            "http://other",
            "http://other?x=1",
            "/plain%2f",
            "/%70lain",
            "/users/%2e%2e%2fetc")) {
      all.add(get("routes", target));
    }
    for (String method : List.of("POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "PROPFIND")) {
      for (String target :
          List.of("/plain", "/all", "/book", "/head", "/own-options", "/only-delete")) {
        all.add(of("routes", method, target));
      }
    }
    all.add(of("routes", "OPTIONS", "*"));
    all.add(of("routes", "OPTIONS", "/users/me"));
    all.add(of("routes", "HEAD", "/none"));
    for (String target :
        List.of(
            "/",
            "/users",
            "/Users",
            "/Users/",
            "/with",
            "/with/",
            "/with//",
            "/files/a",
            "/files/a/")) {
      all.add(get("strict", target));
    }
  }

  private static void mounts(List<Question> all) {
    for (String target :
        List.of(
            "/m",
            "/m/",
            "/m?a=1",
            "/m/?a=1",
            "/mx",
            "/m/x",
            "/M/X",
            "/m/x?y=1",
            "/m//x",
            "/m/p/7",
            "/m/p/%zz",
            "/m/deep",
            "/m/deep/y",
            "/m/deep/y?z",
            "/plain/1/show",
            "/merge/1/show/2",
            "/merge/1/show",
            "/use/1",
            "/use/1/2/3",
            "/use",
            "/use/",
            "/use/1?x",
            "/leave/route",
            "/leave/router",
            "/leave/fails",
            "/leave/later",
            "/order/x",
            "/uid/7",
            "/uid/bad",
            "/uid/a%20b",
            "/handled/x")) {
      all.add(get("mounts", target));
    }
    all.add(of("mounts", "OPTIONS", "/m/x"));
    all.add(of("mounts", "POST", "/m/x"));
  }

  private static void responses(List<Question> all) {
    List<String> targets =
        List.of(
            "/text",
            "/typed",
            "/own-type",
            "/bytes",
            "/json",
            "/list",
            "/null",
            "/string",
            "/number",
            "/created",
            "/status",
            "/status-odd",
            "/no-content",
            "/redirect",
            "/redirect-301",
            "/location",
            "/etag",
            "/modified",
            "/vary",
            "/vary-all",
            "/links",
            "/cookie",
            "/cookie-all",
            "/cookies-two",
            "/cookie-signed",
            "/cookie-clear",
            "/about",
            "/fails",
            "/fails-409",
            "/fails-status",
            "/append");
    for (String target : targets) {
      all.add(get("res", target));
      all.add(of("res", "HEAD", target));
    }
    for (String tag :
        List.of(
            "*",
            "W/\"1-11f6ad8ec52a2984abaafd7c3b516503785c2072\"",
            "\"own\"",
            "W/\"own\"",
            "\"x\", W/\"own\"",
            "own",
            "\"\"")) {
      all.add(get("res", "/etag", "If-None-Match: " + tag));
      all.add(get("res", "/text", "If-None-Match: " + tag));
    }
    all.add(get("res", "/etag", "If-None-Match: \"own\"", "Cache-Control: no-cache"));
    all.add(get("res", "/etag", "If-None-Match: \"own\"", "Cache-Control: max-age=0, no-cache"));
    for (String date :
        List.of(
            "Tue, 15 Nov 1994 12:45:26 GMT",
            "Tue, 15 Nov 1994 12:45:25 GMT",
            "Wed, 16 Nov 1994 12:45:26 GMT",
            "Tuesday, 15-Nov-94 12:45:26 GMT",
            "nonsense")) {
      all.add(get("res", "/modified", "If-Modified-Since: " + date));
    }
    for (String cookie :
        List.of(
            "a=b",
            "a=1; b=2",
            "a=1; a=2",
            "a=%20x",
            "a=%zz",
            "a=\"q\"",
            "a=\"q",
            "a",
            "=x",
            "a=b=c",
            " a = b ",
            "__proto__=1",
            "a=1;b=2;;",
            "s=s:tobi.xx",
            "s=s%3Atobi.dQI6ZIt0lKWDDlQSjmzOnzZYMLRQI4p5g5vDGvmoZ5A")) {
      all.add(get("res", "/cookies", "Cookie: " + cookie));
      all.add(get("res", "/signed", "Cookie: " + cookie));
    }
    all.add(get("res", "/cookies", "Cookie: a=1", "Cookie: b=2"));
    for (String query :
        List.of(
            "",
            "?",
            "?a=1&a=2&b&c=&d=%E4%BD%A0+x&=e&%zz=1",
            "?b[]=1&b[]=2",
            "?c[d]=1",
            "?__proto__=1",
            "?a=1#f",
            "?&&a=1&",
            "?a=%",
            "?a=%ff",
            "?a==b",
            "?toString=1")) {
      all.add(get("res", "/query" + query));
    }
  }

  private static void negotiation(List<Question> all) {
    for (String accept :
        List.of(
            "text/html",
            "application/json",
            "text/*",
            "*/*",
            "text/plain, text/html;q=0.5",
            "text/html;q=0, */*",
            "application/json;q=0.2, text/html;q=0.1",
            "image/png",
            "",
            "text/html;level=1, text/plain",
            "TEXT/HTML",
            "nonsense",
            "text/html;q=2",
            "*/*;q=0.1, application/json",
            "text/plain;q=0.5, text/html;q=0.5, application/json;q=0.5")) {
      all.add(get("res", "/accepts", "Accept: " + accept));
      all.add(get("res", "/format", "Accept: " + accept));
      all.add(get("res", "/redirect", "Accept: " + accept));
    }
    all.add(get("res", "/accepts"));
    all.add(get("res", "/format"));
    for (String accept :
        List.of(
            "gzip",
            "gzip, br",
            "br;q=0.5, gzip",
            "*",
            "identity;q=0",
            "gzip;q=0, *;q=0.1",
            "",
            "GZIP",
            "deflate",
            "*;q=0",
            "gzip;q=0.5, identity")) {
      all.add(get("res", "/encodings", "Accept-Encoding: " + accept));
    }
    for (String accept :
        List.of(
            "en",
            "de",
            "de-AT",
            "de-CH",
            "zh-CN",
            "zh-CN, en;q=0.9",
            "*",
            "fr",
            "fr, *;q=0.1",
            "en-US, de;q=0.7")) {
      all.add(get("res", "/languages", "Accept-Language: " + accept));
    }
    for (String accept : List.of("utf-8", "iso-8859-1", "UTF-8;q=0.1, *", "*;q=0", "latin9")) {
      all.add(get("res", "/charsets", "Accept-Charset: " + accept));
    }
    for (String type :
        List.of(
            "application/json",
            "application/json; charset=utf-8",
            "text/html",
            "text/plain",
            "application/ld+json",
            "application/xml",
            "nonsense",
            "APPLICATION/JSON",
            "image/svg+xml")) {
      all.add(
          new Question(
              "res", "POST", "/is", List.of("Content-Type: " + type, "Content-Length: 1"), "x"));
      all.add(new Question("res", "POST", "/is", List.of("Content-Type: " + type), ""));
    }
  }

  private static void proxies(List<Question> all) {
    for (String app : List.of("res", "proxied")) {
      all.add(get(app, "/about", "X-Requested-With: XMLHttpRequest"));
      all.add(
          get(
              app,
              "/about",
              "X-Forwarded-For: 1.2.3.4",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Host: a.b"));
      all.add(get(app, "/about", "X-Forwarded-For: 6.6.6.6, 1.2.3.4, 127.0.0.1"));
      all.add(get(app, "/about", "X-Forwarded-For: 6.6.6.6, 127.0.0.9"));
      all.add(get(app, "/about", "X-Forwarded-For: ::1, 1.2.3.4"));
      all.add(
          get(app, "/about", "X-Forwarded-Proto: https, http", "X-Forwarded-Host: a.b:80 , c.d"));
    }
  }

  private static void bodies(List<Question> all) {
    String json = "application/json";
    for (String body :
        List.of(
            "{\"a\":1}",
            "[1,2]",
            "{}",
            "[]",
            "5",
            "\"x\"",
            "null",
            "true",
            "",
            " ",
            " \t\n{\"a\":[]}\n",
            "{",
            "{\"a\":}",
            "{'a':1}",
            "[1,]",
            "nul",
            "{\"a\":1}x",
            "{\"a\":1,\"a\":2}",
            "{\"__proto__\":{\"x\":1}}",
            "{\"a\":1.5e3,\"b\":-0.25,\"c\":\"\\u00e9\\n\"}",
            "[\"\u00c3\u00a9\"]",
            "[01]",
            "[.5]",
            "[NaN]",
            "[1 2]",
            "{\"a\" 1}",
            "\u00ef\u00bb\u00bf{\"a\":1}",
            "[9007199254740991, 0.1]")) {
      all.add(post("body", json, body));
    }
    for (String type :
        List.of(
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/json; charset=latin1",
            "application/json; charset=utf-99",
            "text/json",
            "application/vnd.x+json",
            "",
            "nonsense",
            "text/plain",
            "text/plain; charset=iso-8859-1",
            "text/plain; charset=nonsense",
            "text/html",
            "application/octet-stream",
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=iso-8859-1",
            "application/x-www-form-urlencoded; charset=utf-16",
            "multipart/form-data")) {
      all.add(post("body", type, "[\"\u00c3\u00a9\"]"));
    }
    all.add(post("body", "application/json; charset=utf-16le", "[\0001\000]\000"));
    String form = "application/x-www-form-urlencoded";
    for (String body :
        List.of(
            "a=1",
            "a=1&a=2",
            "a=b+c%20d",
            "a",
            "a=",
            "=x",
            "",
            "a=%E4%BD%A0",
            "a=1&b=2&&c=3",
            "a=%zz",
            "%61=1",
            "__proto__=1&x=2",
            "a.b=1",
            "a=b=c")) {
      all.add(post("body", form, body));
    }
    for (String coding : List.of("identity", "IDENTITY", "gzip", "nonsense", "gzip, gzip")) {
      all.add(post("body", json, "{\"a\":1}", "Content-Encoding: " + coding));
    }
    all.add(post("body", json, gzip("{\"a\":1}"), "Content-Encoding: gzip"));
    all.add(post("body", json, gzip("{\"a\":1}").substring(0, 15), "Content-Encoding: gzip"));
    all.add(
        post("body", json, gzip("[\"" + "x".repeat(200_000) + "\"]"), "Content-Encoding: gzip"));
    all.add(post("small", json, "{\"abcdefghi\":\"klmno\"}"));
    all.add(post("small", json, "{\"abcdefghi\":\"klmnop\"}"));
    all.add(post("small", json, "{\"abcdefghi\":\"klm\"}"));
    all.add(post("small", json, gzip("[" + " ".repeat(30) + "]"), "Content-Encoding: gzip"));
    all.add(post("small", form, "a&b&c"));
    all.add(post("small", form, "a&b&c&d"));
    all.add(
        new Question(
            "small",
            "POST",
            "/",
            List.of("Content-Type: " + json, "Transfer-Encoding: chunked"),
            "3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n"));
    all.add(
        new Question(
            "small",
            "POST",
            "/",
            List.of("Content-Type: " + json, "Transfer-Encoding: chunked"),
            "15\r\n[                   ]\r\n0\r\n\r\n"));
    for (String body : List.of("5", "\"x\"", "null", "{\"a\":1}", "", "x")) {
      all.add(post("loose", "application/vnd.api+json", body));
    }
    all.add(post("loose", json, "5"));
  }

  private static void cors(List<Question> all) {
    for (String app : List.of("cors", "corsSome")) {
      for (String origin :
          List.of("https://a.example", "https://b.example", "https://evil.example", "null")) {
        all.add(get(app, "/", "Origin: " + origin));
        all.add(of(app, "PUT", "/", "Origin: " + origin));
        all.add(
            of(
                app,
                "OPTIONS",
                "/",
                "Origin: " + origin,
                "Access-Control-Request-Method: PUT",
                "Access-Control-Request-Headers: x-a, x-z"));
        all.add(of(app, "OPTIONS", "/", "Origin: " + origin, "Access-Control-Request-Method: PUT"));
      }
      all.add(get(app, "/"));
      all.add(of(app, "OPTIONS", "/"));
    }
  }

  private static void compression(List<Question> all) {
    for (String target : List.of("/big", "/small", "/image", "/kept", "/strong", "/stream")) {
      for (String accept :
          List.of("gzip", "deflate", "gzip;q=0", "identity", "*", "gzip;q=0.5, deflate;q=0.2")) {
        all.add(get("compressed", target, "Accept-Encoding: " + accept));
      }
      all.add(get("compressed", target));
      all.add(of("compressed", "HEAD", target, "Accept-Encoding: gzip"));
    }
  }

  private static String gzip(String latin1) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }
}
