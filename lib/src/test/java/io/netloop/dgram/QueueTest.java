package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bound on what waits to be sent. */
class QueueTest extends UdpTest {
  @Test
  void whatWaitsIsCountedAndTheRestIsDroppedAndTold() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    UdpOptions options =
        UdpOptions.udp4()
            .withMaxQueuedBytes(3 * (100 + 64) + 99)
            .withLookup(name -> {
              answer.await(5, TimeUnit.SECONDS);
              return List.of(LOCALHOST);
            });
    UdpSocket server = bound(logged("server"));
    UdpSocket client =
        bound(
            options,
            socket ->
                socket.onDrop(drop ->
                    log.add("drop %s %d %d".formatted(drop.host(), drop.size(), drop.total()))));
    Buffer hundred = Buffer.from("x".repeat(100));
    for (int i = 0; i < 3; i++) {
      client.send(hundred, port(server), "slow.name");
    }
    assertThat(client.getSendQueueSize()).isEqualTo(300);
    assertThat(client.getSendQueueCount()).isEqualTo(3);
    client.send(hundred, port(server), "slow.name", logs("fourth"));
    client.send(hundred, port(server), LOCALHOST);
    client.send("", port(server), LOCALHOST, logs("an empty one has room"));

    awaitInLog("an empty one has room 0");
    awaitInLog("server: ");
    awaitInLog("drop slow.name 100 1");
    awaitInLog("drop 127.0.0.1 100 2");
    awaitInLog(
        "fourth send ENOBUFS slow.name:%d (300 bytes are queued already, and maxQueuedBytes allows 591; send fewer, or wait for callbacks)"
            .formatted(port(server)));
    assertThat(client.dropped()).isEqualTo(2);
    answer.countDown();
    await()
        .atMost(SOON)
        .until(() -> log.stream().filter(l -> l.startsWith("server: x")).count() == 3);
    assertThat(client.getSendQueueSize()).isZero();
    assertThat(client.getSendQueueCount()).isZero();
  }

  @Test
  @Tag("once") // io_uring takes nothing at once
  void whatTheSystemTakesAtOnceIsNeverDropped() {
    UdpSocket server = bound();
    UdpSocket client = bound(UdpOptions.udp4().withMaxQueuedBytes(1 << 20), socket -> {});
    int[] sent = {0};
    onLoop(() -> {
      for (int i = 0; i < 2000; i++) {
        client.send(
            Buffer.from(new byte[10_000]),
            port(server),
            LOCALHOST,
            (error, bytes) -> sent[0] += bytes);
      }
    });

    await().atMost(SOON).until(() -> onLoop(() -> sent[0] == 20_000_000));
    assertThat(client.dropped()).isZero();
  }

  @Test
  void emptyOnesAreBoundedToo() {
    UdpSocket client = socket(UdpOptions.udp4().withMaxQueuedBytes(64 * 10), socket -> {});
    onLoop(() -> {
      for (int i = 0; i < 100; i++) {
        client.send("", 41272, LOCALHOST); // it is not bound yet: all wait
      }
      assertThat(client.getSendQueueCount()).isEqualTo(10);
      assertThat(client.dropped()).isEqualTo(90);
    });
  }

  @Test
  void withoutALimitNothingIsDropped() {
    UdpSocket client =
        socket(UdpOptions.udp4().withMaxQueuedBytes(UdpOptions.UNLIMITED), socket -> {});
    onLoop(() -> {
      for (int i = 0; i < 5000; i++) {
        client.send(bytes(10_000), 41272, LOCALHOST);
      }
      assertThat(client.getSendQueueSize()).isEqualTo(50_000_000);
      assertThat(client.dropped()).isZero();
    });
  }

  @Test
  void namesThatWaitForABindThatFailsAreToldWhy() {
    UdpSocket client = socket(made -> made.onError(error -> log.add("error")));
    onLoop(() -> {
      client.bind(0, "192.0.2.1");
      client.send("x", 41272, "some.name", logs("sent"));
      client.connect(41272, LOCALHOST, error -> log.add("connect " + error.getMessage()));
      assertThat(client.getSendQueueSize()).isEqualTo(1);
    });

    await().atMost(SOON).until(() -> log.size() == 3);
    assertThat(log)
        .contains(
            "error", "sent bind EADDRNOTAVAIL 192.0.2.1", "connect bind EADDRNOTAVAIL 192.0.2.1");
    assertThat(client.getSendQueueSize()).isZero();
    assertThat(client.getSendQueueCount()).isZero();
  }

  @Test
  void whatWaitsForABindThatFailsIsToldWhy() {
    UdpSocket client = socket(made -> made.onError(error -> log.add("error")));
    onLoop(() -> {
      client.bind(0, "192.0.2.1");
      client.send("x", 41272, LOCALHOST, logs("sent"));
    });

    await().atMost(SOON).until(() -> log.size() == 2);
    assertThat(log).contains("error", "sent bind EADDRNOTAVAIL 192.0.2.1");
    assertThat(client.getSendQueueSize()).isZero();
    assertThat(client.getSendQueueCount()).isZero();
  }
}
