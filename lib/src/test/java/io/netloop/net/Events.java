package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** What has happened, in order. Pieces of data that follow each other are one entry. */
final class Events {
  private final List<String> list = new ArrayList<>();

  /** The events of a socket: to be called where no event can be missed. */
  static Events of(TcpSocket socket) {
    Events events = new Events();
    events.listen(socket);
    socket.onData(data -> events.add("data " + data));
    return events;
  }

  /** The same for a socket that nobody reads from. */
  static Events withoutReading(TcpSocket socket) {
    Events events = new Events();
    events.listen(socket);
    return events;
  }

  void listen(TcpSocket socket) {
    socket
        .onLookup(lookup -> addOnce("lookup"))
        .onConnectionAttempt(address -> add("attempt " + address.host()))
        .onConnect(() -> add("connect"))
        .onReady(() -> add("ready"))
        .onEnd(() -> add("end"))
        .onDrain(() -> add("drain"))
        .onFinish(() -> add("finish"))
        .onTimeout(() -> add("timeout"))
        .onError(error -> add("error " + error.code()))
        .onClose(cause -> add("close " + cause.hadError()));
  }

  synchronized void add(String event) {
    int last = list.size() - 1;
    if (event.startsWith("data ") && last >= 0 && list.get(last).startsWith("data ")) {
      list.set(last, list.get(last) + event.substring(5));
    } else {
      list.add(event);
    }
  }

  private synchronized void addOnce(String event) {
    if (!list.contains(event)) {
      list.add(event);
    }
  }

  synchronized List<String> list() {
    return List.copyOf(list);
  }

  boolean has(String event) {
    return list().contains(event);
  }

  void await(String event) {
    Awaitility.await(event).until(() -> has(event));
  }

  /** Waits until 'close', and compares everything up to it. */
  void areExactly(String... expected) {
    Awaitility.await().untilAsserted(() -> assertThat(list()).containsExactly(expected));
  }
}
