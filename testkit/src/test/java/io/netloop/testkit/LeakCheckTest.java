package io.netloop.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Loop;
import io.netloop.loop.Timer;
import io.netloop.net.Net;
import io.netloop.net.TcpServer;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
  private final Loop loop = Loop.current();

  @Test
  void findsNothingWhereNothingIsLeft() {
    try (LeakCheck check = LeakCheck.begin()) {
      assertThat(check.findings()).isEmpty();
    }
  }

  @Test
  void findsAnOpenServerAndItsSocket() {
    LeakCheck check = LeakCheck.begin();
    TcpServer server = Net.createServer().listen(0, "127.0.0.1");
    await().until(server::listening);

    assertThat(check.findings())
        .anySatisfy(left -> assertThat(left).startsWith("1 more servers, sockets, timers"))
        .anySatisfy(left -> assertThat(left).startsWith("1 more sockets of the system"));
    server.close();
    check.end();
  }

  @Test
  void findsAnUnrefdServer() {
    LeakCheck check = LeakCheck.begin();
    TcpServer server = Net.createServer().unref().listen(0, "127.0.0.1");
    await().until(server::listening);

    assertThat(check.findings())
        .singleElement()
        .asString()
        .startsWith("1 more sockets of the system");
    server.close();
    check.end();
  }

  @Test
  void findsATimerThoughItIsUnrefd() {
    LeakCheck check = LeakCheck.begin();
    Timer timer = loop.setTimeout(3_600_000, () -> {}).unref();

    await()
        .untilAsserted(
            () -> assertThat(check.findings()).containsExactly("a timer that has not run on loop"));
    timer.clear();
    check.end();
  }

  @Test
  void findsAThread() throws InterruptedException {
    LeakCheck check = LeakCheck.begin();
    CountDownLatch done = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                done.await();
              } catch (InterruptedException e) {
                // It ends.
              }
            },
            "forgotten");
    thread.start();

    assertThat(check.findings()).containsExactly("the thread forgotten");
    done.countDown();
    thread.join();
    check.end();
  }

  @Test
  void findsALostBuffer() {
    LeakCheck check = LeakCheck.begin();
    lose();
    await()
        .untilAsserted(() -> {
          LeakCheck.collect();
          assertThat(check.findings())
              .singleElement()
              .asString()
              .startsWith("a buffer that was not released")
              .contains("LeakCheckTest.lose");
        });

    assertThatThrownBy(check::end)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("Left open:\na buffer that was not released");
    LeakCheck.begin().end(); // What was found before is no leak of the next test.
  }

  private static void lose() {
    ByteBufAllocator.DEFAULT.directBuffer(64).writeByte(1);
  }
}
