package io.netloop.net;

import io.netloop.loop.NetException;
import java.util.List;
import java.util.Map;

/** The one table of where we differ from Node, and why. */
final class Differences {
  private Differences() {}

  /** Our errors of listen may close with a note in parentheses, which Node's never have. */
  static String withoutNote(NetException e) {
    String text = e.getMessage();
    int note = text.indexOf(" (");
    return "listen".equals(e.syscall()) && note > 0 ? text.substring(0, note) : text;
  }

  /** What Node has told, turned into what we are to tell. */
  static Map<String, List<String>> apply(
      String program, Map<String, List<String>> model, int nodeMajor) {
    return model;
  }
}
