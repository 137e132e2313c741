package io.netloop.web;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of a URL as names below a directory; or the status that refuses it. It is decoded once,
 * and looked at after that: what was hidden behind escapes is seen as the system would see it.
 *
 * @param names without empty ones and {@code .}
 * @param slash whether it ends with a slash
 * @param refused 0, or the status for what must not become a path of a file
 */
record UrlPath(List<String> names, boolean slash, int refused) {
  private static final boolean WINDOWS = File.separatorChar == '\\';

  /** More would not fit into a path of the system's. */
  private static final int MOST_CHARACTERS = 4096;

  /** Where a target's path begins: behind scheme and host, which proxies are sent, too. */
  static int start(String target) {
    if (target.isEmpty() || target.charAt(0) == '/') {
      return 0;
    }
    int end = end(target);
    int scheme = target.indexOf("://");
    if (scheme < 0 || scheme > end) {
      return 0;
    }
    int slash = target.indexOf('/', scheme + 3);
    return slash < 0 || slash > end ? end : slash;
  }

  /** Where it ends: at the query or the fragment. */
  static int end(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '?' || c == '#') {
        return i;
      }
    }
    return target.length();
  }

  /** The same for all spellings of a path: what is kept of a file is kept once. */
  static String key(String path) {
    boolean plain = path.indexOf('%') < 0 && !path.contains("//") && !path.contains("/.");
    UrlPath read = plain ? null : of(path);
    if (read == null || read.refused != 0) {
      return path;
    }
    String names = String.join("/", read.names);
    return read.slash && !names.isEmpty() ? "/" + names + "/" : "/" + names;
  }

  static UrlPath of(String path) {
    String decoded = Percent.decode(path, 0, path.length());
    return decoded == null ? refuse(400) : ofDecoded(decoded);
  }

  /** Of a path without escapes, which may come from anywhere. */
  static UrlPath ofDecoded(String decoded) {
    if (decoded.indexOf('\0') >= 0) {
      return refuse(400);
    }
    if (decoded.length() > MOST_CHARACTERS) {
      return refuse(404);
    }
    List<String> names = new ArrayList<>();
    int from = 0;
    while (from <= decoded.length()) {
      int slash = decoded.indexOf('/', from);
      int to = slash < 0 ? decoded.length() : slash;
      String name = decoded.substring(from, to);
      if (name.equals("..") || (WINDOWS && isStrangeOnWindows(name))) {
        return refuse(403);
      }
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
      from = to + 1;
    }
    return new UrlPath(names, decoded.endsWith("/"), 0);
  }

  private static UrlPath refuse(int status) {
    return new UrlPath(List.of(), false, status);
  }

  /** Other separators, drives, streams, and names that the system reads as other names. */
  private static boolean isStrangeOnWindows(String name) {
    return name.chars().anyMatch(c -> c < ' ' || "\\:*?\"<>|".indexOf(c) >= 0)
        || (!name.equals(".") && (name.endsWith(".") || name.endsWith(" ")));
  }

  /** Whether one of the names is hidden. */
  boolean hasDotName() {
    for (String name : names) {
      if (name.startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** The last name, or an empty one for the root. */
  String last() {
    return names.isEmpty() ? "" : names.getLast();
  }
}
