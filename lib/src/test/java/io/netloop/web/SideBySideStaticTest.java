package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same requests for the same files, to Express with its {@code static} and to us: status,
 * headers and body are the same, but for the differences that the manual tells. The types of all
 * extensions are the same as those of npm's {@code mime}.
 */
@Tag("once")
class SideBySideStaticTest extends StaticTest {
  private static final Path PACKAGES =
      Path.of(System.getProperty("user.home"), ".cache", "netloop", "express", "node_modules");

  private static final String SCRIPT =
      """
      const express = require('express');
      const [root] = process.argv.slice(1);
      const app = express();
      app.disable('x-powered-by');
      app.set('env', 'production');
      app.use('/strict', express.static(root, { fallthrough: false, dotfiles: 'deny' }));
      app.use('/more', express.static(root, { extensions: ['html', 'txt'], index: ['none.html', 'a.txt'],
        dotfiles: 'allow', maxAge: 3600000, immutable: true }));
      app.use('/less', express.static(root, { redirect: false, index: false, etag: false, lastModified: false,
        cacheControl: false, acceptRanges: false }));
      app.use(express.static(root));
      const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
      """;

  private static final List<String> COMPARED =
      List.of(
          "accept-ranges",
          "cache-control",
          "content-length",
          "content-range",
          "content-type",
          "etag",
          "last-modified",
          "location",
          "vary",
          "content-encoding",
          "allow");

  /** What is otherwise with us: a row of the manual, and the requests that show it. */
  private record Difference(String row, Predicate<String> shows) {}

  private static final List<Difference> DIFFERENCES =
      List.of(
          new Difference(
              "A path with `..` in it is served where it stays inside | 404, or 403 without"
                  + " `fallthrough`: clients that mean no harm send none",
              request -> request.contains("/..") || request.contains("%2e%2e")),
          new Difference(
              "`application/xml` and `image/svg+xml` have no charset | They are text, and have one",
              request -> request.contains(".xml") || request.contains(".svg")),
          new Difference(
              "Several ranges are answered with the whole file | With `multipart/byteranges`"
                  + " (RFC 9110 §14.6)",
              request -> request.endsWith("bytes=0-1,4-5")),
          new Difference(
              "A suffix longer than the file is not satisfiable | It is the whole file"
                  + " (RFC 9110 §14.1.2)",
              request -> request.endsWith("bytes=-30")),
          new Difference(
              "HEAD knows ranges | They are for GET (RFC 9110 §14.2)",
              request -> request.startsWith("HEAD /a.txt Range")),
          new Difference(
              "`If-Range` is met by a weak tag, and by a later date | Only by a strong tag, and the"
                  + " very date (RFC 9110 §13.1.5)",
              request -> request.endsWith("If-Range: TAG") || request.endsWith("If-Range: AFTER")),
          new Difference(
              "`If-Match` is met by a weak tag | Only by a strong one (RFC 9110 §13.1.1)",
              request -> request.endsWith("If-Match: TAG")));

  private int theirs;
  private Process node;

  @BeforeEach
  void files() throws IOException {
    file("a.txt", "0123456789");
    file("index.html", "<p>root</p>");
    file("empty.txt", "");
    file("a.JS", "js");
    file("a.xml", "<a/>");
    file("a.svg", "<svg/>");
    file("main.webmanifest", "{}");
    file("a.json", "{}");
    file("a.bin", "bin");
    file("a.unknown-ext", "what");
    file("noext", "none");
    file("about.html", "about");
    file("both.txt", "t");
    file("both.html", "h");
    file("with space ü.txt", "space");
    file("per%cent.txt", "percent");
    file("sub/index.html", "sub");
    file("sub/a.txt", "sub a");
    file("noindex/a.txt", "no index a");
    file(".hidden", "hidden");
    file(".dir/a.txt", "hidden");
    file("sub/.hidden", "hidden");
    file("big.bin", "x".repeat(100_000));
  }

  private void serveBoth() throws IOException {
    assumeTrue(Files.isDirectory(PACKAGES.resolve("express")), "there is no Express");
    ProcessBuilder builder = new ProcessBuilder("node", "-e", SCRIPT, "--", root.toString());
    builder.environment().put("NODE_PATH", PACKAGES.toString());
    node = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    theirs = Integer.parseInt(node.inputReader(StandardCharsets.UTF_8).readLine());
    app.use(
        "/strict",
        StaticFiles.from(root, PLAIN.withFallthrough(false).withDotFiles(DotFiles.DENY)));
    app.use(
        "/more",
        StaticFiles.from(
            root,
            PLAIN
                .withExtensions("html", "txt")
                .withIndex("none.html", "a.txt")
                .withDotFiles(DotFiles.ALLOW)
                .withMaxAge(Duration.ofHours(1))
                .withImmutable(true)));
    app.use(
        "/less",
        StaticFiles.from(
            root,
            PLAIN
                .withRedirect(false)
                .withIndex()
                .withEntityTags(EntityTags.NONE)
                .withLastModified(false)
                .withCacheControl(false)
                .withAcceptRanges(false)));
    serve(PLAIN);
  }

  /** {@code METHOD target [header: value[|header: value]]}. */
  private static List<String> requests() {
    List<String> all = new ArrayList<>();
    List<String> targets =
        List.of(
            "/",
            "/a.txt",
            "/a.txt?v=1",
            "/a.txt#x",
            "/index.html",
            "/empty.txt",
            "/a.JS",
            "/a.xml",
            "/a.svg",
            "/main.webmanifest",
            "/a.json",
            "/a.bin",
            "/a.unknown-ext",
            "/noext",
            "/about",
            "/both",
            "/with%20space%20%C3%BC.txt",
            "/per%25cent.txt",
            "/sub",
            "/sub/",
            "/sub?x=1",
            "/sub//a.txt",
            "//a.txt",
            "//sub",
            "///sub/a.txt",
            "/./a.txt",
            "/noindex",
            "/noindex/",
            "/none.txt",
            "/none/",
            "/a.txt/",
            "/a.txt/x",
            "/.hidden",
            "/.dir/a.txt",
            "/.dir/",
            "/sub/.hidden",
            "/sub/../a.txt",
            "/sub/%2e%2e/a.txt",
            "/../a.txt",
            "/%zz",
            "/%C3%28",
            "/a%00.txt",
            "/sub%2fa.txt",
            "/sub%2Findex.html",
            "/%61.txt",
            "/A.txt",
            "/big.bin",
            "/a%2etxt",
            "/...",
            "/.",
            "/..",
            "/%2e",
            "/a.txt%20",
            "/\\a.txt",
            "/sub/./",
            "");
    for (String target : targets) {
      for (String mount : List.of("", "/strict", "/more", "/less")) {
        if (!(mount + target).isEmpty()) {
          all.add("GET " + mount + target);
        }
      }
    }
    for (String method : List.of("HEAD", "POST", "PUT", "DELETE", "OPTIONS")) {
      all.add(method + " /a.txt");
      all.add(method + " /strict/a.txt");
      all.add(method + " /sub");
    }
    for (String range :
        List.of(
            "bytes=0-3",
            "bytes=-3",
            "bytes=-30",
            "bytes=5-",
            "bytes=5-100",
            "bytes=20-30",
            "bytes=3-1",
            "bytes=0-1,4-5",
            "bytes=0-3,2-5",
            "bytes=1-2,99-",
            "items=0-3",
            "bytes=a-b",
            "bytes=1-2,x",
            "bytes 0-1",
            "bytes=10-",
            "bytes=9-")) {
      all.add("GET /a.txt Range: " + range);
    }
    all.add("GET /empty.txt Range: bytes=0-");
    all.add("GET /less/a.txt Range: bytes=0-1");
    all.add("HEAD /a.txt Range: bytes=1-2");
    for (String condition :
        List.of(
            "If-None-Match: TAG",
            "If-None-Match: *",
            "If-None-Match: \"x\", TAG",
            "If-None-Match: \"x\"",
            "If-None-Match: TAG|Cache-Control: no-cache",
            "If-None-Match: \"x\"|If-Modified-Since: AFTER",
            "If-Modified-Since: AT",
            "If-Modified-Since: AFTER",
            "If-Modified-Since: BEFORE",
            "If-Modified-Since: x",
            "If-Match: *",
            "If-Match: \"x\"",
            "If-Match: TAG",
            "If-Unmodified-Since: AT",
            "If-Unmodified-Since: BEFORE",
            "If-Unmodified-Since: x",
            "Range: bytes=1-2|If-Range: TAG",
            "Range: bytes=1-2|If-Range: \"x\"",
            "Range: bytes=1-2|If-Range: AT",
            "Range: bytes=1-2|If-Range: BEFORE",
            "Range: bytes=1-2|If-Range: AFTER",
            "Range: bytes=1-2|If-None-Match: *",
            "Range: bytes=99-|If-Unmodified-Since: BEFORE")) {
      all.add("GET /a.txt " + condition);
    }
    return all;
  }

  @Test
  void answersAsExpressDoes() throws IOException {
    serveBoth();
    List<String> wrong = new ArrayList<>();
    List<Difference> shown = new ArrayList<>();
    try {
      for (String request : requests()) {
        String expected = ask(theirs, request);
        String ours = ask(port(), request);
        if (ours.equals(expected)) {
          continue;
        }
        List<Difference> known =
            DIFFERENCES.stream().filter(each -> each.shows.test(request)).toList();
        shown.addAll(known);
        if (known.isEmpty()) {
          wrong.add(request + "\n--- Express\n" + expected + "\n--- ours\n" + ours);
        }
      }
    } finally {
      node.destroyForcibly();
    }
    assertThat(wrong).isEmpty();
    assertThat(shown).containsAll(DIFFERENCES);
  }

  private static String ask(int port, String request) throws IOException {
    String[] words = request.split(" ", 3);
    String lines =
        words.length < 3
            ? ""
            : words[2]
                    .replace("TAG", "W/\"a-" + Long.toHexString(CHANGED.toEpochMilli()) + "\"")
                    .replace("AFTER", "Sat, 03 Jan 2026 00:00:00 GMT")
                    .replace("BEFORE", "Thu, 01 Jan 2026 00:00:00 GMT")
                    .replace("AT", CHANGED_TEXT)
                    .replace("|", "\r\n")
                + "\r\n";
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      String target = words.length < 2 || words[1].isEmpty() ? "/" : words[1];
      send(
          socket,
          words[0]
              + " "
              + target
              + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
              + lines
              + "\r\n");
      return told(Answer.parse(hearAll(socket)));
    }
  }

  /** What is compared: of errors, whose pages are others, the status alone. */
  private static String told(Answer answer) {
    Map<String, String> headers = new TreeMap<>();
    for (String line : answer.lines()) {
      String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
      boolean ofAnError = answer.status() >= 400 && !name.equals("content-range");
      if (COMPARED.contains(name) && !ofAnError) {
        String value = line.substring(line.indexOf(':') + 1).strip();
        headers.put(name, name.equals("content-type") ? value.toLowerCase(Locale.ROOT) : value);
      }
    }
    String body = answer.status() >= 400 ? "" : answer.body();
    return answer.status()
        + "\n"
        + headers
        + "\n"
        + (body.length() > 200 ? "" + body.hashCode() : body);
  }

  @Test
  void theManualHasTheTableOfDifferences() throws IOException {
    String table =
        DIFFERENCES.stream().map(each -> "| " + each.row + " |\n").collect(Collectors.joining());
    assertThat(Files.readString(Path.of("../docs/manual/web.md"))).contains(table);
  }

  @Test
  void typesAreThoseOfMime() throws Exception {
    assumeTrue(Files.isDirectory(PACKAGES.resolve("mime")), "there is no mime");
    String script =
        """
        import mime from '%s/mime/dist/src/index.js';
        import { createInterface } from 'node:readline';
        for await (const line of createInterface({ input: process.stdin })) console.log(mime.getType(line));
        """
            .formatted(PACKAGES);
    Process mime =
        new ProcessBuilder("node", "--input-type=module", "-e", script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> names = new ArrayList<>(MimeTypes.extensions());
    names.addAll(
        List.of(
            "a.JS",
            "js",
            ".js",
            "dir/js",
            "dir/.js",
            "x.tar.gz",
            "a.",
            "a..js",
            "",
            "none",
            "a b.Html",
            "C:\\\\x\\\\a.css",
            "dir.js/a",
            "a.js/",
            "a.constructor",
            "__proto__"));
    Thread.ofVirtual()
        .start(() -> {
          try (var out = mime.outputWriter(StandardCharsets.UTF_8)) {
            for (String name : names) {
              out.write(name + "\n");
            }
          } catch (IOException gone) {
            // The comparison fails.
          }
        });
    List<String> theirs = mime.inputReader(StandardCharsets.UTF_8).lines().toList();
    mime.destroyForcibly();
    assertThat(names.stream().map(name -> String.valueOf(MimeTypes.type(name))).toList())
        .hasSizeGreaterThan(1_200)
        .isEqualTo(theirs);
  }
}
