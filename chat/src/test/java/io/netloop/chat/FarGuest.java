package io.netloop.chat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A person at a connection that is none, on a worker's loop; what it notes any thread may read. */
final class FarGuest implements PacedSeat {
  private final String label;
  private final Place place;
  private final Queue<Object> heard = new ConcurrentLinkedQueue<>();
  private final Queue<Object> lines = new ConcurrentLinkedQueue<>();
  volatile boolean paused;
  volatile Throwable failsWith;

  /** Enters the room; called on the worker's loop. */
  FarGuest(Courier courier, String label) {
    this.label = label;
    place = courier.place(this);
    place.enter();
  }

  Place place() {
    return place;
  }

  FarGuest says(String json) {
    place.receive(json.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** The messages heard so far, and {@code "ended: why"} for each end. */
  List<String> heard() {
    return heard.stream().map(Object::toString).toList();
  }

  boolean hasHeard(String text) {
    return heard().stream().anyMatch(line -> line.contains(text));
  }

  /** The very bytes that were sent for each message. */
  List<Object> lines() {
    return List.copyOf(lines);
  }

  void forget() {
    heard.clear();
    lines.clear();
  }

  @Override
  public void send(Outgoing message, Style style) {
    switch (failsWith) {
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      case null, default -> {}
    }
    lines.add(message.line(style));
    heard.add(message);
  }

  @Override
  public void end(Ending how, String why) {
    heard.add("ended: " + why);
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
  }
}
