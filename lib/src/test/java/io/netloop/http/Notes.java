package io.netloop.http;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.ArrayList;
import java.util.List;

/** What a server of the comparison tells about what it sees, in order. */
final class Notes {
  private final List<String> lines = new ArrayList<>();

  /** Notes the words as one line. */
  void log(Object... words) {
    List<String> texts = new ArrayList<>();
    for (Object word : words) {
      texts.add(String.valueOf(word));
    }
    synchronized (this) {
      lines.add(String.join(" ", texts));
    }
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** Does something, and notes what it throws. */
  void attempt(String label, Runnable work) {
    try {
      work.run();
      log(label, "done");
    } catch (NetException e) {
      log(label, "throws", error(e));
    }
  }

  /** Notes all events of both. */
  void watch(HttpRequest request, HttpResponse response) {
    request
        .onData((Buffer data) -> log("Q data", data))
        .onEnd(() -> log("Q end"))
        .onAborted(() -> log("Q aborted"))
        .onError(e -> log("Q error", error(e)))
        .onClose(cause -> log("Q close"));
    response
        .onFinish(() -> log("R finish"))
        .onError(e -> log("R error", error(e)))
        .onClose(cause -> log("R close"));
  }

  static String error(NetException e) {
    return e.code() + " [" + e.getMessage() + "]";
  }
}
