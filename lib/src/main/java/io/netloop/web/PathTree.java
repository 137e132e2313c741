package io.netloop.web;

import io.netloop.web.PathToken.Capture;
import io.netloop.web.PathToken.Text;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the layers that a path may concern without a look at the others: a tree of segments, with a
 * branch for each text and one for a parameter. What is more than that (a wildcard, several
 * parameters in a segment) hangs where it begins. A layer that is found is one that may match:
 * {@link PathPattern#match} says whether it does. Built once, then only read.
 */
final class PathTree {
  private static final Layer[] NONE = {};
  private static final char PARAM = '\uE000';
  private static final char OTHER = '\uE001';

  /** A place in the tree: the segments up to here were found. */
  private static final class Node {
    /** Those whose path ends here. */
    Layer[] here = NONE;

    /** Those that take all paths from here on, or have a form that is looked at as a whole. */
    Layer[] below = NONE;

    @Nullable Node param;

    // An open table of the segments that follow, by a hash that does not know letter case.
    @Nullable String[] names = new String[0];
    @Nullable Node[] nodes = new Node[0];
    int size;

    Node child(String segment) {
      Node known = find(hash(segment, 0, segment.length()), segment, 0, segment.length());
      if (known != null) {
        return known;
      }
      if (2 * (size + 1) > names.length) {
        grow();
      }
      Node child = new Node();
      put(segment, child);
      size++;
      return child;
    }

    private void grow() {
      @Nullable String[] oldNames = names;
      @Nullable Node[] oldNodes = nodes;
      names = new String[Math.max(4, names.length * 2)];
      nodes = new Node[names.length];
      for (int i = 0; i < oldNames.length; i++) {
        String name = oldNames[i];
        Node node = oldNodes[i];
        if (name != null && node != null) {
          put(name, node);
        }
      }
    }

    private void put(String name, Node node) {
      int slot = hash(name, 0, name.length()) & (names.length - 1);
      while (names[slot] != null) {
        slot = (slot + 1) & (names.length - 1);
      }
      names[slot] = name;
      nodes[slot] = node;
    }

    @Nullable Node find(int hash, String path, int from, int to) {
      if (size == 0) {
        return null;
      }
      int slot = hash & (names.length - 1);
      for (String name; (name = names[slot]) != null; slot = (slot + 1) & (names.length - 1)) {
        if (name.length() == to - from && path.regionMatches(true, from, name, 0, name.length())) {
          return nodes[slot];
        }
      }
      return null;
    }
  }

  private final Node root = new Node();

  void add(Layer layer) {
    if (layer.pattern() == null) {
      root.below = with(root.below, layer);
      return;
    }
    for (PathShape shape : layer.pattern().shapes()) {
      add(layer, shape, layer.pattern().isWhole());
    }
  }

  private void add(Layer layer, PathShape shape, boolean whole) {
    StringBuilder sketch = new StringBuilder();
    for (PathToken token : shape.tokens()) {
      switch (token) {
        case Text text -> sketch.append(text.text());
        case Capture capture -> sketch.append(capture.wild() ? OTHER : PARAM);
      }
    }
    Node node = root;
    String[] segments = sketch.toString().split("/", -1);
    boolean complex = !segments[0].isEmpty();
    for (int i = 1; i < segments.length && !complex; i++) {
      String segment = segments[i];
      if (segment.equals(String.valueOf(PARAM))) {
        Node next = node.param == null ? new Node() : node.param;
        node.param = next;
        node = next;
      } else if (segment.indexOf(PARAM) >= 0 || segment.indexOf(OTHER) >= 0) {
        complex = true;
      } else {
        node = node.child(segment.toLowerCase(Locale.ROOT));
      }
    }
    if (complex || !whole) {
      node.below = with(node.below, layer);
    } else {
      node.here = with(node.here, layer);
    }
  }

  private static Layer[] with(Layer[] layers, Layer layer) {
    Layer[] more = Arrays.copyOf(layers, layers.length + 1);
    more[layers.length] = layer;
    return more;
  }

  /** Gathers the layers that this part of a path may concern, in the order of registration. */
  void find(String path, int from, int to, Found found) {
    if (from < to && path.charAt(from) != '/') { // OPTIONS *
      found.addAll(root.below);
    } else {
      walk(root, path, from, to, found);
    }
  }

  private void walk(Node node, String path, int at, int to, Found found) {
    found.addAll(node.below);
    if (at >= to - 1) { // nothing follows, or a slash, of which the pattern says what it means
      found.addAll(node.here);
    }
    if (at >= to) {
      return;
    }
    int from = at + 1;
    int hash = 0;
    int end = from;
    for (char c; end < to && (c = path.charAt(end)) != '/'; end++) {
      hash = 31 * hash + fold(c);
    }
    Node child = node.find(hash, path, from, end);
    if (child != null) {
      walk(child, path, end, to, found);
    }
    if (node.param != null && end > from) {
      walk(node.param, path, end, to, found);
    }
  }

  private static int hash(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + fold(text.charAt(i));
    }
    return hash;
  }

  private static int fold(char c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  /** Layers that were found, each once. One request's. */
  static final class Found {
    private static final int FIRST = 8;

    private Layer[] layers = new Layer[FIRST];
    private int size;

    int size() {
      return size;
    }

    Layer get(int place) {
      return layers[place];
    }

    private void addAll(Layer[] more) {
      for (Layer layer : more) {
        add(layer);
      }
    }

    /** In its place: mostly behind the others. */
    private void add(Layer layer) {
      int place = size;
      while (place > 0 && layers[place - 1].index() >= layer.index()) {
        place--;
        if (layers[place].index() == layer.index()) {
          return;
        }
      }
      if (size == layers.length) {
        layers = Arrays.copyOf(layers, size * 2);
      }
      System.arraycopy(layers, place, layers, place + 1, size - place);
      layers[place] = layer;
      size++;
    }
  }
}
