package io.netloop.web;

import io.netloop.engine.Reactor;
import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.http.RequestListener;
import io.netloop.web.FileTree.Directory;
import io.netloop.web.FileTree.Form;
import io.netloop.web.FileTree.Forms;
import io.netloop.web.FileTree.Found;
import io.netloop.web.FileTree.Kept;
import io.netloop.web.FileTree.Listing;
import io.netloop.web.FileTree.Missing;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory, for browsers: with their types, their ages, conditional requests and
 * parts, as of Express's {@code static}. For an application or for a server alone:
 *
 * <pre>{@code
 * app.use("/assets", StaticFiles.from(Path.of("assets")));
 * Http.createServer(StaticFiles.from(Path.of("site"))).listen(8000);
 * }</pre>
 *
 * <p>No request sees what is outside of the directory, whatever its path says and wherever symbolic
 * links lead; nothing but regular files is ever opened. The disk is asked on other threads, never
 * on the loop, and on a plain connection the system sends the file without it passing through the
 * program, so that its size does not matter. A file that becomes shorter while it is sent ends the
 * connection.
 *
 * <p>A path has many spellings ({@code //a}, {@code /./a}, {@code /%61}), and all of them find the
 * file; a route knows one. So what only some may see is a directory of its own, with the guard in
 * the same place: {@code app.use("/private", guard, StaticFiles.from(privateFiles))}.
 *
 * <p><i>Thread-safe:</i> one object may serve several loops.
 *
 * @see <a href="https://expressjs.com/en/resources/middleware/serve-static.html">Express:
 *     serve-static</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110">RFC 9110 §13 (conditions), §14 (ranges)</a>
 */
public final class StaticFiles implements RequestListener, Middleware {
  private final StaticOptions options;
  private final FileTree tree;
  private final FileCache cache;

  private StaticFiles(Path root, StaticOptions options) {
    this.options = options;
    this.tree = new FileTree(root, options);
    this.cache = new FileCache(options.keptFor().toNanos());
  }

  /**
   * The files below a directory.
   *
   * @param root the directory; while there is none, nothing is found. It may be a symbolic link,
   *     and lead to another directory later
   */
  public static StaticFiles from(Path root) {
    return from(root, StaticOptions.defaults());
  }

  /** As {@link #from(Path)}, with other options. */
  public static StaticFiles from(Path root, StaticOptions options) {
    return new StaticFiles(root, options);
  }

  /** Answers a request of a server that has nothing else. */
  @Override
  public void request(HttpRequest request, HttpResponse response) {
    String url = request.url();
    serve(new Exchange(request, response, null, null, originPath(url), url));
  }

  private static String originPath(String url) {
    String path = url.substring(UrlPath.start(url), UrlPath.end(url));
    return path.startsWith("/") ? path : "/";
  }

  /** Answers a request of an application, or lets it go on. */
  @Override
  public void handle(WebRequest request, WebResponse response, Next next) {
    String original = request.originalUrl();
    String path = request.path();
    if (path.equals("/") && !originPath(original).endsWith("/")) {
      path = ""; // What the directory is mounted at, without the slash that relative links need.
    }
    serve(new Exchange(request.raw(), response.raw(), response, next, path, original));
  }

  /** One request, and whom it goes on to: nobody for a server alone. */
  private record Exchange(
      HttpRequest request,
      HttpResponse response,
      @Nullable WebResponse web,
      @Nullable Next next,
      String path,
      String original) {}

  private void serve(Exchange exchange) {
    String method = exchange.request.method();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      refuseMethod(exchange);
      return;
    }
    Reactor reactor = Reactor.current();
    Kept known = cache.fresh(UrlPath.key(exchange.path), reactor.now());
    if (known == null) {
      find(exchange, exchange.path, reactor);
    } else if (!send(exchange, known)) {
      look(exchange, exchange.path, reactor);
    }
  }

  private void refuseMethod(Exchange exchange) {
    if (exchange.next != null && options.fallthrough()) {
      exchange.next.run();
      return;
    }
    exchange.response.setHeader("Allow", "GET, HEAD");
    Answers.refuse(exchange.response, exchange.web, 405);
  }

  // Looking

  private void find(Exchange exchange, String path, Reactor reactor) {
    if (!cache.keepsAny()) {
      look(exchange, path, reactor);
      return;
    }
    cache.find(
        UrlPath.key(path),
        before -> tree.find(UrlPath.of(path), before),
        found -> {
          boolean held = found instanceof Kept kept && kept.retain();
          boolean told =
              reactor.run(() -> {
                if (held || !(found instanceof Kept)) {
                  found(exchange, path, found, reactor);
                } else {
                  look(exchange, path, reactor);
                }
              });
          if (!told && held) {
            ((Kept) found).release();
          }
        });
  }

  private void look(Exchange exchange, String path, Reactor reactor) {
    cache.look(
        before -> tree.find(UrlPath.of(path), before),
        found -> {
          boolean told = reactor.run(() -> found(exchange, path, found, reactor));
          if (!told && found instanceof Kept kept) {
            kept.release();
          }
        });
  }

  /** What was found, which is this exchange's to release. Nothing that fails here is lost. */
  private void found(Exchange exchange, String path, Found found, Reactor reactor) {
    try {
      switch (found) {
        case Kept kept -> {
          send(exchange, kept);
          kept.release();
        }
        case Directory directory -> redirect(exchange);
        case Missing missing -> missing(exchange, path, missing.status(), reactor);
      }
    } catch (RuntimeException failure) {
      if (found instanceof Kept kept) {
        kept.release();
      }
      fail(exchange, failure, reactor);
    }
  }

  /** A listener of the program's has thrown, outside of the handler's call. */
  private static void fail(Exchange exchange, RuntimeException failure, Reactor reactor) {
    if (exchange.next != null) {
      exchange.next.fail(failure);
      return;
    }
    reactor.uncaught(failure);
    if (exchange.response.headersSent()) {
      exchange.response.destroy();
    } else {
      Answers.refuse(exchange.response, null, 500);
    }
  }

  // Answering

  /** Sends what was found; returns whether it is still there. */
  private boolean send(Exchange exchange, Kept found) {
    HttpResponse response = exchange.response;
    if (response.destroyed() || response.headersSent()) {
      return true; // The client has gone, or somebody else has answered.
    }
    return switch (found) {
      case Forms forms -> sendBest(exchange, response, forms);
      case Listing listing -> {
        DirectoryPage.send(exchange.request, response, exchange.web, listing);
        yield true;
      }
    };
  }

  /** In the form that the client likes best. */
  private boolean sendBest(Exchange exchange, HttpResponse response, Forms forms) {
    Form form = new Form(forms.plain(), null);
    if (options.precompressed()) {
      Answers.vary(response, "Accept-Encoding");
      form = forms.best(exchange.request.header("accept-encoding"));
    }
    FileEntry entry = form.entry();
    if (!entry.retain()) {
      return false;
    }
    try {
      new FileResponse(exchange.request, response, exchange.web, options, entry)
          .send(form.coding());
    } finally {
      entry.release();
    }
    return true;
  }

  private void redirect(Exchange exchange) {
    String original = exchange.original;
    String path = originPath(original);
    int query = original.indexOf('?');
    int slashes = 0;
    while (slashes < path.length() && path.charAt(slashes) == '/') {
      slashes++;
    }
    // More than one slash, or a backslash, would be read as the name of another host.
    String rest = path.substring(slashes).replace("\\", "%5C");
    String location = "/" + rest + "/" + (query < 0 ? "" : original.substring(query));
    Answers.redirect(exchange.response, exchange.web, Percent.encodeUrl(location));
  }

  private void missing(Exchange exchange, String path, int status, Reactor reactor) {
    if (status == 404 && options.spa() && !path.equals("/") && isPage(exchange, path)) {
      Kept known = cache.fresh("/", reactor.now());
      if (known == null || !send(exchange, known)) {
        find(exchange, "/", reactor);
      }
      return;
    }
    Next next = exchange.next;
    if (next != null && options.fallthrough() && status < 500) {
      next.run();
    } else if (next != null) {
      next.fail(new WebException(status, reason(status) + ": " + exchange.request.url()));
    } else {
      Answers.refuse(exchange.response, exchange.web, status);
    }
  }

  private static String reason(int status) {
    return switch (status) {
      case 400 -> "The path is not encoded as UTF-8 in escapes";
      case 403 -> "The path leads to what is not served";
      case 404 -> "There is no such file";
      default -> "The file could not be read";
    };
  }

  /**
   * Whether a route of the browser's is meant: nothing with an extension, and asked for as HTML.
   */
  private static boolean isPage(Exchange exchange, String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    String accept = Objects.requireNonNullElse(exchange.request.header("accept"), "");
    return last.indexOf('.') < 0 && accept.toLowerCase(Locale.ROOT).contains("text/html");
  }
}
