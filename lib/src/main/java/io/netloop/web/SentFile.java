package io.netloop.web;

import io.netloop.engine.Reactor;
import io.netloop.http.HttpRequest;
import io.netloop.web.FileTree.Form;
import io.netloop.web.FileTree.Forms;
import io.netloop.web.FileTree.Found;
import io.netloop.web.FileTree.Missing;
import java.util.function.Consumer;

/** One file that a handler sends by name. */
final class SentFile {
  private SentFile() {}

  /**
   * Looks for a file on a thread of its own, and answers with it.
   *
   * @param failed told on the loop, where it cannot be sent
   */
  static void send(
      WebResponse response,
      FileTree tree,
      StaticOptions options,
      UrlPath path,
      Consumer<Exception> failed) {
    Reactor reactor = response.request().reactor();
    Thread.ofVirtual()
        .name("netloop-files")
        .start(() -> {
          Found found = FileCache.safely(before -> tree.find(path, before), null);
          boolean told = reactor.run(() -> answer(response, options, path, found, failed));
          if (!told && found instanceof Forms forms) {
            forms.release();
          }
        });
  }

  private static void answer(
      WebResponse response,
      StaticOptions options,
      UrlPath path,
      Found found,
      Consumer<Exception> failed) {
    if (!(found instanceof Forms forms)) {
      int status = found instanceof Missing(int why) ? why : 404;
      failed.accept(
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
      failed.accept(failure);
    } finally {
      forms.release();
    }
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
