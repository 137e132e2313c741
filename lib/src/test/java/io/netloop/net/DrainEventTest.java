package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.Reactor;
import io.netloop.loop.OutboxLimits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** 'drain' is told once for all writes that were told "full", however often the queue emptied. */
class DrainEventTest extends TcpTest {
  private final AtomicInteger drains = new AtomicInteger();
  private WriteSide out;

  /** Runs on the loop, as one listener, and then waits for what it has put off. */
  private void inOneListener(Runnable work) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      Reactor reactor = Reactor.current();
      SocketEvents events = new SocketEvents(reactor, failure -> {});
      events.drain = events.drain.with(drains::incrementAndGet);
      TcpSocket socket = new TcpSocket();
      out = new WriteSide(socket, reactor, events, OutboxLimits.defaults());
      work.run();
      loop.setImmediate(() -> {
        socket.destroy();
        done.complete(null);
      });
    });
    done.get(10, TimeUnit.SECONDS);
  }

  @Test
  void isToldOnceWhereTheQueueHasEmptiedTwiceBeforeIt() throws Exception {
    inOneListener(() -> {
      out.drained();
      out.drained();
    });

    assertThat(drains).hasValue(1);
  }

  @Test
  void isNotToldWhereSomebodyWasToldFullAgain() throws Exception {
    inOneListener(() -> {
      out.drained();
      out.outbox().promiseDrain();
    });

    assertThat(drains).hasValue(0);
  }
}
