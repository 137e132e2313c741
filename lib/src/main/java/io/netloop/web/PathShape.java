package io.netloop.web;

import io.netloop.web.PathSyntax.Named;
import io.netloop.web.PathToken.Capture;
import io.netloop.web.PathToken.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * A path pattern without anything optional: a row of texts and captures. A {@link PathPattern} is
 * one or several of them. <i>Immutable.</i>
 */
final class PathShape {
  private final PathToken[] tokens;
  final String[] names;
  final boolean[] wild;

  private PathShape(List<PathToken> tokens) {
    this.tokens = tokens.toArray(new PathToken[0]);
    List<Capture> captures = new ArrayList<>();
    for (PathToken token : tokens) {
      if (token instanceof Capture capture) {
        captures.add(capture);
      }
    }
    names = captures.stream().map(Capture::name).toArray(String[]::new);
    wild = new boolean[names.length];
    for (int i = 0; i < wild.length; i++) {
      wild[i] = captures.get(i).wild();
    }
  }

  /**
   * Finds out what each capture may hold.
   *
   * @param parts texts and {@link Named}
   * @param pattern for the sentence where two captures touch
   */
  static PathShape of(List<Object> parts, String pattern) {
    List<PathToken> tokens = new ArrayList<>();
    String before = ""; // the text since the latest capture
    String sinceWild = ""; // and since the latest wildcard
    boolean any = false;
    boolean latestWild = false;
    boolean paramInSegment = false;
    boolean wildInSegment = false;
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof String text) {
        tokens.add(new Text(text));
        before += text;
        sinceWild += latestWild ? text : "";
        if (text.indexOf('/') >= 0) {
          paramInSegment = false;
          wildInSegment = false;
        }
        continue;
      }
      Named named = (Named) parts.get(i);
      if (any && before.isEmpty()) {
        throw new IllegalArgumentException(
            "The path \"%s\" has to have text before \"%s\": where else does what is before it end?"
                .formatted(pattern, named.name()));
      }
      if (named.wild()) {
        tokens.add(
            wildInSegment
                ? new Capture(named.name(), true, true, before, null, false)
                : new Capture(named.name(), true, true, sinceWild, null, !sinceWild.isEmpty()));
        sinceWild = "";
        wildInSegment = true;
      } else {
        String stop = wildInSegment || paramInSegment ? before : "";
        String instead = paramInSegment && !wildInSegment ? before : null;
        if (!wildInSegment && hasWildInSegment(parts, i + 1)) {
          stop = textFrom(parts, i + 1);
          instead = null;
        }
        tokens.add(new Capture(named.name(), false, false, stop, instead, false));
        paramInSegment = true;
      }
      latestWild = named.wild();
      any = true;
      before = "";
    }
    return new PathShape(tokens);
  }

  private static boolean hasWildInSegment(List<Object> parts, int from) {
    for (Object part : parts.subList(from, parts.size())) {
      if (part instanceof Named named && named.wild()) {
        return true;
      }
      if (part instanceof String text && text.indexOf('/') >= 0) {
        return false;
      }
    }
    return false;
  }

  private static String textFrom(List<Object> parts, int from) {
    StringBuilder text = new StringBuilder();
    for (Object part : parts.subList(from, parts.size())) {
      if (!(part instanceof String more)) {
        break;
      }
      text.append(more);
    }
    return text.toString();
  }

  /** The tokens, for the tree that finds patterns. */
  List<PathToken> tokens() {
    return List.of(tokens);
  }

  /**
   * Matches a path.
   *
   * @param spans where each capture begins and ends, filled in
   * @return where the match ends, or -1
   */
  int match(String path, int from, int to, int[] spans, How how) {
    return match(0, 0, path, from, to, spans, how);
  }

  /** How a path is compared: as the options of the router have it. */
  record How(boolean ignoreCase, boolean whole, boolean slashAtEnd) {}

  private int match(int token, int capture, String path, int at, int to, int[] spans, How how) {
    if (token == tokens.length) {
      return ends(path, at, to, how) ? at : -1;
    }
    if (tokens[token] instanceof Text text) {
      int end = at + text.text().length();
      return end <= to && path.regionMatches(how.ignoreCase, at, text.text(), 0, end - at)
          ? match(token + 1, capture, path, end, to, spans, how)
          : -1;
    }
    Capture run = (Capture) tokens[token];
    int longest = reach(path, at, to, run.slashes(), run.stop(), how);
    int end = capture(token, capture, path, at, longest, to, spans, how);
    String instead = run.instead();
    if (end < 0 && instead != null && startsWith(path, at, to, instead, how)) {
      end = tryAt(token, capture, path, at, at + instead.length(), to, spans, how);
    }
    if (end < 0 && run.segmentInstead()) {
      int segment = reach(path, at, to, false, "", how);
      end = capture(token, capture, path, at, segment, to, spans, how);
    }
    return end;
  }

  /** The longest first. */
  private int capture(
      int token, int capture, String path, int at, int longest, int to, int[] spans, How how) {
    for (int end = longest; end > at; end--) {
      int found = tryAt(token, capture, path, at, end, to, spans, how);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  private int tryAt(
      int token, int capture, String path, int at, int end, int to, int[] spans, How how) {
    int found = match(token + 1, capture + 1, path, end, to, spans, how);
    if (found >= 0) {
      spans[2 * capture] = at;
      spans[2 * capture + 1] = end;
    }
    return found;
  }

  private static int reach(String path, int at, int to, boolean slashes, String stop, How how) {
    int end = at;
    while (end < to
        && (slashes || path.charAt(end) != '/')
        && (stop.isEmpty() || !startsWith(path, end, to, stop, how))) {
      end++;
    }
    return end;
  }

  private static boolean startsWith(String path, int at, int to, String text, How how) {
    return text.length() <= to - at
        && path.regionMatches(how.ignoreCase, at, text, 0, text.length());
  }

  private static boolean ends(String path, int at, int to, How how) {
    return at == to
        || (path.charAt(at) == '/' && (how.whole ? how.slashAtEnd && at == to - 1 : true));
  }

  /** How many places the spans of its captures take. */
  int spanCount() {
    return 2 * names.length;
  }
}
