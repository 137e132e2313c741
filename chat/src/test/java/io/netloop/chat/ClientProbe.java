package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Loop;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A client whose events a test takes one by one, from outside the loop. */
final class ClientProbe implements AutoCloseable {
  private static final int SECONDS = 10;

  private final BlockingQueue<ChatEvent> events = new LinkedBlockingQueue<>();
  private final ChatClient client;

  ClientProbe(int port, boolean reconnect) {
    ChatClientOptions options =
        ChatClientOptions.defaults().withPort(port).withReconnect(reconnect);
    Backoff backoff =
        new Backoff(Duration.ofMillis(10), Duration.ofMillis(40), new SplittableRandom(1));
    client = onLoop(() -> new ChatClient(options, events::add, backoff));
  }

  /** Runs something on the loop and waits for what it returns. */
  static <T> T onLoop(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, Loop.current())
        .orTimeout(SECONDS, TimeUnit.SECONDS)
        .join();
  }

  /** Calls the client on its loop. */
  <T> T call(Function<ChatClient, T> action) {
    return onLoop(() -> action.apply(client));
  }

  /** As {@link #call}, for what tells whether it could be done. */
  boolean does(Predicate<ChatClient> action) {
    return onLoop(() -> action.test(client));
  }

  /** Logs in as soon as there is a connection. */
  ClientProbe login(String name) {
    onLoop(() -> {
      client.login(name);
      return null;
    });
    return this;
  }

  void end() {
    onLoop(() -> {
      client.end();
      return null;
    });
  }

  /** The next event, which must be one of this type. */
  <T extends ChatEvent> T next(Class<T> type) {
    try {
      ChatEvent event = events.poll(SECONDS, TimeUnit.SECONDS);
      assertThat(event).isInstanceOf(type);
      return type.cast(event);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next event, which must be this one. */
  void hears(ChatEvent expected) {
    assertThat(next(expected.getClass())).isEqualTo(expected);
  }

  /** The event of this type that comes after any others. */
  <T extends ChatEvent> T sooner(Class<T> type) {
    while (true) {
      ChatEvent event = next(ChatEvent.class);
      if (type.isInstance(event)) {
        return type.cast(event);
      }
    }
  }

  /** Whether no event waits to be taken. */
  boolean isQuiet() {
    return events.isEmpty();
  }

  @Override
  public void close() {
    end();
  }
}
