package io.netloop.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route or a mounted handler is registered with, read once: the shapes that its path may
 * have, which are several where it has optional parts. <i>Immutable.</i>
 */
final class PathPattern {
  /** Eight optional parts, each there or not. */
  private static final int MOST_SHAPES = 256;

  private static final int[] NO_SPANS = {};

  private final String text;
  private final List<PathShape> shapes = new ArrayList<>(1);
  private final PathShape.How how;

  /**
   * What was found in a path.
   *
   * @param shape the shape that it has
   * @param end where the match ends
   * @param spans where each capture begins and ends
   */
  @SuppressWarnings("ArrayRecordComponent") // it is one request's, and nobody compares it
  record Match(PathShape shape, int end, int[] spans) {}

  private PathPattern(String text, List<Object> parts, PathShape.How how) {
    this.text = text;
    this.how = how;
    flatten(parts, 0, new ArrayList<>());
  }

  /**
   * Reads a pattern.
   *
   * @param whole whether it stands for whole paths, or for all that begin so
   * @throws IllegalArgumentException where it is none
   */
  static PathPattern of(String text, boolean whole, RouterOptions options) {
    boolean loose = !(whole && options.strict());
    String read = loose && !text.equals("/") ? withoutSlashesAtEnd(text) : text;
    return new PathPattern(
        text, PathSyntax.parse(read), new PathShape.How(!options.caseSensitive(), whole, loose));
  }

  private static String withoutSlashesAtEnd(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }

  /** Each optional part there, then not there: what comes first is tried first. */
  private void flatten(List<Object> parts, int from, List<Object> flat) {
    for (int i = from; i < parts.size(); i++) {
      if (parts.get(i) instanceof List<?> group) {
        List<Object> rest = new ArrayList<>(group);
        rest.addAll(parts.subList(i + 1, parts.size()));
        flatten(rest, 0, new ArrayList<>(flat));
        flatten(parts, i + 1, flat);
        return;
      }
      flat.add(parts.get(i));
    }
    if (shapes.size() == MOST_SHAPES) {
      throw new IllegalArgumentException(
          "The path \"%s\" has too many optional parts: more than %d forms."
              .formatted(text, MOST_SHAPES));
    }
    shapes.add(PathShape.of(flat, text));
  }

  List<PathShape> shapes() {
    return shapes;
  }

  boolean ignoresCase() {
    return how.ignoreCase();
  }

  boolean isWhole() {
    return how.whole();
  }

  /** What it finds in that part of a path, or null. */
  @Nullable Match match(String path, int from, int to) {
    for (int i = 0; i < shapes.size(); i++) {
      PathShape shape = shapes.get(i);
      int[] spans = shape.spanCount() == 0 ? NO_SPANS : new int[shape.spanCount()];
      int end = shape.match(path, from, to, spans, how);
      if (end >= 0) {
        return new Match(shape, end, spans);
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return text;
  }
}
