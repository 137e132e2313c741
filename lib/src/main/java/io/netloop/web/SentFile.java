package io.netloop.web;

import io.netloop.engine.Reactor;
import io.netloop.http.HttpRequest;
import io.netloop.loop.NetException;
import io.netloop.web.FileTree.Form;
import io.netloop.web.FileTree.Forms;
import io.netloop.web.FileTree.Found;
import io.netloop.web.FileTree.Missing;
import java.nio.file.Path;
import java.util.List;

/** One file that a handler sends by name. */
final class SentFile {
  private SentFile() {}

  /**
   * Sends a file that the program has chosen.
   *
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} for the root of a file system
   */
  static void send(WebResponse response, Path file, StaticOptions options) {
    Path absolute = file.toAbsolutePath().normalize();
    Path directory = absolute.getParent();
    Path name = absolute.getFileName();
    if (directory == null || name == null) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE", "A file is sent, and not the directory " + absolute + ".");
    }
    // The program knows what it sends: its name may be a link, or begin with a dot.
    StaticOptions free = options.withFollowSymlinks(true).withDotFiles(DotFiles.ALLOW);
    find(response, directory, free, new UrlPath(List.of(name.toString()), false, 0));
  }

  /** Sends a file below a directory, whose name may come from a client. */
  static void send(WebResponse response, Path directory, String name, StaticOptions options) {
    find(response, directory, options, UrlPath.ofDecoded(name));
  }

  /** Looks for it on a thread of its own, and answers on the loop. */
  private static void find(
      WebResponse response, Path directory, StaticOptions options, UrlPath path) {
    FileTree tree = new FileTree(directory, options.withListing(false).withRedirect(false));
    Reactor reactor = response.request().reactor();
    Thread.ofVirtual()
        .name("netloop-files")
        .start(() -> {
          Found found = FileCache.safely(before -> tree.find(path, before), null);
          boolean told = reactor.run(() -> answer(response, options, path, found));
          if (!told && found instanceof Forms forms) {
            forms.release();
          }
        });
  }

  private static void answer(
      WebResponse response, StaticOptions options, UrlPath path, Found found) {
    if (!(found instanceof Forms forms)) {
      int status = found instanceof Missing(int why) ? why : 404;
      failed(
          response,
          new WebException(
              status, "The file \"" + path.last() + "\" cannot be sent: " + why(status)));
      return;
    }
    try {
      if (!response.destroyed() && !response.headersSent()) {
        Form form = best(response, options, forms);
        HttpRequest request = response.request().raw();
        new FileResponse(request, response.raw(), response, options, form.entry())
            .send(form.coding());
      }
    } catch (RuntimeException failure) { // of a listener of the program's, of the headers mostly
      failed(response, failure);
    } finally {
      forms.release();
    }
  }

  /** It is no attachment then, whatever else the answer is. */
  private static void failed(WebResponse response, Exception failure) {
    if (!response.headersSent()) {
      response.removeHeader("Content-Disposition");
    }
    response.request().failed(failure);
  }

  private static Form best(WebResponse response, StaticOptions options, Forms forms) {
    if (!options.precompressed()) {
      return new Form(forms.plain(), null);
    }
    Answers.vary(response.raw(), "Accept-Encoding");
    return forms.best(response.request().header("accept-encoding"));
  }

  private static String why(int status) {
    return switch (status) {
      case 403 -> "its name leads to what may not be read.";
      case 404 -> "there is none of that name.";
      case 400 -> "it has no possible name.";
      default -> "it could not be read.";
    };
  }
}
