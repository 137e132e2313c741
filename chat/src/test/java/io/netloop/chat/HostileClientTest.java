package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that mean no good: they get the answer they are due, and nobody else is harmed. */
class HostileClientTest {
  private static final int TEN_MEGABYTES = 10 << 20;

  @RegisterExtension final House house = new House();

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "{\"type\":\"broadcast\",\"message\":\"", "{\"a\":[1,", "{   ", "\u00ff"})
  void endsWhoSendsTenMegabytesWithoutAnEnd(String beginning) {
    house.open();
    Peer a = house.user("a");
    Peer hostile = house.user("hostile");
    a.hears();
    byte[] chunk = "x".repeat(65_536).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    boolean inText = beginning.endsWith("\"");
    hostile.sends(beginning);
    for (int sent = 0; sent < TEN_MEGABYTES; sent += chunk.length) {
      hostile.sends(chunk); // all of it is taken: the goodbye must reach who is still sending
    }
    String goodbye = hostile.hearsToTheEnd();
    assertThat(goodbye).endsWith("\"message\":\"消息过长\",\"code\":\"MESSAGE_TOO_LONG\"}\n");
    assertThat(goodbye.lines()).hasSize(beginning.startsWith("{") || inText ? 1 : 2);
    assertThat(a.hearsMessage()).startsWith("hostile 离开了聊天室");
    a.hasHeardNothing();
  }

  @Test
  void answersDeepNestingAsOneBadMessage() {
    house.open();
    Peer a = house.user("a");
    // Below the limit of a message, and deeper than any parser that calls itself would bear.
    int depth = 30_000;
    a.says("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
    assertThat(a.hearsCode()).isEqualTo("BAD_MESSAGE");
    a.hasHeardNothing();
  }

  @Test
  void endsWhoNestsAHundredThousandDeep() {
    house.open();
    Peer a = house.user("a").sends("{\"a\":" + "[".repeat(100_000));
    assertThat(a.hearsCode()).isEqualTo("BAD_MESSAGE");
    assertThat(a.hearsCode()).isEqualTo("MESSAGE_TOO_LONG");
    assertThat(a.hearsToTheEnd()).isEmpty();
  }

  @Test
  void keepsControlCharactersOutOfTheLog() {
    house.open();
    house.user("a");
    Peer b = house.stranger();
    b.says("{\"type\":\"login\",\"nickname\":\"\u202eevil\"}");
    b.hears();
    b.close();
    House.until(() -> house.logged("left").size() == 1);
    assertThat(house.logged(""))
        .allMatch(line -> line.chars().noneMatch(c -> c < ' ' || c == 0x202e));
  }

  @Tag("load")
  @Test
  void livesThroughRandomBytesFromManyConnections() throws InterruptedException {
    ChatServer server =
        house.open(
            ChatOptions.defaults(),
            new TcpSeat.Patience(Duration.ofMillis(50), Duration.ofMillis(200)));
    Peer a = house.user("a");
    long seed = System.nanoTime();
    List<Thread> noise = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Random random = new Random(seed + i);
      noise.add(Thread.ofVirtual().start(() -> makeNoise(random)));
    }
    for (Thread thread : noise) {
      thread.join();
    }
    House.until(() -> server.connections() == 1);
    assertThat(server.users()).as("users after noise of seed %d", seed).isEqualTo(1);
    a.broadcasts("still here");
    String last = a.hears();
    while (!last.contains("still here")) {
      assertThat(last)
          .as("what a heard, seed %d", seed)
          .matches("\\{\"type\":\"(log|broadcast)\".*\\}");
      last = a.hears();
    }
    house.user("b");
  }

  /** Bytes without any sense, and some with half of it: parts of messages, cut anywhere. */
  private void makeNoise(Random random) {
    String[] parts = {
      "{",
      "}",
      "[",
      "]",
      "\"",
      "\\",
      "\n",
      "{\"type\":\"login\",\"nickname\":\"n",
      "\"}",
      Peer.broadcast("noise"),
      "\"type\":2,",
      "\"message\":",
      "\ufeff",
      "😀",
      "null",
      ",",
      ":",
      "{\"type\":0,\"nickname\":\"m" + random.nextInt() + "\"}"
    };
    for (int connection = 0; connection < 10; connection++) {
      try (Peer peer = new Peer(house.port(), 0)) {
        for (int i = 0; i < 60; i++) {
          if (random.nextBoolean()) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            peer.sends(bytes);
          } else {
            peer.sends(parts[random.nextInt(parts.length)]);
          }
        }
        if (random.nextInt(3) == 0) {
          peer.resets();
        }
      } catch (UncheckedIOException ended) {
        // The room has had enough of this one.
      }
    }
  }
}
