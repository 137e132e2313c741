package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * One request with all that happens to it, in order: C are events of the request, P of its
 * response. Pieces of the body that follow each other are one entry.
 */
final class Exchange {
  final ClientRequest request;
  final CompletableFuture<ClientResponse> response = new CompletableFuture<>();
  private final List<String> events = new ArrayList<>();
  private final StringBuilder data = new StringBuilder();

  /** Listens to everything; to be called on the loop. */
  @SuppressWarnings("deprecation")
  Exchange(ClientRequest request, boolean takesResponse) {
    this.request = request;
    request
        .onSocket(socket -> add("C socket"))
        .onContinue(() -> add("C continue"))
        .onInformation(information -> add("C information " + information.statusCode()))
        .onTimeout(() -> add("C timeout"))
        .onAbort(() -> add("C abort"))
        .onFinish(() -> add("C finish"))
        .onDrain(() -> add("C drain"))
        .onError(error -> add("C error " + error.code() + " " + error.getMessage()))
        .onClose(cause -> add("C close"));
    if (takesResponse) {
      request.onResponse(this::take);
    }
  }

  private void take(ClientResponse taken) {
    add("C response " + taken.statusCode());
    taken
        .onAborted(() -> add("P aborted"))
        .onEnd(() -> add("P end"))
        .onError(error -> add("P error " + error.code() + " " + error.getMessage()))
        .onClose(cause -> add("P close " + taken.complete()));
    taken.onData(
        data -> add("P data " + new String(data.toByteArray(), StandardCharsets.ISO_8859_1)));
    response.complete(taken);
  }

  synchronized void add(String event) {
    int last = events.size() - 1;
    if (event.startsWith("P data ") && last >= 0 && events.get(last).startsWith("P data ")) {
      data.append(event, 7, event.length());
      events.set(last, "P data …");
    } else {
      if (event.startsWith("P data ")) {
        data.setLength(0);
        data.append(event, 7, event.length());
      }
      events.add(event);
    }
  }

  synchronized List<String> events() {
    return events.stream().map(e -> e.equals("P data …") ? "P data " + data : e).toList();
  }

  synchronized boolean has(String begin) {
    return events.stream().anyMatch(event -> event.startsWith(begin));
  }

  Exchange await(String begin) {
    Awaitility.await(begin).atMost(10, TimeUnit.SECONDS).until(() -> has(begin));
    return this;
  }

  /** Waits until the request is closed, and its response if it has one. */
  Exchange over() {
    await("C close");
    if (has("C response")) {
      await("P close");
    }
    return this;
  }

  /** The response's body, once all is over. */
  String body() {
    over();
    return events().stream()
        .filter(event -> event.startsWith("P data "))
        .map(event -> event.substring(7))
        .findFirst()
        .orElse("");
  }

  /** The code and the text of the request's error. */
  String error() {
    over();
    return events().stream()
        .filter(event -> event.startsWith("C error "))
        .map(event -> event.substring(8))
        .findFirst()
        .orElse("none");
  }

  /** Waits until all is over, and compares. */
  void isExactly(String... expected) {
    over();
    assertThat(events()).containsExactly(expected);
  }
}
