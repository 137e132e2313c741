package io.netloop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Renders one page over and over, in a process of its own: library, folder, page, seconds. Prints
 * how many pages it made in a second, after as long a warm-up. Node's peers/template.js does the
 * same.
 */
final class TemplateRenderer {
  private static final int AT_ONCE = 20;
  private static final int LEAST = 500;

  private TemplateRenderer() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    TemplatePages.Page page = TemplatePages.of(args[0], Path.of(args[1]), args[2]);
    double seconds = Double.parseDouble(args[3]);
    pages(page, seconds);
    System.out.printf("%.1f%n", pages(page, seconds));
  }

  private static double pages(TemplatePages.Page page, double seconds) throws IOException {
    long begin = Clock.nanos();
    long end = begin + (long) (seconds * 1e9);
    long count = 0;
    long now;
    do {
      for (int i = 0; i < AT_ONCE; i++) {
        // As bytes, as a server needs them.
        if (page.render().getBytes(StandardCharsets.ISO_8859_1).length < LEAST) {
          throw new IOException("this is no page: " + page.render());
        }
      }
      count += AT_ONCE;
      now = Clock.nanos();
    } while (now < end);
    return count / ((now - begin) / 1e9);
  }
}
